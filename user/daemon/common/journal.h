/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines with fields, to the journal of systemd: 'journalctl PEER=192.0.2.7'
 * finds what the log says about a peer.
 */
#ifndef KPPTP_JOURNAL_H
#define KPPTP_JOURNAL_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stat;

/**
 * struct kpptp_log_about - whom a line is about
 * @peer: its address; 0: no peer
 * @call_id: the Call ID that we assigned; 0: no call
 *
 * Numbers, so that whoever sends them cannot put anything else into a field.
 */
struct kpptp_log_about {
	struct in_addr peer;
	uint16_t call_id;
};

/* Of a line, besides its text; each with its name. */
#define KPPTP_JOURNAL_FIELDS	 4
#define KPPTP_JOURNAL_FIELD_SIZE 48

/**
 * kpptp_journal_fields() - the fields of a line
 * @fields: filled, such as "PEER=192.0.2.7"
 *
 * Return: how many there are.
 */
size_t kpptp_journal_fields(char fields[KPPTP_JOURNAL_FIELDS][KPPTP_JOURNAL_FIELD_SIZE],
			    int priority, const struct kpptp_log_about *about);

/**
 * kpptp_journal_is_stream() - is a file the one that JOURNAL_STREAM names?
 * @value: of the variable; may be NULL
 */
bool kpptp_journal_is_stream(const char *value, const struct stat *file);

/**
 * kpptp_journal_has_stderr() - is standard error the journal?
 */
bool kpptp_journal_has_stderr(void);

/**
 * kpptp_journal_write() - write a line
 * @line: shorter than KPPTP_LOG_LINE_MAX
 *
 * Requires access to the socket of journald. May be called after a failure.
 *
 * Return: 0 or a negative errno.
 */
int kpptp_journal_write(int priority, const struct kpptp_log_about *about, const char *line);

#endif /* KPPTP_JOURNAL_H */
