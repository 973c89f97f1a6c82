// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl's output: the structure of its JSON, and its text. */

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <json-c/json.h>

#include "../../user/ctl/format.c"
#include "../../user/ctl/format_json.c"
#include "unit.h"

static const struct kpptp_call_info call = {
	.conf = {
		.present = KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER) | KPPTP_HAS(ID) |
			   KPPTP_HAS(PEER_ID) | KPPTP_HAS(CHANNEL) |
			   KPPTP_HAS(WINDOW) | KPPTP_HAS(PEER_PPD) |
			   KPPTP_HAS(FLOW_CONTROL) | KPPTP_HAS(REORDER_TIME) |
			   KPPTP_HAS(STATS),
		.local = { 0x010200c0 },
		.peer = { 0x020200c0 },
		.id = 4660,
		.peer_id = 0,
		.window = 64,
		.peer_ppd = 5,
		.flow_control = KPPTP_FLOW_CONTROL_ADAPTIVE,
		.reorder_time = 100000,
	},
	.channel = 3,
	.stats = {
		.tx_packets = 1234,
		.tx_bytes = 1234567,
		.rx_bytes = UINT64_MAX,
		.rtt = 10200,
	},
};

static void check_json(struct json_object *object, const char *expected)
{
	struct json_object *want = json_tokener_parse(expected);

	assert_non_null(want);
	if (!json_object_equal(object, want))
		fail_msg("%s\nis not\n%s", json_object_to_json_string(object), expected);
	json_object_put(want);
}

static void test_call_json(void **state)
{
	struct json_object *object = format_call_json(&call);
	const struct kpptp_field *field;
	struct json_object *stats;

	(void)state;
	assert_true(json_object_object_get_ex(object, "stats", &stats));
	/* Every counter is there, 0 or not. */
	for (field = kpptp_call_stats_fields; field->name; field++) {
		struct json_object *value;

		assert_true(json_object_object_get_ex(stats, field->name, &value));
		assert_int_equal(json_object_get_uint64(value),
				 kpptp_field_get(field, &call.stats));
	}
	json_object_object_del(object, "stats");
	check_json(object, "{\"id\":4660,\"local\":\"192.0.2.1\",\"peer\":\"192.0.2.2\","
			   "\"peer-id\":0,\"channel\":3,\"owned\":false,\"window\":64,"
			   "\"peer-ppd\":5,\"flow-control\":\"adaptive\","
			   "\"reorder-time\":100000}");
	json_object_put(object);
}

/* A call that has no peer's Call ID yet does not claim that it is 0, nor one
 * whose end is told that nobody owned it.
 */
static void test_absent_is_absent(void **state)
{
	struct kpptp_call_info info = {
		.conf.present = KPPTP_HAS(ID) | KPPTP_HAS(REASON),
		.reason = KPPTP_DEL_REASON_OWNER,
	};
	struct json_object *object = format_call_json(&info);

	(void)state;
	check_json(object, "{\"id\":0,\"reason\":\"owner\"}");
	json_object_put(object);
}

static void test_net_json(void **state)
{
	struct kpptp_net_stats stats = { .calls = 2, .rx_no_call = 9 };
	struct json_object *object = format_net_json(&stats);

	(void)state;
	check_json(object, "{\"calls\":2,\"rx-no-call\":9,\"rx-malformed\":0,"
			   "\"rx-truncated\":0,\"rx-not-host\":0,"
			   "\"held-bytes\":0,\"held-limit\":0,"
			   "\"call-limit\":0}");
	json_object_put(object);
}

static void test_values(void **state)
{
	static const struct {
		enum kpptp_unit unit;
		uint64_t value;
		const char *text;
	} cases[] = {
		{ KPPTP_UNIT_NUMBER, 65535, "65535" },
		{ KPPTP_UNIT_COUNT, UINT64_MAX, "18446744073709551615" },
		{ KPPTP_UNIT_BYTES, 0, "0 B" },
		{ KPPTP_UNIT_BYTES, 1023, "1023 B" },
		{ KPPTP_UNIT_BYTES, 1024, "1.0 KiB" },
		{ KPPTP_UNIT_BYTES, 1024 * 1024 - 1024, "1023.0 KiB" },
		{ KPPTP_UNIT_BYTES, 1024 * 1024, "1.0 MiB" },
		{ KPPTP_UNIT_BYTES, 1536 * 1024, "1.5 MiB" },
		{ KPPTP_UNIT_BYTES, 1ULL << 50, "1.0 PiB" },
		{ KPPTP_UNIT_BYTES, UINT64_MAX, "16384.0 PiB" },
		{ KPPTP_UNIT_USEC, 0, "0 us" },
		{ KPPTP_UNIT_USEC, 999, "999 us" },
		{ KPPTP_UNIT_USEC, 1000, "1 ms" },
		{ KPPTP_UNIT_USEC, 10200, "10.2 ms" },
		{ KPPTP_UNIT_USEC, 123400, "123.4 ms" },
		{ KPPTP_UNIT_USEC, 999900, "999.9 ms" },
		{ KPPTP_UNIT_USEC, 1000000, "1 s" },
		{ KPPTP_UNIT_USEC, 1500000, "1.5 s" },
		{ KPPTP_UNIT_TENTHS, 5, "0.5 s" },
		{ KPPTP_UNIT_IPV4, 0x010200c0, "192.0.2.1" },
		{ KPPTP_UNIT_FLOW_CONTROL, KPPTP_FLOW_CONTROL_OFF, "off" },
		{ KPPTP_UNIT_FLOW_CONTROL, 9, "unknown (9)" },
		{ KPPTP_UNIT_REASON, KPPTP_DEL_REASON_OWNER, "owner" },
		{ KPPTP_UNIT_FLAG, 1, "yes" },
		{ KPPTP_UNIT_FLAG, 0, "no" },
		{ KPPTP_UNIT_MARK, 0x1f, "0x1f" },
		{ KPPTP_UNIT_DEVICE, 0, "none" },
		{ KPPTP_UNIT_DEVICE, 1, "lo" },
		{ KPPTP_UNIT_DEVICE, 0x7fffffff, "if2147483647" },
		{ KPPTP_UNIT_TTL, 0, "auto" },
		{ KPPTP_UNIT_TTL, 1, "1" },
		{ KPPTP_UNIT_DSCP, KPPTP_DSCP_INHERIT, "inherit" },
		{ KPPTP_UNIT_DSCP, 0, "0" },
		{ KPPTP_UNIT_DF, KPPTP_DF_ON, "on" },
		{ KPPTP_UNIT_DF, KPPTP_DF_OFF, "off" },
	};
	char text[FORMAT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(format_value(cases[i].unit, cases[i].value, text),
				    cases[i].text);
}

static char *print_to_string(void (*print)(FILE *out, const struct kpptp_call_info *info))
{
	char *text = NULL;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	assert_non_null(out);
	print(out, &call);
	fclose(out);
	return text;
}

static void test_call_text(void **state)
{
	char *text;

	(void)state;
	text = print_to_string(format_call_line);
	assert_string_equal(text,
			    "call local 192.0.2.1 peer 192.0.2.2 id 4660 peer-id 0 channel 3\n");
	free(text);

	text = print_to_string(format_call);
	assert_non_null(strstr(text, "    flow-control          adaptive\n"));
	assert_non_null(strstr(text, "    ack-delay             auto\n"));
	/* Values of the first line are not repeated. */
	assert_null(strstr(text, "    peer "));
	assert_non_null(strstr(text, "    peer-ppd              0.5 s\n"));
	assert_non_null(strstr(text, "    tx-bytes              1.2 MiB\n"));
	assert_non_null(strstr(text, "    rtt                   10.2 ms\n"));
	/* Zeros are omitted, and a file gets no escape sequences. */
	assert_null(strstr(text, "rx-lost"));
	assert_null(strchr(text, '\033'));
	free(text);
}

/* A device is named where its name is known, and the namespace's number is not ours. */
static void test_device_of_another_namespace(void **state)
{
	struct kpptp_call_info info = {
		.conf = {
			.present = KPPTP_HAS(ID) | KPPTP_HAS(DEVICE) |
				   KPPTP_HAS(REASON),
			.id = 1,
			.device = 1,
		},
	};
	struct json_object *object = format_call_json(&info);

	(void)state;
	check_json(object, "{\"id\":1,\"device\":\"lo\",\"reason\":\"request\"}");
	json_object_put(object);
	info.conf.present |= KPPTP_HAS(NETNS_COOKIE);
	info.conf.netns_cookie = UINT64_MAX;
	object = format_call_json(&info);
	check_json(object, "{\"id\":1,\"device\":1,\"reason\":\"request\","
			   "\"netns-cookie\":18446744073709551615}");
	json_object_put(object);
}

/* The line of a call that was deleted says why. */
static void test_deleted_text(void **state)
{
	static const struct kpptp_call_info info = {
		.conf = {
			.present = KPPTP_HAS(ID) | KPPTP_HAS(REASON) |
				   KPPTP_HAS(NETNS_COOKIE) | KPPTP_HAS(WINDOW),
			.id = 1,
			.netns_cookie = 3,
		},
		.reason = KPPTP_DEL_REASON_OWNER,
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	format_call_line(out, &info);
	fclose(out);
	assert_string_equal(text, "call id 1 netns-cookie 3 reason owner\n");
	free(text);
}

static void test_net_text(void **state)
{
	struct kpptp_net_stats stats = { .calls = 2 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	format_net(out, &stats);
	fclose(out);
	assert_non_null(strstr(text, "net\n    calls                 2\n"));
	assert_non_null(strstr(text, "    rx-no-call            0\n"));
	free(text);
}

/* On a terminal, unless NO_COLOR is set and not empty. */
static void test_bold(void **state)
{
	int leader = posix_openpt(O_RDWR | O_NOCTTY);
	FILE *terminal, *file = tmpfile();

	(void)state;
	assert_true(leader >= 0 && !grantpt(leader) && !unlockpt(leader));
	terminal = fopen(ptsname(leader), "r+");
	assert_non_null(terminal);
	unsetenv("NO_COLOR");
	assert_string_equal(format_bold(terminal, true), "\033[1m");
	assert_string_equal(format_bold(terminal, false), "\033[0m");
	assert_string_equal(format_bold(file, true), "");
	setenv("NO_COLOR", "", 1);
	assert_string_equal(format_bold(terminal, true), "\033[1m");
	setenv("NO_COLOR", "0", 1);
	assert_string_equal(format_bold(terminal, true), "");
	unsetenv("NO_COLOR");
	fclose(terminal);
	fclose(file);
	close(leader);
}

/* In a namespace of its own, where the only device has this name. */
static int name_the_device(const char *name)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -1;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	strcpy(request.ifr_newname, name);
	return fd < 0 ? -1 : ioctl(fd, SIOCSIFNAME, &request);
}

enum { CLEAN, DIRTY, NO_NAMESPACE };

static int odd_device(void)
{
	static const struct kpptp_field field = {
		.name = "device",
		.size = 4,
		.unit = KPPTP_UNIT_DEVICE,
	};
	uint32_t lo = 1;
	struct json_object *json;
	char text[FORMAT_SIZE];

	if (name_the_device("a\033[2J\x9b\xc2\x9b"))
		return NO_NAMESPACE;
	format_value(KPPTP_UNIT_DEVICE, lo, text);
	if (strcmp(text, "a?[2J???") != 0)
		return DIRTY;
	json = value_json(&field, field.unit, &lo);
	return strcmp(json_object_get_string(json), text) ? DIRTY : CLEAN;
}

/* A device's name cannot inject terminal controls. */
static void test_name_of_a_device(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	fflush(NULL);
	pid = fork();
	if (!pid)
		_exit(odd_device());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_NAMESPACE)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_json),
		cmocka_unit_test(test_absent_is_absent),
		cmocka_unit_test(test_net_json),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_call_text),
		cmocka_unit_test(test_device_of_another_namespace),
		cmocka_unit_test(test_deleted_text),
		cmocka_unit_test(test_net_text),
		cmocka_unit_test(test_bold),
		cmocka_unit_test(test_name_of_a_device),
	};

	return cmocka_run_group_tests_name("ctl_format", tests, NULL, NULL);
}
