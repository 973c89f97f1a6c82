// SPDX-License-Identifier: GPL-2.0-or-later
/* Sessions that have not authenticated themselves yet, see newcomers.h. */
#include "newcomers.h"

#include <stddef.h>

/* Milliseconds that an honest peer may take while others wait. */
#define GRACE 5000

void kpptp_newcomers_init(struct kpptp_newcomers *n)
{
	TAILQ_INIT(&n->waiting);
	TAILQ_INIT(&n->running);
	n->waiting_count = 0;
	n->running_count = 0;
	n->evicted_count = 0;
}

void kpptp_newcomers_wait(struct kpptp_newcomers *n, struct kpptp_session *s)
{
	s->newcomer = KPPTP_NEWCOMER_WAITS;
	s->host = s->tunnel->host;
	TAILQ_INSERT_TAIL(&n->waiting, s, newcomer_entry);
	n->waiting_count++;
}

static struct kpptp_session *newcomers_first_waiting(const struct kpptp_newcomers *n)
{
	struct kpptp_session *s, *next = NULL;

	TAILQ_FOREACH(s, &n->waiting, newcomer_entry) {
		if (!next || s->host->newcomers < next->host->newcomers)
			next = s;
		if (!next->host->newcomers)
			break;
	}
	return next;
}

struct kpptp_session *kpptp_newcomers_next(struct kpptp_newcomers *n, unsigned int limit,
					   uint64_t now)
{
	struct kpptp_session *s;

	if (n->running_count >= limit)
		return NULL;
	s = newcomers_first_waiting(n);
	if (!s)
		return NULL;
	TAILQ_REMOVE(&n->waiting, s, newcomer_entry);
	n->waiting_count--;
	s->newcomer = KPPTP_NEWCOMER_RUNS;
	s->newcomer_since = now;
	TAILQ_INSERT_TAIL(&n->running, s, newcomer_entry);
	n->running_count++;
	s->host->newcomers++;
	return s;
}

void kpptp_newcomers_begin(struct kpptp_newcomers *n, struct kpptp_session *s, uint64_t now)
{
	if (s->newcomer != KPPTP_NEWCOMER_RUNS)
		return;
	s->newcomer_since = now;
	TAILQ_REMOVE(&n->running, s, newcomer_entry);
	TAILQ_INSERT_TAIL(&n->running, s, newcomer_entry);
}

struct kpptp_session *kpptp_newcomers_evict(struct kpptp_newcomers *n, uint64_t now)
{
	struct kpptp_session *s, *victim = NULL;

	if (n->evicted_count >= n->waiting_count)
		return NULL;
	TAILQ_FOREACH(s, &n->running, newcomer_entry) {
		if (now - s->newcomer_since < GRACE)
			break;
		if (!s->evicted && (!victim || s->host->newcomers > victim->host->newcomers))
			victim = s;
	}
	if (!victim || victim->host->newcomers <= newcomers_first_waiting(n)->host->newcomers + 1)
		return NULL;
	victim->evicted = true;
	n->evicted_count++;
	return victim;
}

struct kpptp_session *kpptp_newcomers_yield(const struct kpptp_newcomers *n,
					    const struct kpptp_host *host)
{
	struct kpptp_session *s, *victim = NULL;

	TAILQ_FOREACH(s, &n->waiting, newcomer_entry)
		if (!victim || s->host->calls > victim->host->calls)
			victim = s;
	return victim && victim->host->calls > host->calls + 1 ? victim : NULL;
}

bool kpptp_newcomers_settle(struct kpptp_newcomers *n, struct kpptp_session *s)
{
	switch (s->newcomer) {
	case KPPTP_NEWCOMER_NOT:
		return false;
	case KPPTP_NEWCOMER_WAITS:
		TAILQ_REMOVE(&n->waiting, s, newcomer_entry);
		n->waiting_count--;
		break;
	case KPPTP_NEWCOMER_RUNS:
		TAILQ_REMOVE(&n->running, s, newcomer_entry);
		n->running_count--;
		s->host->newcomers--;
		if (s->evicted)
			n->evicted_count--;
		break;
	}
	s->newcomer = KPPTP_NEWCOMER_NOT;
	s->evicted = false;
	return n->waiting_count > 0;
}
