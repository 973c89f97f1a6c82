// SPDX-License-Identifier: GPL-2.0
/*
 * Calls of network namespaces that nobody can enter any more.
 */
#include "netns.h"

#include <linux/rtnetlink.h>
#include <linux/rwsem.h>
#include <net/net_namespace.h>

#include "call.h"

static bool has_calls(const struct net *net)
{
	return !xa_empty(&kpptp_net_of(net)->calls);
}

struct kpptp_net *kpptp_netns_next(u64 cookie)
{
	struct net *net, *best = NULL;

	/* Namespaces on the list have our part: it comes before, and goes after. */
	down_read(&net_rwsem);
	for_each_net(net) {
		if (net->net_cookie < cookie ||
		    (best && net->net_cookie > best->net_cookie))
			continue;
		if (has_calls(net))
			best = net;
	}
	/* One that is dying has lost its calls since. */
	best = best ? maybe_get_net(best) : NULL;
	up_read(&net_rwsem);
	return best ? kpptp_net_of(best) : NULL;
}

void kpptp_netns_put(struct kpptp_net *kn)
{
	put_net(kn->net);
}
