// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls: creation, the references they hold, and deletion. */
#include "call_kunit.h"

#include "../../kernel/route.h"
#include "../../kernel/ppp.h"
#include "../../kernel/netns.h"
#include "../../kernel/table.h"

static struct kpptp_call *find(struct net *net, __be32 local, __be32 peer, u16 id)
{
	const struct kpptp_call_key key = { local, peer, id };
	struct kpptp_call *call;

	rcu_read_lock();
	call = kpptp_table_lookup(kpptp_net_of(net), &key);
	rcu_read_unlock();
	return call;
}

static void found_call_is_complete(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
	struct kpptp_call *call;
	struct before before;

	note(test, &before);
	KUNIT_EXPECT_NULL(test, find(&init_net, HERE, THERE, 7));
	call = create(test, &init_net, &conf);
	KUNIT_EXPECT_PTR_EQ(test, find(&init_net, HERE, THERE, 7), call);
	KUNIT_EXPECT_GT(test, kpptp_ppp_index(call), 0);
	KUNIT_EXPECT_GT(test, call->serial, 0u);
	KUNIT_EXPECT_FALSE(test, call->send.foreign);
	end_call(call);
	KUNIT_EXPECT_NULL(test, find(&init_net, HERE, THERE, 7));
	all_gone(test, &before);
}

static void defaults(struct kunit *test)
{
	struct kpptp_call_conf conf;

	memset(&conf, 0xff, sizeof(conf));
	kpptp_call_conf_init(&conf);
	KUNIT_EXPECT_EQ(test, conf.key.id, 0);
	KUNIT_EXPECT_EQ(test, conf.peer_id, KPPTP_PEER_ID_UNKNOWN);
	KUNIT_EXPECT_EQ(test, conf.flow_control, KPPTP_FLOW_CONTROL_ADAPTIVE);
	KUNIT_EXPECT_EQ(test, conf.peer_window, 64);
	KUNIT_EXPECT_EQ(test, conf.window, 256);
	KUNIT_EXPECT_EQ(test, conf.ack_delay, KPPTP_ACK_DELAY_AUTO);
	KUNIT_EXPECT_EQ(test, conf.ato_max, 3000000u);
	KUNIT_EXPECT_EQ(test, conf.reorder_time, 100000u);
	KUNIT_EXPECT_EQ(test, conf.owner, 0u);
	KUNIT_EXPECT_NULL(test, conf.ppp_net);
	/* MinTimeOut defaults to the mode's. */
	KUNIT_EXPECT_EQ(test, kpptp_call_ato_min(&conf), 250000u);
	conf.flow_control = KPPTP_FLOW_CONTROL_STRICT;
	KUNIT_EXPECT_EQ(test, kpptp_call_ato_min(&conf), 12000u);
	conf.ato_min = 5;
	KUNIT_EXPECT_EQ(test, kpptp_call_ato_min(&conf), 5u);
}

/* A refusal gives a reason and leaves nothing behind. */
static void duplicate_id_is_refused(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
	struct netlink_ext_ack extack = {};
	struct kpptp_call *call;
	struct before before;

	note(test, &before);
	call = create(test, &init_net, &conf);
	conf.owner = 4711;
	conf.flow_control = KPPTP_FLOW_CONTROL_STRICT;
	KUNIT_EXPECT_EQ(test, PTR_ERR(try_create(&init_net, &conf, &extack)), (long)-EEXIST);
	KUNIT_EXPECT_STREQ(test, extack._msg, "a call with these addresses and this id exists");
	KUNIT_EXPECT_EQ(test, module_refcount(tested_module()), before.module + 1);
	KUNIT_EXPECT_EQ(test, kpptp_net_of(&init_net)->n_calls, 1u);
	KUNIT_EXPECT_TRUE(test, list_empty(&kpptp_net_of(&init_net)->owners));
	end_call(call);
	all_gone(test, &before);
}

/* Checked on the second namespace: newer kernels do not count the initial one's. */
static void a_call_holds_module_and_namespaces(struct kunit *test)
{
	struct net *second = second_net(test);
	const struct {
		struct net *tunnel;
		struct net *ppp;
		unsigned int refs;
	} rows[] = {
		{ &init_net, &init_net, 0 }, { &init_net, second, 1 }, /* the channel */
		{ second, &init_net, 1 }, /* the call */
		{ second, second, 2 },	     { second, NULL, 2 },
	};
	struct before before;
	int i;

	note(test, &before);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
		struct kpptp_call *call;

		conf.ppp_net = rows[i].ppp;
		call = create(test, rows[i].tunnel, &conf);
		KUNIT_EXPECT_EQ(test, call->send.foreign, rows[i].refs == 1);
		KUNIT_EXPECT_EQ(test, module_refcount(tested_module()), before.module + 1);
		KUNIT_EXPECT_EQ_MSG(test, net_refs(second), before.second + rows[i].refs, "row %d",
				    i);
		end_call(call);
		all_gone(test, &before);
	}
}

/* 3.2.2: the same addresses and ID in two namespaces are two calls. */
static void namespaces_are_isolated(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
	struct net *second = second_net(test);
	struct kpptp_call *a, *b;
	struct before before;

	note(test, &before);
	a = create(test, &init_net, &conf);
	KUNIT_EXPECT_NULL(test, find(second, HERE, THERE, 7));
	b = create(test, second, &conf);
	KUNIT_EXPECT_PTR_EQ(test, find(&init_net, HERE, THERE, 7), a);
	KUNIT_EXPECT_PTR_EQ(test, find(second, HERE, THERE, 7), b);
	end_call(a);
	KUNIT_EXPECT_NULL(test, find(&init_net, HERE, THERE, 7));
	KUNIT_EXPECT_PTR_EQ(test, find(second, HERE, THERE, 7), b);
	end_call(b);
	all_gone(test, &before);
}

/* A walk in search of forgotten calls visits each namespace with calls once. */
static void namespaces_with_calls_are_found(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
	struct net *second = second_net(test);
	struct kpptp_call *a, *b;
	struct kpptp_net *kn;
	struct before before;

	note(test, &before);
	KUNIT_EXPECT_NULL(test, kpptp_netns_next(0));
	b = create(test, second, &conf);
	kn = kpptp_netns_next(0);
	KUNIT_EXPECT_PTR_EQ(test, kn, kpptp_net_of(second));
	kpptp_netns_put(kn);
	a = create(test, &init_net, &conf);
	KUNIT_ASSERT_LT(test, init_net.net_cookie, second->net_cookie);
	kn = kpptp_netns_next(0);
	KUNIT_EXPECT_PTR_EQ(test, kn, kpptp_net_of(&init_net));
	kpptp_netns_put(kn);
	kn = kpptp_netns_next(init_net.net_cookie + 1);
	KUNIT_EXPECT_PTR_EQ(test, kn, kpptp_net_of(second));
	kpptp_netns_put(kn);
	KUNIT_EXPECT_NULL(test, kpptp_netns_next(second->net_cookie + 1));
	end_call(a);
	end_call(b);
	KUNIT_EXPECT_NULL(test, kpptp_netns_next(0));
	all_gone(test, &before);
}

/* A socket's calls share one owner, which is freed with the last of them. */
static void an_owner_lasts_as_long_as_its_calls(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 0);
	struct kpptp_net *kn = kpptp_net_of(&init_net);
	struct kpptp_call *a, *b, *other;
	struct before before;

	note(test, &before);
	conf.owner = 4711;
	a = create(test, &init_net, &conf);
	b = create(test, &init_net, &conf);
	KUNIT_EXPECT_NOT_NULL(test, a->owner);
	KUNIT_EXPECT_PTR_EQ(test, a->owner, b->owner);
	conf.owner = 4712;
	other = create(test, &init_net, &conf);
	KUNIT_EXPECT_PTR_NE(test, a->owner, other->owner);
	end_call(a);
	KUNIT_EXPECT_NOT_NULL(test, b->owner);
	end_call(other);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&kn->owners));
	end_call(b);
	KUNIT_EXPECT_TRUE(test, list_empty(&kn->owners));
	all_gone(test, &before);
}

static int change(struct kpptp_call *call, const struct kpptp_call_conf *conf,
		  struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&call->kn->lock);
	err = kpptp_call_change(call, conf, extack);
	mutex_unlock(&call->kn->lock);
	return err;
}

/* A call over the limit is refused; deleting one makes room for another. */
static void calls_have_a_limit(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 0);
	struct kpptp_net *kn = kpptp_net_of(&init_net);
	struct netlink_ext_ack extack = {};
	struct kpptp_call *a, *b;
	struct before before;

	note(test, &before);
	KUNIT_EXPECT_EQ(test, kn->call_limit, KPPTP_CALL_LIMIT_NONE);
	kn->call_limit = 2;
	a = create(test, &init_net, &conf);
	b = create(test, &init_net, &conf);
	KUNIT_EXPECT_EQ(test, PTR_ERR(try_create(&init_net, &conf, &extack)), (long)-ENOSPC);
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	end_call(a);
	a = create(test, &init_net, &conf);
	kn->call_limit = KPPTP_CALL_LIMIT_NONE;
	end_call(a);
	end_call(b);
	all_gone(test, &before);
}

/* A changed call looks up its route again, as mark or device may have changed. */
static void a_change_drops_the_route(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
	struct kpptp_call *call;
	struct before before;

	note(test, &before);
	conf.peer_id = 9;
	call = create(test, &init_net, &conf);
	spin_lock_bh(&call->send.lock);
	KUNIT_EXPECT_NOT_NULL(test, kpptp_route_get(call));
	spin_unlock_bh(&call->send.lock);
	KUNIT_EXPECT_NOT_NULL(test, call->send.route);
	KUNIT_EXPECT_EQ(test, change(call, &conf, NULL), 0);
	KUNIT_EXPECT_NULL(test, call->send.route);
	end_call(call);
	all_gone(test, &before);
}

static void a_change_takes_effect(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
	struct kpptp_call *call;
	struct before before;

	note(test, &before);
	call = create(test, &init_net, &conf);
	KUNIT_EXPECT_EQ(test, call->send.peer_id, KPPTP_PEER_ID_UNKNOWN);
	conf.peer_id = 0; /* as Windows assigns */
	conf.flow_control = KPPTP_FLOW_CONTROL_OFF;
	conf.peer_window = 17;
	conf.peer_ppd = 3;
	conf.ack_delay = 1234;
	conf.ato_min = 5000;
	conf.ato_max = 250000;
	conf.reorder_time = 5000;
	conf.reorder_packets = 99;
	conf.ip.ttl = 33;
	KUNIT_EXPECT_EQ(test, change(call, &conf, NULL), 0);
	KUNIT_EXPECT_EQ(test, call->send.peer_id, 0u);
	KUNIT_EXPECT_EQ(test, call->send.window.mode, KPPTP_WINDOW_OFF);
	KUNIT_EXPECT_EQ(test, call->send.window.max, 17u);
	KUNIT_EXPECT_EQ(test, kpptp_window_rtt(&call->send.window), 300000u);
	KUNIT_EXPECT_EQ(test, call->send.window.ato, 250000u);
	KUNIT_EXPECT_EQ(test, call->send.ack.delay, 1234u);
	KUNIT_EXPECT_EQ(test, call->recv.reorder.hold_max, 5000u);
	KUNIT_EXPECT_EQ(test, call->recv.reorder.limit, 99u);
	KUNIT_EXPECT_EQ(test, call->send.ip.ttl, 33);
	KUNIT_EXPECT_EQ(test, memcmp(&call->conf, &conf, sizeof(conf)), 0);
	end_call(call);
	all_gone(test, &before);
}

/* Strict needs a queue and memory for send times: choose it at creation. */
static void strict_only_at_creation(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 7);
	struct netlink_ext_ack extack = {};
	struct kpptp_call *call;
	struct before before;

	note(test, &before);
	call = create(test, &init_net, &conf);
	KUNIT_EXPECT_NULL(test, call->send.window.stamps);
	conf.flow_control = KPPTP_FLOW_CONTROL_STRICT;
	conf.peer_id = 5;
	KUNIT_EXPECT_EQ(test, change(call, &conf, &extack), -EBUSY);
	KUNIT_EXPECT_STREQ(test, extack._msg,
			   "flow-control strict can only be chosen when the call is made");
	KUNIT_EXPECT_EQ(test, call->send.window.mode, KPPTP_WINDOW_ADAPTIVE);
	KUNIT_EXPECT_EQ(test, call->send.peer_id, KPPTP_PEER_ID_UNKNOWN);
	end_call(call);

	call = create(test, &init_net, &conf);
	KUNIT_EXPECT_NOT_NULL(test, call->send.window.stamps);
	KUNIT_EXPECT_EQ(test, change(call, &conf, NULL), 0);
	conf.flow_control = KPPTP_FLOW_CONTROL_ADAPTIVE;
	KUNIT_EXPECT_EQ(test, change(call, &conf, NULL), 0);
	conf.flow_control = KPPTP_FLOW_CONTROL_STRICT;
	KUNIT_EXPECT_EQ(test, change(call, &conf, NULL), -EBUSY);
	end_call(call);
	all_gone(test, &before);
}

/* Deletion does not wait: a thousand of them overlap, and IDs are free at once. */
static void create_and_delete_many(struct kunit *test)
{
	struct kpptp_call_conf conf = conf_of(HERE, THERE, 0);
	struct kpptp_call **calls;
	struct before before;
	int round, i;

	note(test, &before);
	calls = kunit_kcalloc(test, 500, sizeof(*calls), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, calls);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 500; i++) {
			conf.key.id = i + 1;
			calls[i] = create(test, &init_net, &conf);
		}
		for (i = 0; i < 500; i++)
			end_call(calls[i]);
	}
	KUNIT_EXPECT_EQ(test, kpptp_net_of(&init_net)->n_calls, 0u);
	all_gone(test, &before);
}

static struct kunit_case call_cases[] = {
	KUNIT_CASE(found_call_is_complete),
	KUNIT_CASE(defaults),
	KUNIT_CASE(duplicate_id_is_refused),
	KUNIT_CASE(a_call_holds_module_and_namespaces),
	KUNIT_CASE(namespaces_are_isolated),
	KUNIT_CASE(namespaces_with_calls_are_found),
	KUNIT_CASE(an_owner_lasts_as_long_as_its_calls),
	KUNIT_CASE(calls_have_a_limit),
	KUNIT_CASE(a_change_drops_the_route),
	KUNIT_CASE(a_change_takes_effect),
	KUNIT_CASE(strict_only_at_creation),
	KUNIT_CASE(create_and_delete_many),
	{},
};

static struct kunit_suite call_suite = {
	.name = "kpptp_call",
	.exit = sweep_all,
	.test_cases = call_cases,
};

kunit_test_suite(call_suite);

MODULE_DESCRIPTION("KUnit suite of kpptp: calls");
MODULE_LICENSE("GPL");
