// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may open a control connection to us, and how many. */
#include "admit.h"

#include <stdarg.h>
#include <stdio.h>

#include "config.h"
#include "rate.h"
#include "wire.h"

#define SECOND 1000

static void __attribute__((format(printf, 5, 6)))
admit_decide(struct kpptp_admission *out, enum kpptp_admit_verdict verdict, uint8_t result,
	     uint8_t error, const char *fmt, ...)
{
	va_list ap;

	out->verdict = verdict;
	out->make_room = false;
	out->result = result;
	out->error = error;
	va_start(ap, fmt);
	vsnprintf(out->text, sizeof(out->text), fmt, ap);
	va_end(ap);
}

/*
 * The order matters. A refusal that is answered occupies a connection for a
 * while, so no single address may have more than twice its share of them.
 * Half-open ones are limited elsewhere: an older one makes room (hosts.h).
 */
void kpptp_admit(struct kpptp_admission *out, const struct kpptp_config *config,
		 const struct kpptp_admit_load *load, struct kpptp_rate *rate, struct in_addr peer,
		 uint64_t now)
{
	if (!kpptp_rate_allows(rate, config->connection_rate, SECOND, now))
		admit_decide(out, KPPTP_ADMIT_DROP, 0, 0,
			     "limit connection-rate=%u per second is reached",
			     config->connection_rate);
	else if (load->from_address >= 2 * config->per_address)
		admit_decide(out, KPPTP_ADMIT_DROP, 0, 0,
			     "twice the limit per-address=%u is reached", config->per_address);
	else if (!kpptp_config_allows(config, peer))
		admit_decide(out, KPPTP_ADMIT_REFUSE, KPPTP_SCCRP_NOT_AUTHORIZED, 0,
			     "the address is not in the list \"allow\"");
	else if (load->from_address >= config->per_address)
		admit_decide(out, KPPTP_ADMIT_REFUSE, KPPTP_RESULT_GENERAL_ERROR,
			     KPPTP_ERR_NO_RESOURCE, "limit per-address=%u is reached",
			     config->per_address);
	else if (load->connections >= config->connections && !load->can_make_room)
		admit_decide(out, KPPTP_ADMIT_REFUSE, KPPTP_RESULT_GENERAL_ERROR,
			     KPPTP_ERR_NO_RESOURCE, "limit connections=%u is reached",
			     config->connections);
	else
		admit_decide(out, KPPTP_ADMIT_YES, 0, 0, "admitted");
	if (out->verdict == KPPTP_ADMIT_YES)
		out->make_room = load->connections >= config->connections;
}
