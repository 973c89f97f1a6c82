/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration: what /etc/kpptpd.conf says, checked.
 *
 * It is plain data without pointers, because the monitor reads the file and
 * sends the result to the worker, which can open none.
 */
#ifndef KPPTP_CONFIG_H
#define KPPTP_CONFIG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define KPPTP_CONFIG_PATH      "/etc/kpptpd.conf"
#define KPPTP_CONFIG_ALLOW_MAX 64

/* Most addresses that a pool may have. */
#define KPPTP_POOL_MAX 65536

/**
 * struct kpptp_prefix - addresses that begin alike
 * @addr: network byte order
 * @mask: network byte order
 */
struct kpptp_prefix {
	struct in_addr addr;
	struct in_addr mask;
};

/**
 * struct kpptp_range - addresses from one to another
 * @first: INADDR_ANY when there is no range
 * @last: included
 */
struct kpptp_range {
	struct in_addr first;
	struct in_addr last;
};

/**
 * struct kpptp_allow - who may connect
 * @count: prefixes; 0 = anyone
 */
struct kpptp_allow {
	unsigned int count;
	struct kpptp_prefix prefix[KPPTP_CONFIG_ALLOW_MAX];
};

#define KPPTP_CONFIG_PORTS_MAX 16

/**
 * struct kpptp_ports - TCP ports
 * @count: ports; 0 = any
 */
struct kpptp_ports {
	unsigned int count;
	uint16_t port[KPPTP_CONFIG_PORTS_MAX];
};

/**
 * struct kpptp_config - the whole configuration
 *
 * Each member is one key; settings.c has the table of them, with what they
 * mean, their ranges and their defaults.
 */
struct kpptp_config {
	/* [server] */
	bool enable;
	struct in_addr listen;
	unsigned int port;
	char host_name[64];
	char vendor[64];
	struct kpptp_allow allow;
	/* [call] */
	unsigned int window;
	uint32_t flow_control;
	uint32_t link_info;
	/* [ppp] */
	char pppd[256];
	char plugin[256];
	char options[256];
	struct in_addr local_address;
	struct kpptp_range remote_addresses;
	/* [control] */
	char socket[108];
	char group[64];
	/* [limits] */
	unsigned int connections;
	unsigned int half_open;
	unsigned int per_address;
	unsigned int connection_rate;
	unsigned int calls;
	unsigned int calls_per_connection;
	unsigned int calls_per_address;
	unsigned int call_rate;
	unsigned int unauthenticated;
	/* [worker] */
	char user[64];
	char root[256];
	struct kpptp_ports dial_ports;
	/* [timers], seconds */
	unsigned int echo_interval;
	unsigned int reply_timeout;
	unsigned int idle_timeout;
	unsigned int pppd_stop_timeout;
};

/**
 * typedef kpptp_config_report_fn - receives what is wrong with a configuration
 * @text: one line: file, line, key, what was expected
 */
typedef void (*kpptp_config_report_fn)(void *ctx, const char *text);

/**
 * kpptp_config_defaults() - what holds without a file
 */
void kpptp_config_defaults(struct kpptp_config *config);

/**
 * kpptp_config_read() - read a file, all of it, and check it
 * @config: filled; keys that the file lacks have their defaults
 * @path: the file
 * @missing_ok: a file that does not exist is an empty one
 * @report: called for each error, in the order of the lines
 * @ctx: its first argument
 *
 * Return: 0, or -1 after @report was called at least once; @config is then
 * not to be used.
 */
int kpptp_config_read(struct kpptp_config *config, const char *path, bool missing_ok,
		      kpptp_config_report_fn report, void *ctx);

/**
 * kpptp_config_allows() - may this address connect?
 */
bool kpptp_config_allows(const struct kpptp_config *config, struct in_addr addr);

/**
 * kpptp_config_dials() - may this port be dialed?
 */
bool kpptp_config_dials(const struct kpptp_config *config, uint16_t port);

#endif /* KPPTP_CONFIG_H */
