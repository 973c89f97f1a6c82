// SPDX-License-Identifier: GPL-2.0-or-later
/* The route to the server, outside the tunnel. */
#include "server_route.h"

#include <errno.h>
#include <net/if.h>
#include <netlink/socket.h>

#include "api.h"
#include "error.h"
#include "route.h"

/* The route that we made, if @made. */
static struct kpptp_route kept;
static bool made;

/* Skip our own addresses: a host route would send their packets off the host. */
static int server_route_add(struct nl_sock *sk, const struct kpptp_dialled *call,
			    struct kpptp_error *error)
{
	int err;

	err = kpptp_route_get(sk, call->local, call->peer, &kept, error);
	if (err || !kept.unicast)
		return err;
	err = kpptp_route_add(sk, &kept, error);
	if (err)
		return err == -EEXIST ? 0 : err;
	made = true;
	return 0;
}

int kpptp_server_route_keep(const struct kpptp_dialled *call, struct kpptp_error *error)
{
	struct nl_sock *sk;
	int err;

	err = kpptp_route_open(&sk, error);
	if (err)
		return err;
	err = server_route_add(sk, call, error);
	nl_socket_free(sk);
	return err;
}

int kpptp_server_route_drop(struct kpptp_error *error)
{
	struct nl_sock *sk;
	int err;

	if (!made)
		return 0;
	made = false;
	err = kpptp_route_open(&sk, error);
	if (err)
		return err;
	err = kpptp_route_del(sk, &kept, error);
	nl_socket_free(sk);
	/* It vanished with its device, or with the device's last address. */
	return err == -ESRCH || err == -ENODEV ? 0 : err;
}

bool kpptp_server_route_loops(const struct kpptp_dialled *call, const char *ifname)
{
	struct kpptp_route route;
	struct nl_sock *sk;
	bool loops;

	if (kpptp_route_open(&sk, NULL))
		return false;
	loops = !kpptp_route_get(sk, call->local, call->peer, &route, NULL) && route.device &&
		route.device == if_nametoindex(ifname);
	nl_socket_free(sk);
	return loops;
}
