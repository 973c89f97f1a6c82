// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: one line an event, to the journal or syslog. */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOG_IDENT    "kpptpd"
#define LOG_LINE_MAX 1024

static struct {
	enum kpptp_log_target target;
	int max_priority;
	bool journal;
} log_state = {
	.target = KPPTP_LOG_STDERR,
	.max_priority = LOG_INFO,
};

void kpptp_log_open(enum kpptp_log_target target, int max_priority)
{
	log_state.target = target;
	log_state.max_priority = max_priority;
	log_state.journal = getenv("JOURNAL_STREAM") != NULL;
	/* syslog(3) reads the time zone, which the sandbox hides. */
	tzset();
	if (target == KPPTP_LOG_SYSLOG)
		openlog(LOG_IDENT, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

static void make_printable(char *line)
{
	for (; *line; line++) {
		unsigned char c = *line;

		if (c < 0x20 || c == 0x7f)
			*line = '?';
	}
}

/* One write() a line, so that the lines of the two halves do not mix. */
static void write_stderr(int priority, const char *line)
{
	char out[LOG_LINE_MAX + 32];
	int len;

	if (log_state.journal)
		len = snprintf(out, sizeof(out), "<%d>%s\n", priority, line);
	else
		len = snprintf(out, sizeof(out), LOG_IDENT ": %s\n", line);
	if (write(STDERR_FILENO, out, len) < 0)
		return; /* There is nobody left to tell. */
}

void kpptp_log(int priority, const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	int saved_errno = errno;
	va_list ap;

	if (priority > log_state.max_priority)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	make_printable(line);
	if (log_state.target == KPPTP_LOG_SYSLOG)
		syslog(priority, "%s", line);
	else
		write_stderr(priority, line);
	errno = saved_errno;
}
