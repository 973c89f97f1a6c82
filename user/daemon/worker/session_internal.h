/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the files of a session. For session*.c only.
 */
#ifndef KPPTP_SESSION_INTERNAL_H
#define KPPTP_SESSION_INTERNAL_H

#include <stdbool.h>

#include "session.h"

/** kpptp_session_say - log a line that begins with the peer and ids */
void kpptp_session_say(const struct kpptp_session *session, int priority, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * kpptp_session_step - feed an event to the state machine, now
 * @ev: @now is filled in here
 *
 * May free the session.
 */
void kpptp_session_step(struct kpptp_session *session, struct kpptp_call_event *ev);

/** kpptp_session_watch - the call is up: check its counters now and then */
void kpptp_session_watch(struct kpptp_session *session);

/** kpptp_session_on_watch - event handler of session->watch */
void kpptp_session_on_watch(int fd, short what, void *arg);

/**
 * kpptp_session_defer_end - take over an event that has to wait
 *
 * An event that ends a call of which we are the PAC waits for the counters, which
 * the Call-Disconnect-Notify carries (section 2.13). They are requested here, and
 * the event is fed when they arrive, or are overdue.
 *
 * Return: true if the event was taken over.
 */
bool kpptp_session_defer_end(struct kpptp_session *session, const struct kpptp_call_event *ev);

#endif /* KPPTP_SESSION_INTERNAL_H */
