// SPDX-License-Identifier: GPL-2.0-or-later
/* The status line of 'systemctl status', see status.h. */
#include "status.h"

#include <limits.h>
#include <stdlib.h>

#include <event2/event.h>
#include <systemd/sd-daemon.h>

/* Thousands of calls may begin in a second: tell systemd only twice. */
#define MOMENT_USEC 500000

/**
 * struct kpptp_status - the status line
 * @moment: pending if @calls is to be reported
 * @told: last number reported; UINT_MAX before the first
 */
struct kpptp_status {
	struct event *moment;
	unsigned int calls;
	unsigned int told;
};

static void on_moment(evutil_socket_t fd, short what, void *arg)
{
	struct kpptp_status *status = arg;

	(void)fd;
	(void)what;
	status->told = status->calls;
	sd_notifyf(0, "STATUS=%u call%s", status->told, status->told == 1 ? "" : "s");
}

struct kpptp_status *kpptp_status_new(struct event_base *base)
{
	struct kpptp_status *status = calloc(1, sizeof(*status));

	if (!status)
		return NULL;
	status->told = UINT_MAX;
	status->moment = evtimer_new(base, on_moment, status);
	if (status->moment)
		return status;
	free(status);
	return NULL;
}

void kpptp_status_free(struct kpptp_status *status)
{
	if (!status)
		return;
	event_free(status->moment);
	free(status);
}

void kpptp_status_calls(struct kpptp_status *status, unsigned int calls)
{
	const struct timeval moment = { .tv_usec = MOMENT_USEC };

	status->calls = calls;
	if (calls != status->told && !evtimer_pending(status->moment, NULL))
		evtimer_add(status->moment, &moment);
}
