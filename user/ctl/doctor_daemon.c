// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: the daemon's user and port, and whether it answers. */
#include "doctor.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>
#include <json-c/json.h>

#include "api.h"
#include "config.h"
#include "doctor_text.h"

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
						 "'journalctl -u kpptpd' tells why it ended");
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

/* Inode of the socket that listens on kpptpd's address; 0 if none is seen. */
static unsigned long find_listener(const char *path, const struct kpptp_config *config)
{
	struct doctor_socket socket;
	unsigned long inode = 0;
	char line[512];
	FILE *list;

	list = fopen(path, "re");
	while (list && !inode && fgets(line, sizeof(line), list)) {
		if (!doctor_text_socket(line, &socket) || socket.port != config->port)
			continue;
		if (!socket.addr.s_addr || !config->listen.s_addr ||
		    socket.addr.s_addr == config->listen.s_addr)
			inode = socket.inode;
	}
	if (list)
		fclose(list);
	return inode;
}

static bool has_socket(const char *pid, unsigned long inode)
{
	char path[64], wanted[64], target[64];
	struct dirent *entry;
	bool found = false;
	ssize_t len;
	DIR *dir;

	snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
	snprintf(path, sizeof(path), "/proc/%.16s/fd", pid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
		target[len > 0 ? len : 0] = '\0';
		found = !strcmp(target, wanted);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Name and PID of the process that has the socket. */
static bool find_owner(unsigned long inode, char *name, char *pid, size_t size)
{
	struct dirent *entry;
	bool found = false;
	char path[64];
	DIR *dir;

	dir = opendir("/proc");
	while (dir && !found && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]) || !has_socket(entry->d_name, inode))
			continue;
		snprintf(path, sizeof(path), "/proc/%.16s/comm", entry->d_name);
		snprintf(pid, size, "%.16s", entry->d_name);
		found = !doctor_read(path, name, size);
	}
	if (dir)
		closedir(dir);
	return found;
}

static void judge_listener(const struct kpptp_config *config, struct doctor_finding *finding)
{
	char name[32] = "another program", pid[32] = "unknown";
	unsigned long inode = find_listener("/proc/net/tcp", config);

	if (!inode)
		inode = find_listener("/proc/net/tcp6", config);
	if (!inode || !find_owner(inode, name, pid, sizeof(name))) {
		if (geteuid()) {
			doctor_skip(finding,
				    "TCP port %u is in use; only root can see "
				    "by whom",
				    config->port);
			return;
		}
	}
	/* systemd holds it for kpptpd.socket. */
	if (!strcmp(name, "kpptpd") || !strcmp(name, "systemd")) {
		doctor_ok(finding, "%s listens on TCP port %u", name, config->port);
		return;
	}
	doctor_problem(finding, "TCP port %u is taken by %s (process %s)", config->port, name, pid);
	doctor_remedy(finding,
		      "stop it and keep it from starting ('systemctl disable "
		      "--now %s'), or give kpptpd another 'listen' or 'port', "
		      "or 'enable = no', in [server]",
		      inode ? name : "NAME");
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
