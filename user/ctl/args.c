// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments in pairs, "NAME VALUE". */
#include "args.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <net/if.h>

#include "addr.h"

#define USEC_MAX UINT32_MAX

/* Digits only: strtoull() would take a sign and spaces. */
static const char *read_digits(const char *text, uint64_t *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return NULL;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno ? NULL : end;
}

int args_parse_number(const char *name, const char *text, uint64_t min, uint64_t max,
		      uint64_t *value, struct kpptp_error *error)
{
	const char *end = read_digits(text, value);

	if (end && !*end && *value >= min && *value <= max)
		return 0;
	return kpptp_fail(error, -EINVAL, "%s: '%s' is not a number from %llu to %llu", name, text,
			  (unsigned long long)min, (unsigned long long)max);
}

int args_parse_time(const char *name, const char *text, uint64_t *usec, struct kpptp_error *error)
{
	static const struct {
		const char *name;
		uint32_t usec;
	} units[] = { { "us", 1 }, { "ms", 1000 }, { "s", 1000000 } };
	const char *unit;
	uint64_t number;
	size_t i;

	unit = read_digits(text, &number);
	if (unit && !*unit && !number) {
		*usec = 0;
		return 0;
	}
	for (i = 0; unit && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name) || number > USEC_MAX / units[i].usec)
			continue;
		*usec = number * units[i].usec;
		return 0;
	}
	return kpptp_fail(error, -EINVAL, "%s: '%s' is not a time such as 500us, 10ms or 1s", name,
			  text);
}

static int parse_addr(const char *name, const char *text, uint64_t *value,
		      struct kpptp_error *error)
{
	struct kpptp_error why;
	struct in_addr addr;

	if (kpptp_addr_parse(text, &addr, &why))
		return kpptp_fail(error, -EINVAL, "%s: %s", name, why.text);
	*value = addr.s_addr;
	return 0;
}

static int parse_flow_control(const char *name, const char *text, uint64_t *value,
			      struct kpptp_error *error)
{
	uint32_t mode;

	if (kpptp_flow_control_parse(text, &mode))
		return kpptp_fail(error, -EINVAL, "%s: '%s' is not off, strict or adaptive", name,
				  text);
	*value = mode;
	return 0;
}

static int parse_mark(const char *name, const char *text, uint64_t *value,
		      struct kpptp_error *error)
{
	bool hex = !strncmp(text, "0x", 2);
	char *end;

	if (!hex)
		return args_parse_number(name, text, 0, UINT32_MAX, value, error);
	/* Saturate on overflow. */
	*value = strtoull(text, &end, 16);
	if (!*end && *value <= UINT32_MAX)
		return 0;
	return kpptp_fail(error, -EINVAL, "%s: '%s' is not a mark such as 7 or 0x1f", name, text);
}

static int parse_device(const char *name, const char *text, uint64_t *value,
			struct kpptp_error *error)
{
	*value = 0;
	if (!strcmp(text, "none"))
		return 0;
	*value = if_nametoindex(text);
	if (*value)
		return 0;
	return kpptp_fail(error, -EINVAL, "%s: there is no device '%s'", name, text);
}

static int parse_df(const char *name, const char *text, uint64_t *value, struct kpptp_error *error)
{
	*value = !strcmp(text, "on") ? KPPTP_DF_ON : KPPTP_DF_OFF;
	if (*value == KPPTP_DF_ON || !strcmp(text, "off"))
		return 0;
	return kpptp_fail(error, -EINVAL, "%s: '%s' is neither on nor off", name, text);
}

/* A keyword that stands for a number, or a number up to @max. */
static int parse_or(const char *word, uint64_t meaning, const char *name, const char *text,
		    uint64_t max, uint64_t *value, struct kpptp_error *error)
{
	if (strcmp(text, word))
		return args_parse_number(name, text, 0, max, value, error);
	*value = meaning;
	return 0;
}

/* A name as in ip-netns(8), or any path. The caller owns the descriptor. */
static int parse_netns(const char *name, const char *text, uint64_t *value,
		       struct kpptp_error *error)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s%s", strchr(text, '/') ? "" : "/run/netns/", text);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return kpptp_fail(error, -EINVAL, "%s: cannot open the network namespace '%s': %s",
				  name, path, strerror(errno));
	*value = fd;
	return 0;
}

static int parse_value(const struct kpptp_field *field, const char *text, uint64_t *value,
		       struct kpptp_error *error)
{
	uint64_t max = UINT64_MAX >> (64 - 8 * field->size);

	switch (field->unit) {
	case KPPTP_UNIT_IPV4:
		return parse_addr(field->name, text, value, error);
	case KPPTP_UNIT_USEC:
		if (field->attr == KPPTP_A_CALL_ACK_DELAY && !strcmp(text, "auto")) {
			*value = KPPTP_ACK_DELAY_AUTO;
			return 0;
		}
		return args_parse_time(field->name, text, value, error);
	case KPPTP_UNIT_FLOW_CONTROL:
		return parse_flow_control(field->name, text, value, error);
	case KPPTP_UNIT_MARK:
		return parse_mark(field->name, text, value, error);
	case KPPTP_UNIT_DEVICE:
		return parse_device(field->name, text, value, error);
	case KPPTP_UNIT_TTL:
		return parse_or("auto", 0, field->name, text, UINT8_MAX, value, error);
	case KPPTP_UNIT_DSCP:
		return parse_or("inherit", KPPTP_DSCP_INHERIT, field->name, text,
				KPPTP_DSCP_INHERIT - 1, value, error);
	case KPPTP_UNIT_DF:
		return parse_df(field->name, text, value, error);
	case KPPTP_UNIT_NETNS:
		return parse_netns(field->name, text, value, error);
	default:
		return args_parse_number(field->name, text, 0, max, value, error);
	}
}

static int parse_pair(const char *name, const char *text, uint32_t allowed,
		      struct kpptp_call_conf *conf, struct kpptp_error *error)
{
	const struct kpptp_field *field;
	uint64_t value;
	uint32_t bit;
	int err;

	field = kpptp_field_find(kpptp_call_fields, name);
	bit = field ? 1U << field->attr : 0;
	if (!(bit & allowed))
		return kpptp_fail(error, -EINVAL, "unknown argument '%s'", name);
	if (!text)
		return kpptp_fail(error, -EINVAL, "'%s' needs a value", name);
	if (conf->present & bit)
		return kpptp_fail(error, -EINVAL, "'%s' is given twice", name);
	err = parse_value(field, text, &value, error);
	if (err)
		return err;
	conf->present |= bit;
	return kpptp_field_set(field, conf, value);
}

int args_parse_conf(int argc, char **argv, uint32_t allowed, uint32_t required,
		    struct kpptp_call_conf *conf, struct kpptp_error *error)
{
	const struct kpptp_field *field;
	int i, err;

	memset(conf, 0, sizeof(*conf));
	for (i = 0; i < argc; i += 2) {
		err = parse_pair(argv[i], i + 1 < argc ? argv[i + 1] : NULL, allowed, conf, error);
		if (err)
			return err;
	}
	for (field = kpptp_call_fields; field->name; field++)
		if (required & ~conf->present & (1U << field->attr))
			return kpptp_fail(error, -EINVAL, "'%s' is missing", field->name);
	return 0;
}

int args_parse_key(int argc, char **argv, struct kpptp_call_key *key, struct kpptp_error *error)
{
	struct kpptp_call_conf conf;
	int err;

	err = args_parse_conf(argc, argv, ARGS_KEY | KPPTP_HAS(NETNS_COOKIE), ARGS_KEY, &conf,
			      error);
	key->local = conf.local;
	key->peer = conf.peer;
	key->id = conf.id;
	key->netns_cookie = conf.netns_cookie;
	return err;
}
