/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Find calls in network namespaces that can no longer be entered: a call keeps its
 * namespace alive after the namespace's name and last process are gone. The
 * initial namespace finds it by its cookie (SO_NETNS_COOKIE), which is never
 * reused.
 */
#ifndef KPPTP_NETNS_H
#define KPPTP_NETNS_H

#include <linux/types.h>

struct kpptp_net;
struct net;

/**
 * kpptp_netns_next - walk the namespaces that have calls
 * @cookie: the lowest cookie wanted
 *
 * Context: process; sleeps.
 * Return: the namespace with the lowest cookie not below @cookie, or NULL; release
 * it with kpptp_netns_put().
 */
struct kpptp_net *kpptp_netns_next(u64 cookie);

/**
 * kpptp_netns_put - drop the reference to a namespace
 * @kn: the namespace, from kpptp_netns_next()
 */
void kpptp_netns_put(struct kpptp_net *kn);

#endif /* KPPTP_NETNS_H */
