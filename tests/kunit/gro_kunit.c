// SPDX-License-Identifier: GPL-2.0-or-later
/* Merging: a frame's protocol, and which packets GRO may touch. */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/module.h>

#include "../../kernel/frame.h"
#include "../../kernel/gro.c"

static void protocol_of_one_byte_or_two(struct kunit *test)
{
	unsigned int field;

	KUNIT_EXPECT_EQ(test, kpptp_frame_protocol((const u8 *)"\x00\x21", 2, &field), PPP_IP);
	KUNIT_EXPECT_EQ(test, field, 2u);
	KUNIT_EXPECT_EQ(test, kpptp_frame_protocol((const u8 *)"\x21\x45", 2, &field), PPP_IP);
	KUNIT_EXPECT_EQ(test, field, 1u);
	KUNIT_EXPECT_EQ(test, kpptp_frame_protocol((const u8 *)"\xc0\x21", 2, &field), PPP_LCP);
	KUNIT_EXPECT_EQ(test, kpptp_frame_protocol((const u8 *)"\x57", 1, &field), PPP_IPV6);
}

static void short_frames_have_no_protocol(struct kunit *test)
{
	unsigned int field;

	KUNIT_EXPECT_EQ(test, kpptp_frame_protocol((const u8 *)"", 0, &field), 0);
	KUNIT_EXPECT_EQ(test, kpptp_frame_protocol((const u8 *)"\xc0", 1, &field), 0);
}

static void address_is_there_or_not(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kpptp_frame_address_len((const u8 *)"\xff\x03\xc0", 3), 2u);
	KUNIT_EXPECT_EQ(test, kpptp_frame_address_len((const u8 *)"\xff\x04\xc0", 3), 0u);
	KUNIT_EXPECT_EQ(test, kpptp_frame_address_len((const u8 *)"\x00\x21\x45", 3), 0u);
	KUNIT_EXPECT_EQ(test, kpptp_frame_address_len((const u8 *)"\xff", 1), 0u);
}

static void only_ip_has_a_type(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, kpptp_frame_ethertype(PPP_IP) == htons(ETH_P_IP));
	KUNIT_EXPECT_TRUE(test, kpptp_frame_ethertype(PPP_IPV6) == htons(ETH_P_IPV6));
	KUNIT_EXPECT_TRUE(test, kpptp_frame_ethertype(PPP_COMP) == 0);
	KUNIT_EXPECT_TRUE(test, kpptp_frame_ethertype(PPP_LCP) == 0);
}

/* Our type on the wire is not ours: GRO must not follow the pointer that is not there. */
static void packets_of_other_devices_are_left_alone(struct kunit *test)
{
	struct net_device *ours = alloc_etherdev(0), *other = alloc_etherdev(0);
	struct sk_buff *skb = alloc_skb(256, GFP_KERNEL);
	LIST_HEAD(held);

	KUNIT_ASSERT_NOT_NULL(test, ours);
	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	gro_dev = ours;
	skb->dev = other;
	skb->protocol = GRO_TYPE;
	skb_reserve(skb, 64);
	memset(skb_put(skb, 100), 0x45, 100);
	skb_reset_mac_header(skb);
	NAPI_GRO_CB(skb)->flush = 0;
	KUNIT_EXPECT_TRUE(test, !gro_receive(&held, skb));
	KUNIT_EXPECT_EQ(test, NAPI_GRO_CB(skb)->flush, 1);
	kfree_skb(skb);
	free_netdev(ours);
	free_netdev(other);
	gro_dev = NULL;
}

static struct kunit_case gro_cases[] = {
	KUNIT_CASE(protocol_of_one_byte_or_two),
	KUNIT_CASE(short_frames_have_no_protocol),
	KUNIT_CASE(address_is_there_or_not),
	KUNIT_CASE(only_ip_has_a_type),
	KUNIT_CASE(packets_of_other_devices_are_left_alone),
	{},
};

static struct kunit_suite gro_suite = {
	.name = "kpptp_gro",
	.test_cases = gro_cases,
};

kunit_test_suite(gro_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: merging");
MODULE_LICENSE("GPL");
