/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between netlink attributes and plain structs, driven by the tables of
 * field.h. Pure: messages in memory, no socket.
 */
#ifndef KPPTP_NL_ATTR_H
#define KPPTP_NL_ATTR_H

#include "field.h"

struct nl_msg;
struct nlattr;
struct nlmsghdr;

/**
 * kpptp_attr_put_conf() - append what @conf has
 *
 * Return: 0, or -EMSGSIZE when the message is full.
 */
int kpptp_attr_put_conf(struct nl_msg *msg, const struct kpptp_call_conf *conf);

/**
 * kpptp_attr_get_call() - read a call out of a message of the family
 * @info: overwritten
 *
 * Attributes that this version does not know are skipped: a newer kernel has
 * more of them.
 *
 * Return: 0, or -EBADMSG: the attributes do not parse, or a value has a width
 * that does not fit its member.
 */
int kpptp_attr_get_call(struct nlmsghdr *nlh, struct kpptp_call_info *info);

/**
 * kpptp_attr_get_net() - read the counters of a namespace out of a message
 * @stats: overwritten; a counter that the kernel lacks is 0
 *
 * Return: 0 or -EBADMSG, as kpptp_attr_get_call().
 */
int kpptp_attr_get_net(struct nlmsghdr *nlh, struct kpptp_net_stats *stats);

/**
 * kpptp_attr_name_at() - which attribute of a call stands at an offset
 * @nlh: a request that kpptp_attr_put_conf() filled
 * @offset: octets from @nlh, as the kernel tells in NLMSGERR_ATTR_OFFS
 *
 * Return: its name, or NULL.
 */
const char *kpptp_attr_name_at(const struct nlmsghdr *nlh, uint32_t offset);

/**
 * kpptp_attr_name() - the name of an attribute of a call, or NULL
 */
const char *kpptp_attr_name(uint32_t attr);

#endif /* KPPTP_NL_ATTR_H */
