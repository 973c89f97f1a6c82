// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz the local socket with a line of JSON. Accepted values are within bounds, and
 * refusals have a reason.
 */
#include "fuzz.h"

#include <string.h>

#include "api.h"
#include "worker/local_request.h"

static void check_dial(const struct kpptp_dialer_request *dial)
{
	must(dial->count >= 1 && dial->count <= KPPTP_API_SERVERS_MAX);
	must(dial->port != 0);
	must(dial->window != 0);
	must(dial->physical_channel <= INT32_MAX);
	must(strnlen(dial->dialing_number, sizeof(dial->dialing_number)) <= KPPTP_API_NUMBER_MAX);
	must(strnlen(dial->number, sizeof(dial->number)) <= KPPTP_API_NUMBER_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kpptp_local_request request = {
		.dial = { .port = KPPTP_PORT, .window = 64 },
	};
	struct kpptp_error error = { "" };
	char *line;

	if (size > KPPTP_API_LINE_MAX)
		return 0;
	line = malloc(size + 1);
	must(line);
	memcpy(line, data, size);
	line[size] = '\0';
	if (kpptp_local_request_parse(line, size, &request, &error) < 0) {
		must(error.text[0]);
		must(strnlen(error.text, sizeof(error.text)) < sizeof(error.text));
	} else if (request.op == KPPTP_LOCAL_REQUEST_DIAL ||
		   request.op == KPPTP_LOCAL_REQUEST_OFFER) {
		check_dial(&request.dial);
	} else {
		must(request.op == KPPTP_LOCAL_REQUEST_HANGUP ||
		     request.op == KPPTP_LOCAL_REQUEST_SHOW ||
		     request.op == KPPTP_LOCAL_REQUEST_EVENTS);
	}
	free(line);
	return 0;
}
