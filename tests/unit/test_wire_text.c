// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words for messages, results and reasons that stand in the log.
 */
#include "wire_samples.h"

static void fact_15_general_errors_have_the_names_of_the_rfc(void **state)
{
	static const char *const names[] = {
		"None",	       "Not-Connected", "Bad-Format", "Bad-Value",
		"No-Resource", "Bad-Call ID",	"PAC-Error",  "unknown",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(kpptp_general_error_text(i), names[i]);
	assert_int_equal(KPPTP_ERR_BAD_VALUE, 3);
	assert_int_equal(KPPTP_ERR_PAC_ERROR, 6);
}

static void names_of_messages_results_and_reasons(void **state)
{
	static const struct {
		unsigned int type, code;
		const char *text;
	} results[] = {
		/* Sections 2.2, 2.4, 2.6, 2.8, 2.10 and 2.13. */
		{ KPPTP_SCCRP, 0, "unknown" },
		{ KPPTP_SCCRP, 1, "Successful channel establishment" },
		{ KPPTP_SCCRP, 2, "General Error" },
		{ KPPTP_SCCRP, 3, "Command channel already exists" },
		{ KPPTP_SCCRP, 4, "Requester is not authorized" },
		{ KPPTP_SCCRP, 5, "Protocol version not supported" },
		{ KPPTP_SCCRP, 6, "unknown" },
		{ KPPTP_STOPCCRP, 1, "OK" },
		{ KPPTP_STOPCCRP, 2, "General Error" },
		{ KPPTP_STOPCCRP, 3, "unknown" },
		{ KPPTP_ECHORP, 1, "OK" },
		{ KPPTP_ECHORP, 2, "General Error" },
		{ KPPTP_OCRP, 1, "Connected" },
		{ KPPTP_OCRP, 2, "General Error" },
		{ KPPTP_OCRP, 3, "No Carrier" },
		{ KPPTP_OCRP, 4, "Busy" },
		{ KPPTP_OCRP, 5, "No Dial Tone" },
		{ KPPTP_OCRP, 6, "Time-out" },
		{ KPPTP_OCRP, 7, "Do Not Accept" },
		{ KPPTP_OCRP, 8, "unknown" },
		{ KPPTP_ICRP, 1, "Connect" },
		{ KPPTP_ICRP, 2, "General Error" },
		{ KPPTP_ICRP, 3, "Do Not Accept" },
		{ KPPTP_CDN, 1, "Lost Carrier" },
		{ KPPTP_CDN, 2, "General Error" },
		{ KPPTP_CDN, 3, "Admin Shutdown" },
		{ KPPTP_CDN, 4, "Request" },
		{ KPPTP_CDN, 5, "unknown" },
		{ KPPTP_ECHORQ, 1, "unknown" },
		{ 16, 1, "unknown" },
	};
	/* Section 1.4. */
	static const char *const messages[] = {
		"unknown message",
		"Start-Control-Connection-Request",
		"Start-Control-Connection-Reply",
		"Stop-Control-Connection-Request",
		"Stop-Control-Connection-Reply",
		"Echo-Request",
		"Echo-Reply",
		"Outgoing-Call-Request",
		"Outgoing-Call-Reply",
		"Incoming-Call-Request",
		"Incoming-Call-Reply",
		"Incoming-Call-Connected",
		"Call-Clear-Request",
		"Call-Disconnect-Notify",
		"WAN-Error-Notify",
		"Set-Link-Info",
		"unknown message",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(results); i++)
		assert_string_equal(kpptp_result_text(results[i].type, results[i].code),
				    results[i].text);
	for (i = 0; i < ARRAY_SIZE(messages); i++)
		assert_string_equal(kpptp_msg_name(i), messages[i]);
	assert_string_equal(kpptp_stop_reason_text(0), "unknown");
	assert_string_equal(kpptp_stop_reason_text(1), "None");
	assert_string_equal(kpptp_stop_reason_text(2), "Stop-Protocol");
	assert_string_equal(kpptp_stop_reason_text(3), "Stop-Local-Shutdown");
	assert_string_equal(kpptp_stop_reason_text(4), "unknown");
}

static void results_are_described_in_full(void **state)
{
	static const struct {
		size_t sample;
		const char *text;
	} expected[] = {
		{ 1, "result 2 (General Error), error 4 (No-Resource)" },
		{ 3, "result 2 (General Error), error 6 (PAC-Error)" },
		{ 4, "Echo-Request" },
		{ 5, "result 1 (OK)" },
		{ 7, "result 2 (General Error), error 4 (No-Resource), cause 17" },
		{ 9, "result 2 (General Error), error 5 (Bad-Call ID)" },
		{ 12, "result 2 (General Error), error 6 (PAC-Error), cause 16" },
	};
	struct kpptp_reason why;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		kpptp_msg_result_describe(&samples[expected[i].sample].msg, &why);
		assert_string_equal(why.text, expected[i].text);
	}
}

/* The smallest cause is one, too. */
static void a_cause_is_described(void **state)
{
	struct kpptp_msg msg = { .type = KPPTP_CDN };
	struct kpptp_reason why;

	(void)state;
	msg.cdn.result_code = 4;
	kpptp_msg_result_describe(&msg, &why);
	assert_string_equal(why.text, "result 4 (Request)");
	msg.cdn.cause_code = 1;
	kpptp_msg_result_describe(&msg, &why);
	assert_string_equal(why.text, "result 4 (Request), cause 1");
}

static void reasons_cannot_forge_a_log_line(void **state)
{
	struct kpptp_reason why;
	char longer[400];

	(void)state;
	kpptp_reason_set(&why, "host \"%s\"", "a\nb\033[2J\x7f\xff");
	assert_string_equal(why.text, "host \"a?b?[2J??\"");
	kpptp_reason_set(&why, "%s", "\xc2\x9b\xe2\x80\xae\xc3\xa4");
	assert_string_equal(why.text, "?????\xc3\xa4");
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = 0;
	kpptp_reason_set(&why, "%s", longer);
	assert_int_equal(strlen(why.text), sizeof(why.text) - 1);
	kpptp_reason_set(NULL, "%s", longer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fact_15_general_errors_have_the_names_of_the_rfc),
		cmocka_unit_test(names_of_messages_results_and_reasons),
		cmocka_unit_test(results_are_described_in_full),
		cmocka_unit_test(a_cause_is_described),
		cmocka_unit_test(reasons_cannot_forge_a_log_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
