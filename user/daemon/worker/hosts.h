/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is connected, by address: the control connections of each peer address,
 * which of those that came to us have asked for nothing yet, and which have no
 * call. What a new connection or call must know is found here, however many
 * others there are. Pure: the time is an argument.
 */
#ifndef KPPTP_HOSTS_H
#define KPPTP_HOSTS_H

#include "state.h"

/**
 * kpptp_hosts_init() - nobody is connected
 */
void kpptp_hosts_init(struct kpptp_hosts *hosts);

/**
 * kpptp_hosts_find() - the host with an address, or NULL
 */
struct kpptp_host *kpptp_hosts_find(struct kpptp_hosts *hosts, struct in_addr addr);

/**
 * kpptp_hosts_add() - put a new tunnel to its peer's host
 * @tunnel: its @peer and @originator are set
 *
 * Return: 0, or -1 without memory.
 */
int kpptp_hosts_add(struct kpptp_hosts *hosts, struct kpptp_tunnel *tunnel);

/**
 * kpptp_hosts_remove() - a tunnel is gone
 */
void kpptp_hosts_remove(struct kpptp_hosts *hosts, struct kpptp_tunnel *tunnel);

/**
 * kpptp_hosts_opened() - an accepted tunnel waits for its peer's request
 * @now: monotonic milliseconds
 */
void kpptp_hosts_opened(struct kpptp_hosts *hosts, struct kpptp_tunnel *tunnel, uint64_t now);

/**
 * kpptp_hosts_settled() - it does not, or not any more; may be repeated
 */
void kpptp_hosts_settled(struct kpptp_hosts *hosts, struct kpptp_tunnel *tunnel);

/**
 * kpptp_hosts_victim() - the half-open connection that is to make room
 *
 * The oldest one of the address that has the most of them: an honest client
 * needs its place for a round trip only, and who takes many loses his own
 * first.
 *
 * Return: the tunnel, or NULL when none is half-open.
 */
struct kpptp_tunnel *kpptp_hosts_victim(const struct kpptp_hosts *hosts);

/**
 * kpptp_hosts_silent() - how many have been half-open for some time
 * @now: monotonic milliseconds
 * @time: milliseconds
 */
unsigned int kpptp_hosts_silent(const struct kpptp_hosts *hosts, uint64_t now, uint64_t time);

/**
 * kpptp_hosts_idle() - an accepted tunnel has no call (any more)
 * @now: monotonic milliseconds
 *
 * One that is idle already becomes the youngest of the idle ones.
 */
void kpptp_hosts_idle(struct kpptp_hosts *hosts, struct kpptp_tunnel *tunnel, uint64_t now);

/**
 * kpptp_hosts_busy() - it has one, or is over; may be repeated
 */
void kpptp_hosts_busy(struct kpptp_hosts *hosts, struct kpptp_tunnel *tunnel);

/**
 * kpptp_hosts_overdue() - the tunnel that has been idle for longest
 * @now: monotonic milliseconds
 * @timeout: milliseconds that a tunnel may be idle
 *
 * Return: the tunnel, or NULL when none has been idle for @timeout.
 */
struct kpptp_tunnel *kpptp_hosts_overdue(const struct kpptp_hosts *hosts, uint64_t now,
					 uint64_t timeout);

/**
 * kpptp_hosts_evict() - the connection without a call that is to make room
 * @now: monotonic milliseconds
 *
 * First a half-open one that has had time enough to ask for something, then an
 * idle one; in either case the oldest of the address that has the most of them.
 *
 * Return: the tunnel, or NULL: all others have calls, or were opened just now.
 */
struct kpptp_tunnel *kpptp_hosts_evict(const struct kpptp_hosts *hosts, uint64_t now);

#endif /* KPPTP_HOSTS_H */
