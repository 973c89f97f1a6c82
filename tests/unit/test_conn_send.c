// SPDX-License-Identifier: GPL-2.0-or-later
/* conn.c: sending, the send queue, and closing. */
#include "conn_fixture.h"

static void fact_20_one_message_a_segment(void **state)
{
	struct fixture *f = *state;
	struct kpptp_msg msg = { .type = KPPTP_ECHORQ };
	struct tcp_info before, after;
	socklen_t len = sizeof(before);
	uint8_t buf[200 * 16];
	size_t got = 0;
	ssize_t n;

	/* More than the initial window, so that most of it must wait. */
	assert_int_equal(getsockopt(f->fd, IPPROTO_TCP, TCP_INFO, &before, &len), 0);
	for (int i = 0; i < 200; i++) {
		msg.echorq.identifier = i;
		kpptp_conn_send(f->conn, &msg);
	}
	while (got < sizeof(buf)) {
		n = read(f->peer, buf + got, sizeof(buf) - got);
		assert_true(n > 0);
		got += n;
	}
	len = sizeof(after);
	assert_int_equal(getsockopt(f->fd, IPPROTO_TCP, TCP_INFO, &after, &len), 0);
	assert_int_equal(after.tcpi_data_segs_out - before.tcpi_data_segs_out, 200);
}

static void shrink_buffers(struct fixture *f)
{
	int size = 1;

	setsockopt(f->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(f->peer, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

#define ECHO_LEN 16

static void send_echo(struct fixture *f, uint32_t id)
{
	struct kpptp_msg msg = { .type = KPPTP_ECHORQ, .echorq = { .identifier = id } };

	kpptp_conn_send(f->conn, &msg);
}

/* Read Echo-Requests @first to @last, whole and in order, while the loop runs. */
static void read_echoes(struct fixture *f, uint32_t first, uint32_t last)
{
	uint8_t buf[ECHO_LEN], want[ECHO_LEN];
	time_t end = time(NULL) + DEADLINE;
	size_t got = 0;
	ssize_t n;

	while (first <= last) {
		if (time(NULL) > end)
			fail_msg("echo %u does not come", first);
		event_base_loop(f->base, EVLOOP_NONBLOCK);
		n = recv(f->peer, buf + got, sizeof(buf) - got, MSG_DONTWAIT);
		if (n < 0) {
			usleep(100);
			continue;
		}
		assert_true(n > 0);
		got += n;
		if (got < sizeof(buf))
			continue;
		encode_echo(want, first++);
		assert_memory_equal(buf, want, sizeof(want));
		got = 0;
	}
}

/* Bytes that the kernel has taken from the connection so far. */
static uint64_t taken(const struct fixture *f)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	int waiting;

	assert_int_equal(getsockopt(f->fd, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
	assert_int_equal(ioctl(f->fd, SIOCOUTQ, &waiting), 0);
	return info.tcpi_bytes_acked + waiting;
}

/* Send from @id on until the kernel takes no more. Returns the next. */
static uint32_t fill(struct fixture *f, uint32_t id)
{
	uint64_t before;

	do {
		before = taken(f);
		send_echo(f, id++);
	} while (taken(f) != before);
	return id;
}

static void a_flush_sends_all(void **state)
{
	struct fixture *f = *state;
	uint32_t next;
	char byte;

	shrink_buffers(f);
	next = fill(f, 0);
	for (int i = 0; i < 100; i++)
		send_echo(f, next++);
	kpptp_conn_close(f->conn, true);
	/* Too late: it is being closed. */
	send_echo(f, next);
	read_echoes(f, 0, next - 1);
	fcntl(f->peer, F_SETFL, O_NONBLOCK);
	pump_until(f, read(f->peer, &byte, 1) == 0);
	/* The end of our side; now the peer's, and it is over. */
	assert_int_equal(f->gone, 0);
	close(f->peer);
	f->peer = -1;
	pump_until(f, f->gone == 1);
	assert_int_equal(f->broken, 0);
}

/* Bytes that TCP accepts per call, to simulate any number. */
static size_t most_at_a_time = SIZE_MAX;

ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	if (len > most_at_a_time)
		len = most_at_a_time;
	return sendto(fd, buf, len, flags, NULL, 0);
}

static void a_message_in_many_parts(void **state)
{
	struct fixture *f = *state;

	most_at_a_time = 5;
	for (uint32_t i = 0; i < 3; i++)
		send_echo(f, i);
	read_echoes(f, 0, 2);
	most_at_a_time = SIZE_MAX;
}

/* With the queue empty again, the next message is sent at once. */
static void sending_goes_on_after_a_wait(void **state)
{
	struct fixture *f = *state;
	uint32_t next = 0;

	shrink_buffers(f);
	for (int round = 0; round < 3; round++) {
		uint32_t first = next;

		next = fill(f, next);
		send_echo(f, next++);
		read_echoes(f, first, next - 1);
		/* Without running the loop: sending must not depend on it. */
		send_echo(f, next);
		assert_int_equal(poll(&(struct pollfd){ f->peer, POLLIN, 0 }, 1, DEADLINE * 1000),
				 1);
		read_echoes(f, next, next);
		next++;
	}
}

/* There is room again, but the loop has not sent what waits. */
static void nothing_overtakes_the_queue(void **state)
{
	struct fixture *f = *state;
	struct pollfd writable = { f->fd, POLLOUT, 0 };
	uint8_t buf[ECHO_LEN], want[ECHO_LEN];
	uint32_t next, read = 0;

	shrink_buffers(f);
	next = fill(f, 0);
	for (int i = 0; i < 10; i++)
		send_echo(f, next++);
	while (poll(&writable, 1, 20) == 0) {
		assert_int_equal(recv(f->peer, buf, sizeof(buf), MSG_WAITALL), sizeof(buf));
		encode_echo(want, read++);
		assert_memory_equal(buf, want, sizeof(want));
	}
	for (int i = 0; i < 10; i++)
		send_echo(f, next++);
	read_echoes(f, read, next - 1);
}

static void the_queue_has_its_limit(void **state)
{
	struct fixture *f = *state;
	uint64_t before = taken(f);
	uint32_t next, queued;

	shrink_buffers(f);
	next = fill(f, 0);
	/* A partly sent message is queued, too. */
	queued = next - (taken(f) - before) / ECHO_LEN;
	for (; queued < KPPTP_CONN_QUEUE_MAX; queued++)
		send_echo(f, next++);
	event_base_loop(f->base, EVLOOP_NONBLOCK);
	assert_int_equal(f->broken, 0);
	/* TCP may still take some. */
	while (!f->broken) {
		queued = next - (taken(f) - before) / ECHO_LEN;
		assert_true(queued <= KPPTP_CONN_QUEUE_MAX);
		send_echo(f, next++);
		event_base_loop(f->base, EVLOOP_NONBLOCK);
	}
	assert_int_equal(queued, KPPTP_CONN_QUEUE_MAX);
	assert_non_null(strstr(f->text, "does not read"));
	/* And nothing of it is sent any more. */
	send_echo(f, next);
	pump(f);
	assert_int_equal(f->broken, 1);
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec + (now.tv_nsec - start->tv_nsec) / 1e9;
}

/* A peer that never closes, or never reads, is not waited for indefinitely. */
static void a_close_takes_five_seconds_at_most(void **state)
{
	struct timespec start;
	struct fixture *f;

	for (int full = 0; full < 2; full++) {
		setup(state);
		f = *state;
		if (full) {
			shrink_buffers(f);
			/* More than both sides' buffers can take. */
			for (uint32_t i = fill(f, 0), n = 200; n--; i++)
				send_echo(f, i);
		}
		clock_gettime(CLOCK_MONOTONIC, &start);
		kpptp_conn_close(f->conn, true);
		/* A second close changes nothing. */
		kpptp_conn_close(f->conn, true);
		for (time_t end = time(NULL) + DEADLINE; !f->gone;) {
			assert_true(time(NULL) <= end);
			event_base_loop(f->base, EVLOOP_NONBLOCK);
			usleep(1000);
		}
		assert_true(seconds_since(&start) > 4.9);
		assert_int_equal(f->broken, 0);
		teardown(state);
	}
	setup(state);
}

/* Data received after our close is discarded. */
static void data_after_close_is_discarded(void **state)
{
	struct fixture *f = *state;
	uint8_t echo[ECHO_LEN];
	char byte;

	kpptp_conn_close(f->conn, true);
	fcntl(f->peer, F_SETFL, O_NONBLOCK);
	pump_until(f, read(f->peer, &byte, 1) == 0);
	for (uint32_t i = 1; i <= 50; i++) {
		encode_echo(echo, i);
		assert_int_equal(write(f->peer, echo, sizeof(echo)), sizeof(echo));
		pump(f);
	}
	assert_int_equal(f->messages, 0);
	assert_int_equal(f->gone, 0);
	shutdown(f->peer, SHUT_WR);
	pump_until(f, f->gone == 1);
}

static int nodelay_of(int fd)
{
	socklen_t len = sizeof(int);
	int on = 0;

	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
	return on;
}

/* A reply must not wait for the acknowledgment of the last one. */
static void small_messages_go_at_once(void **state)
{
	struct fixture *f = *state, client = { .base = f->base };
	struct in_addr any = { 0 };
	struct sockaddr_in sin;
	int listener = listen_loopback(&sin);
	int next = dup(STDIN_FILENO);

	assert_true(nodelay_of(f->fd));
	/* The lowest free descriptor is the one that a socket gets. */
	close(next);
	client.conn = kpptp_conn_connect(f->base, any, sin.sin_addr, ntohs(sin.sin_port), 1000,
					 &events, &client);
	assert_non_null(client.conn);
	assert_true(nodelay_of(next));
	pump_until(f, client.opened == 1);
	kpptp_conn_close(client.conn, false);
	pump_until(f, client.gone == 1);
	close(listener);
}

static void a_peer_that_does_not_read(void **state)
{
	struct kpptp_msg msg = { .type = KPPTP_ICRQ };
	struct fixture *f = *state;

	shrink_buffers(f);
	for (int i = 0; i < 10000 && !f->broken; i++) {
		kpptp_conn_send(f->conn, &msg);
		/* Never from inside a function. */
		assert_int_equal(f->broken, 0);
	}
	pump_until(f, f->broken == 1);
	assert_non_null(strstr(f->text, "does not read"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fact_20_one_message_a_segment),
		TEST(a_flush_sends_all),
		TEST(a_message_in_many_parts),
		TEST(sending_goes_on_after_a_wait),
		TEST(nothing_overtakes_the_queue),
		TEST(the_queue_has_its_limit),
		cmocka_unit_test_teardown(a_close_takes_five_seconds_at_most, teardown),
		TEST(data_after_close_is_discarded),
		TEST(small_messages_go_at_once),
		TEST(a_peer_that_does_not_read),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("conn_send", tests, NULL, NULL);
}
