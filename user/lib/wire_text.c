// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The RFC's names of its codes, for log lines: results, reasons, errors.
 */
#include "wire.h"

#include <stdio.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const char *text_of(const char *const *texts, size_t count, unsigned int code)
{
	return code < count && texts[code] ? texts[code] : "unknown";
}

const char *kpptp_general_error_text(unsigned int code)
{
	static const char *const texts[] = {
		"None",	       "Not-Connected", "Bad-Format", "Bad-Value",
		"No-Resource", "Bad-Call ID",	"PAC-Error",
	};

	return text_of(texts, ARRAY_SIZE(texts), code);
}

const char *kpptp_stop_reason_text(unsigned int reason)
{
	static const char *const texts[] = {
		NULL,
		"None",
		"Stop-Protocol",
		"Stop-Local-Shutdown",
	};

	return text_of(texts, ARRAY_SIZE(texts), reason);
}

#define RESULTS_MAX 8

const char *kpptp_result_text(unsigned int type, unsigned int code)
{
	static const char *const texts[KPPTP_MSG_TYPES + 1][RESULTS_MAX] = {
		[KPPTP_SCCRP] = { NULL, "Successful channel establishment", "General Error",
				  "Command channel already exists", "Requester is not authorized",
				  "Protocol version not supported" },
		[KPPTP_STOPCCRP] = { NULL, "OK", "General Error" },
		[KPPTP_ECHORP] = { NULL, "OK", "General Error" },
		[KPPTP_OCRP] = { NULL, "Connected", "General Error", "No Carrier", "Busy",
				 "No Dial Tone", "Time-out", "Do Not Accept" },
		[KPPTP_ICRP] = { NULL, "Connect", "General Error", "Do Not Accept" },
		[KPPTP_CDN] = { NULL, "Lost Carrier", "General Error", "Admin Shutdown",
				"Request" },
	};

	if (type > KPPTP_MSG_TYPES)
		return "unknown";
	return text_of(texts[type], RESULTS_MAX, code);
}

bool kpptp_msg_result(const struct kpptp_msg *msg, unsigned int *result, unsigned int *error)
{
	switch (msg->type) {
#define RESULT_OF(TYPE, member)                                                                    \
	case KPPTP_##TYPE:                                                                         \
		*result = msg->member.result_code;                                                 \
		*error = msg->member.error_code;                                                   \
		return true;
		RESULT_OF(SCCRP, sccrp)
		RESULT_OF(STOPCCRP, stopccrp)
		RESULT_OF(ECHORP, echorp)
		RESULT_OF(OCRP, ocrp)
		RESULT_OF(ICRP, icrp)
		RESULT_OF(CDN, cdn)
#undef RESULT_OF
	default:
		return false;
	}
}

void kpptp_msg_result_describe(const struct kpptp_msg *msg, struct kpptp_reason *why)
{
	unsigned int result, error, cause = 0;
	char error_part[48] = "";
	char cause_part[24] = "";

	if (!kpptp_msg_result(msg, &result, &error)) {
		kpptp_reason_set(why, "%s", kpptp_msg_name(msg->type));
		return;
	}
	if (msg->type == KPPTP_OCRP)
		cause = msg->ocrp.cause_code;
	else if (msg->type == KPPTP_CDN)
		cause = msg->cdn.cause_code;
	if (error)
		snprintf(error_part, sizeof(error_part), ", error %u (%s)", error,
			 kpptp_general_error_text(error));
	if (cause)
		snprintf(cause_part, sizeof(cause_part), ", cause %u", cause);
	kpptp_reason_set(why, "result %u (%s)%s%s", result, kpptp_result_text(msg->type, result),
			 error_part, cause_part);
}
