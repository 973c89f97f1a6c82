/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by tests of the client of the daemon's socket: a thread at the other end of a
 * real socket, which answers as the test says.
 *
 * To be included once, by the test itself.
 */
#ifndef KPPTP_TEST_API_PEER_H
#define KPPTP_TEST_API_PEER_H

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api.h"
#include "unit.h"

/**
 * struct peer - plays the daemon in a thread of its own
 * @fd: its end of the socket
 * @answer: sent after the line of a request
 * @step: bytes sent at a time; 0 sends all at once
 * @request: the line that it received
 * @api: the client's handle
 */
struct peer {
	pthread_t thread;
	int fd;
	const char *answer;
	size_t step;
	char request[KPPTP_API_LINE_MAX + 1];
	struct kpptp_api *api;
};

static int read_request(struct peer *peer)
{
	size_t fill = 0;
	ssize_t n;

	do {
		n = read(peer->fd, peer->request + fill, sizeof(peer->request) - 1 - fill);
		if (n <= 0)
			return -1;
		fill += n;
		peer->request[fill] = '\0';
	} while (peer->request[fill - 1] != '\n');
	return 0;
}

static void *play(void *arg)
{
	struct peer *peer = arg;
	size_t size = strlen(peer->answer), step;
	const char *at = peer->answer;

	if (read_request(peer))
		return NULL;
	for (; size; size -= step, at += step) {
		step = peer->step && peer->step < size ? peer->step : size;
		if (send(peer->fd, at, step, MSG_NOSIGNAL) != (ssize_t)step)
			break;
	}
	/* Close the connection after the answer. */
	shutdown(peer->fd, SHUT_WR);
	return NULL;
}

static void start_peer(struct peer *peer, const char *answer, size_t step)
{
	int fds[2];

	memset(peer, 0, sizeof(*peer));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer->fd = fds[0];
	peer->answer = answer;
	peer->step = step;
	assert_int_equal(kpptp_api_adopt(&peer->api, fds[1], NULL), 0);
	assert_int_equal(pthread_create(&peer->thread, NULL, play, peer), 0);
}

static void stop_peer(struct peer *peer)
{
	kpptp_api_close(peer->api);
	pthread_join(peer->thread, NULL);
	close(peer->fd);
}

#endif /* KPPTP_TEST_API_PEER_H */
