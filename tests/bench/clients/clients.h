/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that is many PPTP clients: each has a control connection, a call, LCP,
 * MS-CHAPv2, MPPE with 128 bits and IPCP, all in one process. What the server
 * proves and offers is checked, and a client counts as up only when an encrypted
 * ping through its tunnel was answered.
 */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"
#include "wire.h"

#define SECOND 1000000ULL /* times are in microseconds */
#define NEVER  UINT64_MAX

enum phase {
	WAITING, /* to dial at @timer */
	CONNECTING,
	STARTING, /* until the Start-Control-Connection-Reply */
	CALLING, /* until the Outgoing-Call-Reply */
	LINK, /* LCP */
	AUTHENTICATING,
	NETWORK, /* CCP and IPCP */
	TRYING, /* pings until one is answered */
	UP,
	TERMINATING, /* until LCP's Terminate-Ack */
	CLEARING, /* until the Call-Disconnect-Notify */
	STOPPING, /* until the Stop-Control-Connection-Reply */
};

/* One of LCP, CCP and IPCP. */
struct negotiation {
	uint8_t id; /* of our last request */
	bool acked, acking; /* by the server; by us */
};

/* A packet that came before another; @len 0: none. */
#define HELD	  4
#define HELD_SIZE 512
struct held {
	uint32_t seq;
	size_t len;
	uint8_t frame[HELD_SIZE];
};

struct client {
	enum phase phase;
	uint64_t timer; /* send again, or begin */
	uint64_t deadline; /* give up */
	in_addr_t address; /* network byte order, and so is what follows */
	int fd;
	uint16_t id, peer_id; /* Call IDs */
	size_t len;
	uint8_t input[2 * KPPTP_MSG_MAX];

	/* GRE */
	uint32_t sent, received; /* numbers of the next, and of the last */
	bool any_received, ack_owed;
	struct held held[HELD];

	/* PPP */
	struct negotiation lcp, ccp, ipcp;
	uint32_t magic;
	bool wrong; /* dials with a wrong password */
	bool answered; /* its challenge */
	uint8_t chap_id;
	uint8_t challenge[MSCHAP_CHALLENGE];
	struct mschap chap;
	struct mppe tx, rx;
	in_addr_t inner, inner_peer;
	uint16_t pings;
	uint64_t heard; /* when a ping was answered */
	uint64_t ends; /* when it is to leave */
};

struct options {
	in_addr_t server, first;
	unsigned int addresses, sessions, at_once;
	const char *user, *password;
	unsigned int stay; /* seconds, on the average; 0: for good */
	unsigned int report; /* seconds between two lines; 0: none */
	long seed;
};

struct counters {
	unsigned int dialled, up, in_flight;
	unsigned int came_up; /* ever */
	unsigned int ended; /* by us, after it was up */
	unsigned int lost; /* not by us, after it was up */
	unsigned int refused; /* by a connection or a result code */
	unsigned int denied; /* a right password */
	unsigned int wrong; /* a wrong one, as it should be */
	unsigned int failed; /* anything else before it was up */
};

extern struct options options;
extern struct counters counters;

/* main.c */
uint64_t now(void);
/* The next phase, which has until @seconds from now. */
void client_phase(struct client *c, enum phase phase, unsigned int seconds);
bool client_in_flight(const struct client *c);
void client_is_up(struct client *c);
/* Back to WAITING; @counter, if any, and @why say what it was. */
void client_over(struct client *c, unsigned int *counter, const char *why);
struct client *client_by_id(uint16_t id);

/* control.c: the control connection */
void control_connect(struct client *c, int poller);
void control_event(struct client *c, uint32_t events);
void control_clear(struct client *c);
void control_stop(struct client *c);
void control_close(struct client *c, bool abort);

/* gre.c */
int gre_open(void);
void gre_read(void);
void gre_send(struct client *c, const uint8_t *frame, size_t len);
/* An acknowledgment alone, if one is owed. */
void gre_ack(struct client *c);

/* What waits for packets before it waits no longer. */
void gre_release(struct client *c);

/* ppp.c: what is in the frames */
#define FRAME_MAX 1500

void ppp_start(struct client *c);
void ppp_again(struct client *c); /* what was not answered */
void ppp_frame(struct client *c, uint8_t *frame, size_t len);
void ppp_send(struct client *c, uint16_t protocol, const uint8_t *data, size_t len);
void ppp_terminate(struct client *c);
void ppp_authenticated(struct client *c);

/* chap.c */
void chap_packet(struct client *c, const uint8_t *packet, size_t len);

/* options.c: what is negotiated, by the protocols' tables */
size_t options_ours(const struct client *c, uint16_t protocol, uint8_t *out);
/*
 * Judge @len bytes of theirs: the code of the answer, whose options are left in
 * @out, @out_len bytes.
 */
uint8_t options_judge(struct client *c, uint16_t protocol, const uint8_t *in, size_t len,
		      uint8_t *out, size_t *out_len);
/* A Configure-Nak. */
void options_suggested(struct client *c, uint16_t protocol, const uint8_t *in, size_t len);

/* ping.c */
void ping_send(struct client *c);
void ping_packet(struct client *c, const uint8_t *packet, size_t len);

#define PPP_IP	 0x0021
#define PPP_MPPE 0x00fd
#define PPP_IPCP 0x8021
#define PPP_CCP	 0x80fd
#define PPP_LCP	 0xc021
#define PPP_CHAP 0xc223

#define CONF_REQ  1
#define CONF_ACK  2
#define CONF_NAK  3
#define CONF_REJ  4
#define TERM_REQ  5
#define TERM_ACK  6
#define PROTO_REJ 8
#define ECHO_REQ  9
#define ECHO_REP  10

static inline void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static inline uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static inline void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

#endif
