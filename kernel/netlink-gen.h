/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	include/netlink/kpptp.yaml */
/* YNL-GEN kernel header */
/* To regenerate run: include/netlink/regen.sh */

#ifndef _LINUX_KPPTP_GEN_H
#define _LINUX_KPPTP_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/kpptp.h>

extern const struct nla_policy kpptp_call_new_nl_policy[KPPTP_A_CALL_PPP_NETNS_FD + 1];

extern const struct nla_policy kpptp_call_set_nl_policy[KPPTP_A_CALL_DF + 1];

extern const struct nla_policy kpptp_call_del_nl_policy[KPPTP_A_CALL_NETNS_COOKIE + 1];

extern const struct nla_policy kpptp_call_get_nl_policy[KPPTP_A_CALL_ALL_NETNS + 1];

extern const struct nla_policy kpptp_net_get_nl_policy[KPPTP_A_NET_PAD + 1];

extern const struct nla_policy kpptp_net_set_nl_policy[KPPTP_A_NET_CALL_LIMIT + 1];

extern const struct genl_multicast_group kpptp_nl_mcgrps[1];

/* Ops table for kpptp */
extern const struct genl_ops kpptp_nl_ops[6];

int kpptp_nl_call_new_doit(struct sk_buff *skb, struct genl_info *info);
int kpptp_nl_call_set_doit(struct sk_buff *skb, struct genl_info *info);
int kpptp_nl_call_del_doit(struct sk_buff *skb, struct genl_info *info);
int kpptp_nl_call_get_doit(struct sk_buff *skb, struct genl_info *info);
int kpptp_nl_call_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int kpptp_nl_net_get_doit(struct sk_buff *skb, struct genl_info *info);
int kpptp_nl_net_set_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	KPPTP_NLGRP_CALLS,
};

#endif /* _LINUX_KPPTP_GEN_H */
