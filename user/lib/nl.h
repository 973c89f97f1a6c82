/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Client of the kernel's generic netlink family "kpptp". Hides libnl: only plain
 * structs go in and out.
 *
 * Requests block until the kernel answers, which it does without waiting for
 * the network. A struct kpptp_nl belongs to one thread at a time.
 *
 * Every function that fails returns a negative errno and fills its struct
 * kpptp_error, with the kernel's own message (extack) if there is one. Errors
 * that callers may want to tell apart:
 *
 *   -EPROTONOSUPPORT  the module is not loaded
 *   -EPERM            not root: CAP_NET_ADMIN is required
 *   -ENOENT           no such call
 *   -EEXIST           the Call ID is in use for these addresses
 */
#ifndef KPPTP_NL_H
#define KPPTP_NL_H

#include "error.h"
#include "field.h"

/**
 * struct kpptp_nl - a socket for requests and, once subscribed, one for events
 */
struct kpptp_nl;

/**
 * struct kpptp_call_key - what identifies a call
 * @local: our address
 * @peer: the peer's address
 * @id: Call ID assigned by our side
 * @netns_cookie: its network namespace, 0 for that of struct kpptp_nl; other
 *	namespaces can only be named from the initial one
 */
struct kpptp_call_key {
	struct in_addr local;
	struct in_addr peer;
	uint16_t id;
	uint64_t netns_cookie;
};

/**
 * typedef kpptp_call_fn - receives the calls of a dump, one after another
 *
 * @info is valid only during the call. @fn must not make requests on the same
 * struct kpptp_nl.
 *
 * Return: 0 to continue; any other value ends the dump, which then returns it.
 */
typedef int (*kpptp_call_fn)(const struct kpptp_call_info *info, void *ctx);

/**
 * typedef kpptp_event_fn - receives events
 * @cmd: KPPTP_CMD_CALL_NEW_NTF, KPPTP_CMD_CALL_SET_NTF or
 *	KPPTP_CMD_CALL_DEL_NTF
 * @info: the call, valid only during the callback
 * @ctx: as given to kpptp_nl_receive()
 *
 * May make requests: they use a socket of their own.
 */
typedef void (*kpptp_event_fn)(uint8_t cmd, const struct kpptp_call_info *info, void *ctx);

/**
 * kpptp_nl_open() - connect to the family
 * @nl: receives the handle; close it with kpptp_nl_close()
 *
 * The sockets stay in the network namespace that the thread is in now, even if
 * it enters another one later. They are close-on-exec.
 *
 * Return: 0, or a negative errno; -EPROTONOSUPPORT: the module is not loaded.
 */
int kpptp_nl_open(struct kpptp_nl **nl, struct kpptp_error *error);

/**
 * kpptp_nl_close() - close the sockets; calls owned by them die
 * @nl: may be NULL
 */
void kpptp_nl_close(struct kpptp_nl *nl);

/**
 * kpptp_nl_call_new() - CALL_NEW: make a call
 * @conf: local and peer are required; with KPPTP_HAS(OWNED) and @conf->owned
 *	the call dies with @nl, or with the process
 * @info: filled from the reply: the assigned Call ID (info->conf.id), the PPP
 *	channel and the defaults in force
 */
int kpptp_nl_call_new(struct kpptp_nl *nl, const struct kpptp_call_conf *conf,
		      struct kpptp_call_info *info, struct kpptp_error *error);

/**
 * kpptp_nl_call_set() - CALL_SET: change a call to what @conf contains
 * @conf: local, peer and id are required; KPPTP_HAS_TUNABLES can change, the kernel
 *	refuses others
 */
int kpptp_nl_call_set(struct kpptp_nl *nl, const struct kpptp_call_conf *conf,
		      struct kpptp_error *error);

/**
 * kpptp_nl_call_del() - CALL_DEL: delete a call
 */
int kpptp_nl_call_del(struct kpptp_nl *nl, const struct kpptp_call_key *key,
		      struct kpptp_error *error);

/**
 * kpptp_nl_call_get() - CALL_GET: one call with its statistics
 */
int kpptp_nl_call_get(struct kpptp_nl *nl, const struct kpptp_call_key *key,
		      struct kpptp_call_info *info, struct kpptp_error *error);

/**
 * kpptp_nl_call_dump() - CALL_GET as a dump: all calls of the namespace
 *
 * Calls made or deleted during the dump may or may not be in it.
 *
 * Return: 0, a negative errno, or what @fn ended the dump with.
 */
int kpptp_nl_call_dump(struct kpptp_nl *nl, kpptp_call_fn fn, void *ctx, struct kpptp_error *error);

/**
 * kpptp_nl_call_dump_all() - the calls of all network namespaces
 *
 * For the initial network namespace only. Calls of other namespaces have
 * KPPTP_HAS(NETNS_COOKIE).
 *
 * Return: as kpptp_nl_call_dump().
 */
int kpptp_nl_call_dump_all(struct kpptp_nl *nl, kpptp_call_fn fn, void *ctx,
			   struct kpptp_error *error);

/**
 * struct kpptp_net_limits - limits of a network namespace
 * @held_limit: bytes that held packets may use; NULL leaves it unchanged
 * @call_limit: maximum number of calls; NULL leaves it unchanged
 */
struct kpptp_net_limits {
	const uint64_t *held_limit;
	const uint32_t *call_limit;
};

/**
 * kpptp_nl_net_set() - NET_SET: change the namespace's limits
 * @limits: at least one of them
 */
int kpptp_nl_net_set(struct kpptp_nl *nl, const struct kpptp_net_limits *limits,
		     struct kpptp_error *error);

/**
 * kpptp_nl_net_get() - NET_GET: the counters of the namespace
 */
int kpptp_nl_net_get(struct kpptp_nl *nl, struct kpptp_net_stats *stats, struct kpptp_error *error);

/**
 * kpptp_nl_subscribe() - subscribe to the events of the group "calls"
 *
 * Opens the second socket; events queue up in it from now on. Calling it again
 * has no effect.
 */
int kpptp_nl_subscribe(struct kpptp_nl *nl, struct kpptp_error *error);

/**
 * kpptp_nl_event_fd() - the descriptor to poll for reading
 *
 * Return: the descriptor, or -1 before kpptp_nl_subscribe(). @nl keeps ownership.
 */
int kpptp_nl_event_fd(const struct kpptp_nl *nl);

/**
 * kpptp_nl_receive() - pass pending events to @fn; never blocks
 *
 * Return: 0, or a negative errno; -ENOBUFS: events came faster than they were
 * read and some are lost: dump the calls to get their current state, and go on.
 */
int kpptp_nl_receive(struct kpptp_nl *nl, kpptp_event_fn fn, void *ctx, struct kpptp_error *error);

#endif /* KPPTP_NL_H */
