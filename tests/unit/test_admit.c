// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Admission: who may open a control connection, and rate limits. Each limit is tested
 * at its last value and one beyond; the test controls the time.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "unit.h"

#include "worker/admit.h"
#include "config.h"
#include "worker/rate.h"
#include "wire.h"

#define SECOND 1000

/* Count how many events are allowed at once. */
static unsigned int burst(struct kpptp_rate *rate, unsigned int count, unsigned int period,
			  uint64_t now)
{
	unsigned int n = 0;

	while (n < 1000 && kpptp_rate_allows(rate, count, period, now))
		n++;
	return n;
}

static void a_full_bucket_holds_the_count(void **state)
{
	struct kpptp_rate rate = { 0 };

	(void)state;
	assert_int_equal(burst(&rate, 3, SECOND, 5000), 3);
	assert_int_equal(burst(&rate, 3, SECOND, 5000), 0);
}

/* A third of the period brings a third of the count, to the millisecond. */
static void it_fills_at_its_rate(void **state)
{
	struct kpptp_rate rate = { 0 };

	(void)state;
	burst(&rate, 3, SECOND, 5000);
	assert_false(kpptp_rate_allows(&rate, 3, SECOND, 5333));
	assert_true(kpptp_rate_allows(&rate, 3, SECOND, 5334));
	assert_false(kpptp_rate_allows(&rate, 3, SECOND, 5334));
	/* Refused attempts do not delay the refill. */
	assert_false(kpptp_rate_allows(&rate, 3, SECOND, 5500));
	assert_true(kpptp_rate_allows(&rate, 3, SECOND, 5667));
	assert_false(kpptp_rate_allows(&rate, 3, SECOND, 5667));
}

static void it_does_not_overflow(void **state)
{
	struct kpptp_rate rate = { 0 };

	(void)state;
	assert_true(kpptp_rate_allows(&rate, 3, SECOND, 5000));
	assert_int_equal(burst(&rate, 3, SECOND, 5999), 3);
	assert_int_equal(burst(&rate, 3, SECOND, 6999), 3);
	assert_int_equal(burst(&rate, 3, SECOND, 1000000), 3);
	/* Nor do frequent attempts. */
	for (uint64_t now = 1001000; now < 1003000; now += 100)
		kpptp_rate_allows(&rate, 3, SECOND, now);
	assert_in_range(burst(&rate, 3, SECOND, 1003000), 0, 1);
}

static void period_of_a_minute(void **state)
{
	struct kpptp_rate rate = { 0 };

	(void)state;
	assert_int_equal(burst(&rate, 2, 60000, 1), 2);
	assert_int_equal(burst(&rate, 2, 60000, 30000), 0);
	assert_int_equal(burst(&rate, 2, 60000, 30001), 1);
	assert_int_equal(burst(&rate, 2, 60000, 90001), 2);
}

static void zero_count_is_unlimited(void **state)
{
	struct kpptp_rate rate = { 0 };

	(void)state;
	assert_int_equal(burst(&rate, 0, SECOND, 5000), 1000);
}

static struct kpptp_admission admit(const struct kpptp_config *config, unsigned int connections,
				    unsigned int from_address, bool room)
{
	const struct kpptp_admit_load load = { connections, from_address, room };
	const struct in_addr peer = { htonl(0xc0000202) };
	struct kpptp_admission out;
	struct kpptp_rate rate = { 0 };

	memset(&out, 0xa5, sizeof(out));
	kpptp_admit(&out, config, &load, &rate, peer, 1000);
	return out;
}

static void assert_refused(const struct kpptp_admission *a, uint8_t result, uint8_t error,
			   const char *text)
{
	assert_int_equal(a->verdict, KPPTP_ADMIT_REFUSE);
	assert_int_equal(a->result, result);
	assert_int_equal(a->error, error);
	assert_false(a->make_room);
	assert_non_null(strstr(a->text, text));
}

static void limits(struct kpptp_config *config)
{
	memset(config, 0, sizeof(*config));
	config->connections = 10;
	config->per_address = 2;
}

static void limit_per_address(void **state)
{
	struct kpptp_admission a;
	struct kpptp_config config;

	(void)state;
	limits(&config);
	a = admit(&config, 5, 1, false);
	assert_int_equal(a.verdict, KPPTP_ADMIT_YES);
	assert_false(a.make_room);
	for (unsigned int n = 2; n <= 3; n++) {
		a = admit(&config, 5, n, true);
		assert_refused(&a, KPPTP_RESULT_GENERAL_ERROR, KPPTP_ERR_NO_RESOURCE,
			       "per-address=2");
	}
	for (unsigned int n = 4; n <= 5; n++) {
		a = admit(&config, 5, n, true);
		assert_int_equal(a.verdict, KPPTP_ADMIT_DROP);
		assert_false(a.make_room);
		assert_non_null(strstr(a.text, "twice the limit "
					       "per-address=2"));
	}
}

static void limit_of_connections(void **state)
{
	struct kpptp_admission a;
	struct kpptp_config config;

	(void)state;
	limits(&config);
	a = admit(&config, 9, 0, true);
	assert_int_equal(a.verdict, KPPTP_ADMIT_YES);
	assert_false(a.make_room);
	for (unsigned int n = 10; n <= 11; n++) {
		a = admit(&config, n, 0, false);
		assert_refused(&a, KPPTP_RESULT_GENERAL_ERROR, KPPTP_ERR_NO_RESOURCE,
			       "connections=10");
		/* A connection without a call is evicted. */
		a = admit(&config, n, 0, true);
		assert_int_equal(a.verdict, KPPTP_ADMIT_YES);
		assert_true(a.make_room);
	}
}

static void allow_list(void **state)
{
	struct kpptp_admission a;
	struct kpptp_config config;

	(void)state;
	limits(&config);
	config.allow.count = 1;
	config.allow.prefix[0].addr.s_addr = htonl(0xc6336400);
	config.allow.prefix[0].mask.s_addr = htonl(0xffffff00);
	/* Not on the allow list: that is the reason, even if the server is full. */
	a = admit(&config, 10, 3, true);
	assert_refused(&a, KPPTP_SCCRP_NOT_AUTHORIZED, KPPTP_ERR_NONE, "\"allow\"");
	a = admit(&config, 10, 4, true);
	assert_int_equal(a.verdict, KPPTP_ADMIT_DROP);
}

static void limit_of_rate(void **state)
{
	const struct kpptp_admit_load load = { 10, 0, true };
	const struct in_addr peer = { htonl(0xc0000202) };
	struct kpptp_rate rate = { 0 };
	struct kpptp_admission a;
	struct kpptp_config config;

	(void)state;
	limits(&config);
	config.connection_rate = 2;
	for (int i = 0; i < 2; i++) {
		kpptp_admit(&a, &config, &load, &rate, peer, 1000);
		assert_int_equal(a.verdict, KPPTP_ADMIT_YES);
	}
	kpptp_admit(&a, &config, &load, &rate, peer, 1499);
	assert_int_equal(a.verdict, KPPTP_ADMIT_DROP);
	/* Nobody is evicted for a connection that is refused. */
	assert_false(a.make_room);
	assert_non_null(strstr(a.text, "connection-rate=2"));
	kpptp_admit(&a, &config, &load, &rate, peer, 1500);
	assert_int_equal(a.verdict, KPPTP_ADMIT_YES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_bucket_holds_the_count),
		cmocka_unit_test(it_fills_at_its_rate),
		cmocka_unit_test(it_does_not_overflow),
		cmocka_unit_test(period_of_a_minute),
		cmocka_unit_test(zero_count_is_unlimited),
		cmocka_unit_test(limit_per_address),
		cmocka_unit_test(limit_of_connections),
		cmocka_unit_test(allow_list),
		cmocka_unit_test(limit_of_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
