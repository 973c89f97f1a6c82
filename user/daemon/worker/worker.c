// SPDX-License-Identifier: GPL-2.0-or-later
/* The worker: enters the sandbox, puts the parts together, runs the loop. */
#include "worker.h"

#include <event2/event.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdlib.h>

#include "config.h"
#include "dataplane.h"
#include "local.h"
#include "common/log.h"
#include "common/worker_conf.h"
#include "resources.h"
#include "sandbox.h"
#include "server.h"

/**
 * struct worker - the parts of the worker
 * @status: exit status, once the loop has ended
 */
struct worker {
	struct event_base *base;
	struct kpptp_server *server;
	struct kpptp_local *local;
	int status;
};

static void on_stopped(void *ctx)
{
	struct worker *w = ctx;

	w->status = EXIT_SUCCESS;
	event_base_loopbreak(w->base);
}

static void on_lost(void *ctx, const char *text)
{
	struct worker *w = ctx;

	kpptp_log(LOG_ERR, "worker: the monitor is gone: %s", text);
	w->status = EXIT_FAILURE;
	event_base_loopbreak(w->base);
}

static const struct kpptp_server_hooks hooks = {
	.stopped = on_stopped,
	.lost = on_lost,
};

static void ignore_signals(void)
{
	/* A terminal sends these to both processes; the monitor tells us. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	/* If a local client is gone write() returns an error, which is enough. */
	signal(SIGPIPE, SIG_IGN);
}

/*
 * json-c seeds its hash at the first object with a member, from /dev/urandom if
 * the kernel's own pool is not ready: the sandbox has no files.
 */
static void seed_json(void)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "seed", NULL);
	json_object_put(object);
}

static int enter_sandbox(const struct kpptp_config *config)
{
	struct kpptp_sandbox sandbox = {
		.user = config->user,
		.root = config->root,
		.files = kpptp_resources_files(config),
		.ports = config->dial_ports,
	};
	char why[256];

	seed_json();
	if (kpptp_sandbox_enter(&sandbox, why, sizeof(why)) == 0)
		return 0;
	kpptp_log(LOG_ERR, "worker: cannot enter the sandbox: %s", why);
	return -1;
}

static int worker_set_up(struct worker *w, const struct kpptp_worker_conf *conf)
{
	struct kpptp_dataplane *dp;

	w->base = event_base_new();
	if (!w->base)
		return -1;
	w->server = kpptp_server_new(w->base, conf->config, &hooks, w);
	if (!w->server)
		return -1;
	dp = kpptp_dataplane_open(w->base, conf->monitor_fd, &kpptp_server_dataplane_events,
				  w->server);
	if (!dp)
		return -1;
	kpptp_server_set_dataplane(w->server, dp);
	if (conf->listen_fd >= 0 && kpptp_server_listen(w->server, conf->listen_fd) < 0)
		return -1;
	w->local = kpptp_local_new(w->server, conf->local_fd, conf->group);
	if (!w->local)
		return -1;
	return kpptp_dataplane_ready(dp);
}

int kpptp_worker_run(const struct kpptp_worker_conf *conf)
{
	struct worker w = { .status = EXIT_FAILURE };

	ignore_signals();
	if (enter_sandbox(conf->config) < 0)
		return EXIT_FAILURE;
	if (worker_set_up(&w, conf) < 0)
		kpptp_log(LOG_ERR, "worker: cannot start: out of memory, or the monitor is gone");
	else
		event_base_dispatch(w.base);
	kpptp_local_free(w.local);
	kpptp_server_free(w.server);
	if (w.base)
		event_base_free(w.base);
	return w.status;
}
