/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parse requests: netlink attributes in, structs out. Every refusal gives a reason
 * (extack).
 */
#ifndef KPPTP_REQUEST_H
#define KPPTP_REQUEST_H

#include <linux/types.h>

struct genl_info;
struct kpptp_call_conf;
struct kpptp_call_key;
struct net;
struct sk_buff;

/**
 * kpptp_request_key - which call a request is about
 * @info: the request
 * @key: filled in
 * @need_id: refuse a request without a Call ID
 *
 * Return: 0 or -EINVAL.
 */
int kpptp_request_key(struct genl_info *info, struct kpptp_call_key *key, bool need_id);

/**
 * kpptp_request_new - read the configuration of a new call
 * @info: the request
 * @skb: the request's skb, for the sender's capabilities
 * @conf: filled in, with defaults for missing attributes; pass it to
 *	kpptp_request_done() after use
 *
 * Context: process, in the requesting task.
 * Return: 0, or a negative errno and kpptp_request_done() need not be called.
 */
int kpptp_request_new(struct genl_info *info, struct sk_buff *skb, struct kpptp_call_conf *conf);

/**
 * kpptp_request_done - drop the references taken by kpptp_request_new()
 * @conf: the configuration
 */
void kpptp_request_done(const struct kpptp_call_conf *conf);

/**
 * kpptp_request_change - read changes to a call's configuration
 * @info: the request
 * @net: namespace of the call
 * @conf: updated from the request's attributes; the rest is left unchanged
 *
 * Return: 0 or a negative errno.
 */
int kpptp_request_change(struct genl_info *info, struct net *net, struct kpptp_call_conf *conf);

#endif /* KPPTP_REQUEST_H */
