/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dialer places one call for a local requester, an outgoing one as PNS or an
 * incoming one as PAC: it tries the servers that it was given, one after
 * another, until one takes the call.
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
 * struct kpptp_dialer_request - whom to call, and how
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
 * struct kpptp_dialer_events - what the requester is told, from the event loop
 * @up: the call is established
 * @failed: no server took it; @text has each server's reason
 * @down: the call that was up has ended
 *
 * @failed and @down are the last ones. The dialer may be freed inside any of
 * them. Only after @up and before those the session may be looked at.
 */
struct kpptp_dialer_events {
	void (*up)(void *ctx, const struct kpptp_session *session, double seconds);
	void (*failed)(void *ctx, const char *text);
	void (*down)(void *ctx, const char *text);
};

/**
 * kpptp_dialer_new() - begin to dial
 * @request: copied
 * @events: must outlive the dialer; none comes before this has returned
 *
 * Return: the dialer, or NULL without memory.
 */
struct kpptp_dialer *kpptp_dialer_new(struct kpptp_server *server,
				      const struct kpptp_dialer_request *request,
				      const struct kpptp_dialer_events *events, void *ctx);

/**
 * kpptp_dialer_free() - hang up, if there is a call, and forget it
 * @dialer: may be NULL
 */
void kpptp_dialer_free(struct kpptp_dialer *dialer);

#endif /* KPPTP_DIALER_H */
