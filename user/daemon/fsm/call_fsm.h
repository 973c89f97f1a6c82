/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One call of RFC 2637 §3.2, in all four roles, as a function from state and
 * event to state and actions. No I/O, no clock, no allocation.
 *
 * How the server uses it:
 *
 *	kpptp_call_params_default(&params, role), then fill in
 *	kpptp_call_init(&call, role, &params);
 *	on every event:	kpptp_call_step(&call, &event, &actions);
 *			carry out actions.item[0..count-1] in this order
 *			re-arm the timer for kpptp_call_deadline(&call)
 *	KPPTP_CALL_ACT_RELEASE is always last: forget the call then
 *
 * Do not enter a step while carrying out another step's actions: queue such
 * events. The data plane answers every KERNEL_NEW exactly once, with
 * EV_DATA_READY or EV_DATA_FAILED, even if the call was abandoned in the
 * meantime: a cancelled call waits for this answer, and only then deletes the
 * kernel call and releases itself.
 */
#ifndef KPPTP_CALL_FSM_H
#define KPPTP_CALL_FSM_H

#include <stdbool.h>
#include <stdint.h>

#include "ctrl_fsm.h"
#include "link_info.h"
#include "wire.h"

enum kpptp_call_role {
	KPPTP_CALL_PNS_OUT, /* sends OCRQ, §3.2.4.2: a VPN client */
	KPPTP_CALL_PAC_OUT, /* receives OCRQ, §3.2.4.1: a VPN server */
	KPPTP_CALL_PAC_IN, /* sends ICRQ, §3.2.3.1 */
	KPPTP_CALL_PNS_IN, /* receives ICRQ, §3.2.3.2 */
	KPPTP_CALL_ROLES
};

/*
 * The RFC's states, and two of ours for the time that the data plane needs to
 * make the kernel call. To the peer, a call in PREPARE or CANCELLED is still
 * idle.
 */
enum kpptp_call_state {
	KPPTP_CALL_IDLE,
	KPPTP_CALL_PREPARE, /* kernel call being made; nothing sent */
	KPPTP_CALL_WAIT_REPLY, /* PNS_OUT: for OCRP, PAC_IN: for ICRP */
	KPPTP_CALL_WAIT_CS_ANS, /* PAC_OUT: the kernel call is our telco line */
	KPPTP_CALL_WAIT_CONNECT, /* PNS_IN: for ICCN */
	KPPTP_CALL_ESTABLISHED,
	KPPTP_CALL_WAIT_DISCONNECT, /* PNS_*: cleared, for CDN */
	KPPTP_CALL_CANCELLED, /* over, waiting for the data plane's answer */
	KPPTP_CALL_STATES
};

/**
 * struct kpptp_call_params - our side of a call
 * @recv_window_size: packets we buffer, 1 or more
 * @processing_delay: tenths of a second (§4.4)
 * @minimum_bps: OCRQ
 * @maximum_bps: OCRQ
 * @connect_speed: OCRP, ICCN, bits per second; clamped to the bounds of the
 *	peer's OCRQ
 * @bearer_type: OCRQ 1..3, ICRQ 1..2
 * @framing_type: OCRQ 1..3, ICCN 1..2
 * @physical_channel_id: OCRP, ICRQ; for the peer's log only
 * @call_serial_number: OCRQ, ICRQ; for logs of both sides
 * @phone_number: OCRQ's Phone Number, ICRQ's Dialed Number
 * @dialing_number: ICRQ
 * @subaddress: OCRQ, ICRQ
 * @start_pppd: emit START_PPPD when the call is up
 * @link_info: when to send Set-Link-Info
 * @reply_timeout: milliseconds to wait for an answer of the peer (§3.2.1)
 * @setup_timeout: milliseconds to wait for an answer of the data plane; shorter,
 *	so that the peer gets its refusal before it gives up
 * @wan_error_interval: minimum milliseconds between two WAN-Error-Notify
 */
struct kpptp_call_params {
	uint16_t recv_window_size;
	uint16_t processing_delay;
	uint32_t minimum_bps;
	uint32_t maximum_bps;
	uint32_t connect_speed;
	uint32_t bearer_type;
	uint32_t framing_type;
	uint32_t physical_channel_id;
	uint16_t call_serial_number;
	char phone_number[KPPTP_NAME_LEN + 1];
	char dialing_number[KPPTP_NAME_LEN + 1];
	char subaddress[KPPTP_NAME_LEN + 1];
	bool start_pppd;
	enum kpptp_call_link_info link_info;
	uint32_t reply_timeout;
	uint32_t setup_timeout;
	uint32_t wan_error_interval;
};

/**
 * struct kpptp_call_peer - the peer's side of a call, as the peer reported it
 * @id_known: @call_id is valid; it may be 0 (Windows)
 * @window_known: @recv_window_size and @delay are valid
 * @call_id: the Call ID assigned by the peer
 * @recv_window_size: packets the peer buffers, at least 1
 * @delay: its processing or transmit delay, tenths of a second
 * @connect_speed: bits per second
 */
struct kpptp_call_peer {
	bool id_known;
	bool window_known;
	uint16_t call_id;
	uint16_t recv_window_size;
	uint16_t delay;
	uint32_t connect_speed;
};

/**
 * struct kpptp_call_wan_errors - cumulative error counters of §2.14
 */
struct kpptp_call_wan_errors {
	uint32_t crc_errors;
	uint32_t framing_errors;
	uint32_t hardware_overruns;
	uint32_t buffer_overruns;
	uint32_t time_out_errors;
	uint32_t alignment_errors;
};

/**
 * struct kpptp_call - one call
 * @role: which of the four state diagrams it follows
 * @state: current state in that diagram
 * @params: a copy; for a received request @call_serial_number and the numbers
 *	are the peer's
 * @kernel: the kernel call exists
 * @reported: the local requester has had its final report
 * @up: the call has been established
 * @call_id: ours, assigned by the data plane
 * @channel: index of the PPP channel, likewise
 * @peer: the peer's side
 * @link_sent: we have sent a Set-Link-Info, with @send_accm and @receive_accm
 * @send_accm: see @link_sent
 * @receive_accm: see @link_sent
 * @link_heard: a Set-Link-Info of the peer has changed something
 * @heard_send_accm: from its last Set-Link-Info, or the default
 * @heard_receive_accm: likewise
 * @warned_unexpected: a message not expected in this state was logged
 * @wan_sent: counters in the last WAN-Error-Notify sent
 * @wan_now: latest known counters
 * @wan_next: when the next WAN-Error-Notify may be sent, 0 for at once
 * @wan_heard: counters in the peer's last WAN-Error-Notify
 * @wan_heard_next: when the next one may be logged again
 * @deadline: of the state, monotonic milliseconds
 *
 * Anyone may read it; only kpptp_call_init() and kpptp_call_step() write it.
 */
struct kpptp_call {
	enum kpptp_call_role role;
	enum kpptp_call_state state;
	struct kpptp_call_params params;
	bool kernel;
	bool reported;
	bool up;
	uint16_t call_id;
	int32_t channel;
	struct kpptp_call_peer peer;
	bool link_sent;
	uint32_t send_accm;
	uint32_t receive_accm;
	bool link_heard;
	uint32_t heard_send_accm;
	uint32_t heard_receive_accm;
	bool warned_unexpected;
	struct kpptp_call_wan_errors wan_sent;
	struct kpptp_call_wan_errors wan_now;
	uint64_t wan_next;
	struct kpptp_call_wan_errors wan_heard;
	uint64_t wan_heard_next;
	uint64_t deadline;
};

enum kpptp_call_event_type {
	KPPTP_CALL_EV_START, /* local dial (PNS_OUT) or offer (PAC_IN) */
	KPPTP_CALL_EV_CLEAR, /* local clear: @result, @text */
	KPPTP_CALL_EV_MSG, /* @msg, which kpptp_call_matches() */
	KPPTP_CALL_EV_DATA_READY, /* kernel call made: @call_id, @channel */
	KPPTP_CALL_EV_DATA_FAILED, /* it could not be made or set: @text */
	KPPTP_CALL_EV_PPP_ENDED, /* pppd ended or could not start: @text */
	KPPTP_CALL_EV_CONN_DOWN, /* the control connection is gone: @text */
	KPPTP_CALL_EV_LINK_INFO, /* PPP negotiated @send_accm, @receive_accm */
	KPPTP_CALL_EV_WAN_ERRORS, /* error counters now: @wan_errors */
	KPPTP_CALL_EV_TIMER, /* kpptp_call_deadline() has passed */
	KPPTP_CALL_EVENTS
};

/**
 * struct kpptp_call_event - what happened
 * @type: selects which of the other members are valid
 * @now: monotonic milliseconds, always set
 * @msg: EV_MSG
 * @text: why, for the log; may be NULL. EV_TIMER: why the data plane was not
 *	asked for the call yet, NULL if it was
 * @stats: any event that may end a PAC's call: text for Call Statistics of the
 *	CDN (§2.13); may be NULL
 * @result: EV_CLEAR: Result Code for the CDN of a PAC, 0 for Admin Shutdown
 * @refuse_result: EV_MSG with OCRQ or ICRQ: result code of §2.8 or §2.10 with
 *	which to refuse the call, 0 to accept; @text says why
 * @refuse_error: the error code next to KPPTP_RESULT_GENERAL_ERROR
 * @call_id: EV_DATA_READY
 * @channel: EV_DATA_READY
 * @send_accm: EV_LINK_INFO
 * @receive_accm: EV_LINK_INFO
 * @wan_errors: EV_WAN_ERRORS
 */
struct kpptp_call_event {
	enum kpptp_call_event_type type;
	uint64_t now;
	const struct kpptp_msg *msg;
	const char *text;
	const char *stats;
	uint8_t result;
	uint8_t refuse_result;
	uint8_t refuse_error;
	uint16_t call_id;
	int32_t channel;
	uint32_t send_accm;
	uint32_t receive_accm;
	struct kpptp_call_wan_errors wan_errors;
};

enum kpptp_call_act {
	/* Send @msg on the control connection */
	KPPTP_CALL_ACT_SEND,
	/* Make the kernel call: @peer if known yet, our window from params */
	KPPTP_CALL_ACT_KERNEL_NEW,
	/* Tell the kernel call about @peer, now complete */
	KPPTP_CALL_ACT_KERNEL_SET,
	/* Delete the kernel call; pppd sees a hangup */
	KPPTP_CALL_ACT_KERNEL_DEL,
	/* Start pppd on the call's channel */
	KPPTP_CALL_ACT_START_PPPD,
	/* Tell the local requester: the call is up, see call->channel */
	KPPTP_CALL_ACT_REPORT_UP,
	/* Tell the local requester: it will not come up because of @why */
	KPPTP_CALL_ACT_REPORT_FAILED,
	/* Tell the local requester: it was up and went down because of @why */
	KPPTP_CALL_ACT_REPORT_DOWN,
	/* A call is stuck (§3.2.1): feed the control connection EV_STOP, @why */
	KPPTP_CALL_ACT_CLOSE_CTRL,
	/* A log line: @level is one of <syslog.h>, @why the text */
	KPPTP_CALL_ACT_LOG,
	/* The call is over: forget it */
	KPPTP_CALL_ACT_RELEASE,
};

/**
 * struct kpptp_call_action - one thing to do
 * @type: selects which of the other members are valid
 * @msg: ACT_SEND
 * @peer: ACT_KERNEL_NEW, ACT_KERNEL_SET
 * @level: ACT_LOG, LOG_ERR to LOG_DEBUG
 * @why: ACT_LOG, ACT_REPORT_FAILED, ACT_REPORT_DOWN, ACT_CLOSE_CTRL
 */
struct kpptp_call_action {
	enum kpptp_call_act type;
	union {
		struct kpptp_msg msg;
		struct kpptp_call_peer peer;
		struct {
			int level;
			struct kpptp_reason why;
		};
	};
};

#define KPPTP_CALL_ACTIONS_MAX 8

/**
 * struct kpptp_call_actions - what to do, in order
 */
struct kpptp_call_actions {
	unsigned int count;
	struct kpptp_call_action item[KPPTP_CALL_ACTIONS_MAX];
};

/**
 * kpptp_call_params_default - the RFC's timers and values every peer accepts
 *
 * Window 64, any bearer and framing where the role may choose, pppd started in
 * the roles where the peer requests the call.
 */
void kpptp_call_params_default(struct kpptp_call_params *params, enum kpptp_call_role role);

/**
 * kpptp_call_init - initialise an idle call
 * @params: copied
 *
 * A local call begins with EV_START, a received one with EV_MSG carrying the
 * OCRQ or ICRQ. The control connection must be established.
 */
void kpptp_call_init(struct kpptp_call *call, enum kpptp_call_role role,
		     const struct kpptp_call_params *params);

/**
 * kpptp_call_step - one transition of §3.2
 * @out: overwritten; never more than KPPTP_CALL_ACTIONS_MAX
 */
void kpptp_call_step(struct kpptp_call *call, const struct kpptp_call_event *ev,
		     struct kpptp_call_actions *out);

/**
 * kpptp_call_deadline - when to feed KPPTP_CALL_EV_TIMER
 *
 * An early EV_TIMER does nothing.
 *
 * Return: monotonic milliseconds or KPPTP_NO_DEADLINE.
 */
uint64_t kpptp_call_deadline(const struct kpptp_call *call);

/* Confidence of kpptp_call_matches(); a higher value beats a lower one */
enum kpptp_call_match {
	KPPTP_CALL_MATCH_NO = 0,
	/* A CDN with an ID we cannot know, and a call that waits for a CDN */
	KPPTP_CALL_MATCH_GUESS = 1,
	/* The Call ID of the wrong side (accel-ppp's CDN) */
	KPPTP_CALL_MATCH_SWAPPED = 2,
	KPPTP_CALL_MATCH_EXACT = 3,
};

/**
 * kpptp_call_matches - is this message about this call?
 * @call: a call of the connection that the message came on
 * @msg: any message that KPPTP_CTRL_ACT_PASS handed over
 *
 * Ask every call of the connection and take the highest answer, the oldest call
 * among equals. An OCRQ or ICRQ that matches reuses a Call ID: feed it to the
 * call that has it, which refuses it and lives on. An OCRQ or ICRQ that matches
 * none is a new call. Anything else that matches none is for a call that is
 * over: log it and do nothing (a CDN in reply could be taken for another call's).
 *
 * Whose Call ID a message carries: CCRQ the PNS's own (§2.12), CDN the PAC's own
 * (§2.13), WEN the PNS's and SLI the PAC's (§2.14, §2.15: the receiver's), OCRP,
 * ICRP and ICCN the receiver's in Peer's Call ID.
 */
enum kpptp_call_match kpptp_call_matches(const struct kpptp_call *call,
					 const struct kpptp_msg *msg);

/** kpptp_call_state_name - the RFC's name of a state, for logs and "show" */
const char *kpptp_call_state_name(enum kpptp_call_state state);

/** kpptp_call_role_name - "PNS outgoing" and so on */
const char *kpptp_call_role_name(enum kpptp_call_role role);

#endif /* KPPTP_CALL_FSM_H */
