// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: which sockets listen, as the kernel tells it, and whose they are. */

#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/un.h>

#include "../../user/ctl/doctor_diag.c"
#include "../../user/ctl/doctor_owner.c"
#include "../../user/ctl/doctor_run.c"
#include "unit.h"

/* A reply of these bytes, with an attribute unless @len is negative. */
static struct nl_msg *reply_of(const void *head, size_t size, int type, const void *data, int len)
{
	struct nl_msg *msg = nlmsg_alloc_simple(SOCK_DIAG_BY_FAMILY, 0);

	assert_non_null(msg);
	assert_int_equal(nlmsg_append(msg, (void *)head, size, NLMSG_ALIGNTO), 0);
	if (len >= 0)
		assert_int_equal(nla_put(msg, type, len, data), 0);
	return msg;
}

static void tcp_listeners(void **state)
{
	static const struct {
		const char *src;
		uint8_t state;
		int v6_only; /* -1: no such attribute */
		int ret;
		const char *addr;
	} cases[] = {
		{ "0.0.0.0", TCP_LISTEN, -1, 1, "0.0.0.0" },
		{ "192.0.2.1", TCP_LISTEN, -1, 1, "192.0.2.1" },
		{ "192.0.2.1", TCP_ESTABLISHED, -1, 0, NULL },
		{ "::", TCP_LISTEN, 0, 1, "0.0.0.0" },
		{ "::", TCP_LISTEN, -1, 1, "0.0.0.0" },
		{ "::", TCP_LISTEN, 1, 0, NULL },
		{ "::ffff:192.0.2.1", TCP_LISTEN, 0, 1, "192.0.2.1" },
		{ "fe80::1:7f00:1", TCP_LISTEN, 0, 0, NULL },
		{ "::1", TCP_LISTEN, 0, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int family = strchr(cases[i].src, ':') ? AF_INET6 : AF_INET;
		uint8_t v6_only = cases[i].v6_only;
		struct inet_diag_msg diag = {
			.idiag_family = family,
			.idiag_state = cases[i].state,
			.id.idiag_sport = htons(1723),
			.idiag_inode = 1076,
		};
		struct doctor_listener one = { 0 };
		struct nl_msg *msg;

		inet_pton(family, cases[i].src, diag.id.idiag_src);
		msg = reply_of(&diag, sizeof(diag), INET_DIAG_SKV6ONLY, &v6_only,
			       cases[i].v6_only < 0 ? -1 : 1);
		if (read_tcp(nlmsg_hdr(msg), &one) != cases[i].ret)
			fail_msg("%zu: %s", i, cases[i].src);
		nlmsg_free(msg);
		if (!cases[i].addr)
			continue;
		assert_int_equal(one.port, 1723);
		assert_int_equal(one.inode, 1076);
		assert_string_equal(inet_ntoa(one.addr), cases[i].addr);
	}
}

#define FULL                                                                                       \
	"/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345"

static void local_listeners(void **state)
{
	static const struct {
		const char *name;
		int len; /* -1: no name */
		uint8_t type, state;
		int ret;
		const char *path;
	} cases[] = {
		{ "/run/kpptpd.sock", 17, SOCK_STREAM, TCP_LISTEN, 1, "/run/kpptpd.sock" },
		{ "/run/no zero byte", 17, SOCK_STREAM, TCP_LISTEN, 1, "/run/no zero byte" },
		{ "\0abstract", 9, SOCK_STREAM, TCP_LISTEN, 1, "@abstract" },
		{ FULL "7", 108, SOCK_STREAM, TCP_LISTEN, 1, FULL "7" },
		{ FULL "7", 109, SOCK_STREAM, TCP_LISTEN, 1, FULL "7" },
		{ FULL "78", 110, SOCK_STREAM, TCP_LISTEN, -EBADMSG, NULL },
		{ "\0", 1, SOCK_STREAM, TCP_LISTEN, 0, NULL },
		{ "", 0, SOCK_STREAM, TCP_LISTEN, 0, NULL },
		{ NULL, -1, SOCK_STREAM, TCP_LISTEN, 0, NULL },
		{ "/run/kpptpd.sock", 17, SOCK_STREAM, TCP_ESTABLISHED, 0, NULL },
		{ "/run/udev/control", 18, SOCK_SEQPACKET, TCP_LISTEN, 0, NULL },
	};

	(void)state;
	assert_int_equal(strlen(FULL "7"), sizeof(((struct sockaddr_un *)0)->sun_path));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct unix_diag_msg diag = {
			.udiag_family = AF_UNIX,
			.udiag_type = cases[i].type,
			.udiag_state = cases[i].state,
			.udiag_ino = 1531,
		};
		struct doctor_listener one = { 0 };
		struct nl_msg *msg;

		msg = reply_of(&diag, sizeof(diag), UNIX_DIAG_NAME, cases[i].name, cases[i].len);
		if (read_local(nlmsg_hdr(msg), &one) != cases[i].ret)
			fail_msg("%zu", i);
		nlmsg_free(msg);
		if (!cases[i].path)
			continue;
		assert_string_equal(one.path, cases[i].path);
		assert_int_equal(one.inode, 1531);
	}
}

/* A message shorter than its struct, or an attribute longer than the message. */
static void cut_replies_are_refused(void **state)
{
	const struct inet_diag_msg tcp = { .idiag_state = TCP_LISTEN };
	const struct unix_diag_msg local = { .udiag_state = TCP_LISTEN, .udiag_type = SOCK_STREAM };
	struct doctor_listener one = { 0 };
	struct nl_msg *msg;

	(void)state;
	for (size_t size = 0; size < sizeof(tcp); size += NLMSG_ALIGNTO) {
		msg = reply_of(&tcp, size, 0, NULL, -1);
		assert_int_equal(read_tcp(nlmsg_hdr(msg), &one), -EBADMSG);
		nlmsg_free(msg);
	}
	for (size_t size = 0; size < sizeof(local); size += NLMSG_ALIGNTO) {
		msg = reply_of(&local, size, 0, NULL, -1);
		assert_int_equal(read_local(nlmsg_hdr(msg), &one), -EBADMSG);
		nlmsg_free(msg);
	}
	msg = reply_of(&tcp, sizeof(tcp), INET_DIAG_SKV6ONLY, NULL, 0);
	assert_int_equal(read_tcp(nlmsg_hdr(msg), &one), -EBADMSG);
	nlmsg_free(msg);
	msg = reply_of(&local, sizeof(local), UNIX_DIAG_NAME, "/run", 4);
	nlmsg_find_attr(nlmsg_hdr(msg), sizeof(local), UNIX_DIAG_NAME)->nla_len = 100;
	assert_int_equal(read_local(nlmsg_hdr(msg), &one), 0);
	nlmsg_free(msg);
}

static void kpptpd_is_preferred(void **state)
{
	struct doctor_listener list[] = { { .inode = 1 }, { .inode = 2 } };
	struct doctor_listeners all = { list, ARRAY_SIZE(list) };

	(void)state;
	note_owner(&all, 1, "systemd", "1");
	note_owner(&all, 1, "kpptpd", "20");
	note_owner(&all, 1, "socat", "30");
	note_owner(&all, 3, "socat", "30");
	assert_string_equal(list[0].owner, "kpptpd");
	assert_string_equal(list[0].pid, "20");
	assert_true(doctor_owner_is_kpptpd(&list[0]));
	assert_string_equal(list[1].owner, "");
	assert_false(doctor_owner_is_kpptpd(&list[1]));
}

static const struct doctor_listener *find_ours(const struct doctor_listeners *all, const char *path,
					       unsigned int port)
{
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->list[i].path, path) && all->list[i].port == port)
			return &all->list[i];
	return NULL;
}

static int listen_on(const void *addr, socklen_t len, int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, addr, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

/* The kernel names sockets of ours, or says that it cannot. */
static void our_own_are_found(void **state)
{
	const struct sockaddr_un sun = { AF_UNIX, "\0kpptp-test" };
	struct sockaddr_in sin = { .sin_family = AF_INET };
	const struct doctor_listener *one;
	struct doctor_listeners all = { 0 };
	socklen_t len = sizeof(sin);
	struct kpptp_error error;
	char pid[16];
	int fds[2];

	(void)state;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fds[0] = listen_on(&sin, sizeof(sin), AF_INET);
	fds[1] = listen_on(&sun, offsetof(struct sockaddr_un, sun_path) + 11, AF_UNIX);
	assert_int_equal(getsockname(fds[0], (struct sockaddr *)&sin, &len), 0);
	if (doctor_diag_tcp(&all, &error) == -ENOENT ||
	    doctor_diag_local(&all, &error) == -ENOENT) {
		assert_non_null(strstr(error.text, "_diag"));
		skip();
	}
	assert_true(doctor_owner_find(&all));
	snprintf(pid, sizeof(pid), "%d", getpid());
	one = find_ours(&all, "", ntohs(sin.sin_port));
	assert_non_null(one);
	assert_int_equal(one->addr.s_addr, sin.sin_addr.s_addr);
	assert_string_equal(one->pid, pid);
	one = find_ours(&all, "@kpptp-test", 0);
	assert_non_null(one);
	assert_string_equal(one->pid, pid);
	free(all.list);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_listeners),	   cmocka_unit_test(local_listeners),
		cmocka_unit_test(cut_replies_are_refused), cmocka_unit_test(kpptpd_is_preferred),
		cmocka_unit_test(our_own_are_found),
	};

	return cmocka_run_group_tests_name("ctl_doctor_diag", tests, NULL, NULL);
}
