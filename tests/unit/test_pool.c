// SPDX-License-Identifier: GPL-2.0-or-later
/* pool.c: the peers' PPP addresses. */
#include <arpa/inet.h>

#include "config.h"
#include "monitor/pool.h"
#include "unit.h"

static struct in_addr ip(const char *text)
{
	struct in_addr addr;

	assert_int_equal(inet_pton(AF_INET, text, &addr), 1);
	return addr;
}

#define assert_address(addr, text) assert_int_equal(ntohl((addr).s_addr), ntohl(ip(text).s_addr))

static void takes_all_then_none(void **state)
{
	struct kpptp_pool *pool = kpptp_pool_new(ip("192.0.2.254"), ip("192.0.3.1"));

	(void)state;
	assert_non_null(pool);
	assert_int_equal(kpptp_pool_available(pool), 4);
	assert_address(kpptp_pool_take(pool), "192.0.2.254");
	assert_address(kpptp_pool_take(pool), "192.0.2.255");
	assert_address(kpptp_pool_take(pool), "192.0.3.0");
	assert_address(kpptp_pool_take(pool), "192.0.3.1");
	assert_address(kpptp_pool_take(pool), "0.0.0.0");
	assert_int_equal(kpptp_pool_available(pool), 0);
	kpptp_pool_put(pool, ip("192.0.3.0"));
	assert_int_equal(kpptp_pool_available(pool), 1);
	assert_address(kpptp_pool_take(pool), "192.0.3.0");
	kpptp_pool_free(pool);
}

static void reuse_is_delayed(void **state)
{
	struct kpptp_pool *pool = kpptp_pool_new(ip("192.0.2.1"), ip("192.0.2.3"));
	struct in_addr first;

	(void)state;
	first = kpptp_pool_take(pool);
	assert_address(first, "192.0.2.1");
	kpptp_pool_put(pool, first);
	assert_address(kpptp_pool_take(pool), "192.0.2.2");
	assert_address(kpptp_pool_take(pool), "192.0.2.3");
	assert_address(kpptp_pool_take(pool), "192.0.2.1");
	kpptp_pool_free(pool);
}

static void reserved_is_not_given(void **state)
{
	struct kpptp_pool *pool = kpptp_pool_new(ip("192.0.2.1"), ip("192.0.2.2"));

	(void)state;
	kpptp_pool_reserve(pool, ip("192.0.2.1"));
	kpptp_pool_reserve(pool, ip("192.0.2.1"));
	assert_int_equal(kpptp_pool_available(pool), 1);
	assert_address(kpptp_pool_take(pool), "192.0.2.2");
	assert_address(kpptp_pool_take(pool), "0.0.0.0");
	kpptp_pool_free(pool);
}

static void foreign_addresses_change_nothing(void **state)
{
	struct kpptp_pool *pool = kpptp_pool_new(ip("192.0.2.1"), ip("192.0.2.2"));

	(void)state;
	kpptp_pool_put(pool, ip("192.0.2.0"));
	kpptp_pool_put(pool, ip("192.0.2.3"));
	kpptp_pool_put(pool, ip("0.0.0.0"));
	kpptp_pool_put(pool, ip("192.0.2.1"));
	kpptp_pool_reserve(pool, ip("192.0.2.0"));
	kpptp_pool_reserve(pool, ip("192.0.2.3"));
	kpptp_pool_reserve(pool, ip("255.255.255.255"));
	assert_int_equal(kpptp_pool_available(pool), 2);
	kpptp_pool_free(pool);
}

static void refuses_bad_ranges(void **state)
{
	struct kpptp_pool *pool;

	(void)state;
	assert_null(kpptp_pool_new(ip("192.0.2.2"), ip("192.0.2.1")));
	assert_null(kpptp_pool_new(ip("10.0.0.0"), ip("10.1.0.0")));
	pool = kpptp_pool_new(ip("10.0.0.0"), ip("10.0.255.255"));
	assert_non_null(pool);
	assert_int_equal(kpptp_pool_available(pool), KPPTP_POOL_MAX);
	kpptp_pool_free(pool);
	pool = kpptp_pool_new(ip("192.0.2.7"), ip("192.0.2.7"));
	assert_address(kpptp_pool_take(pool), "192.0.2.7");
	kpptp_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_all_then_none),
		cmocka_unit_test(reuse_is_delayed),
		cmocka_unit_test(reserved_is_not_given),
		cmocka_unit_test(foreign_addresses_change_nothing),
		cmocka_unit_test(refuses_bad_ranges),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
