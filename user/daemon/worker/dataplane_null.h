/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A data plane without a kernel, for tests: it grants every request and answers
 * from the event loop, like the real one. The other functions simulate what the
 * kernel, pppd and the monitor may do by themselves.
 */
#ifndef KPPTP_DATAPLANE_NULL_H
#define KPPTP_DATAPLANE_NULL_H

#include "dataplane.h"

/**
 * kpptp_dataplane_null_open() - open one
 * @base, @events, @ctx: as for kpptp_dataplane_open()
 *
 * Call IDs and channels count up from 1. A "started" pppd has the handle's
 * number as its pid and ends with status 0 when it is asked to or when its call
 * is deleted.
 */
struct kpptp_dataplane *kpptp_dataplane_null_open(struct event_base *base,
						  const struct kpptp_dataplane_events *events,
						  void *ctx);

/**
 * kpptp_dataplane_null_fail() - make future requests fail
 * @err: negative errno with which to answer call_new(), call_set() and
 *	call_stats(), and to fail ppp_start(); 0 stops failing
 */
void kpptp_dataplane_null_fail(struct kpptp_dataplane *dp, int err);

/**
 * kpptp_dataplane_null_hold() - delay answers, like a busy monitor
 * @hold: false: deliver them now
 */
void kpptp_dataplane_null_hold(struct kpptp_dataplane *dp, bool hold);

/**
 * kpptp_dataplane_null_stats() - set the counters of all calls
 * @stats: copied; initially zero
 */
void kpptp_dataplane_null_stats(struct kpptp_dataplane *dp, const struct kpptp_call_stats *stats);

/**
 * kpptp_dataplane_null_gone() - someone else deletes the call
 */
void kpptp_dataplane_null_gone(struct kpptp_dataplane *dp, uint32_t handle);

/**
 * kpptp_dataplane_null_exit() - the call's pppd ends by itself
 * @status: as from waitpid(2)
 */
void kpptp_dataplane_null_exit(struct kpptp_dataplane *dp, uint32_t handle, int status);

/**
 * kpptp_dataplane_null_authenticated() - the call's pppd has admitted its peer
 */
void kpptp_dataplane_null_authenticated(struct kpptp_dataplane *dp, uint32_t handle);

/**
 * kpptp_dataplane_null_stop() - the monitor asks the worker to stop
 */
void kpptp_dataplane_null_stop(struct kpptp_dataplane *dp);

/**
 * kpptp_dataplane_null_reload() - the monitor sends a new configuration
 * @blob: copied; at most KPPTP_PRIV_BLOB_MAX bytes
 */
void kpptp_dataplane_null_reload(struct kpptp_dataplane *dp, const void *blob, size_t len);

/**
 * kpptp_dataplane_null_calls() - number of existing calls
 */
unsigned int kpptp_dataplane_null_calls(const struct kpptp_dataplane *dp);

#endif /* KPPTP_DATAPLANE_NULL_H */
