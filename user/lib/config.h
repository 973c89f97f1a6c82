/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration: the contents of /etc/kpptpd.conf, checked.
 *
 * Plain data without pointers: the monitor reads the file and sends the result
 * to the worker, which cannot open files.
 */
#ifndef KPPTP_CONFIG_H
#define KPPTP_CONFIG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define KPPTP_CONFIG_PATH      "/etc/kpptpd.conf"
#define KPPTP_CONFIG_ALLOW_MAX 64

/* Maximum number of addresses in a pool. */
#define KPPTP_POOL_MAX 65536

/**
 * struct kpptp_prefix - an IPv4 prefix
 * @addr: network byte order
 * @mask: network byte order
 */
struct kpptp_prefix {
	struct in_addr addr;
	struct in_addr mask;
};

/**
 * struct kpptp_range - a range of addresses
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
 * Each member is one key; the table in settings.c has their meanings, ranges
 * and defaults.
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
 * typedef kpptp_config_report_fn - receives an error in a configuration
 * @text: one line: file, line, key, what was expected
 */
typedef void (*kpptp_config_report_fn)(void *ctx, const char *text);

/**
 * kpptp_config_defaults() - the configuration without a file
 */
void kpptp_config_defaults(struct kpptp_config *config);

/**
 * kpptp_config_read() - read and check a whole file
 * @config: filled; missing keys take their defaults
 * @path: the file
 * @missing_ok: treat a missing file as an empty one
 * @report: called for each error, in line order
 * @ctx: its first argument
 *
 * Return: 0, or -1 after at least one call of @report; @config must then not be
 * used.
 */
int kpptp_config_read(struct kpptp_config *config, const char *path, bool missing_ok,
		      kpptp_config_report_fn report, void *ctx);

/**
 * kpptp_config_allows() - may this address connect?
 */
bool kpptp_config_allows(const struct kpptp_config *config, struct in_addr addr);

/**
 * kpptp_config_dials() - may this port be dialled?
 */
bool kpptp_config_dials(const struct kpptp_config *config, uint16_t port);

#endif /* KPPTP_CONFIG_H */
