/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may open a control connection to us, and how many. Pure: the load and the
 * time are arguments.
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
 * @KPPTP_ADMIT_REFUSE: accept it, and answer its request with a result code
 * @KPPTP_ADMIT_DROP: close it at once; there are so many that waiting for their
 *	requests would itself do harm
 */
enum kpptp_admit_verdict {
	KPPTP_ADMIT_YES,
	KPPTP_ADMIT_REFUSE,
	KPPTP_ADMIT_DROP,
};

/**
 * struct kpptp_admit_load - what exists already
 * @connections: number of control connections
 * @from_address: number of those from the address in question
 * @can_make_room: one of @connections can be evicted (kpptp_hosts_evict())
 */
struct kpptp_admit_load {
	unsigned int connections;
	unsigned int from_address;
	bool can_make_room;
};

/**
 * struct kpptp_admission - the decision
 * @verdict: what to do
 * @make_room: for KPPTP_ADMIT_YES: another connection must be evicted
 * @result: for KPPTP_ADMIT_REFUSE: Result Code of the reply (RFC 2637 section 2.2)
 * @error: for KPPTP_ADMIT_REFUSE: its Error Code
 * @text: why not, naming the setting responsible
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
 * @load: not counting this connection
 * @rate: of new connections; updated
 * @peer: the connection's source address
 * @now: monotonic milliseconds
 */
void kpptp_admit(struct kpptp_admission *out, const struct kpptp_config *config,
		 const struct kpptp_admit_load *load, struct kpptp_rate *rate, struct in_addr peer,
		 uint64_t now);

#endif /* KPPTP_ADMIT_H */
