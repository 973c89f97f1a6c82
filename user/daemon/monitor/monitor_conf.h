/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the monitor is told: how pppd is started, limits, times.
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
 * Plain data, so that a copy is a configuration of its own: a reload that fails
 * after it was read leaves nothing behind.
 *
 * The monitor gives the addresses, so that a worker that was taken over cannot
 * have a peer given an address, and with it a route, of its choice, nor one
 * address to two peers.
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
 * struct kpptp_monitor_conf - what the monitor is told by main()
 * @ppp: how pppd is started
 * @max_calls: calls that may exist at a time, not 0
 * @stop_grace: milliseconds that the worker may take to stop, not 0
 * @ppp_grace: milliseconds between SIGTERM and SIGKILL for pppd, not 0
 * @log: what the worker logs, to be written by us, see log_relay.h; belongs to
 *	the monitor. 0: there is no such descriptor.
 * @worker_files: descriptors that the worker may need
 * @kernel: NULL for the kernel; tests put another one here (kernel.h)
 * @reload: reads the configuration again, at SIGHUP. It fills @fresh, which
 *	comes as a copy of this struct, with the new @ppp (for pppds to come),
 *	@max_calls, @ppp_grace and @worker_files, the rest of it stays as it
 *	was; and @blob with what the worker is to know, at most @size bytes of
 *	plain data: the worker cannot open files. Returns the bytes of the
 *	blob, or -1 when the configuration is bad; it has logged why, and all
 *	stays as it was. It must keep nothing of what it read: the worker may
 *	not be reachable. NULL: SIGHUP is ignored, with a line in the log.
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
