/* SPDX-License-Identifier: GPL-2.0 */
/* clang-format off */
/*
 * Counters of a call and of a network namespace.
 *
 * The lists below name each counter once, with its netlink attribute; the structs
 * and message.c expand the lists. include/netlink/kpptp.yaml describes the
 * counters.
 *
 * A call's counters need no per-CPU copies: they are part of the state that the
 * packet path locks anyway, and are written under that lock. Only the namespace's
 * counters are per CPU, as packets that belong to no call take no lock.
 */
#ifndef KPPTP_STATS_H
#define KPPTP_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>

/* Under kpptp_call.send.lock */
#define KPPTP_SEND_COUNTERS(X)				\
	X(tx_packets, TX_PACKETS)			\
	X(tx_bytes, TX_BYTES)				\
	X(tx_acks, TX_ACKS)				\
	X(tx_no_peer_id, TX_NO_PEER_ID)			\
	X(tx_window_drops, TX_WINDOW_DROPS)		\
	X(tx_window_stalls, TX_WINDOW_STALLS)		\
	X(tx_too_big, TX_TOO_BIG)			\
	X(tx_no_route, TX_NO_ROUTE)			\
	X(tx_no_memory, TX_NO_MEMORY)			\
	X(tx_malformed, TX_MALFORMED)			\
	X(tx_errors, TX_ERRORS)				\
	X(rx_acks, RX_ACKS)				\
	X(rx_bad_acks, RX_BAD_ACKS)			\
	X(ack_timeouts, ACK_TIMEOUTS)			\
	X(tx_loops, TX_LOOPS)				\
	X(tx_queue_drops, TX_QUEUE_DROPS)		\
	X(tx_gso_errors, TX_GSO_ERRORS)

/* Under kpptp_call.recv.lock */
#define KPPTP_RECV_COUNTERS(X)				\
	X(rx_packets, RX_PACKETS)			\
	X(rx_bytes, RX_BYTES)				\
	X(rx_out_of_order, RX_OUT_OF_ORDER)		\
	X(rx_late, RX_LATE)				\
	X(rx_duplicates, RX_DUPLICATES)			\
	X(rx_far_ahead, RX_FAR_AHEAD)			\
	X(rx_reorder_overflows, RX_REORDER_OVERFLOWS)	\
	X(rx_reorder_timeouts, RX_REORDER_TIMEOUTS)	\
	X(rx_held_limits, RX_HELD_LIMITS)		\
	X(rx_lost, RX_LOST)				\
	X(rx_malformed, RX_MALFORMED)			\
	X(rx_congested, RX_CONGESTED)			\
	X(rx_no_memory, RX_NO_MEMORY)			\
	X(rx_backlog_drops, RX_BACKLOG_DROPS)		\
	X(rx_clear, RX_CLEAR)

/* Per network namespace and CPU */
#define KPPTP_NET_COUNTERS(X)				\
	X(rx_no_call, RX_NO_CALL)			\
	X(rx_malformed, RX_MALFORMED)			\
	X(rx_truncated, RX_TRUNCATED)			\
	X(rx_not_host, RX_NOT_HOST)

#define KPPTP_COUNTER_FIELD(field, attr) u64 field;
#define KPPTP_COUNTER_FIELD_SYNC(field, attr) u64_stats_t field;

struct kpptp_send_stats {
	KPPTP_SEND_COUNTERS(KPPTP_COUNTER_FIELD)
};

struct kpptp_recv_stats {
	KPPTP_RECV_COUNTERS(KPPTP_COUNTER_FIELD)
};

struct kpptp_net_stats {
	KPPTP_NET_COUNTERS(KPPTP_COUNTER_FIELD_SYNC)
	struct u64_stats_sync syncp;
};

/* Count one packet of a namespace. Context: softirq, like the GRE handler. */
#define kpptp_net_count(kn, field) do {					\
	struct kpptp_net_stats *__stats = this_cpu_ptr((kn)->stats);	\
									\
	u64_stats_update_begin(&__stats->syncp);			\
	u64_stats_inc(&__stats->field);					\
	u64_stats_update_end(&__stats->syncp);				\
} while (0)

#endif /* KPPTP_STATS_H */
