/* SPDX-License-Identifier: GPL-2.0 */
/* clang-format off */
/*
 * Tracepoints: what happens to a call's packets off the fast path.
 *
 *	echo 1 >/sys/kernel/tracing/events/kpptp/enable
 *
 * Each identifies the call by local address, peer's address and our Call ID. A
 * disabled tracepoint costs a jump that is not taken.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kpptp

#if !defined(KPPTP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KPPTP_TRACE_H

#include <linux/tracepoint.h>

#include "call.h"
#include "drop.h"

#ifndef KPPTP_TRACE_ONCE
#define KPPTP_TRACE_ONCE
/* Names of the numbers, for user space. */
#define KPPTP_TRACE_DROPS				\
	{ KPPTP_DROP_LATE, "late" },			\
	{ KPPTP_DROP_DUPLICATE, "duplicate" },		\
	{ KPPTP_DROP_FAR_AHEAD, "far-ahead" },		\
	{ KPPTP_DROP_BACKLOG, "backlog" },		\
	{ KPPTP_DROP_NO_MEMORY, "no-memory" }

#define KPPTP_TRACE_STOPS				\
	{ KPPTP_STOP_STALL, "stall" },			\
	{ KPPTP_STOP_DROP, "drop" }

/* The call's fields in each event. */
#define KPPTP_TRACE_CALL				\
	__array(u8, local, 4)				\
	__array(u8, peer, 4)				\
	__field(u16, id)

#define KPPTP_TRACE_SET_CALL(call)			\
	do {						\
		memcpy(__entry->local, &(call)->key.local, 4);	\
		memcpy(__entry->peer, &(call)->key.peer, 4);	\
		__entry->id = (call)->key.id;		\
	} while (0)

#define KPPTP_TRACE_FORMAT "local=%pI4 peer=%pI4 id=%u "
#define KPPTP_TRACE_VALUES __entry->local, __entry->peer, __entry->id
#endif

TRACE_DEFINE_ENUM(KPPTP_DROP_LATE);
TRACE_DEFINE_ENUM(KPPTP_DROP_DUPLICATE);
TRACE_DEFINE_ENUM(KPPTP_DROP_FAR_AHEAD);
TRACE_DEFINE_ENUM(KPPTP_DROP_BACKLOG);
TRACE_DEFINE_ENUM(KPPTP_DROP_NO_MEMORY);
TRACE_DEFINE_ENUM(KPPTP_STOP_STALL);
TRACE_DEFINE_ENUM(KPPTP_STOP_DROP);

/* A received packet was dropped. Under recv.lock. */
TRACE_EVENT(kpptp_rx_drop,
	TP_PROTO(const struct kpptp_call *call, u32 seq, enum kpptp_drop drop),
	TP_ARGS(call, seq, drop),
	TP_STRUCT__entry(
		KPPTP_TRACE_CALL
		__field(u32, seq)
		__field(u32, next)
		__field(int, drop)
	),
	TP_fast_assign(
		KPPTP_TRACE_SET_CALL(call);
		__entry->seq = seq;
		__entry->next = call->recv.reorder.next;
		__entry->drop = drop;
	),
	TP_printk(KPPTP_TRACE_FORMAT "seq=%u next=%u reason=%s", KPPTP_TRACE_VALUES,
		  __entry->seq, __entry->next,
		  __print_symbolic(__entry->drop, KPPTP_TRACE_DROPS))
);

/* An early packet is held. Under recv.lock. */
TRACE_EVENT(kpptp_rx_hold,
	TP_PROTO(const struct kpptp_call *call, u32 seq),
	TP_ARGS(call, seq),
	TP_STRUCT__entry(
		KPPTP_TRACE_CALL
		__field(u32, seq)
		__field(u32, next)
		__field(u32, held)
		__field(u32, hold)
	),
	TP_fast_assign(
		KPPTP_TRACE_SET_CALL(call);
		__entry->seq = seq;
		__entry->next = call->recv.reorder.next;
		__entry->held = kpptp_reorder_held(&call->recv.reorder);
		__entry->hold = call->recv.reorder.hold;
	),
	TP_printk(KPPTP_TRACE_FORMAT "seq=%u next=%u held=%u hold-time=%u", KPPTP_TRACE_VALUES,
		  __entry->seq, __entry->next, __entry->held, __entry->hold)
);

/* Held frames are passed to PPP, as gaps were filled or given up. Under recv.lock. */
TRACE_EVENT(kpptp_rx_release,
	TP_PROTO(const struct kpptp_call *call, const struct kpptp_reorder_out *out),
	TP_ARGS(call, out),
	TP_STRUCT__entry(
		KPPTP_TRACE_CALL
		__field(u32, next)
		__field(u32, frames)
		__field(u32, gaps)
		__field(s32, lost)
	),
	TP_fast_assign(
		KPPTP_TRACE_SET_CALL(call);
		__entry->next = call->recv.reorder.next;
		__entry->frames = skb_queue_len(&out->ready);
		__entry->gaps = out->gaps;
		__entry->lost = out->lost;
	),
	TP_printk(KPPTP_TRACE_FORMAT "next=%u frames=%u gaps=%u lost=%d", KPPTP_TRACE_VALUES,
		  __entry->next, __entry->frames, __entry->gaps, __entry->lost)
);

/* Enough packets agreed on a distant number: continue there. Under recv.lock. */
TRACE_EVENT(kpptp_rx_jump,
	TP_PROTO(const struct kpptp_call *call, u32 from, u32 seq),
	TP_ARGS(call, from, seq),
	TP_STRUCT__entry(
		KPPTP_TRACE_CALL
		__field(u32, from)
		__field(u32, seq)
	),
	TP_fast_assign(
		KPPTP_TRACE_SET_CALL(call);
		__entry->from = from;
		__entry->seq = seq;
	),
	TP_printk(KPPTP_TRACE_FORMAT "from=%u seq=%u", KPPTP_TRACE_VALUES,
		  __entry->from, __entry->seq)
);

/* The peer's window is full. Under send.lock. */
TRACE_EVENT(kpptp_tx_window,
	TP_PROTO(const struct kpptp_call *call, enum kpptp_stop stop),
	TP_ARGS(call, stop),
	TP_STRUCT__entry(
		KPPTP_TRACE_CALL
		__field(int, stop)
		__field(u32, in_flight)
		__field(u32, window)
	),
	TP_fast_assign(
		KPPTP_TRACE_SET_CALL(call);
		__entry->stop = stop;
		__entry->in_flight = kpptp_window_in_flight(&call->send.window);
		__entry->window = call->send.window.window;
	),
	TP_printk(KPPTP_TRACE_FORMAT "%s in-flight=%u window=%u", KPPTP_TRACE_VALUES,
		  __print_symbolic(__entry->stop, KPPTP_TRACE_STOPS),
		  __entry->in_flight, __entry->window)
);

/* The peer's acknowledgment is overdue; shows the new window. Under send.lock. */
TRACE_EVENT(kpptp_ack_timeout,
	TP_PROTO(const struct kpptp_call *call),
	TP_ARGS(call),
	TP_STRUCT__entry(
		KPPTP_TRACE_CALL
		__field(u32, ato)
		__field(u32, window)
	),
	TP_fast_assign(
		KPPTP_TRACE_SET_CALL(call);
		__entry->ato = call->send.window.ato;
		__entry->window = call->send.window.window;
	),
	TP_printk(KPPTP_TRACE_FORMAT "ato=%u window=%u", KPPTP_TRACE_VALUES,
		  __entry->ato, __entry->window)
);

#endif /* KPPTP_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
