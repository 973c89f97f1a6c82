/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor's configuration: how to start pppd, limits, timeouts.
 */
#ifndef KPPTP_MONITOR_CONF_H
#define KPPTP_MONITOR_CONF_H

#include <netinet/in.h>
#include <stddef.h>
#include <sys/types.h>

struct kpptp_kernel_ops;

/**
 * struct kpptp_monitor_ppp - how pppd is started
 * @pppd: path of pppd, absolute
 * @plugin: name or path of our plugin
 * @options: path of the options file, absolute
 * @local: our PPP address; INADDR_ANY: pppd's options decide
 * @remote_first: lowest address of the pool of peers' PPP addresses, or
 *	INADDR_ANY: pppd's options decide
 * @remote_last: highest address of that pool, included
 *
 * Plain data, so that a copy is independent: a reload that fails halfway leaves
 * nothing behind.
 *
 * The monitor assigns the addresses, so that a compromised worker cannot give a
 * peer an address (and with it a route) of its choice, nor one address to two
 * peers.
 */
struct kpptp_monitor_ppp {
	char pppd[256];
	char plugin[256];
	char options[256];
	struct in_addr local;
	struct in_addr remote_first;
	struct in_addr remote_last;
};

/**
 * struct kpptp_monitor_conf - what main() tells the monitor
 * @ppp: how pppd is started
 * @max_calls: maximum number of calls at a time, not 0
 * @stop_grace: milliseconds that the worker may take to stop, not 0
 * @ppp_grace: milliseconds between SIGTERM and SIGKILL for pppd, not 0
 * @log: socket for what the worker logs, which we write, see log_relay.h; owned
 *	by the monitor. 0: there is none.
 * @worker_files: descriptors that the worker may need
 * @kernel: NULL for the real kernel; tests supply their own (kernel.h)
 * @reload: reads the configuration again, on SIGHUP. Fills @fresh, which is
 *	passed in as a copy of this struct, with the new @ppp (for future
 *	pppds), @max_calls, @ppp_grace and @worker_files, and leaves the rest;
 *	and @blob with what the worker must know, at most @size bytes of plain
 *	data: the worker cannot open files. Returns the size of the blob, or -1
 *	if the configuration is bad: it has logged why, and nothing changes. It
 *	must not keep what it read: the worker may be unreachable. NULL: SIGHUP
 *	is ignored, with a log line.
 * @ctx: argument of @reload
 */
struct kpptp_monitor_conf {
	struct kpptp_monitor_ppp ppp;
	unsigned int max_calls;
	unsigned int stop_grace;
	unsigned int ppp_grace;
	int log;
	unsigned int worker_files;
	const struct kpptp_kernel_ops *kernel;
	ssize_t (*reload)(void *ctx, struct kpptp_monitor_conf *fresh, void *blob, size_t size);
	void *ctx;
};

#endif /* KPPTP_MONITOR_CONF_H */
