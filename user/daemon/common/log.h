/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: one line an event, to the journal or syslog.
 *
 * Priorities are those of syslog(3): LOG_ERR, LOG_WARNING, LOG_NOTICE,
 * LOG_INFO, LOG_DEBUG.
 */
#ifndef KPPTP_LOG_H
#define KPPTP_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

/* With its final zero byte. */
#define KPPTP_LOG_LINE_MAX 1024

/**
 * enum kpptp_log_target - Where lines go.
 * @KPPTP_LOG_STDERR: Standard error. Lines begin with "<N>", which the journal
 *   reads as their priority, where standard error is the journal (or anything
 *   else that systemd connected); otherwise with the program's name.
 * @KPPTP_LOG_SYSLOG: syslog(3), facility daemon.
 * @KPPTP_LOG_RELAY: A socket to the other half, see kpptp_log_relay_to().
 */
enum kpptp_log_target {
	KPPTP_LOG_STDERR,
	KPPTP_LOG_SYSLOG,
	KPPTP_LOG_RELAY,
};

/**
 * struct kpptp_log_packet - a line on its way to the other half; a packet for each
 * @priority: as of kpptp_log(), LOG_EMERG to LOG_DEBUG
 * @line: the text; the packet ends with it, there is no zero byte
 */
struct kpptp_log_packet {
	uint8_t priority;
	char line[KPPTP_LOG_LINE_MAX];
};

/**
 * kpptp_log_open() - Choose where the log goes and how much of it.
 * @target: Where to.
 * @max_priority: Lines less important than this are not written:
 *   LOG_DEBUG for all, LOG_INFO for normal operation.
 *
 * Call it before the sandbox is entered: nothing is opened later, not even
 * the time zone. Both halves of the daemon share what it opened. Until it is
 * called, lines up to LOG_INFO go to standard error.
 */
void kpptp_log_open(enum kpptp_log_target target, int max_priority);

/**
 * kpptp_log() - Write one line.
 * @priority: As in syslog(3), without a facility.
 * @fmt: As in printf(3), without a newline. Lines above about 1,000 bytes are
 *   cut.
 *
 * Control characters that came from a peer are written as '?', so that no
 * peer can forge a line. errno is kept.
 */
void kpptp_log(int priority, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * kpptp_log_max_priority() - The one of kpptp_log_open().
 */
int kpptp_log_max_priority(void);

/**
 * kpptp_log_needs_relay() - Whether a process in the sandbox cannot log alone.
 *
 * True with syslog: when syslogd is started again its socket is a new one,
 * which the C library connects to; not without the file system.
 */
bool kpptp_log_needs_relay(void);

/**
 * kpptp_log_relay_to() - Let the other half write what is logged here.
 * @fd: One end of a SOCK_SEQPACKET pair; the other half has given the other one
 *   to kpptp_log_relay_new().
 *
 * Never blocks: lines that do not fit are counted, and the next one that does
 * says how many were left out.
 */
void kpptp_log_relay_to(int fd);

#endif /* KPPTP_LOG_H */
