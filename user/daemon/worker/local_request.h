/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The requests of the local socket (protocol: api.h), from a line of JSON to a
 * struct. Pure: a line in, a request or a refusal out.
 */
#ifndef KPPTP_LOCAL_REQUEST_H
#define KPPTP_LOCAL_REQUEST_H

#include <stddef.h>

#include "dialer.h"
#include "error.h"

enum kpptp_local_request_op {
	KPPTP_LOCAL_REQUEST_DIAL,
	KPPTP_LOCAL_REQUEST_OFFER,
	KPPTP_LOCAL_REQUEST_HANGUP,
	KPPTP_LOCAL_REQUEST_SHOW,
	KPPTP_LOCAL_REQUEST_EVENTS,
};

/**
 * struct kpptp_local_request_hangup - the call to clear
 * @local: our address
 * @peer: the peer's address
 * @id: Call ID assigned by our side
 */
struct kpptp_local_request_hangup {
	struct in_addr local;
	struct in_addr peer;
	uint16_t id;
};

/**
 * struct kpptp_local_request - one request
 * @op: selects which of the other members are valid
 * @dial: for a dial or an offer, which differ in its role; members absent from
 *	the request keep their previous value
 */
struct kpptp_local_request {
	enum kpptp_local_request_op op;
	struct kpptp_dialer_request dial;
	struct kpptp_local_request_hangup hangup;
};

/**
 * kpptp_local_request_parse() - parse one line
 * @line: without its newline, terminated
 * @len: of @line
 * @request: preset by the caller with the defaults of @request->dial
 * @error: filled if the line is refused; names the offending member
 *
 * Return: 0, or -EINVAL.
 */
int kpptp_local_request_parse(const char *line, size_t len, struct kpptp_local_request *request,
			      struct kpptp_error *error);

#endif /* KPPTP_LOCAL_REQUEST_H */
