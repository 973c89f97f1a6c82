// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What calls put on the wire, and which packets they accept from it, against
 * RFC 2637 section 4.1.
 */
#include "wire_kunit.h"

/* ---- 4.1: the header, numbers, acknowledgments ---- */

/* clang-format off */

/*
 * 4, 4.1: GRE in IP, then the PPP packet with no framing but address and control;
 * the Call ID is the peer's, the length that of the payload.
 */
static void data_packet_layout(struct kunit *test)
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
 * 4.1, 4.2: the A bit: data carries the owed acknowledgment, once. The length never
 * includes the header.
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
 * 4.1, 4.2: a standalone ack is 12 octets: no S, no payload, and the number right
 * after the key. It uses up no sequence number.
 */
static void fact_05_standalone_ack(struct kunit *test)
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

/* 4.1: each packet with a payload has the next number, starting at 0. */
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

/* 4.2.5: without a delay each packet gets a standalone ack at once. */
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

/* Packets of a peer whose Call ID is unknown are received, but none are sent. */
static void no_sending_without_a_peer_id(struct kunit *test)
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
		sum += u64_stats_read(&per_cpu_ptr(kpptp_net_of(net)->stats, cpu)->rx_no_call);
	return sum;
}

/*
 * 4.1, 3.2.2: addresses and Call ID together identify the call of a packet, within
 * the namespace that received it.
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

static struct kunit_case wire_cases[] = {
	KUNIT_CASE(data_packet_layout),
	KUNIT_CASE(data_carries_the_acknowledgment),
	KUNIT_CASE(fact_05_standalone_ack),
	KUNIT_CASE(numbers_are_consecutive),
	KUNIT_CASE(each_packet_is_acknowledged),
	KUNIT_CASE(no_sending_without_a_peer_id),
	KUNIT_CASE(received_by_addresses_id_and_namespace),
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
