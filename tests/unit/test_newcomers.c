// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls that are not authenticated yet: whose turn it is, and which is evicted. */
#include <string.h>

#include "unit.h"

#include "worker/hosts.h"
#include "worker/newcomers.h"
#include "worker/session.h"
#include "worker/tunnel.h"

#define START 1000000ULL
#define GRACE 5000ULL

static struct kpptp_newcomers all;
static struct kpptp_host hosts[4];
static struct kpptp_tunnel tunnels[4];
static struct kpptp_session sessions[16];

static int setup(void **state)
{
	(void)state;
	memset(hosts, 0, sizeof(hosts));
	memset(sessions, 0, sizeof(sessions));
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++)
		tunnels[i].host = &hosts[i];
	kpptp_newcomers_init(&all);
	return 0;
}

static struct kpptp_session *wait_at(unsigned int n, unsigned int host)
{
	sessions[n].tunnel = &tunnels[host];
	kpptp_newcomers_wait(&all, &sessions[n]);
	assert_int_equal(sessions[n].newcomer, KPPTP_NEWCOMER_WAITS);
	return &sessions[n];
}

static void run_at(unsigned int n, unsigned int host, uint64_t now)
{
	struct kpptp_session *s = wait_at(n, host);

	assert_ptr_equal(kpptp_newcomers_next(&all, 100, now), s);
	assert_int_equal(s->newcomer, KPPTP_NEWCOMER_RUNS);
}

static void served_in_order_up_to_the_limit(void **state)
{
	(void)state;
	assert_null(kpptp_newcomers_next(&all, 2, START));
	for (unsigned int i = 0; i < 3; i++)
		wait_at(i, i);
	assert_ptr_equal(kpptp_newcomers_next(&all, 2, START), &sessions[0]);
	assert_ptr_equal(kpptp_newcomers_next(&all, 2, START), &sessions[1]);
	assert_null(kpptp_newcomers_next(&all, 2, START));
	assert_int_equal(all.running_count, 2);
	assert_int_equal(all.waiting_count, 1);
	/* Authentication frees a place. */
	assert_true(kpptp_newcomers_settle(&all, &sessions[0]));
	assert_false(sessions[0].newcomer);
	assert_ptr_equal(kpptp_newcomers_next(&all, 2, START), &sessions[2]);
	assert_null(kpptp_newcomers_next(&all, 2, START));
	/* Twice has no further effect, and nobody waits any more. */
	assert_false(kpptp_newcomers_settle(&all, &sessions[0]));
	assert_false(kpptp_newcomers_settle(&all, &sessions[1]));
	assert_false(kpptp_newcomers_settle(&all, &sessions[2]));
	assert_int_equal(all.running_count, 0);
	assert_int_equal(hosts[0].newcomers + hosts[1].newcomers + hosts[2].newcomers, 0);
}

static void waiting_call_may_end(void **state)
{
	(void)state;
	wait_at(0, 0);
	wait_at(1, 1);
	assert_true(kpptp_newcomers_settle(&all, &sessions[0]));
	assert_int_equal(hosts[0].newcomers, 0);
	assert_ptr_equal(kpptp_newcomers_next(&all, 1, START), &sessions[1]);
	assert_int_equal(all.waiting_count, 0);
}

/* Nobody gets a second place before everyone has the first. */
static void address_with_the_fewest_is_next(void **state)
{
	(void)state;
	run_at(0, 0, START);
	run_at(1, 0, START);
	run_at(2, 1, START);
	wait_at(3, 0);
	wait_at(4, 1);
	wait_at(5, 2);
	assert_ptr_equal(kpptp_newcomers_next(&all, 100, START), &sessions[5]);
	assert_ptr_equal(kpptp_newcomers_next(&all, 100, START), &sessions[4]);
	assert_ptr_equal(kpptp_newcomers_next(&all, 100, START), &sessions[3]);
	/* Among equals, the oldest. */
	wait_at(6, 0);
	wait_at(7, 0);
	assert_ptr_equal(kpptp_newcomers_next(&all, 100, START), &sessions[6]);
}

static void address_with_the_most_is_evicted(void **state)
{
	(void)state;
	run_at(0, 1, START);
	run_at(1, 0, START);
	run_at(2, 0, START);
	assert_null(kpptp_newcomers_evict(&all, START + GRACE));
	wait_at(3, 2);
	/* It has had the time that it takes, not less. */
	assert_null(kpptp_newcomers_evict(&all, START + GRACE - 1));
	assert_ptr_equal(kpptp_newcomers_evict(&all, START + GRACE), &sessions[1]);
	/* One is enough for one that waits. */
	assert_null(kpptp_newcomers_evict(&all, START + GRACE));
	wait_at(4, 3);
	assert_ptr_equal(kpptp_newcomers_evict(&all, START + GRACE), &sessions[2]);
	kpptp_newcomers_settle(&all, &sessions[1]);
	kpptp_newcomers_settle(&all, &sessions[2]);
	assert_int_equal(all.evicted_count, 0);
	assert_int_equal(hosts[0].newcomers, 0);
	/* Who has one, as it will have one, need not. */
	assert_null(kpptp_newcomers_evict(&all, START + GRACE));
}

/* Time that the call spent waiting does not count against its peer. */
static void timeout_starts_with_pppd(void **state)
{
	(void)state;
	run_at(0, 0, START);
	run_at(1, 0, START);
	kpptp_newcomers_begin(&all, &sessions[0], START + 1000);
	wait_at(2, 1);
	assert_ptr_equal(kpptp_newcomers_evict(&all, START + GRACE), &sessions[1]);
	kpptp_newcomers_settle(&all, &sessions[1]);
	kpptp_newcomers_settle(&all, &sessions[2]);
	run_at(4, 0, START + 1000);
	wait_at(3, 2);
	assert_null(kpptp_newcomers_evict(&all, START + 1000 + GRACE - 1));
	assert_ptr_equal(kpptp_newcomers_evict(&all, START + 1000 + GRACE), &sessions[0]);
	/* Who has none is not given one. */
	kpptp_newcomers_settle(&all, &sessions[0]);
	kpptp_newcomers_begin(&all, &sessions[0], START);
	kpptp_newcomers_begin(&all, &sessions[3], START);
	assert_int_equal(all.running_count, 1);
	assert_ptr_equal(TAILQ_FIRST(&all.running), &sessions[4]);
	assert_ptr_equal(TAILQ_FIRST(&all.waiting), &sessions[3]);
	assert_int_equal(sessions[3].newcomer_since, 0);
}

static void no_eviction_for_the_same_address(void **state)
{
	(void)state;
	run_at(0, 0, START);
	run_at(1, 0, START);
	wait_at(2, 0);
	assert_null(kpptp_newcomers_evict(&all, START + GRACE));
	kpptp_newcomers_settle(&all, &sessions[2]);
	/* Nor for one who would then have as many. */
	run_at(3, 1, START);
	run_at(4, 0, START);
	assert_int_equal(hosts[0].newcomers, 3);
	run_at(5, 1, START);
	assert_int_equal(hosts[1].newcomers, 2);
	wait_at(7, 1);
	assert_null(kpptp_newcomers_evict(&all, START + GRACE));
}

static void waiting_call_is_evicted_first(void **state)
{
	(void)state;
	assert_null(kpptp_newcomers_yield(&all, &hosts[2]));
	hosts[0].calls = 2;
	hosts[1].calls = 3;
	wait_at(0, 0);
	wait_at(1, 1);
	wait_at(2, 1);
	assert_ptr_equal(kpptp_newcomers_yield(&all, &hosts[2]), &sessions[1]);
	hosts[2].calls = 1;
	assert_ptr_equal(kpptp_newcomers_yield(&all, &hosts[2]), &sessions[1]);
	hosts[2].calls = 2;
	assert_null(kpptp_newcomers_yield(&all, &hosts[2]));
	/* One whose pppd runs does not. */
	kpptp_newcomers_settle(&all, &sessions[0]);
	kpptp_newcomers_settle(&all, &sessions[1]);
	kpptp_newcomers_settle(&all, &sessions[2]);
	run_at(3, 1, START);
	hosts[2].calls = 1;
	assert_null(kpptp_newcomers_yield(&all, &hosts[2]));
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(served_in_order_up_to_the_limit), TEST(waiting_call_may_end),
		TEST(address_with_the_fewest_is_next), TEST(address_with_the_most_is_evicted),
		TEST(timeout_starts_with_pppd),	       TEST(no_eviction_for_the_same_address),
		TEST(waiting_call_is_evicted_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
