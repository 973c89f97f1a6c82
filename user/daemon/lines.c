// SPDX-License-Identifier: GPL-2.0-or-later
/* What a child prints, line by line into the log, see lines.h. */
#include "lines.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "log.h"
#include "text.h"

/* Longer lines are cut into several. */
#define LINE_SIZE	256
/* A child that prints without end is read no faster than this. */
#define READS_AT_A_TIME 16

struct kpptp_lines {
	struct event *readable;
	int fd;
	pid_t pid;
	size_t len;
	kpptp_lines_authenticated_fn authenticated;
	void *ctx;
	char line[LINE_SIZE];
	char last[LINE_SIZE];
};

static void end_line(struct kpptp_lines *lines)
{
	if (!lines->len)
		return;
	lines->line[lines->len] = '\0';
	kpptp_text_clean(lines->line);
	lines->len = 0;
	if (lines->authenticated &&
	    !strcmp(lines->line, KPPTP_LINES_AUTHENTICATED)) {
		lines->authenticated(lines->ctx);
		lines->authenticated = NULL;
		return;
	}
	memcpy(lines->last, lines->line, sizeof(lines->last));
	kpptp_log(LOG_INFO, "pppd[%d]: %s", (int)lines->pid, lines->last);
}

static void take(struct kpptp_lines *lines, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n' || bytes[i] == '\r') {
			end_line(lines);
			continue;
		}
		lines->line[lines->len++] = bytes[i] ? bytes[i] : '?';
		if (lines->len == LINE_SIZE - 1)
			end_line(lines);
	}
}

void kpptp_lines_drain(struct kpptp_lines *lines)
{
	int reads = READS_AT_A_TIME;
	char bytes[1024];
	ssize_t len = 0;

	while (reads-- && (len = read(lines->fd, bytes, sizeof(bytes))) > 0)
		take(lines, bytes, len);
	if (len == 0) {
		end_line(lines);
		event_del(lines->readable);
	}
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	kpptp_lines_drain(arg);
}

struct kpptp_lines *kpptp_lines_new(struct event_base *base, int fd, pid_t pid,
				    kpptp_lines_authenticated_fn authenticated,
				    void *ctx)
{
	struct kpptp_lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		return NULL;
	evutil_make_socket_nonblocking(fd);
	lines->fd = fd;
	lines->pid = pid;
	lines->authenticated = authenticated;
	lines->ctx = ctx;
	lines->readable =
		event_new(base, fd, EV_READ | EV_PERSIST, on_readable, lines);
	if (lines->readable && !event_add(lines->readable, NULL))
		return lines;
	lines->fd = -1;
	kpptp_lines_free(lines);
	return NULL;
}

const char *kpptp_lines_last(const struct kpptp_lines *lines)
{
	return lines->last;
}

void kpptp_lines_free(struct kpptp_lines *lines)
{
	if (!lines)
		return;
	end_line(lines);
	if (lines->readable)
		event_free(lines->readable);
	if (lines->fd >= 0)
		close(lines->fd);
	free(lines);
}
