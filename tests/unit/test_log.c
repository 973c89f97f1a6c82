// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: what a line may contain, whatever text it quotes. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_of_printable_text),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(levels),
	};

	return run_with_log("log", tests);
}
