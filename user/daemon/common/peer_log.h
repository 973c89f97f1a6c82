/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of the log that a peer can cause: all of them go through here, so that
 * no peer can fill the log (limiter.h).
 */
#ifndef KPPTP_PEER_LOG_H
#define KPPTP_PEER_LOG_H

#include <netinet/in.h>

struct event_base;

/**
 * kpptp_peer_log_open() - limit lines from now on
 * @base: the loop that reports what was left out
 *
 * Without it, or without memory for it, nothing is left out.
 */
void kpptp_peer_log_open(struct event_base *base);

/**
 * kpptp_peer_log_close() - before the loop is freed; may be repeated
 */
void kpptp_peer_log_close(void);

/**
 * kpptp_peer_log() - a line that a peer caused
 * @peer: who caused it
 * @priority: as for kpptp_log(); LOG_DEBUG is never left out
 * @who: the line's beginning, which names the peer or its call
 * @text: the rest of it, which begins with words of ours
 */
void kpptp_peer_log(struct in_addr peer, int priority, const char *who, const char *text);

#endif /* KPPTP_PEER_LOG_H */
