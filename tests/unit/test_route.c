// SPDX-License-Identifier: GPL-2.0-or-later
/* route.c against the kernel, in a network namespace of its own. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <netlink/socket.h>

#include "route.h"
#include "unit.h"

static struct nl_sock *sk;
static struct in_addr loopback, other;

static int setup(void **state)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	(void)state;
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
	inet_pton(AF_INET, "127.0.0.1", &loopback);
	inet_pton(AF_INET, "192.0.2.1", &other);
	assert_int_equal(kpptp_route_open(&sk, NULL), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	nl_socket_free(sk);
	return 0;
}

static void skip_without_namespace(void)
{
	if (!sk)
		skip();
}

static void route_to_ourselves(void **state)
{
	struct kpptp_error error = { "" };
	struct kpptp_route route;

	(void)state;
	skip_without_namespace();
	assert_int_equal(kpptp_route_get(sk, loopback, loopback, &route, &error), 0);
	assert_int_equal(route.device, if_nametoindex("lo"));
	assert_int_equal(route.to.s_addr, loopback.s_addr);
	assert_false(route.unicast);
	assert_int_equal(route.hop_type, 0);
}

static void missing_route_is_reported(void **state)
{
	struct kpptp_error error = { "" };
	struct kpptp_route route;

	(void)state;
	skip_without_namespace();
	assert_int_equal(kpptp_route_get(sk, loopback, other, &route, &error), -ENETUNREACH);
	assert_string_equal(error.text, "route to 192.0.2.1: Network is unreachable");
}

static void a_host_route_comes_and_goes(void **state)
{
	const struct kpptp_route ours = { .to = other, .device = if_nametoindex("lo") };
	struct kpptp_error error = { "" };
	struct kpptp_route route;

	(void)state;
	skip_without_namespace();
	assert_int_equal(kpptp_route_add(sk, &ours, &error), 0);
	assert_int_equal(kpptp_route_get(sk, loopback, other, &route, &error), 0);
	assert_true(route.unicast);
	assert_int_equal(route.device, ours.device);
	assert_int_equal(kpptp_route_add(sk, &ours, &error), -EEXIST);
	assert_int_equal(kpptp_route_del(sk, &ours, &error), 0);
	assert_int_equal(kpptp_route_del(sk, &ours, &error), -ESRCH);
	assert_int_equal(kpptp_route_get(sk, loopback, other, &route, &error), -ENETUNREACH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(route_to_ourselves),
		cmocka_unit_test(missing_route_is_reported),
		cmocka_unit_test(a_host_route_comes_and_goes),
	};

	return cmocka_run_group_tests_name("route", tests, setup, teardown);
}
