/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may open a control connection to us, and how many. Pure: the numbers
 * and the time are arguments.
 */
#ifndef KPPTP_ADMIT_H
#define KPPTP_ADMIT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct kpptp_config;
struct kpptp_rate;

/**
 * enum kpptp_admit_verdict - what to do with a connection
 * @KPPTP_ADMIT_YES: serve it
 * @KPPTP_ADMIT_REFUSE: take it, and answer its request with a result code
 * @KPPTP_ADMIT_DROP: close it at once; it came in such a number that waiting
 *	for its request would itself be the harm
 */
enum kpptp_admit_verdict {
	KPPTP_ADMIT_YES,
	KPPTP_ADMIT_REFUSE,
	KPPTP_ADMIT_DROP,
};

/**
 * struct kpptp_admit_load - what there is already
 * @connections: control connections, all of them
 * @from_address: those from the address in question
 * @can_make_room: one of @connections would give way (kpptp_hosts_evict())
 */
struct kpptp_admit_load {
	unsigned int connections;
	unsigned int from_address;
	bool can_make_room;
};

/**
 * struct kpptp_admission - the decision
 * @verdict: what to do
 * @make_room: KPPTP_ADMIT_YES: another must give way
 * @result: KPPTP_ADMIT_REFUSE: Result Code of the reply (RFC 2637 section 2.2)
 * @error: KPPTP_ADMIT_REFUSE: its Error Code
 * @text: why not, naming the setting that has it so
 */
struct kpptp_admission {
	enum kpptp_admit_verdict verdict;
	bool make_room;
	uint8_t result;
	uint8_t error;
	char text[96];
};

/**
 * kpptp_admit() - decide about a connection that was just accepted
 * @load: without the connection in question
 * @rate: of new connections; updated
 * @peer: where it comes from
 * @now: monotonic milliseconds
 */
void kpptp_admit(struct kpptp_admission *out, const struct kpptp_config *config,
		 const struct kpptp_admit_load *load, struct kpptp_rate *rate, struct in_addr peer,
		 uint64_t now);

#endif /* KPPTP_ADMIT_H */
