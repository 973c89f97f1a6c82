/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session: one call, that is, a state machine (call_fsm.h), its kernel call
 * and, if the peer asked for the call, its pppd.
 */
#ifndef KPPTP_SESSION_H
#define KPPTP_SESSION_H

#include "field.h"
#include "state.h"

/**
 * kpptp_session_new() - make a call on a tunnel, which may not be established yet
 * @params: as the role requires; copied
 * @owner: NULL if the peer asks for the call
 *
 * Return: the call, or NULL if out of memory.
 */
struct kpptp_session *kpptp_session_new(struct kpptp_tunnel *tunnel, enum kpptp_call_role role,
					const struct kpptp_call_params *params,
					uint32_t flow_control,
					const struct kpptp_session_owner *owner, void *owner_ctx);

/**
 * kpptp_session_start() - the tunnel is established: place the call
 */
void kpptp_session_start(struct kpptp_session *session);

/**
 * kpptp_session_message() - a message about this call arrived
 * @refuse_result: Result Code with which to refuse a request, 0 to accept it
 * @refuse_error: its Error Code
 * @why: the reason, for the log; may be NULL
 */
void kpptp_session_message(struct kpptp_session *session, const struct kpptp_msg *msg,
			   uint8_t refuse_result, uint8_t refuse_error, const char *why);

/**
 * kpptp_session_clear() - end it from our side
 */
void kpptp_session_clear(struct kpptp_session *session, const char *why);

/**
 * kpptp_session_evict() - end it at once: its place is needed
 *
 * Like kpptp_session_clear(), but without waiting for its counters.
 */
void kpptp_session_evict(struct kpptp_session *session, const char *why);

/**
 * kpptp_session_placed() - it got a slot for its pppd: make the call
 */
void kpptp_session_placed(struct kpptp_session *session);

/**
 * kpptp_session_conn_down() - its control connection is gone
 */
void kpptp_session_conn_down(struct kpptp_session *session, const char *why);

/**
 * kpptp_session_disown() - its owner no longer wants to be told
 */
void kpptp_session_disown(struct kpptp_session *session);

/**
 * kpptp_session_free() - free it now
 *
 * Only for the end of the process: otherwise a session frees itself.
 */
void kpptp_session_free(struct kpptp_session *session);

/* Answers of the data plane, as in struct kpptp_dataplane_events. */
void kpptp_session_ready(struct kpptp_session *session, int err, const char *text, uint16_t id,
			 uint32_t channel);
void kpptp_session_set_done(struct kpptp_session *session, int err, const char *text);
void kpptp_session_gone(struct kpptp_session *session);
void kpptp_session_ppp_started(struct kpptp_session *session, pid_t pid);
void kpptp_session_ppp_authenticated(struct kpptp_session *session);
void kpptp_session_ppp_exited(struct kpptp_session *session, int status, const char *text);
void kpptp_session_stats(struct kpptp_session *session, int err,
			 const struct kpptp_call_stats *stats);

#endif /* KPPTP_SESSION_H */
