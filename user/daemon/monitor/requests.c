// SPDX-License-Identifier: GPL-2.0-or-later
/* The monitor's work, see requests.h; new calls are in requests_new.c. */
#include "requests.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>

#include "addresses.h"
#include "handles.h"
#include "kernel.h"
#include "common/log.h"
#include "common/peer_log.h"
#include "common/port.h"
#include "common/priv.h"
#include "requests_internal.h"
#include "spawn.h"
#include "starts.h"
#include "status.h"

/*
 * Answers are always queued: there is one per request, and the port reads no
 * requests while answers pile up; the others occur once per call.
 */
void kpptp_requests_answer(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg)
{
	if (!requests->port)
		return;
	if (kpptp_port_send(requests->port, msg, true) == -ENOMEM)
		kpptp_log(LOG_ERR, "out of memory: dropping the answer %s",
			  kpptp_priv_type_name(msg->type));
}

/* Call when a handle was added or removed. */
void kpptp_requests_count(struct kpptp_requests *requests)
{
	kpptp_status_calls(requests->status, kpptp_handles_live(requests->handles));
}

void kpptp_requests_set_reason(char text[KPPTP_PRIV_TEXT_SIZE], int err,
			       const struct kpptp_error *error)
{
	kpptp_priv_set_text(text, *error->text ? error->text : strerror(-err));
}

static const char *peer_name(const struct kpptp_handle *handle, char name[INET_ADDRSTRLEN])
{
	inet_ntop(AF_INET, &handle->key.peer, name, INET_ADDRSTRLEN);
	return name;
}

/* The handle, if its call exists: it may have ended since the request was sent. */
static struct kpptp_handle *requests_find_live(const struct kpptp_requests *requests,
					       uint32_t number)
{
	struct kpptp_handle *handle;

	handle = kpptp_handles_find(requests->handles, number);
	return handle && handle->live ? handle : NULL;
}

static int requests_set_call(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg,
			     struct kpptp_error *error)
{
	const struct kpptp_handle *handle = requests_find_live(requests, msg->handle);
	const struct kpptp_priv_call_set *body = &msg->call_set;
	struct kpptp_call_conf conf = { 0 };

	if (!handle)
		return kpptp_fail(error, -ENOENT, "the call is gone");
	conf.present = KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER) | KPPTP_HAS(ID);
	conf.local = handle->key.local;
	conf.peer = handle->key.peer;
	conf.id = handle->key.id;
	kpptp_requests_fill_peer(&conf, body->peer_id, body->peer_window, body->peer_ppd);
	return requests->ops->call_set(requests->kernel, &conf, error);
}

static int requests_do_call_set(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg,
				char *err, size_t size)
{
	struct kpptp_error error = { "" };
	struct kpptp_priv_msg reply;

	(void)err;
	(void)size;
	kpptp_priv_init(&reply, KPPTP_PRIV_CALL_SET_DONE, msg->handle);
	reply.call_set_done.err = requests_set_call(requests, msg, &error);
	if (reply.call_set_done.err)
		kpptp_requests_set_reason(reply.call_set_done.text, reply.call_set_done.err,
					  &error);
	kpptp_requests_answer(requests, &reply);
	return 0;
}

/* May free @handle. Its pppd ends, but may take its time. */
static void requests_call_over(struct kpptp_requests *requests, struct kpptp_handle *handle)
{
	/* A pppd that is still ending keeps its address until it is reaped. */
	if (handle->ppp)
		kpptp_spawn_hung_up(handle->ppp);
	else
		kpptp_addresses_take_back(&requests->addresses, handle);
	kpptp_starts_end(requests->starts, &handle->start);
	kpptp_handles_call_over(requests->handles, handle);
	kpptp_requests_count(requests);
}

static int requests_do_call_del(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg,
				char *err, size_t size)
{
	struct kpptp_handle *handle = requests_find_live(requests, msg->handle);
	struct kpptp_error error = { "" };
	int ret;

	(void)err;
	(void)size;
	if (!handle)
		return 0;
	ret = requests->ops->call_del(requests->kernel, &handle->key, &error);
	if (ret && ret != -ENOENT)
		kpptp_log(LOG_ERR, "cannot delete call %u: %s", handle->key.id, error.text);
	requests_call_over(requests, handle);
	return 0;
}

static int requests_do_call_stats(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg,
				  char *err, size_t size)
{
	const struct kpptp_handle *handle = requests_find_live(requests, msg->handle);
	struct kpptp_call_info info = { 0 };
	struct kpptp_priv_msg reply;

	(void)err;
	(void)size;
	kpptp_priv_init(&reply, KPPTP_PRIV_STATS, msg->handle);
	reply.stats.err = -ENOENT;
	if (handle)
		reply.stats.err =
			requests->ops->call_get(requests->kernel, &handle->key, &info, NULL);
	if (!reply.stats.err)
		reply.stats.stats = info.stats;
	kpptp_requests_answer(requests, &reply);
	return 0;
}

static int requests_start_ppp(struct kpptp_requests *requests, struct kpptp_handle *handle,
			      char *err, size_t size)
{
	struct kpptp_spawn_params params = {
		.channel = handle->channel,
		.peer = handle->key.peer,
		.local = requests->ppp.local,
	};

	if (kpptp_addresses_give(&requests->addresses, handle)) {
		snprintf(err, size, KPPTP_REQUESTS_NO_ADDRESS);
		return -1;
	}
	params.remote = handle->remote;
	handle->ppp =
		kpptp_spawn_ppp(requests->spawner, &requests->ppp, &params, handle, err, size);
	return handle->ppp ? 0 : -1;
}

static void requests_answer_exited(struct kpptp_requests *requests, uint32_t number, int status,
				   const char *text)
{
	struct kpptp_priv_msg reply;

	kpptp_priv_init(&reply, KPPTP_PRIV_PPP_EXITED, number);
	reply.ppp_exited.status = status;
	kpptp_priv_set_text(reply.ppp_exited.text, text);
	kpptp_requests_answer(requests, &reply);
}

static struct kpptp_log_about requests_about(const struct kpptp_handle *handle)
{
	return (struct kpptp_log_about){ .peer = handle->key.peer, .call_id = handle->key.id };
}

/* Rate-limited: a peer may request one call after another. */
static void requests_log_started(const struct kpptp_handle *handle, pid_t pid)
{
	char addr[INET_ADDRSTRLEN], who[INET_ADDRSTRLEN + 16], text[64];

	snprintf(who, sizeof(who), "%s: call %u", peer_name(handle, addr), handle->key.id);
	snprintf(text, sizeof(text), "pppd[%d] started on channel %u", (int)pid, handle->channel);
	kpptp_peer_log(requests_about(handle), LOG_INFO, who, text);
}

static int requests_do_ppp_start(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg,
				 char *err, size_t size)
{
	struct kpptp_handle *handle = requests_find_live(requests, msg->handle);
	char why[KPPTP_PRIV_TEXT_SIZE] = "the call is gone";
	struct kpptp_priv_msg reply;

	if (handle && handle->ppp) {
		snprintf(err, size, "ppp_start for handle %u, which already has a pppd",
			 msg->handle);
		return -1;
	}
	if (handle)
		kpptp_starts_begin(requests->starts, &handle->start);
	if (!handle || requests_start_ppp(requests, handle, why, sizeof(why))) {
		if (handle)
			kpptp_starts_end(requests->starts, &handle->start);
		requests_answer_exited(requests, msg->handle, -1, why);
		return 0;
	}
	kpptp_priv_init(&reply, KPPTP_PRIV_PPP_STARTED, msg->handle);
	reply.ppp_started.pid = kpptp_spawn_pid(handle->ppp);
	requests_log_started(handle, reply.ppp_started.pid);
	kpptp_requests_answer(requests, &reply);
	return 0;
}

static int requests_do_ppp_stop(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg,
				char *err, size_t size)
{
	const struct kpptp_handle *handle;

	(void)err;
	(void)size;
	handle = kpptp_handles_find(requests->handles, msg->handle);
	if (handle && handle->ppp)
		kpptp_spawn_stop(handle->ppp);
	return 0;
}

int kpptp_requests_do(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg, char *err,
		      size_t size)
{
	static int (*const work[])(struct kpptp_requests * requests,
				   const struct kpptp_priv_msg *msg, char *err, size_t size) = {
		[KPPTP_PRIV_CALL_NEW] = kpptp_requests_call_new,
		[KPPTP_PRIV_CALL_SET] = requests_do_call_set,
		[KPPTP_PRIV_CALL_DEL] = requests_do_call_del,
		[KPPTP_PRIV_CALL_STATS] = requests_do_call_stats,
		[KPPTP_PRIV_PPP_START] = requests_do_ppp_start,
		[KPPTP_PRIV_PPP_STOP] = requests_do_ppp_stop,
	};

	return work[msg->type](requests, msg, err, size);
}

static void on_attached(void *ctx, void *owner)
{
	struct kpptp_requests *requests = ctx;
	struct kpptp_handle *handle = owner;

	kpptp_starts_end(requests->starts, &handle->start);
}

static void on_exited(void *ctx, void *owner, pid_t pid, int status, const char *text)
{
	struct kpptp_requests *requests = ctx;
	struct kpptp_handle *handle = owner;
	const struct kpptp_log_about about = requests_about(handle);
	char peer[INET_ADDRSTRLEN];

	/* The worker logs it if it is the reason for something. */
	kpptp_log_about(&about, LOG_DEBUG, "%s: call %u: pppd[%d] ended: %s",
			peer_name(handle, peer), handle->key.id, (int)pid, text);
	requests_answer_exited(requests, handle->number, status, text);
	kpptp_starts_end(requests->starts, &handle->start);
	kpptp_addresses_take_back(&requests->addresses, handle);
	kpptp_handles_ppp_over(requests->handles, handle);
	kpptp_requests_count(requests);
}

static void on_authenticated(void *ctx, void *owner)
{
	const struct kpptp_handle *handle = owner;
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_PPP_AUTHENTICATED, handle->number);
	kpptp_requests_answer(ctx, &msg);
}

static const struct kpptp_spawner_events spawn_events = {
	.exited = on_exited,
	.attached = on_attached,
	.authenticated = on_authenticated,
};

/* The call is gone, and we did not delete it. */
static void requests_call_gone(struct kpptp_requests *requests, struct kpptp_handle *handle)
{
	struct kpptp_priv_msg msg;

	kpptp_priv_init(&msg, KPPTP_PRIV_CALL_GONE, handle->number);
	kpptp_requests_answer(requests, &msg);
	requests_call_over(requests, handle);
}

/* For calls that we deleted ourselves there is no handle with this key any more. */
static void on_deleted(void *ctx, const struct kpptp_call_key *key, uint32_t channel)
{
	struct kpptp_requests *requests = ctx;
	struct kpptp_handle *handle;

	handle = kpptp_handles_find_key(requests->handles, key, channel);
	if (handle)
		requests_call_gone(requests, handle);
}

static void requests_check_call(void *ctx, struct kpptp_handle *handle)
{
	struct kpptp_requests *requests = ctx;
	struct kpptp_call_info info;
	int err;

	err = requests->ops->call_get(requests->kernel, &handle->key, &info, NULL);
	if (err == -ENOENT || (!err && info.channel != handle->channel))
		requests_call_gone(requests, handle);
}

static void on_lost(void *ctx)
{
	struct kpptp_requests *requests = ctx;

	kpptp_handles_each_live(requests->handles, requests_check_call, requests);
}

static const struct kpptp_kernel_events kernel_events = {
	.deleted = on_deleted,
	.lost = on_lost,
};

struct kpptp_requests *kpptp_requests_new(struct event_base *base,
					  const struct kpptp_monitor_conf *conf,
					  struct kpptp_error *error)
{
	struct kpptp_requests *requests = calloc(1, sizeof(*requests));

	if (!requests) {
		kpptp_fail(error, -ENOMEM, "out of memory");
		return NULL;
	}
	requests->ops = conf->kernel ? conf->kernel : &kpptp_kernel_ops;
	requests->ppp = conf->ppp;
	requests->max_calls = conf->max_calls;
	kpptp_peer_log_open(base);
	requests->handles = kpptp_handles_new(conf->max_calls);
	requests->spawner = kpptp_spawner_new(base, conf->ppp_grace, &spawn_events, requests);
	requests->status = kpptp_status_new(base);
	requests->starts =
		kpptp_starts_new(base, kpptp_starts_limit(), kpptp_requests_on_turn, requests);
	if (!requests->handles || !requests->spawner || !requests->status || !requests->starts ||
	    kpptp_addresses_set(&requests->addresses, &conf->ppp, requests->handles)) {
		kpptp_fail(error, -ENOMEM, "out of memory");
		kpptp_requests_free(requests);
		return NULL;
	}
	requests->kernel = requests->ops->open(base, &kernel_events, requests, error);
	if (requests->kernel) {
		kpptp_requests_count(requests);
		return requests;
	}
	kpptp_requests_free(requests);
	return NULL;
}

void kpptp_requests_free(struct kpptp_requests *requests)
{
	if (!requests)
		return;
	if (requests->kernel)
		requests->ops->close(requests->kernel);
	kpptp_starts_free(requests->starts);
	kpptp_addresses_free(&requests->addresses);
	kpptp_handles_free(requests->handles);
	kpptp_spawner_free(requests->spawner);
	kpptp_status_free(requests->status);
	kpptp_peer_log_close();
	free(requests);
}

void kpptp_requests_answer_to(struct kpptp_requests *requests, struct kpptp_port *port)
{
	requests->port = port;
}

void kpptp_requests_reload(struct kpptp_requests *requests, const struct kpptp_monitor_conf *fresh)
{
	requests->ppp = fresh->ppp;
	if (kpptp_addresses_set(&requests->addresses, &fresh->ppp, requests->handles))
		kpptp_log(LOG_ERR, "out of memory for remote-addresses: keeping the old ones");
	requests->max_calls = fresh->max_calls;
	kpptp_handles_limit(requests->handles, fresh->max_calls);
	kpptp_spawner_set_grace(requests->spawner, fresh->ppp_grace);
}

bool kpptp_requests_reap(struct kpptp_requests *requests, pid_t pid, int status)
{
	return kpptp_spawner_reap(requests->spawner, pid, status);
}

/* Closing the connection deletes all calls at once: they are owned. */
void kpptp_requests_end(struct kpptp_requests *requests)
{
	requests->port = NULL;
	kpptp_starts_clear(requests->starts);
	kpptp_spawner_hung_up_all(requests->spawner);
	if (requests->kernel)
		requests->ops->close(requests->kernel);
	requests->kernel = NULL;
}

void kpptp_requests_kill(struct kpptp_requests *requests)
{
	kpptp_spawner_kill_all(requests->spawner);
}

unsigned int kpptp_requests_children(const struct kpptp_requests *requests)
{
	return kpptp_spawner_count(requests->spawner);
}
