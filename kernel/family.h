/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family, specified in include/netlink/kpptp.yaml.
 */
#ifndef KPPTP_FAMILY_H
#define KPPTP_FAMILY_H

struct genl_family;

/* Needed to build messages. */
extern struct genl_family kpptp_family;

/**
 * kpptp_family_setup - register the family
 * Return: 0 or a negative errno.
 */
int kpptp_family_setup(void);

/**
 * kpptp_family_cleanup - unregister the family
 * Context: process; sleeps until no request is being served.
 */
void kpptp_family_cleanup(void);

#endif /* KPPTP_FAMILY_H */
