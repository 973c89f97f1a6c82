// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages between monitor and worker: valid ones pass unchanged; each field is
 * corrupted in each way, by table, and the error names it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/priv.h"
#include "unit.h"

typedef void change_fn(struct kpptp_priv_msg *msg);

static bool is_request(uint32_t type)
{
	return type <= KPPTP_PRIV_REQUEST_MAX;
}

static int parse(const void *buf, size_t len, uint32_t type, struct kpptp_priv_msg *msg, char *err,
		 size_t size)
{
	return is_request(type) ? kpptp_priv_parse_request(buf, len, msg, err, size)
				: kpptp_priv_parse_answer(buf, len, msg, err, size);
}

/* A valid message of each type, with every field in use. */
static void make_valid(struct kpptp_priv_msg *msg, uint32_t type)
{
	bool global = type == KPPTP_PRIV_READY || type == KPPTP_PRIV_STOP ||
		      type == KPPTP_PRIV_RELOAD;

	kpptp_priv_init(msg, type, global ? 0 : 0xfffffff1);
	switch (type) {
	case KPPTP_PRIV_CALL_NEW:
		msg->call_new.local = htonl(0xc0000201);
		msg->call_new.peer = htonl(0xc0000202);
		msg->call_new.flow_control = KPPTP_FLOW_CONTROL_ADAPTIVE;
		msg->call_new.window = 0xffff;
		msg->call_new.has_peer = 1;
		msg->call_new.peer_id = 0xffff;
		msg->call_new.peer_window = 0xffff;
		msg->call_new.peer_ppd = 0xffff;
		break;
	case KPPTP_PRIV_CALL_SET:
		msg->call_set.peer_id = 0xffff;
		msg->call_set.peer_window = 0xffff;
		msg->call_set.peer_ppd = 0xffff;
		break;
	case KPPTP_PRIV_CALL_READY:
		msg->call_ready.id = 0xffff;
		msg->call_ready.channel = 0xffffffff;
		break;
	case KPPTP_PRIV_CALL_SET_DONE:
		msg->call_set_done.err = -ENOENT;
		kpptp_priv_set_text(msg->call_set_done.text, "gone");
		break;
	case KPPTP_PRIV_STATS:
		memset(&msg->stats.stats, 0xff, sizeof(msg->stats.stats));
		break;
	case KPPTP_PRIV_PPP_STARTED:
		msg->ppp_started.pid = INT32_MAX;
		break;
	case KPPTP_PRIV_PPP_EXITED:
		msg->ppp_exited.status = 0xff00;
		kpptp_priv_set_text(msg->ppp_exited.text, "exit status 255");
		break;
	case KPPTP_PRIV_RELOAD:
		msg->reload.len = sizeof(msg->reload.blob);
		memset(msg->reload.blob, 0xff, sizeof(msg->reload.blob));
		break;
	}
}

static void assert_valid(const struct kpptp_priv_msg *msg)
{
	static struct kpptp_priv_msg got;
	char err[160] = "";

	if (parse(msg, kpptp_priv_size(msg->type), msg->type, &got, err, sizeof(err)))
		fail_msg("%s: %s", kpptp_priv_type_name(msg->type), err);
	assert_memory_equal(&got, msg, sizeof(got));
}

static void assert_invalid(const void *buf, size_t len, uint32_t type, const char *says)
{
	static struct kpptp_priv_msg got;
	char err[160] = "";

	if (!parse(buf, len, type, &got, err, sizeof(err)))
		fail_msg("%s is accepted: %s", kpptp_priv_type_name(type), says);
	if (!strstr(err, says))
		fail_msg("\"%s\" does not say \"%s\"", err, says);
}

static void test_valid(void **state)
{
	static struct kpptp_priv_msg msg;

	(void)state;
	for (uint32_t type = 1; type <= KPPTP_PRIV_TYPE_MAX; type++) {
		make_valid(&msg, type);
		assert_valid(&msg);
	}
}

/* A message cannot be sent the wrong way, be cut or be longer. */
static void test_heads(void **state)
{
	static struct {
		struct kpptp_priv_msg msg;
		char more[8];
	} buf;

	(void)state;
	for (uint32_t type = 1; type <= KPPTP_PRIV_TYPE_MAX; type++) {
		uint32_t wrong_way = is_request(type) ? KPPTP_PRIV_TYPE_MAX : 1;
		size_t size = kpptp_priv_size(type);

		memset(&buf, 0, sizeof(buf));
		make_valid(&buf.msg, type);
		assert_invalid(&buf, size, wrong_way, "of type");
		for (size_t len = 0; len < size; len++)
			assert_invalid(&buf, len, type, len < 8 ? "bytes" : "length");
		assert_invalid(&buf, size + 1, type, size == sizeof(buf.msg) ? "bytes" : "length");
		assert_invalid(&buf, sizeof(buf), type, "bytes");
		buf.msg.handle = buf.msg.handle ? 0 : 1;
		assert_invalid(&buf, size, type, "handle");
	}
}

static void test_types(void **state)
{
	static const uint32_t none[] = { 0, KPPTP_PRIV_TYPE_MAX + 1, 0x7fffffff, 0x80000000,
					 0xffffffff };
	static struct kpptp_priv_msg msg;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		kpptp_priv_init(&msg, none[i], 1);
		assert_int_equal(kpptp_priv_size(none[i]), 0);
		assert_string_equal(kpptp_priv_type_name(none[i]), "unknown");
		assert_invalid(&msg, sizeof(msg), 1, "of type");
		assert_invalid(&msg, 8, KPPTP_PRIV_TYPE_MAX, "of type");
	}
}

#define CHANGE(name, statement)                                                                    \
	static void name(struct kpptp_priv_msg *msg)                                               \
	{                                                                                          \
		statement;                                                                         \
	}

CHANGE(new_local_any, msg->call_new.local = 0)
CHANGE(new_local_multicast, msg->call_new.local = htonl(0xe0000001))
CHANGE(new_peer_any, msg->call_new.peer = 0)
CHANGE(new_peer_multicast, msg->call_new.peer = htonl(0xefffffff))
CHANGE(new_peer_broadcast, msg->call_new.peer = htonl(0xffffffff))
CHANGE(new_flow, msg->call_new.flow_control = KPPTP_FLOW_CONTROL_ADAPTIVE + 1)
CHANGE(new_flow_huge, msg->call_new.flow_control = 0xffffffff)
CHANGE(new_window, msg->call_new.window = 0)
CHANGE(new_has_peer, msg->call_new.has_peer = 2)
CHANGE(new_hidden_id, msg->call_new.has_peer = 0)
CHANGE(new_hidden_window, msg->call_new.has_peer = 0; msg->call_new.peer_id = 0)
CHANGE(new_hidden_ppd, msg->call_new.has_peer = 0; msg->call_new.peer_id = 0;
       msg->call_new.peer_window = 0)
CHANGE(new_zero, msg->call_new.zero = 1)
CHANGE(set_zero, msg->call_set.zero = 0x8000)
CHANGE(ready_err_positive, msg->call_ready.err = 1)
CHANGE(ready_err_huge, msg->call_ready.err = INT32_MIN)
CHANGE(ready_err_no_text, msg->call_ready.err = -1)
CHANGE(ready_text, msg->call_ready.text[0] = 'x')
CHANGE(ready_err_id, msg->call_ready.err = -1; msg->call_ready.text[0] = 'x')
CHANGE(ready_err_channel, msg->call_ready.err = -1; msg->call_ready.id = 0;
       msg->call_ready.text[0] = 'x')
CHANGE(ready_zero, msg->call_ready.zero = 1)
CHANGE(done_err, msg->call_set_done.err = 4096)
CHANGE(done_err_below, msg->call_set_done.err = -4096)
CHANGE(done_no_err, msg->call_set_done.err = 0)
CHANGE(done_no_text, memset(msg->call_set_done.text, 0, KPPTP_PRIV_TEXT_SIZE))
CHANGE(done_endless, memset(msg->call_set_done.text, 'x', KPPTP_PRIV_TEXT_SIZE))
CHANGE(done_newline, msg->call_set_done.text[1] = '\n')
CHANGE(done_escape, msg->call_set_done.text[0] = '\033')
CHANGE(done_delete, msg->call_set_done.text[1] = 0x7f)
CHANGE(done_high, msg->call_set_done.text[1] = (char)0x80)
CHANGE(done_behind, msg->call_set_done.text[KPPTP_PRIV_TEXT_SIZE - 1] = 'x')
CHANGE(stats_err, msg->stats.err = -1)
CHANGE(stats_err_last, memset(&msg->stats, 0, sizeof(msg->stats));
       memset((char *)(&msg->stats.stats + 1) - 1, 1, 1); msg->stats.err = -1)
CHANGE(stats_err_positive, msg->stats.err = 1)
CHANGE(stats_zero, msg->stats.zero = 1)
CHANGE(started_zero, msg->ppp_started.pid = 0)
CHANGE(started_negative, msg->ppp_started.pid = -1)
CHANGE(exited_negative, msg->ppp_exited.status = -2)
CHANGE(exited_huge, msg->ppp_exited.status = 0x10000)
CHANGE(exited_no_text, memset(msg->ppp_exited.text, 0, KPPTP_PRIV_TEXT_SIZE))
CHANGE(reload_len, msg->reload.len = KPPTP_PRIV_BLOB_MAX + 1)
CHANGE(reload_len_huge, msg->reload.len = 0xffffffff)
CHANGE(reload_behind, msg->reload.len--)

static const struct {
	uint32_t type;
	change_fn *change;
	const char *says;
} bad[] = {
	{ KPPTP_PRIV_CALL_NEW, new_local_any, "call_new has local 0" },
	{ KPPTP_PRIV_CALL_NEW, new_local_multicast, "has local 3758096385" },
	{ KPPTP_PRIV_CALL_NEW, new_peer_any, "has peer 0" },
	{ KPPTP_PRIV_CALL_NEW, new_peer_multicast, "has peer 4026531839" },
	{ KPPTP_PRIV_CALL_NEW, new_peer_broadcast, "has peer 4294967295" },
	{ KPPTP_PRIV_CALL_NEW, new_flow, "has flow_control 3" },
	{ KPPTP_PRIV_CALL_NEW, new_flow_huge, "has flow_control 4294967295" },
	{ KPPTP_PRIV_CALL_NEW, new_window, "has window 0" },
	{ KPPTP_PRIV_CALL_NEW, new_has_peer, "has has_peer 2" },
	{ KPPTP_PRIV_CALL_NEW, new_hidden_id, "but peer_id 65535" },
	{ KPPTP_PRIV_CALL_NEW, new_hidden_window, "but peer_window 65535" },
	{ KPPTP_PRIV_CALL_NEW, new_hidden_ppd, "but peer_ppd 65535" },
	{ KPPTP_PRIV_CALL_NEW, new_zero, "padding 1" },
	{ KPPTP_PRIV_CALL_SET, set_zero, "call_set has padding 32768" },
	{ KPPTP_PRIV_CALL_READY, ready_err_positive, "call_ready has err 1" },
	{ KPPTP_PRIV_CALL_READY, ready_err_huge, "has err -2147483648" },
	{ KPPTP_PRIV_CALL_READY, ready_err_no_text, "text of length 0" },
	{ KPPTP_PRIV_CALL_READY, ready_text, "text of length 1" },
	{ KPPTP_PRIV_CALL_READY, ready_err_id, "err but id 65535" },
	{ KPPTP_PRIV_CALL_READY, ready_err_channel, "err but channel" },
	{ KPPTP_PRIV_CALL_READY, ready_zero, "padding 1" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_err, "has err 4096" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_err_below, "has err -4096" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_no_err, "text of length 4" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_no_text, "text of length 0" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_endless, "unterminated text" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_newline, "with byte 10" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_escape, "text of length 0" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_delete, "with byte 127" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_high, "with byte" },
	{ KPPTP_PRIV_CALL_SET_DONE, done_behind, "with byte 120" },
	{ KPPTP_PRIV_STATS, stats_err, "counters but err -1" },
	{ KPPTP_PRIV_STATS, stats_err_last, "counters but err -1" },
	{ KPPTP_PRIV_STATS, stats_err_positive, "has err 1" },
	{ KPPTP_PRIV_STATS, stats_zero, "padding 1" },
	{ KPPTP_PRIV_PPP_STARTED, started_zero, "has pid 0" },
	{ KPPTP_PRIV_PPP_STARTED, started_negative, "has pid -1" },
	{ KPPTP_PRIV_PPP_EXITED, exited_negative, "has status -2" },
	{ KPPTP_PRIV_PPP_EXITED, exited_huge, "has status 65536" },
	{ KPPTP_PRIV_PPP_EXITED, exited_no_text, "text of length 0" },
	{ KPPTP_PRIV_RELOAD, reload_len, "has len 16385" },
	{ KPPTP_PRIV_RELOAD, reload_len_huge, "has len 4294967295" },
	{ KPPTP_PRIV_RELOAD, reload_behind, "after its len, at 16383" },
};

static void test_bad_fields(void **state)
{
	static struct kpptp_priv_msg msg;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		make_valid(&msg, bad[i].type);
		bad[i].change(&msg);
		assert_invalid(&msg, kpptp_priv_size(msg.type), msg.type, bad[i].says);
	}
}

CHANGE(new_no_peer, msg->call_new.has_peer = 0; msg->call_new.peer_id = 0;
       msg->call_new.peer_window = 0; msg->call_new.peer_ppd = 0)
CHANGE(new_peer_zeroes, msg->call_new.peer_id = 0; msg->call_new.peer_window = 0;
       msg->call_new.peer_ppd = 0)
CHANGE(new_edges, msg->call_new.local = htonl(0x01000000); msg->call_new.peer = htonl(0xdfffffff);
       msg->call_new.window = 1)
CHANGE(new_outer_edges, msg->call_new.local = htonl(1); msg->call_new.peer = htonl(0xfffffffe);
       msg->call_new.window = 0xffff)
CHANGE(new_reserved, msg->call_new.local = htonl(0xf0000000))
CHANGE(ready_edges, msg->call_ready.id = 0; msg->call_ready.channel = 0;
       msg->call_ready.err = -4095; strcpy(msg->call_ready.text, " ~"))
CHANGE(exited_most, msg->ppp_exited.status = 0xffff)
CHANGE(exited_longest, memset(msg->ppp_exited.text, '~', KPPTP_PRIV_TEXT_SIZE - 1))
CHANGE(exited_never, msg->ppp_exited.status = -1)
CHANGE(reload_empty, memset(&msg->reload, 0, sizeof(msg->reload)))
CHANGE(stats_failed, memset(&msg->stats, 0, sizeof(msg->stats)); msg->stats.err = -4095)

/* The edges of what is valid. */
static void test_edges(void **state)
{
	static const struct {
		uint32_t type;
		change_fn *change;
	} good[] = {
		{ KPPTP_PRIV_CALL_NEW, new_no_peer },	 { KPPTP_PRIV_CALL_NEW, new_peer_zeroes },
		{ KPPTP_PRIV_CALL_NEW, new_edges },	 { KPPTP_PRIV_CALL_NEW, new_outer_edges },
		{ KPPTP_PRIV_CALL_NEW, new_reserved },	 { KPPTP_PRIV_CALL_READY, ready_edges },
		{ KPPTP_PRIV_PPP_EXITED, exited_most },	 { KPPTP_PRIV_PPP_EXITED, exited_longest },
		{ KPPTP_PRIV_PPP_EXITED, exited_never }, { KPPTP_PRIV_RELOAD, reload_empty },
		{ KPPTP_PRIV_STATS, stats_failed },
	};
	static struct kpptp_priv_msg msg;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		make_valid(&msg, good[i].type);
		good[i].change(&msg);
		assert_valid(&msg);
	}
}

static void test_text(void **state)
{
	char long_text[2 * KPPTP_PRIV_TEXT_SIZE];
	struct kpptp_priv_msg msg;

	(void)state;
	kpptp_priv_init(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	kpptp_priv_set_text(msg.ppp_exited.text, " a\nb\033c\xff\x7f~");
	assert_string_equal(msg.ppp_exited.text, " a?b?c??~");
	assert_valid(&msg);

	memset(long_text, 'x', sizeof(long_text));
	long_text[sizeof(long_text) - 1] = '\0';
	kpptp_priv_init(&msg, KPPTP_PRIV_PPP_EXITED, 1);
	kpptp_priv_set_text(msg.ppp_exited.text, long_text);
	assert_int_equal(strlen(msg.ppp_exited.text), KPPTP_PRIV_TEXT_SIZE - 1);
	assert_valid(&msg);
}

/* A message is valid for the receiver exactly if the sender would send it. */
static void check_noise(const uint8_t *bytes, size_t len)
{
	struct kpptp_priv_msg msg, sent = { 0 };
	char err[160] = "", why[160] = "";
	bool whole;

	if (kpptp_priv_parse_request(bytes, len, &msg, err, sizeof(err))) {
		assert_true(err[0]);
	} else {
		assert_in_range(msg.type, 1, KPPTP_PRIV_REQUEST_MAX);
		assert_int_equal(len, kpptp_priv_size(msg.type));
		assert_memory_equal(&msg, bytes, len);
	}
	whole = len >= 8 && len <= sizeof(sent);
	if (whole) {
		memcpy(&sent, bytes, len);
		whole = len == kpptp_priv_size(sent.type);
	}
	if (whole)
		assert_int_equal(!kpptp_priv_check_request(&sent, why, sizeof(why)), !err[0]);
	err[0] = '\0';
	if (kpptp_priv_parse_answer(bytes, len, &msg, err, sizeof(err))) {
		assert_true(err[0]);
		return;
	}
	assert_in_range(msg.type, KPPTP_PRIV_REQUEST_MAX + 1, KPPTP_PRIV_TYPE_MAX);
	assert_int_equal(len, kpptp_priv_size(msg.type));
	assert_memory_equal(&msg, bytes, len);
}

/* Whatever the bytes are, the parser must only look at what it was given. */
static void test_noise(void **state)
{
	static uint8_t noise[sizeof(struct kpptp_priv_msg) + 8];

	(void)state;
	srandom(2637);
	for (int round = 0; round < 20000; round++) {
		size_t len = (size_t)random() % 320;
		uint8_t *copy;

		for (size_t i = 0; i < len; i++)
			noise[i] = (uint8_t)random();
		if (len >= 4 && round % 2)
			memcpy(noise, &(uint32_t){ random() % 20 }, 4);
		/* Often as long as it should be, and at times longer than any. */
		if (round % 4 == 1)
			len = kpptp_priv_size(*(uint32_t *)noise);
		if (round % 1000 == 0)
			len = sizeof(noise) - random() % 10;
		/* At an odd address, and with nothing behind it for ASan. */
		copy = malloc(len + 1);
		assert_non_null(copy);
		memcpy(copy + 1, noise, len);
		check_noise(copy + 1, len);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid), cmocka_unit_test(test_heads),
		cmocka_unit_test(test_types), cmocka_unit_test(test_bad_fields),
		cmocka_unit_test(test_edges), cmocka_unit_test(test_text),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
