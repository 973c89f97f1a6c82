// SPDX-License-Identifier: GPL-2.0-or-later
/* Who is connected, by address, see hosts.h. */
#include "hosts.h"

#include <stdlib.h>

#include "server.h"
#include "tunnel.h"

/* Neighbours differ in the low octets of their addresses: all count. */
static struct kpptp_host_chain *chain_of(struct kpptp_hosts *hosts,
					 struct in_addr addr)
{
	uint32_t hash = ntohl(addr.s_addr) * 0x9e3779b1U;

	return &hosts->chains[(hash >> 16) % KPPTP_HOST_CHAINS];
}

void kpptp_hosts_init(struct kpptp_hosts *hosts)
{
	unsigned int i;

	for (i = 0; i < KPPTP_HOST_CHAINS; i++)
		LIST_INIT(&hosts->chains[i]);
	TAILQ_INIT(&hosts->half_open);
	hosts->half_open_count = 0;
}

struct kpptp_host *kpptp_hosts_find(struct kpptp_hosts *hosts,
				    struct in_addr addr)
{
	struct kpptp_host *host;

	LIST_FOREACH(host, chain_of(hosts, addr), chain)
		if (host->addr.s_addr == addr.s_addr)
			return host;
	return NULL;
}

int kpptp_hosts_add(struct kpptp_hosts *hosts, struct kpptp_tunnel *t)
{
	struct kpptp_host *host = kpptp_hosts_find(hosts, t->peer);

	if (!host) {
		host = calloc(1, sizeof(*host));
		if (!host)
			return -1;
		host->addr = t->peer;
		TAILQ_INIT(&host->tunnels);
		LIST_INSERT_HEAD(chain_of(hosts, t->peer), host, chain);
	}
	t->host = host;
	TAILQ_INSERT_TAIL(&host->tunnels, t, host_entry);
	if (!t->originator)
		host->accepted++;
	return 0;
}

void kpptp_hosts_remove(struct kpptp_hosts *hosts, struct kpptp_tunnel *t)
{
	struct kpptp_host *host = t->host;

	kpptp_hosts_settled(hosts, t);
	TAILQ_REMOVE(&host->tunnels, t, host_entry);
	if (!t->originator)
		host->accepted--;
	if (TAILQ_EMPTY(&host->tunnels)) {
		LIST_REMOVE(host, chain);
		free(host);
	}
}

void kpptp_hosts_opened(struct kpptp_hosts *hosts, struct kpptp_tunnel *t)
{
	t->half_open = true;
	t->half_open_since = kpptp_server_now();
	TAILQ_INSERT_TAIL(&hosts->half_open, t, half_open_entry);
	hosts->half_open_count++;
	t->host->half_open++;
}

void kpptp_hosts_settled(struct kpptp_hosts *hosts, struct kpptp_tunnel *t)
{
	if (!t->half_open)
		return;
	t->half_open = false;
	TAILQ_REMOVE(&hosts->half_open, t, half_open_entry);
	hosts->half_open_count--;
	t->host->half_open--;
}

struct kpptp_tunnel *kpptp_hosts_victim(const struct kpptp_hosts *hosts)
{
	struct kpptp_tunnel *t, *victim = NULL;

	TAILQ_FOREACH(t, &hosts->half_open, half_open_entry)
		if (!victim || t->host->half_open > victim->host->half_open)
			victim = t;
	return victim;
}
