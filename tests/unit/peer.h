/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A peer of the server under test: sends bytes or messages, and checks what it
 * receives.
 *
 * To be included once, by the test itself, after harness.h.
 */
#ifndef KPPTP_TEST_PEER_H
#define KPPTP_TEST_PEER_H

#include "wire.h"

/* A socket, and what it has read. */
struct peer {
	int fd;
	uint8_t buf[8192];
	size_t len;
};

/* Connect from a source address; INADDR_ANY lets the kernel choose. */
static inline void peer_open_from(struct peer *p, const struct host *h, in_addr_t from)
{
	struct sockaddr_in source = {
		.sin_family = AF_INET,
		.sin_addr = { htonl(from) },
	};
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr = h->addr,
		.sin_port = htons(h->port),
	};

	memset(p, 0, sizeof(*p));
	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(p->fd, (struct sockaddr *)&source, sizeof(source)), 0);
	assert_int_equal(connect(p->fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	fcntl(p->fd, F_SETFL, O_NONBLOCK);
}

static inline void peer_open(struct peer *p, const struct host *h)
{
	peer_open_from(p, h, INADDR_ANY);
}

static inline void peer_write(struct peer *p, const void *buf, size_t len)
{
	assert_int_equal(send(p->fd, buf, len, MSG_NOSIGNAL), len);
}

static inline void peer_send(struct peer *p, const struct kpptp_msg *msg)
{
	uint8_t buf[KPPTP_MSG_MAX];

	peer_write(p, buf, kpptp_wire_encode(msg, buf));
}

/* Read what is available; returns false at the end of the connection. */
static inline bool peer_read(struct peer *p)
{
	ssize_t n;

	event_base_loop(base, EVLOOP_NONBLOCK);
	n = read(p->fd, p->buf + p->len, sizeof(p->buf) - p->len);
	if (n > 0)
		p->len += n;
	else if (n < 0 && errno == EAGAIN)
		usleep(100);
	else
		return false;
	return true;
}

/* The next message must be a @type. */
static inline void peer_expect(struct peer *p, enum kpptp_msg_type type, struct kpptp_msg *msg)
{
	time_t end = time(NULL) + DEADLINE;
	struct kpptp_reason why;
	size_t len = 0;

	while (kpptp_wire_frame(p->buf, p->len, &len, &why) != KPPTP_FRAME_WHOLE) {
		if (!peer_read(p))
			fail_msg("closed instead of %s", kpptp_msg_name(type));
		if (time(NULL) > end)
			fail_msg("no %s", kpptp_msg_name(type));
	}
	assert_int_equal(kpptp_wire_decode(p->buf, len, msg, &why), KPPTP_DECODE_OK);
	memmove(p->buf, p->buf + len, p->len - len);
	p->len -= len;
	if (msg->type != type)
		fail_msg("%s instead of %s", kpptp_msg_name(msg->type), kpptp_msg_name(type));
}

/* The connection must end without another byte. */
static inline void peer_expect_end(struct peer *p)
{
	time_t end = time(NULL) + DEADLINE;

	while (peer_read(p))
		if (time(NULL) > end)
			fail_msg("the connection does not end");
	assert_int_equal(p->len, 0);
	close(p->fd);
	p->fd = -1;
}

static inline void peer_say_start(struct peer *p)
{
	struct kpptp_msg msg = {
		.type = KPPTP_SCCRQ,
		.sccrq = { .protocol_version = KPPTP_VERSION,
			   .framing_capabilities = 3,
			   .bearer_capabilities = 3,
			   .host_name = "peer",
			   .vendor_name = "test" },
	};

	peer_send(p, &msg);
}

static inline void peer_start(struct peer *p, const struct host *h)
{
	peer_open(p, h);
	peer_say_start(p);
}

static inline void peer_establish(struct peer *p, const struct host *h)
{
	struct kpptp_msg msg;

	peer_start(p, h);
	peer_expect(p, KPPTP_SCCRP, &msg);
	assert_int_equal(msg.sccrp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(msg.sccrp.protocol_version, KPPTP_VERSION);
}

static inline struct kpptp_msg call_request(uint16_t id)
{
	return (struct kpptp_msg){
		.type = KPPTP_OCRQ,
		.ocrq = { .call_id = id,
			  .call_serial_number = 7,
			  .minimum_bps = 300,
			  .maximum_bps = 100000000,
			  .bearer_type = 3,
			  .framing_type = 3,
			  .packet_recv_window_size = 64 },
	};
}

static inline void peer_request_call(struct peer *p, uint16_t id)
{
	struct kpptp_msg msg = call_request(id);

	peer_send(p, &msg);
}

/* Returns the Call ID that the server chose. */
static inline uint16_t peer_call(struct peer *p, uint16_t id)
{
	struct kpptp_msg msg;

	peer_request_call(p, id);
	peer_expect(p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_OK);
	assert_int_equal(msg.ocrp.peers_call_id, id);
	assert_int_not_equal(msg.ocrp.packet_recv_window_size, 0);
	return msg.ocrp.call_id;
}

/* The call must be refused, with a general error. */
static inline void peer_call_refused(struct peer *p, uint16_t id, uint8_t error)
{
	struct kpptp_msg msg;

	peer_request_call(p, id);
	peer_expect(p, KPPTP_OCRP, &msg);
	assert_int_equal(msg.ocrp.result_code, KPPTP_RESULT_GENERAL_ERROR);
	assert_int_equal(msg.ocrp.error_code, error);
	assert_int_equal(msg.ocrp.peers_call_id, id);
}

static inline void peer_clear_call(struct peer *p, uint16_t id)
{
	struct kpptp_msg msg = {
		.type = KPPTP_CCRQ,
		.ccrq = { .call_id = id },
	};

	peer_send(p, &msg);
}

/* The server must end the call, whose ID on its side is @id. */
static inline void peer_expect_disconnect(struct peer *p, uint16_t id, uint8_t result)
{
	struct kpptp_msg msg;

	peer_expect(p, KPPTP_CDN, &msg);
	assert_int_equal(msg.cdn.call_id, id);
	assert_int_equal(msg.cdn.result_code, result);
}

/* The next that comes must be the reply. */
static inline void peer_echo(struct peer *p)
{
	struct kpptp_msg msg = {
		.type = KPPTP_ECHORQ,
		.echorq = { .identifier = 0xcafe },
	};

	peer_send(p, &msg);
	peer_expect(p, KPPTP_ECHORP, &msg);
	assert_int_equal(msg.echorp.identifier, 0xcafe);
	assert_int_equal(msg.echorp.result_code, KPPTP_RESULT_OK);
}

static inline void peer_stop(struct peer *p)
{
	struct kpptp_msg msg = {
		.type = KPPTP_STOPCCRQ,
		.stopccrq = { .reason = KPPTP_STOP_NONE },
	};

	peer_send(p, &msg);
	peer_expect(p, KPPTP_STOPCCRP, &msg);
	assert_int_equal(msg.stopccrp.result_code, KPPTP_RESULT_OK);
	peer_expect_end(p);
}

#endif /* KPPTP_TEST_PEER_H */
