/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the two halves of the call state machine, PNS and PAC, share. For
 * call_*fsm.c only.
 */
#ifndef KPPTP_CALL_FSM_INTERNAL_H
#define KPPTP_CALL_FSM_INTERNAL_H

#include <syslog.h>

#include "call_fsm.h"

/* Handlers of one half's roles; each is a row of edges in its diagrams */
struct kpptp_call_ops {
	void (*message)(struct kpptp_call *call, const struct kpptp_call_event *ev,
			struct kpptp_call_actions *out);
	/* The data plane made the kernel call, in PREPARE or WAIT_CS_ANS */
	void (*ready)(struct kpptp_call *call, const struct kpptp_call_event *ev,
		      struct kpptp_call_actions *out);
	/* Answer the peer's request, if there was one: there is no call */
	void (*refuse)(const struct kpptp_call *call, uint8_t result, uint8_t error,
		       struct kpptp_call_actions *out);
	/* End the call from our side; @result and @error as in a CDN */
	void (*clear)(struct kpptp_call *call, const struct kpptp_call_event *ev, uint8_t result,
		      uint8_t error, const char *why, struct kpptp_call_actions *out);
	/* Result for a request for which the data plane took too long */
	uint8_t expired_result, expired_error;
};

extern const struct kpptp_call_ops kpptp_call_pns_ops;
extern const struct kpptp_call_ops kpptp_call_pac_ops;

static inline bool kpptp_call_is_pns(const struct kpptp_call *call)
{
	return call->role == KPPTP_CALL_PNS_OUT || call->role == KPPTP_CALL_PNS_IN;
}

/** kpptp_call_add - append an action; the caller fills in the rest */
struct kpptp_call_action *kpptp_call_add(struct kpptp_call_actions *out, enum kpptp_call_act type);

/** kpptp_call_add_log - append a log line; the caller sets its text */
struct kpptp_reason *kpptp_call_add_log(struct kpptp_call_actions *out, int level);

#define say(out, level, ...) kpptp_reason_set(kpptp_call_add_log(out, level), __VA_ARGS__)

/** kpptp_call_send - append a message that is zero except for its type */
struct kpptp_msg *kpptp_call_send(struct kpptp_call_actions *out, enum kpptp_msg_type type);

/** kpptp_call_wait - enter a state that must be left within @timeout ms */
void kpptp_call_wait(struct kpptp_call *call, enum kpptp_call_state state, uint64_t now,
		     uint32_t timeout);

/** kpptp_call_prepare - request the kernel call; send nothing yet */
void kpptp_call_prepare(struct kpptp_call *call, enum kpptp_call_state state, uint64_t now,
			struct kpptp_call_actions *out);

/** kpptp_call_learn - store the peer's window and delay */
void kpptp_call_learn(struct kpptp_call *call, uint16_t window, uint16_t delay,
		      struct kpptp_call_actions *out);

/** kpptp_call_establish - enter established and tell whoever waits for it */
void kpptp_call_establish(struct kpptp_call *call, struct kpptp_call_actions *out);

/** kpptp_call_link_info - send Set-Link-Info if the policy allows this role to */
void kpptp_call_link_info(struct kpptp_call *call, uint32_t send_accm, uint32_t receive_accm,
			  struct kpptp_call_actions *out);

/**
 * kpptp_call_hear_link_info - handle the peer's Set-Link-Info
 *
 * None of our lines is asynchronous, so no characters are escaped and there is
 * nothing to do. Peers send many that change nothing: only changes are logged,
 * and only the first one at a level that everyone sees.
 */
void kpptp_call_hear_link_info(struct kpptp_call *call, const struct kpptp_sli *sli,
			       struct kpptp_call_actions *out);

/** kpptp_call_report_end - final report to a local requester, at most once */
void kpptp_call_report_end(struct kpptp_call *call, const char *why,
			   struct kpptp_call_actions *out);

/**
 * kpptp_call_end - end the call
 *
 * Logs and reports @why, deletes the kernel call and releases; if the data plane
 * still owes its answer, waits for that in CANCELLED.
 */
void kpptp_call_end(struct kpptp_call *call, int level, const char *why,
		    struct kpptp_call_actions *out);

/**
 * kpptp_call_say_refused - log the refusal just sent, with its codes
 * @out: its last action is the reply
 */
void kpptp_call_say_refused(struct kpptp_call_actions *out, int level, const char *why);

/**
 * kpptp_call_turn_down - answer the peer's request with @result, and end
 *
 * A local call has no request to answer and just ends.
 */
void kpptp_call_turn_down(struct kpptp_call *call, int level, uint8_t result, uint8_t error,
			  const char *why, struct kpptp_call_actions *out);

/**
 * kpptp_call_refuse - end the call if the peer's request for it is refused
 * @bad: what is wrong with the request's values, or NULL
 *
 * Return: true if it was refused, for @bad or for the server's reason in @ev
 */
bool kpptp_call_refuse(struct kpptp_call *call, const struct kpptp_call_event *ev, const char *bad,
		       struct kpptp_call_actions *out);

/** kpptp_call_declined - the peer refused our request: end the call */
void kpptp_call_declined(struct kpptp_call *call, const struct kpptp_msg *msg,
			 struct kpptp_call_actions *out);

/** kpptp_call_unexpected - log a message not expected in this state, once */
void kpptp_call_unexpected(struct kpptp_call *call, const struct kpptp_msg *msg,
			   struct kpptp_call_actions *out);

#endif /* KPPTP_CALL_FSM_INTERNAL_H */
