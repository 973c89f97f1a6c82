// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys of the configuration file: the table, and the types of values. */
#include "settings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "config.h"
#include "field.h"
#include "link_info.h"

static int parse_bool(const struct kpptp_setting *setting, const char *text, void *member)
{
	bool *value = member;

	(void)setting;
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		return -1;
	*value = strcmp(text, "yes") == 0;
	return 0;
}

static void expect_bool(const struct kpptp_setting *setting, char *buf, size_t size)
{
	(void)setting;
	snprintf(buf, size, "yes or no");
}

static const struct kpptp_setting_type type_bool = { parse_bool, expect_bool };

static int parse_number(const struct kpptp_setting *setting, const char *text, void *member)
{
	unsigned int *value = member;
	unsigned long number;
	char *end;

	/* strtoul() would also accept signs and blanks. */
	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || number < setting->min || number > setting->max)
		return -1;
	*value = number;
	return 0;
}

static void expect_number(const struct kpptp_setting *setting, char *buf, size_t size)
{
	snprintf(buf, size, "a number from %u to %u", setting->min, setting->max);
}

static const struct kpptp_setting_type type_number = { parse_number, expect_number };

static int parse_text(const struct kpptp_setting *setting, const char *text, void *member)
{
	size_t len = strlen(text);

	if (len < setting->min || len >= setting->max)
		return -1;
	memset(member, 0, setting->max);
	memcpy(member, text, len);
	return 0;
}

static void expect_text(const struct kpptp_setting *setting, char *buf, size_t size)
{
	snprintf(buf, size, "a text of %u to %u bytes", setting->min, setting->max - 1);
}

static const struct kpptp_setting_type type_text = { parse_text, expect_text };

static int parse_path(const struct kpptp_setting *setting, const char *text, void *member)
{
	if (*text != '/')
		return -1;
	return parse_text(setting, text, member);
}

static void expect_path(const struct kpptp_setting *setting, char *buf, size_t size)
{
	snprintf(buf, size, "an absolute path of at most %u bytes", setting->max - 1);
}

static const struct kpptp_setting_type type_path = { parse_path, expect_path };

static int parse_ipv4(const struct kpptp_setting *setting, const char *text, void *member)
{
	struct in_addr *addr = member;

	(void)setting;
	/* Empty is 0.0.0.0: any address, or none, depending on the key. */
	if (!*text) {
		addr->s_addr = htonl(INADDR_ANY);
		return 0;
	}
	if (kpptp_addr_parse(text, addr, NULL) < 0)
		return -1;
	return addr->s_addr == htonl(INADDR_ANY) || kpptp_addr_is_host(*addr) ? 0 : -1;
}

static void expect_ipv4(const struct kpptp_setting *setting, char *buf, size_t size)
{
	(void)setting;
	snprintf(buf, size, "an IPv4 address of a host, such as 192.0.2.1");
}

static const struct kpptp_setting_type type_ipv4 = { parse_ipv4, expect_ipv4 };

/* A-B, or A alone. */
static int parse_range(const struct kpptp_setting *setting, const char *text, void *member)
{
	struct kpptp_range range = { 0 };
	char first[INET_ADDRSTRLEN];
	const char *last;
	size_t len;

	(void)setting;
	len = strcspn(text, "-");
	if (*text) {
		if (len >= sizeof(first))
			return -1;
		memcpy(first, text, len);
		first[len] = '\0';
		last = text[len] ? text + len + 1 : first;
		if (kpptp_addr_parse(first, &range.first, NULL) < 0 ||
		    kpptp_addr_parse(last, &range.last, NULL) < 0)
			return -1;
		if (!kpptp_addr_is_host(range.first) || !kpptp_addr_is_host(range.last) ||
		    ntohl(range.last.s_addr) < ntohl(range.first.s_addr) ||
		    ntohl(range.last.s_addr) - ntohl(range.first.s_addr) >= KPPTP_POOL_MAX)
			return -1;
	}
	memcpy(member, &range, sizeof(range));
	return 0;
}

static void expect_range(const struct kpptp_setting *setting, char *buf, size_t size)
{
	(void)setting;
	snprintf(buf, size,
		 "at most %d IPv4 addresses of hosts as FIRST-LAST, such as "
		 "192.0.2.10-192.0.2.99",
		 KPPTP_POOL_MAX);
}

static const struct kpptp_setting_type type_range = { parse_range, expect_range };

static int parse_prefix(char *text, struct kpptp_prefix *prefix)
{
	char *slash = strchr(text, '/');
	unsigned long bits = 32;
	char *end;

	if (slash) {
		*slash = '\0';
		if (slash[1] < '0' || slash[1] > '9')
			return -1;
		bits = strtoul(slash + 1, &end, 10);
		if (*end || bits > 32)
			return -1;
	}
	if (kpptp_addr_parse(text, &prefix->addr, NULL) < 0)
		return -1;
	prefix->mask.s_addr = htonl(bits ? UINT32_MAX << (32 - bits) : 0);
	/* 192.0.2.1/24 is more likely a mistake than intended. */
	return prefix->addr.s_addr & ~prefix->mask.s_addr ? -1 : 0;
}

static int parse_allow(const struct kpptp_setting *setting, const char *text, void *member)
{
	struct kpptp_allow allow = { 0 };
	char copy[1024];
	char *word, *rest;

	(void)setting;
	if (strlen(text) >= sizeof(copy))
		return -1;
	strcpy(copy, text);
	for (word = strtok_r(copy, " ,\t", &rest); word; word = strtok_r(NULL, " ,\t", &rest)) {
		if (allow.count == KPPTP_CONFIG_ALLOW_MAX ||
		    parse_prefix(word, &allow.prefix[allow.count]) < 0)
			return -1;
		allow.count++;
	}
	memcpy(member, &allow, sizeof(allow));
	return 0;
}

static void expect_allow(const struct kpptp_setting *setting, char *buf, size_t size)
{
	(void)setting;
	snprintf(buf, size,
		 "at most %d networks or addresses, such as 192.0.2.0/24 "
		 "198.51.100.7",
		 KPPTP_CONFIG_ALLOW_MAX);
}

static const struct kpptp_setting_type type_allow = { parse_allow, expect_allow };

static int parse_flow(const struct kpptp_setting *setting, const char *text, void *member)
{
	(void)setting;
	return kpptp_flow_control_parse(text, member) < 0 ? -1 : 0;
}

static void expect_flow(const struct kpptp_setting *setting, char *buf, size_t size)
{
	(void)setting;
	snprintf(buf, size, "adaptive, strict or off");
}

static const struct kpptp_setting_type type_flow = { parse_flow, expect_flow };

static int parse_link_info(const struct kpptp_setting *setting, const char *text, void *member)
{
	static const struct {
		const char *name;
		enum kpptp_call_link_info value;
	} names[] = {
		{ "never", KPPTP_LINK_INFO_NEVER },
		{ "pns", KPPTP_LINK_INFO_PNS },
		{ "both", KPPTP_LINK_INFO_BOTH },
	};
	uint32_t *value = member;
	size_t i;

	(void)setting;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].name, text) == 0) {
			*value = names[i].value;
			return 0;
		}
	}
	return -1;
}

static void expect_link_info(const struct kpptp_setting *setting, char *buf, size_t size)
{
	(void)setting;
	snprintf(buf, size, "never, pns or both");
}

static const struct kpptp_setting_type type_link_info = { parse_link_info, expect_link_info };

/* "any", or one or more ports. */
static int parse_ports(const struct kpptp_setting *setting, const char *text, void *member)
{
	const struct kpptp_setting range = { .min = 1, .max = UINT16_MAX };
	struct kpptp_ports ports = { 0 };
	unsigned int port;
	char copy[256];
	char *word, *rest;

	(void)setting;
	if (strlen(text) >= sizeof(copy))
		return -1;
	strcpy(copy, text);
	for (word = strtok_r(copy, " ,\t", &rest); word; word = strtok_r(NULL, " ,\t", &rest)) {
		if (ports.count == KPPTP_CONFIG_PORTS_MAX || parse_number(&range, word, &port) < 0)
			break;
		ports.port[ports.count++] = port;
	}
	if (strcmp(text, "any") != 0 && (word || !ports.count))
		return -1;
	memcpy(member, &ports, sizeof(ports));
	return 0;
}

static void expect_ports(const struct kpptp_setting *setting, char *buf, size_t size)
{
	(void)setting;
	snprintf(buf, size, "any, or at most %d TCP ports, such as 1723 1724",
		 KPPTP_CONFIG_PORTS_MAX);
}

static const struct kpptp_setting_type type_ports = { parse_ports, expect_ports };

/* Offset and size of a member, by its name in the struct. */
#define MEMBER(m) offsetof(struct kpptp_config, m), sizeof(((struct kpptp_config *)NULL)->m)
#define SIZE(m)	  sizeof(((struct kpptp_config *)NULL)->m)

#define BOOL(s, k, m, v, e)                                                                        \
	{                                                                                          \
		s, k, &type_bool, MEMBER(m), 0, 0, v, KPPTP_EFFECT_##e                             \
	}
#define NUMBER(s, k, m, low, high, v, e)                                                           \
	{                                                                                          \
		s, k, &type_number, MEMBER(m), low, high, v, KPPTP_EFFECT_##e                      \
	}
#define TEXT(s, k, m, v, e)                                                                        \
	{                                                                                          \
		s, k, &type_text, MEMBER(m), 0, SIZE(m), v, KPPTP_EFFECT_##e                       \
	}
#define NAME(s, k, m, v, e)                                                                        \
	{                                                                                          \
		s, k, &type_text, MEMBER(m), 1, SIZE(m), v, KPPTP_EFFECT_##e                       \
	}
#define PATHNAME(s, k, m, v, e)                                                                    \
	{                                                                                          \
		s, k, &type_path, MEMBER(m), 2, SIZE(m), v, KPPTP_EFFECT_##e                       \
	}
#define IPV4(s, k, m, v, e)                                                                        \
	{                                                                                          \
		s, k, &type_ipv4, MEMBER(m), 0, 0, v, KPPTP_EFFECT_##e                             \
	}
/* A setting of another type */
#define OTHER(s, k, t, m, v, e)                                                                    \
	{                                                                                          \
		s, k, &type_##t, MEMBER(m), 0, 0, v, KPPTP_EFFECT_##e                              \
	}

const struct kpptp_setting kpptp_settings[] = {
	BOOL("server", "enable", enable, "yes", RESTART),
	IPV4("server", "listen", listen, "0.0.0.0", RESTART),
	NUMBER("server", "port", port, 1, 65535, "1723", RESTART),
	TEXT("server", "host-name", host_name, "", NEXT),
	TEXT("server", "vendor", vendor, "kpptp", NEXT),
	OTHER("server", "allow", allow, allow, "", NOW),

	NUMBER("call", "window", window, 1, 65535, "256", NEXT),
	OTHER("call", "flow-control", flow, flow_control, "adaptive", NEXT),
	OTHER("call", "set-link-info", link_info, link_info, "pns", NEXT),

	PATHNAME("ppp", "pppd", pppd, "/usr/sbin/pppd", NEXT),
	NAME("ppp", "plugin", plugin, "kpptp.so", NEXT),
	PATHNAME("ppp", "options", options, "/etc/ppp/options.kpptpd", NEXT),
	IPV4("ppp", "local-address", local_address, "", NEXT),
	OTHER("ppp", "remote-addresses", range, remote_addresses, "", NEXT),

	PATHNAME("control", "socket", socket, "/run/kpptpd.sock", RESTART),
	TEXT("control", "group", group, "", RESTART),

	NUMBER("limits", "connections", connections, 1, 60000, "1000", NOW),
	NUMBER("limits", "half-open", half_open, 1, 60000, "100", NOW),
	NUMBER("limits", "per-address", per_address, 1, 60000, "16", NOW),
	NUMBER("limits", "connection-rate", connection_rate, 0, 100000, "0", NOW),
	NUMBER("limits", "calls", calls, 1, 65535, "1000", NOW),
	NUMBER("limits", "calls-per-connection", calls_per_connection, 1, 65535, "64", NOW),
	NUMBER("limits", "calls-per-address", calls_per_address, 1, 65535, "64", NOW),
	NUMBER("limits", "call-rate", call_rate, 0, 100000, "240", NOW),
	NUMBER("limits", "unauthenticated", unauthenticated, 1, 65535, "100", NOW),

	NAME("worker", "user", user, "kpptp", RESTART),
	PATHNAME("worker", "root", root, "/run/kpptpd", RESTART),
	OTHER("worker", "dial-ports", ports, dial_ports, "1723", RESTART),

	NUMBER("timers", "echo-interval", echo_interval, 1, 86400, "60", NEXT),
	NUMBER("timers", "reply-timeout", reply_timeout, 1, 86400, "60", NEXT),
	NUMBER("timers", "idle-timeout", idle_timeout, 0, 86400, "300", NOW),
	NUMBER("timers", "pppd-stop-timeout", pppd_stop_timeout, 1, 3600, "60", NOW),
};

const size_t kpptp_settings_count = sizeof(kpptp_settings) / sizeof(kpptp_settings[0]);

int kpptp_setting_apply(const struct kpptp_setting *setting, const char *text,
			struct kpptp_config *config)
{
	return setting->type->parse(setting, text, (char *)config + setting->offset);
}

bool kpptp_setting_differs(const struct kpptp_setting *setting, const struct kpptp_config *a,
			   const struct kpptp_config *b)
{
	/* Every type clears what it does not fill, including padding. */
	return memcmp((const char *)a + setting->offset, (const char *)b + setting->offset,
		      setting->size) != 0;
}

void kpptp_setting_copy(const struct kpptp_setting *setting, struct kpptp_config *to,
			const struct kpptp_config *from)
{
	memcpy((char *)to + setting->offset, (const char *)from + setting->offset, setting->size);
}
