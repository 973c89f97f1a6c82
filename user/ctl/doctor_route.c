// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl doctor: does the route to a call's peer lead through its own tunnel?
 * That happens if PPP replaces the default route and there is no host route to
 * the peer: the call stops.
 */
#include "doctor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <netlink/socket.h>

#include "nl.h"
#include "route.h"

struct search {
	struct nl_sock *sock;
	struct doctor_finding *finding;
	unsigned int calls;
};

static bool is_ppp(const char *name)
{
	struct ifreq request = { 0 };
	bool ppp;
	int fd;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	ppp = !ioctl(fd, SIOCGIFHWADDR, &request) && request.ifr_hwaddr.sa_family == ARPHRD_PPP;
	close(fd);
	return ppp;
}

/* PID of the interface's pppd, from pppd's PID file; 0: not found. */
static int pppd_of(const char *name)
{
	/* pppd 2.4 and 2.5. */
	static const char *const formats[] = { "/run/%s.pid", "/run/pppd/%s.pid" };
	char path[64], text[32];
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		snprintf(path, sizeof(path), formats[i], name);
		if (!doctor_read(path, text, sizeof(text)))
			return atoi(text);
	}
	return 0;
}

/* Does this process use our plugin? A call may also run over other PPP links. */
static bool has_plugin(int pid)
{
	bool found = false;
	char path[64];
	char line[512];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	while (maps && !found && fgets(line, sizeof(line), maps))
		found = strstr(line, "/kpptp.so") != NULL;
	if (maps)
		fclose(maps);
	return found;
}

/* Returns non-zero to end the dump at the first problem. */
static int check_call(const struct kpptp_call_info *info, void *ctx)
{
	struct search *search = ctx;
	char peer[INET_ADDRSTRLEN];
	struct kpptp_route route;
	char name[IF_NAMESIZE];

	search->calls++;
	if (kpptp_route_get(search->sock, info->conf.local, info->conf.peer, &route, NULL) ||
	    !if_indextoname(route.device, name) || !is_ppp(name) || !has_plugin(pppd_of(name)))
		return 0;
	inet_ntop(AF_INET, &info->conf.peer, peer, sizeof(peer));
	doctor_problem(search->finding,
		       "the route to %s, the peer of call %u, goes through %s, which is itself a kpptp tunnel",
		       peer, info->conf.id, name);
	doctor_remedy(search->finding,
		      "add a route to %s outside the tunnel: 'ip route add %s via GATEWAY dev DEVICE', with what 'ip route get %s' prints while the call is down; or use pppd's option kpptp-host-route",
		      peer, peer, peer);
	return 1;
}

static void check_calls(struct kpptp_nl *nl, struct search *search)
{
	struct kpptp_error error;
	int ret;

	ret = kpptp_nl_call_dump(nl, check_call, search, &error);
	if (ret < 0)
		doctor_skip(search->finding, "%s", error.text);
	else if (!ret)
		doctor_ok(search->finding, "no peer of %u calls is reached through its own tunnel",
			  search->calls);
}

void doctor_route(const struct kpptp_config *config, struct doctor_finding *finding)
{
	struct search search = { .finding = finding };
	struct kpptp_error error;
	struct kpptp_nl *nl;
	int err;

	(void)config;
	/* Resolving the family would load the module. */
	if (access("/sys/module/kpptp", F_OK)) {
		doctor_skip(finding, "kpptp is not loaded, so there are no calls");
		return;
	}
	err = kpptp_nl_open(&nl, &error);
	if (err) {
		doctor_skip(finding, "%s", error.text);
		return;
	}
	err = kpptp_route_open(&search.sock, &error);
	if (err) {
		doctor_skip(finding, "%s", error.text);
	} else {
		check_calls(nl, &search);
		nl_socket_free(search.sock);
	}
	kpptp_nl_close(nl);
}
