/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dialer places one call for a local requester, an outgoing one as PNS or an
 * incoming one as PAC: it tries the given servers one after another until one
 * accepts the call.
 */
#ifndef KPPTP_DIALER_H
#define KPPTP_DIALER_H

#include <netinet/in.h>
#include <stdint.h>

#include "api.h"
#include "fsm/call_fsm.h"

struct kpptp_dialer;
struct kpptp_server;
struct kpptp_session;

/**
 * struct kpptp_dialer_request - what to dial
 * @role: KPPTP_CALL_PNS_OUT or KPPTP_CALL_PAC_IN
 * @servers: addresses to try, in order
 * @count: of @servers, 1 to KPPTP_API_SERVERS_MAX
 * @port: TCP port of the control connection
 * @local: source address; INADDR_ANY lets the routes choose
 * @number: Phone Number of the request, or its Dialed Number
 * @dialing_number: Dialing Number, PAC only
 * @physical_channel: Physical Channel ID, PAC only
 * @window: Packet Recv. Window Size to advertise
 * @flow_control: enum kpptp_flow_control
 */
struct kpptp_dialer_request {
	enum kpptp_call_role role;
	struct in_addr servers[KPPTP_API_SERVERS_MAX];
	unsigned int count;
	uint16_t port;
	struct in_addr local;
	char number[KPPTP_API_NUMBER_MAX + 1];
	char dialing_number[KPPTP_API_NUMBER_MAX + 1];
	uint32_t physical_channel;
	uint16_t window;
	uint32_t flow_control;
};

/**
 * struct kpptp_dialer_events - reports to the requester, from the event loop
 * @up: the call is established
 * @failed: no server accepted it; @text has each server's reason
 * @down: an established call has ended
 *
 * Nothing follows @failed or @down. All of them may free the dialer. The session
 * may only be accessed after @up and before @failed or @down.
 */
struct kpptp_dialer_events {
	void (*up)(void *ctx, const struct kpptp_session *session, double seconds);
	void (*failed)(void *ctx, const char *text);
	void (*down)(void *ctx, const char *text);
};

/**
 * kpptp_dialer_new() - start dialling
 * @request: copied
 * @events: must outlive the dialer; not called before this returns
 *
 * Return: the dialer, or NULL if out of memory.
 */
struct kpptp_dialer *kpptp_dialer_new(struct kpptp_server *server,
				      const struct kpptp_dialer_request *request,
				      const struct kpptp_dialer_events *events, void *ctx);

/**
 * kpptp_dialer_free() - hang up, if there is a call, and free the dialer
 * @dialer: may be NULL
 */
void kpptp_dialer_free(struct kpptp_dialer *dialer);

#endif /* KPPTP_DIALER_H */
