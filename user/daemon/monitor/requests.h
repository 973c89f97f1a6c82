/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor's work: takes valid requests, manages kernel calls and pppds, and
 * sends answers.
 */
#ifndef KPPTP_REQUESTS_H
#define KPPTP_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "error.h"

struct event_base;
struct kpptp_monitor_conf;
struct kpptp_monitor_ppp;
struct kpptp_port;
struct kpptp_priv_msg;
struct kpptp_requests;

/**
 * kpptp_requests_new() - connect to the kernel
 * @conf: must outlive it
 * @error: filled on failure
 *
 * Return: NULL if the kernel cannot be used (module, permission, memory).
 */
struct kpptp_requests *kpptp_requests_new(struct event_base *base,
					  const struct kpptp_monitor_conf *conf,
					  struct kpptp_error *error);

/**
 * kpptp_requests_free() - free it; there must be no pppd left
 * @requests: may be NULL
 */
void kpptp_requests_free(struct kpptp_requests *requests);

/**
 * kpptp_requests_answer_to() - set where answers go
 * @port: owned by the caller, who must set NULL here before freeing it. Without
 *	a port answers are dropped.
 */
void kpptp_requests_answer_to(struct kpptp_requests *requests, struct kpptp_port *port);

/**
 * kpptp_requests_reload() - use new settings for pppd and limits from now on
 * @fresh: its @ppp, @max_calls and @ppp_grace; copied
 */
void kpptp_requests_reload(struct kpptp_requests *requests, const struct kpptp_monitor_conf *fresh);

/**
 * kpptp_requests_do() - carry out a request about a call
 * @msg: valid, and not KPPTP_PRIV_READY
 * @err: filled if the request violates the protocol
 * @size: of @err
 *
 * Return: 0, even if it failed and the answer says so; -1 if a correct worker
 * never sends this.
 */
int kpptp_requests_do(struct kpptp_requests *requests, const struct kpptp_priv_msg *msg, char *err,
		      size_t size);

/**
 * kpptp_requests_reap() - a process was reaped
 * @pid, @status: from waitpid(2)
 *
 * Return: whether it was one of the pppds.
 */
bool kpptp_requests_reap(struct kpptp_requests *requests, pid_t pid, int status);

/**
 * kpptp_requests_end() - delete every call, which hangs up every pppd
 *
 * No more answers are sent. Continue reaping until kpptp_requests_children()
 * returns 0.
 */
void kpptp_requests_end(struct kpptp_requests *requests);

/**
 * kpptp_requests_kill() - kill all pppds and everything they started
 *
 * If kpptp_requests_end() was not enough. Their own children become ours: repeat
 * until there are none.
 */
void kpptp_requests_kill(struct kpptp_requests *requests);

/**
 * kpptp_requests_children() - number of pppds, and of scripts of pppds that had
 *	to be killed
 */
unsigned int kpptp_requests_children(const struct kpptp_requests *requests);

#endif /* KPPTP_REQUESTS_H */
