// SPDX-License-Identifier: GPL-2.0-or-later
/* Log lines with fields, to the journal, see journal.h. */
#include "journal.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#define MESSAGE "MESSAGE="

bool kpptp_journal_is_stream(const char *value, const struct stat *file)
{
	unsigned long long dev, ino;
	int end = 0;

	return value && sscanf(value, "%llu:%llu%n", &dev, &ino, &end) == 2 && !value[end] &&
	       dev == file->st_dev && ino == file->st_ino;
}

bool kpptp_journal_has_stderr(void)
{
	struct stat file;

	return !fstat(STDERR_FILENO, &file) &&
	       kpptp_journal_is_stream(getenv("JOURNAL_STREAM"), &file);
}

size_t kpptp_journal_fields(char fields[KPPTP_JOURNAL_FIELDS][KPPTP_JOURNAL_FIELD_SIZE],
			    int priority, const struct kpptp_log_about *about)
{
	char addr[INET_ADDRSTRLEN];
	size_t n = 0;

	snprintf(fields[n++], KPPTP_JOURNAL_FIELD_SIZE, "SYSLOG_IDENTIFIER=kpptpd");
	snprintf(fields[n++], KPPTP_JOURNAL_FIELD_SIZE, "PRIORITY=%d", priority);
	if (about->peer.s_addr) {
		inet_ntop(AF_INET, &about->peer, addr, sizeof(addr));
		snprintf(fields[n++], KPPTP_JOURNAL_FIELD_SIZE, "PEER=%s", addr);
	}
	if (about->call_id)
		snprintf(fields[n++], KPPTP_JOURNAL_FIELD_SIZE, "CALL_ID=%u", about->call_id);
	return n;
}

int kpptp_journal_write(int priority, const struct kpptp_log_about *about, const char *line)
{
	char fields[KPPTP_JOURNAL_FIELDS][KPPTP_JOURNAL_FIELD_SIZE];
	struct iovec iov[KPPTP_JOURNAL_FIELDS + 1];
	char message[2048];
	size_t n;

	n = kpptp_journal_fields(fields, priority, about);
	for (size_t i = 0; i < n; i++)
		iov[i] = (struct iovec){ fields[i], strlen(fields[i]) };
	snprintf(message, sizeof(message), MESSAGE "%s", line);
	iov[n++] = (struct iovec){ message, strlen(message) };
	return sd_journal_sendv(iov, n);
}
