// SPDX-License-Identifier: GPL-2.0
/*
 * Find calls in network namespaces that can no longer be entered.
 */
#include "netns.h"

#include <linux/rtnetlink.h>
#include <linux/rwsem.h>
#include <net/net_namespace.h>

#include "call.h"

static bool netns_has_calls(const struct net *net)
{
	return !xa_empty(&kpptp_net_of(net)->calls);
}

/* Namespaces on the list have our state: it is set up before and freed after. */
static struct net *netns_lowest(u64 cookie)
{
	struct net *net, *best = NULL;

	lockdep_assert_held(&net_rwsem);

	for_each_net(net) {
		if (net->net_cookie < cookie || (best && net->net_cookie > best->net_cookie))
			continue;
		if (netns_has_calls(net))
			best = net;
	}
	return best;
}

struct kpptp_net *kpptp_netns_next(u64 cookie)
{
	struct net *net;

	down_read(&net_rwsem);
	/* Skip a dying namespace, whose last call has just gone. */
	while ((net = netns_lowest(cookie)) && !maybe_get_net(net))
		cookie = net->net_cookie + 1;
	up_read(&net_rwsem);
	return net ? kpptp_net_of(net) : NULL;
}

void kpptp_netns_put(struct kpptp_net *kn)
{
	put_net(kn->net);
}
