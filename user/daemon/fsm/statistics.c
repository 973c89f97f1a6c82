// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's counters of a call in the terms of RFC 2637. */
#include "statistics.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "call_fsm.h"
#include "field.h"

void kpptp_statistics_text(const struct kpptp_call_stats *stats, char *text, size_t size)
{
	const struct {
		const char *name;
		uint64_t value;
	} items[] = {
		{ "rx-packets", stats->rx_packets }, { "rx-bytes", stats->rx_bytes },
		{ "tx-packets", stats->tx_packets }, { "tx-bytes", stats->tx_bytes },
		{ "rx-lost", stats->rx_lost },	     { "ack-timeouts", stats->ack_timeouts },
	};
	size_t used = 0, i;
	char item[48];

	text[0] = '\0';
	for (i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		snprintf(item, sizeof(item), "%s%s %" PRIu64, i ? " " : "", items[i].name,
			 items[i].value);
		if (used + strlen(item) >= size)
			return;
		strcpy(text + used, item);
		used += strlen(item);
	}
}

/* The message's counters are 32 bits wide: saturate rather than wrap around. */
static uint32_t saturate(uint64_t count)
{
	return count < UINT32_MAX ? count : UINT32_MAX;
}

void kpptp_statistics_wan_errors(const struct kpptp_call_stats *stats,
				 struct kpptp_call_wan_errors *errors)
{
	*errors = (struct kpptp_call_wan_errors){
		.framing_errors = saturate(stats->rx_malformed),
		.buffer_overruns = saturate(stats->rx_reorder_overflows + stats->rx_backlog_drops +
					    stats->rx_no_memory + stats->tx_no_memory),
		.time_out_errors = saturate(stats->ack_timeouts + stats->rx_reorder_timeouts),
	};
}
