// SPDX-License-Identifier: GPL-2.0-or-later
/* The log of the process in the sandbox, see log_relay.h. */
#include "log_relay.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/socket.h>

#include <event2/event.h>

#include "common/log.h"

/* Lines written in a row, so that the sender cannot monopolise the loop. */
#define BURST 64

/* More than a socket's buffer can hold: reads all that a dead sender left. */
#define REST 4096

struct kpptp_log_relay {
	struct event *readable;
	int fd;
};

/* Returns whether there may be more. */
static bool relay_one(struct kpptp_log_relay *relay)
{
	const size_t head = offsetof(struct kpptp_log_packet, line);
	struct kpptp_log_packet packet;
	ssize_t len;

	len = recv(relay->fd, &packet, sizeof(packet), MSG_DONTWAIT);
	if (len < 0)
		return errno == EINTR;
	if (len == 0) {
		event_del(relay->readable);
		return false;
	}
	if ((size_t)len > head && packet.priority <= LOG_DEBUG)
		kpptp_log_about(&packet.about, packet.priority, "%.*s", (int)(len - head),
				packet.line);
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	int burst = BURST;

	(void)fd;
	(void)what;
	while (burst-- && relay_one(arg))
		;
}

struct kpptp_log_relay *kpptp_log_relay_new(struct event_base *base, int fd)
{
	struct kpptp_log_relay *relay = calloc(1, sizeof(*relay));

	if (!relay)
		return NULL;
	relay->fd = fd;
	relay->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, relay);
	if (!relay->readable || event_add(relay->readable, NULL)) {
		if (relay->readable)
			event_free(relay->readable);
		free(relay);
		return NULL;
	}
	return relay;
}

void kpptp_log_relay_free(struct kpptp_log_relay *relay)
{
	int rest = REST;

	if (!relay)
		return;
	while (rest-- && relay_one(relay))
		;
	event_free(relay->readable);
	close(relay->fd);
	free(relay);
}
