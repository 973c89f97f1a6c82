// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A data plane without a kernel, see dataplane_null.h. Answers wait in a list for
 * the loop, as the real ones wait in the socket.
 */
#include "dataplane_null.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <event2/event.h>

#include "common/priv.h"

struct null_call {
	LIST_ENTRY(null_call) next;
	uint32_t handle;
	bool exists;
	bool ppp;
};

struct answer {
	STAILQ_ENTRY(answer) next;
	struct kpptp_priv_msg msg;
};

struct null_plane {
	struct kpptp_dataplane dp;
	const struct kpptp_dataplane_events *events;
	void *ctx;
	struct event *pending;
	LIST_HEAD(, null_call) calls;
	STAILQ_HEAD(, answer) answers;
	uint32_t last;
	int fail;
	bool hold;
	struct kpptp_call_stats stats;
	/* Closed by a callback: freed when it has returned. */
	bool delivering;
	bool closed;
};

static struct null_plane *null_of(struct kpptp_dataplane *dp)
{
	return (struct null_plane *)dp;
}

static struct null_call *null_find(struct null_plane *np, uint32_t handle)
{
	struct null_call *call;

	LIST_FOREACH(call, &np->calls, next) {
		if (call->handle == handle)
			return call;
	}
	return NULL;
}

static void null_forget_if_over(struct null_call *call)
{
	if (call->exists || call->ppp)
		return;
	LIST_REMOVE(call, next);
	free(call);
}

/* Tests cannot continue without memory. */
static void *null_must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static struct kpptp_priv_msg *null_answer(struct null_plane *np, enum kpptp_priv_type type,
					  uint32_t handle)
{
	struct answer *new = null_must(calloc(1, sizeof(*new)));

	kpptp_priv_init(&new->msg, type, handle);
	STAILQ_INSERT_TAIL(&np->answers, new, next);
	event_active(np->pending, EV_TIMEOUT, 0);
	return &new->msg;
}

static void null_answer_exit(struct null_plane *np, uint32_t handle, int status, const char *text)
{
	struct kpptp_priv_msg *msg;

	msg = null_answer(np, KPPTP_PRIV_PPP_EXITED, handle);
	msg->ppp_exited.status = status;
	kpptp_priv_set_text(msg->ppp_exited.text, text);
}

static int null_ready(struct kpptp_dataplane *dp)
{
	(void)dp;
	return 0;
}

static int null_call_new(struct kpptp_dataplane *dp, uint32_t handle,
			 const struct kpptp_dataplane_call *conf)
{
	struct null_plane *np = null_of(dp);
	struct kpptp_priv_msg *msg;
	struct null_call *call;

	(void)conf;
	/* A handle of 0 or one in use is a bug in the caller. */
	if (!handle || null_find(np, handle))
		abort();
	msg = null_answer(np, KPPTP_PRIV_CALL_READY, handle);
	msg->call_ready.err = np->fail;
	if (np->fail) {
		kpptp_priv_set_text(msg->call_ready.text, strerror(-np->fail));
		return 0;
	}
	call = null_must(calloc(1, sizeof(*call)));
	call->handle = handle;
	call->exists = true;
	LIST_INSERT_HEAD(&np->calls, call, next);
	np->last++;
	msg->call_ready.id = np->last;
	msg->call_ready.channel = np->last;
	return 0;
}

/* 0, or the errno with which to answer a request about the call. */
static int null_call_error(struct null_plane *np, uint32_t handle)
{
	const struct null_call *call = null_find(np, handle);

	if (!call || !call->exists)
		return -ENOENT;
	return np->fail;
}

static int null_call_set(struct kpptp_dataplane *dp, uint32_t handle, uint16_t peer_id,
			 uint16_t peer_window, uint16_t peer_ppd)
{
	struct null_plane *np = null_of(dp);
	struct kpptp_priv_msg *msg;
	int err;

	(void)peer_id;
	(void)peer_window;
	(void)peer_ppd;
	err = null_call_error(np, handle);
	msg = null_answer(np, KPPTP_PRIV_CALL_SET_DONE, handle);
	msg->call_set_done.err = err;
	if (err)
		kpptp_priv_set_text(msg->call_set_done.text, strerror(-err));
	return 0;
}

static void null_end_ppp(struct null_plane *np, struct null_call *call, int status,
			 const char *text)
{
	if (!call->ppp)
		return;
	call->ppp = false;
	null_answer_exit(np, call->handle, status, text);
}

static int null_call_del(struct kpptp_dataplane *dp, uint32_t handle)
{
	struct null_plane *np = null_of(dp);
	struct null_call *call = null_find(np, handle);

	if (!call)
		return 0;
	call->exists = false;
	null_end_ppp(np, call, 0, "the call was deleted");
	null_forget_if_over(call);
	return 0;
}

static int null_call_stats(struct kpptp_dataplane *dp, uint32_t handle)
{
	struct null_plane *np = null_of(dp);
	struct kpptp_priv_msg *msg;

	msg = null_answer(np, KPPTP_PRIV_STATS, handle);
	msg->stats.err = null_call_error(np, handle);
	if (!msg->stats.err)
		msg->stats.stats = np->stats;
	return 0;
}

static int null_ppp_start(struct kpptp_dataplane *dp, uint32_t handle)
{
	struct null_plane *np = null_of(dp);
	struct null_call *call = null_find(np, handle);
	struct kpptp_priv_msg *msg;
	int err;

	err = null_call_error(np, handle);
	if (err) {
		null_answer_exit(np, handle, -1, strerror(-err));
		return 0;
	}
	if (call->ppp)
		abort();
	call->ppp = true;
	msg = null_answer(np, KPPTP_PRIV_PPP_STARTED, handle);
	msg->ppp_started.pid = handle;
	return 0;
}

static int null_ppp_stop(struct kpptp_dataplane *dp, uint32_t handle)
{
	struct null_plane *np = null_of(dp);
	struct null_call *call = null_find(np, handle);

	if (!call)
		return 0;
	null_end_ppp(np, call, 0, "asked to end");
	null_forget_if_over(call);
	return 0;
}

static void null_close(struct kpptp_dataplane *dp)
{
	struct null_plane *np = null_of(dp);
	struct null_call *call;
	struct answer *waiting;

	while ((call = LIST_FIRST(&np->calls))) {
		LIST_REMOVE(call, next);
		free(call);
	}
	while ((waiting = STAILQ_FIRST(&np->answers))) {
		STAILQ_REMOVE_HEAD(&np->answers, next);
		free(waiting);
	}
	event_free(np->pending);
	np->closed = true;
	if (!np->delivering)
		free(np);
}

static const struct kpptp_dataplane_ops null_ops = {
	.ready = null_ready,
	.call_new = null_call_new,
	.call_set = null_call_set,
	.call_del = null_call_del,
	.call_stats = null_call_stats,
	.ppp_start = null_ppp_start,
	.ppp_stop = null_ppp_stop,
	.close = null_close,
};

static void null_deliver(evutil_socket_t fd, short what, void *arg)
{
	struct null_plane *np = arg;
	struct answer *first;

	(void)fd;
	(void)what;
	np->delivering = true;
	/* Closing clears the list. */
	while (!np->hold && (first = STAILQ_FIRST(&np->answers))) {
		STAILQ_REMOVE_HEAD(&np->answers, next);
		kpptp_dataplane_dispatch(np->events, np->ctx, &first->msg);
		free(first);
	}
	np->delivering = false;
	if (np->closed)
		free(np);
}

struct kpptp_dataplane *kpptp_dataplane_null_open(struct event_base *base,
						  const struct kpptp_dataplane_events *events,
						  void *ctx)
{
	struct null_plane *np = calloc(1, sizeof(*np));

	if (!np)
		return NULL;
	np->dp.ops = &null_ops;
	np->events = events;
	np->ctx = ctx;
	LIST_INIT(&np->calls);
	STAILQ_INIT(&np->answers);
	np->pending = event_new(base, -1, 0, null_deliver, np);
	if (np->pending)
		return &np->dp;
	free(np);
	return NULL;
}

void kpptp_dataplane_null_fail(struct kpptp_dataplane *dp, int err)
{
	null_of(dp)->fail = err;
}

void kpptp_dataplane_null_hold(struct kpptp_dataplane *dp, bool hold)
{
	null_of(dp)->hold = hold;
	event_active(null_of(dp)->pending, EV_TIMEOUT, 0);
}

void kpptp_dataplane_null_stats(struct kpptp_dataplane *dp, const struct kpptp_call_stats *stats)
{
	null_of(dp)->stats = *stats;
}

void kpptp_dataplane_null_gone(struct kpptp_dataplane *dp, uint32_t handle)
{
	struct null_plane *np = null_of(dp);
	struct null_call *call = null_find(np, handle);

	if (!call || !call->exists)
		return;
	call->exists = false;
	null_answer(np, KPPTP_PRIV_CALL_GONE, handle);
	null_end_ppp(np, call, 0, "the call was deleted");
	null_forget_if_over(call);
}

void kpptp_dataplane_null_exit(struct kpptp_dataplane *dp, uint32_t handle, int status)
{
	struct null_plane *np = null_of(dp);
	struct null_call *call = null_find(np, handle);

	if (!call)
		return;
	null_end_ppp(np, call, status, "ended by itself");
	null_forget_if_over(call);
}

void kpptp_dataplane_null_authenticated(struct kpptp_dataplane *dp, uint32_t handle)
{
	const struct null_call *call = null_find(null_of(dp), handle);

	if (call && call->ppp)
		null_answer(null_of(dp), KPPTP_PRIV_PPP_AUTHENTICATED, handle);
}

void kpptp_dataplane_null_stop(struct kpptp_dataplane *dp)
{
	null_answer(null_of(dp), KPPTP_PRIV_STOP, 0);
}

void kpptp_dataplane_null_reload(struct kpptp_dataplane *dp, const void *blob, size_t len)
{
	struct kpptp_priv_msg *msg;

	msg = null_answer(null_of(dp), KPPTP_PRIV_RELOAD, 0);
	if (len > sizeof(msg->reload.blob))
		abort();
	msg->reload.len = len;
	memcpy(msg->reload.blob, blob, len);
}

unsigned int kpptp_dataplane_null_calls(const struct kpptp_dataplane *dp)
{
	const struct null_plane *np = (const struct null_plane *)dp;
	const struct null_call *call;
	unsigned int calls = 0;

	LIST_FOREACH(call, &np->calls, next)
		calls += call->exists;
	return calls;
}
