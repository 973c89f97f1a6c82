// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The send side: how a packet looks to a qdisc, what is counted, which timers run,
 * and what happens to frames and acknowledgments that cannot be sent.
 */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/ppp_defs.h>
#include <linux/skbuff.h>
#include <net/route.h>

#include "call_kunit.h"

#include "../../kernel/clock.h"

/* ---- The tap: metadata of packets on loopback ---- */

struct taken {
	u32 hash;
	u32 priority;
	u16 ip_id;
	bool l4_hash;
};

static struct taken tape[64];
static unsigned int taken;

static int tap(struct sk_buff *skb, struct net_device *dev, struct packet_type *type,
	       struct net_device *orig)
{
	struct taken *t = &tape[taken];

	if (ip_hdr(skb)->protocol == IPPROTO_GRE && taken < ARRAY_SIZE(tape)) {
		t->hash = skb->hash;
		t->l4_hash = skb->l4_hash;
		t->priority = skb->priority;
		t->ip_id = ntohs(ip_hdr(skb)->id);
		/* Pairs with passed(): store the packet before counting it. */
		smp_store_release(&taken, taken + 1);
	}
	consume_skb(skb);
	return 0;
}

static unsigned int passed(void)
{
	/* Pairs with tap(). */
	return smp_load_acquire(&taken);
}

static struct packet_type tap_type = { .type = htons(ETH_P_IP), .func = tap };

static int tx_init(struct kunit *test)
{
	struct before *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, before);
	note(test, before);
	test->priv = before;
	taken = 0;
	dev_add_pack(&tap_type);
	return 0;
}

static void tx_exit(struct kunit *test)
{
	dev_remove_pack(&tap_type);
	sweep_all(test);
}

/* ---- What is sent ---- */

static struct kpptp_call_conf conf_named(void)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);

	conf.peer_id = 9;
	return conf;
}

static struct sk_buff *frame(struct kunit *test, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(128 + 2 + len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 128);
	skb_put_u8(skb, PPP_CHAP >> 8);
	skb_put_u8(skb, PPP_CHAP & 0xff);
	skb_put_zero(skb, len);
	return skb;
}

static bool send(struct kpptp_call *call, struct sk_buff *skb)
{
	bool sent;

	local_bh_disable();
	sent = kpptp_tx_frame(call, skb);
	local_bh_enable();
	return sent;
}

static void acknowledge(struct kpptp_call *call)
{
	local_bh_disable();
	kpptp_tx_ack(call);
	local_bh_enable();
}

/* We owe an acknowledgment. */
static void owe(struct kpptp_call *call)
{
	spin_lock_bh(&call->send.lock);
	kpptp_ack_received(&call->send.ack, 5);
	spin_unlock_bh(&call->send.lock);
}

/* The peer sends a standalone ack. */
static void acked(struct kpptp_call *call, u32 ack)
{
	spin_lock_bh(&call->send.lock);
	kpptp_window_acked(&call->send.window, ack, true, kpptp_now());
	spin_unlock_bh(&call->send.lock);
}

/* ---- Cases ---- */

static void a_call_is_one_flow(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_named();
	struct kpptp_call *call;
	int i;

	conf.ip.dscp = 46;
	call = create(test, &init_net, &conf);
	for (i = 0; i < 3; i++) {
		struct sk_buff *skb = frame(test, 10);

		skb_set_hash(skb, 1000 + i, i & 1 ? PKT_HASH_TYPE_L3 : PKT_HASH_TYPE_L4);
		skb->priority = i;
		skb_set_queue_mapping(skb, i);
		KUNIT_EXPECT_TRUE(test, send(call, skb));
	}
	owe(call);
	acknowledge(call);
	WAIT(passed() == 4);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, tape[i].hash, call->flow);
		KUNIT_EXPECT_TRUE(test, tape[i].l4_hash);
		KUNIT_EXPECT_EQ(test, tape[i].priority, (u32)rt_tos2priority(46 << 2));
		KUNIT_EXPECT_EQ(test, tape[i].ip_id, (u16)(tape[0].ip_id + i));
	}
	end_call(call);
	all_gone(test, test->priv);
}

static void calls_are_separate_flows(struct kunit *test)
{
	struct kpptp_call_conf one = conf_named(), other = conf_named();
	struct kpptp_call *a, *b;

	other.key.id = 8;
	a = create(test, &init_net, &one);
	b = create(test, &init_net, &other);
	KUNIT_EXPECT_NE(test, a->flow, b->flow);
	end_call(a);
	end_call(b);
	all_gone(test, test->priv);
}

static void frame_bytes_are_counted(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_named();
	struct kpptp_call *call = create(test, &init_net, &conf);

	KUNIT_EXPECT_TRUE(test, send(call, frame(test, 10)));
	KUNIT_EXPECT_TRUE(test, send(call, frame(test, 20)));
	/* Protocol, and address and control. */
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_packets, 2ull);
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_bytes, 38ull);
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_errors, 0ull);
	end_call(call);
	all_gone(test, test->priv);
}

static void no_ack_if_none_is_owed(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_named();
	struct kpptp_call *call = create(test, &init_net, &conf);

	acknowledge(call);
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_acks, 0ull);
	owe(call);
	acknowledge(call);
	acknowledge(call);
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_acks, 1ull);
	end_call(call);
	all_gone(test, test->priv);
}

/* By the timer only, although the ack delay is a minute. */
static void ack_without_a_route_is_retried(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_named();
	struct kpptp_call *call;

	conf.ip.device = 0x7ffffff;
	call = create(test, &init_net, &conf);
	owe(call);
	acknowledge(call);
	WAIT(send_stats(call).tx_no_route >= 2);
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_acks, 0ull);
	spin_lock_bh(&call->send.lock);
	call->send.ip.device = 0;
	spin_unlock_bh(&call->send.lock);
	WAIT(send_stats(call).tx_acks == 1);
	WAIT(passed() == 1);
	KUNIT_EXPECT_FALSE(test, timer_pending(&call->ack_timer));
	end_call(call);
	all_gone(test, test->priv);
}

static void ack_waits_for_the_peers_id(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
	struct kpptp_call *call = create(test, &init_net, &conf);

	owe(call);
	acknowledge(call);
	KUNIT_EXPECT_TRUE(test, timer_pending(&call->ack_timer));
	spin_lock_bh(&call->send.lock);
	call->send.peer_id = 9;
	spin_unlock_bh(&call->send.lock);
	WAIT(send_stats(call).tx_acks == 1);
	end_call(call);
	all_gone(test, test->priv);
}

/* No timeout runs until the peer has sent a standalone ack. */
static void the_timeout_starts_with_packets_in_flight(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_named();
	struct kpptp_call *call;
	int i;

	conf.ato_min = 50000;
	conf.ato_max = 50000;
	call = create(test, &init_net, &conf);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE(test, send(call, frame(test, 10)));
	KUNIT_EXPECT_FALSE(test, timer_pending(&call->ato_timer));
	acked(call, 0);
	KUNIT_EXPECT_TRUE(test, send(call, frame(test, 10)));
	KUNIT_EXPECT_TRUE(test, timer_pending(&call->ato_timer));
	WAIT(send_stats(call).ack_timeouts == 1);
	end_call(call);
	all_gone(test, test->priv);
}

static struct kpptp_call *full_call(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_named();
	struct kpptp_call *call;

	conf.flow_control = KPPTP_FLOW_CONTROL_STRICT;
	conf.peer_window = 2; /* so the first window is 1 */
	conf.ato_min = NEVER;
	conf.ato_max = NEVER;
	call = create(test, &init_net, &conf);
	KUNIT_EXPECT_TRUE(test, send(call, frame(test, 10)));
	return call;
}

static void refused_frame_freed_counts_as_dropped(struct kunit *test)
{
	struct kpptp_call *call = full_call(test);
	struct sk_buff *skb;
	int i;

	for (i = 0; i < 3; i++) {
		skb = frame(test, 10);
		KUNIT_ASSERT_FALSE(test, send(call, skb));
		kfree_skb(skb); /* as a bridge does */
		KUNIT_EXPECT_EQ(test, send_stats(call).tx_window_drops, 1ull + i);
		KUNIT_EXPECT_EQ(test, send_stats(call).tx_window_stalls, 0ull);
	}
	acked(call, 0);
	KUNIT_EXPECT_TRUE(test, send(call, frame(test, 10)));
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_window_drops, 3ull);
	KUNIT_EXPECT_NULL(test, call->send.refused);
	end_call(call);
	all_gone(test, test->priv);
}

static void refused_frame_kept_counts_as_stalled(struct kunit *test)
{
	struct kpptp_call *call = full_call(test);
	struct sk_buff *skb = frame(test, 10);

	KUNIT_ASSERT_FALSE(test, send(call, skb));
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_window_stalls, 1ull);
	KUNIT_ASSERT_FALSE(test, send(call, skb));
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_window_stalls, 2ull);
	acked(call, 0);
	KUNIT_EXPECT_FALSE(test, !send(call, skb));
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_window_stalls, 2ull);
	KUNIT_EXPECT_EQ(test, send_stats(call).tx_window_drops, 0ull);
	end_call(call);
	all_gone(test, test->priv);
}

static void a_call_takes_a_refused_frame_along(struct kunit *test)
{
	struct kpptp_call *call = full_call(test);
	struct sk_buff *skb = frame(test, 10);

	KUNIT_ASSERT_FALSE(test, send(call, skb));
	end_call(call);
	all_gone(test, test->priv);
	WAIT(!skb_shared(skb));
	kfree_skb(skb);
}

/* If larger than 1024, kmalloc takes double. Debugging enlarges locks and timers. */
static void a_call_is_small(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_DEBUG_SPINLOCK) && !IS_ENABLED(CONFIG_LOCKDEP) &&
	    !IS_ENABLED(CONFIG_DEBUG_OBJECTS))
		KUNIT_EXPECT_LE(test, sizeof(struct kpptp_call), (size_t)1024);
}

static struct kunit_case tx_cases[] = {
	KUNIT_CASE(a_call_is_one_flow),
	KUNIT_CASE(calls_are_separate_flows),
	KUNIT_CASE(frame_bytes_are_counted),
	KUNIT_CASE(no_ack_if_none_is_owed),
	KUNIT_CASE(ack_without_a_route_is_retried),
	KUNIT_CASE(ack_waits_for_the_peers_id),
	KUNIT_CASE(the_timeout_starts_with_packets_in_flight),
	KUNIT_CASE(refused_frame_freed_counts_as_dropped),
	KUNIT_CASE(refused_frame_kept_counts_as_stalled),
	KUNIT_CASE(a_call_takes_a_refused_frame_along),
	KUNIT_CASE(a_call_is_small),
	{},
};

static struct kunit_suite tx_suite = {
	.name = "kpptp_tx",
	.init = tx_init,
	.exit = tx_exit,
	.test_cases = tx_cases,
};

kunit_test_suite(tx_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: the send side");
MODULE_LICENSE("GPL");
