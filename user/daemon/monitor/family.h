/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The children of a process, as /proc has them.
 */
#ifndef KPPTP_FAMILY_H
#define KPPTP_FAMILY_H

#include <sys/types.h>

/**
 * kpptp_family_each() - call @fn for each child that @parent has now
 *
 * Zombies count. Without /proc there are none.
 */
void kpptp_family_each(pid_t parent, void (*fn)(void *ctx, pid_t child), void *ctx);

#endif /* KPPTP_FAMILY_H */
