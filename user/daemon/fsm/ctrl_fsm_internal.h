/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the control connection's state machine share. For
 * ctrl_*fsm.c only.
 */
#ifndef KPPTP_CTRL_FSM_INTERNAL_H
#define KPPTP_CTRL_FSM_INTERNAL_H

#include <syslog.h>

#include "ctrl_fsm.h"

/** kpptp_ctrl_add - append an action; the caller fills in the rest */
struct kpptp_ctrl_action *kpptp_ctrl_add(struct kpptp_ctrl_actions *out, enum kpptp_ctrl_act type);

/** kpptp_ctrl_add_log - append a log line; the caller sets its text */
struct kpptp_reason *kpptp_ctrl_add_log(struct kpptp_ctrl_actions *out, int level);

#define say(out, level, ...) kpptp_reason_set(kpptp_ctrl_add_log(out, level), __VA_ARGS__)

/** kpptp_ctrl_send - append a message that is zero except for its type */
struct kpptp_msg *kpptp_ctrl_send(struct kpptp_ctrl_actions *out, enum kpptp_msg_type type);

/** kpptp_ctrl_echo_deadline - when to send an Echo-Request if the peer is silent */
uint64_t kpptp_ctrl_echo_deadline(const struct kpptp_ctrl *c, uint64_t now);

/** kpptp_ctrl_close - close TCP; the connection is finished */
void kpptp_ctrl_close(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out, bool flush);

/** kpptp_ctrl_give_up - calls down and close, sending nothing to the peer */
void kpptp_ctrl_give_up(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out, int level,
			const char *why);

/** kpptp_ctrl_stop - calls down, StopCCRQ with @reason, wait for the reply */
void kpptp_ctrl_stop(struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out, uint64_t now,
		     uint8_t reason, const char *why);

/** kpptp_ctrl_send_start_request - the originator's first message */
void kpptp_ctrl_send_start_request(const struct kpptp_ctrl *c, struct kpptp_ctrl_actions *out);

/** kpptp_ctrl_receive_start_request - in an idle receiver, §3.1.2, §3.1.3 */
void kpptp_ctrl_receive_start_request(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
				      struct kpptp_ctrl_actions *out);

/** kpptp_ctrl_receive_start_reply - in wait_ctl_reply, §3.1.1 */
void kpptp_ctrl_receive_start_reply(struct kpptp_ctrl *c, const struct kpptp_ctrl_event *ev,
				    struct kpptp_ctrl_actions *out);

/* The event's text, or @otherwise if it has none */
static inline const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

#endif /* KPPTP_CTRL_FSM_INTERNAL_H */
