// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of calls: identity, uniqueness, limits. Calls have only the fields that
 * the table uses.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "../../kernel/table.c"

#define HERE  htonl(0xc0000201) /* 192.0.2.1 */
#define THERE htonl(0xc6336401) /* 198.51.100.1 */

#define KEY(_local, _peer, _id)                                                                    \
	((struct kpptp_call_key){ .local = (_local), .peer = (_peer), .id = (_id) })

#define FIND(kn, local, peer, id) kpptp_table_lookup(kn, &KEY(local, peer, id))

/*
 * A namespace's table, with its lock held as its users do. Only here are two such
 * locks held at once, the second one @nested.
 */
static struct kpptp_net *table_nested(struct kunit *test, int nested)
{
	struct kpptp_net *kn = kunit_kzalloc(test, sizeof(*kn), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, kn);
	mutex_init(&kn->lock);
	mutex_lock_nested(&kn->lock, nested);
	kpptp_table_init(kn);
	return kn;
}

static struct kpptp_net *table(struct kunit *test)
{
	return table_nested(test, 0);
}

static void table_end(struct kunit *test, struct kpptp_net *kn)
{
	struct kpptp_call *call;
	unsigned long serial;

	xa_for_each(&kn->calls, serial, call)
		kpptp_table_remove(kn, call);
	KUNIT_EXPECT_EQ(test, kn->n_calls, 0u);
	mutex_unlock(&kn->lock);
	kpptp_table_destroy(kn);
}

static struct kpptp_call *call(struct kunit *test, __be32 local, __be32 peer, u16 id)
{
	struct kpptp_call *call = kunit_kzalloc(test, sizeof(*call), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, call);
	call->key = KEY(local, peer, id);
	call->conf.key = call->key;
	return call;
}

static struct kpptp_call *inserted(struct kunit *test, struct kpptp_net *kn, __be32 local,
				   __be32 peer, u16 id)
{
	struct kpptp_call *new = call(test, local, peer, id);

	KUNIT_ASSERT_EQ(test, kpptp_table_insert(kn, new, NULL), 0);
	return new;
}

static void found_by_addresses_and_id(struct kunit *test)
{
	struct kpptp_net *kn = table(test);
	struct kpptp_call *c;

	KUNIT_EXPECT_NULL(test, FIND(kn, HERE, THERE, 7));
	c = inserted(test, kn, HERE, THERE, 7);
	KUNIT_EXPECT_EQ(test, kn->n_calls, 1u);
	KUNIT_EXPECT_PTR_EQ(test, FIND(kn, HERE, THERE, 7), c);
	KUNIT_EXPECT_NULL(test, FIND(kn, HERE, THERE, 8));
	KUNIT_EXPECT_NULL(test, FIND(kn, HERE, HERE, 7));
	KUNIT_EXPECT_NULL(test, FIND(kn, THERE, THERE, 7));
	KUNIT_EXPECT_NULL(test, FIND(kn, THERE, HERE, 7));
	/* Each part of the key distinguishes calls that share a chain. */
	KUNIT_EXPECT_TRUE(test, kpptp_table_is_key(c, &KEY(HERE, THERE, 7)));
	KUNIT_EXPECT_FALSE(test, kpptp_table_is_key(c, &KEY(THERE, THERE, 7)));
	KUNIT_EXPECT_FALSE(test, kpptp_table_is_key(c, &KEY(HERE, HERE, 7)));
	KUNIT_EXPECT_FALSE(test, kpptp_table_is_key(c, &KEY(HERE, THERE, 8)));
	kpptp_table_remove(kn, c);
	KUNIT_EXPECT_NULL(test, FIND(kn, HERE, THERE, 7));
	KUNIT_EXPECT_EQ(test, kn->n_calls, 0u);
	table_end(test, kn);
}

/* 3.2.2: an ID is unique between two addresses, and free between others. */
static void an_id_is_unique_per_pair(struct kunit *test)
{
	struct kpptp_net *kn = table(test);
	struct netlink_ext_ack extack = {};
	struct kpptp_call *first, *again;

	first = inserted(test, kn, HERE, THERE, 7);
	again = call(test, HERE, THERE, 7);
	KUNIT_EXPECT_EQ(test, kpptp_table_insert(kn, again, &extack), -EEXIST);
	KUNIT_EXPECT_STREQ(test, extack._msg, "a call with these addresses and this id exists");
	KUNIT_EXPECT_EQ(test, kn->n_calls, 1u);
	KUNIT_EXPECT_PTR_EQ(test, FIND(kn, HERE, THERE, 7), first);
	/* The refused call left no serial number behind. */
	KUNIT_EXPECT_NULL(test, xa_load(&kn->calls, first->serial + 1));

	inserted(test, kn, HERE, HERE, 7);
	inserted(test, kn, THERE, THERE, 7);
	inserted(test, kn, THERE, HERE, 7);
	KUNIT_EXPECT_EQ(test, kn->n_calls, 4u);

	kpptp_table_remove(kn, first);
	KUNIT_EXPECT_EQ(test, kpptp_table_insert(kn, again, &extack), 0);
	KUNIT_EXPECT_PTR_EQ(test, FIND(kn, HERE, THERE, 7), again);
	table_end(test, kn);
}

static void namespaces_are_isolated(struct kunit *test)
{
	struct kpptp_net *one = table(test), *two = table_nested(test, 1);
	struct kpptp_call *a, *b;

	a = inserted(test, one, HERE, THERE, 7);
	KUNIT_EXPECT_NULL(test, FIND(two, HERE, THERE, 7));
	b = inserted(test, two, HERE, THERE, 7);
	KUNIT_EXPECT_PTR_EQ(test, FIND(one, HERE, THERE, 7), a);
	KUNIT_EXPECT_PTR_EQ(test, FIND(two, HERE, THERE, 7), b);
	kpptp_table_remove(one, a);
	KUNIT_EXPECT_PTR_EQ(test, FIND(two, HERE, THERE, 7), b);
	KUNIT_EXPECT_EQ(test, two->n_calls, 1u);
	table_end(test, two);
	table_end(test, one);
}

/* A call without an ID gets one: not 0, free, and not simply the next one. */
static void chosen_ids_are_free_and_unpredictable(struct kunit *test)
{
	struct kpptp_net *kn = table(test);
	u32 i, ascending = 0;
	u16 last = 0;

	for (i = 0; i < 1000; i++) {
		struct kpptp_call *c = inserted(test, kn, HERE, THERE, 0);

		KUNIT_EXPECT_NE(test, c->key.id, 0);
		KUNIT_EXPECT_EQ(test, c->conf.key.id, c->key.id);
		KUNIT_EXPECT_PTR_EQ(test, FIND(kn, HERE, THERE, c->key.id), c);
		ascending += c->key.id == (u16)(last + 1);
		last = c->key.id;
	}
	KUNIT_EXPECT_LT(test, ascending, 10u);
	table_end(test, kn);
}

/* All 65,535 IDs of a pair: the last one is found, then there is none. */
static void every_id_of_a_pair(struct kunit *test)
{
	struct kpptp_net *kn = table(test);
	struct netlink_ext_ack extack = {};
	struct kpptp_call *all, *more;
	u32 id;

	all = vzalloc(array_size(U16_MAX + 1, sizeof(*all)));
	KUNIT_ASSERT_NOT_NULL(test, all);
	for (id = 1; id <= U16_MAX; id++) {
		all[id].key = KEY(HERE, THERE, id == 4711 ? 0 : id);
		if (id == 4711)
			continue;
		KUNIT_EXPECT_EQ(test, kpptp_table_insert(kn, &all[id], NULL), 0);
	}
	KUNIT_EXPECT_EQ(test, kpptp_table_insert(kn, &all[4711], NULL), 0);
	KUNIT_EXPECT_EQ(test, all[4711].key.id, 4711);
	KUNIT_EXPECT_EQ(test, kn->n_calls, 65535u);

	more = call(test, HERE, THERE, 0);
	KUNIT_EXPECT_EQ(test, kpptp_table_insert(kn, more, &extack), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, extack._msg, "every call id between these addresses is in use");
	KUNIT_EXPECT_EQ(test, kn->n_calls, 65535u);
	/* Other addresses have their own IDs. */
	inserted(test, kn, HERE, HERE, 0);
	for (id = 1; id <= U16_MAX; id++) {
		if (FIND(kn, HERE, THERE, id) != &all[id])
			break;
	}
	KUNIT_EXPECT_EQ(test, id, 65536u);

	kpptp_table_remove(kn, &all[9]);
	more->key.id = 0;
	KUNIT_EXPECT_EQ(test, kpptp_table_insert(kn, more, NULL), 0);
	KUNIT_EXPECT_EQ(test, more->key.id, 9);
	table_end(test, kn);
	vfree(all);
}

/* Many pairs share a chain: none hides another. */
static void calls_sharing_a_chain(struct kunit *test)
{
	struct kpptp_net *kn = table(test);
	struct kpptp_call **calls;
	u32 i;

	calls = kunit_kcalloc(test, 3000, sizeof(*calls), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, calls);
	/* Addresses that hash to the same place in the array, with any seed. */
	for (i = 0; i < 3000; i++)
		calls[i] = inserted(test, kn, (__force __be32)i, (__force __be32)ror32(i, 16), 1);
	KUNIT_EXPECT_EQ(test, kpptp_table_place(kn, &calls[0]->key),
			kpptp_table_place(kn, &calls[2999]->key));
	for (i = 0; i < 3000; i += 2)
		kpptp_table_remove(kn, calls[i]);
	for (i = 0; i < 3000; i++)
		KUNIT_ASSERT_PTR_EQ(test, kpptp_table_lookup(kn, &calls[i]->key),
				    i % 2 ? calls[i] : NULL);
	table_end(test, kn);
}

#define FIND_PEER(kn, local, peer, id) kpptp_table_lookup_peer(kn, &KEY(local, peer, id))

/* An ICMP error finds a call by the ID in its packets: the peer's. */
static void found_by_the_peers_id(struct kunit *test)
{
	struct kpptp_net *kn = table(test);
	struct kpptp_call *a = call(test, HERE, THERE, 7), *b = call(test, HERE, THERE, 8);

	a->conf.peer_id = 0;
	b->conf.peer_id = KPPTP_PEER_ID_UNKNOWN;
	KUNIT_ASSERT_EQ(test, kpptp_table_insert(kn, a, NULL), 0);
	KUNIT_ASSERT_EQ(test, kpptp_table_insert(kn, b, NULL), 0);
	KUNIT_EXPECT_PTR_EQ(test, FIND_PEER(kn, HERE, THERE, 0), a);
	KUNIT_EXPECT_NULL(test, FIND_PEER(kn, HERE, THERE, 7));
	KUNIT_EXPECT_NULL(test, FIND_PEER(kn, HERE, THERE, U16_MAX));
	KUNIT_EXPECT_NULL(test, FIND_PEER(kn, THERE, HERE, 0));

	KUNIT_EXPECT_EQ(test, kpptp_table_set_peer(kn, b, 300), 0);
	KUNIT_EXPECT_EQ(test, kpptp_table_set_peer(kn, a, 301), 0);
	KUNIT_EXPECT_EQ(test, a->conf.peer_id, 301u);
	KUNIT_EXPECT_PTR_EQ(test, FIND_PEER(kn, HERE, THERE, 300), b);
	KUNIT_EXPECT_PTR_EQ(test, FIND_PEER(kn, HERE, THERE, 301), a);
	KUNIT_EXPECT_NULL(test, FIND_PEER(kn, HERE, THERE, 0));

	/* Set the same ID again, and then back to unknown. */
	KUNIT_EXPECT_EQ(test, kpptp_table_set_peer(kn, a, 301), 0);
	KUNIT_EXPECT_PTR_EQ(test, FIND_PEER(kn, HERE, THERE, 301), a);
	KUNIT_EXPECT_EQ(test, kpptp_table_set_peer(kn, a, KPPTP_PEER_ID_UNKNOWN), 0);
	KUNIT_EXPECT_NULL(test, FIND_PEER(kn, HERE, THERE, 301));
	kpptp_table_remove(kn, b);
	KUNIT_EXPECT_NULL(test, FIND_PEER(kn, HERE, THERE, 300));
	table_end(test, kn);
}

/* Different addresses in the same chain are told apart. */
static void peers_sharing_a_chain(struct kunit *test)
{
	struct kpptp_net *kn = table(test);
	struct kpptp_call *calls[3];
	u32 i;

	for (i = 0; i < 3; i++) {
		calls[i] = call(test, (__force __be32)i, (__force __be32)ror32(i, 16), 1);
		calls[i]->conf.peer_id = 9;
		KUNIT_ASSERT_EQ(test, kpptp_table_insert(kn, calls[i], NULL), 0);
	}
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_PTR_EQ(test, FIND_PEER(kn, calls[i]->key.local, calls[i]->key.peer, 9),
				    calls[i]);
	table_end(test, kn);
}

/* A refused call leaves nothing behind among the peers' IDs. */
static void refusal_leaves_no_trace(struct kunit *test)
{
	struct kpptp_net *kn = table(test);
	struct kpptp_call *again = call(test, HERE, THERE, 7);

	inserted(test, kn, HERE, THERE, 7);
	again->conf.peer_id = 5;
	KUNIT_EXPECT_EQ(test, kpptp_table_insert(kn, again, NULL), -EEXIST);
	KUNIT_EXPECT_NULL(test, FIND_PEER(kn, HERE, THERE, 5));
	table_end(test, kn);
}

/* A walk resumed by serial number visits each remaining call once. */
static void serial_numbers_ascend(struct kunit *test)
{
	struct kpptp_net *kn = table(test);
	struct kpptp_call *first, *second, *third;

	first = inserted(test, kn, HERE, THERE, 1);
	second = inserted(test, kn, HERE, THERE, 2);
	KUNIT_EXPECT_GT(test, first->serial, 0u);
	KUNIT_EXPECT_GT(test, second->serial, first->serial);
	kpptp_table_remove(kn, first);
	third = inserted(test, kn, HERE, THERE, 1);
	KUNIT_EXPECT_GT(test, third->serial, second->serial);
	KUNIT_EXPECT_PTR_EQ(test, xa_load(&kn->calls, second->serial), (void *)second);
	table_end(test, kn);
}

static struct kunit_case table_cases[] = {
	KUNIT_CASE(found_by_addresses_and_id),
	KUNIT_CASE(an_id_is_unique_per_pair),
	KUNIT_CASE(namespaces_are_isolated),
	KUNIT_CASE(chosen_ids_are_free_and_unpredictable),
	KUNIT_CASE(every_id_of_a_pair),
	KUNIT_CASE(calls_sharing_a_chain),
	KUNIT_CASE(found_by_the_peers_id),
	KUNIT_CASE(peers_sharing_a_chain),
	KUNIT_CASE(refusal_leaves_no_trace),
	KUNIT_CASE(serial_numbers_ascend),
	{},
};

static struct kunit_suite table_suite = {
	.name = "kpptp_table",
	.test_cases = table_cases,
};

kunit_test_suite(table_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: table of calls");
MODULE_LICENSE("GPL");
