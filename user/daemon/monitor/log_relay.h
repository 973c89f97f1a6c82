/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the log of the process in the sandbox, from the one outside: only there
 * can the sockets of syslogd and journald be opened.
 */
#ifndef KPPTP_LOG_RELAY_H
#define KPPTP_LOG_RELAY_H

struct event_base;
struct kpptp_log_relay;

/**
 * kpptp_log_relay_new() - write incoming lines to our own log
 * @fd: our end of the SOCK_SEQPACKET pair; owned by the relay from now on
 *
 * Malformed packets are dropped. Lines are cleaned like any other, as the sender
 * may be compromised.
 *
 * Return: the relay, or NULL if out of memory, with @fd untouched.
 */
struct kpptp_log_relay *kpptp_log_relay_new(struct event_base *base, int fd);

/**
 * kpptp_log_relay_free() - write pending lines, then free it
 * @relay: may be NULL
 */
void kpptp_log_relay_free(struct kpptp_log_relay *relay);

#endif /* KPPTP_LOG_RELAY_H */
