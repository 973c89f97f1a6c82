/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's OOM killer: choosing its victims, and detecting its kills.
 */
#ifndef KPPTP_OOM_H
#define KPPTP_OOM_H

#include <stdbool.h>
#include <stdint.h>

/**
 * kpptp_oom_kills() - number of OOM kills since boot, on this host
 *
 * Return: 0 if unknown.
 */
uint64_t kpptp_oom_kills(void);

/**
 * kpptp_oom_reset() - make this process an ordinary victim
 *
 * The daemon may be protected (OOMScoreAdjust=), which its children inherit.
 * Makes only system calls: for use in a child between fork and exec.
 */
void kpptp_oom_reset(void);

#endif /* KPPTP_OOM_H */
