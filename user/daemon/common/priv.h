/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages between the two processes of kpptpd: their format and validity.
 * Pure: bytes in, struct or error text out.
 *
 * Each message is one packet of a SOCK_SEQPACKET pair: struct kpptp_priv_msg,
 * cut after the body of its type. Each type has a fixed length, padding is zero,
 * and the receiver checks every field. Both processes run the same program, so
 * an invalid message means that the sender was compromised: the monitor then
 * ends everything.
 */
#ifndef KPPTP_PRIV_H
#define KPPTP_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "field.h"
#define KPPTP_PRIV_TEXT_SIZE 240

/* Maximum size in bytes of a configuration sent to the worker. */
#define KPPTP_PRIV_BLOB_MAX 16384

/**
 * enum kpptp_priv_type - message types
 *
 * Each means what the function or callback of the same name in dataplane.h does.
 * Requests go from the worker to the monitor, answers the other way.
 */
enum kpptp_priv_type {
	KPPTP_PRIV_READY = 1,
	KPPTP_PRIV_CALL_NEW,
	KPPTP_PRIV_CALL_SET,
	KPPTP_PRIV_CALL_DEL,
	KPPTP_PRIV_CALL_STATS,
	KPPTP_PRIV_PPP_START,
	KPPTP_PRIV_PPP_STOP,
	KPPTP_PRIV_REQUEST_MAX = KPPTP_PRIV_PPP_STOP,

	KPPTP_PRIV_CALL_READY,
	KPPTP_PRIV_CALL_SET_DONE,
	KPPTP_PRIV_CALL_GONE,
	KPPTP_PRIV_STATS,
	KPPTP_PRIV_PPP_STARTED,
	KPPTP_PRIV_PPP_EXITED,
	KPPTP_PRIV_STOP,
	KPPTP_PRIV_RELOAD,
	KPPTP_PRIV_PPP_AUTHENTICATED,
	KPPTP_PRIV_TYPE_MAX = KPPTP_PRIV_PPP_AUTHENTICATED,
};

/**
 * struct kpptp_priv_call_new - body of CALL_NEW
 * @local: network byte order, a host address
 * @peer: network byte order, a host address
 * @flow_control: enum kpptp_flow_control
 * @window: packets, not 0
 * @has_peer: 0 or 1; when 0 the three members below are 0
 * @peer_id: any
 * @peer_window: any, 0 = unknown
 * @peer_ppd: any
 */
struct kpptp_priv_call_new {
	uint32_t local;
	uint32_t peer;
	uint32_t flow_control;
	uint16_t window;
	uint16_t has_peer;
	uint16_t peer_id;
	uint16_t peer_window;
	uint16_t peer_ppd;
	uint16_t zero;
};

/**
 * struct kpptp_priv_call_set - body of CALL_SET
 * @peer_id: any
 * @peer_window: any, 0 = unknown
 * @peer_ppd: any
 */
struct kpptp_priv_call_set {
	uint16_t peer_id;
	uint16_t peer_window;
	uint16_t peer_ppd;
	uint16_t zero;
};

/**
 * struct kpptp_priv_call_ready - body of CALL_READY
 * @err: 0 or a negative errno; when it is not 0, @id and @channel are 0
 * @id: Call ID chosen by the kernel
 * @channel: index of the PPP channel
 * @text: the reason if it failed; empty otherwise
 */
struct kpptp_priv_call_ready {
	int32_t err;
	uint32_t channel;
	uint16_t id;
	uint16_t zero;
	char text[KPPTP_PRIV_TEXT_SIZE];
};

/**
 * struct kpptp_priv_result - body of CALL_SET_DONE
 * @err: 0 or a negative errno
 * @text: the reason if it failed; empty otherwise
 */
struct kpptp_priv_result {
	int32_t err;
	char text[KPPTP_PRIV_TEXT_SIZE];
};

/**
 * struct kpptp_priv_stats - body of STATS
 * @err: 0 or a negative errno; when it is not 0, @stats is all 0
 * @stats: any
 */
struct kpptp_priv_stats {
	int32_t err;
	uint32_t zero;
	struct kpptp_call_stats stats;
};

/**
 * struct kpptp_priv_ppp_started - body of PPP_STARTED
 * @pid: of pppd, positive
 */
struct kpptp_priv_ppp_started {
	int32_t pid;
};

/**
 * struct kpptp_priv_ppp_exited - body of PPP_EXITED
 * @status: as from waitpid(2), or -1: never started
 * @text: the same in words, not empty
 */
struct kpptp_priv_ppp_exited {
	int32_t status;
	char text[KPPTP_PRIV_TEXT_SIZE];
};

/**
 * struct kpptp_priv_reload - body of RELOAD
 * @len: bytes of @blob in use, the others are 0
 * @blob: the configuration, in a form known only to main() and the worker
 */
struct kpptp_priv_reload {
	uint32_t len;
	uint8_t blob[KPPTP_PRIV_BLOB_MAX];
};

/**
 * struct kpptp_priv_msg - a message
 * @type: enum kpptp_priv_type
 * @handle: names the call; 0 in READY, STOP and RELOAD, otherwise not 0
 *
 * The body is the member of the union with the type's name. READY, CALL_DEL,
 * CALL_STATS, PPP_START, PPP_STOP, CALL_GONE, STOP and PPP_AUTHENTICATED have
 * none.
 */
struct kpptp_priv_msg {
	uint32_t type;
	uint32_t handle;
	union {
		struct kpptp_priv_call_new call_new;
		struct kpptp_priv_call_set call_set;
		struct kpptp_priv_call_ready call_ready;
		struct kpptp_priv_result call_set_done;
		struct kpptp_priv_stats stats;
		struct kpptp_priv_ppp_started ppp_started;
		struct kpptp_priv_ppp_exited ppp_exited;
		struct kpptp_priv_reload reload;
	};
};

/**
 * kpptp_priv_init() - begin a message: zero except for its head
 */
void kpptp_priv_init(struct kpptp_priv_msg *msg, enum kpptp_priv_type type, uint32_t handle);

/**
 * kpptp_priv_size() - size in bytes of a message of this type on the wire
 *
 * Return: the size, or 0 for an unknown type.
 */
size_t kpptp_priv_size(uint32_t type);

/**
 * kpptp_priv_type_name() - "call_new" and so on, for the log
 *
 * Return: the name; "unknown" for an unknown type.
 */
const char *kpptp_priv_type_name(uint32_t type);

/**
 * kpptp_priv_set_text() - put a text into a message
 * @text: a text member, still zero
 * @from: truncated to fit; anything but printable ASCII becomes '?'
 */
void kpptp_priv_set_text(char text[KPPTP_PRIV_TEXT_SIZE], const char *from);

/**
 * kpptp_priv_check_request() - check a request before the worker sends it
 * @msg: a request
 * @err: filled if it is not valid
 * @size: of @err
 *
 * The check of kpptp_priv_parse_request(): sending an invalid request would end
 * everything.
 * Return: 0 or -1.
 */
int kpptp_priv_check_request(const struct kpptp_priv_msg *msg, char *err, size_t size);

/**
 * kpptp_priv_parse_request() - parse a packet that the monitor received
 * @buf: the packet, of any alignment
 * @len: its size in bytes; a truncated packet must be given as longer than the
 *	buffer
 * @msg: filled if the message is valid
 * @err: filled otherwise: which field of which message, and its value
 * @size: of @err
 *
 * Return: 0, or -1: the worker is compromised.
 */
int kpptp_priv_parse_request(const void *buf, size_t len, struct kpptp_priv_msg *msg, char *err,
			     size_t size);

/**
 * kpptp_priv_parse_answer() - parse a packet that the worker received
 *
 * Like kpptp_priv_parse_request(), for the other direction.
 */
int kpptp_priv_parse_answer(const void *buf, size_t len, struct kpptp_priv_msg *msg, char *err,
			    size_t size);

#endif /* KPPTP_PRIV_H */
