// SPDX-License-Identifier: GPL-2.0-or-later
/* The enhanced GRE header, against RFC 2637 section 4.1. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/gre.c"

/*
 * Packets are written as 32-bit words, as drawn in the RFC: flags, Key (payload
 * length, Call ID), then Sequence and Acknowledgment Number if present. Most have 5
 * octets of payload, Call ID 0x1234, number 7 and acknowledgment 9. @len is the
 * length of the whole packet; words beyond the header are never read.
 */
struct parse_case {
	const char *name;
	u32 words[4];
	unsigned int len;
	enum kpptp_gre_verdict verdict;
	struct kpptp_gre gre;
};

/* clang-format off */
#define W(...) { __VA_ARGS__ }

#define GOOD(_name, _len, _words, ...)                                   \
	{ .name = (_name), .len = (_len), .words = _words,              \
	  .verdict = KPPTP_GRE_OK, .gre = { __VA_ARGS__ } }
#define BAD(_name, _len, _words, _verdict)                               \
	{ .name = (_name), .len = (_len), .words = _words,              \
	  .verdict = KPPTP_GRE_##_verdict }

static const struct parse_case parse_cases[] = {
	GOOD("data with acknowledgment", 21, W(0x3081880b, 0x00051234, 7, 9), .call_id = 0x1234,
	     .payload_len = 5, .header_len = 16, .has_seq = true,
	     .has_ack = true, .seq = 7, .ack = 9),
	GOOD("data alone", 17, W(0x3001880b, 0x00051234, 7), .call_id = 0x1234, .payload_len = 5,
	     .header_len = 12, .has_seq = true, .seq = 7),
	GOOD("acknowledgment alone", 12, W(0x2081880b, 0x00001234, 9), .call_id = 0x1234,
	     .header_len = 12, .has_ack = true, .ack = 9),
	GOOD("Call ID 0, as Windows sends it", 17, W(0x3001880b, 0x00050000, 7),
	     .payload_len = 5, .header_len = 12, .has_seq = true, .seq = 7),
	GOOD("highest of everything", 16 + 65535,
	     W(0x3081880b, 0xffffffff, 0xffffffff, 0xffffffff),
	     .call_id = 0xffff, .payload_len = 0xffff, .header_len = 16,
	     .has_seq = true, .has_ack = true, .seq = 0xffffffff,
	     .ack = 0xffffffff),
	GOOD("padded by the link", 46, W(0x3001880b, 0x00051234, 7), .call_id = 0x1234,
	     .payload_len = 5, .header_len = 12, .has_seq = true, .seq = 7),
	GOOD("acknowledgment padded by the link", 26, W(0x2081880b, 0x00001234, 9),
	     .call_id = 0x1234,
	     .header_len = 12, .has_ack = true, .ack = 9),
	GOOD("empty payload", 12, W(0x3001880b, 0x00001234, 7),
	     .call_id = 0x1234, .header_len = 12, .has_seq = true, .seq = 7),

	BAD("nothing", 0, W(0x3081880b, 0x00051234, 7, 9), SHORT),
	BAD("less than a key", 7, W(0x3081880b, 0x00051234, 7, 9), SHORT),
	BAD("no room for the sequence number", 11, W(0x3001880b, 0x00051234, 7), SHORT),
	BAD("no room for the lone acknowledgment", 11, W(0x2081880b, 0x00001234, 9), SHORT),
	BAD("no room for the acknowledgment", 15, W(0x3081880b, 0x00051234, 7, 9), SHORT),
	BAD("a key and no more", 8, W(0x3081880b, 0x00051234, 7, 9), SHORT),
	BAD("payload one octet short", 20, W(0x3081880b, 0x00051234, 7, 9), SHORT),
	BAD("payload missing", 12, W(0x3001880b, 0x00051234, 7), SHORT),
	BAD("stated payload of 65535", 100, W(0x3001880b, 0xffff1234, 7), SHORT),

	BAD("version 0", 21, W(0x3080880b, 0x00051234, 7, 9), VERSION),
	BAD("version 2", 21, W(0x3082880b, 0x00051234, 7, 9), VERSION),
	BAD("version 5", 21, W(0x3085880b, 0x00051234, 7, 9), VERSION),
	BAD("version 0, checksum", 21, W(0x80000800, 0, 0, 0), VERSION),

	BAD("C: checksum present", 21, W(0xb081880b, 0x00051234, 7, 9), MALFORMED),
	BAD("R: routing present", 21, W(0x7081880b, 0x00051234, 7, 9), MALFORMED),
	BAD("K: key absent", 21, W(0x1081880b, 0x00051234, 7, 9), MALFORMED),
	BAD("s: strict source route", 21, W(0x3881880b, 0x00051234, 7, 9), MALFORMED),
	BAD("Recur 1", 21, W(0x3181880b, 0x00051234, 7, 9), MALFORMED),
	BAD("Recur 4", 21, W(0x3481880b, 0x00051234, 7, 9), MALFORMED),
	BAD("Flags, lowest", 21, W(0x3089880b, 0x00051234, 7, 9), MALFORMED),
	BAD("Flags, highest", 21, W(0x30c1880b, 0x00051234, 7, 9), MALFORMED),
	BAD("protocol IPv4", 21, W(0x30810800, 0x00051234, 7, 9), MALFORMED),
	BAD("protocol 0x880C", 21, W(0x3081880c, 0x00051234, 7, 9), MALFORMED),
	BAD("neither S nor A, in the least that has a key", 8, W(0x2001880b, 0x00001234), MALFORMED),
	BAD("neither S nor A", 12, W(0x2001880b, 0x00001234, 0), MALFORMED),
	BAD("payload without S", 17, W(0x2081880b, 0x00051234, 9), MALFORMED),
	BAD("payload without S and without octets", 12,
	    W(0x2081880b, 0x00051234, 9), MALFORMED),
};

/* clang-format on */

static void parse_describe(const struct parse_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(parse, parse_cases, parse_describe);

static void expect_same(struct kunit *test, const struct kpptp_gre *a, const struct kpptp_gre *b)
{
	KUNIT_EXPECT_EQ(test, a->call_id, b->call_id);
	KUNIT_EXPECT_EQ(test, a->payload_len, b->payload_len);
	KUNIT_EXPECT_EQ(test, a->header_len, b->header_len);
	KUNIT_EXPECT_EQ(test, a->has_seq, b->has_seq);
	KUNIT_EXPECT_EQ(test, a->has_ack, b->has_ack);
	KUNIT_EXPECT_EQ(test, a->seq, b->seq);
	KUNIT_EXPECT_EQ(test, a->ack, b->ack);
}

/* Put the packet in its own allocation, so that KASAN catches a read beyond it. */
static void *packet_of(struct kunit *test, const struct parse_case *c)
{
	__be32 words[4];
	void *packet;
	int i;

	for (i = 0; i < 4; i++)
		words[i] = cpu_to_be32(c->words[i]);
	packet = kunit_kzalloc(test, max(min(c->len, 16u), 1u), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, packet);
	memcpy(packet, words, min(c->len, 16u));
	return packet;
}

/* 4.1: legal values of each field, and the packet length they require. */
static void parse_test(struct kunit *test)
{
	const struct parse_case *c = test->param_value;
	struct kpptp_gre gre;

	KUNIT_EXPECT_EQ(test, kpptp_gre_parse(packet_of(test, c), c->len, &gre), c->verdict);
	if (c->verdict == KPPTP_GRE_OK)
		expect_same(test, &gre, &c->gre);
}

/* 4.1: of the first 32 bits only S and A may vary. */
static void every_bit_test(struct kunit *test)
{
	__be32 words[4] = { 0, cpu_to_be32(0x00001234) };
	struct kpptp_gre gre;
	int bit;

	for (bit = 0; bit < 32; bit++) {
		u32 first = 0x3081880b ^ BIT(bit);
		enum kpptp_gre_verdict expect = KPPTP_GRE_MALFORMED;

		if (bit == 28 || bit == 23)
			expect = KPPTP_GRE_OK;
		else if (bit >= 16 && bit <= 18)
			expect = KPPTP_GRE_VERSION;
		words[0] = cpu_to_be32(first);
		KUNIT_EXPECT_EQ_MSG(test, kpptp_gre_parse(words, 16, &gre), expect,
				    "first word %#x", first);
	}
}

/* 4.1: the header as sent, octet by octet. */
static void build_bytes_test(struct kunit *test)
{
	static const u8 data_ack[] = { 0x30, 0x81, 0x88, 0x0b, 0x00, 0x05, 0x12, 0x34,
				       0x00, 0x00, 0x00, 0x07, 0x80, 0x00, 0x00, 0x09 };
	static const u8 lone_ack[] = { 0x20, 0x81, 0x88, 0x0b, 0x00, 0x00,
				       0x12, 0x34, 0xff, 0xff, 0xff, 0xff };
	struct kpptp_gre gre = { .call_id = 0x1234,
				 .payload_len = 5,
				 .has_seq = true,
				 .has_ack = true,
				 .seq = 7,
				 .ack = 0x80000009 };
	__be32 words[4];

	kpptp_gre_build(words, &gre);
	KUNIT_EXPECT_EQ(test, memcmp(words, data_ack, sizeof(data_ack)), 0);

	gre = (struct kpptp_gre){ .call_id = 0x1234, .has_ack = true, .ack = U32_MAX };
	kpptp_gre_build(words, &gre);
	KUNIT_EXPECT_EQ(test, memcmp(words, lone_ack, sizeof(lone_ack)), 0);
}

/* 4.1: a header is parsed as it was built, and nothing beyond it is written. */
static void round_trip_test(struct kunit *test)
{
	int flags;

	for (flags = 1; flags < 4; flags++) {
		struct kpptp_gre read, gre = {
			.has_seq = flags & 1,
			.has_ack = flags & 2,
			.call_id = 0xfedc,
			.payload_len = flags & 1 ? 1400 : 0,
			.seq = flags & 1 ? 0xdeadbeef : 0,
			.ack = flags & 2 ? 0xcafef00d : 0,
			.header_len = flags == 3 ? 16 : 12,
		};
		u8 *where = kunit_kzalloc(test, 20, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, where);
		memset(where, 0x55, 20);
		kpptp_gre_build(where, &gre);
		KUNIT_EXPECT_EQ(test, where[gre.header_len], 0x55);
		KUNIT_EXPECT_EQ(test, kpptp_gre_len(gre.has_seq, gre.has_ack),
				(unsigned int)gre.header_len);
		KUNIT_EXPECT_EQ(test, kpptp_gre_parse(where, 2000, &read), KPPTP_GRE_OK);
		expect_same(test, &read, &gre);
	}
}

/*
 * 4.1: a header quoted by an ICMP error is ours if S, A or both are set and
 * everything else is as we send it; its Call ID is the peer's. Eight octets suffice.
 */
static void quoted_test(struct kunit *test)
{
	static const u32 ours[] = { 0x3001880b, 0x2081880b, 0x3081880b };
	__be32 *words = kunit_kzalloc(test, KPPTP_GRE_MIN, GFP_KERNEL);
	int i, bit;
	u16 id;

	KUNIT_ASSERT_NOT_NULL(test, words);
	words[1] = cpu_to_be32(0x05dcfedc);
	for (i = 0; i < ARRAY_SIZE(ours); i++) {
		id = 0;
		words[0] = cpu_to_be32(ours[i]);
		KUNIT_EXPECT_TRUE(test, kpptp_gre_quoted(words, &id));
		KUNIT_EXPECT_EQ(test, id, (u16)0xfedc);
	}

	id = 7;
	words[0] = cpu_to_be32(0x2001880b);
	KUNIT_EXPECT_FALSE_MSG(test, kpptp_gre_quoted(words, &id),
			       "neither data nor acknowledgment");
	for (bit = 0; bit < 32; bit++) {
		if (bit == 28 || bit == 23)
			continue;
		words[0] = cpu_to_be32(0x3081880b ^ BIT(bit));
		KUNIT_EXPECT_FALSE_MSG(test, kpptp_gre_quoted(words, &id), "bit %d", bit);
	}
	KUNIT_EXPECT_EQ_MSG(test, id, (u16)7, "written though it is not ours");
}

static struct kunit_case gre_cases[] = {
	KUNIT_CASE_PARAM(parse_test, parse_gen_params),
	KUNIT_CASE(every_bit_test),
	KUNIT_CASE(build_bytes_test),
	KUNIT_CASE(round_trip_test),
	KUNIT_CASE(quoted_test),
	{},
};

static struct kunit_suite gre_suite = {
	.name = "kpptp_gre",
	.test_cases = gre_cases,
};

kunit_test_suite(gre_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: enhanced GRE header");
MODULE_LICENSE("GPL");
