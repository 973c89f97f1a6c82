/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kpptpctl doctor: the processes that have listening sockets, from /proc. */
#ifndef KPPTPCTL_DOCTOR_OWNER_H
#define KPPTPCTL_DOCTOR_OWNER_H

#include <stdbool.h>

struct doctor_listener;
struct doctor_listeners;

/**
 * doctor_owner_find() - fill in owner and pid of each listener
 *
 * If several processes have a socket, as with those that systemd passes, kpptpd
 * is preferred. Both stay empty if no process is seen.
 *
 * Return: false if a kpptpd runs whose sockets only root can see.
 */
bool doctor_owner_find(struct doctor_listeners *all);

/**
 * doctor_owner_is_kpptpd() - is it a socket of kpptpd?
 */
bool doctor_owner_is_kpptpd(const struct doctor_listener *one);

#endif /* KPPTPCTL_DOCTOR_OWNER_H */
