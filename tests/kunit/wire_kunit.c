// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What calls put on the wire and take from it, against RFC 2637 sections 4.1 to
 * 4.4. Two calls that are each other's peer talk over the loopback device, and
 * a tap writes down what passes there.
 */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/ppp_defs.h>
#include <linux/skbuff.h>

#include "call_kunit.h"

#include "../../kernel/tx.h"

#define SECOND 1000000u

/* ---- The tap ---- */

/**
 * struct taken - a packet that passed
 * @len: octets, IP header included
 * @octets: the first of them, behind the IP header
 */
struct taken {
	unsigned int len;
	u8 octets[40];
};

static struct taken tape[64];
static unsigned int taken;

static int tap(struct sk_buff *skb, struct net_device *dev,
	       struct packet_type *type, struct net_device *orig)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct taken *t = &tape[taken];

	if (iph->protocol == IPPROTO_GRE && taken < ARRAY_SIZE(tape)) {
		t->len = ntohs(iph->tot_len);
		if (!skb_copy_bits(skb, sizeof(*iph), t->octets,
				   min_t(unsigned int, sizeof(t->octets),
					 skb->len - sizeof(*iph))))
			/* The packet is there before it is counted: passed(). */
			smp_store_release(&taken, taken + 1);
	}
	consume_skb(skb);
	return 0;
}

/* How many packets have passed, which can be looked at. */
static unsigned int passed(void)
{
	/* What tap() counts is there. */
	return smp_load_acquire(&taken);
}

static struct packet_type tap_type = { .type = htons(ETH_P_IP), .func = tap };

/* ---- The calls ---- */

/**
 * struct pair - two calls that are each other's peer
 * @a: 127.0.0.1, which gave its end the number 0x1001
 * @b: 127.0.0.2, which gave its end the number 0x2002
 */
struct pair {
	struct kpptp_call *a;
	struct kpptp_call *b;
};

static struct kpptp_call_conf conf_a(void)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 0x1001);

	conf.peer_id = 0x2002;
	return conf;
}

static struct kpptp_call_conf conf_b(void)
{
	struct kpptp_call_conf conf = conf_of(THERE, HERE, 0x2002);

	conf.peer_id = 0x1001;
	return conf;
}

static struct pair pair_in(struct kunit *test, struct net *net)
{
	struct kpptp_call_conf a = conf_a(), b = conf_b();

	return (struct pair){ create(test, net, &a), create(test, net, &b) };
}

static int wire_init(struct kunit *test)
{
	struct before *before =
		kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, before);
	note(test, before);
	test->priv = before;
	memset(tape, 0, sizeof(tape));
	taken = 0;
	dev_add_pack(&tap_type);
	return 0;
}

static void wire_exit(struct kunit *test)
{
	dev_remove_pack(&tap_type);
	sweep_all(test);
}

static void end(struct kunit *test, struct pair *p)
{
	end_call(p->a);
	end_call(p->b);
	all_gone(test, test->priv);
}

/* An IP frame of PPP: protocol and @len octets that count up. */
static struct sk_buff *frame(struct kunit *test, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(128 + 2 + len, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 128);
	skb_put_u8(skb, 0);
	skb_put_u8(skb, PPP_IP);
	for (i = 0; i < len; i++)
		skb_put_u8(skb, i);
	return skb;
}

static bool send_skb(struct kpptp_call *call, struct sk_buff *skb)
{
	bool sent;

	local_bh_disable();
	sent = kpptp_tx_frame(call, skb);
	local_bh_enable();
	return sent;
}

/* Send a frame of @len octets, and wait until it has passed. */
static void send(struct kunit *test, struct kpptp_call *call, unsigned int len)
{
	unsigned int n = taken;

	KUNIT_EXPECT_TRUE(test, send_skb(call, frame(test, len)));
	WAIT(passed() == n + 1);
}

/* The acknowledgment owed, alone. */
static void acknowledge(struct kunit *test, struct kpptp_call *call)
{
	unsigned int n = taken;

	local_bh_disable();
	kpptp_tx_ack(call);
	local_bh_enable();
	WAIT(passed() == n + 1);
}

/* The last packet that passed is @..., behind its IP header. */
#define PASSED(...)                                                            \
	do {                                                                   \
		static const u8 _octets[] = { __VA_ARGS__ };                   \
		KUNIT_EXPECT_EQ(test, tape[taken - 1].len,                     \
				20u + (u32)sizeof(_octets));                   \
		KUNIT_EXPECT_EQ(test,                                          \
				memcmp(tape[taken - 1].octets, _octets,        \
				       sizeof(_octets)),                       \
				0);                                            \
	} while (0)

/* ---- 4.1: the header, numbers, acknowledgments ---- */

/* clang-format off */

/*
 * 4, 4.1: GRE in IP, then the PPP packet with nothing of its medium but address
 * and control; the Call ID is the one the peer gave, the length the payload's.
 */
static void a_data_packet_is_as_drawn(struct kunit *test)
{
	struct pair p = pair_in(test, &init_net);

	send(test, p.a, 3);
	PASSED(0x30, 0x01, 0x88, 0x0b,	/* K, S, version 1, 0x880B */
	       0x00, 0x07, 0x20, 0x02,	/* 7 octets for the peer's 0x2002 */
	       0x00, 0x00, 0x00, 0x00,	/* the first number is 0 */
	       0xff, 0x03, 0x00, 0x21, 0x00, 0x01, 0x02);
	WAIT(p.b->recv.stats.rx_packets == 1);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_bytes, 5ull);
	KUNIT_EXPECT_EQ(test, p.a->recv.stats.rx_packets, 0ull);
	end(test, &p);
}

/*
 * 4.1, 4.2: the A bit: data carries the acknowledgment that is owed, once. The
 * length does not count the header, however long.
 */
static void data_carries_the_acknowledgment(struct kunit *test)
{
	struct pair p = pair_in(test, &init_net);

	send(test, p.a, 1);
	send(test, p.a, 1);
	send(test, p.b, 1);
	PASSED(0x30, 0x81, 0x88, 0x0b, 0x00, 0x05, 0x10, 0x01,
	       0x00, 0x00, 0x00, 0x00,	/* its own first */
	       0x00, 0x00, 0x00, 0x01,	/* and the highest received */
	       0xff, 0x03, 0x00, 0x21, 0x00);
	send(test, p.b, 1);
	PASSED(0x30, 0x01, 0x88, 0x0b, 0x00, 0x05, 0x10, 0x01,
	       0x00, 0x00, 0x00, 0x01,
	       0xff, 0x03, 0x00, 0x21, 0x00);
	end(test, &p);
}

/*
 * 4.1, 4.2: an acknowledgment alone is 12 octets: no S, no payload, and the
 * number straight after the key. It uses up no sequence number.
 */
static void fact_05_an_acknowledgment_alone(struct kunit *test)
{
	struct pair p = pair_in(test, &init_net);

	send(test, p.b, 1);
	send(test, p.a, 1);
	send(test, p.a, 1);
	acknowledge(test, p.b);
	PASSED(0x20, 0x81, 0x88, 0x0b, 0x00, 0x00, 0x10, 0x01,
	       0x00, 0x00, 0x00, 0x01);
	KUNIT_EXPECT_EQ(test, p.b->send.stats.tx_acks, 1ull);
	WAIT(p.a->send.stats.rx_acks == 1);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(&p.a->send.window), 0u);
	/* The next data packet is 1, after 0. */
	send(test, p.b, 1);
	PASSED(0x30, 0x01, 0x88, 0x0b, 0x00, 0x05, 0x10, 0x01,
	       0x00, 0x00, 0x00, 0x01,
	       0xff, 0x03, 0x00, 0x21, 0x00);
	WAIT(p.a->recv.stats.rx_packets == 2);
	end(test, &p);
}

/* clang-format on */

/* 4.1: each packet with a payload has the next number, from 0 on. */
static void numbers_are_consecutive(struct kunit *test)
{
	struct pair p = pair_in(test, &init_net);
	u32 n;

	for (n = 0; n < 40; n++) {
		send(test, p.a, n);
		KUNIT_EXPECT_EQ(test, tape[n].octets[11], n);
	}
	WAIT(p.b->recv.stats.rx_packets == 40);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_lost, 0ull);
	end(test, &p);
}

/* 4.2.5: without a delay each packet is acknowledged alone, and at once. */
static void each_packet_is_acknowledged(struct kunit *test)
{
	struct kpptp_call_conf a = conf_a(), b = conf_b();
	struct pair p;
	u32 n;

	b.ack_delay = 0;
	p.a = create(test, &init_net, &a);
	p.b = create(test, &init_net, &b);
	for (n = 0; n < 5; n++) {
		KUNIT_EXPECT_TRUE(test, send_skb(p.a, frame(test, 1)));
		WAIT(p.a->send.stats.rx_acks == n + 1);
	}
	KUNIT_EXPECT_EQ(test, p.b->send.stats.tx_acks, 5ull);
	KUNIT_EXPECT_EQ(test, kpptp_window_in_flight(&p.a->send.window), 0u);
	end(test, &p);
}

/* ---- Whose packet it is ---- */

/* A peer that has not named its Call ID is heard, and nothing is sent to it. */
static void a_nameless_peer_is_only_heard(struct kunit *test)
{
	struct kpptp_call_conf a = conf_a(), b = conf_b();
	struct pair p;

	b.peer_id = KPPTP_PEER_ID_UNKNOWN;
	b.ack_delay = 0;
	p.a = create(test, &init_net, &a);
	p.b = create(test, &init_net, &b);
	send(test, p.a, 1);
	WAIT(p.b->recv.stats.rx_packets == 1);
	KUNIT_EXPECT_TRUE(test, send_skb(p.b, frame(test, 1)));
	KUNIT_EXPECT_EQ(test, p.b->send.stats.tx_no_peer_id, 1ull);
	KUNIT_EXPECT_EQ(test, p.b->send.stats.tx_acks, 0ull);
	KUNIT_EXPECT_EQ(test, p.b->send.window.next, 0u);
	KUNIT_EXPECT_EQ(test, taken, 1u);
	end(test, &p);
}

static u64 no_call(struct net *net)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += u64_stats_read(
			&per_cpu_ptr(kpptp_net_of(net)->stats, cpu)->rx_no_call);
	return sum;
}

/*
 * 4.1, 3.2.2: addresses and Call ID together say whose a packet is, within the
 * namespace that it came in by.
 */
static void received_by_addresses_id_and_namespace(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_a(), other;
	struct net *second = second_net(test);
	struct pair p = pair_in(test, &init_net), q = pair_in(test, second);
	struct kpptp_call *id, *address, *stray;
	u64 strays = no_call(&init_net);

	/* The same addresses with another ID; the same ID, other addresses. */
	other = conf_of(THERE, HERE, 0x2003);
	id = create(test, &init_net, &other);
	other = conf_of(THERE, htonl(0x7f000003), 0x2002);
	address = create(test, &init_net, &other);

	send(test, p.a, 1);
	WAIT(p.b->recv.stats.rx_packets == 1);
	KUNIT_EXPECT_EQ(test, id->recv.stats.rx_packets, 0ull);
	KUNIT_EXPECT_EQ(test, address->recv.stats.rx_packets, 0ull);
	KUNIT_EXPECT_EQ(test, q.b->recv.stats.rx_packets, 0ull);
	send(test, q.a, 1);
	send(test, q.a, 1);
	WAIT(q.b->recv.stats.rx_packets == 2);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_packets, 1ull);
	KUNIT_EXPECT_EQ(test, no_call(&init_net), strays);

	conf.key.id = 0x1002;
	conf.peer_id = 0x2004; /* nobody's */
	stray = create(test, &init_net, &conf);
	send(test, stray, 1);
	WAIT(no_call(&init_net) == strays + 1);

	end_call(id);
	end_call(address);
	end_call(stray);
	end_call(q.a);
	end_call(q.b);
	end(test, &p);
}

/* ---- 4.2 to 4.4: windows, order, time-outs ---- */

/* 4.2.1, 4.2.4: a full window takes no more packets; they wait where they are. */
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

/* Lose the call's next packet on its way. */
static void lose(struct kpptp_call *call)
{
	spin_lock_bh(&call->send.lock);
	call->send.window.next++;
	spin_unlock_bh(&call->send.lock);
}

/* 4.3: what follows a gap is held and acknowledged; the call's end frees it. */
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
	KUNIT_EXPECT_GT(test, atomic_long_read(&kpptp_net_of(&init_net)->held),
			0l);
	acknowledge(test, p.b);
	KUNIT_EXPECT_EQ(test, tape[taken - 1].octets[11], 2);
	end(test, &p);
}

/* 4.3: PPP takes the loss: when the hold time ends, what is there is delivered. */
static void a_gap_is_given_up(struct kunit *test)
{
	struct pair p = pair_in(test, &init_net);

	send(test, p.a, 1);
	lose(p.a);
	send(test, p.a, 1);
	WAIT(p.b->recv.stats.rx_packets == 2);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_reorder_timeouts, 1ull);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_lost, 1ull);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&kpptp_net_of(&init_net)->held),
			0l);
	end(test, &p);
}

/* A deadline that has passed when the timer is set is now, not in 71 minutes. */
static void a_deadline_in_the_past_is_now(struct kunit *test)
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
 * What a gap has held goes to PPP by the queue, all of it and in order, and none
 * of it is charged any more. What follows has the fast path again.
 */
static void what_was_held_goes_by_the_queue(struct kunit *test)
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
	KUNIT_EXPECT_EQ(test, atomic_long_read(&kn->held),
			(long)p.b->recv.reorder.bytes);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_packets, 1ull);
	/* The one that was lost. */
	spin_lock_bh(&p.a->send.lock);
	p.a->send.window.next -= 201;
	spin_unlock_bh(&p.a->send.lock);
	KUNIT_EXPECT_TRUE(test, send_skb(p.a, frame(test, 1)));
	WAIT(p.b->recv.stats.rx_packets == 202);
	WAIT(atomic_long_read(&kn->held) == 0);
	WAIT(READ_ONCE(p.b->recv.reorder.plain));
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_lost, 0ull);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_backlog_drops, 0ull);
	KUNIT_EXPECT_EQ(test, p.b->recv.stats.rx_bytes,
			200ull * 199 / 2 + 202 * 2 + 2);
	spin_lock_bh(&p.a->send.lock);
	p.a->send.window.next += 200;
	spin_unlock_bh(&p.a->send.lock);
	KUNIT_EXPECT_TRUE(test, send_skb(p.a, frame(test, 1)));
	WAIT(p.b->recv.stats.rx_packets == 203);
	end(test, &p);
}

/*
 * 4.4: "independent time-outs for each session": one call's peer is silent, its
 * window is halved and its time-out backed off; the other's peer is not.
 */
static void timeouts_are_each_calls_own(struct kunit *test)
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

static struct kunit_case wire_cases[] = {
	KUNIT_CASE(a_data_packet_is_as_drawn),
	KUNIT_CASE(data_carries_the_acknowledgment),
	KUNIT_CASE(fact_05_an_acknowledgment_alone),
	KUNIT_CASE(numbers_are_consecutive),
	KUNIT_CASE(each_packet_is_acknowledged),
	KUNIT_CASE(a_nameless_peer_is_only_heard),
	KUNIT_CASE(received_by_addresses_id_and_namespace),
	KUNIT_CASE(fact_08_a_full_window_leaves_the_packet),
	KUNIT_CASE(a_gap_is_held_and_acknowledged),
	KUNIT_CASE(a_gap_is_given_up),
	KUNIT_CASE(a_deadline_in_the_past_is_now),
	KUNIT_CASE(what_was_held_goes_by_the_queue),
	KUNIT_CASE(timeouts_are_each_calls_own),
	{},
};

static struct kunit_suite wire_suite = {
	.name = "kpptp_wire",
	.init = wire_init,
	.exit = wire_exit,
	.test_cases = wire_cases,
};

kunit_test_suite(wire_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: packets on the wire");
MODULE_LICENSE("GPL");
