// SPDX-License-Identifier: GPL-2.0-or-later
/* Type of service: DSCP and congestion marks of outer and inner packets. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/tos.c"

/* ---- Transmit ---- */

struct inherit_case {
	const char *name;
	u8 frame[6];
	unsigned int len;
	u8 tos;
};

/* clang-format off */
static const struct inherit_case inherit_cases[] = {
	{ "IPv4", { 0x00, 0x21, 0x45, 0xb8 }, 6, 0xb8 },
	{ "IPv4, marks of congestion stay inside", { 0x00, 0x21, 0x45, 0x2b }, 6, 0x28 },
	{ "IPv6", { 0x00, 0x57, 0x6b, 0x80 }, 6, 0xb8 },
	{ "IPv6, marks of congestion stay inside", { 0x00, 0x57, 0x62, 0xbf }, 6, 0x28 },
	{ "as much as has to be seen", { 0x00, 0x21, 0x45, 0xb8 }, 4, 0xb8 },
	{ "less than that", { 0x00, 0x21, 0x45, 0xb8 }, 3, 0 },
	{ "nothing", { 0 }, 0, 0 },
	{ "IPCP", { 0x80, 0x21, 0x45, 0xb8 }, 6, 0 },
	{ "LCP", { 0xc0, 0x21, 0x01, 0xb8 }, 6, 0 },
	{ "encrypted", { 0x00, 0xfd, 0x45, 0xb8 }, 6, 0 },
};

/* clang-format on */

static struct sk_buff *frame_of(struct kunit *test, const void *octets, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_data(skb, octets, len);
	return skb;
}

/* The same bytes, none of them in the linear area. */
static struct sk_buff *scattered(struct kunit *test, const void *octets, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memcpy(page_address(page), octets, len);
	skb_add_rx_frag(skb, 0, page, 0, len, PAGE_SIZE);
	return skb;
}

static void inherit_describe(const struct inherit_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(inherit, inherit_cases, inherit_describe);

static void dscp_is_inherited(struct kunit *test)
{
	const struct inherit_case *c = test->param_value;
	struct sk_buff *skb;

	skb = frame_of(test, c->frame, c->len);
	KUNIT_EXPECT_EQ(test, kpptp_tos_inherit(skb), c->tos);
	kfree_skb(skb);

	skb = scattered(test, c->frame, c->len);
	KUNIT_EXPECT_EQ(test, kpptp_tos_inherit(skb), c->tos);
	kfree_skb(skb);
}

/* ---- Receive ---- */

/* PPP header; ECN field of the inner packet, before and after. */
struct congested_case {
	const char *name;
	u8 before[4];
	unsigned int before_len;
	bool v6;
	u8 ecn;
	u8 marked;
};

/* clang-format off */
static const struct congested_case congested_cases[] = {
	{ "IPv4, ECT(0)", { 0xff, 0x03, 0x00, 0x21 }, 4, false, 2, 3 },
	{ "IPv4, ECT(1)", { 0xff, 0x03, 0x00, 0x21 }, 4, false, 1, 3 },
	{ "IPv4, marked", { 0xff, 0x03, 0x00, 0x21 }, 4, false, 3, 3 },
	{ "IPv4, not to be marked", { 0xff, 0x03, 0x00, 0x21 }, 4, false, 0, 0 },
	{ "IPv4, no address", { 0x00, 0x21 }, 2, false, 2, 3 },
	{ "IPv4, half a protocol", { 0xff, 0x03, 0x21 }, 3, false, 2, 3 },
	{ "IPv4, neither", { 0x21 }, 1, false, 2, 3 },
	{ "IPv6, ECT(0)", { 0xff, 0x03, 0x00, 0x57 }, 4, true, 2, 3 },
	{ "IPv6, ECT(1)", { 0x57 }, 1, true, 1, 3 },
	{ "IPv6, not to be marked", { 0x57 }, 1, true, 0, 0 },
	{ "another control field", { 0xff, 0x13, 0x00, 0x21 }, 4, false, 2, 2 },
	{ "another address", { 0xfe, 0x03, 0x00, 0x21 }, 4, false, 2, 2 },
	{ "encrypted", { 0xff, 0x03, 0x00, 0xfd }, 4, false, 2, 2 },
	{ "IPCP", { 0xff, 0x03, 0x80, 0x21 }, 4, false, 2, 2 },
};

/* clang-format on */

static void congested_describe(const struct congested_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(congested, congested_cases, congested_describe);

/* A frame with only an IP header, whose ECN field is @ecn. */
static unsigned int build(const struct congested_case *c, u8 ecn, u8 *octets)
{
	struct ipv6hdr v6 = { .version = 6, .priority = 0xb };
	struct iphdr v4 = { .version = 4, .ihl = 5 };
	unsigned int len = c->v6 ? sizeof(v6) : sizeof(v4);

	v6.flow_lbl[0] = 0x80 | ecn << 4;
	v4.tos = 0xb8 | ecn;
	v4.check = ip_fast_csum(&v4, v4.ihl);
	memcpy(octets, c->before, c->before_len);
	memcpy(octets + c->before_len, c->v6 ? (void *)&v6 : (void *)&v4, len);
	return c->before_len + len;
}

/* ECN-capable packets are marked, with a correct checksum; nothing else changes. */
static void ecn_capable_packets_are_marked(struct kunit *test)
{
	const struct congested_case *c = test->param_value;
	struct sk_buff *skb, *clone;
	u8 octets[64], expect[64];
	unsigned int len;

	len = build(c, c->ecn, octets);
	build(c, c->marked, expect);

	skb = frame_of(test, octets, len);
	kpptp_tos_congested(skb);
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, expect, len), 0);
	kfree_skb(skb);

	skb = scattered(test, octets, len);
	kpptp_tos_congested(skb);
	KUNIT_ASSERT_TRUE(test, pskb_may_pull(skb, len));
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, expect, len), 0);
	kfree_skb(skb);

	/* Others that share the packet see it unchanged. */
	skb = frame_of(test, octets, len);
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	kpptp_tos_congested(skb);
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, expect, len), 0);
	KUNIT_EXPECT_EQ(test, memcmp(clone->data, octets, len), 0);
	kfree_skb(clone);
	kfree_skb(skb);
}

/* However a frame is truncated, nothing is written beyond it. */
static void truncated_frames_are_untouched(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(congested_cases); i++) {
		const struct congested_case *c = &congested_cases[i];
		unsigned int len, whole;
		u8 octets[64];

		whole = build(c, c->ecn, octets);
		for (len = 0; len < whole; len++) {
			struct sk_buff *skb = frame_of(test, octets, len);

			kpptp_tos_congested(skb);
			KUNIT_EXPECT_EQ_MSG(test, memcmp(skb->data, octets, len), 0,
					    "%s, %u octets", c->name, len);
			kfree_skb(skb);
		}
	}
}

static struct kunit_case tos_cases[] = {
	KUNIT_CASE_PARAM(dscp_is_inherited, inherit_gen_params),
	KUNIT_CASE_PARAM(ecn_capable_packets_are_marked, congested_gen_params),
	KUNIT_CASE(truncated_frames_are_untouched),
	{},
};

static struct kunit_suite tos_suite = {
	.name = "kpptp_tos",
	.test_cases = tos_cases,
};

kunit_test_suite(tos_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: type of service");
MODULE_LICENSE("GPL");
