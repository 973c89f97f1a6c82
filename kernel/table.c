// SPDX-License-Identifier: GPL-2.0
/*
 * The calls of a network namespace: by key for the packet path, by serial
 * number for walks.
 */
#include "table.h"

#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>

void kpptp_table_init(struct kpptp_net *kn)
{
	xa_init_flags(&kn->calls, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	kn->seed = get_random_u32();
}

void kpptp_table_destroy(struct kpptp_net *kn)
{
	unsigned int i;

	WARN_ON_ONCE(!xa_empty(&kn->calls));
	for (i = 0; i < ARRAY_SIZE(kn->table); i++) {
		kfree(rcu_dereference_protected(kn->table[i], true));
		kfree(rcu_dereference_protected(kn->peers[i], true));
	}
	xa_destroy(&kn->calls);
}

struct kpptp_call *kpptp_table_lookup_peer(struct kpptp_net *kn, const struct kpptp_call_key *key)
{
	u16 place = kpptp_table_place(kn, key);
	struct kpptp_table_page *page;
	struct kpptp_call *call;

	page = rcu_dereference_check(kn->peers[place / KPPTP_TABLE_PAGE],
				     lockdep_is_held(&kn->lock));
	if (!page)
		return NULL;
	hlist_for_each_entry_rcu(call, &page->chains[place % KPPTP_TABLE_PAGE], peer_node,
				 lockdep_is_held(&kn->lock))
		if (READ_ONCE(call->conf.peer_id) == key->id && call->key.peer == key->peer &&
		    call->key.local == key->local)
			return call;
	return NULL;
}

/* The chain at a place of @pages; allocates a missing page. NULL if out of memory. */
static struct hlist_head *table_chain_at(struct kpptp_net *kn,
					 struct kpptp_table_page __rcu **pages, u16 place)
{
	struct kpptp_table_page __rcu **where = &pages[place / KPPTP_TABLE_PAGE];
	struct kpptp_table_page *page;

	page = rcu_dereference_protected(*where, lockdep_is_held(&kn->lock));
	if (!page) {
		page = kzalloc(sizeof(*page), GFP_KERNEL_ACCOUNT);
		if (!page)
			return NULL;
		rcu_assign_pointer(*where, page);
	}
	return &page->chains[place % KPPTP_TABLE_PAGE];
}

static int table_insert_id(struct kpptp_net *kn, struct kpptp_call *call, u16 id)
{
	struct hlist_head *chain;

	call->key.id = id;
	if (kpptp_table_lookup(kn, &call->key))
		return -EEXIST;
	chain = table_chain_at(kn, kn->table, kpptp_table_place(kn, &call->key));
	if (!chain)
		return -ENOMEM;
	call->conf.key.id = id;
	hlist_add_head_rcu(&call->node, chain);
	return 0;
}

/*
 * Unpredictable Call IDs make an attacker who cannot see the traffic search for
 * them. Random tries find a free one at once while many are free; the search from a
 * random start finds the last ones.
 */
static int table_insert_random(struct kpptp_net *kn, struct kpptp_call *call)
{
	u16 start = get_random_u32();
	unsigned int i;
	int err;

	for (i = 0; i < 16; i++) {
		u16 id = get_random_u32();

		if (!id)
			continue;
		err = table_insert_id(kn, call, id);
		if (err != -EEXIST)
			return err;
	}
	for (i = 0; i <= U16_MAX; i++) {
		u16 id = start + i;

		if (!id)
			continue;
		err = table_insert_id(kn, call, id);
		if (err != -EEXIST)
			return err;
	}
	return -ENOSPC;
}

/* The chain in kpptp_net.peers for @call with the peer's Call ID @peer_id. */
static struct hlist_head *table_peer_chain(struct kpptp_net *kn, const struct kpptp_call *call,
					   u16 peer_id)
{
	struct kpptp_call_key key = call->key;

	key.id = peer_id;
	return table_chain_at(kn, kn->peers, kpptp_table_place(kn, &key));
}

static void table_peer_remove(struct kpptp_call *call)
{
	if (!hlist_unhashed(&call->peer_node))
		hlist_del_init_rcu(&call->peer_node);
}

/*
 * A reader at @call while it moves continues in the new chain and may miss its
 * target: an ICMP error at that moment is lost, as it might be on the wire.
 */
int kpptp_table_set_peer(struct kpptp_net *kn, struct kpptp_call *call, u32 peer_id)
{
	struct hlist_head *chain = NULL;

	lockdep_assert_held(&kn->lock);

	if (call->conf.peer_id == peer_id)
		return 0;
	if (peer_id != KPPTP_PEER_ID_UNKNOWN) {
		chain = table_peer_chain(kn, call, peer_id);
		if (!chain)
			return -ENOMEM;
	}
	table_peer_remove(call);
	WRITE_ONCE(call->conf.peer_id, peer_id);
	if (chain)
		hlist_add_head_rcu(&call->peer_node, chain);
	return 0;
}

int kpptp_table_insert(struct kpptp_net *kn, struct kpptp_call *call,
		       struct netlink_ext_ack *extack)
{
	struct hlist_head *peers = NULL;
	int err;

	lockdep_assert_held(&kn->lock);

	/* Reserve the number first: publishing the call must not fail. */
	err = xa_alloc_cyclic(&kn->calls, &call->serial, NULL, xa_limit_32b, &kn->next_serial,
			      GFP_KERNEL_ACCOUNT);
	if (err < 0)
		return err;

	if (call->conf.peer_id != KPPTP_PEER_ID_UNKNOWN) {
		peers = table_peer_chain(kn, call, call->conf.peer_id);
		if (!peers) {
			err = -ENOMEM;
			goto err_serial;
		}
	}
	err = call->key.id ? table_insert_id(kn, call, call->key.id)
			   : table_insert_random(kn, call);
	if (err) {
		if (err == -EEXIST)
			NL_SET_ERR_MSG(extack, "a call with these addresses and this id exists");
		else if (err == -ENOSPC)
			NL_SET_ERR_MSG(extack, "every call id between these addresses is in use");
		goto err_serial;
	}
	if (peers)
		hlist_add_head_rcu(&call->peer_node, peers);
	kn->n_calls++;
	xa_store(&kn->calls, call->serial, call, GFP_KERNEL_ACCOUNT);
	return 0;

err_serial:
	xa_erase(&kn->calls, call->serial);
	return err;
}

void kpptp_table_remove(struct kpptp_net *kn, struct kpptp_call *call)
{
	lockdep_assert_held(&kn->lock);

	xa_erase(&kn->calls, call->serial);
	hlist_del_rcu(&call->node);
	table_peer_remove(call);
	kn->n_calls--;
}
