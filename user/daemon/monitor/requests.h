/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor's work: valid requests in, calls of the kernel and pppds out,
 * answers back.
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
 * @error: filled when it fails
 *
 * Return: NULL when the kernel cannot be used (module, permission, memory).
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
 * kpptp_requests_answer_to() - where answers go
 * @port: the caller's, who must set NULL here before it frees it. Without a
 *	port answers are dropped.
 */
void kpptp_requests_answer_to(struct kpptp_requests *requests, struct kpptp_port *port);

/**
 * kpptp_requests_reload() - how pppd is started, and how many calls there may
 * be, from now on
 * @fresh: its @ppp and @max_calls; the strings are not copied
 */
void kpptp_requests_reload(struct kpptp_requests *requests, const struct kpptp_monitor_conf *fresh);

/**
 * kpptp_requests_do() - carry out a request about a call
 * @msg: valid, and not KPPTP_PRIV_READY
 * @err: filled when the request breaks the protocol
 * @size: of @err
 *
 * Return: 0, also when it failed and was answered so; -1 when no worker in
 * its senses would have asked.
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
 * kpptp_requests_end() - delete every call, which hangs up on every pppd
 *
 * Answers are no longer sent. Go on reaping until kpptp_requests_children()
 * says that there are none.
 */
void kpptp_requests_end(struct kpptp_requests *requests);

/**
 * kpptp_requests_kill() - end everything that pppds have started, and them
 *
 * For when kpptp_requests_end() was not enough. To be repeated after each
 * reaping, until there are no children.
 */
void kpptp_requests_kill(struct kpptp_requests *requests);

/**
 * kpptp_requests_children() - how many pppds there are, and scripts of pppds
 *	that had to be killed
 */
unsigned int kpptp_requests_children(const struct kpptp_requests *requests);

#endif /* KPPTP_REQUESTS_H */
