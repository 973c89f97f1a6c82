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
 * @text: filled with as many whole words as fit
 * @size: of @text; KPPTP_STATISTICS_LEN + 1 holds what a message can carry
 *
 * ASCII "that can be logged for diagnostic purposes" (section 2.13).
 */
void kpptp_statistics_text(const struct kpptp_call_stats *stats, char *text, size_t size);

/**
 * kpptp_statistics_wan_errors() - counters of a WAN-Error-Notify
 * @stats: of the call, since it began
 * @errors: filled
 *
 * Section 2.14 counts the errors of a telephone line. Ours is the tunnel: a
 * malformed frame is a framing error, a frame without a buffer is a buffer
 * overrun, and a missing acknowledgment or an unfilled gap is a timeout. There
 * is no CRC and no hardware buffer.
 */
void kpptp_statistics_wan_errors(const struct kpptp_call_stats *stats,
				 struct kpptp_call_wan_errors *errors);

#endif /* KPPTP_STATISTICS_H */
