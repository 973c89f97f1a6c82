/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's OOM killer: who goes first, and whether it was there.
 */
#ifndef KPPTP_OOM_H
#define KPPTP_OOM_H

#include <stdbool.h>
#include <stdint.h>

/**
 * kpptp_oom_kills() - processes that it has killed since boot, on this host
 *
 * Return: 0 if that is not known.
 */
uint64_t kpptp_oom_kills(void);

/**
 * kpptp_oom_reset() - be as good a victim as any process
 *
 * The daemon may be protected (OOMScoreAdjust=), which its children inherit.
 * Only makes system calls: for a child between fork and exec.
 */
void kpptp_oom_reset(void);

#endif /* KPPTP_OOM_H */
