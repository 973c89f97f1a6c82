// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	include/netlink/kpptp.yaml */
/* YNL-GEN kernel source */
/* To regenerate run: include/netlink/regen.sh */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/kpptp.h>

/* KPPTP_CMD_CALL_NEW - do */
const struct nla_policy kpptp_call_new_nl_policy[KPPTP_A_CALL_PPP_NETNS_FD + 1] = {
	[KPPTP_A_CALL_ID] = { .type = NLA_U16, },
	[KPPTP_A_CALL_LOCAL] = { .type = NLA_BE32, },
	[KPPTP_A_CALL_PEER] = { .type = NLA_BE32, },
	[KPPTP_A_CALL_PEER_ID] = { .type = NLA_U16, },
	[KPPTP_A_CALL_OWNED] = { .type = NLA_FLAG, },
	[KPPTP_A_CALL_WINDOW] = NLA_POLICY_MIN(NLA_U16, 1),
	[KPPTP_A_CALL_PEER_WINDOW] = NLA_POLICY_MIN(NLA_U16, 1),
	[KPPTP_A_CALL_PEER_PPD] = { .type = NLA_U16, },
	[KPPTP_A_CALL_FLOW_CONTROL] = NLA_POLICY_MAX(NLA_U32, 2),
	[KPPTP_A_CALL_ACK_DELAY] = { .type = NLA_U32, },
	[KPPTP_A_CALL_ATO_MIN] = { .type = NLA_U32, },
	[KPPTP_A_CALL_ATO_MAX] = { .type = NLA_U32, },
	[KPPTP_A_CALL_REORDER_TIME] = { .type = NLA_U32, },
	[KPPTP_A_CALL_REORDER_PACKETS] = NLA_POLICY_MAX(NLA_U32, 32767),
	[KPPTP_A_CALL_MARK] = { .type = NLA_U32, },
	[KPPTP_A_CALL_DEVICE] = { .type = NLA_U32, },
	[KPPTP_A_CALL_TTL] = NLA_POLICY_MAX(NLA_U32, 255),
	[KPPTP_A_CALL_DSCP] = NLA_POLICY_MAX(NLA_U32, KPPTP_DSCP_INHERIT),
	[KPPTP_A_CALL_DF] = NLA_POLICY_MAX(NLA_U32, 1),
	[KPPTP_A_CALL_PPP_NETNS_FD] = { .type = NLA_U32, },
};

/* KPPTP_CMD_CALL_SET - do */
const struct nla_policy kpptp_call_set_nl_policy[KPPTP_A_CALL_DF + 1] = {
	[KPPTP_A_CALL_ID] = { .type = NLA_U16, },
	[KPPTP_A_CALL_LOCAL] = { .type = NLA_BE32, },
	[KPPTP_A_CALL_PEER] = { .type = NLA_BE32, },
	[KPPTP_A_CALL_PEER_ID] = { .type = NLA_U16, },
	[KPPTP_A_CALL_PEER_WINDOW] = NLA_POLICY_MIN(NLA_U16, 1),
	[KPPTP_A_CALL_PEER_PPD] = { .type = NLA_U16, },
	[KPPTP_A_CALL_FLOW_CONTROL] = NLA_POLICY_MAX(NLA_U32, 2),
	[KPPTP_A_CALL_ACK_DELAY] = { .type = NLA_U32, },
	[KPPTP_A_CALL_ATO_MIN] = { .type = NLA_U32, },
	[KPPTP_A_CALL_ATO_MAX] = { .type = NLA_U32, },
	[KPPTP_A_CALL_REORDER_TIME] = { .type = NLA_U32, },
	[KPPTP_A_CALL_REORDER_PACKETS] = NLA_POLICY_MAX(NLA_U32, 32767),
	[KPPTP_A_CALL_MARK] = { .type = NLA_U32, },
	[KPPTP_A_CALL_DEVICE] = { .type = NLA_U32, },
	[KPPTP_A_CALL_TTL] = NLA_POLICY_MAX(NLA_U32, 255),
	[KPPTP_A_CALL_DSCP] = NLA_POLICY_MAX(NLA_U32, KPPTP_DSCP_INHERIT),
	[KPPTP_A_CALL_DF] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* KPPTP_CMD_CALL_DEL - do */
const struct nla_policy kpptp_call_del_nl_policy[KPPTP_A_CALL_NETNS_COOKIE + 1] = {
	[KPPTP_A_CALL_ID] = { .type = NLA_U16, },
	[KPPTP_A_CALL_LOCAL] = { .type = NLA_BE32, },
	[KPPTP_A_CALL_PEER] = { .type = NLA_BE32, },
	[KPPTP_A_CALL_NETNS_COOKIE] = { .type = NLA_U64, },
};

/* KPPTP_CMD_CALL_GET - do */
const struct nla_policy kpptp_call_get_nl_policy[KPPTP_A_CALL_ALL_NETNS + 1] = {
	[KPPTP_A_CALL_ID] = { .type = NLA_U16, },
	[KPPTP_A_CALL_LOCAL] = { .type = NLA_BE32, },
	[KPPTP_A_CALL_PEER] = { .type = NLA_BE32, },
	[KPPTP_A_CALL_NETNS_COOKIE] = { .type = NLA_U64, },
	[KPPTP_A_CALL_ALL_NETNS] = { .type = NLA_FLAG, },
};

/* KPPTP_CMD_NET_GET - do */
const struct nla_policy kpptp_net_get_nl_policy[KPPTP_A_NET_PAD + 1] = {
};

/* KPPTP_CMD_NET_SET - do */
const struct nla_policy kpptp_net_set_nl_policy[KPPTP_A_NET_CALL_LIMIT + 1] = {
	[KPPTP_A_NET_HELD_LIMIT] = { .type = NLA_U64, },
	[KPPTP_A_NET_CALL_LIMIT] = { .type = NLA_U32, },
};

/* Ops table for kpptp */
const struct genl_ops kpptp_nl_ops[6] = {
	{
		.cmd		= KPPTP_CMD_CALL_NEW,
		.doit		= kpptp_nl_call_new_doit,
		.policy		= kpptp_call_new_nl_policy,
		.maxattr	= KPPTP_A_CALL_PPP_NETNS_FD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KPPTP_CMD_CALL_SET,
		.doit		= kpptp_nl_call_set_doit,
		.policy		= kpptp_call_set_nl_policy,
		.maxattr	= KPPTP_A_CALL_DF,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KPPTP_CMD_CALL_DEL,
		.doit		= kpptp_nl_call_del_doit,
		.policy		= kpptp_call_del_nl_policy,
		.maxattr	= KPPTP_A_CALL_NETNS_COOKIE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KPPTP_CMD_CALL_GET,
		.doit		= kpptp_nl_call_get_doit,
		.dumpit		= kpptp_nl_call_get_dumpit,
		.policy		= kpptp_call_get_nl_policy,
		.maxattr	= KPPTP_A_CALL_ALL_NETNS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KPPTP_CMD_NET_GET,
		.doit		= kpptp_nl_net_get_doit,
		.policy		= kpptp_net_get_nl_policy,
		.maxattr	= KPPTP_A_NET_PAD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KPPTP_CMD_NET_SET,
		.doit		= kpptp_nl_net_set_doit,
		.policy		= kpptp_net_set_nl_policy,
		.maxattr	= KPPTP_A_NET_CALL_LIMIT,
		.flags		= GENL_ADMIN_PERM,
	},
};

const struct genl_multicast_group kpptp_nl_mcgrps[] = {
	[KPPTP_NLGRP_CALLS] = { "calls", .flags = GENL_MCAST_CAP_NET_ADMIN, },
};
