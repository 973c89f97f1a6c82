/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's counters of a call in the terms of RFC 2637. Pure.
 */
#ifndef KPPTP_STATISTICS_H
#define KPPTP_STATISTICS_H

#include <stddef.h>

struct kpptp_call_stats;
struct kpptp_call_wan_errors;

/**
 * kpptp_statistics_text() - Call Statistics of a Call-Disconnect-Notify
 * @stats: of the call, at its end
 * @text: filled with what fits, in whole words
 * @size: of @text; KPPTP_STATISTICS_LEN + 1 holds what a message holds
 *
 * ASCII "that can be logged for diagnostic purposes" (section 2.13).
 */
void kpptp_statistics_text(const struct kpptp_call_stats *stats, char *text, size_t size);

/**
 * kpptp_statistics_wan_errors() - counters of a WAN-Error-Notify
 * @stats: of the call, since it began
 * @errors: filled
 *
 * Section 2.14 counts what a telephone line does. Ours is the tunnel: a frame
 * that is none is a framing error, one that no buffer had room for is a buffer
 * overrun, and an acknowledgment that did not come or a gap that did not fill
 * is a time-out. A line with a CRC, or hardware with buffers, there is not.
 */
void kpptp_statistics_wan_errors(const struct kpptp_call_stats *stats,
				 struct kpptp_call_wan_errors *errors);

#endif /* KPPTP_STATISTICS_H */
