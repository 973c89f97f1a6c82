/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may open a control connection to us, and how many. Pure: the numbers
 * and the time are arguments.
 */
#ifndef KPPTP_ADMIT_H
#define KPPTP_ADMIT_H

#include <netinet/in.h>
#include <stdint.h>

struct kpptp_config;

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
 */
struct kpptp_admit_load {
	unsigned int connections;
	unsigned int from_address;
};

/**
 * struct kpptp_admit_rate - new connections in a second; zero at the beginning
 * @tokens: thousandths of a connection that may come now
 * @last: when @tokens was right, monotonic milliseconds
 */
struct kpptp_admit_rate {
	uint64_t tokens;
	uint64_t last;
};

/**
 * struct kpptp_admission - the decision
 * @verdict: what to do
 * @result: KPPTP_ADMIT_REFUSE: Result Code of the reply (RFC 2637 section 2.2)
 * @error: KPPTP_ADMIT_REFUSE: its Error Code
 * @text: why not, naming the setting that has it so
 */
struct kpptp_admission {
	enum kpptp_admit_verdict verdict;
	uint8_t result;
	uint8_t error;
	char text[96];
};

/**
 * kpptp_admit() - decide about a connection that was just accepted
 * @load: without the connection in question
 * @rate: updated
 * @peer: where it comes from
 * @now: monotonic milliseconds
 */
void kpptp_admit(struct kpptp_admission *out, const struct kpptp_config *config,
		 const struct kpptp_admit_load *load,
		 struct kpptp_admit_rate *rate, struct in_addr peer,
		 uint64_t now);

#endif /* KPPTP_ADMIT_H */
