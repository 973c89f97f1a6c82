// SPDX-License-Identifier: GPL-2.0-or-later
/* conn.c: reading, how a connection ends, and opening it. */
#include "conn_fixture.h"

/* One of each of the fifteen, one after another. */
static size_t encode_all(uint8_t *buf)
{
	size_t len = 0;

	for (int type = KPPTP_SCCRQ; type <= KPPTP_SLI; type++) {
		struct kpptp_msg msg = { .type = type };

		if (type == KPPTP_ECHORQ)
			msg.echorq.identifier = 1;
		len += kpptp_wire_encode(&msg, buf + len);
	}
	return len;
}

static void fact_21_split_at_every_byte(void **state)
{
	struct fixture *f = *state;
	uint8_t buf[KPPTP_MSG_TYPES * KPPTP_MSG_MAX];
	size_t len = encode_all(buf);

	for (size_t i = 1; i < len; i++) {
		int before = f->messages;

		f->last_echo = 0;
		assert_int_equal(write(f->peer, buf, i), i);
		pump(f);
		assert_int_equal(write(f->peer, buf + i, len - i), len - i);
		pump_until(f, f->messages == before + KPPTP_MSG_TYPES);
	}
	assert_int_equal(f->types, 0xfffe);
	assert_int_equal(f->lost + f->unknown + f->broken, 0);
}

static void one_byte_at_a_time(void **state)
{
	struct fixture *f = *state;
	uint8_t buf[KPPTP_MSG_TYPES * KPPTP_MSG_MAX];
	size_t len = encode_all(buf);

	for (size_t i = 0; i < len; i++) {
		assert_int_equal(write(f->peer, buf + i, 1), 1);
		pump(f);
	}
	pump_until(f, f->messages == KPPTP_MSG_TYPES);
	assert_int_equal(f->types, 0xfffe);
}

static void fact_21_a_hundred_in_one_segment(void **state)
{
	struct fixture *f = *state;
	uint8_t buf[100 * 16];
	size_t len = 0;

	for (uint32_t i = 1; i <= 100; i++)
		len += encode_echo(buf + len, i);
	assert_int_equal(len, sizeof(buf));
	assert_int_equal(write(f->peer, buf, len), len);
	pump_until(f, f->messages == 100);
	assert_int_equal(f->last_echo, 100);
}

static void more_than_the_buffer_holds(void **state)
{
	struct fixture *f = *state;
	uint8_t buf[1000 * 16];
	size_t len = 0;

	for (uint32_t i = 1; i <= 1000; i++)
		len += encode_echo(buf + len, i);
	assert_int_equal(write(f->peer, buf, len), len);
	pump_until(f, f->messages == 1000);
	assert_int_equal(f->last_echo, 1000);
}

static const struct {
	const char *what;
	uint8_t bytes[16];
	size_t len;
	const char *named;
} garbage[] = {
	{ "magic cookie",
	  { 0, 16, 0, 1, 0x1a, 0x2b, 0x3c, 0x4e, 0, 5, 0, 0, 0, 0, 0, 1 },
	  16,
	  "1a2b3c4e" },
	{ "length", { 0, 17, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 5, 0, 0, 0, 0, 0, 1 }, 16, "17" },
	{ "length 0", { 0, 0, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d }, 8, "0" },
	{ "management message",
	  { 0, 16, 0, 2, 0x1a, 0x2b, 0x3c, 0x4d, 0, 5, 0, 0, 0, 0, 0, 1 },
	  16,
	  "2" },
	{ "another protocol",
	  { 'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P', '/', '1' },
	  12,
	  "" },
};

static void garbage_is_loss_of_synchronisation(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++) {
		struct fixture *f;
		uint8_t echo[16];

		setup(state);
		f = *state;
		/* A valid message before it is delivered, one after it is not. */
		encode_echo(echo, 1);
		assert_int_equal(write(f->peer, echo, 16), 16);
		assert_int_equal(write(f->peer, garbage[i].bytes, garbage[i].len), garbage[i].len);
		assert_int_equal(write(f->peer, echo, 16), 16);
		pump_until(f, f->lost == 1);
		pump(f);
		assert_int_equal(f->messages, 1);
		assert_int_equal(f->lost, 1);
		if (!strstr(f->text, garbage[i].named))
			fail_msg("%s: \"%s\" is not named in: %s", garbage[i].what,
				 garbage[i].named, f->text);
		teardown(state);
	}
	setup(state);
}

static void unknown_types_are_told(void **state)
{
	static const uint8_t unknown[] = { 0, 16, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d,
					   0, 99, 0, 0, 0,    0,    0,	  1 };
	struct fixture *f = *state;
	uint8_t echo[16];

	encode_echo(echo, 1);
	assert_int_equal(write(f->peer, unknown, 16), 16);
	assert_int_equal(write(f->peer, echo, 16), 16);
	pump_until(f, f->messages == 1);
	assert_int_equal(f->unknown, 1);
	assert_non_null(strstr(f->text, "99"));
}

static void the_peer_closes(void **state)
{
	struct fixture *f = *state;

	close(f->peer);
	f->peer = -1;
	pump_until(f, f->broken == 1);
	assert_string_equal(f->text, "closed by the peer");
}

static void the_peer_closes_within_a_message(void **state)
{
	struct fixture *f = *state;
	uint8_t echo[16];

	encode_echo(echo, 1);
	assert_int_equal(write(f->peer, echo, 7), 7);
	shutdown(f->peer, SHUT_WR);
	pump_until(f, f->broken == 1);
	assert_non_null(strstr(f->text, "after 7 bytes"));
}

static void the_peer_resets(void **state)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };
	struct fixture *f = *state;

	setsockopt(f->peer, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(f->peer);
	f->peer = -1;
	pump_until(f, f->broken == 1);
	assert_string_equal(f->text, strerror(ECONNRESET));
}

static void closing_inside_a_callback(void **state)
{
	struct fixture *f = *state;
	uint8_t buf[3 * 16];

	for (uint32_t i = 0; i < 3; i++)
		encode_echo(buf + i * 16, i + 1);
	f->close_on_message = true;
	assert_int_equal(write(f->peer, buf, sizeof(buf)), sizeof(buf));
	pump_until(f, f->gone == 1);
	assert_int_equal(f->messages, 1);
}

static void connecting(void **state)
{
	struct fixture *f = *state;
	struct in_addr any = { 0 };
	struct fixture client = { .base = f->base };
	struct sockaddr_in sin;
	int listener = listen_loopback(&sin);

	client.conn = kpptp_conn_connect(f->base, any, sin.sin_addr, ntohs(sin.sin_port), 1000,
					 &events, &client);
	assert_non_null(client.conn);
	pump_until(f, client.opened == 1);
	assert_int_equal(kpptp_conn_local(client.conn).s_addr, htonl(INADDR_LOOPBACK));
	kpptp_conn_close(client.conn, false);
	pump_until(f, client.gone == 1);
	close(listener);

	client.conn = kpptp_conn_connect(f->base, any, sin.sin_addr, ntohs(sin.sin_port), 1000,
					 &events, &client);
	assert_non_null(client.conn);
	pump_until(f, client.broken == 1);
	assert_string_equal(client.text, strerror(ECONNREFUSED));
	kpptp_conn_close(client.conn, true);
	pump_until(f, client.gone == 2);
}

static void connecting_in_vain(void **state)
{
	struct fixture *f = *state, client = { .base = f->base };
	struct in_addr any = { 0 };
	struct sockaddr_in sin;
	int listener = listen_loopback(&sin), fds[8];
	size_t i, count = ARRAY_SIZE(fds);

	/* A full queue: the next connection gets no answer. */
	for (i = 0; i < count; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fds[i], (struct sockaddr *)&sin, sizeof(sin));
	}
	client.conn = kpptp_conn_connect(f->base, any, sin.sin_addr, ntohs(sin.sin_port), 1000,
					 &events, &client);
	assert_non_null(client.conn);
	pump_until(f, client.broken == 1);
	assert_non_null(strstr(client.text, "timed out"));
	kpptp_conn_close(client.conn, false);
	pump_until(f, client.gone == 1);
	for (i = 0; i < count; i++)
		close(fds[i]);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fact_21_split_at_every_byte),
		TEST(one_byte_at_a_time),
		TEST(fact_21_a_hundred_in_one_segment),
		TEST(more_than_the_buffer_holds),
		cmocka_unit_test_teardown(garbage_is_loss_of_synchronisation, teardown),
		TEST(unknown_types_are_told),
		TEST(the_peer_closes),
		TEST(the_peer_closes_within_a_message),
		TEST(the_peer_resets),
		TEST(closing_inside_a_callback),
		TEST(connecting),
		TEST(connecting_in_vain),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("conn", tests, NULL, NULL);
}
