/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines that a peer can cause: all of them go through here, so that no peer
 * can fill the log (limiter.h).
 */
#ifndef KPPTP_PEER_LOG_H
#define KPPTP_PEER_LOG_H

#include "journal.h"

struct event_base;

/**
 * kpptp_peer_log_open() - start limiting lines
 * @base: the loop that reports suppressed lines
 *
 * Before this is called, or if it runs out of memory, nothing is suppressed.
 */
void kpptp_peer_log_open(struct event_base *base);

/**
 * kpptp_peer_log_close() - call before freeing the loop; may be repeated
 */
void kpptp_peer_log_close(void);

/**
 * kpptp_peer_log() - log a line caused by a peer
 * @about: the peer that caused it, and the call, if any
 * @priority: as for kpptp_log(); LOG_DEBUG is never suppressed
 * @who: the beginning of the line, which names the peer or its call
 * @text: the rest, which begins with our own words
 */
void kpptp_peer_log(struct kpptp_log_about about, int priority, const char *who, const char *text);

#endif /* KPPTP_PEER_LOG_H */
