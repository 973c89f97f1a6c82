// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A server's control connections: split, garbled, reset or silent, and how they are
 * stopped.
 */
#include "harness.h"
#include "peer.h"

static void everything_at_once_and_bytewise(void **state)
{
	struct host *h = *state;
	struct kpptp_msg sccrq = { .type = KPPTP_SCCRQ, .sccrq = { .protocol_version = 0x100 } };
	struct kpptp_msg ocrq = call_request(9);
	struct kpptp_msg echo = { .type = KPPTP_ECHORQ };
	uint8_t buf[3 * KPPTP_MSG_MAX];
	struct kpptp_msg msg;
	struct peer p;
	size_t len, i;

	len = kpptp_wire_encode(&sccrq, buf);
	len += kpptp_wire_encode(&ocrq, buf + len);
	len += kpptp_wire_encode(&echo, buf + len);
	for (int bytewise = 0; bytewise < 2; bytewise++) {
		peer_open(&p, h);
		for (i = 0; bytewise && i < len; i++) {
			peer_write(&p, buf + i, 1);
			event_base_loop(base, EVLOOP_NONBLOCK);
		}
		if (!bytewise)
			peer_write(&p, buf, len);
		peer_expect(&p, KPPTP_SCCRP, &msg);
		/* The call waits for the data plane, the echo does not. */
		for (i = 0; i < 2; i++) {
			peer_expect(&p,
				    p.len >= 10 && p.buf[9] == KPPTP_OCRP ? KPPTP_OCRP
									  : KPPTP_ECHORP,
				    &msg);
			while (i == 0 && p.len < 16)
				peer_read(&p);
		}
		peer_stop(&p);
	}
}

static const struct {
	uint8_t bytes[16];
	const char *named;
} garbage[] = {
	{ { 0, 156, 0, 1, 0xde, 0xad, 0xbe, 0xef, 0, 1 }, "deadbeef" },
	{ { 0, 157, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1 }, "157" },
	{ { 0, 156, 0, 2, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1 }, "Message Type 2" },
	{ { 0, 16, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 16 }, "16" },
	{ { 0, 16, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 5 }, "Echo-Request" },
};

static void garbage_closes_and_is_named(void **state)
{
	struct host *h = *state;
	struct peer p;

	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++) {
		log_clear();
		peer_open(&p, h);
		peer_write(&p, garbage[i].bytes, 16);
		peer_expect_end(&p);
		if (!log_has(garbage[i].named))
			fail_msg("case %zu: the log does not name \"%s\"", i, garbage[i].named);
		pump_until(h->server->tunnel_count == 0);
	}
}

static void garbage_ends_the_calls(void **state)
{
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	peer_call(&p, 2);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 2);
	peer_write(&p, garbage[0].bytes, 16);
	peer_expect_end(&p);
	pump_until(h->server->session_count == 0);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);
}

static void a_reset_ends_the_calls(void **state)
{
	struct linger linger = { .l_onoff = 1 };
	struct host *h = *state;
	struct peer p;

	peer_establish(&p, h);
	peer_call(&p, 1);
	setsockopt(p.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(p.fd);
	pump_until(h->server->session_count == 0);
	pump_until(h->server->tunnel_count == 0);
	assert_true(log_has(strerror(ECONNRESET)));
}

static void silent_peer_is_closed(void **state)
{
	struct host *h = *state;
	struct kpptp_config c;
	struct kpptp_msg msg;
	struct peer mute, dead;

	kpptp_config_defaults(&c);
	c.reply_timeout = c.echo_interval = 1;
	host_restart(h, &c);
	peer_open(&mute, h);
	peer_establish(&dead, h);
	peer_expect_end(&mute);
	assert_true(log_has("no Start-Control-Connection-Request"));
	peer_expect(&dead, KPPTP_ECHORQ, &msg);
	peer_expect_end(&dead);
	assert_true(log_has("no Echo-Reply"));
	pump_until(h->server->tunnel_count == 0);
}

static void a_stop_closes_all_in_order(void **state)
{
	struct host *h = *state;
	struct peer established, half_open;
	struct kpptp_msg msg;

	peer_establish(&established, h);
	peer_call(&established, 1);
	peer_open(&half_open, h);
	pump_until(h->server->tunnel_count == 2);
	kpptp_dataplane_null_stop(h->dp);
	peer_expect_end(&half_open);
	peer_expect(&established, KPPTP_STOPCCRQ, &msg);
	assert_int_equal(msg.stopccrq.reason, KPPTP_STOP_LOCAL_SHUTDOWN);
	assert_int_equal(h->stopped, 0);
	msg = (struct kpptp_msg){ .type = KPPTP_STOPCCRP, .stopccrp = { .result_code = 1 } };
	peer_send(&established, &msg);
	peer_expect_end(&established);
	pump_until(h->stopped == 1);
	assert_int_equal(kpptp_dataplane_null_calls(h->dp), 0);
}

static void a_stop_has_a_timeout(void **state)
{
	struct host *h = *state;
	struct kpptp_msg msg;
	struct peer p;

	peer_establish(&p, h);
	kpptp_dataplane_null_stop(h->dp);
	peer_expect(&p, KPPTP_STOPCCRQ, &msg);
	pump_until(h->stopped == 1);
	close(p.fd);
}

static void a_stop_with_nothing_to_do(void **state)
{
	struct host *h = *state;

	kpptp_dataplane_null_stop(h->dp);
	pump_until(h->stopped == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_HOST(everything_at_once_and_bytewise),
		TEST_HOST(garbage_closes_and_is_named),
		TEST_HOST(garbage_ends_the_calls),
		TEST_HOST(a_reset_ends_the_calls),
		TEST_HOST(silent_peer_is_closed),
		TEST_HOST(a_stop_closes_all_in_order),
		TEST_HOST(a_stop_has_a_timeout),
		TEST_HOST(a_stop_with_nothing_to_do),
	};

	return run_with_log("server_conn", tests);
}
