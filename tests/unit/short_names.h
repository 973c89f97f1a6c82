/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Short names of messages, for the cells of the tables. */
#ifndef KPPTP_TEST_SHORT_NAMES_H
#define KPPTP_TEST_SHORT_NAMES_H

#include "wire.h"

static inline const char *short_name(enum kpptp_msg_type type)
{
	static const char *const names[] = {
		"?",	"SCCRQ", "SCCRP", "StopRQ", "StopRP", "EchoRQ", "EchoRP", "OCRQ",
		"OCRP", "ICRQ",	 "ICRP",  "ICCN",   "CCRQ",   "CDN",	"WEN",	  "SLI",
	};

	return names[type];
}

#endif /* KPPTP_TEST_SHORT_NAMES_H */
