/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: one line per event, to the journal or syslog.
 *
 * Priorities are those of syslog(3): LOG_ERR, LOG_WARNING, LOG_NOTICE,
 * LOG_INFO, LOG_DEBUG.
 */
#ifndef KPPTP_LOG_H
#define KPPTP_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

#include "journal.h"

/* Including the terminating zero byte. */
#define KPPTP_LOG_LINE_MAX 1024

/**
 * enum kpptp_log_target - Where lines go.
 * @KPPTP_LOG_STDERR: Standard error. If systemd connected it, lines begin with "<N>",
 *   which the journal reads as their priority; otherwise with the program's name.
 * @KPPTP_LOG_JOURNAL: The same, with fields for lines about a peer; chosen by
 *   kpptp_log_open().
 * @KPPTP_LOG_SYSLOG: syslog(3), facility daemon.
 * @KPPTP_LOG_RELAY: A socket to the other process, see kpptp_log_relay_to().
 */
enum kpptp_log_target {
	KPPTP_LOG_STDERR,
	KPPTP_LOG_JOURNAL,
	KPPTP_LOG_SYSLOG,
	KPPTP_LOG_RELAY,
};

/**
 * struct kpptp_log_packet - a line sent to the other process, one per packet
 * @priority: as for kpptp_log(), LOG_EMERG to LOG_DEBUG
 * @about: whom it is about
 * @line: the text, up to the end of the packet; not zero-terminated
 */
struct kpptp_log_packet {
	uint8_t priority;
	struct kpptp_log_about about;
	char line[KPPTP_LOG_LINE_MAX];
};

/**
 * kpptp_log_open() - Choose where the log goes and how much of it.
 * @target: Where to.
 * @max_priority: Less important lines are not written: LOG_DEBUG for everything,
 *   LOG_INFO for normal operation.
 *
 * Call it before entering the sandbox: nothing is opened later, not even the
 * time zone. Both processes of the daemon share what it opened. Before it is
 * called, lines up to LOG_INFO go to standard error.
 */
void kpptp_log_open(enum kpptp_log_target target, int max_priority);

/**
 * kpptp_log() - Write one line.
 * @priority: As in syslog(3), without a facility.
 * @fmt: As in printf(3), without a newline. Lines longer than about 1,000 bytes
 *   are cut.
 *
 * Control characters are replaced by '?', so that no peer can forge a line.
 * errno is preserved.
 */
void kpptp_log(int priority, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * kpptp_log_about() - Write one line about a peer.
 * @about: Becomes fields in the journal; nowhere else is it written.
 *
 * Otherwise as kpptp_log().
 */
void kpptp_log_about(const struct kpptp_log_about *about, int priority, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * kpptp_log_max_priority() - The value given to kpptp_log_open().
 */
int kpptp_log_max_priority(void);

/**
 * kpptp_log_needs_relay() - Whether a process in the sandbox cannot log by itself.
 *
 * True with syslog and the journal, whose sockets are in the file system: when
 * syslogd restarts, the C library must connect to its new one.
 */
bool kpptp_log_needs_relay(void);

/**
 * kpptp_log_relay_to() - Have the other process write what is logged here.
 * @fd: One end of a SOCK_SEQPACKET pair; the other process passed the other end
 *   to kpptp_log_relay_new().
 *
 * Never blocks: lines that do not fit are counted, and the next one that fits
 * says how many were lost.
 */
void kpptp_log_relay_to(int fd);

#endif /* KPPTP_LOG_H */
