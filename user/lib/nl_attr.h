/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conversion between netlink attributes and plain structs, driven by the tables
 * of field.h. Pure: messages in memory, no socket.
 */
#ifndef KPPTP_NL_ATTR_H
#define KPPTP_NL_ATTR_H

#include "field.h"

struct nl_msg;
struct nlattr;
struct nlmsghdr;

/**
 * kpptp_attr_put_conf() - append the attributes present in @conf
 *
 * Return: 0, or -EMSGSIZE when the message is full.
 */
int kpptp_attr_put_conf(struct nl_msg *msg, const struct kpptp_call_conf *conf);

/**
 * kpptp_attr_get_call() - read a call from a message of the family
 * @info: overwritten
 *
 * Unknown attributes are skipped: a newer kernel has more of them.
 *
 * Return: 0, or -EBADMSG: the attributes do not parse, or the width of a value
 * does not fit its member.
 */
int kpptp_attr_get_call(struct nlmsghdr *nlh, struct kpptp_call_info *info);

/**
 * kpptp_attr_get_net() - read the counters of a namespace from a message
 * @stats: overwritten; a counter that the kernel lacks is 0
 *
 * Return: 0 or -EBADMSG, as kpptp_attr_get_call().
 */
int kpptp_attr_get_net(struct nlmsghdr *nlh, struct kpptp_net_stats *stats);

/**
 * kpptp_attr_name_at() - find the attribute of a call at an offset
 * @nlh: a request that kpptp_attr_put_conf() filled
 * @offset: bytes from @nlh, as the kernel reports in NLMSGERR_ATTR_OFFS
 *
 * Return: its name, or NULL.
 */
const char *kpptp_attr_name_at(const struct nlmsghdr *nlh, uint32_t offset);

/**
 * kpptp_attr_name() - the name of an attribute of a call, or NULL
 */
const char *kpptp_attr_name(uint32_t attr);

#endif /* KPPTP_NL_ATTR_H */
