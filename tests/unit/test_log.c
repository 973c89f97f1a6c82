// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: what a line may contain, whatever text it quotes. */
#include <sys/stat.h>

#include "harness.h"
#include "monitor/log_relay.h"

static void logged_as(const char *text, const char *wanted)
{
	log_clear();
	kpptp_log(LOG_INFO, "say \"%s\"", text);
	assert_string_equal(log_text(log_mark), wanted);
}

static void one_line_of_printable_text(void **state)
{
	(void)state;
	logged_as("plain ~", "kpptpd: say \"plain ~\"\n");
	logged_as("a\nb\033[2J\x7f", "kpptpd: say \"a?b?[2J?\"\n");
	/* C1 as bytes and as characters; the direction of text. */
	logged_as("\x9b"
		  "2J\xc2\x9b"
		  "2J",
		  "kpptpd: say \"?2J??2J\"\n");
	logged_as("\xe2\x80\xae", "kpptpd: say \"???\"\n");
	logged_as("\xff\xc3", "kpptpd: say \"??\"\n");
	logged_as("\xc3\xa4", "kpptpd: say \"\xc3\xa4\"\n");
}

/* What is cut may be cut within a character. */
static void long_lines_are_cut(void **state)
{
	static char text[2 * KPPTP_LOG_LINE_MAX];
	const char *line;
	size_t len;

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa4", 2);
	log_clear();
	kpptp_log(LOG_INFO, "%s", text);
	kpptp_log(LOG_INFO, "x%s", text);
	line = log_text(log_mark);
	for (int i = 0; i < 2; i++) {
		len = strlen("kpptpd: ") + KPPTP_LOG_LINE_MAX - 1;
		assert_int_equal(line[len], '\n');
		assert_int_equal(line[len - 1], i ? '\xa4' : '?');
		line += len + 1;
	}
}

static void levels(void **state)
{
	(void)state;
	log_clear();
	kpptp_log_open(KPPTP_LOG_STDERR, LOG_NOTICE);
	kpptp_log(LOG_NOTICE, "this");
	kpptp_log(LOG_INFO, "not this");
	kpptp_log_open(KPPTP_LOG_STDERR, LOG_DEBUG);
	assert_string_equal(log_text(log_mark), "kpptpd: this\n");
}

static void fields_of_a_line(void **state)
{
	static const struct {
		const char *peer;
		uint16_t call_id;
		const char *fields[KPPTP_JOURNAL_FIELDS];
	} cases[] = {
		{ "0.0.0.0", 0, { "SYSLOG_IDENTIFIER=kpptpd", "PRIORITY=4" } },
		{ "192.0.2.7", 0, { "SYSLOG_IDENTIFIER=kpptpd", "PRIORITY=4", "PEER=192.0.2.7" } },
		{ "255.255.255.255",
		  65535,
		  { "SYSLOG_IDENTIFIER=kpptpd", "PRIORITY=4", "PEER=255.255.255.255",
		    "CALL_ID=65535" } },
	};
	char fields[KPPTP_JOURNAL_FIELDS][KPPTP_JOURNAL_FIELD_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kpptp_log_about about = { .call_id = cases[i].call_id };
		size_t n;

		inet_pton(AF_INET, cases[i].peer, &about.peer);
		n = kpptp_journal_fields(fields, LOG_WARNING, &about);
		for (size_t j = 0; j < n; j++)
			assert_string_equal(fields[j], cases[i].fields[j]);
		assert_true(n == KPPTP_JOURNAL_FIELDS || !cases[i].fields[n]);
	}
}

static void journal_is_recognised(void **state)
{
	static const struct {
		const char *value;
		bool is;
	} cases[] = {
		{ "8:12345", true },   { "8:12346", false },   { "9:12345", false },
		{ "8:123456", false }, { "8:12345 1", false }, { "8", false },
		{ "", false },	       { "journal", false },   { NULL, false },
	};
	const struct stat file = { .st_dev = 8, .st_ino = 12345 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (kpptp_journal_is_stream(cases[i].value, &file) != cases[i].is)
			fail_msg("%zu", i);
}

static void send_packet(int fd, uint8_t priority, const char *line)
{
	struct kpptp_log_packet packet = {
		.priority = priority,
		.about = { { 0xffffffff }, 0xffff },
	};
	size_t len = offsetof(struct kpptp_log_packet, line) + strlen(line);

	memcpy(packet.line, line, strlen(line));
	assert_int_equal(send(fd, &packet, len, 0), len);
}

/* A worker may send anything: each line stays one, and what is no line is dropped. */
static void what_a_worker_sends(void **state)
{
	struct event_base *loop = event_base_new();
	struct kpptp_log_relay *relay;
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	relay = kpptp_log_relay_new(loop, pair[0]);
	assert_non_null(relay);
	log_clear();
	send_packet(pair[1], LOG_INFO, "one\nPEER=192.0.2.1");
	send_packet(pair[1], LOG_DEBUG + 1, "no priority");
	send_packet(pair[1], LOG_INFO, "");
	assert_int_equal(send(pair[1], "\6", 1, 0), 1);
	send_packet(pair[1], LOG_INFO, "two");
	kpptp_log_relay_free(relay);
	assert_string_equal(log_text(log_mark), "kpptpd: one?PEER=192.0.2.1\nkpptpd: two\n");
	close(pair[1]);
	event_base_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_of_printable_text),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(levels),
		cmocka_unit_test(fields_of_a_line),
		cmocka_unit_test(journal_is_recognised),
		cmocka_unit_test(what_a_worker_sends),
	};

	return run_with_log("log", tests);
}
