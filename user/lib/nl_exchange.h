/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request to the kernel and everything that comes back: replies, the
 * acknowledgment, and the extended acknowledgment that explains a refusal.
 */
#ifndef KPPTP_NL_EXCHANGE_H
#define KPPTP_NL_EXCHANGE_H

#include <stdbool.h>

#include "error.h"

struct nl_msg;
struct nl_sock;
struct nlmsghdr;

/**
 * struct kpptp_exchange - one request and its outcome
 * @request: the message; gets its sequence number when it is sent
 * @subject: what the request is about, for error texts
 * @reply: called for each reply; a nonzero return value becomes the outcome, and
 *	@reply is not called again. NULL if no reply is expected.
 * @ctx: for @reply
 * @wants_reply: success without a reply is -ENODATA
 * @extack: the kernel's message after a failure; empty if it sent none
 * @replied: a reply came
 * @done: the kernel is finished with the request
 * @err: the outcome so far, a negative errno or what @reply returned
 *
 * The caller sets the members above @extack and zeroes the others.
 */
struct kpptp_exchange {
	struct nl_msg *request;
	const char *subject;
	int (*reply)(struct nlmsghdr *nlh, void *ctx);
	void *ctx;
	bool wants_reply;
	struct kpptp_error extack;
	bool replied;
	bool done;
	int err;
};

/**
 * kpptp_nl_connect() - open a generic netlink socket with extended acks
 * @sk: receives it; free it with nl_socket_free()
 *
 * Return: 0 or a negative errno.
 */
int kpptp_nl_connect(struct nl_sock **sk, struct kpptp_error *error);

/**
 * kpptp_nl_exchange() - send the request and wait for its outcome
 *
 * Return: 0, a negative errno, or what @exchange->reply returned.
 */
int kpptp_nl_exchange(struct nl_sock *sk, struct kpptp_exchange *exchange,
		      struct kpptp_error *error);

/**
 * kpptp_nl_errno() - convert a libnl error to an errno
 * @nle: as libnl returns it, of either sign
 *
 * Return: a positive errno.
 */
int kpptp_nl_errno(int nle);

#endif /* KPPTP_NL_EXCHANGE_H */
