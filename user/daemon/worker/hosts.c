// SPDX-License-Identifier: GPL-2.0-or-later
/* Peers by address, see hosts.h. */
#include "hosts.h"

#include <stdlib.h>

/* Milliseconds within which an honest peer sends its first request. */
#define HALF_OPEN_GRACE 2000

/* Maximum number of connections searched for a victim: it must be cheap. */
#define EVICT_SCAN 1024

/* Neighbours differ in the low bits of their addresses: hash them all. */
static struct kpptp_host_chain *chain_of(struct kpptp_hosts *hosts, struct in_addr addr)
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
	TAILQ_INIT(&hosts->idle);
	hosts->idle_count = 0;
}

struct kpptp_host *kpptp_hosts_find(struct kpptp_hosts *hosts, struct in_addr addr)
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
	kpptp_hosts_busy(hosts, t);
	TAILQ_REMOVE(&host->tunnels, t, host_entry);
	if (!t->originator)
		host->accepted--;
	if (TAILQ_EMPTY(&host->tunnels)) {
		LIST_REMOVE(host, chain);
		free(host);
	}
}

void kpptp_hosts_opened(struct kpptp_hosts *hosts, struct kpptp_tunnel *t, uint64_t now)
{
	t->half_open = true;
	t->waits_since = now;
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
	unsigned int seen = 0;

	TAILQ_FOREACH(t, &hosts->half_open, half_open_entry) {
		if (seen++ == EVICT_SCAN)
			break;
		if (!victim || t->host->half_open > victim->host->half_open)
			victim = t;
	}
	return victim;
}

unsigned int kpptp_hosts_silent(const struct kpptp_hosts *hosts, uint64_t now, uint64_t time)
{
	const struct kpptp_tunnel *t;
	unsigned int count = 0;

	TAILQ_FOREACH(t, &hosts->half_open, half_open_entry) {
		if (t->waits_since + time > now)
			break;
		count++;
	}
	return count;
}

void kpptp_hosts_idle(struct kpptp_hosts *hosts, struct kpptp_tunnel *t, uint64_t now)
{
	kpptp_hosts_busy(hosts, t);
	t->idle = true;
	t->waits_since = now;
	TAILQ_INSERT_TAIL(&hosts->idle, t, idle_entry);
	hosts->idle_count++;
	t->host->idle++;
}

void kpptp_hosts_busy(struct kpptp_hosts *hosts, struct kpptp_tunnel *t)
{
	if (!t->idle)
		return;
	t->idle = false;
	TAILQ_REMOVE(&hosts->idle, t, idle_entry);
	hosts->idle_count--;
	t->host->idle--;
}

struct kpptp_tunnel *kpptp_hosts_overdue(const struct kpptp_hosts *hosts, uint64_t now,
					 uint64_t timeout)
{
	struct kpptp_tunnel *t = TAILQ_FIRST(&hosts->idle);

	return t && now - t->waits_since >= timeout ? t : NULL;
}

static struct kpptp_tunnel *evict_half_open(const struct kpptp_hosts *hosts, uint64_t now)
{
	struct kpptp_tunnel *t, *victim = NULL;
	unsigned int seen = 0;

	TAILQ_FOREACH(t, &hosts->half_open, half_open_entry) {
		if (now - t->waits_since < HALF_OPEN_GRACE || seen++ == EVICT_SCAN)
			break;
		if (!victim || t->host->half_open > victim->host->half_open)
			victim = t;
	}
	return victim;
}

struct kpptp_tunnel *kpptp_hosts_evict(const struct kpptp_hosts *hosts, uint64_t now)
{
	struct kpptp_tunnel *t, *victim = evict_half_open(hosts, now);
	unsigned int seen = 0;

	if (victim)
		return victim;
	TAILQ_FOREACH(t, &hosts->idle, idle_entry) {
		if (seen++ == EVICT_SCAN)
			break;
		if (!victim || t->host->idle > victim->host->idle)
			victim = t;
	}
	return victim;
}
