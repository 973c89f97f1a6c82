/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data plane as the worker sees it: what it asks of the kernel and of
 * pppd. Nothing here blocks, everything is answered by a callback from the
 * event loop, never from inside a request.
 *
 * A call is named by a handle that the worker chooses, any number but 0. A
 * handle is never used again in the life of the process: counting up does it.
 * The other half keeps which call of the kernel a handle means, so the worker
 * can only touch what it made.
 *
 * There are two implementations: kpptp_dataplane_open() is a client of the
 * monitor (monitor.h), kpptp_dataplane_null_open() (dataplane_null.h) answers
 * by itself, for tests.
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
 * struct kpptp_dataplane_call - the call that call_new() asks for
 * @local: our address, unicast
 * @peer: the peer's address, unicast
 * @window: Packet Recv. Window Size that we advertise, in packets, not 0
 * @flow_control: enum kpptp_flow_control
 * @has_peer: the three members below are known already, as they are when the
 *	peer's Outgoing-Call-Request made us make the call; a PPP address for
 *	the peer is then set aside, and without a free one the call fails
 * @peer_id: Call ID that the peer assigned; 0 is legal
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
 * @call_ready: answers call_new(). @err is 0, then @id is the Call ID that the
 *	kernel chose and @channel the PPP channel's index; or a negative errno,
 *	@text says why, and the handle is void.
 * @call_set_done: answers call_set(). @err is 0, or a negative errno and @text
 *	says why; the call goes on as it was.
 * @call_gone: the call was deleted behind our back (kpptpctl call del, the
 *	module unloaded). The handle is void, but see @ppp_exited.
 * @ppp_started: answers ppp_start() when pppd runs.
 * @ppp_exited: pppd ended, or could not be started: every ppp_start() is
 *	answered by exactly one of these, also after call_del() or @call_gone,
 *	so that it is known when nothing is left of a call. @status is as
 *	from waitpid(2), or -1 when pppd was never started. @text says it in
 *	words, with the last line that pppd printed if there was one.
 * @ppp_authenticated: pppd has authenticated the peer, or need not; comes at
 *	most once, between @ppp_started and @ppp_exited.
 * @stats: answers call_stats(). @err is 0 and @stats filled, or a negative
 *	errno and @stats NULL.
 * @stop: the monitor asks to close every control connection in order
 *	(Stop-Control-Connection-Request) and then to exit with status 0; it
 *	waits for struct kpptp_monitor_conf.stop_grace.
 * @reload: the configuration was read again; @blob is what the monitor's
 *	reload function made of it (struct kpptp_monitor_conf.reload), valid
 *	during the callback, of unknown alignment.
 * @closed: the other half ended or cannot be talked to any more, @text says
 *	why; nothing else will be answered. The worker should exit.
 *
 * Callbacks may make requests and may call kpptp_dataplane_close(). An answer
 * that was under way may still come after call_del(): ignore handles that you
 * no longer know. Texts are one line, valid during the callback, never NULL.
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
 * struct kpptp_dataplane_ops - what an implementation implements
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
 * kpptp_dataplane_open() - talk to the monitor
 * @base: the loop that callbacks come from
 * @sock: our end of the SOCK_SEQPACKET pair; the data plane owns it from now
 * @events: answers; must outlive the data plane
 * @ctx: their first argument
 *
 * Opens no file and needs no privilege: it may be called inside the sandbox.
 *
 * Return: the data plane, or NULL without memory (@sock is then untouched).
 */
struct kpptp_dataplane *kpptp_dataplane_open(struct event_base *base, int sock,
					     const struct kpptp_dataplane_events *events,
					     void *ctx);

/*
 * Requests return 0 when the request is under way, and exactly one answer
 * will come (unless closed() does); or a negative errno and no answer:
 * -ENOBUFS when too many requests wait to be sent, -EPIPE when the other half
 * is gone. call_del(), ppp_stop() and ready() are never refused for lack of
 * room.
 */

/**
 * kpptp_dataplane_ready() - tell that the worker serves now
 *
 * The monitor passes it on to the service manager (sd_notify). Not answered.
 */
static inline int kpptp_dataplane_ready(struct kpptp_dataplane *dp)
{
	return dp->ops->ready(dp);
}

/**
 * kpptp_dataplane_call_new() - make a call of the kernel
 * @handle: a number not used before, not 0
 *
 * Answered by call_ready(). Send the request or reply that names the Call ID
 * only after that, so that the peer's first packet finds the call.
 */
static inline int kpptp_dataplane_call_new(struct kpptp_dataplane *dp, uint32_t handle,
					   const struct kpptp_dataplane_call *call)
{
	return dp->ops->call_new(dp, handle, call);
}

/**
 * kpptp_dataplane_call_set() - say what the peer's reply said
 * @peer_id: Call ID that the peer assigned; the call can send from now on
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
 * The call is deleted from the kernel, which hangs pppd up; a pppd of ours is
 * also asked to end. Not answered, but ppp_exited() comes where a pppd runs.
 * May be called before call_ready() has come.
 */
static inline int kpptp_dataplane_call_del(struct kpptp_dataplane *dp, uint32_t handle)
{
	return dp->ops->call_del(dp, handle);
}

/**
 * kpptp_dataplane_call_stats() - ask for the counters. Answered by stats().
 */
static inline int kpptp_dataplane_call_stats(struct kpptp_dataplane *dp, uint32_t handle)
{
	return dp->ops->call_stats(dp, handle);
}

/**
 * kpptp_dataplane_ppp_start() - start pppd on a call that is ready
 *
 * It gets the configured addresses (struct kpptp_monitor_ppp). One pppd at a
 * time for a call. Answered by ppp_started() and ppp_exited(), or by the
 * latter alone.
 */
static inline int kpptp_dataplane_ppp_start(struct kpptp_dataplane *dp, uint32_t handle)
{
	return dp->ops->ppp_start(dp, handle);
}

/**
 * kpptp_dataplane_ppp_stop() - ask pppd to end (SIGTERM, later SIGKILL)
 *
 * Answered by ppp_exited(); without a pppd nothing happens.
 */
static inline int kpptp_dataplane_ppp_stop(struct kpptp_dataplane *dp, uint32_t handle)
{
	return dp->ops->ppp_stop(dp, handle);
}

/**
 * kpptp_dataplane_close() - free everything; no callback comes any more
 * @dp: may be NULL
 */
static inline void kpptp_dataplane_close(struct kpptp_dataplane *dp)
{
	if (dp)
		dp->ops->close(dp);
}

/**
 * kpptp_dataplane_dispatch() - call what an answer calls for
 * @msg: a valid answer (priv.h)
 *
 * For implementations. The callback may have closed the data plane.
 */
void kpptp_dataplane_dispatch(const struct kpptp_dataplane_events *events, void *ctx,
			      const struct kpptp_priv_msg *msg);

#endif /* KPPTP_DATAPLANE_H */
