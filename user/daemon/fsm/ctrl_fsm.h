/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control connection of RFC 2637 §3.1 as a function from state and event
 * to state and actions. No I/O, no clock, no allocation.
 *
 * How the server uses it:
 *
 *	kpptp_ctrl_init(&c, KPPTP_CTRL_RECEIVER, &config);
 *	on every event:	kpptp_ctrl_step(&c, &event, &actions);
 *			carry out actions.item[0..count-1] in this order
 *			re-arm the timer for kpptp_ctrl_deadline(&c)
 *
 * Do not enter a step while carrying out another step's actions: queue such
 * events. Once a step has set @finished (together with KPPTP_CTRL_ACT_CLOSE, or
 * on KPPTP_CTRL_EV_CLOSED) the connection is over and further steps do nothing;
 * to restart, init again.
 */
#ifndef KPPTP_CTRL_FSM_H
#define KPPTP_CTRL_FSM_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

/* "Never", for deadlines of both state machines */
#define KPPTP_NO_DEADLINE UINT64_MAX

/* §3.1: the two sides differ in who opened TCP, not in being PNS or PAC */
enum kpptp_ctrl_role {
	KPPTP_CTRL_ORIGINATOR, /* §3.1.1 */
	KPPTP_CTRL_RECEIVER, /* §3.1.2 */
};

/* The RFC's states; an idle receiver with TCP open waits for the SCCRQ */
enum kpptp_ctrl_state {
	KPPTP_CTRL_IDLE,
	KPPTP_CTRL_WAIT_CTL_REPLY, /* originator only */
	KPPTP_CTRL_ESTABLISHED,
	KPPTP_CTRL_WAIT_STOP_REPLY,
	KPPTP_CTRL_STATES
};

/**
 * struct kpptp_ctrl_info - one side's data in SCCRQ and SCCRP
 *
 * Fields as in §2.1.
 */
struct kpptp_ctrl_info {
	uint16_t protocol_version;
	uint32_t framing_capabilities;
	uint32_t bearer_capabilities;
	uint16_t maximum_channels;
	uint16_t firmware_revision;
	char host_name[KPPTP_NAME_LEN + 1];
	char vendor_name[KPPTP_NAME_LEN + 1];
};

/**
 * struct kpptp_ctrl_config - what the configuration file can change
 * @local: our own data; @local.protocol_version is the highest version we speak
 * @lowest_version: the oldest version we accept (high octet version, low octet
 *	revision); the default is the only one there is, 0x0100
 * @pac: we act as PAC; a PNS always sends Maximum Channels 0
 * @echo_interval: milliseconds without a control message before we send an
 *	Echo-Request (§3.1.4), 0 for never
 * @reply_timeout: milliseconds that any expected message may take (§3)
 */
struct kpptp_ctrl_config {
	struct kpptp_ctrl_info local;
	uint16_t lowest_version;
	bool pac;
	uint32_t echo_interval;
	uint32_t reply_timeout;
};

/**
 * struct kpptp_ctrl - one control connection
 * @role: which of the two state diagrams it follows
 * @state: current state in that diagram
 * @config: a copy, so that a reload does not affect running connections
 * @finished: the connection is over
 * @mute: the peer lost a collision with this connection; send nothing more on
 *	it (§3.1.3)
 * @echo_pending: an Echo-Request is waiting for its reply
 * @warned_reserved: nonzero reserved fields have been logged
 * @echo_id: Identifier of the last Echo-Request
 * @deadline: monotonic milliseconds, KPPTP_NO_DEADLINE for none
 * @version: the version in force once established
 * @peer: what the peer said about itself, valid once established
 *
 * Anyone may read it; only kpptp_ctrl_init() and kpptp_ctrl_step() write it.
 */
struct kpptp_ctrl {
	enum kpptp_ctrl_role role;
	enum kpptp_ctrl_state state;
	struct kpptp_ctrl_config config;
	bool finished;
	bool mute;
	bool echo_pending;
	bool warned_reserved;
	uint32_t echo_id;
	uint64_t deadline;
	uint16_t version;
	struct kpptp_ctrl_info peer;
};

enum kpptp_ctrl_event_type {
	KPPTP_CTRL_EV_OPENED, /* TCP is open: connected, or accepted */
	KPPTP_CTRL_EV_CLOSED, /* TCP is gone, or could not be opened: @text */
	KPPTP_CTRL_EV_MSG, /* @msg arrived */
	KPPTP_CTRL_EV_LOST_SYNC, /* KPPTP_FRAME_LOST or KPPTP_DECODE_BAD: @text */
	KPPTP_CTRL_EV_UNKNOWN_MSG, /* KPPTP_DECODE_UNKNOWN: @text */
	KPPTP_CTRL_EV_STOP, /* local terminate: @stop_reason, @text */
	KPPTP_CTRL_EV_COLLISION_LOST, /* another got KPPTP_CTRL_ACT_CLOSE_OTHER */
	KPPTP_CTRL_EV_TIMER, /* kpptp_ctrl_deadline() has passed */
	KPPTP_CTRL_EV_EVICT, /* its place is needed, now: @text */
	KPPTP_CTRL_EVENTS
};

/* Is there another control connection to the same peer address? */
enum kpptp_ctrl_other {
	KPPTP_CTRL_OTHER_NONE,
	KPPTP_CTRL_OTHER_OPENING, /* ours, in wait_ctl_reply */
	KPPTP_CTRL_OTHER_ESTABLISHED, /* and only one is allowed */
};

/**
 * struct kpptp_ctrl_event - what happened
 * @type: selects which of the other members are valid
 * @now: monotonic milliseconds, always set
 * @msg: EV_MSG: the message; must remain valid until the actions are carried out
 * @text: EV_CLOSED, EV_LOST_SYNC, EV_UNKNOWN_MSG, EV_STOP, EV_EVICT: why, for
 *	the log ("Connection reset by peer"); may be NULL
 * @stop_reason: EV_STOP: KPPTP_STOP_NONE or KPPTP_STOP_LOCAL_SHUTDOWN
 * @other: EV_OPENED of an originator, EV_MSG with an SCCRQ: is there another
 *	connection to this peer? Several peers behind one NAT share an address,
 *	so report OTHER_ESTABLISHED only if one per address is the rule.
 * @local_addr: EV_MSG with an SCCRQ and OTHER_OPENING: our IPv4 address, host
 *	byte order
 * @peer_addr: the peer's
 * @refuse_result: EV_MSG with an SCCRQ: a result code of §2.2 with which to
 *	refuse it (KPPTP_SCCRP_NOT_AUTHORIZED, KPPTP_RESULT_GENERAL_ERROR), 0 to
 *	accept
 * @refuse_error: the error code next to KPPTP_RESULT_GENERAL_ERROR; @text says
 *	why
 */
struct kpptp_ctrl_event {
	enum kpptp_ctrl_event_type type;
	uint64_t now;
	const struct kpptp_msg *msg;
	const char *text;
	uint8_t stop_reason;
	enum kpptp_ctrl_other other;
	uint32_t local_addr;
	uint32_t peer_addr;
	uint8_t refuse_result;
	uint8_t refuse_error;
};

enum kpptp_ctrl_act {
	/* Send @msg, as one TCP segment */
	KPPTP_CTRL_ACT_SEND,
	/* Close TCP: @flush tells whether to send pending data first */
	KPPTP_CTRL_ACT_CLOSE,
	/* Established: waiting dial requests may go ahead */
	KPPTP_CTRL_ACT_UP,
	/* Every call of this connection, including those still waiting for it to
	 * come up, is down because of @why: feed each KPPTP_CALL_EV_CONN_DOWN
	 */
	KPPTP_CTRL_ACT_CALLS_DOWN,
	/* The event's message belongs to a call: pass it to the call layer */
	KPPTP_CTRL_ACT_PASS,
	/* We lost the collision: feed the connection we opened to this peer
	 * KPPTP_CTRL_EV_COLLISION_LOST, before anything else is sent here
	 */
	KPPTP_CTRL_ACT_CLOSE_OTHER,
	/* This connection yields to the other one to the same peer: move calls
	 * that wait for this one to that one
	 */
	KPPTP_CTRL_ACT_USE_OTHER,
	/* A log line: @level is one of <syslog.h>, @why the text */
	KPPTP_CTRL_ACT_LOG,
};

/**
 * struct kpptp_ctrl_action - one thing to do
 * @type: selects which of the other members are valid
 * @msg: ACT_SEND
 * @flush: ACT_CLOSE
 * @level: ACT_LOG, LOG_ERR to LOG_DEBUG
 * @why: ACT_LOG, ACT_CALLS_DOWN
 */
struct kpptp_ctrl_action {
	enum kpptp_ctrl_act type;
	union {
		struct kpptp_msg msg;
		bool flush;
		struct {
			int level;
			struct kpptp_reason why;
		};
	};
};

#define KPPTP_CTRL_ACTIONS_MAX 6

/**
 * struct kpptp_ctrl_actions - what to do, in order
 */
struct kpptp_ctrl_actions {
	unsigned int count;
	struct kpptp_ctrl_action item[KPPTP_CTRL_ACTIONS_MAX];
};

/**
 * kpptp_ctrl_config_default - the RFC's timers, version 1.0, all capabilities
 *
 * Host name, vendor name and channels are left empty.
 */
void kpptp_ctrl_config_default(struct kpptp_ctrl_config *config);

/**
 * kpptp_ctrl_init - initialise an idle connection whose TCP is not open yet
 * @config: copied
 */
void kpptp_ctrl_init(struct kpptp_ctrl *c, enum kpptp_ctrl_role role,
		     const struct kpptp_ctrl_config *config);

/**
 * kpptp_ctrl_step - one transition of §3.1
 * @out: overwritten; never more than KPPTP_CTRL_ACTIONS_MAX
 *
 * To clear calls one by one before a local shutdown, as peers do, clear them in
 * the call layer, wait until each is released, and only then feed
 * KPPTP_CTRL_EV_STOP; fed at once it clears them implicitly.
 */
void kpptp_ctrl_step(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
		     struct kpptp_ctrl_actions *out);

/**
 * kpptp_ctrl_deadline - when to feed KPPTP_CTRL_EV_TIMER
 *
 * An early EV_TIMER does nothing.
 *
 * Return: monotonic milliseconds or KPPTP_NO_DEADLINE.
 */
uint64_t kpptp_ctrl_deadline(const struct kpptp_ctrl *c);

/** kpptp_ctrl_state_name - the RFC's name of a state, for logs and "show" */
const char *kpptp_ctrl_state_name(enum kpptp_ctrl_state state);

#endif /* KPPTP_CTRL_FSM_H */
