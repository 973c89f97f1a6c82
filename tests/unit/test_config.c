// SPDX-License-Identifier: GPL-2.0-or-later
/* Unit tests of config.c and settings.c: good files, and each kind of error. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "field.h"
#include "settings.h"
#include "unit.h"

/* What was reported, one line an error. */
struct reports {
	int count;
	char text[8192];
};

static void report(void *ctx, const char *text)
{
	struct reports *r = ctx;

	r->count++;
	strncat(r->text, text, sizeof(r->text) - strlen(r->text) - 2);
	strcat(r->text, "\n");
}

static int read_text(struct kpptp_config *config, const char *text, struct reports *r)
{
	char path[] = "/tmp/kpptp-test-config.XXXXXX";
	int fd = mkstemp(path), ret;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	memset(r, 0, sizeof(*r));
	ret = kpptp_config_read(config, path, false, report, r);
	unlink(path);
	return ret;
}

static void defaults_are_the_documented_ones(void **state)
{
	struct kpptp_config c;

	(void)state;
	kpptp_config_defaults(&c);
	assert_true(c.enable);
	assert_int_equal(c.listen.s_addr, htonl(INADDR_ANY));
	assert_int_equal(c.port, 1723);
	assert_string_equal(c.vendor, "kpptp");
	assert_int_equal(c.allow.count, 0);
	assert_int_equal(c.window, 256);
	assert_int_equal(c.flow_control, KPPTP_FLOW_CONTROL_ADAPTIVE);
	assert_string_equal(c.pppd, "/usr/sbin/pppd");
	assert_string_equal(c.options, "/etc/ppp/options.kpptpd");
	assert_int_equal(c.remote_addresses.first.s_addr, 0);
	assert_string_equal(c.socket, "/run/kpptpd.sock");
	assert_int_equal(c.connections, 1000);
	assert_int_equal(c.half_open, 100);
	assert_int_equal(c.per_address, 16);
	assert_int_equal(c.calls, 1000);
	assert_int_equal(c.calls_per_connection, 64);
	assert_int_equal(c.calls_per_address, 64);
	assert_string_equal(c.user, "kpptp");
	assert_int_equal(c.echo_interval, 60);
	assert_int_equal(c.reply_timeout, 60);
	assert_int_equal(c.idle_timeout, 300);
	assert_int_equal(c.call_rate, 240);
	assert_int_equal(c.unauthenticated, 100);
	assert_int_equal(c.pppd_stop_timeout, 60);
}

static void a_good_file(void **state)
{
	static const char text[] = "# a comment\n"
				   "; another\n"
				   "[server]\n"
				   "enable = no\n"
				   "listen=192.0.2.1\n"
				   "port = 1724\n"
				   "host-name = vpn.example\n"
				   "allow = 192.0.2.0/24, 198.51.100.7 203.0.113.128/25\n"
				   "\n"
				   "[call]\n"
				   "window = 16\n"
				   "flow-control = strict\n"
				   "[ppp]\n"
				   "local-address = 10.0.0.1\n"
				   "remote-addresses = 10.0.0.10-10.0.0.99\n"
				   "[limits]\n"
				   "connections = 10\n"
				   "half-open = 10\n"
				   "[timers]\n"
				   "echo-interval = 5";
	struct kpptp_config c;
	struct reports r;

	(void)state;
	if (read_text(&c, text, &r) != 0)
		fail_msg("refused: %s", r.text);
	assert_int_equal(r.count, 0);
	assert_false(c.enable);
	assert_int_equal(c.listen.s_addr, inet_addr("192.0.2.1"));
	assert_int_equal(c.port, 1724);
	assert_string_equal(c.host_name, "vpn.example");
	assert_int_equal(c.allow.count, 3);
	assert_int_equal(c.window, 16);
	assert_int_equal(c.flow_control, KPPTP_FLOW_CONTROL_STRICT);
	assert_int_equal(c.remote_addresses.first.s_addr, inet_addr("10.0.0.10"));
	assert_int_equal(c.remote_addresses.last.s_addr, inet_addr("10.0.0.99"));
	assert_int_equal(c.echo_interval, 5);
	/* A key that is not there has its default. */
	assert_string_equal(c.vendor, "kpptp");
}

static void allow_list(void **state)
{
	static const struct {
		const char *addr;
		bool allowed;
	} cases[] = {
		{ "192.0.2.0", true },	    { "192.0.2.255", true },   { "192.0.3.0", false },
		{ "192.0.1.255", false },   { "198.51.100.7", true },  { "198.51.100.8", false },
		{ "203.0.113.127", false }, { "203.0.113.128", true },
	};
	struct in_addr addr;
	struct kpptp_config c;
	struct reports r;
	size_t i;

	(void)state;
	read_text(&c, "[server]\nallow=192.0.2.0/24 198.51.100.7 203.0.113.128/25\n", &r);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		addr.s_addr = inet_addr(cases[i].addr);
		assert_int_equal(kpptp_config_allows(&c, addr), cases[i].allowed);
	}
	kpptp_config_defaults(&c);
	assert_true(kpptp_config_allows(&c, addr));
	read_text(&c, "[server]\nallow=0.0.0.0/0\n", &r);
	assert_int_equal(c.allow.count, 1);
	assert_true(kpptp_config_allows(&c, addr));
}

/* Each file has exactly one error; the report must have all of @expect. */
static const struct {
	const char *text;
	const char *expect[4];
} errors[] = {
	{ "[server]\nport = 0\n", { ":2:", "[server] port", "\"0\"", "from 1 to 65535" } },
	{ "[server]\nport = 65536\n", { ":2:", "[server] port", "65535" } },
	{ "[server]\nport = -1\n", { ":2:", "[server] port" } },
	{ "[server]\nport = +1\n", { ":2:", "[server] port" } },
	{ "[server]\nport = 0x10\n", { ":2:", "[server] port" } },
	{ "[server]\nport = 17 23\n", { ":2:", "[server] port" } },
	{ "[server]\nport =\n", { ":2:", "[server] port" } },
	{ "[server]\nport = 99999999999999999999999\n", { ":2:", "port" } },
	{ "[server]\n\nport = 1 # x\n", { ":3:", "[server] port" } },
	{ "[server]\nenable = maybe\n", { ":2:", "enable", "yes or no" } },
	{ "[server]\nlisten = ::1\n", { ":2:", "listen", "IPv4 address" } },
	{ "[server]\nlisten = 1.2.3\n", { ":2:", "listen" } },
	{ "[server]\nallow = 192.0.2.1/24\n", { ":2:", "allow", "networks" } },
	{ "[server]\nallow = 192.0.2.0/33\n", { ":2:", "allow" } },
	{ "[server]\nallow = 192.0.2.0/\n", { ":2:", "allow" } },
	{ "[server]\nallow = host.example\n", { ":2:", "allow" } },
	{ "[server]\nhost-name = "
	  "1234567890123456789012345678901234567890123456789012345678901234\n",
	  { ":2:", "host-name", "63 bytes" } },
	{ "[call]\nflow-control = loose\n",
	  { ":2:", "flow-control", "\"loose\"", "adaptive, strict or off" } },
	{ "[call]\nset-link-info = yes\n", { ":2:", "set-link-info", "never, pns or both" } },
	{ "[call]\nwindow = 0\n", { ":2:", "[call] window" } },
	{ "[ppp]\npppd = pppd\n", { ":2:", "pppd", "absolute path" } },
	{ "[ppp]\nplugin =\n", { ":2:", "plugin" } },
	{ "[ppp]\nlocal-address=10.0.0.1\nremote-addresses = "
	  "10.0.0.9-10.0.0.1\n",
	  { ":3:", "remote-addresses", "FIRST-LAST" } },
	{ "[ppp]\nlocal-address=10.0.0.1\nremote-addresses = "
	  "10.0.0.1-10.1.0.1\n",
	  { ":3:", "remote-addresses", "65536" } },
	{ "[ppp]\nlocal-address=10.0.0.1\nremote-addresses = 10.0.0.1-\n",
	  { ":3:", "remote-addresses" } },
	{ "[ppp]\nlocal-address=224.0.0.1\n", { ":2:", "local-address", "address of a host" } },
	{ "[ppp]\nlocal-address=255.255.255.255\n",
	  { ":2:", "local-address", "address of a host" } },
	{ "[server]\nlisten=239.255.255.255\n", { ":2:", "listen", "address of a host" } },
	{ "[ppp]\nlocal-address=10.0.0.1\nremote-addresses = "
	  "223.255.255.250-224.0.0.5\n",
	  { ":3:", "remote-addresses", "addresses of hosts" } },
	{ "[ppp]\nlocal-address=10.0.0.1\nremote-addresses = 0.0.0.0-0.0.0.9\n",
	  { ":3:", "remote-addresses", "addresses of hosts" } },
	{ "[ppp]\nremote-addresses = 10.0.0.1-10.0.0.9\n",
	  { "remote-addresses", "local-address" } },
	{ "[limits]\nconnections=5\nhalf-open=6\n", { "half-open", "connections (5)" } },
	{ "[worker]\ndial-ports =\n", { ":2:", "dial-ports", "any, or" } },
	{ "[worker]\ndial-ports = 0\n", { ":2:", "dial-ports" } },
	{ "[worker]\ndial-ports = 1723 65536\n", { ":2:", "dial-ports" } },
	{ "[worker]\ndial-ports = 1723 any\n", { ":2:", "dial-ports" } },
	{ "[worker]\ndial-ports = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n",
	  { ":2:", "dial-ports", "at most 16" } },
	{ "[worker]\nuser =\n", { ":2:", "[worker] user" } },
	{ "[server]\nprot = 1\n", { ":2:", "[server] prot", "unknown key" } },
	{ "[sever]\nport = 1\n", { ":1:", "unknown section [sever]" } },
	{ "[server]\n[sever]\n", { ":2:", "unknown section [sever]" } },
	{ "port = 1\n", { ":1:", "port", "[section]" } },
	{ "[server]\nport\n", { ":2:", "key = value" } },
	{ "[server\n", { ":1:", "[section]" } },
	{ "[server] port = 1\n", { ":1:", "[section]" } },
	{ "[]\n", { ":1:", "[section]" } },
	{ "[server]\n= 1\n", { ":2:", "key = value" } },
	/* Indented lines do not continue the previous one. */
	{ "[server]\nvendor = one\n  two\n", { ":3:", "key = value" } },
	{ "[server]\n  vendor = one\n  vendor = two\n", { ":3:", "[server] vendor", "twice" } },
	{ "[server]\nport = 1\nlisten = 0.0.0.0\nport = 2\n",
	  { ":4:", "[server] port", "twice", "line 2" } },
};

static void each_kind_of_error(void **state)
{
	struct kpptp_config c;
	struct reports r;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		if (read_text(&c, errors[i].text, &r) != -1)
			fail_msg("accepted: %s", errors[i].text);
		for (j = 0; j < 4 && errors[i].expect[j]; j++)
			if (!strstr(r.text, errors[i].expect[j]))
				fail_msg("no \"%s\" in: %s", errors[i].expect[j], r.text);
	}
}

static void all_errors_are_listed(void **state)
{
	struct kpptp_config c;
	struct reports r;

	(void)state;
	assert_int_equal(read_text(&c, "[server]\nport=x\nnope=1\n[call]\nwindow=0\n", &r), -1);
	assert_int_equal(r.count, 3);
	assert_non_null(strstr(r.text, ":2:"));
	assert_non_null(strstr(r.text, ":3:"));
	assert_non_null(strstr(r.text, ":5:"));
}

static void a_line_that_is_too_long(void **state)
{
	char text[4000] = "[server]\nvendor = ";
	struct kpptp_config c;
	struct reports r;

	(void)state;
	memset(text + strlen(text), 'x', 3000);
	strcat(text, "\nport = 0\n");
	assert_int_equal(read_text(&c, text, &r), -1);
	assert_non_null(strstr(r.text, ":2: the line is too long"));
	/* The lines after it still have their own numbers. */
	assert_non_null(strstr(r.text, ":3: [server] port"));
}

/* Syntax on which distributions' builds of the parser differ. */
static void lines_of_every_form(void **state)
{
	static const char text[] = "\xEF\xBB\xBF[ server ] ; the first section\r\n"
				   "\tport: 1724\r\n"
				   "  vendor =  a = b: c;d # e   ; a comment\n"
				   "host-name = ; nothing\n"
				   "\n"
				   "  # [call]\n"
				   "[worker]\n"
				   "user = someone";
	struct kpptp_config c;
	struct reports r;

	(void)state;
	if (read_text(&c, text, &r) != 0)
		fail_msg("refused: %s", r.text);
	assert_int_equal(c.port, 1724);
	assert_string_equal(c.vendor, "a = b: c;d # e");
	assert_string_equal(c.host_name, "");
	assert_string_equal(c.user, "someone");
}

/* Lines far above the 200 bytes that INI parsers have room for by default. */
static void a_long_line(void **state)
{
	char text[1400] = "[server]\nallow =", path[256] = "/";
	struct kpptp_config c;
	struct reports r;
	int i;

	(void)state;
	for (i = 1; i <= KPPTP_CONFIG_ALLOW_MAX; i++)
		snprintf(text + strlen(text), 20, " 10.0.%d.0/24", i);
	memset(path + 1, 'x', 254);
	snprintf(text + strlen(text), 300, "\n[ppp]\npppd = %s\n", path);
	if (read_text(&c, text, &r) != 0)
		fail_msg("refused: %s", r.text);
	assert_int_equal(c.allow.count, KPPTP_CONFIG_ALLOW_MAX);
	assert_int_equal(c.allow.prefix[63].addr.s_addr, inet_addr("10.0.64.0"));
	assert_string_equal(c.pppd, path);
	assert_int_equal(strlen(c.pppd), 255);
}

static void the_longest_line(void **state)
{
	char text[1300] = "[server]\n#";
	struct kpptp_config c;
	struct reports r;

	(void)state;
	/* 1,200 bytes with the newline. */
	memset(text + strlen(text), 'x', 1198);
	strcat(text, "\n");
	assert_int_equal(read_text(&c, text, &r), 0);
	text[strlen(text) - 1] = '\0';
	strcat(text, "x\n");
	assert_int_equal(read_text(&c, text, &r), -1);
	assert_non_null(strstr(r.text, ":2: the line is too long"));
}

static void a_zero_byte(void **state)
{
	char path[] = "/tmp/kpptp-test-config.XXXXXX";
	static const char text[] = "[server]\nvendor = a\0b\n";
	struct reports r = { 0 };
	struct kpptp_config c;
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	assert_int_equal(kpptp_config_read(&c, path, false, report, &r), -1);
	unlink(path);
	assert_int_equal(r.count, 1);
	assert_non_null(strstr(r.text, ":2: a zero byte"));
}

/* A directory can be opened, but not read. */
static void unreadable_file(void **state)
{
	struct reports r = { 0 };
	struct kpptp_config c;

	(void)state;
	assert_int_equal(kpptp_config_read(&c, "/tmp", true, report, &r), -1);
	assert_int_equal(r.count, 1);
	assert_non_null(strstr(r.text, "/tmp: cannot read"));
}

static void dial_ports(void **state)
{
	struct kpptp_config c;
	struct reports r;

	(void)state;
	kpptp_config_defaults(&c);
	assert_true(kpptp_config_dials(&c, 1723));
	assert_false(kpptp_config_dials(&c, 1724));
	read_text(&c,
		  "[worker]\ndial-ports = 1, 65535 3 4 5 6 7 8 9 10 11 12 "
		  "13 14 15 16\n",
		  &r);
	assert_int_equal(r.count, 0);
	assert_int_equal(c.dial_ports.count, 16);
	assert_true(kpptp_config_dials(&c, 1));
	assert_true(kpptp_config_dials(&c, 65535));
	assert_true(kpptp_config_dials(&c, 16));
	assert_false(kpptp_config_dials(&c, 1723));
	read_text(&c, "[worker]\ndial-ports = any\n", &r);
	assert_int_equal(r.count, 0);
	assert_true(kpptp_config_dials(&c, 1724));
}

static void a_missing_file(void **state)
{
	struct reports r = { 0 };
	struct kpptp_config c;

	(void)state;
	assert_int_equal(kpptp_config_read(&c, "/nonexistent/kpptpd.conf", true, report, &r), 0);
	assert_int_equal(c.port, 1723);
	assert_int_equal(kpptp_config_read(&c, "/nonexistent/kpptpd.conf", false, report, &r), -1);
	assert_int_equal(r.count, 1);
	assert_non_null(strstr(r.text, "/nonexistent/kpptpd.conf"));
}

/* The example has every key, with its default, and nothing else. */
static void the_example_is_complete(void **state)
{
	static const char *const paths[] = { "examples/kpptpd.conf", "user/examples/kpptpd.conf",
					     "../user/examples/kpptpd.conf",
					     "../../user/examples/kpptpd.conf" };
	struct kpptp_config example, defaults;
	struct reports r = { 0 };
	char text[16384] = "";
	const char *path = NULL;
	char line[128];
	FILE *file;
	size_t i;

	(void)state;
	for (i = 0; i < 4 && !path; i++)
		if (access(paths[i], R_OK) == 0)
			path = paths[i];
	if (!path)
		fail_msg("run this test from the top or from user/: the "
			 "example is not found");
	if (kpptp_config_read(&example, path, false, report, &r) != 0)
		fail_msg("%s", r.text);
	kpptp_config_defaults(&defaults);
	assert_memory_equal(&example, &defaults, sizeof(defaults));
	file = fopen(path, "r");
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	for (i = 0; i < kpptp_settings_count; i++) {
		snprintf(line, sizeof(line), "\n%s = %s", kpptp_settings[i].key,
			 kpptp_settings[i].value);
		/* An empty value has no blank at the line's end. */
		if (!*kpptp_settings[i].value)
			line[strlen(line) - 1] = '\n';
		if (!strstr(text, line))
			fail_msg("%s lacks \"%s\"", path, line + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_the_documented_ones),
		cmocka_unit_test(a_good_file),
		cmocka_unit_test(allow_list),
		cmocka_unit_test(each_kind_of_error),
		cmocka_unit_test(all_errors_are_listed),
		cmocka_unit_test(a_line_that_is_too_long),
		cmocka_unit_test(dial_ports),
		cmocka_unit_test(lines_of_every_form),
		cmocka_unit_test(a_long_line),
		cmocka_unit_test(the_longest_line),
		cmocka_unit_test(a_zero_byte),
		cmocka_unit_test(unreadable_file),
		cmocka_unit_test(a_missing_file),
		cmocka_unit_test(the_example_is_complete),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
