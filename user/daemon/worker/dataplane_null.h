/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A data plane without a kernel, for tests: it grants every request and says
 * so from the event loop, as the real one does. The other functions play what
 * the kernel, pppd and the monitor may do by themselves.
 */
#ifndef KPPTP_DATAPLANE_NULL_H
#define KPPTP_DATAPLANE_NULL_H

#include "dataplane.h"

/**
 * kpptp_dataplane_null_open() - open one
 * @base, @events, @ctx: as for kpptp_dataplane_open()
 *
 * Call IDs and channels count up from 1. A pppd that was "started" has the
 * handle's number as its pid and ends with status 0 when it is asked to or
 * when its call is deleted.
 */
struct kpptp_dataplane *kpptp_dataplane_null_open(struct event_base *base,
						  const struct kpptp_dataplane_events *events,
						  void *ctx);

/**
 * kpptp_dataplane_null_fail() - let requests to come fail
 * @err: negative errno that call_new(), call_set() and call_stats() are
 *	answered with and that keeps ppp_start() from starting; 0 ends it
 */
void kpptp_dataplane_null_fail(struct kpptp_dataplane *dp, int err);

/**
 * kpptp_dataplane_null_hold() - answers wait, as those of a busy monitor do
 * @hold: false: they come now
 */
void kpptp_dataplane_null_hold(struct kpptp_dataplane *dp, bool hold);

/**
 * kpptp_dataplane_null_stats() - the counters of all calls from now on
 * @stats: copied; zero before
 */
void kpptp_dataplane_null_stats(struct kpptp_dataplane *dp, const struct kpptp_call_stats *stats);

/**
 * kpptp_dataplane_null_gone() - the call is deleted behind the worker's back
 */
void kpptp_dataplane_null_gone(struct kpptp_dataplane *dp, uint32_t handle);

/**
 * kpptp_dataplane_null_exit() - pppd of the call ends by itself
 * @status: as from waitpid(2)
 */
void kpptp_dataplane_null_exit(struct kpptp_dataplane *dp, uint32_t handle, int status);

/**
 * kpptp_dataplane_null_authenticated() - pppd of the call has let its peer in
 */
void kpptp_dataplane_null_authenticated(struct kpptp_dataplane *dp, uint32_t handle);

/**
 * kpptp_dataplane_null_stop() - the monitor asks the worker to stop
 */
void kpptp_dataplane_null_stop(struct kpptp_dataplane *dp);

/**
 * kpptp_dataplane_null_reload() - the monitor sends a new configuration
 * @blob: copied; at most KPPTP_PRIV_BLOB_MAX octets
 */
void kpptp_dataplane_null_reload(struct kpptp_dataplane *dp, const void *blob, size_t len);

/**
 * kpptp_dataplane_null_calls() - how many calls exist now
 */
unsigned int kpptp_dataplane_null_calls(const struct kpptp_dataplane *dp);

#endif /* KPPTP_DATAPLANE_NULL_H */
