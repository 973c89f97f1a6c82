/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network of a worker in a fuzzer: all of it on the loopback, while the worker
 * sees whatever addresses its peers are to have.
 *
 * To be included once, and linked with --wrap=accept4 and --wrap=connect.
 */
#ifndef KPPTP_FUZZ_WORKER_NET_H
#define KPPTP_FUZZ_WORKER_NET_H

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fuzz.h"

static struct sockaddr_in door; /* where the worker listens */
static struct sockaddr_in far_away; /* where it dials, whatever it thinks */
static int far_listener = -1;
static struct sockaddr_un local_door;
static struct in_addr next_address; /* of the next peer, as the worker sees it */

/* Linked with --wrap: the worker sees the addresses that we want. */
int __real_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags);
int __real_connect(int fd, const struct sockaddr *addr, socklen_t len);
int __wrap_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags);
int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len);

int __wrap_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
	int got = __real_accept4(fd, addr, len, flags);

	if (got >= 0 && addr && addr->sa_family == AF_INET)
		((struct sockaddr_in *)addr)->sin_addr = next_address;
	return got;
}

int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	if (addr->sa_family == AF_INET)
		return __real_connect(fd, (struct sockaddr *)&far_away, sizeof(far_away));
	return __real_connect(fd, addr, len);
}

static int listen_tcp(struct sockaddr_in *addr)
{
	socklen_t len = sizeof(*addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	*addr = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	must(fd >= 0);
	must(bind(fd, (struct sockaddr *)addr, len) == 0);
	must(listen(fd, 64) == 0);
	must(getsockname(fd, (struct sockaddr *)addr, &len) == 0);
	return fd;
}

static int listen_local(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	/* Autobind: an abstract name that nobody else has. */
	socklen_t len = sizeof(sa_family_t);

	local_door = (struct sockaddr_un){ .sun_family = AF_UNIX };
	must(fd >= 0);
	must(bind(fd, (struct sockaddr *)&local_door, len) == 0);
	must(listen(fd, 4) == 0);
	return fd;
}

static int connect_local(int listener)
{
	socklen_t len = sizeof(local_door);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	must(fd >= 0);
	must(getsockname(listener, (struct sockaddr *)&local_door, &len) == 0);
	must(__real_connect(fd, (struct sockaddr *)&local_door, len) == 0);
	return fd;
}

#endif /* KPPTP_FUZZ_WORKER_NET_H */
