/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is whose child, from /proc.
 */
#ifndef KPPTP_FAMILY_H
#define KPPTP_FAMILY_H

#include <sys/types.h>

/* How long to wait before walking again. */
#define KPPTP_FAMILY_INTERVAL_MS 100

/**
 * kpptp_family_each() - call @fn for each process and its parent
 *
 * Includes zombies. Finds none without /proc. Costs a file per process of the host:
 * look for the children of many parents in one call.
 */
void kpptp_family_each(void (*fn)(void *ctx, pid_t child, pid_t parent), void *ctx);

#endif /* KPPTP_FAMILY_H */
