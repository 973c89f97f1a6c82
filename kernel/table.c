// SPDX-License-Identifier: GPL-2.0
/*
 * The calls of a network namespace: by key for the packet path, by serial
 * number for walks.
 */
#include "table.h"

#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/rhashtable.h>

/* Spares the packet path a call of memcmp(). */
static int compare(struct rhashtable_compare_arg *arg, const void *object)
{
	const struct kpptp_call_key *wanted = arg->key;
	const struct kpptp_call *call = object;

	return call->key.id != wanted->id || call->key.peer != wanted->peer ||
	       call->key.local != wanted->local;
}

static const struct rhashtable_params kpptp_table_params = {
	.head_offset = offsetof(struct kpptp_call, node),
	.key_offset = offsetof(struct kpptp_call, key),
	.key_len = sizeof(struct kpptp_call_key),
	.obj_cmpfn = compare,
	.automatic_shrinking = true,
};

int kpptp_table_init(struct kpptp_net *kn)
{
	xa_init_flags(&kn->calls, XA_FLAGS_ALLOC1);
	return rhashtable_init(&kn->table, &kpptp_table_params);
}

void kpptp_table_destroy(struct kpptp_net *kn)
{
	WARN_ON_ONCE(!xa_empty(&kn->calls));
	rhashtable_destroy(&kn->table);
	xa_destroy(&kn->calls);
}

struct kpptp_call *kpptp_table_lookup(struct kpptp_net *kn, const struct kpptp_call_key *key)
{
	return rhashtable_lookup_fast(&kn->table, key, kpptp_table_params);
}

static int insert_id(struct kpptp_net *kn, struct kpptp_call *call, u16 id)
{
	call->key.id = id;
	return rhashtable_lookup_insert_fast(&kn->table, &call->node, kpptp_table_params);
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
	err = xa_alloc_cyclic(&kn->calls, &call->serial, NULL, xa_limit_32b, &kn->next_serial,
			      GFP_KERNEL);
	if (err < 0)
		return err;

	err = call->key.id ? insert_id(kn, call, call->key.id) : insert_random(kn, call);
	if (err) {
		xa_erase(&kn->calls, call->serial);
		if (err == -EEXIST)
			NL_SET_ERR_MSG(extack, "a call with these addresses and this id exists");
		else if (err == -ENOSPC)
			NL_SET_ERR_MSG(extack, "every call id between these addresses is in use");
		return err;
	}
	call->conf.key.id = call->key.id;
	xa_store(&kn->calls, call->serial, call, GFP_KERNEL);
	return 0;
}

void kpptp_table_remove(struct kpptp_net *kn, struct kpptp_call *call)
{
	lockdep_assert_held(&kn->lock);

	xa_erase(&kn->calls, call->serial);
	rhashtable_remove_fast(&kn->table, &call->node, kpptp_table_params);
}
