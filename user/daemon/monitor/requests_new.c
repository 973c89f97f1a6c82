// SPDX-License-Identifier: GPL-2.0-or-later
/* The monitor's work: new calls, at once or in their turn. */
#include "requests_internal.h"

#include <errno.h>
#include <stdio.h>

#include "handles.h"
#include "kernel.h"
#include "common/priv.h"
#include "starts.h"

static void requests_fill_conf(struct kpptp_call_conf *conf, const struct kpptp_priv_call_new *body)
{
	conf->present = KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER) | KPPTP_HAS(WINDOW) |
			KPPTP_HAS(FLOW_CONTROL) | KPPTP_HAS(OWNED);
	conf->local.s_addr = body->local;
	conf->peer.s_addr = body->peer;
	conf->window = body->window;
	conf->flow_control = body->flow_control;
	/* Owned by our socket: if we crash, nothing is left behind. */
	conf->owned = true;
}

/* Fill in what the peer sent about itself; a window of 0 means unknown. */
void kpptp_requests_fill_peer(struct kpptp_call_conf *conf, uint16_t id, uint16_t window,
			      uint16_t ppd)
{
	conf->present |= KPPTP_HAS(PEER_ID) | KPPTP_HAS(PEER_PPD);
	conf->peer_id = id;
	conf->peer_ppd = ppd;
	if (!window)
		return;
	conf->present |= KPPTP_HAS(PEER_WINDOW);
	conf->peer_window = window;
}

/*
 * Make the call and its handle; both or neither. A call requested by the peer
 * has an address before the peer hears that it is accepted.
 */
static int requests_make_call(struct kpptp_requests *requests, uint32_t number,
			      const struct kpptp_call_conf *conf, bool served,
			      struct kpptp_call_info *info, struct kpptp_error *error)
{
	struct kpptp_call_key key = { .local = conf->local, .peer = conf->peer };
	struct kpptp_handle *handle;
	int err;

	if (kpptp_handles_find(requests->handles, number))
		return kpptp_fail(error, -EEXIST, "the handle is in use");
	if (kpptp_handles_full(requests->handles))
		return kpptp_fail(error, -ENOSPC,
				  "there are %u calls, and %u more whose pppd is still exiting: limit calls=%u in [limits] is reached",
				  kpptp_handles_live(requests->handles),
				  kpptp_handles_count(requests->handles) -
					  kpptp_handles_live(requests->handles),
				  requests->max_calls);
	if (served && !kpptp_addresses_left(&requests->addresses))
		return kpptp_fail(error, -ENOSPC, KPPTP_REQUESTS_NO_ADDRESS);
	err = requests->ops->call_new(requests->kernel, conf, info, error);
	if (err)
		return err;
	key.id = info->conf.id;
	handle = kpptp_handles_add(requests->handles, number, &key, info->channel);
	if (handle) {
		if (served)
			kpptp_addresses_give(&requests->addresses, handle);
		kpptp_requests_count(requests);
		return 0;
	}
	requests->ops->call_del(requests->kernel, &key, NULL);
	return kpptp_fail(error, -ENOMEM, "out of memory");
}

static void requests_answer_new(struct kpptp_requests *requests, uint32_t number, int err,
				const struct kpptp_call_info *info, const struct kpptp_error *error)
{
	struct kpptp_priv_msg reply;

	kpptp_priv_init(&reply, KPPTP_PRIV_CALL_READY, number);
	reply.call_ready.err = err;
	if (err) {
		kpptp_requests_set_reason(reply.call_ready.text, err, error);
	} else {
		reply.call_ready.id = info->conf.id;
		reply.call_ready.channel = info->channel;
	}
	kpptp_requests_answer(requests, &reply);
}

/* Make the requested call. One requested by a peer gets a pppd. */
void kpptp_requests_on_turn(void *ctx, uint32_t number, const struct kpptp_priv_call_new *body)
{
	struct kpptp_requests *requests = ctx;
	struct kpptp_error error = { "" };
	struct kpptp_call_conf conf = { 0 };
	struct kpptp_call_info info = { 0 };
	struct kpptp_handle *handle;
	int err;

	requests_fill_conf(&conf, body);
	if (body->has_peer)
		kpptp_requests_fill_peer(&conf, body->peer_id, body->peer_window, body->peer_ppd);
	err = requests_make_call(requests, number, &conf, body->has_peer, &info, &error);
	/*
	 * The pppd of an incoming call comes only after the peer has sent its
	 * window, which is up to the peer: reserve no slot for it.
	 */
	if (!err && body->has_peer && body->peer_window) {
		handle = kpptp_handles_find(requests->handles, number);
		kpptp_starts_expect(requests->starts, &handle->start);
	}
	requests_answer_new(requests, number, err, &info, &error);
}

/* Calls that we place are made at once; others wait their turn. */
static void requests_queue_call(struct kpptp_requests *requests, uint32_t number,
				const struct kpptp_priv_call_new *body)
{
	struct kpptp_error error = { "" };
	unsigned int calls =
		kpptp_handles_live(requests->handles) + kpptp_starts_waiting(requests->starts);
	int err;

	if (!body->has_peer) {
		kpptp_requests_on_turn(requests, number, body);
		return;
	}
	if (calls >= requests->max_calls)
		err = kpptp_fail(&error, -ENOSPC, "limit calls=%u in [limits] is reached",
				 requests->max_calls);
	else
		err = kpptp_starts_add(requests->starts, number, body);
	if (err)
		requests_answer_new(requests, number, err, NULL, &error);
}

int kpptp_requests_call_new(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg,
			    char *err, size_t size)
{
	if (kpptp_handles_find(requests->handles, msg->handle)) {
		snprintf(err, size, "call_new for handle %u, which is in use", msg->handle);
		return -1;
	}
	requests_queue_call(requests, msg->handle, &msg->call_new);
	return 0;
}
