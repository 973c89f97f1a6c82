// SPDX-License-Identifier: GPL-2.0-or-later
/* The monitor's kernel: the module kpptp through libkpptp, see kernel.h. */
#include "kernel.h"

#include <errno.h>
#include <stdlib.h>

#include <event2/event.h>

#include "common/log.h"
#include "module.h"
#include "nl.h"

struct kernel {
	struct kpptp_nl *nl;
	struct event *readable;
	const struct kpptp_kernel_events *events;
	void *ctx;
};

static void on_event(uint8_t cmd, const struct kpptp_call_info *info, void *ctx)
{
	const struct kernel *kernel = ctx;
	const struct kpptp_call_key key = {
		.local = info->conf.local,
		.peer = info->conf.peer,
		.id = info->conf.id,
	};

	if (cmd == KPPTP_CMD_CALL_DEL_NTF)
		kernel->events->deleted(kernel->ctx, &key, info->channel);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct kernel *kernel = arg;
	struct kpptp_error error;
	int err;

	(void)fd;
	(void)what;
	err = kpptp_nl_receive(kernel->nl, on_event, kernel, &error);
	if (!err)
		return;
	if (err != -ENOBUFS)
		kpptp_log(LOG_WARNING, "kernel events: %s", error.text);
	kernel->events->lost(kernel->ctx);
}

static void kernel_close(void *arg)
{
	struct kernel *kernel = arg;

	if (kernel->readable)
		event_free(kernel->readable);
	kpptp_nl_close(kernel->nl);
	free(kernel);
}

static int kernel_connect(struct kernel *kernel, struct event_base *base, struct kpptp_error *error)
{
	int err;

	err = kpptp_module_load(error->text, sizeof(error->text));
	if (err)
		return err;
	err = kpptp_nl_open(&kernel->nl, error);
	if (err)
		return err;
	err = kpptp_nl_subscribe(kernel->nl, error);
	if (err)
		return err;
	kernel->readable = event_new(base, kpptp_nl_event_fd(kernel->nl), EV_READ | EV_PERSIST,
				     on_readable, kernel);
	if (!kernel->readable || event_add(kernel->readable, NULL))
		return kpptp_fail(error, -ENOMEM, "out of memory");
	return 0;
}

static void *kernel_open(struct event_base *base, const struct kpptp_kernel_events *events,
			 void *ctx, struct kpptp_error *error)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));

	if (!kernel) {
		kpptp_fail(error, -ENOMEM, "out of memory");
		return NULL;
	}
	kernel->events = events;
	kernel->ctx = ctx;
	if (!kernel_connect(kernel, base, error))
		return kernel;
	kernel_close(kernel);
	return NULL;
}

static int call_new(void *kernel, const struct kpptp_call_conf *conf, struct kpptp_call_info *info,
		    struct kpptp_error *error)
{
	return kpptp_nl_call_new(((struct kernel *)kernel)->nl, conf, info, error);
}

static int call_set(void *kernel, const struct kpptp_call_conf *conf, struct kpptp_error *error)
{
	return kpptp_nl_call_set(((struct kernel *)kernel)->nl, conf, error);
}

static int call_del(void *kernel, const struct kpptp_call_key *key, struct kpptp_error *error)
{
	return kpptp_nl_call_del(((struct kernel *)kernel)->nl, key, error);
}

static int call_get(void *kernel, const struct kpptp_call_key *key, struct kpptp_call_info *info,
		    struct kpptp_error *error)
{
	return kpptp_nl_call_get(((struct kernel *)kernel)->nl, key, info, error);
}

const struct kpptp_kernel_ops kpptp_kernel_ops = {
	.open = kernel_open,
	.close = kernel_close,
	.call_new = call_new,
	.call_set = call_set,
	.call_del = call_del,
	.call_get = call_get,
};
