/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The calls of a network namespace: by key for the packet path, by serial
 * number for walks.
 *
 * A Call ID is unique per pair of addresses (RFC 2637 section 3.2.2), so all three
 * form the key, and the limit of 65,535 calls is per pair.
 *
 * The Call ID, mixed with the addresses, is the index into an array of 65,536
 * chains, whose pages are allocated on first use. Calls of one pair never share a
 * chain; those of different pairs do by chance, so the average chain has one call
 * per 65,536 calls in the namespace. Nothing is ever rehashed: the 60,000th call
 * costs no more than the first.
 *
 * A second such array finds a call by the peer's Call ID, which is what an ICMP
 * error about one of our packets quotes.
 */
#ifndef KPPTP_TABLE_H
#define KPPTP_TABLE_H

#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/rculist.h>

#include "call.h"

struct netlink_ext_ack;

/* Chains per page of the array. */
#define KPPTP_TABLE_PAGE 256

struct kpptp_table_page {
	struct hlist_head chains[KPPTP_TABLE_PAGE];
};

/**
 * kpptp_table_init - set up a namespace's table
 * @kn: the namespace
 */
void kpptp_table_init(struct kpptp_net *kn);

/**
 * kpptp_table_destroy - free a namespace's table, which must be empty
 * @kn: the namespace
 */
void kpptp_table_destroy(struct kpptp_net *kn);

/**
 * kpptp_table_place - the chain of a key
 * @kn: the namespace
 * @key: addresses and Call ID
 *
 * Return: the chain's index; for one pair of addresses, a different one per Call ID.
 */
static inline u16 kpptp_table_place(const struct kpptp_net *kn, const struct kpptp_call_key *key)
{
	u32 pair = (__force u32)key->local ^ ror32((__force u32)key->peer, 16);

	return key->id ^ hash_32(pair ^ kn->seed, 16);
}

/**
 * kpptp_table_is_key - whether a call has a key
 * @call: a call of the key's chain
 * @key: the key
 */
static inline bool kpptp_table_is_key(const struct kpptp_call *call,
				      const struct kpptp_call_key *key)
{
	return call->key.id == key->id && call->key.peer == key->peer &&
	       call->key.local == key->local;
}

/**
 * kpptp_table_lookup - find a call
 * @kn: the namespace
 * @key: its key
 *
 * Inline, as it is called for each packet received.
 * Context: under RCU, or under kpptp_net.lock; any.
 * Return: the call, valid as long as the context lasts, or NULL.
 */
static inline struct kpptp_call *kpptp_table_lookup(struct kpptp_net *kn,
						    const struct kpptp_call_key *key)
{
	u16 place = kpptp_table_place(kn, key);
	struct kpptp_table_page *page;
	struct kpptp_call *call;

	page = rcu_dereference_check(kn->table[place / KPPTP_TABLE_PAGE],
				     lockdep_is_held(&kn->lock));
	if (unlikely(!page))
		return NULL;
	hlist_for_each_entry_rcu(call, &page->chains[place % KPPTP_TABLE_PAGE], node,
				 lockdep_is_held(&kn->lock))
		if (likely(kpptp_table_is_key(call, key)))
			return call;
	return NULL;
}

/**
 * kpptp_table_lookup_peer - find a call by the key of the packets that it sends
 * @kn: the namespace
 * @key: our address, the peer's, and as id the Call ID that the peer assigned
 *
 * If the peer has assigned an ID twice, finds either of the two calls.
 * Context: under RCU, or under kpptp_net.lock; any.
 * Return: the call, valid as long as the context lasts, or NULL.
 */
struct kpptp_call *kpptp_table_lookup_peer(struct kpptp_net *kn, const struct kpptp_call_key *key);

/**
 * kpptp_table_set_peer - set or change the peer's Call ID of a call
 * @kn: the namespace
 * @call: a call in the table
 * @peer_id: the ID, or KPPTP_PEER_ID_UNKNOWN
 *
 * Sets kpptp_call_conf.peer_id.
 * Context: process, under kpptp_net.lock; sleeps.
 * Return: 0 or -ENOMEM.
 */
int kpptp_table_set_peer(struct kpptp_net *kn, struct kpptp_call *call, u32 peer_id);

/**
 * kpptp_table_insert - publish a call
 * @kn: the namespace
 * @call: the complete call; if its Call ID is 0, a free one is chosen at random
 * @extack: reports why it failed
 *
 * Packets may reach the call before this returns.
 * Context: process, under kpptp_net.lock; sleeps.
 * Return: 0, -EEXIST (the Call ID is in use), -ENOSPC (all are in use), -ENOMEM.
 */
int kpptp_table_insert(struct kpptp_net *kn, struct kpptp_call *call,
		       struct netlink_ext_ack *extack);

/**
 * kpptp_table_remove - remove a call from the table
 * @kn: the namespace
 * @call: a call in the table
 *
 * Readers that have found it may use it until their read-side section ends.
 * Context: process, under kpptp_net.lock.
 */
void kpptp_table_remove(struct kpptp_net *kn, struct kpptp_call *call);

#endif /* KPPTP_TABLE_H */
