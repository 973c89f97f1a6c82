/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The end of an owner: when a netlink socket is closed, by whatever end of its
 * process, the calls that it owns are deleted.
 */
#ifndef KPPTP_OWNER_WATCH_H
#define KPPTP_OWNER_WATCH_H

/**
 * kpptp_owner_watch_setup - begin to watch netlink sockets being closed
 * Return: 0 or a negative errno.
 */
int kpptp_owner_watch_setup(void);

/**
 * kpptp_owner_watch_cleanup - watch no longer
 * Context: process; sleeps until deletions that have begun are done.
 */
void kpptp_owner_watch_cleanup(void);

#endif /* KPPTP_OWNER_WATCH_H */
