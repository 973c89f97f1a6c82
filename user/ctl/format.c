// SPDX-License-Identifier: GPL-2.0-or-later
/* Human-readable output of calls and counters. */
#include "format.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>

#include "text.h"

/* Wide enough for the longest name of an attribute. */
#define NAME_WIDTH 21

static const char *format_bytes(uint64_t value, char *text)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB" };
	double scaled = value / 1024.0;
	size_t i = 0;

	if (value < 1024) {
		snprintf(text, FORMAT_SIZE, "%" PRIu64 " B", value);
		return text;
	}
	for (; scaled >= 1024 && i + 1 < sizeof(units) / sizeof(units[0]); i++)
		scaled /= 1024;
	snprintf(text, FORMAT_SIZE, "%.1f %s", scaled, units[i]);
	return text;
}

static const char *format_usec(uint64_t value, char *text)
{
	if (value < 1000)
		snprintf(text, FORMAT_SIZE, "%" PRIu64 " us", value);
	else if (value < 1000000)
		snprintf(text, FORMAT_SIZE, "%.4g ms", value / 1e3);
	else
		snprintf(text, FORMAT_SIZE, "%.4g s", value / 1e6);
	return text;
}

static const char *format_name(const char *name, uint64_t value, char *text)
{
	if (name)
		snprintf(text, FORMAT_SIZE, "%s", name);
	else
		snprintf(text, FORMAT_SIZE, "unknown (%" PRIu64 ")", value);
	return text;
}

/* The device's name in the current network namespace. */
static const char *format_device(uint64_t value, char *text)
{
	char name[IF_NAMESIZE];

	if (!value)
		return format_name("none", value, text);
	if (if_indextoname(value, name)) {
		/* It may contain any byte but '/', ':' and spaces. */
		kpptp_text_clean(name);
		return format_name(name, value, text);
	}
	snprintf(text, FORMAT_SIZE, "if%" PRIu64, value);
	return text;
}

static const char *format_or(const char *word, uint64_t meaning, uint64_t value, char *text)
{
	if (value == meaning)
		return format_name(word, value, text);
	snprintf(text, FORMAT_SIZE, "%" PRIu64, value);
	return text;
}

const char *format_value(enum kpptp_unit unit, uint64_t value, char *text)
{
	struct in_addr addr;

	switch (unit) {
	case KPPTP_UNIT_BYTES:
		return format_bytes(value, text);
	case KPPTP_UNIT_USEC:
		return format_usec(value, text);
	case KPPTP_UNIT_TENTHS:
		snprintf(text, FORMAT_SIZE, "%.1f s", value / 10.0);
		return text;
	case KPPTP_UNIT_IPV4:
		addr.s_addr = value;
		return inet_ntop(AF_INET, &addr, text, FORMAT_SIZE);
	case KPPTP_UNIT_FLAG:
		return format_name(value ? "yes" : "no", value, text);
	case KPPTP_UNIT_FLOW_CONTROL:
		return format_name(kpptp_flow_control_name(value), value, text);
	case KPPTP_UNIT_REASON:
		return format_name(kpptp_del_reason_name(value), value, text);
	case KPPTP_UNIT_MARK:
		snprintf(text, FORMAT_SIZE, "0x%" PRIx64, value);
		return text;
	case KPPTP_UNIT_DEVICE:
		return format_device(value, text);
	case KPPTP_UNIT_TTL:
		return format_or("auto", 0, value, text);
	case KPPTP_UNIT_DSCP:
		return format_or("inherit", KPPTP_DSCP_INHERIT, value, text);
	case KPPTP_UNIT_DF:
		return format_name(value == KPPTP_DF_ON ? "on" : "off", value, text);
	default:
		snprintf(text, FORMAT_SIZE, "%" PRIu64, value);
		return text;
	}
}

const char *format_bold(FILE *out, bool begin)
{
	const char *no_color = getenv("NO_COLOR");

	if ((no_color && no_color[0]) || !isatty(fileno(out)))
		return "";
	return begin ? "\033[1m" : "\033[0m";
}

/* A call's key and what one needs next, not its tuning. */
static const uint32_t line_fields = KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER) | KPPTP_HAS(ID) |
				    KPPTP_HAS(PEER_ID) | KPPTP_HAS(CHANNEL) | KPPTP_HAS(REASON) |
				    KPPTP_HAS(NETNS_COOKIE);

enum kpptp_unit format_unit(const struct kpptp_field *field, const struct kpptp_call_info *info)
{
	/* Device names differ between namespaces. */
	if (field->unit == KPPTP_UNIT_DEVICE && info->conf.present & KPPTP_HAS(NETNS_COOKIE))
		return KPPTP_UNIT_NUMBER;
	return field->unit;
}

static void print_fields(FILE *out, const struct kpptp_call_info *info, uint32_t which,
			 const char *format)
{
	const struct kpptp_field *field;
	char text[FORMAT_SIZE];

	for (field = kpptp_call_fields; field->name; field++)
		if (info->conf.present & which & (1U << field->attr))
			fprintf(out, format, field->name,
				format_value(format_unit(field, info), kpptp_field_get(field, info),
					     text));
}

void format_call_line(FILE *out, const struct kpptp_call_info *info)
{
	fprintf(out, "%scall", format_bold(out, true));
	print_fields(out, info, KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER), " %s %s");
	print_fields(out, info, line_fields & ~(KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER)), " %s %s");
	fprintf(out, "%s\n", format_bold(out, false));
}

static void print_line(FILE *out, const char *name, const char *value)
{
	fprintf(out, "    %-*s %s\n", NAME_WIDTH, name, value);
}

static void print_counters(FILE *out, const struct kpptp_field *table, const void *base,
			   bool zeroes)
{
	const struct kpptp_field *field;
	char text[FORMAT_SIZE];
	uint64_t value;

	for (field = table; field->name; field++) {
		value = kpptp_field_get(field, base);
		if (value || zeroes)
			print_line(out, field->name, format_value(field->unit, value, text));
	}
}

void format_call(FILE *out, const struct kpptp_call_info *info)
{
	const struct kpptp_field *field;
	char text[FORMAT_SIZE];

	format_call_line(out, info);
	for (field = kpptp_call_fields; field->name; field++)
		if (info->conf.present & ~line_fields & (1U << field->attr))
			print_line(out, field->name,
				   format_value(format_unit(field, info),
						kpptp_field_get(field, info), text));
	if (!(info->conf.present & KPPTP_HAS(ACK_DELAY)))
		print_line(out, "ack-delay", "auto");
	print_counters(out, kpptp_call_stats_fields, &info->stats, false);
}

void format_net(FILE *out, const struct kpptp_net_stats *stats)
{
	fprintf(out, "%snet%s\n", format_bold(out, true), format_bold(out, false));
	print_counters(out, kpptp_net_fields, stats, true);
}
