// SPDX-License-Identifier: GPL-2.0-or-later
/* Which IPv4 addresses a host can have: the kernel's rule, at its boundaries. */
#include "addr.h"
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>

static bool is_host(const char *text)
{
	struct in_addr addr;

	assert_int_equal(kpptp_addr_parse(text, &addr, NULL), 0);
	return kpptp_addr_is_host(addr);
}

static void host_addresses_are_accepted(void **state)
{
	static const char *const hosts[] = {
		"0.0.0.1",	   "10.0.0.1",	"127.0.0.1", "192.0.2.0",
		"223.255.255.255", "240.0.0.0", "240.0.0.1", "255.255.255.254",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(hosts); i++)
		assert_true(is_host(hosts[i]));
}

static void other_addresses_are_rejected(void **state)
{
	static const char *const others[] = {
		"0.0.0.0",
		"224.0.0.0",
		"239.255.255.255",
		"255.255.255.255",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(is_host(others[i]));
}

static void malformed_numbers(void **state)
{
	struct kpptp_error error = { "" };
	struct in_addr addr;

	(void)state;
	assert_int_equal(kpptp_addr_parse("192.0.2", &addr, &error), -EINVAL);
	assert_string_equal(error.text, "'192.0.2' is not an IPv4 address such as 192.0.2.1");
	assert_int_equal(kpptp_addr_parse("192.0.2.256", &addr, NULL), -EINVAL);
	assert_int_equal(kpptp_addr_parse("", &addr, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_addresses_are_accepted),
		cmocka_unit_test(other_addresses_are_rejected),
		cmocka_unit_test(malformed_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
