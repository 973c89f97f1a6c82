/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Newcomers: sessions whose peer has not authenticated itself yet. Each costs a
 * pppd, so only so many run at a time; the others wait for a place, and are not
 * answered meanwhile. Pure: the time is an argument.
 */
#ifndef KPPTP_NEWCOMERS_H
#define KPPTP_NEWCOMERS_H

#include "state.h"

/**
 * kpptp_newcomers_init() - there are none
 */
void kpptp_newcomers_init(struct kpptp_newcomers *newcomers);

/**
 * kpptp_newcomers_wait() - a session wants a pppd
 * @session: not a newcomer so far, with a tunnel
 */
void kpptp_newcomers_wait(struct kpptp_newcomers *newcomers, struct kpptp_session *session);

/**
 * kpptp_newcomers_next() - the session that gets a place now
 * @limit: how many may run
 * @now: monotonic milliseconds
 *
 * It is the oldest one that waits, of the address that has the fewest running
 * ones: nobody gets a second place before everyone has the first.
 *
 * Return: the session, which runs from now on, or NULL.
 */
struct kpptp_session *kpptp_newcomers_next(struct kpptp_newcomers *newcomers, unsigned int limit,
					   uint64_t now);

/**
 * kpptp_newcomers_begin() - its pppd is asked for only now
 * @now: monotonic milliseconds
 *
 * So long the call waited in the monitor (starts.h), or for the peer's answer: the
 * time that authentication takes begins here. Does nothing for one without a place.
 */
void kpptp_newcomers_begin(struct kpptp_newcomers *newcomers, struct kpptp_session *session,
			   uint64_t now);

/**
 * kpptp_newcomers_evict() - the session that is to make room for one that waits
 * @now: monotonic milliseconds
 *
 * It is the oldest one that runs, of the address that has the most; it has had
 * the time that authentication takes, and the one that waits is of an address
 * that is better off by it even then. At most one is evicted for each that
 * waits.
 *
 * Return: the session, which counts until it is over, or NULL.
 */
struct kpptp_session *kpptp_newcomers_evict(struct kpptp_newcomers *newcomers, uint64_t now);

/**
 * kpptp_newcomers_yield() - the one that gives up its call for another's
 * @host: the address that asks for the call
 *
 * It is one that waits, of the address that has the most calls, if these are
 * more than @host has with the new one.
 *
 * Return: the session, or NULL.
 */
struct kpptp_session *kpptp_newcomers_yield(const struct kpptp_newcomers *newcomers,
					    const struct kpptp_host *host);

/**
 * kpptp_newcomers_settle() - a session has authenticated itself, or is over
 *
 * May be repeated, and called for any session. To be called as long as its
 * tunnel is there.
 *
 * Return: whether there may be a place for one that waits.
 */
bool kpptp_newcomers_settle(struct kpptp_newcomers *newcomers, struct kpptp_session *session);

#endif /* KPPTP_NEWCOMERS_H */
