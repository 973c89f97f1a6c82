/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the monitor needs from the kernel. The real implementation is
 * kpptp_kernel_ops; tests of the monitor, which run where no module can be
 * loaded, supply their own.
 */
#ifndef KPPTP_KERNEL_H
#define KPPTP_KERNEL_H

#include "error.h"
#include "field.h"

struct event_base;
struct kpptp_call_key;

/**
 * struct kpptp_kernel_events - notifications of the kernel, from the loop
 * @deleted: a call was deleted, by anyone; @channel tells it from a later call
 *	with the same key
 * @lost: events were lost: calls may be gone without @deleted
 */
struct kpptp_kernel_events {
	void (*deleted)(void *ctx, const struct kpptp_call_key *key, uint32_t channel);
	void (*lost)(void *ctx);
};

/**
 * struct kpptp_kernel_ops - requests; they wait for nothing but the kernel
 * @open: load the module, connect, subscribe to events. Returns NULL with
 *	@error filled.
 * @close: disconnect; calls made here die
 * @call_new: see kpptp_nl_call_new()
 * @call_set: see kpptp_nl_call_set()
 * @call_del: see kpptp_nl_call_del()
 * @call_get: see kpptp_nl_call_get()
 */
struct kpptp_kernel_ops {
	void *(*open)(struct event_base *base, const struct kpptp_kernel_events *events, void *ctx,
		      struct kpptp_error *error);
	void (*close)(void *kernel);
	int (*call_new)(void *kernel, const struct kpptp_call_conf *conf,
			struct kpptp_call_info *info, struct kpptp_error *error);
	int (*call_set)(void *kernel, const struct kpptp_call_conf *conf,
			struct kpptp_error *error);
	int (*call_del)(void *kernel, const struct kpptp_call_key *key, struct kpptp_error *error);
	int (*call_get)(void *kernel, const struct kpptp_call_key *key,
			struct kpptp_call_info *info, struct kpptp_error *error);
};

extern const struct kpptp_kernel_ops kpptp_kernel_ops;

#endif /* KPPTP_KERNEL_H */
