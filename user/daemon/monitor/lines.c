// SPDX-License-Identifier: GPL-2.0-or-later
/* Output of the children, split into lines, see lines.h. */
#include "lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

#include <event2/event.h>

#include "text.h"

/*
 * Reads in a row. The socket's buffer holds fewer writes than that, so a drain
 * gets everything that a dead child has left.
 */
#define READ_BURST 1024

struct kpptp_lines {
	const struct kpptp_lines_events *events;
	void *ctx;
	struct event *readable;
	int reader;
	int writer;
};

static void lines_end(struct kpptp_lines *lines, struct kpptp_line *line)
{
	if (!line->len)
		return;
	line->text[line->len] = '\0';
	line->len = 0;
	kpptp_text_clean(line->text);
	if (lines->events->line(lines->ctx, line->pid, line->text))
		memcpy(line->last, line->text, sizeof(line->last));
}

static void lines_split(struct kpptp_lines *lines, struct kpptp_line *line, const char *bytes,
			size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n' || bytes[i] == '\r') {
			lines_end(lines, line);
			continue;
		}
		line->text[line->len++] = bytes[i] ? bytes[i] : '?';
		if (line->len == sizeof(line->text) - 1)
			lines_end(lines, line);
	}
}

/* Text of an unknown process, such as a script, is not kept between reads. */
static void lines_feed(struct kpptp_lines *lines, pid_t pid, const char *bytes, size_t len)
{
	struct kpptp_line *line = lines->events->find(lines->ctx, pid);
	struct kpptp_line stranger = { .pid = pid };

	lines_split(lines, line ? line : &stranger, bytes, len);
	if (!line)
		lines_end(lines, &stranger);
}

static pid_t lines_writer_pid(struct msghdr *msg)
{
	struct cmsghdr *cmsg;
	struct ucred cred;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&cred, CMSG_DATA(cmsg), sizeof(cred));
		return cred.pid;
	}
	return 0;
}

/* The kernel never merges data written by two processes. */
static bool lines_read(struct kpptp_lines *lines)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	char bytes[1024];
	struct iovec iov = { bytes, sizeof(bytes) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len;

	len = recvmsg(lines->reader, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (len <= 0)
		return len < 0 && errno == EINTR;
	lines_feed(lines, lines_writer_pid(&msg), bytes, len);
	return true;
}

void kpptp_lines_drain(struct kpptp_lines *lines)
{
	int burst = READ_BURST;

	while (burst-- && lines_read(lines))
		;
}

void kpptp_lines_flush(struct kpptp_lines *lines, struct kpptp_line *line)
{
	lines_end(lines, line);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	kpptp_lines_drain(arg);
}

/* A stream: accepts text of any length, and blocks a child like a pipe. */
static int lines_open_pair(struct kpptp_lines *lines)
{
	int pair[2], on = 1;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -1;
	lines->reader = pair[0];
	lines->writer = pair[1];
	return setsockopt(lines->reader, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
}

struct kpptp_lines *kpptp_lines_new(struct event_base *base,
				    const struct kpptp_lines_events *events, void *ctx)
{
	struct kpptp_lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		return NULL;
	lines->events = events;
	lines->ctx = ctx;
	lines->reader = lines->writer = -1;
	if (lines_open_pair(lines))
		goto failed;
	lines->readable = event_new(base, lines->reader, EV_READ | EV_PERSIST, on_readable, lines);
	if (lines->readable && !event_add(lines->readable, NULL))
		return lines;
	errno = ENOMEM;

failed:
	kpptp_lines_free(lines);
	return NULL;
}

int kpptp_lines_writer(const struct kpptp_lines *lines)
{
	return lines->writer;
}

void kpptp_lines_free(struct kpptp_lines *lines)
{
	int err = errno;

	if (!lines)
		return;
	if (lines->readable)
		event_free(lines->readable);
	if (lines->reader >= 0)
		close(lines->reader);
	if (lines->writer >= 0)
		close(lines->writer);
	free(lines);
	errno = err;
}
