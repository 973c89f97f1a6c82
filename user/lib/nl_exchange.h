/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request to the kernel and all that comes back: replies, the
 * acknowledgment, and the extended acknowledgment that says why not.
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
 * @subject: what the request is about, for the text of an error
 * @reply: receives each reply; what it returns, when not 0, is the outcome,
 *	and it is not called again. NULL when no reply is expected.
 * @ctx: for @reply
 * @wants_reply: without a reply, success is -ENODATA
 * @extack: the kernel's words after a failure; empty when it sent none
 * @replied: a reply came
 * @done: the kernel has nothing more to say
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
 * kpptp_nl_connect() - a generic netlink socket that is told why
 * @sk: receives it; to be freed with nl_socket_free()
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
 * kpptp_nl_errno() - the errno of an error of libnl
 * @nle: as libnl returns it, of either sign
 *
 * Return: a positive errno.
 */
int kpptp_nl_errno(int nle);

#endif /* KPPTP_NL_EXCHANGE_H */
