// SPDX-License-Identifier: GPL-2.0-or-later
/* Windows, order and timeouts of calls on the wire: RFC 2637 sections 4.2 to 4.4. */
#include "wire_kunit.h"

/* 4.2.1, 4.2.4: with a full window no more packets are taken; they wait in place. */
static void fact_08_a_full_window_leaves_the_packet(struct kunit *test)
{
	struct kpptp_call_conf a = conf_a(), b = conf_b();
	struct sk_buff *skb = frame(test, 5), *copy;
	struct pair p;

	a.flow_control = KPPTP_FLOW_CONTROL_STRICT;
	a.peer_window = 2; /* so the first window is 1 */
	a.ato_min = 60 * SECOND;
	a.ato_max = 60 * SECOND;
	p.a = create(test, &init_net, &a);
	p.b = create(test, &init_net, &b);
	copy = skb_copy(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copy);

	send(test, p.a, 1);
	KUNIT_ASSERT_FALSE(test, send_skb(p.a, skb));
	KUNIT_EXPECT_EQ(test, skb->len, copy->len);
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, copy->data, copy->len), 0);
	KUNIT_EXPECT_EQ(test, send_stats(p.a).tx_window_stalls, 1ull);
	KUNIT_EXPECT_EQ(test, send_stats(p.a).tx_window_drops, 0ull);
	KUNIT_EXPECT_EQ(test, taken, 1u);

	WAIT(p.b->recv.stats.rx_packets == 1);
	acknowledge(test, p.b);
	WAIT(p.a->send.stats.rx_acks == 1);
	KUNIT_EXPECT_TRUE(test, send_skb(p.a, skb));
	WAIT(p.b->recv.stats.rx_packets == 2);
	kfree_skb(copy);
	end(test, &p);
}

/* Lose the call's next packet. */
static void lose(struct kpptp_call *call)
{
	spin_lock_bh(&call->send.lock);
	call->send.window.next++;
	spin_unlock_bh(&call->send.lock);
}

/* 4.3: packets behind a gap are held and acknowledged; deleting the call frees them. */
static void a_gap_is_held_and_acknowledged(struct kunit *test)
{
	struct kpptp_call_conf a = conf_a(), b = conf_b();
	struct pair p;

	b.reorder_time = 1 * SECOND;
	p.a = create(test, &init_net, &a);
	p.b = create(test, &init_net, &b);
	p.b->recv.reorder.hold = 60 * SECOND;
	send(test, p.a, 1);
	lose(p.a);
	send(test, p.a, 1);
	WAIT(p.b->recv.stats.rx_out_of_order == 1);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_packets, 1ull);
	KUNIT_EXPECT_GT(test, atomic_long_read(&kpptp_net_of(&init_net)->held), 0l);
	acknowledge(test, p.b);
	KUNIT_EXPECT_EQ(test, tape[taken - 1].octets[11], 2);
	end(test, &p);
}

/* 4.3: PPP tolerates loss: when the hold time ends, held packets are delivered. */
static void a_gap_is_given_up(struct kunit *test)
{
	struct pair p = pair_in(test, &init_net);

	send(test, p.a, 1);
	lose(p.a);
	send(test, p.a, 1);
	WAIT(p.b->recv.stats.rx_packets == 2);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_reorder_timeouts, 1ull);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_lost, 1ull);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&kpptp_net_of(&init_net)->held), 0l);
	end(test, &p);
}

/* A call changed to hold nothing releases the packets that it holds. */
static void a_change_ends_a_hold(struct kunit *test)
{
	struct kpptp_call_conf a = conf_a(), b = conf_b();
	struct pair p;

	b.reorder_time = 1 * SECOND;
	p.a = create(test, &init_net, &a);
	p.b = create(test, &init_net, &b);
	p.b->recv.reorder.hold = 60 * SECOND;
	send(test, p.a, 1);
	lose(p.a);
	send(test, p.a, 1);
	WAIT(p.b->recv.stats.rx_out_of_order == 1);
	b.reorder_time = 0;
	mutex_lock(&p.b->kn->lock);
	KUNIT_EXPECT_EQ(test, kpptp_call_change(p.b, &b, NULL), 0);
	mutex_unlock(&p.b->kn->lock);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_packets, 2ull);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_reorder_timeouts, 1ull);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_lost, 1ull);
	end(test, &p);
}

/* A deadline already past when the timer is set means now, not in 71 minutes. */
static void deadline_in_the_past_is_now(struct kunit *test)
{
	struct kpptp_call_conf a = conf_a(), b = conf_b();
	struct pair p;

	b.reorder_time = 1 * SECOND;
	p.a = create(test, &init_net, &a);
	p.b = create(test, &init_net, &b);
	p.b->recv.reorder.hold = 60 * SECOND;
	send(test, p.a, 1);
	lose(p.a);
	send(test, p.a, 1);
	WAIT(p.b->recv.stats.rx_out_of_order == 1);
	msleep(20);
	p.b->recv.reorder.hold = 1000; /* 19 ms ago */
	lose(p.a);
	send(test, p.a, 1);
	WAIT(p.b->recv.stats.rx_packets == 3);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_reorder_timeouts, 2ull);
	end(test, &p);
}

/*
 * Packets held behind a gap go to PPP through the queue, all of them, in order and
 * no longer charged. Later packets take the fast path again.
 */
static void released_frames_go_through_the_queue(struct kunit *test)
{
	struct kpptp_net *kn = kpptp_net_of(&init_net);
	struct kpptp_call_conf a = conf_a(), b = conf_b();
	struct pair p;
	u32 n;

	b.reorder_time = 1 * SECOND;
	p.a = create(test, &init_net, &a);
	p.b = create(test, &init_net, &b);
	p.b->recv.reorder.hold = 60 * SECOND;
	send(test, p.a, 1);
	KUNIT_EXPECT_NULL(test, p.b->recv.ready);
	lose(p.a);
	for (n = 0; n < 200; n++)
		KUNIT_EXPECT_TRUE(test, send_skb(p.a, frame(test, n)));
	WAIT(p.b->recv.stats.rx_out_of_order == 200);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&kn->held), (long)p.b->recv.reorder.bytes);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_packets, 1ull);
	/* The lost packet. */
	spin_lock_bh(&p.a->send.lock);
	p.a->send.window.next -= 201;
	spin_unlock_bh(&p.a->send.lock);
	KUNIT_EXPECT_TRUE(test, send_skb(p.a, frame(test, 1)));
	WAIT(p.b->recv.stats.rx_packets == 202);
	WAIT(atomic_long_read(&kn->held) == 0);
	WAIT(READ_ONCE(p.b->recv.reorder.plain));
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_lost, 0ull);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_backlog_drops, 0ull);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_bytes, 200ull * 199 / 2 + 202 * 2 + 2);
	spin_lock_bh(&p.a->send.lock);
	p.a->send.window.next += 200;
	spin_unlock_bh(&p.a->send.lock);
	KUNIT_EXPECT_TRUE(test, send_skb(p.a, frame(test, 1)));
	WAIT(p.b->recv.stats.rx_packets == 203);
	end(test, &p);
}

/*
 * 4.4: "independent time-outs for each session": one call's peer is silent, so its
 * window is halved and its timeout backed off; the other call's is not.
 */
static void timeouts_are_per_call(struct kunit *test)
{
	struct kpptp_call_conf a = conf_a(), b = conf_b();
	struct kpptp_call *silent;
	struct pair p;

	a.flow_control = KPPTP_FLOW_CONTROL_STRICT;
	a.peer_window = 8;
	a.peer_ppd = 1;
	a.ato_min = 100000;
	b.ack_delay = 0;
	p.a = create(test, &init_net, &a);
	p.b = create(test, &init_net, &b);
	a.key.id = 0x1002;
	a.peer_id = 0x2004; /* nobody's */
	silent = create(test, &init_net, &a);

	KUNIT_EXPECT_TRUE(test, send_skb(p.a, frame(test, 1)));
	WAIT(p.a->send.stats.rx_acks == 1);
	send(test, silent, 1);
	WAIT(silent->send.stats.ack_timeouts == 1);
	KUNIT_EXPECT_EQ(test, silent->send.window.window, 2u);
	KUNIT_EXPECT_EQ(test, silent->send.window.ato, 200000u);
	KUNIT_EXPECT_EQ(test, p.a->send.stats.ack_timeouts, 0ull);
	KUNIT_EXPECT_EQ(test, p.a->send.window.window, 4u);
	end_call(silent);
	end(test, &p);
}

static struct kunit_case wire_order_cases[] = {
	KUNIT_CASE(fact_08_a_full_window_leaves_the_packet),
	KUNIT_CASE(a_gap_is_held_and_acknowledged),
	KUNIT_CASE(a_gap_is_given_up),
	KUNIT_CASE(a_change_ends_a_hold),
	KUNIT_CASE(deadline_in_the_past_is_now),
	KUNIT_CASE(released_frames_go_through_the_queue),
	KUNIT_CASE(timeouts_are_per_call),
	{},
};

static struct kunit_suite wire_order_suite = {
	.name = "kpptp_wire_order",
	.init = wire_init,
	.exit = wire_exit,
	.test_cases = wire_order_cases,
};

kunit_test_suite(wire_order_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: windows, order and time-outs");
MODULE_LICENSE("GPL");
