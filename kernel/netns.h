/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls of network namespaces that nobody can enter any more: a call keeps its
 * namespace alive after its name and its last process are gone. The initial
 * namespace finds them by cookie, the number by which sockets name theirs
 * (SO_NETNS_COOKIE) and which is never used twice.
 */
#ifndef KPPTP_NETNS_H
#define KPPTP_NETNS_H

#include <linux/types.h>

struct kpptp_net;
struct net;

/**
 * kpptp_netns_next - walk the namespaces that have calls
 * @cookie: the lowest that is wanted
 *
 * Context: process; sleeps.
 * Return: of those with this or a higher cookie, the one with the lowest; to be
 * given to kpptp_netns_put(). NULL if there is none.
 */
struct kpptp_net *kpptp_netns_next(u64 cookie);

/**
 * kpptp_netns_put - let go of a namespace
 * @kn: of kpptp_netns_next()
 */
void kpptp_netns_put(struct kpptp_net *kn);

#endif /* KPPTP_NETNS_H */
