// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl's arguments. */

#include <stdio.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/stat.h>

#include "../../user/ctl/args.c"
#include "unit.h"

#define MAX_WORDS 32
#define KEY	  "local 192.0.2.1 peer 192.0.2.2 id 7"
#define KEY_HAS	  (KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER) | KPPTP_HAS(ID))
#define SETTABLE  (KEY_HAS | KPPTP_HAS(PEER_ID) | KPPTP_HAS(ACK_DELAY))

static int parse(const char *line, uint32_t allowed, uint32_t required,
		 struct kpptp_call_conf *conf, struct kpptp_error *error)
{
	char copy[512], *words[MAX_WORDS], *save, *word;
	int n = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok_r(copy, " ", &save); word && n < MAX_WORDS;
	     word = strtok_r(NULL, " ", &save))
		words[n++] = word;
	return args_parse_conf(n, words, allowed, required, conf, error);
}

/* All valid values, and the numbers they are parsed to. */
static void test_values(void **state)
{
	static const struct {
		const char *pair;
		uint64_t value;
	} cases[] = {
		{ "id 0", 0 },
		{ "id 65535", 65535 },
		{ "peer-id 0", 0 },
		{ "window 64", 64 },
		{ "peer-window 3", 3 },
		{ "peer-ppd 5", 5 },
		{ "flow-control off", KPPTP_FLOW_CONTROL_OFF },
		{ "flow-control strict", KPPTP_FLOW_CONTROL_STRICT },
		{ "flow-control adaptive", KPPTP_FLOW_CONTROL_ADAPTIVE },
		{ "ack-delay 0", 0 },
		{ "ack-delay 500us", 500 },
		{ "ack-delay 10ms", 10000 },
		{ "reorder-time 1s", 1000000 },
		{ "reorder-time 4294s", 4294000000 },
		{ "reorder-packets 512", 512 },
		{ "mark 7", 7 },
		{ "mark 0xffffffff", 0xffffffff },
		{ "device none", 0 },
		{ "device lo", 1 },
		{ "ttl auto", 0 },
		{ "ttl 255", 255 },
		{ "dscp 63", 63 },
		{ "dscp inherit", KPPTP_DSCP_INHERIT },
		{ "df on", KPPTP_DF_ON },
		{ "df off", KPPTP_DF_OFF },
		{ "netns-cookie 18446744073709551615", UINT64_MAX },
		{ "ack-delay 4294967295us", UINT32_MAX },
		{ "mark 0", 0 },
		{ "mark 010", 10 },
		{ "mark 0x010", 16 },
		{ "mark 4294967295", UINT32_MAX },
		{ "dscp 0", 0 },
		{ "ttl 1", 1 },
	};
	const struct kpptp_field *field;
	struct kpptp_call_conf conf;
	struct kpptp_error error;
	char name[32];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (parse(cases[i].pair, ~0U, 0, &conf, &error))
			fail_msg("%s: %s", cases[i].pair, error.text);
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(cases[i].pair, " "),
			 cases[i].pair);
		field = kpptp_field_find(kpptp_call_fields, name);
		assert_int_equal(conf.present, 1U << field->attr);
		assert_int_equal(kpptp_field_get(field, &conf), cases[i].value);
	}
}

static void test_refusals(void **state)
{
	static const struct {
		const char *line;
		const char *words;
	} cases[] = {
		{ "id", "'id' needs a value" },
		{ "id 1 id 2", "'id' is given twice" },
		{ "id -1", "'-1' is not a number" },
		{ "id +1", "'+1' is not a number" },
		{ "id 65536", "'65536' is not a number from 0 to 65535" },
		{ "id 0x10", "'0x10' is not a number" },
		{ "id 99999999999999999999", "is not a number" },
		{ "id 7x", "'7x' is not a number" },
		/* One more than there is room for. */
		{ "netns-cookie 18446744073709551616", "is not a number" },
		{ "ack-delay 18446744073709551616us", "is not a time" },
		{ "ack-delay 4294967296us", "is not a time" },
		{ "reorder-packets 4294967296", "from 0 to 4294967295" },
		{ "local 192.0.2", "local: '192.0.2' is not an IPv4 address" },
		{ "peer 2001:db8::1", "peer: '2001:db8::1'" },
		{ "flow-control maybe", "not off, strict or adaptive" },
		{ "ack-delay 10", "'10' is not a time" },
		{ "ack-delay 10m", "'10m' is not a time" },
		{ "ack-delay ms", "'ms' is not a time" },
		{ "ack-delay 1.5ms", "is not a time" },
		{ "reorder-time 4295s", "is not a time" },
		{ "reorder-time auto", "'auto' is not a time" },
		{ "mark 0x", "'0x' is not a mark" },
		{ "mark 0x100000000", "is not a mark" },
		{ "mark 0x-1", "is not a mark" },
		{ "mark 0x+1", "is not a mark" },
		{ "mark 0x0x1", "is not a mark" },
		{ "mark 0x1g", "is not a mark" },
		{ "mark 0x10000000000000001", "is not a mark" },
		{ "mark -1", "'-1' is not a number" },
		{ "device no-such-device", "there is no device 'no-such-device'" },
		{ "ttl 256", "from 0 to 255" },
		{ "dscp 64", "from 0 to 63" },
		{ "df maybe", "neither on nor off" },
		{ "ppp-netns /no/such/netns", "'/no/such/netns'" },
		{ "ppp-netns no-such-netns", "'/run/netns/no-such-netns'" },
		{ "colour blue", "unknown argument 'colour'" },
	};
	struct kpptp_call_conf conf;
	struct kpptp_error error;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		error.text[0] = '\0';
		assert_int_equal(parse(cases[i].line, ~0U, 0, &conf, &error), -EINVAL);
		if (!strstr(error.text, cases[i].words))
			fail_msg("%s: '%s' does not say '%s'", cases[i].line, error.text,
				 cases[i].words);
	}
}

/* As dial has them: 0 is no port. */
static void test_least(void **state)
{
	struct kpptp_error error;
	uint64_t value;

	(void)state;
	assert_int_equal(args_parse_number("port", "1", 1, 65535, &value, &error), 0);
	assert_int_equal(value, 1);
	assert_int_equal(args_parse_number("port", "0", 1, 65535, &value, &error), -EINVAL);
	assert_string_equal(error.text, "port: '0' is not a number from 1 to 65535");
}

/* Any path will do, and its descriptor is what is meant. */
static void test_netns(void **state)
{
	const struct kpptp_field *field;
	struct stat wanted, got;
	struct kpptp_call_conf conf;
	struct kpptp_error error;
	int fd;

	(void)state;
	assert_int_equal(parse("ppp-netns /proc/self/ns/net", ~0U, 0, &conf, &error), 0);
	field = kpptp_field_find(kpptp_call_fields, "ppp-netns");
	fd = kpptp_field_get(field, &conf);
	assert_int_equal(fstat(fd, &got), 0);
	assert_int_equal(stat("/proc/self/ns/net", &wanted), 0);
	assert_int_equal(got.st_ino, wanted.st_ino);
	close(fd);
}

static void test_allowed_and_required(void **state)
{
	struct kpptp_call_conf conf;
	struct kpptp_error error;

	(void)state;
	assert_int_equal(parse(KEY " peer-id 9", SETTABLE, KEY_HAS, &conf, &error), 0);
	assert_int_equal(conf.present, KEY_HAS | KPPTP_HAS(PEER_ID));
	assert_int_equal(parse(KEY " window 9", SETTABLE, KEY_HAS, &conf, &error), -EINVAL);
	assert_string_equal(error.text, "unknown argument 'window'");
	assert_int_equal(parse("local 192.0.2.1 id 3", SETTABLE, KEY_HAS, &conf, &error), -EINVAL);
	assert_string_equal(error.text, "'peer' is missing");
	/* Attributes that only the kernel sets are not arguments. */
	assert_int_equal(parse("channel 3", SETTABLE | KPPTP_HAS(WINDOW), 0, &conf, &error),
			 -EINVAL);
}

static void test_ack_delay_auto(void **state)
{
	struct kpptp_call_conf conf;
	struct kpptp_error error;

	(void)state;
	assert_int_equal(parse(KEY " ack-delay auto", SETTABLE, KEY_HAS, &conf, &error), 0);
	assert_int_equal(conf.present, KEY_HAS | KPPTP_HAS(ACK_DELAY));
	assert_int_equal(conf.ack_delay, KPPTP_ACK_DELAY_AUTO);
	assert_int_equal(parse(KEY " reorder-time auto", SETTABLE, KEY_HAS, &conf, &error),
			 -EINVAL);
}

static void test_key(void **state)
{
	char *words[] = {
		"local", "192.0.2.1", "id", "7", "peer", "192.0.2.2", "netns-cookie", "9"
	};
	struct kpptp_call_key key;
	struct kpptp_error error;

	(void)state;
	assert_int_equal(args_parse_key(6, words, &key, &error), 0);
	assert_int_equal(key.local.s_addr, htonl(0xc0000201));
	assert_int_equal(key.peer.s_addr, htonl(0xc0000202));
	assert_int_equal(key.id, 7);
	assert_int_equal(key.netns_cookie, 0);
	assert_int_equal(args_parse_key(8, words, &key, &error), 0);
	assert_int_equal(key.netns_cookie, 9);
	assert_int_equal(args_parse_key(4, words, &key, &error), -EINVAL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_netns),
		cmocka_unit_test(test_allowed_and_required),
		cmocka_unit_test(test_ack_delay_auto),
		cmocka_unit_test(test_key),
	};

	return cmocka_run_group_tests_name("ctl_args", tests, NULL, NULL);
}
