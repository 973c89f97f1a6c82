/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of the half that is in the sandbox, written by the one that is not:
 * only outside can a socket of syslogd be opened again.
 */
#ifndef KPPTP_LOG_RELAY_H
#define KPPTP_LOG_RELAY_H

struct event_base;
struct kpptp_log_relay;

/**
 * kpptp_log_relay_new() - write what comes to our own log
 * @fd: our end of the SOCK_SEQPACKET pair; owned by the relay from now on
 *
 * A packet that is no line is dropped. What a line says is cleaned as any
 * other, for the sender may have been taken over.
 *
 * Return: the relay, or NULL without memory, with @fd untouched.
 */
struct kpptp_log_relay *kpptp_log_relay_new(struct event_base *base, int fd);

/**
 * kpptp_log_relay_free() - write what has come, then end it
 * @relay: may be NULL
 */
void kpptp_log_relay_free(struct kpptp_log_relay *relay);

#endif /* KPPTP_LOG_RELAY_H */
