// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory of held packets: a namespace's limit, and that shared by restricted ones. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../../kernel/budget.c"

/* A namespace of the machine's administrator, or of an unprivileged user (@anybody). */
static struct kpptp_net *namespace(struct kunit *test, bool anybody)
{
	struct kpptp_net *kn = kunit_kzalloc(test, sizeof(*kn), GFP_KERNEL);
	struct net *net = kunit_kzalloc(test, sizeof(*net), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, kn);
	KUNIT_ASSERT_NOT_NULL(test, net);
	/* Any other pointer will do: it is never dereferenced. */
	net->user_ns = anybody ? (struct user_namespace *)net : &init_user_ns;
	kn->net = net;
	kn->held_limit = kpptp_budget_default(kn);
	return kn;
}

static void a_namespace_has_its_limit(struct kunit *test)
{
	struct kpptp_net *own = namespace(test, false);
	struct kpptp_net *theirs = namespace(test, true);

	KUNIT_EXPECT_EQ(test, own->held_limit, budget_machine());
	KUNIT_EXPECT_GE(test, own->held_limit, (unsigned long)SZ_4M);
	KUNIT_EXPECT_LE(test, own->held_limit, (unsigned long)SZ_64M);
	KUNIT_EXPECT_EQ(test, theirs->held_limit, (unsigned long)SZ_1M);

	KUNIT_EXPECT_TRUE(test, kpptp_budget_room(theirs, SZ_1M));
	KUNIT_EXPECT_FALSE(test, kpptp_budget_room(theirs, SZ_1M + 1));
	kpptp_budget_charge(theirs, SZ_1M - 10);
	KUNIT_EXPECT_TRUE(test, kpptp_budget_room(theirs, 10));
	KUNIT_EXPECT_FALSE(test, kpptp_budget_room(theirs, 11));
	KUNIT_EXPECT_TRUE(test, kpptp_budget_room(own, own->held_limit));
	kpptp_budget_charge(theirs, -(SZ_1M - 10));
	KUNIT_EXPECT_TRUE(test, kpptp_budget_room(theirs, SZ_1M));
}

/* All restricted namespaces together hold no more than one of the machine's. */
static void restricted_namespaces_share_a_limit(struct kunit *test)
{
	struct kpptp_net *one = namespace(test, true);
	struct kpptp_net *other = namespace(test, true);
	struct kpptp_net *own = namespace(test, false);
	long all = budget_machine();

	one->held_limit = 2 * all;
	other->held_limit = 2 * all;
	kpptp_budget_charge(own, 1000); /* does not count for the others */
	kpptp_budget_charge(one, all - 10);
	KUNIT_EXPECT_TRUE(test, kpptp_budget_room(other, 10));
	KUNIT_EXPECT_FALSE(test, kpptp_budget_room(other, 11));
	kpptp_budget_charge(other, 10);
	KUNIT_EXPECT_FALSE(test, kpptp_budget_room(one, 1));
	KUNIT_EXPECT_TRUE(test, kpptp_budget_room(own, all - 1000));

	kpptp_budget_charge(one, 10 - all);
	KUNIT_EXPECT_TRUE(test, kpptp_budget_room(other, all - 10));
	kpptp_budget_charge(other, -10);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&budget_restricted), 0l);
}

static struct kunit_case budget_cases[] = {
	KUNIT_CASE(a_namespace_has_its_limit),
	KUNIT_CASE(restricted_namespaces_share_a_limit),
	{},
};

static struct kunit_suite budget_suite = {
	.name = "kpptp_budget",
	.test_cases = budget_cases,
};

kunit_test_suite(budget_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: the memory of held packets");
MODULE_LICENSE("GPL");
