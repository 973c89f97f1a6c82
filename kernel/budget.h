/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of held packets, and its limits.
 *
 * Packets are held in softirq, on behalf of no process, and a call has no socket
 * whose memory cgroup could be charged. So held memory is counted here, against
 * the namespace's held-limit. All namespaces of unprivileged users together get
 * no more than the default limit of a single one of the administrator's.
 */
#ifndef KPPTP_BUDGET_H
#define KPPTP_BUDGET_H

#include <linux/types.h>

struct kpptp_net;

/**
 * kpptp_budget_default - the initial held-limit of a namespace
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
 * kpptp_budget_charge - account for packets held or released
 * @kn: the namespace
 * @change: bytes held, negative if released
 *
 * Context: any.
 */
void kpptp_budget_charge(struct kpptp_net *kn, long change);

#endif /* KPPTP_BUDGET_H */
