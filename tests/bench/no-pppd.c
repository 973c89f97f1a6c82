// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Linked to kpptpd with --wrap=kpptp_dataplane_open: the daemon as it is, both
 * halves and the kernel's calls, but that it starts no pppd. What ten thousand of
 * those take is not what is to be measured.
 */
#include "worker/dataplane.h"

struct kpptp_dataplane *__real_kpptp_dataplane_open(struct event_base *base, int sock,
						    const struct kpptp_dataplane_events *events,
						    void *ctx);
struct kpptp_dataplane *__wrap_kpptp_dataplane_open(struct event_base *base, int sock,
						    const struct kpptp_dataplane_events *events,
						    void *ctx);

static int start_none(struct kpptp_dataplane *dp, uint32_t handle, struct in_addr local,
		      struct in_addr remote)
{
	(void)dp;
	(void)handle;
	(void)local;
	(void)remote;
	return 0;
}

struct kpptp_dataplane *__wrap_kpptp_dataplane_open(struct event_base *base, int sock,
						    const struct kpptp_dataplane_events *events,
						    void *ctx)
{
	static struct kpptp_dataplane_ops ops;
	struct kpptp_dataplane *dp = __real_kpptp_dataplane_open(base, sock, events, ctx);

	if (dp) {
		ops = *dp->ops;
		ops.ppp_start = start_none;
		dp->ops = &ops;
	}
	return dp;
}
