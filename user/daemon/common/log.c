// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: one line per event, to the journal or syslog. */
#include "log.h"

#include <errno.h>
#include <stdint.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>

#include "text.h"

#define LOG_IDENT "kpptpd"

static struct {
	enum kpptp_log_target target;
	int max_priority;
	bool journal;
	/* For KPPTP_LOG_RELAY; @lost counts lines that did not fit. */
	int relay;
	unsigned int lost;
} log_state = {
	.target = KPPTP_LOG_STDERR,
	.max_priority = LOG_INFO,
};

static const struct kpptp_log_about nobody;

void kpptp_log_open(enum kpptp_log_target target, int max_priority)
{
	log_state.target = target;
	log_state.max_priority = max_priority;
	log_state.journal = getenv("JOURNAL_STREAM") != NULL;
	if (target == KPPTP_LOG_STDERR && kpptp_journal_has_stderr())
		log_state.target = KPPTP_LOG_JOURNAL;
	/* syslog(3) reads the time zone, which the sandbox hides. */
	tzset();
	if (target == KPPTP_LOG_SYSLOG)
		openlog(LOG_IDENT, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

/* One write() per line, so that lines of the two processes do not mix. */
static void write_stderr(int priority, const char *line)
{
	char out[KPPTP_LOG_LINE_MAX + 32];
	int len;

	if (log_state.journal)
		len = snprintf(out, sizeof(out), "<%d>%s\n", priority, line);
	else
		len = snprintf(out, sizeof(out), LOG_IDENT ": %s\n", line);
	if (write(STDERR_FILENO, out, len) < 0)
		return; /* There is nowhere left to report it. */
}

int kpptp_log_max_priority(void)
{
	return log_state.max_priority;
}

bool kpptp_log_needs_relay(void)
{
	return log_state.target == KPPTP_LOG_SYSLOG || log_state.target == KPPTP_LOG_JOURNAL;
}

void kpptp_log_relay_to(int fd)
{
	log_state.target = KPPTP_LOG_RELAY;
	log_state.relay = fd;
}

static bool send_line(int priority, const struct kpptp_log_about *about, const char *line)
{
	struct kpptp_log_packet packet = { .priority = priority, .about = *about };
	size_t len = strlen(line);

	memcpy(packet.line, line, len);
	return send(log_state.relay, &packet, offsetof(struct kpptp_log_packet, line) + len,
		    MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

static void write_relay(int priority, const struct kpptp_log_about *about, const char *line)
{
	char text[64];

	if (log_state.lost) {
		snprintf(text, sizeof(text), "%u lines of the log were lost here", log_state.lost);
		if (!send_line(LOG_WARNING, &nobody, text)) {
			log_state.lost++;
			return;
		}
		log_state.lost = 0;
	}
	if (!send_line(priority, about, line))
		log_state.lost++;
}

/* @line: cleaned */
static void write_line(int priority, const struct kpptp_log_about *about, const char *line)
{
	switch (log_state.target) {
	case KPPTP_LOG_SYSLOG:
		syslog(priority, "%s", line);
		break;
	case KPPTP_LOG_RELAY:
		write_relay(priority, about, line);
		break;
	case KPPTP_LOG_JOURNAL:
		/*
		 * Only these need fields. For the others standard error is better:
		 * the journal knows the unit of that even if we exit at once.
		 */
		if (about->peer.s_addr && kpptp_journal_write(priority, about, line) >= 0)
			break;
		/* fallthrough */
	case KPPTP_LOG_STDERR:
		write_stderr(priority, line);
		break;
	}
}

static void __attribute__((format(printf, 3, 0)))
log_va(const struct kpptp_log_about *about, int priority, const char *fmt, va_list ap)
{
	char line[KPPTP_LOG_LINE_MAX];
	int saved_errno = errno;

	if (priority > log_state.max_priority)
		return;
	vsnprintf(line, sizeof(line), fmt, ap);
	kpptp_text_clean(line);
	write_line(priority, about, line);
	errno = saved_errno;
}

void kpptp_log(int priority, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_va(&nobody, priority, fmt, ap);
	va_end(ap);
}

void kpptp_log_about(const struct kpptp_log_about *about, int priority, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_va(about, priority, fmt, ap);
	va_end(ap);
}
