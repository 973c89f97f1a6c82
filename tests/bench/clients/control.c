// SPDX-License-Identifier: GPL-2.0-or-later
/* A client's control connection: one call, asked for and cleared. */
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clients.h"

#define REPLY_TIMEOUT 60 /* seconds, as the RFC has it */
#define END_TIMEOUT   10

static void say(struct client *c, const struct kpptp_msg *msg)
{
	uint8_t buf[KPPTP_MSG_MAX];
	size_t len = kpptp_wire_encode(msg, buf);

	/* What is wrong with the connection the next read says. */
	if (send(c->fd, buf, len, MSG_NOSIGNAL) != (ssize_t)len)
		shutdown(c->fd, SHUT_RDWR);
}

void control_connect(struct client *c, int poller)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr = { c->address } };
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr = { options.server },
				  .sin_port = htons(KPPTP_TCP_PORT) };
	struct epoll_event event = { EPOLLIN | EPOLLOUT | EPOLLET, { .ptr = c } };
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (c->fd < 0)
		err(1, "socket");
	c->len = 0;
	setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(c->fd, (struct sockaddr *)&from, sizeof(from)) < 0)
		err(1, "bind");
	client_phase(c, CONNECTING, REPLY_TIMEOUT);
	if (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS)
		err(1, "connect");
	if (epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event) < 0)
		err(1, "epoll_ctl");
}

/* @abort: with a reset. */
void control_close(struct client *c, bool abort)
{
	struct linger now = { .l_onoff = 1 };

	if (c->fd < 0)
		return;
	if (abort)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(c->fd);
	c->fd = -1;
}

static void start(struct client *c)
{
	client_phase(c, STARTING, REPLY_TIMEOUT);
	say(c, &(struct kpptp_msg){ .type = KPPTP_SCCRQ,
				    .sccrq = { .protocol_version = KPPTP_VERSION,
					       .framing_capabilities = 3,
					       .bearer_capabilities = 3,
					       .host_name = "client" } });
}

static void call(struct client *c)
{
	client_phase(c, CALLING, REPLY_TIMEOUT);
	say(c, &(struct kpptp_msg){ .type = KPPTP_OCRQ,
				    .ocrq = { .call_id = c->id,
					      .call_serial_number = c->id,
					      .minimum_bps = 300,
					      .maximum_bps = 100000000,
					      .bearer_type = KPPTP_BEARER_ANY,
					      .framing_type = KPPTP_FRAMING_ANY,
					      .packet_recv_window_size = 64 } });
}

void control_clear(struct client *c)
{
	client_phase(c, CLEARING, END_TIMEOUT);
	say(c, &(struct kpptp_msg){ .type = KPPTP_CCRQ, .ccrq = { .call_id = c->id } });
}

void control_stop(struct client *c)
{
	client_phase(c, STOPPING, END_TIMEOUT);
	say(c, &(struct kpptp_msg){ .type = KPPTP_STOPCCRQ, .stopccrq = { KPPTP_STOP_NONE } });
}

static void refused(struct client *c, const struct kpptp_msg *msg)
{
	struct kpptp_reason why;

	kpptp_msg_result_describe(msg, &why);
	client_over(c, &counters.refused, why.text);
}

static void on_start_reply(struct client *c, const struct kpptp_msg *msg)
{
	if (c->phase != STARTING)
		return;
	if (msg->sccrp.result_code != KPPTP_RESULT_OK)
		refused(c, msg);
	else
		call(c);
}

static void on_call_reply(struct client *c, const struct kpptp_msg *msg)
{
	if (c->phase != CALLING)
		return;
	if (msg->ocrp.peers_call_id != c->id)
		errx(1, "a reply to another's call");
	if (msg->ocrp.result_code != KPPTP_RESULT_OK) {
		refused(c, msg);
		return;
	}
	c->peer_id = msg->ocrp.call_id;
	ppp_start(c);
}

static void on_disconnect(struct client *c)
{
	if (c->phase == CLEARING || c->phase == TERMINATING)
		control_stop(c);
	else if (c->phase == UP)
		client_over(c, &counters.lost, "the server ends the call");
	else
		client_over(c, &counters.failed, "the server ends the call");
}

static void heard(struct client *c, const struct kpptp_msg *msg)
{
	switch (msg->type) {
	case KPPTP_SCCRP:
		on_start_reply(c, msg);
		break;
	case KPPTP_OCRP:
		on_call_reply(c, msg);
		break;
	case KPPTP_CDN:
		on_disconnect(c);
		break;
	case KPPTP_STOPCCRP:
		if (c->phase == STOPPING)
			client_over(c, NULL, NULL);
		break;
	case KPPTP_ECHORQ:
		say(c, &(struct kpptp_msg){ .type = KPPTP_ECHORP,
					    .echorp = { msg->echorq.identifier, 1, 0 } });
		break;
	case KPPTP_SLI:
	case KPPTP_WEN:
		break;
	default: /* Stop-Control-Connection-Request */
		shutdown(c->fd, SHUT_RDWR);
	}
}

static void closed(struct client *c)
{
	static const char why[] = "the server closes the connection";

	switch (c->phase) {
	case CONNECTING:
	case STARTING:
	case CALLING:
		client_over(c, &counters.refused, why);
		break;
	case TERMINATING:
	case CLEARING:
	case STOPPING:
		client_over(c, NULL, NULL);
		break;
	default:
		client_over(c, c->phase == UP ? &counters.lost : &counters.failed, why);
	}
}

/* Returns false when there is no more for now. */
static bool read_some(struct client *c)
{
	struct kpptp_reason why;
	struct kpptp_msg msg;
	size_t len;
	ssize_t n = recv(c->fd, c->input + c->len, sizeof(c->input) - c->len, 0);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		closed(c);
		return false;
	}
	c->len += n;
	while (c->fd >= 0 && kpptp_wire_frame(c->input, c->len, &len, &why) == KPPTP_FRAME_WHOLE) {
		if (kpptp_wire_decode(c->input, len, &msg, &why) != KPPTP_DECODE_OK)
			errx(1, "%s", why.text);
		c->len -= len;
		memmove(c->input, c->input + len, c->len);
		heard(c, &msg);
	}
	return c->fd >= 0;
}

void control_event(struct client *c, uint32_t events)
{
	if (c->fd < 0)
		return;
	if (c->phase == CONNECTING && (events & EPOLLOUT) && !(events & (EPOLLERR | EPOLLHUP)))
		start(c);
	while (read_some(c))
		;
}
