/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the suites of the wire. Two calls that are each other's peer talk over
 * the loopback device, and a tap records the packets.
 */
#ifndef KPPTP_WIRE_KUNIT_H
#define KPPTP_WIRE_KUNIT_H

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
 * struct taken - a recorded packet
 * @len: length in octets, including the IP header
 * @octets: the first octets after the IP header
 */
struct taken {
	unsigned int len;
	u8 octets[40];
};

static struct taken tape[64];
static unsigned int taken;

static inline int tap(struct sk_buff *skb, struct net_device *dev, struct packet_type *type,
		      struct net_device *orig)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct taken *t = &tape[taken];

	if (iph->protocol == IPPROTO_GRE && taken < ARRAY_SIZE(tape)) {
		t->len = ntohs(iph->tot_len);
		if (!skb_copy_bits(skb, sizeof(*iph), t->octets,
				   min_t(unsigned int, sizeof(t->octets), skb->len - sizeof(*iph))))
			/* Pairs with passed(): store the packet before counting it. */
			smp_store_release(&taken, taken + 1);
	}
	consume_skb(skb);
	return 0;
}

/* Number of packets recorded, which may be read. */
static inline unsigned int passed(void)
{
	/* Pairs with tap(). */
	return smp_load_acquire(&taken);
}

static struct packet_type tap_type = { .type = htons(ETH_P_IP), .func = tap };

/* ---- The calls ---- */

/**
 * struct pair - two calls that are each other's peer
 * @a: 127.0.0.1, which assigned Call ID 0x1001
 * @b: 127.0.0.2, which assigned Call ID 0x2002
 */
struct pair {
	struct kpptp_call *a;
	struct kpptp_call *b;
};

static inline struct kpptp_call_conf conf_a(void)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 0x1001);

	conf.peer_id = 0x2002;
	return conf;
}

static inline struct kpptp_call_conf conf_b(void)
{
	struct kpptp_call_conf conf = conf_of(THERE, HERE, 0x2002);

	conf.peer_id = 0x1001;
	return conf;
}

static inline struct pair pair_in(struct kunit *test, struct net *net)
{
	struct kpptp_call_conf a = conf_a(), b = conf_b();

	return (struct pair){ create(test, net, &a), create(test, net, &b) };
}

static inline int wire_init(struct kunit *test)
{
	struct before *before = kunit_kzalloc(test, sizeof(*before), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, before);
	note(test, before);
	test->priv = before;
	memset(tape, 0, sizeof(tape));
	taken = 0;
	dev_add_pack(&tap_type);
	return 0;
}

static inline void wire_exit(struct kunit *test)
{
	dev_remove_pack(&tap_type);
	sweep_all(test);
}

static inline void end(struct kunit *test, struct pair *p)
{
	end_call(p->a);
	end_call(p->b);
	all_gone(test, test->priv);
}

/* A PPP frame with protocol IP and @len octets that count up. */
static inline struct sk_buff *frame(struct kunit *test, unsigned int len)
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

static inline bool send_skb(struct kpptp_call *call, struct sk_buff *skb)
{
	bool sent;

	local_bh_disable();
	sent = kpptp_tx_frame(call, skb);
	local_bh_enable();
	return sent;
}

/* Send a frame of @len octets, and wait until it is recorded. */
static inline void send(struct kunit *test, struct kpptp_call *call, unsigned int len)
{
	unsigned int n = taken;

	KUNIT_EXPECT_TRUE(test, send_skb(call, frame(test, len)));
	WAIT(passed() == n + 1);
}

/* Send the owed acknowledgment as a standalone ack. */
static inline void acknowledge(struct kunit *test, struct kpptp_call *call)
{
	unsigned int n = taken;

	local_bh_disable();
	kpptp_tx_ack(call);
	local_bh_enable();
	WAIT(passed() == n + 1);
}

/* Expect the last recorded packet to be @... after its IP header. */
#define PASSED(...)                                                                                \
	do {                                                                                       \
		static const u8 _octets[] = { __VA_ARGS__ };                                       \
		KUNIT_EXPECT_EQ(test, tape[taken - 1].len, 20u + (u32)sizeof(_octets));            \
		KUNIT_EXPECT_EQ(test, memcmp(tape[taken - 1].octets, _octets, sizeof(_octets)),    \
				0);                                                                \
	} while (0)

#endif /* KPPTP_WIRE_KUNIT_H */
