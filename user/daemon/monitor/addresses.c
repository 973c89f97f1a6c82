// SPDX-License-Identifier: GPL-2.0-or-later
/* PPP addresses of the peers, see addresses.h. */
#include "addresses.h"

#include <errno.h>

#include "handles.h"
#include "monitor_conf.h"
#include "pool.h"

static bool is_any(struct in_addr addr)
{
	return addr.s_addr == htonl(INADDR_ANY);
}

static void addresses_reserve(void *ctx, struct kpptp_handle *handle)
{
	kpptp_pool_reserve(ctx, handle->remote);
}

int kpptp_addresses_set(struct kpptp_addresses *addresses, const struct kpptp_monitor_ppp *ppp,
			struct kpptp_handles *handles)
{
	struct kpptp_pool *pool = NULL;

	if (!is_any(ppp->remote_first)) {
		pool = kpptp_pool_new(ppp->remote_first, ppp->remote_last);
		if (!pool)
			return -ENOMEM;
		kpptp_pool_reserve(pool, ppp->local);
		kpptp_handles_each(handles, addresses_reserve, pool);
	}
	kpptp_pool_free(addresses->pool);
	addresses->pool = pool;
	addresses->local = ppp->local;
	return 0;
}

bool kpptp_addresses_left(const struct kpptp_addresses *addresses)
{
	return !addresses->pool || kpptp_pool_available(addresses->pool);
}

int kpptp_addresses_give(struct kpptp_addresses *addresses, struct kpptp_handle *handle)
{
	if (!addresses->pool || !is_any(handle->remote))
		return 0;
	handle->remote = kpptp_pool_take(addresses->pool);
	return is_any(handle->remote) ? -ENOSPC : 0;
}

void kpptp_addresses_take_back(struct kpptp_addresses *addresses, struct kpptp_handle *handle)
{
	/* A reload may have made the peer's address our own: do not return it. */
	if (addresses->pool && handle->remote.s_addr != addresses->local.s_addr)
		kpptp_pool_put(addresses->pool, handle->remote);
	handle->remote.s_addr = htonl(INADDR_ANY);
}

void kpptp_addresses_free(struct kpptp_addresses *addresses)
{
	kpptp_pool_free(addresses->pool);
	addresses->pool = NULL;
}
