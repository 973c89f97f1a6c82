/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the files that do the monitor's work, see requests.h.
 */
#ifndef KPPTP_REQUESTS_INTERNAL_H
#define KPPTP_REQUESTS_INTERNAL_H

#include "addresses.h"
#include "monitor_conf.h"
#include "nl.h"
#include "common/priv.h"
#include "requests.h"

struct kpptp_handles;
struct kpptp_kernel_ops;
struct kpptp_spawner;
struct kpptp_starts;
struct kpptp_status;

struct kpptp_requests {
	const struct kpptp_kernel_ops *ops;
	void *kernel;
	struct kpptp_handles *handles;
	struct kpptp_spawner *spawner;
	struct kpptp_status *status;
	struct kpptp_starts *starts;
	struct kpptp_port *port;
	struct kpptp_monitor_ppp ppp;
	struct kpptp_addresses addresses;
	unsigned int max_calls;
};

/* Why a call got no address. */
#define KPPTP_REQUESTS_NO_ADDRESS "all of remote-addresses are in use"

/* requests.c */

/**
 * kpptp_requests_answer() - answer the worker, if there is one
 */
void kpptp_requests_answer(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg);

/**
 * kpptp_requests_count() - call when a handle was added or removed
 */
void kpptp_requests_count(struct kpptp_requests *requests);

/**
 * kpptp_requests_set_reason() - put the reason of a failure into the answer
 */
void kpptp_requests_set_reason(char text[KPPTP_PRIV_TEXT_SIZE], int err,
			       const struct kpptp_error *error);

/* requests_new.c */

/**
 * kpptp_requests_fill_peer() - fill in what the peer sent about itself
 * @window: 0: not known
 */
void kpptp_requests_fill_peer(struct kpptp_call_conf *conf, uint16_t id, uint16_t window,
			      uint16_t ppd);

/**
 * kpptp_requests_on_turn() - make a call, see kpptp_starts_turn_fn
 */
void kpptp_requests_on_turn(void *ctx, uint32_t number, const struct kpptp_priv_call_new *body);

/**
 * kpptp_requests_call_new() - carry out CALL_NEW, see kpptp_requests_do()
 */
int kpptp_requests_call_new(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg,
			    char *err, size_t size);

#endif /* KPPTP_REQUESTS_INTERNAL_H */
