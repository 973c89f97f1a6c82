// SPDX-License-Identifier: GPL-2.0-or-later
/* MPPE: keys, keystreams, and both directions of both modes. */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "../../kernel/mppe_rc4.c"
#include "../../kernel/mppe_key.c"
#include "../../kernel/mppe.c"

#define LONGEST 1600

/* Start key, from the samples of RFC 3079 section 3.5; a short key has its first half. */
static const u8 sample_start[KPPTP_MPPE_KEY_MAX] = {
	0x8b, 0x7c, 0xdc, 0x14, 0x9b, 0x99, 0x3a, 0x1b,
	0xa1, 0x18, 0xcb, 0x15, 0x3f, 0x56, 0xdc, 0xcb,
};

/* What the tests of a case share. */
struct fixture {
	struct kpptp_mppe sender;
	struct kpptp_mppe receiver;
	struct kpptp_mppe_ahead ahead[2];
	u8 clear[LONGEST];
	u8 packet[KPPTP_MPPE_HEADER + LONGEST];
	u8 read[LONGEST];
	u32 random;
};

static u32 random_below(struct fixture *f, u32 limit)
{
	f->random = f->random * 1664525 + 1013904223;
	return (f->random >> 8) % limit;
}

static struct fixture *fixture_new(struct kunit *test, enum kpptp_mppe_strength strength,
				   bool stateful)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->random = 1;
	for (i = 0; i < LONGEST; i++)
		f->clear[i] = i * 7;
	kpptp_mppe_init(&f->sender, sample_start, strength, stateful);
	kpptp_mppe_init(&f->receiver, sample_start, strength, stateful);
	return f;
}

static void send(struct fixture *f, unsigned int len)
{
	kpptp_mppe_encrypt(&f->sender, f->packet, f->clear, len);
}

static enum kpptp_mppe_verdict receive(struct fixture *f, unsigned int len)
{
	memset(f->read, 0, sizeof(f->read));
	return kpptp_mppe_decrypt(&f->receiver, f->read, f->packet, KPPTP_MPPE_HEADER + len);
}

static void expect_read(struct kunit *test, struct fixture *f, unsigned int len)
{
	KUNIT_EXPECT_EQ(test, receive(f, len), KPPTP_MPPE_OK);
	KUNIT_EXPECT_EQ(test, memcmp(f->read, f->clear, len), 0);
}

/* RFC 6229: the first bytes under keys that count up from 1. */
static void rc4_of_rfc_6229_test(struct kunit *test)
{
	static const u8 zero[16],
		key[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
	static const u8 expect[2][16] = {
		{ 0x97, 0xab, 0x8a, 0x1b, 0xf0, 0xaf, 0xb9, 0x61, 0x32, 0xf2, 0xf6, 0x72, 0x58,
		  0xda, 0x15, 0xa8 },
		{ 0x9a, 0xc7, 0xcc, 0x9a, 0x60, 0x9d, 0x1e, 0xf7, 0xb2, 0x93, 0x28, 0x99, 0xcd,
		  0xe4, 0x1b, 0x97 },
	};
	struct kpptp_rc4 *rc4 = kunit_kzalloc(test, sizeof(*rc4), GFP_KERNEL);
	u8 out[16];
	int i;

	KUNIT_ASSERT_NOT_NULL(test, rc4);
	for (i = 0; i < 2; i++) {
		kpptp_rc4_setup(rc4, key, 8 << i);
		kpptp_rc4_crypt(rc4, out, zero, sizeof(out));
		KUNIT_EXPECT_EQ(test, memcmp(out, expect[i], sizeof(out)), 0);
	}
}

struct lanes_fixture {
	struct kpptp_rc4_lanes lanes;
	struct kpptp_rc4 rc4;
	struct kpptp_rc4 extra;
	u8 keys[KPPTP_RC4_LANES][16];
	u8 streams[KPPTP_RC4_LANES][512] __aligned(8);
	u8 expect[1024];
};

/* The key that was set up in the gaps is as it would be alone. */
static void expect_set_up(struct kunit *test, struct lanes_fixture *f, unsigned int len)
{
	kpptp_rc4_setup(&f->rc4, f->keys[2] + 16 - len, len);
	KUNIT_EXPECT_EQ(test, memcmp(f->extra.s, f->rc4.s, sizeof(f->rc4.s)), 0);
	memset(&f->extra, 0, sizeof(f->extra));
}

/* Four keystreams at a time are what each would be alone, and go on as such. */
static void lanes_are_single_streams_test(struct kunit *test)
{
	struct lanes_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct kpptp_rc4_extra extra;
	unsigned int i, len;
	u8 rest[512];

	KUNIT_ASSERT_NOT_NULL(test, f);
	for (i = 0; i < sizeof(f->keys); i++)
		f->keys[i / 16][i % 16] = i * 29 + 5;
	for (len = 8; len <= 16; len += 8) {
		extra = (struct kpptp_rc4_extra){ &f->extra, f->keys[2] + 16 - len, len };
		kpptp_rc4_setup_lanes(&f->lanes, f->keys[0], len, &extra);
		expect_set_up(test, f, len);
		kpptp_rc4_stream_lanes(&f->lanes, f->streams[0], 512, 4, NULL);
		kpptp_rc4_stream_lanes(&f->lanes, f->streams[0] + 4, 512, 256, &extra);
		expect_set_up(test, f, len);
		kpptp_rc4_stream_lanes(&f->lanes, f->streams[0] + 260, 512, 252, NULL);
		for (i = 0; i < KPPTP_RC4_LANES; i++) {
			memset(f->expect, 0, sizeof(f->expect));
			kpptp_rc4_setup(&f->rc4, f->keys[i], len);
			kpptp_rc4_crypt(&f->rc4, f->expect, f->expect, sizeof(f->expect));
			KUNIT_EXPECT_EQ(test, memcmp(f->streams[i], f->expect, 512), 0);
			memset(rest, 0, sizeof(rest));
			kpptp_rc4_from_lane(&f->rc4, &f->lanes, i);
			kpptp_rc4_crypt(&f->rc4, rest, rest, sizeof(rest));
			KUNIT_EXPECT_EQ(test, memcmp(rest, f->expect + 512, 512), 0);
		}
	}
}

struct sample {
	enum kpptp_mppe_strength strength;
	u8 session[16];
	u8 message[12];
};

/* RFC 3079 section 3.5: session key, and "test message" under it. */
static const struct sample samples[] = {
	{ KPPTP_MPPE_40,
	  { 0xd1, 0x26, 0x9e, 0xc4, 0x9f, 0xa6, 0x2e, 0x3e },
	  { 0x92, 0x91, 0x37, 0x91, 0x7e, 0x58, 0x03, 0xd6, 0x68, 0xd7, 0x58, 0x98 } },
	{ KPPTP_MPPE_56,
	  { 0xd1, 0x5c, 0x00, 0xc4, 0x9f, 0xa6, 0x2e, 0x3e },
	  { 0x3f, 0x10, 0x68, 0x33, 0xfa, 0x44, 0x8d, 0xa8, 0x42, 0xbc, 0x57, 0xb8 } },
	{ KPPTP_MPPE_128,
	  { 0x40, 0x5c, 0xb2, 0x24, 0x7a, 0x79, 0x56, 0xe6, 0xe2, 0x11, 0x00, 0x7a, 0xe2, 0x7b,
	    0x22, 0xd4 },
	  { 0x81, 0x84, 0x83, 0x17, 0xdf, 0x68, 0x84, 0x62, 0x72, 0xfb, 0x5a, 0xbe } },
};

static void keys_of_rfc_3079_test(struct kunit *test)
{
	struct kpptp_mppe_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	u8 out[12];
	int i;

	KUNIT_ASSERT_NOT_NULL(test, key);
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		kpptp_mppe_key_init(key, sample_start, samples[i].strength);
		KUNIT_EXPECT_EQ(test, memcmp(key->session, samples[i].session, key->len), 0);
		kpptp_rc4_setup(&key->rc4, key->session, key->len);
		kpptp_rc4_crypt(&key->rc4, out, "test message", sizeof(out));
		KUNIT_EXPECT_EQ(test, memcmp(out, samples[i].message, sizeof(out)), 0);
	}
}

/* The sender makes keystreams ahead, the receiver does not; and the reverse. */
static void ahead_and_alone_agree_test(struct kunit *test)
{
	struct fixture *f;
	unsigned int i, len;
	int ahead, strength;

	for (ahead = 0; ahead < 6; ahead++) {
		strength = ahead / 2;
		f = fixture_new(test, strength, false);
		kpptp_mppe_lend(ahead % 2 ? &f->sender : &f->receiver, &f->ahead[0]);
		for (i = 0; i < 2000; i++) {
			len = 1 + random_below(f, random_below(f, 4) ? 80 : LONGEST);
			send(f, len);
			expect_read(test, f, len);
		}
		kunit_kfree(test, f);
	}
}

/* Memory may come and go at any packet. */
static void memory_comes_and_goes_test(struct kunit *test)
{
	struct fixture *f = fixture_new(test, KPPTP_MPPE_128, false);
	struct kpptp_mppe *end;
	unsigned int i, len, which;

	for (i = 0; i < 5000; i++) {
		which = random_below(f, 2);
		end = which ? &f->sender : &f->receiver;
		if (!random_below(f, 3)) {
			if (end->ahead)
				KUNIT_EXPECT_PTR_EQ(test, kpptp_mppe_reclaim(end),
						    &f->ahead[which]);
			else
				kpptp_mppe_lend(end, &f->ahead[which]);
		}
		len = 1 + random_below(f, 300);
		send(f, len);
		if (random_below(f, 5))
			expect_read(test, f, len);
	}
}

/* Any number of packets may be lost, up to half of the counts. */
static void losses_are_skipped_test(struct kunit *test)
{
	static const unsigned int losses[] = { 1, 2, 3, 4, 5, 7, 8, 255, 256, 1000, 2047, 0 };
	struct fixture *f = fixture_new(test, KPPTP_MPPE_128, false);
	unsigned int i, k;

	kpptp_mppe_lend(&f->receiver, &f->ahead[0]);
	for (i = 0; i < 4 * ARRAY_SIZE(losses); i++) {
		for (k = 0; k <= losses[i % ARRAY_SIZE(losses)]; k++)
			send(f, 100);
		expect_read(test, f, 100);
	}
}

/* A duplicate or late packet is refused, and does no harm. */
static void the_past_is_refused_test(struct kunit *test)
{
	struct fixture *f = fixture_new(test, KPPTP_MPPE_128, false);
	u8 *old = kunit_kzalloc(test, sizeof(f->packet), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, old);
	kpptp_mppe_lend(&f->receiver, &f->ahead[0]);
	for (i = 0; i < 100; i++) {
		send(f, 50);
		if (i % 7 == 3)
			memcpy(old, f->packet, sizeof(f->packet));
		expect_read(test, f, 50);
		KUNIT_EXPECT_EQ(test, receive(f, 50), KPPTP_MPPE_LATE);
		if (i < 3)
			continue;
		KUNIT_EXPECT_EQ(test, kpptp_mppe_decrypt(&f->receiver, f->read, old, 52),
				KPPTP_MPPE_LATE);
	}
}

/* Stateful: after a loss nothing is read before a packet that begins a keystream. */
static void stateful_loss_waits_test(struct kunit *test)
{
	struct fixture *f = fixture_new(test, KPPTP_MPPE_128, true);
	unsigned int round, i;

	for (round = 0; round < 40; round++) {
		for (i = 0; i < round * 17; i++) {
			send(f, 60);
			expect_read(test, f, 60);
		}
		for (i = 0; i <= round * 10; i++)
			send(f, 60);
		send(f, 60);
		if (f->packet[0] & 0x80) {
			receive(f, 60);
		} else {
			KUNIT_EXPECT_EQ(test, receive(f, 60), KPPTP_MPPE_LOST);
			KUNIT_EXPECT_EQ(test, receive(f, 60), KPPTP_MPPE_LOST);
		}
		kpptp_mppe_reset(&f->sender);
		kpptp_mppe_reset(&f->sender);
		send(f, 60);
		KUNIT_EXPECT_TRUE(test, f->packet[0] & 0x80);
		expect_read(test, f, 60);
	}
}

/* Every 256th packet begins a new keystream, at counts that end in ff. */
static void stateful_flag_packets_test(struct kunit *test)
{
	struct fixture *f = fixture_new(test, KPPTP_MPPE_40, true);
	unsigned int i;

	for (i = 0; i < 3 * KPPTP_MPPE_COUNTS; i++) {
		send(f, 20);
		KUNIT_EXPECT_EQ(test, f->packet[0] & 0x80, (i & 0xff) == 0xff ? 0x80 : 0);
		KUNIT_EXPECT_EQ(test, (f->packet[0] & 0xf) << 8 | f->packet[1], i & 0xfff);
		expect_read(test, f, 20);
	}
}

static void nonsense_is_bogus_test(struct kunit *test)
{
	struct fixture *f = fixture_new(test, KPPTP_MPPE_128, false);

	send(f, 10);
	KUNIT_EXPECT_EQ(test, receive(f, 0), KPPTP_MPPE_BOGUS);
	f->packet[0] ^= 0x80; /* stateless, without A */
	KUNIT_EXPECT_EQ(test, receive(f, 10), KPPTP_MPPE_BOGUS);
	f->packet[0] ^= 0x80 ^ 0x10; /* in clear */
	KUNIT_EXPECT_EQ(test, receive(f, 10), KPPTP_MPPE_BOGUS);
	f->packet[0] ^= 0x10;
	expect_read(test, f, 10);

	f = fixture_new(test, KPPTP_MPPE_128, true);
	f->packet[0] = 0x10;
	f->packet[1] = 0xff; /* a flag packet without A */
	KUNIT_EXPECT_EQ(test, receive(f, 10), KPPTP_MPPE_BOGUS);
}

static void decrypts_in_place_test(struct kunit *test)
{
	struct fixture *f = fixture_new(test, KPPTP_MPPE_128, false);
	unsigned int len;

	kpptp_mppe_lend(&f->receiver, &f->ahead[0]);
	for (len = 1; len < LONGEST; len += 13) {
		send(f, len);
		KUNIT_EXPECT_EQ(test,
				kpptp_mppe_decrypt(&f->receiver, f->packet + KPPTP_MPPE_HEADER,
						   f->packet, KPPTP_MPPE_HEADER + len),
				KPPTP_MPPE_OK);
		KUNIT_EXPECT_EQ(test, memcmp(f->packet + KPPTP_MPPE_HEADER, f->clear, len), 0);
	}
}

/* Short packets do not pay for long ones, unless these are many. */
static void length_follows_the_traffic_test(struct kunit *test)
{
	struct fixture *f = fixture_new(test, KPPTP_MPPE_128, false);
	unsigned int i;

	kpptp_mppe_lend(&f->sender, &f->ahead[0]);
	for (i = 0; i < 40; i++)
		send(f, 54);
	KUNIT_EXPECT_EQ(test, f->ahead[0].len, 56);
	for (i = 0; i < 40; i++)
		send(f, i % 8 < 2 ? 1400 : 54);
	KUNIT_EXPECT_EQ(test, f->ahead[0].len, 56);
	for (i = 0; i < 40; i++)
		send(f, i % 2 ? 1400 : 54);
	KUNIT_EXPECT_EQ(test, f->ahead[0].len, 1400);
	for (i = 0; i < 40; i++)
		send(f, LONGEST);
	KUNIT_EXPECT_EQ(test, f->ahead[0].len, KPPTP_MPPE_AHEAD_MAX);
}

static struct kunit_case mppe_cases[] = {
	KUNIT_CASE(rc4_of_rfc_6229_test),
	KUNIT_CASE(lanes_are_single_streams_test),
	KUNIT_CASE(keys_of_rfc_3079_test),
	KUNIT_CASE(ahead_and_alone_agree_test),
	KUNIT_CASE(memory_comes_and_goes_test),
	KUNIT_CASE(losses_are_skipped_test),
	KUNIT_CASE(the_past_is_refused_test),
	KUNIT_CASE(stateful_loss_waits_test),
	KUNIT_CASE(stateful_flag_packets_test),
	KUNIT_CASE(nonsense_is_bogus_test),
	KUNIT_CASE(decrypts_in_place_test),
	KUNIT_CASE(length_follows_the_traffic_test),
	{},
};

static struct kunit_suite mppe_suite = {
	.name = "kpptp_mppe",
	.test_cases = mppe_cases,
};

kunit_test_suite(mppe_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp_mppe");
MODULE_LICENSE("GPL");
