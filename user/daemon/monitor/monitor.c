// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The monitor's main loop: the worker, signals, and the order of shutdown (see
 * monitor.h). The worker's requests are carried out in requests.c.
 */
#include "monitor.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>

#include <event2/event.h>
#include <systemd/sd-daemon.h>

#include "family.h"
#include "common/log.h"
#include "log_relay.h"
#include "monitor_conf.h"
#include "common/port.h"
#include "common/priv.h"
#include "requests.h"
#include "resources.h"

/**
 * enum phase - progress of the shutdown
 * @RUNNING: not begun
 * @STOPPING: requested by a signal, the worker was told
 * @ENDING: the worker is dead, pppds are being reaped
 * @KILLING: remaining pppds, and their scripts, are being killed
 */
enum phase { RUNNING, STOPPING, ENDING, KILLING };

#define SIGNALS 4

/* Time to kill and reap those that are late. */
#define STOP_MARGIN_MS 10000

struct monitor {
	const struct kpptp_monitor_conf *conf;
	struct event_base *base;
	struct event *signals[SIGNALS];
	/* For the worker, then for the pppds, then to kill again. */
	struct event *deadline;
	unsigned int ppp_grace;
	/* As of the last reload; 0 before the first one. */
	unsigned int worker_files;
	struct kpptp_port *port;
	struct kpptp_log_relay *log;
	struct kpptp_requests *requests;
	enum phase phase;
	/* 0 once it was reaped. */
	pid_t worker;
	/* We killed the worker; the reason is logged already. */
	bool killed;
	int status;
};

static void monitor_disconnect(struct monitor *m)
{
	if (m->requests)
		kpptp_requests_answer_to(m->requests, NULL);
	kpptp_port_free(m->port);
	m->port = NULL;
}

static void monitor_kill_worker(struct monitor *m)
{
	m->killed = true;
	monitor_disconnect(m);
	if (m->worker)
		kill(m->worker, SIGKILL);
}

/* Time for the worker, or the pppds, to end before they are killed. */
static void monitor_start_deadline(struct monitor *m, unsigned int ms)
{
	const struct timeval grace = {
		.tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000,
	};

	evtimer_add(m->deadline, &grace);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct monitor *m = arg;

	(void)fd;
	(void)what;
	if (m->phase == KILLING) {
		kpptp_requests_kill(m->requests);
		return;
	}
	if (m->phase == ENDING) {
		kpptp_log(LOG_WARNING,
			  "%u pppds or their scripts have not ended after %u s: killing them; pppd-stop-timeout= in [timers] gives them more time",
			  kpptp_requests_children(m->requests), m->ppp_grace / 1000);
		m->phase = KILLING;
		kpptp_requests_kill(m->requests);
		return;
	}
	kpptp_log(LOG_ERR, "the worker has not ended after %u ms: killing it", m->conf->stop_grace);
	monitor_kill_worker(m);
}

static void monitor_grant_files(const struct monitor *m)
{
	if (m->worker && m->worker_files)
		kpptp_resources_grant(m->worker, m->worker_files);
}

/* It has applied its initial limits, maybe lowering those raised by a reload. */
static void monitor_worker_ready(const struct monitor *m)
{
	monitor_grant_files(m);
	sd_notify(0, "READY=1");
}

static void on_message(void *ctx, const void *buf, size_t len)
{
	struct monitor *m = ctx;
	struct kpptp_priv_msg msg;
	char err[160];
	int ret;

	ret = kpptp_priv_parse_request(buf, len, &msg, err, sizeof(err));
	if (!ret && msg.type == KPPTP_PRIV_READY)
		monitor_worker_ready(m);
	else if (!ret)
		ret = kpptp_requests_do(m->requests, &msg, err, sizeof(err));
	if (!ret)
		return;
	kpptp_log(LOG_CRIT,
		  "the worker broke the protocol (%s), it may be compromised: ending all calls",
		  err);
	monitor_kill_worker(m);
}

/* Its death should follow; if it lives on without us, kill it. */
static void on_closed(void *ctx)
{
	struct monitor *m = ctx;

	monitor_disconnect(m);
	if (m->phase == RUNNING)
		monitor_start_deadline(m, m->conf->stop_grace);
}

static const struct kpptp_port_events port_events = {
	.message = on_message,
	.closed = on_closed,
};

/*
 * The service manager would kill everything after its own TimeoutStopSec=,
 * which does not know how long pppds may take.
 */
static void monitor_announce_stop(const struct monitor *m)
{
	uint64_t ms = (uint64_t)m->conf->stop_grace + m->ppp_grace + STOP_MARGIN_MS;

	sd_notifyf(0, "STOPPING=1\nEXTEND_TIMEOUT_USEC=%" PRIu64, ms * 1000);
}

static void monitor_stop(struct monitor *m)
{
	struct kpptp_priv_msg msg;

	if (m->phase != RUNNING)
		return;
	kpptp_log(LOG_NOTICE, "stopping");
	m->phase = STOPPING;
	monitor_announce_stop(m);
	kpptp_priv_init(&msg, KPPTP_PRIV_STOP, 0);
	if (m->port)
		kpptp_port_send(m->port, &msg, true);
	monitor_start_deadline(m, m->conf->stop_grace);
}

/* Returns 0, or -1 with the reason logged and nothing changed. */
static int monitor_reload_conf(struct monitor *m)
{
	struct kpptp_monitor_conf fresh = *m->conf;
	struct kpptp_priv_msg msg;
	ssize_t len;
	int err;

	kpptp_priv_init(&msg, KPPTP_PRIV_RELOAD, 0);
	len = m->conf->reload(m->conf->ctx, &fresh, msg.reload.blob, sizeof(msg.reload.blob));
	if (len < 0)
		return -1;
	/* Either both sides apply it, or neither. */
	msg.reload.len = len;
	err = m->port ? kpptp_port_send(m->port, &msg, false) : -EPIPE;
	if (err) {
		kpptp_log(LOG_ERR, "cannot send the configuration to the worker: %s",
			  strerror(-err));
		return -1;
	}
	kpptp_requests_reload(m->requests, &fresh);
	m->ppp_grace = fresh.ppp_grace;
	m->worker_files = fresh.worker_files;
	monitor_grant_files(m);
	return 0;
}

static void monitor_reload(struct monitor *m)
{
	struct timespec now;

	if (m->phase != RUNNING)
		return;
	if (!m->conf->reload) {
		kpptp_log(LOG_WARNING, "SIGHUP: nothing to reload");
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		   (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	if (monitor_reload_conf(m))
		kpptp_log(LOG_ERR, "keeping the old configuration");
	else
		/* The worker logs what is different. */
		kpptp_log(LOG_DEBUG, "the worker has the new configuration");
	sd_notify(0, "READY=1");
}

static void monitor_log_death(const struct monitor *m, int status)
{
	if (m->killed)
		kpptp_log(LOG_ERR, "the worker was killed; all calls end");
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		kpptp_log(LOG_CRIT,
			  "the worker made a system call that its sandbox forbids (the audit log names it); all calls end");
	else if (WIFSIGNALED(status))
		kpptp_log(LOG_CRIT, "the worker died of signal %d (%s); all calls end",
			  WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		kpptp_log(LOG_ERR, "the worker exited with status %d; all calls end",
			  WEXITSTATUS(status));
}

static void monitor_worker_reaped(struct monitor *m, int status)
{
	bool in_order = m->phase == STOPPING && !m->killed && status == 0;

	/* Log the rest of its lines before ours. */
	kpptp_log_relay_free(m->log);
	m->log = NULL;
	m->worker = 0;
	m->phase = ENDING;
	m->status = in_order ? 0 : 1;
	if (!in_order)
		monitor_log_death(m, status);
	monitor_disconnect(m);
	kpptp_requests_end(m->requests);
	monitor_start_deadline(m, m->ppp_grace);
}

static void monitor_reap(struct monitor *m)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == m->worker)
			monitor_worker_reaped(m, status);
		else
			kpptp_requests_reap(m->requests, pid, status);
	}
	if (m->phase < ENDING)
		return;
	/* The children of killed ones become ours: kill them in turn. */
	if (pid < 0 || !kpptp_requests_children(m->requests))
		event_base_loopbreak(m->base);
	else if (m->phase == KILLING && !evtimer_pending(m->deadline, NULL))
		monitor_start_deadline(m, KPPTP_FAMILY_INTERVAL_MS);
}

static void on_signal(evutil_socket_t sig, short what, void *arg)
{
	struct monitor *m = arg;

	(void)what;
	switch (sig) {
	case SIGCHLD:
		monitor_reap(m);
		break;
	case SIGHUP:
		monitor_reload(m);
		break;
	default:
		monitor_stop(m);
	}
}

static int monitor_add_signals(struct monitor *m)
{
	static const int numbers[SIGNALS] = { SIGCHLD, SIGHUP, SIGTERM, SIGINT };

	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < SIGNALS; i++) {
		m->signals[i] = evsignal_new(m->base, numbers[i], on_signal, m);
		if (!m->signals[i] || evsignal_add(m->signals[i], NULL))
			return -ENOMEM;
	}
	return 0;
}

/* Returns 0, or -1 with the reason logged. @sock is the port's, or closed. */
static int monitor_set_up(struct monitor *m, int sock)
{
	struct kpptp_error error = { "out of memory" };

	m->base = event_base_new();
	if (!m->base || monitor_add_signals(m))
		goto failed;
	m->deadline = evtimer_new(m->base, on_deadline, m);
	if (!m->deadline)
		goto failed;
	if (m->conf->log > 0) {
		m->log = kpptp_log_relay_new(m->base, m->conf->log);
		if (!m->log)
			goto failed;
	}
	m->requests = kpptp_requests_new(m->base, m->conf, &error);
	if (!m->requests)
		goto failed;
	m->port = kpptp_port_new(m->base, sock, true, &port_events, m);
	if (!m->port) {
		kpptp_fail(&error, -ENOMEM, "out of memory");
		goto failed;
	}
	kpptp_requests_answer_to(m->requests, m->port);
	return 0;

failed:
	kpptp_log(LOG_ERR, "%s", error.text);
	close(sock);
	return -1;
}

static void monitor_tear_down(struct monitor *m)
{
	monitor_disconnect(m);
	kpptp_log_relay_free(m->log);
	kpptp_requests_free(m->requests);
	if (m->deadline)
		event_free(m->deadline);
	for (int i = 0; i < SIGNALS; i++) {
		if (m->signals[i])
			event_free(m->signals[i]);
	}
	if (m->base)
		event_base_free(m->base);
}

int kpptp_monitor_run(const struct kpptp_monitor_conf *conf, int sock, pid_t worker)
{
	struct monitor m = {
		.conf = conf,
		.worker = worker,
		.phase = RUNNING,
		.ppp_grace = conf->ppp_grace,
		.status = 1,
	};

	if (monitor_set_up(&m, sock)) {
		monitor_kill_worker(&m);
		waitpid(worker, NULL, 0);
	} else {
		/* It may have died before the handler was installed. */
		monitor_reap(&m);
		if (m.phase < ENDING || kpptp_requests_children(m.requests))
			event_base_dispatch(m.base);
	}
	monitor_tear_down(&m);
	return m.status;
}
