/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a netlink socket is closed, even by the death of its process, delete the
 * calls that it owns.
 */
#ifndef KPPTP_OWNER_WATCH_H
#define KPPTP_OWNER_WATCH_H

/**
 * kpptp_owner_watch_setup - start watching for netlink sockets being closed
 * Return: 0 or a negative errno.
 */
int kpptp_owner_watch_setup(void);

/**
 * kpptp_owner_watch_cleanup - stop watching
 * Context: process; sleeps until pending deletions are done.
 */
void kpptp_owner_watch_cleanup(void);

#endif /* KPPTP_OWNER_WATCH_H */
