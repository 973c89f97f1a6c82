/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data plane as the worker sees it: what it asks of the kernel and of pppd.
 * Nothing here blocks; every answer is a callback from the event loop, never
 * from inside a request.
 *
 * The worker names a call by a handle, any number but 0. It never reuses a
 * handle in the life of the process: it just counts up. The monitor keeps the
 * mapping from handles to kernel calls, so the worker can only touch what it
 * made.
 *
 * There are two implementations: kpptp_dataplane_open() is a client of the
 * monitor (monitor.h), kpptp_dataplane_null_open() (dataplane_null.h) answers by
 * itself, for tests.
 */
#ifndef KPPTP_DATAPLANE_H
#define KPPTP_DATAPLANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>
#include <sys/types.h>

#include "field.h"

struct event_base;
struct kpptp_priv_msg;

/**
 * struct kpptp_dataplane_call - the call requested by call_new()
 * @local: our address, unicast
 * @peer: the peer's address, unicast
 * @window: Packet Recv. Window Size that we advertise, in packets, not 0
 * @flow_control: enum kpptp_flow_control
 * @has_peer: the three members below are known already, because the peer's
 *	Outgoing-Call-Request asked for the call; a PPP address for the peer is
 *	then reserved, and the call fails if none is free
 * @peer_id: Call ID assigned by the peer; 0 is legal
 * @peer_window: Packet Recv. Window Size of the peer, in packets; 0 = unknown
 * @peer_ppd: Packet Processing Delay of the peer, tenths of a second
 */
struct kpptp_dataplane_call {
	struct in_addr local;
	struct in_addr peer;
	uint16_t window;
	uint32_t flow_control;
	bool has_peer;
	uint16_t peer_id;
	uint16_t peer_window;
	uint16_t peer_ppd;
};

/**
 * struct kpptp_dataplane_events - answers; every member must be set
 * @call_ready: answers call_new(). Either @err is 0, @id is the Call ID chosen
 *	by the kernel and @channel the PPP channel's index; or @err is a
 *	negative errno, @text says why, and the handle is void.
 * @call_set_done: answers call_set(). @err is 0, or a negative errno and @text
 *	says why; the call goes on unchanged.
 * @call_gone: the call was deleted by someone else (kpptpctl call del, module
 *	unload). The handle is void, but see @ppp_exited.
 * @ppp_started: answers ppp_start() when pppd runs.
 * @ppp_exited: pppd ended, or could not be started: exactly one of these for
 *	every ppp_start(), even after call_del() or @call_gone, so that the end
 *	of a call's last part is known. @status is as from waitpid(2), or -1 if
 *	pppd was never started. @text describes it, with the last line that
 *	pppd printed, if any.
 * @ppp_authenticated: pppd has authenticated the peer, or need not; called at
 *	most once, between @ppp_started and @ppp_exited.
 * @stats: answers call_stats(). Either @err is 0 and @stats filled, or @err is a
 *	negative errno and @stats NULL.
 * @stop: the monitor asks the worker to close every control connection properly
 *	(Stop-Control-Connection-Request) and then to exit with status 0; it
 *	waits for struct kpptp_monitor_conf.stop_grace.
 * @reload: the configuration was read again; @blob is from the monitor's reload
 *	function (struct kpptp_monitor_conf.reload), valid during the callback,
 *	of unknown alignment.
 * @closed: the monitor ended or is unreachable, @text says why; there will be no
 *	more answers. The worker should exit.
 *
 * Callbacks may make requests and may call kpptp_dataplane_close(). An answer in
 * flight may still arrive after call_del(): ignore unknown handles. Texts are
 * one line, valid during the callback, never NULL.
 */
struct kpptp_dataplane_events {
	void (*call_ready)(void *ctx, uint32_t handle, int err, const char *text, uint16_t id,
			   uint32_t channel);
	void (*call_set_done)(void *ctx, uint32_t handle, int err, const char *text);
	void (*call_gone)(void *ctx, uint32_t handle);
	void (*ppp_started)(void *ctx, uint32_t handle, pid_t pid);
	void (*ppp_exited)(void *ctx, uint32_t handle, int status, const char *text);
	void (*ppp_authenticated)(void *ctx, uint32_t handle);
	void (*stats)(void *ctx, uint32_t handle, int err, const struct kpptp_call_stats *stats);
	void (*stop)(void *ctx);
	void (*reload)(void *ctx, const void *blob, size_t len);
	void (*closed)(void *ctx, const char *text);
};

/* An open data plane; made by one of the implementations. */
struct kpptp_dataplane {
	const struct kpptp_dataplane_ops *ops;
};

/**
 * struct kpptp_dataplane_ops - the functions of an implementation
 *
 * See the function kpptp_dataplane_X() of each member X.
 */
struct kpptp_dataplane_ops {
	int (*ready)(struct kpptp_dataplane *dp);
	int (*call_new)(struct kpptp_dataplane *dp, uint32_t handle,
			const struct kpptp_dataplane_call *call);
	int (*call_set)(struct kpptp_dataplane *dp, uint32_t handle, uint16_t peer_id,
			uint16_t peer_window, uint16_t peer_ppd);
	int (*call_del)(struct kpptp_dataplane *dp, uint32_t handle);
	int (*call_stats)(struct kpptp_dataplane *dp, uint32_t handle);
	int (*ppp_start)(struct kpptp_dataplane *dp, uint32_t handle);
	int (*ppp_stop)(struct kpptp_dataplane *dp, uint32_t handle);
	void (*close)(struct kpptp_dataplane *dp);
};

/**
 * kpptp_dataplane_open() - connect to the monitor
 * @base: the loop that makes the callbacks
 * @sock: our end of the SOCK_SEQPACKET pair; owned by the data plane from now on
 * @events: answers; must outlive the data plane
 * @ctx: their first argument
 *
 * Opens no file and needs no privilege: it may be called inside the sandbox.
 *
 * Return: the data plane, or NULL if out of memory (@sock is then untouched).
 */
struct kpptp_dataplane *kpptp_dataplane_open(struct event_base *base, int sock,
					     const struct kpptp_dataplane_events *events,
					     void *ctx);

/*
 * Requests return 0 if the request is under way, and exactly one answer follows
 * (unless closed() does); or a negative errno and no answer follows: -ENOBUFS if
 * too many requests wait to be sent, -EPIPE if the monitor is gone. call_del(),
 * ppp_stop() and ready() are never refused for lack of room.
 */

/**
 * kpptp_dataplane_ready() - report that the worker is serving
 *
 * The monitor passes it on to the service manager (sd_notify). Not answered.
 */
static inline int kpptp_dataplane_ready(struct kpptp_dataplane *dp)
{
	return dp->ops->ready(dp);
}

/**
 * kpptp_dataplane_call_new() - make a kernel call
 * @handle: a number not used before, not 0
 *
 * Answered by call_ready(). Only then send the request or reply with the Call
 * ID, so that the peer's first packet finds the call.
 */
static inline int kpptp_dataplane_call_new(struct kpptp_dataplane *dp, uint32_t handle,
					   const struct kpptp_dataplane_call *call)
{
	return dp->ops->call_new(dp, handle, call);
}

/**
 * kpptp_dataplane_call_set() - set the values from the peer's reply
 * @peer_id: Call ID assigned by the peer; the call can send from now on
 * @peer_window: in packets; 0 = unknown, the kernel's default
 * @peer_ppd: tenths of a second
 *
 * Answered by call_set_done().
 */
static inline int kpptp_dataplane_call_set(struct kpptp_dataplane *dp, uint32_t handle,
					   uint16_t peer_id, uint16_t peer_window,
					   uint16_t peer_ppd)
{
	return dp->ops->call_set(dp, handle, peer_id, peer_window, peer_ppd);
}

/**
 * kpptp_dataplane_call_del() - end a call
 *
 * Deletes the call from the kernel, which hangs up pppd; a pppd of ours is also
 * asked to end. Not answered, except by ppp_exited() if a pppd runs. May be
 * called before call_ready().
 */
static inline int kpptp_dataplane_call_del(struct kpptp_dataplane *dp, uint32_t handle)
{
	return dp->ops->call_del(dp, handle);
}

/**
 * kpptp_dataplane_call_stats() - request the counters. Answered by stats().
 */
static inline int kpptp_dataplane_call_stats(struct kpptp_dataplane *dp, uint32_t handle)
{
	return dp->ops->call_stats(dp, handle);
}

/**
 * kpptp_dataplane_ppp_start() - start pppd on a call that is ready
 *
 * pppd gets the configured addresses (struct kpptp_monitor_ppp). Only one pppd
 * at a time per call. Answered by ppp_started() and ppp_exited(), or by
 * ppp_exited() alone.
 */
static inline int kpptp_dataplane_ppp_start(struct kpptp_dataplane *dp, uint32_t handle)
{
	return dp->ops->ppp_start(dp, handle);
}

/**
 * kpptp_dataplane_ppp_stop() - ask pppd to end (SIGTERM, later SIGKILL)
 *
 * Answered by ppp_exited(); a no-op without a pppd.
 */
static inline int kpptp_dataplane_ppp_stop(struct kpptp_dataplane *dp, uint32_t handle)
{
	return dp->ops->ppp_stop(dp, handle);
}

/**
 * kpptp_dataplane_close() - free everything; no more callbacks
 * @dp: may be NULL
 */
static inline void kpptp_dataplane_close(struct kpptp_dataplane *dp)
{
	if (dp)
		dp->ops->close(dp);
}

/**
 * kpptp_dataplane_dispatch() - call the callback for an answer
 * @msg: a valid answer (priv.h)
 *
 * For implementations. The callback may have closed the data plane.
 */
void kpptp_dataplane_dispatch(const struct kpptp_dataplane_events *events, void *ctx,
			      const struct kpptp_priv_msg *msg);

#endif /* KPPTP_DATAPLANE_H */
