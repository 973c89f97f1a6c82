/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fake kernel for tests of the monitor, in the monitor's process, as no module can be
 * loaded there.
 *
 * To be included once, by monitor_run.h.
 */
#ifndef KPPTP_TEST_MONITOR_KERNEL_H
#define KPPTP_TEST_MONITOR_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <event2/event.h>

#include "monitor/kernel.h"
#include "nl.h"
#include "unit.h"

/* Peer IDs in CALL_SET that trigger an action of the fake kernel. */
#define DELETE_IT	       666
#define DELETE_ANOTHER_CHANNEL 667
#define LOSE_EVENTS_AND_IT     668

static struct {
	struct event_base *base;
	const struct kpptp_kernel_events *events;
	void *ctx;
	uint16_t last;
	bool vanished[64];
} kernel;

static inline void *kernel_open(struct event_base *base, const struct kpptp_kernel_events *events,
				void *ctx, struct kpptp_error *error)
{
	(void)error;
	kernel.base = base;
	kernel.events = events;
	kernel.ctx = ctx;
	return &kernel;
}

static inline void *kernel_refuses(struct event_base *base,
				   const struct kpptp_kernel_events *events, void *ctx,
				   struct kpptp_error *error)
{
	(void)base;
	(void)events;
	(void)ctx;
	kpptp_fail(error, -ENOENT, "no module today");
	return NULL;
}

static inline void kernel_close(void *arg)
{
	(void)arg;
}

static inline int call_new(void *arg, const struct kpptp_call_conf *call,
			   struct kpptp_call_info *info, struct kpptp_error *error)
{
	(void)arg;
	if (!(call->present & KPPTP_HAS(OWNED)) || !call->owned)
		return kpptp_fail(error, -EINVAL, "not owned");
	if (call->window == 13)
		return kpptp_fail(error, -EEXIST, "an unlucky window");
	info->conf = *call;
	info->conf.id = ++kernel.last;
	info->channel = 100 + kernel.last;
	return 0;
}

/* What the kernel does by itself shortly after a CALL_SET. */
struct later {
	struct kpptp_call_key key;
	uint16_t what;
};

static inline void do_later(evutil_socket_t fd, short what, void *arg)
{
	struct later later = *(struct later *)arg;
	uint32_t channel = 100 + later.key.id;

	(void)fd;
	(void)what;
	free(arg);
	if (later.what == LOSE_EVENTS_AND_IT) {
		kernel.vanished[later.key.id % 64] = true;
		kernel.events->lost(kernel.ctx);
		return;
	}
	if (later.what == DELETE_ANOTHER_CHANNEL)
		channel++;
	kernel.events->deleted(kernel.ctx, &later.key, channel);
}

static inline int call_set(void *arg, const struct kpptp_call_conf *call, struct kpptp_error *error)
{
	const struct timeval soon = { 0, 1 };
	struct later *later;

	(void)arg;
	(void)error;
	if (call->peer_id < DELETE_IT || call->peer_id > LOSE_EVENTS_AND_IT)
		return 0;
	later = malloc(sizeof(*later));
	if (!later)
		abort();
	later->key.local = call->local;
	later->key.peer = call->peer;
	later->key.id = call->id;
	later->what = call->peer_id;
	return event_base_once(kernel.base, -1, EV_TIMEOUT, do_later, later, &soon);
}

/* The monitor only uses calls of its own network namespace. */
static inline int check_netns(const struct kpptp_call_key *key, struct kpptp_error *error)
{
	if (key->netns_cookie)
		return kpptp_fail(error, -EPERM, "of another network namespace");
	return 0;
}

static inline int call_del(void *arg, const struct kpptp_call_key *key, struct kpptp_error *error)
{
	(void)arg;
	return check_netns(key, error);
}

static inline int call_get(void *arg, const struct kpptp_call_key *key,
			   struct kpptp_call_info *info, struct kpptp_error *error)
{
	(void)arg;
	if (check_netns(key, error))
		return -EPERM;
	if (kernel.vanished[key->id % 64])
		return kpptp_fail(error, -ENOENT, "no such call");
	info->channel = 100 + key->id;
	info->stats.rx_packets = 1000 + key->id;
	return 0;
}

static const struct kpptp_kernel_ops played = {
	.open = kernel_open,
	.close = kernel_close,
	.call_new = call_new,
	.call_set = call_set,
	.call_del = call_del,
	.call_get = call_get,
};

static const struct kpptp_kernel_ops refusing = {
	.open = kernel_refuses,
};

#endif /* KPPTP_TEST_MONITOR_KERNEL_H */
