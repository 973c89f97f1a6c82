/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Peers by address: the control connections of each peer address, which of the
 * accepted ones have not sent a request yet, and which have no call. Finds what a
 * new connection or call needs to know, however many others there are. Pure: the
 * time is an argument.
 */
#ifndef KPPTP_HOSTS_H
#define KPPTP_HOSTS_H

#include "state.h"

/**
 * kpptp_hosts_init() - initialise the empty table
 */
void kpptp_hosts_init(struct kpptp_hosts *hosts);

/**
 * kpptp_hosts_find() - the host with an address, or NULL
 */
struct kpptp_host *kpptp_hosts_find(struct kpptp_hosts *hosts, struct in_addr addr);

/**
 * kpptp_hosts_add() - add a new tunnel to its peer's host
 * @tunnel: its @peer and @originator are set
 *
 * Return: 0, or -1 if out of memory.
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
 * kpptp_hosts_settled() - the tunnel no longer waits for it; may be repeated
 */
void kpptp_hosts_settled(struct kpptp_hosts *hosts, struct kpptp_tunnel *tunnel);

/**
 * kpptp_hosts_victim() - choose a half-open connection to make room
 *
 * The oldest one of the address that has the most: an honest client needs its
 * place only for a round trip, and whoever takes many loses its own first.
 *
 * Return: the tunnel, or NULL if none is half-open.
 */
struct kpptp_tunnel *kpptp_hosts_victim(const struct kpptp_hosts *hosts);

/**
 * kpptp_hosts_silent() - count the connections half-open for at least @time
 * @now: monotonic milliseconds
 * @time: milliseconds
 */
unsigned int kpptp_hosts_silent(const struct kpptp_hosts *hosts, uint64_t now, uint64_t time);

/**
 * kpptp_hosts_idle() - an accepted tunnel has no call (any more)
 * @now: monotonic milliseconds
 *
 * If it is idle already it becomes the youngest idle one.
 */
void kpptp_hosts_idle(struct kpptp_hosts *hosts, struct kpptp_tunnel *tunnel, uint64_t now);

/**
 * kpptp_hosts_busy() - it has a call, or is over; may be repeated
 */
void kpptp_hosts_busy(struct kpptp_hosts *hosts, struct kpptp_tunnel *tunnel);

/**
 * kpptp_hosts_overdue() - get the tunnel that has been idle longest
 * @now: monotonic milliseconds
 * @timeout: milliseconds that a tunnel may be idle
 *
 * Return: the tunnel, or NULL if none has been idle for @timeout.
 */
struct kpptp_tunnel *kpptp_hosts_overdue(const struct kpptp_hosts *hosts, uint64_t now,
					 uint64_t timeout);

/**
 * kpptp_hosts_evict() - choose a connection without a call to make room
 * @now: monotonic milliseconds
 *
 * First a half-open one that has had enough time to send a request, then an idle
 * one; in either case the oldest of the address that has the most.
 *
 * Return: the tunnel, or NULL if all others have calls or have just been opened.
 */
struct kpptp_tunnel *kpptp_hosts_evict(const struct kpptp_hosts *hosts, uint64_t now);

#endif /* KPPTP_HOSTS_H */
