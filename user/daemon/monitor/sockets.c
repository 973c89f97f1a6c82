// SPDX-License-Identifier: GPL-2.0-or-later
/* The listening sockets: from the service manager, or made here. */
#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "config.h"
#include "common/worker_conf.h"
#include "common/log.h"

/* Connections waiting to be accepted: as many as the kernel allows. */
#define BACKLOG SOMAXCONN

static int sockets_listen(int fd, const struct sockaddr *addr, socklen_t len)
{
	if (bind(fd, addr, len) < 0)
		return -1;
	return listen(fd, BACKLOG);
}

/*
 * An address that no interface has yet is not an error, as it often comes late at
 * boot: the socket is bound to it, and receives nothing until then.
 */
static int sockets_listen_tcp(int fd, const struct sockaddr_in *sin)
{
	const struct sockaddr *addr = (const struct sockaddr *)sin;
	char text[INET_ADDRSTRLEN];
	int on = 1;

	if (sockets_listen(fd, addr, sizeof(*sin)) == 0)
		return 0;
	if (errno != EADDRNOTAVAIL ||
	    setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on)) < 0 ||
	    sockets_listen(fd, addr, sizeof(*sin)) < 0)
		return -1;
	inet_ntop(AF_INET, &sin->sin_addr, text, sizeof(text));
	kpptp_log(LOG_WARNING,
		  "[server] listen: this host does not have the address %s "
		  "yet: clients can connect once an interface has it",
		  text);
	return 0;
}

static int sockets_open_tcp(const struct kpptp_config *config)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr = config->listen,
		.sin_port = htons(config->port),
	};
	char addr[INET_ADDRSTRLEN];
	int fd, on = 1;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		/* Connections of an earlier run may linger in TIME-WAIT. */
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (sockets_listen_tcp(fd, &sin) == 0)
			return fd;
	}
	inet_ntop(AF_INET, &config->listen, addr, sizeof(addr));
	kpptp_log(LOG_ERR, "cannot listen on %s port %u: %s%s", addr, config->port, strerror(errno),
		  errno == EADDRINUSE ? " (is another PPTP server running? See 'ss -ltnp')" : "");
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Remove the socket file of a dead daemon; never that of a running one. */
static int sockets_clear_path(const struct sockaddr_un *sun)
{
	int fd, err;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) == 0)
		err = EADDRINUSE;
	else
		err = errno;
	close(fd);
	if (err == ENOENT)
		return 0;
	if (err == ECONNREFUSED)
		return unlink(sun->sun_path);
	errno = err;
	return -1;
}

/* Set owner and mode of the file before anyone can connect to it. */
static int sockets_bind_local(int fd, const struct sockaddr_un *sun, gid_t group)
{
	bool has_group = group != KPPTP_LOCAL_NO_GROUP;
	mode_t mask;
	int ret;

	mask = umask(0177);
	ret = bind(fd, (const struct sockaddr *)sun, sizeof(*sun));
	umask(mask);
	if (ret < 0)
		return -1;
	if (has_group && (chown(sun->sun_path, 0, group) < 0 || chmod(sun->sun_path, 0660) < 0))
		return -1;
	return listen(fd, BACKLOG);
}

static int sockets_open_local(const struct kpptp_config *config, gid_t group)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd;

	memcpy(sun.sun_path, config->socket, sizeof(config->socket));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && sockets_clear_path(&sun) == 0 && sockets_bind_local(fd, &sun, group) == 0)
		return fd;
	kpptp_log(LOG_ERR, "cannot listen on %s: %s%s", config->socket, strerror(errno),
		  errno == EADDRINUSE ? " (is kpptpd already running?)" : "");
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Passed sockets are recognised by their type; others are refused, not ignored. */
static int sockets_take_passed(struct kpptp_sockets *sockets)
{
	int count = sd_listen_fds(1);
	int fd;

	for (fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + count; fd++) {
		if (sd_is_socket_inet(fd, AF_INET, SOCK_STREAM, 1, 0) > 0 && sockets->tcp < 0) {
			sockets->tcp = fd;
		} else if (sd_is_socket_unix(fd, SOCK_STREAM, 1, NULL, 0) > 0 &&
			   sockets->local < 0) {
			sockets->local = fd;
		} else {
			kpptp_log(LOG_ERR,
				  "the service manager passed a socket "
				  "(descriptor %d) that is neither the IPv4 "
				  "nor the local one: check kpptpd.socket",
				  fd);
			return -1;
		}
		if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0) {
			kpptp_log(LOG_ERR, "descriptor %d: %s", fd, strerror(errno));
			return -1;
		}
	}
	return 0;
}

/* The service manager decides where it listens: log settings that do not apply. */
static void sockets_compare_tcp(int fd, const struct kpptp_config *config)
{
	char passed[INET_ADDRSTRLEN], wanted[INET_ADDRSTRLEN];
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);

	if (getsockname(fd, (struct sockaddr *)&sin, &len) < 0 ||
	    (sin.sin_addr.s_addr == config->listen.s_addr && ntohs(sin.sin_port) == config->port))
		return;
	inet_ntop(AF_INET, &sin.sin_addr, passed, sizeof(passed));
	inet_ntop(AF_INET, &config->listen, wanted, sizeof(wanted));
	kpptp_log(LOG_WARNING,
		  "listening on %s port %u, as set in kpptpd.socket, not on %s port %u, as set by listen and port in [server]: make them agree; 'systemctl edit kpptpd.socket' changes the socket",
		  passed, ntohs(sin.sin_port), wanted, config->port);
}

/* Let only the configured group, besides root, connect. */
static void sockets_set_group(const char *path, gid_t group)
{
	if (chown(path, -1, group) < 0 || chmod(path, 0660) < 0)
		kpptp_log(LOG_WARNING,
			  "[control] group: cannot change the group of %s, which kpptpd.socket created: %s; set SocketGroup= in kpptpd.socket instead",
			  path, strerror(errno));
}

static void sockets_compare_local(int fd, const struct kpptp_config *config, gid_t group)
{
	struct sockaddr_un sun = { 0 };
	socklen_t len = sizeof(sun) - 1;
	struct stat st;

	if (getsockname(fd, (struct sockaddr *)&sun, &len) < 0)
		return;
	if (strcmp(sun.sun_path, config->socket) != 0)
		kpptp_log(LOG_WARNING,
			  "the local socket is %s, as set in kpptpd.socket, not %s as [control] socket says: make them agree, or clients will not find it",
			  sun.sun_path, config->socket);
	if (sun.sun_path[0] != '/')
		return;
	if (group != KPPTP_LOCAL_NO_GROUP)
		sockets_set_group(sun.sun_path, group);
	else if (stat(sun.sun_path, &st) == 0 && st.st_gid != 0 && (st.st_mode & S_IWGRP))
		kpptp_log(LOG_WARNING,
			  "kpptpd.socket lets a group (%u) connect to %s, but [control] group is not set: only root is served",
			  (unsigned int)st.st_gid, sun.sun_path);
}

int kpptp_sockets_open(struct kpptp_sockets *sockets, const struct kpptp_config *config,
		       gid_t group)
{
	sockets->tcp = -1;
	sockets->local = -1;
	sockets->own_path[0] = '\0';
	if (sockets_take_passed(sockets) < 0)
		goto close_all;
	if (sockets->local >= 0)
		sockets_compare_local(sockets->local, config, group);
	if (config->enable && sockets->tcp >= 0)
		sockets_compare_tcp(sockets->tcp, config);
	if (config->enable && sockets->tcp < 0) {
		sockets->tcp = sockets_open_tcp(config);
		if (sockets->tcp < 0)
			goto close_all;
	} else if (!config->enable && sockets->tcp >= 0) {
		/* Only the service manager can close that. */
		kpptp_log(LOG_WARNING,
			  "enable = no in [server], but kpptpd.socket listens on TCP: clients will get no answer; remove the TCP socket with 'systemctl edit kpptpd.socket'");
		close(sockets->tcp);
		sockets->tcp = -1;
	}
	if (sockets->local < 0) {
		sockets->local = sockets_open_local(config, group);
		if (sockets->local < 0)
			goto close_all;
		strcpy(sockets->own_path, config->socket);
	}
	return 0;

close_all:
	kpptp_sockets_close(sockets);
	return -1;
}

void kpptp_sockets_close(struct kpptp_sockets *sockets)
{
	if (sockets->tcp >= 0)
		close(sockets->tcp);
	if (sockets->local >= 0)
		close(sockets->local);
	sockets->tcp = -1;
	sockets->local = -1;
}
