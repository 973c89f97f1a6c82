// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many clients: open control connections, a call on each, and keep them.
 *
 * usage: control-load SERVER FIRST-ADDRESS ADDRESSES CONNECTIONS AT-ONCE
 *
 * The connections come from that many addresses of ours in turn. AT-ONCE of them
 * are on their way at a time. When all calls are established it prints the
 * microseconds that took, and answers Echo-Requests until it is killed.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

struct client {
	int fd;
	bool asked; /* its first request is out */
	size_t len;
	uint8_t input[2 * KPPTP_MSG_MAX];
};

static struct client *clients;
static unsigned int count, opened, established;
static struct sockaddr_in server;
static in_addr_t first;
static unsigned int addresses;
static int poller;

static void say(const struct client *c, const struct kpptp_msg *msg)
{
	uint8_t buf[KPPTP_MSG_MAX];
	size_t len = kpptp_wire_encode(msg, buf);

	if (send(c->fd, buf, len, MSG_NOSIGNAL) != (ssize_t)len)
		err(1, "send");
}

static void request_start(const struct client *c)
{
	say(c, &(struct kpptp_msg){ .type = KPPTP_SCCRQ,
				    .sccrq = { .protocol_version = 0x100,
					       .framing_capabilities = 3,
					       .bearer_capabilities = 3,
					       .host_name = "load" } });
}

static void request_call(const struct client *c)
{
	uint16_t id = (c - clients) / addresses;

	say(c, &(struct kpptp_msg){ .type = KPPTP_OCRQ,
				    .ocrq = { .call_id = id,
					      .call_serial_number = id,
					      .minimum_bps = 300,
					      .maximum_bps = 100000000,
					      .bearer_type = 3,
					      .framing_type = 3,
					      .packet_recv_window_size = 64 } });
}

static void open_next(void)
{
	struct sockaddr_in from = {
		.sin_family = AF_INET,
		.sin_addr = { htonl(first + opened % addresses) },
	};
	struct client *c = &clients[opened++];
	struct epoll_event event = { EPOLLIN | EPOLLOUT | EPOLLET, { .ptr = c } };
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (c->fd < 0)
		err(1, "socket");
	setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(c->fd, (struct sockaddr *)&from, sizeof(from)) < 0)
		err(1, "bind");
	if (connect(c->fd, (struct sockaddr *)&server, sizeof(server)) < 0 && errno != EINPROGRESS)
		err(1, "connect");
	if (epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event) < 0)
		err(1, "epoll_ctl");
}

static void heard(const struct client *c, const struct kpptp_msg *msg)
{
	switch (msg->type) {
	case KPPTP_SCCRP:
		if (msg->sccrp.result_code != KPPTP_RESULT_OK)
			errx(1, "refused, result %u", msg->sccrp.result_code);
		request_call(c);
		break;
	case KPPTP_OCRP:
		if (msg->ocrp.result_code != KPPTP_RESULT_OK)
			errx(1, "no call, result %u", msg->ocrp.result_code);
		established++;
		if (opened < count)
			open_next();
		break;
	case KPPTP_ECHORQ:
		say(c, &(struct kpptp_msg){ .type = KPPTP_ECHORP,
					    .echorp = { msg->echorq.identifier, 1, 0 } });
		break;
	default:
		errx(1, "the server sends %s", kpptp_msg_name(msg->type));
	}
}

/* Returns false when nothing is there any more. */
static bool read_one(struct client *c)
{
	struct kpptp_reason why;
	struct kpptp_msg msg;
	size_t len;
	ssize_t n = recv(c->fd, c->input + c->len, sizeof(c->input) - c->len, 0);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0)
		errx(1, "the server closes: %s", n < 0 ? strerror(errno) : "");
	c->len += n;
	while (kpptp_wire_frame(c->input, c->len, &len, &why) == KPPTP_FRAME_WHOLE) {
		if (kpptp_wire_decode(c->input, len, &msg, &why) != KPPTP_DECODE_OK)
			errx(1, "%s", why.text);
		c->len -= len;
		memmove(c->input, c->input + len, c->len);
		heard(c, &msg);
	}
	return true;
}

static void serve(int timeout)
{
	struct epoll_event events[64];
	int n = epoll_wait(poller, events, 64, timeout);

	for (int i = 0; i < n; i++) {
		struct client *c = events[i].data.ptr;

		if (!c->asked && (events[i].events & EPOLLOUT)) {
			c->asked = true;
			request_start(c);
		}
		while (read_one(c))
			;
	}
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	struct rlimit files;
	unsigned int at_once;
	struct in_addr addr;
	uint64_t began;

	if (argc != 6)
		errx(2, "five arguments, see the head of the source");
	server.sin_family = AF_INET;
	server.sin_port = htons(1723);
	if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1 ||
	    inet_pton(AF_INET, argv[2], &addr) != 1)
		errx(2, "an address is none");
	first = ntohl(addr.s_addr);
	addresses = strtoul(argv[3], NULL, 10);
	count = strtoul(argv[4], NULL, 10);
	at_once = strtoul(argv[5], NULL, 10);
	files.rlim_cur = files.rlim_max = count + 64;
	clients = calloc(count, sizeof(*clients));
	poller = epoll_create1(0);
	if (!addresses || at_once > count || !clients || poller < 0 ||
	    setrlimit(RLIMIT_NOFILE, &files) < 0)
		err(1, "cannot begin");

	began = now();
	while (opened < at_once)
		open_next();
	while (established < count)
		serve(-1);
	printf("%llu\n", (unsigned long long)(now() - began));
	fflush(stdout);
	for (;;)
		serve(-1);
}
