// SPDX-License-Identifier: GPL-2.0
/*
 * The calls of a network namespace: by key for the packet path, by serial
 * number for walks.
 */
#include "table.h"

#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>

/* The place of a key: for one pair of addresses, another one for each Call ID. */
static u16 place_of(const struct kpptp_net *kn,
		    const struct kpptp_call_key *key)
{
	u32 pair = (__force u32)key->local ^ ror32((__force u32)key->peer, 16);

	return key->id ^ hash_32(pair ^ kn->seed, 16);
}

static bool is_key(const struct kpptp_call *call,
		   const struct kpptp_call_key *key)
{
	return call->key.id == key->id && call->key.peer == key->peer &&
	       call->key.local == key->local;
}

void kpptp_table_init(struct kpptp_net *kn)
{
	xa_init_flags(&kn->calls, XA_FLAGS_ALLOC1);
	kn->seed = get_random_u32();
}

void kpptp_table_destroy(struct kpptp_net *kn)
{
	unsigned int i;

	WARN_ON_ONCE(!xa_empty(&kn->calls));
	for (i = 0; i < ARRAY_SIZE(kn->table); i++)
		kfree(rcu_dereference_protected(kn->table[i], true));
	xa_destroy(&kn->calls);
}

struct kpptp_call *kpptp_table_lookup(struct kpptp_net *kn,
				      const struct kpptp_call_key *key)
{
	u16 place = place_of(kn, key);
	struct kpptp_table_page *page;
	struct kpptp_call *call;

	page = rcu_dereference_check(kn->table[place / KPPTP_TABLE_PAGE],
				     lockdep_is_held(&kn->lock));
	if (unlikely(!page))
		return NULL;
	hlist_for_each_entry_rcu(call, &page->chains[place % KPPTP_TABLE_PAGE],
				 node, lockdep_is_held(&kn->lock))
		if (likely(is_key(call, key)))
			return call;
	return NULL;
}

/* The chain of a key, whose page is made if it is not there. NULL: no memory. */
static struct hlist_head *chain_of(struct kpptp_net *kn,
				   const struct kpptp_call_key *key)
{
	u16 place = place_of(kn, key);
	struct kpptp_table_page __rcu **where =
		&kn->table[place / KPPTP_TABLE_PAGE];
	struct kpptp_table_page *page;

	page = rcu_dereference_protected(*where, lockdep_is_held(&kn->lock));
	if (!page) {
		page = kzalloc(sizeof(*page), GFP_KERNEL);
		if (!page)
			return NULL;
		rcu_assign_pointer(*where, page);
	}
	return &page->chains[place % KPPTP_TABLE_PAGE];
}

static int insert_id(struct kpptp_net *kn, struct kpptp_call *call, u16 id)
{
	struct hlist_head *chain;

	call->key.id = id;
	if (kpptp_table_lookup(kn, &call->key))
		return -EEXIST;
	chain = chain_of(kn, &call->key);
	if (!chain)
		return -ENOMEM;
	call->conf.key.id = id;
	hlist_add_head_rcu(&call->node, chain);
	return 0;
}

/*
 * Unpredictable Call IDs cost an attacker who cannot see the traffic a search.
 * Random tries find a free one at once as long as there are many; the search
 * from a random start finds the last ones.
 */
static int insert_random(struct kpptp_net *kn, struct kpptp_call *call)
{
	u16 start = get_random_u32();
	unsigned int i;
	int err;

	for (i = 0; i < 16; i++) {
		u16 id = get_random_u32();

		if (!id)
			continue;
		err = insert_id(kn, call, id);
		if (err != -EEXIST)
			return err;
	}
	for (i = 0; i <= U16_MAX; i++) {
		u16 id = start + i;

		if (!id)
			continue;
		err = insert_id(kn, call, id);
		if (err != -EEXIST)
			return err;
	}
	return -ENOSPC;
}

int kpptp_table_insert(struct kpptp_net *kn, struct kpptp_call *call,
		       struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&kn->lock);

	/* Reserve the number first: what follows publishes, and cannot fail. */
	err = xa_alloc_cyclic(&kn->calls, &call->serial, NULL, xa_limit_32b,
			      &kn->next_serial, GFP_KERNEL);
	if (err < 0)
		return err;

	err = call->key.id ? insert_id(kn, call, call->key.id)
			   : insert_random(kn, call);
	if (err) {
		xa_erase(&kn->calls, call->serial);
		if (err == -EEXIST)
			NL_SET_ERR_MSG(
				extack,
				"a call with these addresses and this id exists");
		else if (err == -ENOSPC)
			NL_SET_ERR_MSG(
				extack,
				"every call id between these addresses is in use");
		return err;
	}
	kn->n_calls++;
	xa_store(&kn->calls, call->serial, call, GFP_KERNEL);
	return 0;
}

void kpptp_table_remove(struct kpptp_net *kn, struct kpptp_call *call)
{
	lockdep_assert_held(&kn->lock);

	xa_erase(&kn->calls, call->serial);
	hlist_del_rcu(&call->node);
	kn->n_calls--;
}
