/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clang-format off */
/*
 * The local socket of kpptpd: its protocol, and a client for it.
 *
 * The protocol
 * ------------
 * A stream socket (AF_UNIX), KPPTP_API_PATH unless configured otherwise. Each
 * message is one JSON object on one line that ends with '\n'. A request is at
 * most KPPTP_API_LINE_MAX bytes, including the newline; a reply may be up to
 * KPPTP_API_REPLY_MAX, because "show" lists all tunnels. The daemon answers each
 * request once, in order, and writes a long reply as the client reads it. A
 * client that subscribes to events but does not read them is disconnected. Only
 * root and members of the configured group are admitted, by socket credentials.
 *
 * Addresses are numeric IPv4 strings, Call IDs and indexes are numbers; "?"
 * marks an optional member.
 *
 * Every refusal is {"ok":false,"error":TEXT}, where TEXT is one line that says
 * why and what to do. Invalid JSON, an unknown "op", an unknown member, and a
 * missing member or one of the wrong type are all refused, by name.
 *
 * dial: make an outgoing call (we are the PNS, RFC 2637 section 3.2.4).
 *   -> {"op":"dial","servers":[ADDRESS,...],"port":N?,"local":ADDRESS?,
 *       "number":TEXT?,"window":N?,"flow-control":"adaptive|strict|off"?}
 *   <- {"ok":true,"id":N,"peer-id":N,"channel":N,"local":ADDRESS,
 *       "peer":ADDRESS,"seconds":NUMBER}
 *   "servers" are tried in order, 1 to KPPTP_API_SERVERS_MAX of them; "port"
 *   defaults to 1723; "number" becomes the request's Phone Number, at most 63
 *   octets. "seconds" is how long the dial took, as a fraction.
 *   The connection owns the call: closing it hangs up cleanly. A connection
 *   dials once. If the call ends for another reason the daemon sends
 *   {"event":"closed","reason":TEXT} and closes the connection.
 *
 * offer: offer an incoming call (we are the PAC, section 3.2.3).
 *   -> {"op":"offer","servers":[ADDRESS,...],"physical-channel":N?,
 *       "dialing-number":TEXT?, and the rest as in dial}
 *   <- as in dial
 *   Works like dial; "number" is the request's Dialed Number. The client
 *   bridges the call's channel with the one it offers.
 *
 * hangup: clear any call, whoever made it.
 *   -> {"op":"hangup","local":ADDRESS,"peer":ADDRESS,"id":N}
 *   <- {"ok":true}
 *
 * show: list control connections and their calls.
 *   -> {"op":"show"}
 *   <- {"ok":true,"tunnels":[{"local":ADDRESS,"peer":ADDRESS,"port":N,
 *       "role":"pns|pac","originator":BOOL,"state":TEXT,"host-name":TEXT,
 *       "vendor":TEXT,"since":N,"calls":[{"id":N,"peer-id":N?,"channel":N?,
 *       "role":"pns|pac","state":TEXT,"number":TEXT?,"dialing-number":TEXT?,
 *       "ppp-pid":N?},...]},...]}
 *   "role" is ours; "host-name" and "vendor" are the peer's; "port" is the
 *   peer's TCP port; "since" is seconds since 1970 (UTC). States are those of
 *   RFC 2637 sections 3.1 and 3.2, spelled as in the RFC. The numbers are those
 *   of the call's request, whoever sent it.
 *
 * events: subscribe to changes of these states, from now on.
 *   -> {"op":"events"}
 *   <- {"ok":true}, followed by any number of
 *      {"event":"tunnel","tunnel":{...},"text":TEXT?} or
 *      {"event":"call","local":ADDRESS,"peer":ADDRESS,"call":{...},
 *       "text":TEXT?}
 *   Tunnels and calls look as in "show", except that a tunnel has no "calls";
 *   "text" is what the log says about the change. The last event of each has the
 *   state "idle". A connection that dials cannot subscribe to events, nor the
 *   other way round.
 */
#ifndef KPPTP_API_H
#define KPPTP_API_H

#include <stdbool.h>
#include <stdint.h>
#include <netinet/in.h>

#include "error.h"

struct json_object;
struct kpptp_call_key;

#define KPPTP_API_PATH		"/run/kpptpd.sock"
#define KPPTP_API_LINE_MAX	4096
#define KPPTP_API_REPLY_MAX	(64 << 20)
#define KPPTP_API_SERVERS_MAX	16
#define KPPTP_API_NUMBER_MAX	63
#define KPPTP_PORT		1723

/* Names of members. */
#define KPPTP_API_OP		"op"
#define KPPTP_API_OK		"ok"
#define KPPTP_API_ERROR		"error"
#define KPPTP_API_EVENT		"event"
#define KPPTP_API_REASON	"reason"
#define KPPTP_API_TEXT		"text"
#define KPPTP_API_SERVERS	"servers"
#define KPPTP_API_PORT		"port"
#define KPPTP_API_LOCAL		"local"
#define KPPTP_API_PEER		"peer"
#define KPPTP_API_NUMBER	"number"
#define KPPTP_API_DIALING	"dialing-number"
#define KPPTP_API_PHYSICAL	"physical-channel"
#define KPPTP_API_WINDOW	"window"
#define KPPTP_API_FLOW_CONTROL	"flow-control"
#define KPPTP_API_ID		"id"
#define KPPTP_API_PEER_ID	"peer-id"
#define KPPTP_API_CHANNEL	"channel"
#define KPPTP_API_SECONDS	"seconds"
#define KPPTP_API_TUNNELS	"tunnels"
#define KPPTP_API_TUNNEL	"tunnel"
#define KPPTP_API_CALLS		"calls"
#define KPPTP_API_CALL		"call"
#define KPPTP_API_ROLE		"role"
#define KPPTP_API_ORIGINATOR	"originator"
#define KPPTP_API_STATE		"state"
#define KPPTP_API_HOST_NAME	"host-name"
#define KPPTP_API_VENDOR	"vendor"
#define KPPTP_API_SINCE		"since"
#define KPPTP_API_PPP_PID	"ppp-pid"

/* Values of "op" and of "event". */
#define KPPTP_API_OP_DIAL	"dial"
#define KPPTP_API_OP_OFFER	"offer"
#define KPPTP_API_OP_HANGUP	"hangup"
#define KPPTP_API_OP_SHOW	"show"
#define KPPTP_API_OP_EVENTS	"events"
#define KPPTP_API_EVENT_CLOSED	"closed"
#define KPPTP_API_EVENT_TUNNEL	"tunnel"
#define KPPTP_API_EVENT_CALL	"call"

/**
 * struct kpptp_api - a connection to the daemon
 */
struct kpptp_api;

/**
 * struct kpptp_dial - what to dial
 * @host: name or address of the server; a name's addresses are tried in order
 * @port: TCP port of the control connection; 0 for the default
 * @local: source address; INADDR_ANY lets the routes choose
 * @number: the request's Phone Number; NULL for none
 * @window: Packet Recv. Window Size to advertise; 0 for the daemon's default
 * @flow_control: "off", "strict" or "adaptive"; NULL for the daemon's default
 */
struct kpptp_dial {
	const char *host;
	uint16_t port;
	struct in_addr local;
	const char *number;
	uint16_t window;
	const char *flow_control;
};

/**
 * struct kpptp_offer - what to offer
 * @call: the peer and options; its number is the request's Dialed Number
 * @channel: index of the PPP channel, which becomes the Physical Channel ID
 * @dialing_number: the Dialing Number; NULL for none
 */
struct kpptp_offer {
	struct kpptp_dial call;
	uint32_t channel;
	const char *dialing_number;
};

/**
 * struct kpptp_dialled - the call that a dial or an offer made
 * @local: our address
 * @peer: the address of the host that answered
 * @id: Call ID that our side assigned
 * @peer_id: Call ID that the peer assigned
 * @channel: index of the PPP channel, for PPPIOCATTCHAN on /dev/ppp
 * @seconds: how long the dial took
 */
struct kpptp_dialled {
	struct in_addr local;
	struct in_addr peer;
	uint16_t id;
	uint16_t peer_id;
	uint32_t channel;
	double seconds;
};

/**
 * kpptp_api_open() - connect to the daemon
 * @api: receives the handle; close it with kpptp_api_close()
 * @path: the socket; NULL for KPPTP_API_PATH
 *
 * Return: 0, or a negative errno; -ENOENT and -ECONNREFUSED: the daemon is not
 * running, -EACCES: the user is not admitted.
 */
int kpptp_api_open(struct kpptp_api **api, const char *path,
		   struct kpptp_error *error);

/**
 * kpptp_api_adopt() - make a handle from a connected socket
 * @fd: a stream socket; owned by the handle on success
 *
 * Return: 0 or -ENOMEM.
 */
int kpptp_api_adopt(struct kpptp_api **api, int fd, struct kpptp_error *error);

/**
 * kpptp_api_close() - disconnect; hangs up a call dialled through it
 * @api: may be NULL
 */
void kpptp_api_close(struct kpptp_api *api);

/**
 * kpptp_api_fd() - the socket, to poll for reading; @api keeps ownership
 */
int kpptp_api_fd(const struct kpptp_api *api);

/**
 * kpptp_api_set_abort() - let the caller abort a wait
 * @abort_wait: called at least once a second while waiting for a reply, and
 *	after each signal; if it returns true the wait ends with -EINTR
 *
 * Without it only a reply or the end of the connection ends a wait. After an
 * aborted request the connection is good only for kpptp_api_close().
 */
void kpptp_api_set_abort(struct kpptp_api *api, bool (*abort_wait)(void *ctx),
			 void *ctx);

/**
 * kpptp_api_request() - send one request and wait for its reply
 * @request: the caller keeps its reference
 * @reply: receives a reference to a reply that has "ok":true; all texts in it,
 *	as in events, are cleaned (text.h), whatever the daemon sent
 *
 * Return: 0, or a negative errno; -EREMOTEIO: the daemon refused, and @error
 * has its text; -ECONNRESET: it closed the connection.
 */
int kpptp_api_request(struct kpptp_api *api, struct json_object *request,
		      struct json_object **reply, struct kpptp_error *error);

/**
 * kpptp_api_dial() - resolve the host, dial it and wait for the call
 *
 * Takes as long as the peers take: up to the daemon's reply timeout for each
 * address. The call lives until kpptp_api_close().
 */
int kpptp_api_dial(struct kpptp_api *api, const struct kpptp_dial *dial,
		   struct kpptp_dialled *dialled, struct kpptp_error *error);

/**
 * kpptp_api_offer() - likewise, for an incoming call
 *
 * The caller must bridge the call's channel with the offered one.
 */
int kpptp_api_offer(struct kpptp_api *api, const struct kpptp_offer *offer,
		    struct kpptp_dialled *dialled, struct kpptp_error *error);

/**
 * kpptp_api_hangup() - ask the daemon to clear a call
 */
int kpptp_api_hangup(struct kpptp_api *api, const struct kpptp_call_key *key,
		     struct kpptp_error *error);

/**
 * kpptp_api_show() - list control connections and their calls
 * @tunnels: receives a reference to the array described above
 */
int kpptp_api_show(struct kpptp_api *api, struct json_object **tunnels,
		   struct kpptp_error *error);

/**
 * kpptp_api_subscribe() - subscribe to the events of tunnels and calls
 */
int kpptp_api_subscribe(struct kpptp_api *api, struct kpptp_error *error);

/**
 * kpptp_api_event() - get the next event, if there is one
 * @event: receives a reference to an event described above
 *
 * Never waits. When kpptp_api_fd() is readable there may be several events, or
 * only part of one: call this until it returns -EAGAIN.
 *
 * Return: 0, -EAGAIN if there is none, or another negative errno if the
 * connection broke.
 */
int kpptp_api_event(struct kpptp_api *api, struct json_object **event,
		    struct kpptp_error *error);

/**
 * kpptp_api_wait() - wait until the dialled call ends
 * @timeout: milliseconds; 0 only checks, -1 waits forever
 * @reason: filled with the reason why the call ended, in the daemon's words
 *
 * Return: 0 when the call ended, -EAGAIN on timeout, or another negative errno
 * if the connection broke (then the call is gone too).
 */
int kpptp_api_wait(struct kpptp_api *api, int timeout,
		   struct kpptp_error *reason, struct kpptp_error *error);

#endif /* KPPTP_API_H */
