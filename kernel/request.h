/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a request asks for: netlink attributes in, structs out. What is refused
 * is refused with a reason (extack).
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
 * @need_id: without a Call ID it is refused
 *
 * Return: 0 or -EINVAL.
 */
int kpptp_request_key(struct genl_info *info, struct kpptp_call_key *key, bool need_id);

/**
 * kpptp_request_new - what a new call is to be
 * @info: the request
 * @skb: the same, for it tells who made it
 * @conf: filled in, with defaults where the request says nothing; give it to
 *	kpptp_request_done() after use
 *
 * Context: process, in the task that made the request.
 * Return: 0 or a negative errno; then there is nothing to give back.
 */
int kpptp_request_new(struct genl_info *info, struct sk_buff *skb, struct kpptp_call_conf *conf);

/**
 * kpptp_request_done - let go of what kpptp_request_new() took
 * @conf: the configuration
 */
void kpptp_request_done(const struct kpptp_call_conf *conf);

/**
 * kpptp_request_change - what of a call is to change
 * @info: the request
 * @net: namespace of the call
 * @conf: what it carries overrides what is here
 *
 * Return: 0 or a negative errno.
 */
int kpptp_request_change(struct genl_info *info, struct net *net, struct kpptp_call_conf *conf);

#endif /* KPPTP_REQUEST_H */
