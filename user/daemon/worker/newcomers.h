/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Newcomers: sessions whose peer has not authenticated itself yet. Each costs a
 * pppd, so only a limited number run at a time; the others wait for a slot, and
 * are not answered meanwhile. Pure: the time is an argument.
 */
#ifndef KPPTP_NEWCOMERS_H
#define KPPTP_NEWCOMERS_H

#include "state.h"

/**
 * kpptp_newcomers_init() - initialise, with no newcomers
 */
void kpptp_newcomers_init(struct kpptp_newcomers *newcomers);

/**
 * kpptp_newcomers_wait() - a session wants a pppd
 * @session: not a newcomer so far, with a tunnel
 */
void kpptp_newcomers_wait(struct kpptp_newcomers *newcomers, struct kpptp_session *session);

/**
 * kpptp_newcomers_next() - choose the session that gets a slot now
 * @limit: maximum number of running newcomers
 * @now: monotonic milliseconds
 *
 * The oldest waiting one of the address with the fewest running ones: no address
 * gets a second slot before each has one.
 *
 * Return: the session, which runs from now on, or NULL.
 */
struct kpptp_session *kpptp_newcomers_next(struct kpptp_newcomers *newcomers, unsigned int limit,
					   uint64_t now);

/**
 * kpptp_newcomers_begin() - its pppd is only now being requested
 * @now: monotonic milliseconds
 *
 * Until now the call waited in the monitor (starts.h), or for the peer's answer:
 * start the clock for authentication here. A no-op for one without a slot.
 */
void kpptp_newcomers_begin(struct kpptp_newcomers *newcomers, struct kpptp_session *session,
			   uint64_t now);

/**
 * kpptp_newcomers_evict() - choose a session to make room for a waiting one
 * @now: monotonic milliseconds
 *
 * The oldest running one of the address with the most, if it has had enough time
 * to authenticate and its address will still have at least as many as that of the
 * waiting one. At most one is evicted for each that waits.
 *
 * Return: the session, which counts until it is over, or NULL.
 */
struct kpptp_session *kpptp_newcomers_evict(struct kpptp_newcomers *newcomers, uint64_t now);

/**
 * kpptp_newcomers_yield() - choose a session to give up its call for another
 * @host: the address that requests the call
 *
 * A waiting one of the address with the most calls, if those are more than @host
 * has including the new one.
 *
 * Return: the session, or NULL.
 */
struct kpptp_session *kpptp_newcomers_yield(const struct kpptp_newcomers *newcomers,
					    const struct kpptp_host *host);

/**
 * kpptp_newcomers_settle() - a session has authenticated itself, or is over
 *
 * May be repeated, and called for any session. Call it while its tunnel still
 * exists.
 *
 * Return: whether there may be a slot for a waiting one.
 */
bool kpptp_newcomers_settle(struct kpptp_newcomers *newcomers, struct kpptp_session *session);

#endif /* KPPTP_NEWCOMERS_H */
