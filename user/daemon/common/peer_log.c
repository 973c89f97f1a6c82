// SPDX-License-Identifier: GPL-2.0-or-later
/* Log lines that a peer can cause, see peer_log.h. */
#include "peer_log.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <time.h>

#include "limiter.h"
#include "log.h"

/* One per process, like the log itself. */
static struct {
	struct kpptp_limiter *limiter;
	struct event *tick;
} peer_log;

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void report(void *ctx, const char *kind, struct in_addr peer, unsigned int count)
{
	const struct kpptp_log_about about = { .peer = peer };
	char addr[INET_ADDRSTRLEN];

	(void)ctx;
	inet_ntop(AF_INET, &peer, addr, sizeof(addr));
	kpptp_log_about(&about, LOG_WARNING, "%s: %u more lines like \"%s\" were left out in %d s",
			addr, count, kind, KPPTP_LIMITER_PERIOD);
}

static void arm(void)
{
	struct timeval tv = { KPPTP_LIMITER_PERIOD, 0 };

	if (!event_pending(peer_log.tick, EV_TIMEOUT, NULL))
		event_add(peer_log.tick, &tv);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (kpptp_limiter_tick(peer_log.limiter, now_ms()))
		arm();
}

void kpptp_peer_log_open(struct event_base *base)
{
	kpptp_peer_log_close();
	peer_log.limiter = kpptp_limiter_new(report, NULL);
	peer_log.tick = evtimer_new(base, on_tick, NULL);
	if (!peer_log.limiter || !peer_log.tick)
		kpptp_peer_log_close();
}

void kpptp_peer_log_close(void)
{
	kpptp_limiter_free(peer_log.limiter);
	peer_log.limiter = NULL;
	if (peer_log.tick)
		event_free(peer_log.tick);
	peer_log.tick = NULL;
}

void kpptp_peer_log(struct kpptp_log_about about, int priority, const char *who, const char *text)
{
	if (priority < LOG_DEBUG && peer_log.limiter &&
	    !kpptp_limiter_allows(peer_log.limiter, about.peer, text, now_ms())) {
		arm();
		return;
	}
	kpptp_log_about(&about, priority, "%s: %s", who, text);
}
