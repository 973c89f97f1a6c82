// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plugin of pppd: PPP over a call of kpptp.ko.
 *
 * As a client it makes kpptpd dial ("kpptp-server HOST"); the connection to the
 * daemon owns the call, so closing it, or dying, hangs up. As a server, kpptpd
 * starts pppd with an existing call ("kpptp-channel N").
 */
#include "compat.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "addr.h"
#include "api.h"
#include "channel.h"
#include "server_route.h"

/*
 * The largest packet that crosses Ethernet unfragmented: 1500 bytes minus 20 of
 * IP, 16 of GRE with both numbers (RFC 2637 section 4.1) and 4 of PPP address,
 * control and protocol. MPPE needs 4 more, which pppd itself allows for when
 * CCP comes up. "mtu" and "mru" override it.
 */
#define KPPTP_MTU      (1500 - 20 - 16 - 4)
/* How long to wait for the daemon's reason why the call ended, in ms. */
#define REASON_TIMEOUT 1000
#define NO_CHANNEL     (-1)

/* pppd checks this to refuse plugins built for another version. */
extern char pppd_version[];
char pppd_version[] = PPPD_VERSION;

void plugin_init(void);

/* Options. Numbers are int because pppd's parser requires it. */
static char *server;
static char *local;
static char *number;
static char *flow_control;
static char *socket_path;
static int port = KPPTP_PORT;
static int window;
static int channel_index = NO_CHANNEL;
static bool host_route;

/* The call, if there is one. */
static struct kpptp_api *api;
static struct kpptp_dialled dialled;
static int channel_fd = -1;

static option_t options[] = {
	{ .name = "kpptp-server",
	  .type = o_string,
	  .addr = &server,
	  .description = "PPTP server to dial, name or address",
	  .flags = OPT_DEVNAM | OPT_PRIO | OPT_PRIV },
	{ .name = "kpptp-channel",
	  .type = o_int,
	  .addr = &channel_index,
	  .description = "Index of the PPP channel of an existing call",
	  .flags = OPT_DEVNAM | OPT_PRIO | OPT_PRIV | OPT_LLIMIT,
	  .lower_limit = 0 },
	{ .name = "kpptp-local",
	  .type = o_string,
	  .addr = &local,
	  .description = "Address to dial from",
	  .flags = OPT_PRIO },
	{ .name = "kpptp-port",
	  .type = o_int,
	  .addr = &port,
	  .description = "TCP port of the PPTP server",
	  .flags = OPT_PRIO | OPT_LIMITS,
	  .lower_limit = 1,
	  .upper_limit = 65535 },
	{ .name = "kpptp-number",
	  .type = o_string,
	  .addr = &number,
	  .description = "Phone number to ask the PPTP server for",
	  .flags = OPT_PRIO },
	{ .name = "kpptp-window",
	  .type = o_int,
	  .addr = &window,
	  .description = "Receive window to advertise, in packets",
	  .flags = OPT_PRIO | OPT_LIMITS,
	  .lower_limit = 1,
	  .upper_limit = 65535 },
	{ .name = "kpptp-flow-control",
	  .type = o_string,
	  .addr = &flow_control,
	  .description = "Flow control by the server's window: off, strict or adaptive",
	  .flags = OPT_PRIO },
	{ .name = "kpptp-host-route",
	  .type = o_bool,
	  .addr = &host_route,
	  .description = "Add a route to the PPTP server outside the tunnel",
	  .flags = OPT_PRIO | OPT_PRIV | 1 },
	{ .name = "kpptp-socket",
	  .type = o_string,
	  .addr = &socket_path,
	  .description = "Local socket of kpptpd",
	  .flags = OPT_PRIO | OPT_PRIV },
	{ .name = NULL },
};

static void __attribute__((noreturn)) refuse_options(const char *why)
{
	ppp_option_error("kpptp: %s", why);
	exit(EXIT_OPTION_ERROR);
}

static void check_call_options(void)
{
	struct kpptp_error why;
	struct in_addr addr;
	char name[32];

	if (server && channel_index != NO_CHANNEL)
		refuse_options("kpptp-server and kpptp-channel cannot be combined");
	if (!server && channel_index == NO_CHANNEL)
		refuse_options("kpptp-server or kpptp-channel is required");
	if (local && kpptp_addr_parse(local, &addr, &why))
		refuse_options(why.text);

	snprintf(name, sizeof(name), "kpptp-%d", channel_index);
	ppp_set_devnam(server ? server : name);
	/* RADIUS sends it as Calling-Station-Id; ip-up gets it as PEER. */
	if (!server && ppp_ipparam() && !kpptp_has_remote_number())
		ppp_set_remote_number(ppp_ipparam());
}

/* SIGTERM during the dial ends it; pppd acts on the signal afterwards. */
static bool dial_aborted(void *ctx)
{
	(void)ctx;
	return ppp_signaled(SIGTERM);
}

static int call_dial(struct kpptp_error *why)
{
	struct kpptp_dial request = {
		.host = server,
		.port = port,
		.number = number,
		.window = window,
		.flow_control = flow_control,
	};
	int err;

	if (local)
		kpptp_addr_parse(local, &request.local, NULL);
	err = kpptp_api_open(&api, socket_path, why);
	if (err)
		return err;
	kpptp_api_set_abort(api, dial_aborted, NULL);
	return kpptp_api_dial(api, &request, &dialled, why);
}

static void call_report_dialled(void)
{
	char peer[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &dialled.peer, peer, sizeof(peer));
	info("kpptp: call to %s (%s) is up: call ID %d, peer's %d, channel %d", server, peer,
	     dialled.id, dialled.peer_id, dialled.channel);
	ppp_set_remote_number(peer);
}

static void call_release(void)
{
	if (channel_fd >= 0)
		close(channel_fd);
	channel_fd = -1;
	kpptp_api_close(api);
	api = NULL;
}

/* On failure the call may still work: that shows when IP is up. */
static void route_keep(void)
{
	struct kpptp_error why;

	if (host_route && kpptp_server_route_keep(&dialled, &why))
		error("kpptp: cannot add a host route to the server: %s", why.text);
}

static void route_drop(void)
{
	struct kpptp_error why;

	if (kpptp_server_route_drop(&why))
		error("kpptp: cannot delete the host route to the server: %s", why.text);
}

/* pppd calls disconnect() only after a connect() that succeeded. */
static int fail_connect(const char *what, const struct kpptp_error *why)
{
	route_drop();
	call_release();
	error("kpptp: %s: %s", what, why->text);
	ppp_set_status(EXIT_CONNECT_FAILED);
	return -1;
}

/* Report to kpptpd, if it started us. */
static void report_status(const char *line)
{
	const char *fd = getenv(KPPTP_STATUS_ENV);

	if (!fd || server)
		return;
	if (dprintf(atoi(fd), "%s\n", line) < 0)
		warn("kpptp: cannot report to kpptpd: %m");
}

static int connect_call(void)
{
	struct kpptp_error why;

	if (server) {
		if (call_dial(&why))
			return fail_connect(server, &why);
		call_report_dialled();
		route_keep();
		ppp_set_pppdevnam(server);
	} else {
		char name[32];

		dialled.channel = channel_index;
		snprintf(name, sizeof(name), "kpptp-%d", channel_index);
		ppp_set_pppdevnam(name);
	}
	channel_fd = kpptp_channel_attach(dialled.channel, &why);
	if (channel_fd < 0)
		return fail_connect("cannot run PPP over the call", &why);
	/* kpptpd waits for this before it starts many others. */
	report_status(KPPTP_ATTACHED_LINE);
	return channel_fd;
}

/*
 * The daemon deletes a call that ended, which PPP sees as a hangup; the reason
 * may arrive a moment later.
 */
static void report_end_reason(void)
{
	struct kpptp_error reason, why;
	int err;

	err = kpptp_api_wait(api, kpptp_hung_up() ? REASON_TIMEOUT : 0, &reason, &why);
	if (!err)
		notice("kpptp: the call ended: %s", reason.text);
	else if (kpptp_hung_up())
		notice("kpptp: the call ended: %s", why.text);
}

static void disconnect_call(void)
{
	if (api)
		report_end_reason();
	route_drop();
	call_release();
}

/* Run outside pppd's handling of IP up, because this takes IP down again. */
static void route_end_loop(void *ctx)
{
	static char reason[] = "routing loop";

	(void)ctx;
	ppp_set_status(EXIT_FATAL_ERROR);
	lcp_close(0, reason);
}

/* In a loop, each packet of the call would be encapsulated in the next, forever. */
static void check_route(void *ctx, int arg)
{
	char peer[INET_ADDRSTRLEN];

	(void)ctx;
	(void)arg;
	if (!server || !kpptp_server_route_loops(&dialled, ppp_ifname()))
		return;
	inet_ntop(AF_INET, &dialled.peer, peer, sizeof(peer));
	error("kpptp: routing loop: the route to the server %s goes through %s, the tunnel itself: use the option kpptp-host-route, or add a host route to %s outside the tunnel",
	      peer, ppp_ifname(), peer);
	ppp_timeout(route_end_loop, NULL, 0, 0);
}

/* Called in children of pppd: their copy would keep the call from hanging up. */
static void close_in_child(void)
{
	call_release();
}

static void send_config(int mtu, u_int32_t accm, int pcomp, int accomp)
{
	struct kpptp_error why;
	int err;

	/* pppd sets the MTU itself; ACCMs are for asynchronous lines. */
	(void)mtu;
	(void)accm;
	/*
	 * LCP also goes down because the channel is gone; ppp then returns
	 * ENOTTY, if pppd has not noticed yet.
	 */
	if (kpptp_hung_up())
		return;
	err = kpptp_channel_compress(channel_fd, pcomp, accomp, &why);
	if (err && err != -ENOTTY)
		error("kpptp: %s", why.text);
}

static struct channel kpptp_channel = {
	.options = options,
	.check_options = check_call_options,
	.connect = connect_call,
	.disconnect = disconnect_call,
	.establish_ppp = ppp_generic_establish,
	.disestablish_ppp = ppp_generic_disestablish,
	.send_config = send_config,
	.close = close_in_child,
	.cleanup = route_drop,
};

/* Options given before the plugin are already parsed: leave them alone. */
static void set_default_mtu(void)
{
	if (lcp_wantoptions[0].mru == KPPTP_PPPD_MRU)
		lcp_wantoptions[0].mru = KPPTP_MTU;
	if (lcp_allowoptions[0].mru > KPPTP_PPPD_MRU)
		lcp_allowoptions[0].mru = KPPTP_MTU;
}

/*
 * Packets may be lost on the way to the peer. Deflate, BSD-Compress and VJ keep a
 * history, so that one loss costs many more packets; MPPE, also negotiated by
 * CCP, can resynchronise.
 */
static void refuse_histories(void)
{
	ccp_wantoptions[0].deflate = ccp_allowoptions[0].deflate = 0;
	ccp_wantoptions[0].bsd_compress = ccp_allowoptions[0].bsd_compress = 0;
	ipcp_wantoptions[0].neg_vj = ipcp_allowoptions[0].neg_vj = 0;
}

/*
 * Tell kpptpd, which started us, when the peer is authenticated or need not be:
 * that is when network protocols begin.
 */
static void report_phase(void *ctx, int phase)
{
	(void)ctx;
	if (phase != PHASE_NETWORK)
		return;
	report_status(KPPTP_AUTHENTICATED_LINE);
	unsetenv(KPPTP_STATUS_ENV);
}

void plugin_init(void)
{
	/* The channel has options of its own. */
	the_channel = &kpptp_channel;
	ppp_set_modem(0);
	set_default_mtu();
	refuse_histories();
	kpptp_on_ip_up(check_route);
	kpptp_on_phase(report_phase);
}
