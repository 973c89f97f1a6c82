// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of held packets, and its limits. See budget.h.
 */
#include "budget.h"

#include <linux/atomic.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "call.h"

/* Bytes held by all restricted namespaces together. */
static atomic_long_t budget_restricted;

/* 1/64 of the machine's memory, within bounds. */
static unsigned long budget_machine(void)
{
	return clamp(totalram_pages() / 64 * PAGE_SIZE, (unsigned long)SZ_4M,
		     (unsigned long)SZ_64M);
}

unsigned long kpptp_budget_default(const struct kpptp_net *kn)
{
	return kpptp_net_restricted(kn) ? SZ_1M : budget_machine();
}

bool kpptp_budget_room(const struct kpptp_net *kn, unsigned int bytes)
{
	if (atomic_long_read(&kn->held) + bytes > READ_ONCE(kn->held_limit))
		return false;
	return likely(!kpptp_net_restricted(kn)) ||
	       atomic_long_read(&budget_restricted) + bytes <= budget_machine();
}

void kpptp_budget_charge(struct kpptp_net *kn, long change)
{
	if (!change)
		return;
	atomic_long_add(change, &kn->held);
	if (unlikely(kpptp_net_restricted(kn)))
		atomic_long_add(change, &budget_restricted);
}
