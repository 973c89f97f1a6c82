/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of held packets, and its limits.
 *
 * A packet is held in softirq, on behalf of no process: there is no memory
 * cgroup to charge but that of a socket, which a call has not. So it is counted
 * here, against the namespace's held-limit; and the namespaces that anybody may
 * create, however many, have together no more than the default of one that is
 * the administrator's.
 */
#ifndef KPPTP_BUDGET_H
#define KPPTP_BUDGET_H

#include <linux/types.h>

struct kpptp_net;

/**
 * kpptp_budget_default - the held-limit that a namespace starts with
 * @kn: the namespace
 * Return: bytes.
 */
unsigned long kpptp_budget_default(const struct kpptp_net *kn);

/**
 * kpptp_budget_room - whether one more packet may be held
 * @kn: the namespace
 * @bytes: the packet's truesize
 *
 * Racy; may be exceeded slightly.
 * Context: any.
 */
bool kpptp_budget_room(const struct kpptp_net *kn, unsigned int bytes);

/**
 * kpptp_budget_charge - packets are held, or no longer
 * @kn: the namespace
 * @change: bytes more, or less if negative
 *
 * Context: any.
 */
void kpptp_budget_charge(struct kpptp_net *kn, long change);

#endif /* KPPTP_BUDGET_H */
