// SPDX-License-Identifier: GPL-2.0-or-later
/* Conversion between netlink attributes and plain structs. */
#include "nl_attr.h"

#include <errno.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

static int put_field(struct nl_msg *msg, const struct kpptp_field *field, const void *base)
{
	uint64_t value = kpptp_field_get(field, base);

	if (field->unit == KPPTP_UNIT_FLAG)
		return value ? nla_put_flag(msg, field->attr) : 0;
	if (field->size == sizeof(uint16_t))
		return nla_put_u16(msg, field->attr, value);
	if (field->size == sizeof(uint64_t))
		return nla_put_u64(msg, field->attr, value);
	return nla_put_u32(msg, field->attr, value);
}

int kpptp_attr_put_conf(struct nl_msg *msg, const struct kpptp_call_conf *conf)
{
	const struct kpptp_field *field;

	for (field = kpptp_call_fields; field->name; field++) {
		/* The table has members beyond the configuration. */
		if (field->offset >= sizeof(*conf) || !(conf->present & (1U << field->attr)))
			continue;
		if (put_field(msg, field, conf))
			return -EMSGSIZE;
	}
	if (conf->present & KPPTP_HAS(ALL_NETNS) && nla_put_flag(msg, KPPTP_A_CALL_ALL_NETNS))
		return -EMSGSIZE;
	return 0;
}

/* Counters are read in the width they have on the wire: the kernel chooses it. */
static int get_field(struct nlattr *attr, const struct kpptp_field *field, void *base)
{
	uint64_t value;

	if (field->unit == KPPTP_UNIT_FLAG)
		return kpptp_field_set(field, base, 1);
	switch (nla_len(attr)) {
	case sizeof(uint16_t):
		value = nla_get_u16(attr);
		break;
	case sizeof(uint32_t):
		value = nla_get_u32(attr);
		break;
	case sizeof(uint64_t):
		value = nla_get_u64(attr);
		break;
	default:
		return -EBADMSG;
	}
	return kpptp_field_set(field, base, value) ? -EBADMSG : 0;
}

static int get_table(struct nlattr **attrs, const struct kpptp_field *table, void *base,
		     uint32_t *present)
{
	const struct kpptp_field *field;
	int err;

	for (field = table; field->name; field++) {
		if (!attrs[field->attr])
			continue;
		err = get_field(attrs[field->attr], field, base);
		if (err)
			return err;
		if (present)
			*present |= 1U << field->attr;
	}
	return 0;
}

int kpptp_attr_get_call(struct nlmsghdr *nlh, struct kpptp_call_info *info)
{
	struct nlattr *stats[KPPTP_A_CALL_STATS_MAX + 1];
	struct nlattr *attrs[KPPTP_A_CALL_MAX + 1];
	int err;

	memset(info, 0, sizeof(*info));
	if (genlmsg_parse(nlh, 0, attrs, KPPTP_A_CALL_MAX, NULL) < 0)
		return -EBADMSG;
	err = get_table(attrs, kpptp_call_fields, info, &info->conf.present);
	if (err || !attrs[KPPTP_A_CALL_STATS])
		return err;
	if (nla_parse_nested(stats, KPPTP_A_CALL_STATS_MAX, attrs[KPPTP_A_CALL_STATS], NULL) < 0)
		return -EBADMSG;
	info->conf.present |= KPPTP_HAS(STATS);
	return get_table(stats, kpptp_call_stats_fields, &info->stats, NULL);
}

int kpptp_attr_get_net(struct nlmsghdr *nlh, struct kpptp_net_stats *stats)
{
	struct nlattr *attrs[KPPTP_A_NET_MAX + 1];

	memset(stats, 0, sizeof(*stats));
	if (genlmsg_parse(nlh, 0, attrs, KPPTP_A_NET_MAX, NULL) < 0)
		return -EBADMSG;
	return get_table(attrs, kpptp_net_fields, stats, NULL);
}

const char *kpptp_attr_name(uint32_t attr)
{
	const struct kpptp_field *field;

	for (field = kpptp_call_fields; field->name; field++)
		if (field->attr == attr)
			return field->name;
	return NULL;
}

const char *kpptp_attr_name_at(const struct nlmsghdr *nlh, uint32_t offset)
{
	struct genlmsghdr *gnlh = nlmsg_data(nlh);
	struct nlattr *attr;
	int rest;

	nla_for_each_attr(attr, genlmsg_attrdata(gnlh, 0), genlmsg_attrlen(gnlh, 0), rest)
		if ((uint32_t)((char *)attr - (char *)nlh) == offset)
			return kpptp_attr_name(nla_type(attr));
	return NULL;
}
