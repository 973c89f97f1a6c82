// SPDX-License-Identifier: GPL-2.0-or-later
/* clang-format off */
/* The attributes of a call and of a namespace, as data. */
#include "field.h"

#include <errno.h>
#include <string.h>

#define CONF(attr_, member, name_, unit_) \
	{ .name = name_, .attr = KPPTP_A_CALL_##attr_, \
	  .offset = offsetof(struct kpptp_call_info, conf.member), \
	  .size = sizeof(((struct kpptp_call_conf *)0)->member), \
	  .unit = KPPTP_UNIT_##unit_ }

#define INFO(attr_, member, name_, unit_) \
	{ .name = name_, .attr = KPPTP_A_CALL_##attr_, \
	  .offset = offsetof(struct kpptp_call_info, member), \
	  .size = sizeof(((struct kpptp_call_info *)0)->member), \
	  .unit = KPPTP_UNIT_##unit_ }

#define TUNABLE(attr_, member, type, name_, unit_, value) CONF(attr_, member, name_, unit_),

/* In the order in which kpptpctl shows them. */
const struct kpptp_field kpptp_call_fields[] = {
	CONF(ID, id, "id", NUMBER),
	CONF(LOCAL, local, "local", IPV4),
	CONF(PEER, peer, "peer", IPV4),
	CONF(PEER_ID, peer_id, "peer-id", NUMBER),
	INFO(CHANNEL, channel, "channel", NUMBER),
	CONF(OWNED, owned, "owned", FLAG),
	CONF(WINDOW, window, "window", COUNT),
	KPPTP_CALL_TUNABLES(TUNABLE)
	CONF(PPP_NETNS_FD, ppp_netns_fd, "ppp-netns", NETNS),
	INFO(PPP_NETNS_COOKIE, ppp_netns_cookie, "ppp-netns-cookie", NUMBER),
	CONF(NETNS_COOKIE, netns_cookie, "netns-cookie", NUMBER),
	INFO(REASON, reason, "reason", REASON),
	{ .name = NULL },
};

#define CALL_STATS(attr_, member, name_, unit_) \
	{ .name = name_, .attr = KPPTP_A_CALL_STATS_##attr_, \
	  .offset = offsetof(struct kpptp_call_stats, member), \
	  .size = sizeof(uint64_t), .unit = KPPTP_UNIT_##unit_ },

const struct kpptp_field kpptp_call_stats_fields[] = {
	KPPTP_CALL_STATS(CALL_STATS)
	{ .name = NULL },
};

#define NET_STATS(attr_, member, name_, unit_) \
	{ .name = name_, .attr = KPPTP_A_NET_##attr_, \
	  .offset = offsetof(struct kpptp_net_stats, member), \
	  .size = sizeof(uint64_t), .unit = KPPTP_UNIT_##unit_ },

const struct kpptp_field kpptp_net_fields[] = {
	KPPTP_NET_STATS(NET_STATS)
	{ .name = NULL },
};

/* Fails if the spec grew but not the lists above; all attributes but the pad. */
_Static_assert(sizeof(kpptp_call_stats_fields) / sizeof(struct kpptp_field) ==
	       KPPTP_A_CALL_STATS_MAX, "a counter of a call is not listed");
_Static_assert(sizeof(kpptp_net_fields) / sizeof(struct kpptp_field) ==
	       KPPTP_A_NET_MAX, "a counter of a namespace is not listed");
_Static_assert(KPPTP_A_CALL_MAX < 32, "KPPTP_HAS() wants a wider type");

const struct kpptp_field *kpptp_field_find(const struct kpptp_field *table,
					   const char *name)
{
	const struct kpptp_field *field;

	for (field = table; field->name; field++)
		if (!strcmp(field->name, name))
			return field;
	return NULL;
}

uint64_t kpptp_field_get(const struct kpptp_field *field, const void *base)
{
	const char *at = (const char *)base + field->offset;
	uint64_t u64 = 0;
	uint32_t u32;
	uint16_t u16;

	switch (field->size) {
	case sizeof(u64):
		memcpy(&u64, at, sizeof(u64));
		return u64;
	case sizeof(u32):
		memcpy(&u32, at, sizeof(u32));
		return u32;
	case sizeof(u16):
		memcpy(&u16, at, sizeof(u16));
		return u16;
	default:
		return *(const unsigned char *)at;
	}
}

int kpptp_field_set(const struct kpptp_field *field, void *base, uint64_t value)
{
	char *at = (char *)base + field->offset;
	uint32_t u32 = value;
	uint16_t u16 = value;

	if (field->size < sizeof(value) && value >> (8 * field->size))
		return -ERANGE;
	switch (field->size) {
	case sizeof(value):
		memcpy(at, &value, sizeof(value));
		return 0;
	case sizeof(u32):
		memcpy(at, &u32, sizeof(u32));
		return 0;
	case sizeof(u16):
		memcpy(at, &u16, sizeof(u16));
		return 0;
	default: /* the only one-byte members are flags */
		*at = !!value;
		return 0;
	}
}

static const char *const flow_controls[] = {
	[KPPTP_FLOW_CONTROL_OFF] = "off",
	[KPPTP_FLOW_CONTROL_STRICT] = "strict",
	[KPPTP_FLOW_CONTROL_ADAPTIVE] = "adaptive",
};

static const char *const del_reasons[] = {
	[KPPTP_DEL_REASON_REQUEST] = "request",
	[KPPTP_DEL_REASON_OWNER] = "owner",
};

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

const char *kpptp_flow_control_name(uint32_t mode)
{
	return mode < ARRAY_SIZE(flow_controls) ? flow_controls[mode] : NULL;
}

int kpptp_flow_control_parse(const char *name, uint32_t *mode)
{
	uint32_t i;

	for (i = 0; i < ARRAY_SIZE(flow_controls); i++) {
		if (!strcmp(flow_controls[i], name)) {
			*mode = i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *kpptp_del_reason_name(uint32_t reason)
{
	return reason < ARRAY_SIZE(del_reasons) ? del_reasons[reason] : NULL;
}
