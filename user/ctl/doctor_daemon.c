// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: the daemon's user and port, and whether it answers. */
#include "doctor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>
#include <json-c/json.h>

#include "api.h"
#include "config.h"
#include "doctor_diag.h"
#include "doctor_owner.h"

#define ANSWER_TIMEOUT 5 /* seconds */

void doctor_user(const struct kpptp_config *config, struct doctor_finding *finding)
{
	if (getpwnam(config->user)) {
		doctor_ok(finding, "the worker's user %s exists", config->user);
		return;
	}
	doctor_problem(finding, "kpptpd's worker cannot become the user %s: there is none",
		       config->user);
	doctor_remedy(finding,
		      "'systemd-sysusers', or 'useradd --system "
		      "--no-create-home --shell /usr/sbin/nologin %s'",
		      config->user);
}

static bool is_late(void *ctx)
{
	return time(NULL) > *(time_t *)ctx;
}

void doctor_daemon(const struct kpptp_config *config, struct doctor_finding *finding)
{
	time_t deadline = time(NULL) + ANSWER_TIMEOUT;
	struct json_object *tunnels;
	struct kpptp_error error;
	struct kpptp_api *api;
	int err;

	err = kpptp_api_open(&api, config->socket, &error);
	if (err) {
		doctor_problem(finding, "%s", error.text);
		doctor_remedy(finding, err == -EACCES
					       ? "become root, or a member of the group of "
						 "[control]"
					       : "'systemctl enable --now kpptpd'; "
						 "'journalctl -u kpptpd' shows why it ended");
		return;
	}
	kpptp_api_set_abort(api, is_late, &deadline);
	err = kpptp_api_show(api, &tunnels, &error);
	kpptp_api_close(api);
	if (err) {
		doctor_problem(finding, "kpptpd does not answer: %s", error.text);
		doctor_remedy(finding, "'systemctl restart kpptpd'; 'journalctl -u "
				       "kpptpd' has its last words");
		return;
	}
	doctor_ok(finding, "kpptpd answers, with %zu control connections",
		  json_object_array_length(tunnels));
	json_object_put(tunnels);
}

/* Returns 0 if kpptpd could listen now, or the errno. */
static int try_port(const struct kpptp_config *config)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr = config->listen,
		.sin_port = htons(config->port),
	};
	int fd, on = 1, err = 0;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)))
		err = errno;
	close(fd);
	return err;
}

/* The socket that keeps kpptpd from listening; NULL if none is seen. */
static const struct doctor_listener *find_rival(const struct doctor_listeners *all,
						const struct kpptp_config *config)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct doctor_listener *one = &all->list[i];

		if (one->port == config->port && (!one->addr.s_addr || !config->listen.s_addr ||
						  one->addr.s_addr == config->listen.s_addr))
			return one;
	}
	return NULL;
}

/* @rival: NULL, or without an owner, if it is not seen */
static void judge_rival(const struct doctor_listener *rival, const struct kpptp_config *config,
			struct doctor_finding *finding)
{
	bool seen = rival && rival->owner[0];

	if (!seen && geteuid()) {
		doctor_skip(finding,
			    "TCP port %u is in use; only root can see "
			    "by whom",
			    config->port);
		return;
	}
	/* systemd holds it for kpptpd.socket. */
	if (seen && (doctor_owner_is_kpptpd(rival) || !strcmp(rival->owner, "systemd"))) {
		doctor_ok(finding, "%s listens on TCP port %u", rival->owner, config->port);
		return;
	}
	doctor_problem(finding, "TCP port %u is taken by %s (process %s)", config->port,
		       seen ? rival->owner : "another program", seen ? rival->pid : "unknown");
	doctor_remedy(finding,
		      "stop it and keep it from starting ('systemctl disable "
		      "--now %s'), or give kpptpd another 'listen' or 'port', "
		      "or 'enable = no', in [server]",
		      seen ? rival->owner : "NAME");
}

static void judge_listener(const struct kpptp_config *config, struct doctor_finding *finding)
{
	struct doctor_listeners all = { 0 };
	struct kpptp_error error;

	if (doctor_diag_tcp(&all, &error)) {
		doctor_skip(finding, "TCP port %u is in use; %s", config->port, error.text);
	} else {
		doctor_owner_find(&all);
		judge_rival(find_rival(&all, config), config, finding);
	}
	free(all.list);
}

void doctor_port(const struct kpptp_config *config, struct doctor_finding *finding)
{
	char addr[INET_ADDRSTRLEN];
	int err;

	if (!config->enable) {
		doctor_skip(finding, "kpptpd is not to serve (enable = no)");
		return;
	}
	err = try_port(config);
	switch (err) {
	case 0:
		doctor_ok(finding, "TCP port %u is free", config->port);
		break;
	case EADDRINUSE:
		judge_listener(config, finding);
		break;
	case EADDRNOTAVAIL:
		inet_ntop(AF_INET, &config->listen, addr, sizeof(addr));
		doctor_problem(finding,
			       "this host does not have the address %s that "
			       "kpptpd is to listen on",
			       addr);
		doctor_remedy(finding, "correct 'listen' in [server], or give "
				       "an interface the address");
		break;
	default:
		doctor_skip(finding, "TCP port %u: %s", config->port, strerror(err));
	}
}
