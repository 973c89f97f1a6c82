/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the suites of kernel objects: calls of kpptp.ko, and their cleanup. */
#ifndef KPPTP_CALL_KUNIT_H
#define KPPTP_CALL_KUNIT_H

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/rwsem.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "../../kernel/call.h"
#include "../../kernel/family.h"
#include "../../kernel/life.h"
#include "../../kernel/tx.h"

/* Both addresses are local: what one sends, the other receives. */
#define HERE  htonl(0x7f000001) /* 127.0.0.1 */
#define THERE htonl(0x7f000002) /* 127.0.0.2 */

/* A minute in microseconds: too long to happen within a test. */
#define NEVER 60000000u

/* Wait for something done in softirq, by a timer, or after a grace period. */
#define WAIT(condition)                                                                            \
	do {                                                                                       \
		unsigned long _end = jiffies + 10 * HZ;                                            \
		while (!(condition) && time_before(jiffies, _end))                                 \
			usleep_range(1000, 2000);                                                  \
		KUNIT_ASSERT_TRUE(test, condition);                                                \
	} while (0)

static inline struct module *tested_module(void)
{
	return kpptp_family.module;
}

/* References to a namespace. */
static inline unsigned int net_refs(struct net *net)
{
#ifdef KPPTP_HAVE_NS_REF_READ
	return __ns_ref_read(&net->ns);
#else
	return refcount_read(&net->ns.count);
#endif
}

/* The namespace created by machine.sh, whose name keeps it alive. */
static inline struct net *second_net(struct kunit *test)
{
	struct net *net, *found = NULL;

	down_read(&net_rwsem);
	for_each_net(net)
		if (!net_eq(net, &init_net))
			found = net;
	up_read(&net_rwsem);
	KUNIT_ASSERT_NOT_NULL_MSG(test, found, "machine.sh was not run");
	return found;
}

/* A call between these addresses that does not acknowledge unless told to. */
static inline struct kpptp_call_conf conf_of(__be32 local, __be32 peer, u16 id)
{
	struct kpptp_call_conf conf;

	kpptp_call_conf_init(&conf);
	conf.key.local = local;
	conf.key.peer = peer;
	conf.key.id = id;
	conf.ack_delay = NEVER;
	return conf;
}

static inline struct kpptp_call *try_create(struct net *net, const struct kpptp_call_conf *conf,
					    struct netlink_ext_ack *extack)
{
	struct kpptp_net *kn = kpptp_net_of(net);
	struct kpptp_call *call;

	mutex_lock(&kn->lock);
	call = kpptp_call_create(kn, conf, extack);
	mutex_unlock(&kn->lock);
	return call;
}

static inline struct kpptp_call *create(struct kunit *test, struct net *net,
					const struct kpptp_call_conf *conf)
{
	struct kpptp_call *call = try_create(net, conf, NULL);

	KUNIT_ASSERT_FALSE(test, IS_ERR(call));
	return call;
}

static inline void end_call(struct kpptp_call *call)
{
	struct kpptp_net *kn = call->kn;

	mutex_lock(&kn->lock);
	kpptp_call_delete(call, KPPTP_DEL_REASON_REQUEST);
	mutex_unlock(&kn->lock);
}

static inline struct kpptp_send_stats send_stats(struct kpptp_call *call)
{
	struct kpptp_send_stats stats;

	spin_lock_bh(&call->send.lock);
	kpptp_tx_stats(call, &stats);
	spin_unlock_bh(&call->send.lock);
	return stats;
}

/* Delete all calls, so that even a failed case does not disturb the next. */
static inline void sweep(struct net *net)
{
	struct kpptp_net *kn = kpptp_net_of(net);
	struct kpptp_call *call;
	unsigned long serial;

	mutex_lock(&kn->lock);
	xa_for_each(&kn->calls, serial, call)
		kpptp_call_delete(call, KPPTP_DEL_REASON_REQUEST);
	mutex_unlock(&kn->lock);
}

static inline void sweep_all(struct kunit *test)
{
	sweep(&init_net);
	sweep(second_net(test));
}

/**
 * struct before - reference counts before any calls were made
 * @module: references to the module
 * @init: references to the initial namespace
 * @second: references to the second one
 */
struct before {
	int module;
	unsigned int init;
	unsigned int second;
};

/* Record the counts, and check that nothing is left of previous cases. */
static inline void note(struct kunit *test, struct before *before)
{
	struct net *second = second_net(test);

	KUNIT_ASSERT_EQ(test, kpptp_net_of(&init_net)->n_calls, 0u);
	KUNIT_ASSERT_EQ(test, kpptp_net_of(second)->n_calls, 0u);
	before->module = module_refcount(tested_module());
	before->init = net_refs(&init_net);
	before->second = net_refs(second);
}

/* Wait until the calls and all references of theirs are gone. */
static inline void all_gone(struct kunit *test, const struct before *before)
{
	struct net *second = second_net(test);

	WAIT(module_refcount(tested_module()) == before->module);
	KUNIT_EXPECT_EQ(test, net_refs(&init_net), before->init);
	KUNIT_EXPECT_EQ(test, net_refs(second), before->second);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&kpptp_net_of(&init_net)->held), 0l);
	KUNIT_EXPECT_TRUE(test, list_empty(&kpptp_net_of(&init_net)->owners));
}

#endif /* KPPTP_CALL_KUNIT_H */
