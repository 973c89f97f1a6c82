/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The children of a process, from /proc.
 */
#ifndef KPPTP_FAMILY_H
#define KPPTP_FAMILY_H

#include <sys/types.h>

/**
 * kpptp_family_each() - call @fn for each current child of @parent
 *
 * Includes zombies. Finds none without /proc.
 */
void kpptp_family_each(pid_t parent, void (*fn)(void *ctx, pid_t child), void *ctx);

#endif /* KPPTP_FAMILY_H */
