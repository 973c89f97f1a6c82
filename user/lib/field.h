/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clang-format off */
/*
 * The attributes of a call and of a namespace, as data: one table serves the
 * netlink client, which reads and writes them, and kpptpctl, which parses and
 * shows them. README.md says what else a new one needs.
 */
#ifndef KPPTP_FIELD_H
#define KPPTP_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>

#include <linux/kpptp.h>

/**
 * enum kpptp_unit - what a number means, and so how it is shown
 * @KPPTP_UNIT_NUMBER: an identifier, shown as is
 * @KPPTP_UNIT_COUNT: packets or events
 * @KPPTP_UNIT_BYTES: bytes
 * @KPPTP_UNIT_USEC: microseconds
 * @KPPTP_UNIT_TENTHS: tenths of a second, the unit of RFC 2637 for the PPD
 * @KPPTP_UNIT_IPV4: an address in network byte order
 * @KPPTP_UNIT_FLAG: true when present
 * @KPPTP_UNIT_FLOW_CONTROL: enum kpptp_flow_control
 * @KPPTP_UNIT_REASON: enum kpptp_del_reason
 * @KPPTP_UNIT_MARK: a packet mark
 * @KPPTP_UNIT_DEVICE: index of a network device, 0 for none
 * @KPPTP_UNIT_TTL: a time to live, 0 for the route's
 * @KPPTP_UNIT_DSCP: 0 to 63, or KPPTP_DSCP_INHERIT
 * @KPPTP_UNIT_DF: enum kpptp_df
 * @KPPTP_UNIT_NETNS: descriptor of a network namespace
 */
enum kpptp_unit {
	KPPTP_UNIT_NUMBER,
	KPPTP_UNIT_COUNT,
	KPPTP_UNIT_BYTES,
	KPPTP_UNIT_USEC,
	KPPTP_UNIT_TENTHS,
	KPPTP_UNIT_IPV4,
	KPPTP_UNIT_FLAG,
	KPPTP_UNIT_FLOW_CONTROL,
	KPPTP_UNIT_REASON,
	KPPTP_UNIT_MARK,
	KPPTP_UNIT_DEVICE,
	KPPTP_UNIT_TTL,
	KPPTP_UNIT_DSCP,
	KPPTP_UNIT_DF,
	KPPTP_UNIT_NETNS,
};

/**
 * struct kpptp_field - one attribute
 * @name: as in the spec and in JSON, such as "peer-id"
 * @attr: its number, KPPTP_A_...
 * @offset: of its member in the struct that the table describes
 * @size: size of that member in bytes: 1, 2, 4 or 8
 * @unit: enum kpptp_unit
 *
 * Tables end with an entry whose @name is NULL.
 */
struct kpptp_field {
	const char *name;
	uint16_t attr;
	uint16_t offset;
	uint8_t size;
	uint8_t unit;
};

/*
 * Counters of a call and, from RTT on, gauges: X(attribute, member, name,
 * unit). Their meaning is documented in include/netlink/kpptp.yaml.
 */
#define KPPTP_CALL_STATS(X) \
	X(TX_PACKETS, tx_packets, "tx-packets", COUNT) \
	X(TX_BYTES, tx_bytes, "tx-bytes", BYTES) \
	X(TX_ACKS, tx_acks, "tx-acks", COUNT) \
	X(TX_NO_PEER_ID, tx_no_peer_id, "tx-no-peer-id", COUNT) \
	X(TX_WINDOW_DROPS, tx_window_drops, "tx-window-drops", COUNT) \
	X(TX_WINDOW_STALLS, tx_window_stalls, "tx-window-stalls", COUNT) \
	X(TX_TOO_BIG, tx_too_big, "tx-too-big", COUNT) \
	X(TX_NO_ROUTE, tx_no_route, "tx-no-route", COUNT) \
	X(TX_NO_MEMORY, tx_no_memory, "tx-no-memory", COUNT) \
	X(TX_MALFORMED, tx_malformed, "tx-malformed", COUNT) \
	X(TX_ERRORS, tx_errors, "tx-errors", COUNT) \
	X(RX_PACKETS, rx_packets, "rx-packets", COUNT) \
	X(RX_BYTES, rx_bytes, "rx-bytes", BYTES) \
	X(RX_ACKS, rx_acks, "rx-acks", COUNT) \
	X(RX_BAD_ACKS, rx_bad_acks, "rx-bad-acks", COUNT) \
	X(RX_OUT_OF_ORDER, rx_out_of_order, "rx-out-of-order", COUNT) \
	X(RX_LATE, rx_late, "rx-late", COUNT) \
	X(RX_DUPLICATES, rx_duplicates, "rx-duplicates", COUNT) \
	X(RX_FAR_AHEAD, rx_far_ahead, "rx-far-ahead", COUNT) \
	X(RX_REORDER_OVERFLOWS, rx_reorder_overflows, "rx-reorder-overflows", COUNT) \
	X(RX_REORDER_TIMEOUTS, rx_reorder_timeouts, "rx-reorder-timeouts", COUNT) \
	X(RX_HELD_LIMITS, rx_held_limits, "rx-held-limits", COUNT) \
	X(RX_LOST, rx_lost, "rx-lost", COUNT) \
	X(RX_MALFORMED, rx_malformed, "rx-malformed", COUNT) \
	X(RX_CONGESTED, rx_congested, "rx-congested", COUNT) \
	X(RX_NO_MEMORY, rx_no_memory, "rx-no-memory", COUNT) \
	X(RX_BACKLOG_DROPS, rx_backlog_drops, "rx-backlog-drops", COUNT) \
	X(ACK_TIMEOUTS, ack_timeouts, "ack-timeouts", COUNT) \
	X(RTT, rtt, "rtt", USEC) \
	X(ATO, ato, "ato", USEC) \
	X(SEND_WINDOW, send_window, "send-window", COUNT) \
	X(IN_FLIGHT, in_flight, "in-flight", COUNT) \
	X(HOLD_TIME, hold_time, "hold-time", USEC) \
	X(HELD, held, "held", COUNT) \
	X(TX_LOOPS, tx_loops, "tx-loops", COUNT) \
	X(TX_QUEUE_DROPS, tx_queue_drops, "tx-queue-drops", COUNT) \
	X(TX_GSO_ERRORS, tx_gso_errors, "tx-gso-errors", COUNT) \
	X(RX_CLEAR, rx_clear, "rx-clear", COUNT)

/* Counters and limits of a network namespace, in the same form. */
#define KPPTP_NET_STATS(X) \
	X(CALLS, calls, "calls", COUNT) \
	X(RX_NO_CALL, rx_no_call, "rx-no-call", COUNT) \
	X(RX_MALFORMED, rx_malformed, "rx-malformed", COUNT) \
	X(RX_TRUNCATED, rx_truncated, "rx-truncated", COUNT) \
	X(RX_NOT_HOST, rx_not_host, "rx-not-host", COUNT) \
	X(HELD_BYTES, held_bytes, "held-bytes", BYTES) \
	X(HELD_LIMIT, held_limit, "held-limit", BYTES) \
	X(CALL_LIMIT, call_limit, "call-limit", COUNT)

/*
 * What CALL_SET can change, besides the peer's Call ID: X(attribute, member, type, name,
 * unit, value), where value is what kpptpctl's usage says of it.
 */
#define KPPTP_CALL_TUNABLES(X) \
	X(PEER_WINDOW, peer_window, uint16_t, "peer-window", COUNT, "N") \
	X(PEER_PPD, peer_ppd, uint16_t, "peer-ppd", TENTHS, "N") \
	X(FLOW_CONTROL, flow_control, uint32_t, "flow-control", FLOW_CONTROL, \
	  "off|strict|adaptive") \
	X(ACK_DELAY, ack_delay, uint32_t, "ack-delay", USEC, "TIME|auto") \
	X(ATO_MIN, ato_min, uint32_t, "ato-min", USEC, "TIME") \
	X(ATO_MAX, ato_max, uint32_t, "ato-max", USEC, "TIME") \
	X(REORDER_TIME, reorder_time, uint32_t, "reorder-time", USEC, "TIME") \
	X(REORDER_PACKETS, reorder_packets, uint32_t, "reorder-packets", COUNT, "N") \
	X(MARK, mark, uint32_t, "mark", MARK, "N") \
	X(DEVICE, device, uint32_t, "device", DEVICE, "NAME|none") \
	X(TTL, ttl, uint32_t, "ttl", TTL, "N|auto") \
	X(DSCP, dscp, uint32_t, "dscp", DSCP, "N|inherit") \
	X(DF, df, uint32_t, "df", DF, "on|off")

#define KPPTP_STATS_MEMBER(attr, member, name, unit) uint64_t member;
#define KPPTP_TUNABLE_MEMBER(attr, member, type, name, unit, value) type member;
#define KPPTP_TUNABLE_BIT(attr, member, type, name, unit, value) | KPPTP_HAS(attr)

/**
 * struct kpptp_call_stats - counters and gauges of a call, see KPPTP_CALL_STATS
 *
 * All are 64 bits wide, whatever their width on the wire.
 */
struct kpptp_call_stats {
	KPPTP_CALL_STATS(KPPTP_STATS_MEMBER)
};

/**
 * struct kpptp_net_stats - counters of a namespace, see KPPTP_NET_STATS
 */
struct kpptp_net_stats {
	KPPTP_NET_STATS(KPPTP_STATS_MEMBER)
};

/**
 * KPPTP_HAS() - the bit of an attribute in kpptp_call_conf.present
 * @attr: what follows KPPTP_A_CALL_, such as PEER_ID
 */
#define KPPTP_HAS(attr) (1U << KPPTP_A_CALL_##attr)

/* Those that CALL_SET can change. */
#define KPPTP_HAS_TUNABLES (KPPTP_HAS(PEER_ID) KPPTP_CALL_TUNABLES(KPPTP_TUNABLE_BIT))

/* A value of ack-delay. */
#define KPPTP_ACK_DELAY_AUTO UINT32_MAX

/**
 * struct kpptp_call_conf - the requested configuration of a call
 * @present: KPPTP_HAS() of each member below that is set; others are ignored
 * @local: our address
 * @peer: the peer's address
 * @id: Call ID assigned by our side; absent in CALL_NEW, the kernel chooses
 * @peer_id: Call ID assigned by the peer, 0 is legal; without it the call
 *	receives but does not send
 * @window: Packet Recv. Window Size that we advertise, in packets, not 0
 * @owned: the call dies with the struct kpptp_nl that made it
 * @ppp_netns_fd: in CALL_NEW, the network namespace of the PPP channel
 * @netns_cookie: the network namespace of the call, if not the caller's
 * @peer_window: that of the peer, in packets, not 0
 * @peer_ppd: Packet Processing Delay of the peer, tenths of a second
 * @flow_control: enum kpptp_flow_control
 * @ack_delay: microseconds, 0 = at once, KPPTP_ACK_DELAY_AUTO = adapt to the
 *	round-trip time; absent in what the kernel reports, it means the same
 * @ato_min: minimum adaptive timeout, microseconds; 0 = the flow control's
 * @ato_max: maximum adaptive timeout, microseconds
 * @reorder_time: maximum hold time, microseconds; 0 holds nothing
 * @reorder_packets: maximum number of held packets; 0 holds nothing
 * @mark: mark of the packets that it sends, 0 for none
 * @device: index of the device or VRF it is bound to, 0 for none
 * @ttl: time to live of its packets, at most 255; 0 for the route's
 * @dscp: of its packets, 0 to 63, or KPPTP_DSCP_INHERIT
 * @df: enum kpptp_df
 *
 * KPPTP_HAS(ALL_NETNS), which has no member, makes a dump cover all network
 * namespaces.
 */
struct kpptp_call_conf {
	uint32_t present;
	struct in_addr local;
	struct in_addr peer;
	uint16_t id;
	uint16_t peer_id;
	uint16_t window;
	bool owned;
	uint32_t ppp_netns_fd;
	uint64_t netns_cookie;
	KPPTP_CALL_TUNABLES(KPPTP_TUNABLE_MEMBER)
};

/**
 * struct kpptp_call_info - a call as the kernel reports it
 * @conf: its configuration; @conf.present covers the members below too, with
 *	KPPTP_HAS(CHANNEL), KPPTP_HAS(REASON) and KPPTP_HAS(STATS)
 * @channel: index of the PPP channel, for PPPIOCATTCHAN on /dev/ppp
 * @ppp_netns_cookie: network namespace of the channel, if not the call's
 * @reason: enum kpptp_del_reason, in a deletion event
 * @stats: counters and gauges; in a deletion event the final ones
 */
struct kpptp_call_info {
	struct kpptp_call_conf conf;
	uint32_t channel;
	uint32_t reason;
	uint64_t ppp_netns_cookie;
	struct kpptp_call_stats stats;
};

/* For struct kpptp_call_info, and struct kpptp_call_conf as its first member. */
extern const struct kpptp_field kpptp_call_fields[];
extern const struct kpptp_field kpptp_call_stats_fields[];
extern const struct kpptp_field kpptp_net_fields[];

/**
 * kpptp_field_find() - find a field of a table by name
 *
 * Return: the field, or NULL.
 */
const struct kpptp_field *kpptp_field_find(const struct kpptp_field *table,
					   const char *name);

/**
 * kpptp_field_get() - read the value of @field from a struct
 * @base: the struct that the field's table describes
 *
 * Return: the number; for KPPTP_UNIT_IPV4 the s_addr, in network byte order.
 */
uint64_t kpptp_field_get(const struct kpptp_field *field, const void *base);

/**
 * kpptp_field_set() - store a number in the form kpptp_field_get() returns
 *
 * Return: 0, or -ERANGE if @value does not fit the member.
 */
int kpptp_field_set(const struct kpptp_field *field, void *base,
		    uint64_t value);

/**
 * kpptp_flow_control_name() - "off", "strict" or "adaptive"
 *
 * Return: the name, or NULL for a number that this version does not know.
 */
const char *kpptp_flow_control_name(uint32_t mode);

/**
 * kpptp_flow_control_parse() - the inverse of kpptp_flow_control_name()
 *
 * Return: 0, or -EINVAL and @mode untouched.
 */
int kpptp_flow_control_parse(const char *name, uint32_t *mode);

/**
 * kpptp_del_reason_name() - "request" or "owner"
 *
 * Return: the name, or NULL for a number that this version does not know.
 */
const char *kpptp_del_reason_name(uint32_t reason);

#endif /* KPPTP_FIELD_H */
