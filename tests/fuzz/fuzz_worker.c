// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz the whole worker except its sandbox: peers from any address, a client of the
 * local socket, a configuration, and a monitor that grants or refuses. Whatever they
 * do, the monitor must accept every request as valid.
 *
 * An input is a program: an octet says what to do next, those behind it how.
 * Traffic stays on the loopback: where the worker dials, we answer.
 */
#include "fuzz.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "api.h"
#include "config.h"
#include "worker/dataplane.h"
#include "worker/local.h"
#include "common/log.h"
#include "common/worker_conf.h"
#include "common/priv.h"
#include "worker/server.h"
#include "wire.h"
#include "worker_net.h"

#define PEERS 4

int __real_kpptp_priv_check_request(const struct kpptp_priv_msg *msg, char *err, size_t size);
int __wrap_kpptp_priv_check_request(const struct kpptp_priv_msg *msg, char *err, size_t size);

/* The worker's own last check must never fail: it validates its requests before. */
int __wrap_kpptp_priv_check_request(const struct kpptp_priv_msg *msg, char *err, size_t size)
{
	int ret = __real_kpptp_priv_check_request(msg, err, size);

	if (ret)
		fprintf(stderr, "the worker would have asked: %s\n", err);
	must(ret == 0);
	return ret;
}

/* What is left of the input. */
struct input {
	const uint8_t *data;
	size_t left;
};

static struct rig {
	struct event_base *base;
	struct kpptp_server *server;
	struct kpptp_local *local;
	int monitor;
	int client;
	int peer[PEERS];
	bool refusing; /* the monitor says no */
	bool call[256], ppp[256]; /* by handle: what the monitor has */
	bool lost;
} rig;

static uint8_t take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

/* Up to @size octets; what the input lacks is 0. */
static void take_into(struct input *in, void *to, size_t size)
{
	size_t n = size < in->left ? size : in->left;

	memset(to, 0, size);
	memcpy(to, in->data, n);
	in->data += n;
	in->left -= n;
}

static void answer(struct kpptp_priv_msg *msg)
{
	send(rig.monitor, msg, kpptp_priv_size(msg->type), MSG_DONTWAIT);
}

static void serve(const struct kpptp_priv_msg *asked)
{
	uint8_t n = asked->handle;
	struct kpptp_priv_msg msg;

	switch (asked->type) {
	case KPPTP_PRIV_CALL_NEW:
		/* A worker never sends two in one. */
		must(!rig.call[n] && !rig.ppp[n]);
		rig.call[n] = !rig.refusing;
		kpptp_priv_init(&msg, KPPTP_PRIV_CALL_READY, asked->handle);
		if (rig.refusing) {
			msg.call_ready.err = -ENOSPC;
			kpptp_priv_set_text(msg.call_ready.text, "no");
		} else {
			msg.call_ready.id = asked->handle;
			msg.call_ready.channel = 1;
		}
		break;
	case KPPTP_PRIV_CALL_SET:
		kpptp_priv_init(&msg, KPPTP_PRIV_CALL_SET_DONE, asked->handle);
		if (rig.refusing) {
			msg.call_set_done.err = -ENOENT;
			kpptp_priv_set_text(msg.call_set_done.text, "no");
		}
		break;
	case KPPTP_PRIV_CALL_DEL:
		rig.call[n] = false;
		return;
	case KPPTP_PRIV_PPP_START:
		must(!rig.ppp[n]);
		rig.ppp[n] = !rig.refusing;
		kpptp_priv_init(&msg, rig.refusing ? KPPTP_PRIV_PPP_EXITED : KPPTP_PRIV_PPP_STARTED,
				asked->handle);
		if (rig.refusing)
			kpptp_priv_set_text(msg.ppp_exited.text, "no");
		else
			msg.ppp_started.pid = 1;
		break;
	case KPPTP_PRIV_PPP_STOP:
		if (!rig.ppp[n])
			return;
		rig.ppp[n] = false;
		kpptp_priv_init(&msg, KPPTP_PRIV_PPP_EXITED, asked->handle);
		kpptp_priv_set_text(msg.ppp_exited.text, "ended");
		break;
	case KPPTP_PRIV_CALL_STATS:
		kpptp_priv_init(&msg, KPPTP_PRIV_STATS, asked->handle);
		break;
	default:
		return;
	}
	answer(&msg);
}

/* Check the worker's requests: the purpose of this target. */
static void monitor(void)
{
	static uint8_t packet[sizeof(struct kpptp_priv_msg) + 1];
	struct kpptp_priv_msg msg;
	char err[160] = "";
	ssize_t len;

	while ((len = recv(rig.monitor, packet, sizeof(packet), MSG_DONTWAIT)) > 0) {
		if (kpptp_priv_parse_request(packet, len, &msg, err, sizeof(err)))
			fprintf(stderr, "the monitor would have ended: %s\n", err);
		must(!err[0]);
		serve(&msg);
	}
}

static void discard(int fd)
{
	char buf[4096];

	while (fd >= 0 && recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

static int free_place(void)
{
	for (int i = 0; i < PEERS; i++)
		if (rig.peer[i] < 0)
			return i;
	return -1;
}

/* A dial reached us: treat it as a peer from now on. */
static void answer_dials(void)
{
	int fd, place;

	while ((fd = __real_accept4(far_listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		place = free_place();
		if (place < 0)
			close(fd);
		else
			rig.peer[place] = fd;
	}
}

static void pump(void)
{
	for (int i = 0; i < 6 && !rig.lost; i++) {
		event_base_loop(rig.base, EVLOOP_NONBLOCK);
		monitor();
		answer_dials();
	}
	for (int i = 0; i < PEERS; i++)
		discard(rig.peer[i]);
	discard(rig.client);
}

static void new_peer(struct input *in)
{
	int place = free_place();

	take_into(in, &next_address, sizeof(next_address));
	/* TCP only comes from host addresses. */
	if (place < 0 || next_address.s_addr == INADDR_ANY ||
	    next_address.s_addr == INADDR_BROADCAST || IN_MULTICAST(ntohl(next_address.s_addr)))
		return;
	rig.peer[place] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	must(rig.peer[place] >= 0);
	__real_connect(rig.peer[place], (struct sockaddr *)&door, sizeof(door));
}

/* A message of a valid type and length, with any body. */
static void send_message(struct input *in)
{
	static const uint16_t lengths[] = { 156, 156, 16, 16, 16,  20, 168, 32,
					    220, 24,  28, 16, 148, 40, 24 };
	int fd = rig.peer[take(in) % PEERS];
	unsigned int type = take(in) % 15;
	uint8_t message[KPPTP_MSG_MAX] = { 0,	 lengths[type], 0,    1, 0x1a,
					   0x2b, 0x3c,		0x4d, 0, type + 1 };

	take_into(in, message + 12, lengths[type] - 12);
	if (fd >= 0)
		send(fd, message, lengths[type], MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void send_bytes(struct input *in)
{
	int fd = rig.peer[take(in) % PEERS];
	size_t size = take(in);
	uint8_t bytes[255];

	take_into(in, bytes, size);
	if (fd >= 0)
		send(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void hang_up(struct input *in)
{
	int i = take(in) % PEERS;

	if (rig.peer[i] >= 0)
		close(rig.peer[i]);
	rig.peer[i] = -1;
}

static void ask(const char *line, size_t len)
{
	send(rig.client, line, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	send(rig.client, "\n", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void ask_anything(struct input *in)
{
	char line[255];
	size_t size = take(in);

	take_into(in, line, size);
	ask(line, size);
}

static void dial(struct input *in)
{
	char line[160], server[INET_ADDRSTRLEN], local[INET_ADDRSTRLEN];
	uint8_t how = take(in);
	struct in_addr addr;

	take_into(in, &addr, sizeof(addr));
	inet_ntop(AF_INET, &addr, server, sizeof(server));
	take_into(in, &addr, sizeof(addr));
	inet_ntop(AF_INET, &addr, local, sizeof(local));
	snprintf(line, sizeof(line), "{\"op\":\"%s\",\"servers\":[\"%s\"],\"%s\":%u%s%s%s}",
		 how & 1 ? "dial" : "offer", server, how & 1 ? "window" : "channel", how >> 2,
		 how & 2 ? ",\"local\":\"" : "", how & 2 ? local : "", how & 2 ? "\"" : "");
	ask(line, strlen(line));
}

/* Unsolicited events: a pppd authenticates its peer or exits; a call is deleted. */
static void surprise(struct input *in)
{
	static const enum kpptp_priv_type types[] = {
		KPPTP_PRIV_CALL_GONE,
		KPPTP_PRIV_PPP_EXITED,
		KPPTP_PRIV_PPP_AUTHENTICATED,
	};
	struct kpptp_priv_msg msg;
	uint8_t what = take(in), handle = take(in);
	enum kpptp_priv_type type = types[what % 3];

	if (type == KPPTP_PRIV_CALL_GONE ? !rig.call[handle] : !rig.ppp[handle])
		return;
	kpptp_priv_init(&msg, type, handle);
	if (type == KPPTP_PRIV_PPP_EXITED) {
		msg.ppp_exited.status = what / 3;
		kpptp_priv_set_text(msg.ppp_exited.text, "ended");
		rig.ppp[handle] = false;
	} else if (type == KPPTP_PRIV_CALL_GONE) {
		rig.call[handle] = false;
	}
	answer(&msg);
}

static void on_stopped(void *ctx)
{
	(void)ctx;
}

static void on_lost(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
	rig.lost = true;
}

static const struct kpptp_server_hooks hooks = {
	.stopped = on_stopped,
	.lost = on_lost,
};

static void ignore_report(void *ctx, const char *text)
{
	(void)ctx;
	must(text[0]);
}

/* Apply the input's configuration lines; if they are invalid, keep the defaults. */
static void configure(struct input *in, struct kpptp_config *config)
{
	char path[64], text[255];
	size_t size = take(in);
	int fd;

	kpptp_config_defaults(config);
	take_into(in, text, size);
	if (!size)
		return;
	fd = memfd_create("kpptpd.conf", 0);
	must(fd >= 0 && write(fd, text, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (kpptp_config_read(config, path, false, ignore_report, NULL))
		kpptp_config_defaults(config);
	close(fd);
}

static void begin(struct input *in)
{
	struct kpptp_config config;
	struct kpptp_dataplane *dp;
	int pair[2], listener, local;

	configure(in, &config);
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair) == 0);
	rig = (struct rig){ .monitor = pair[0], .client = -1 };
	for (int i = 0; i < PEERS; i++)
		rig.peer[i] = -1;
	rig.base = event_base_new();
	rig.server = kpptp_server_new(rig.base, &config, &hooks, NULL);
	dp = kpptp_dataplane_open(rig.base, pair[1], &kpptp_server_dataplane_events, rig.server);
	must(rig.server && dp);
	kpptp_server_set_dataplane(rig.server, dp);
	listener = listen_tcp(&door);
	must(kpptp_server_listen(rig.server, listener) == 0);
	local = listen_local();
	rig.client = connect_local(local);
	rig.local = kpptp_local_new(rig.server, local, KPPTP_LOCAL_NO_GROUP);
	must(rig.local);
	must(kpptp_dataplane_ready(dp) == 0);
	pump();
}

static void close_peers(void)
{
	for (int i = 0; i < PEERS; i++) {
		if (rig.peer[i] >= 0)
			close(rig.peer[i]);
		rig.peer[i] = -1;
	}
}

static void end(void)
{
	kpptp_local_free(rig.local);
	kpptp_server_free(rig.server);
	event_base_free(rig.base);
	monitor();
	close_peers();
	close(rig.client);
	close(rig.monitor);
	answer_dials();
	close_peers();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	if (far_listener < 0) {
		kpptp_log_open(KPPTP_LOG_STDERR, LOG_CRIT);
		far_listener = listen_tcp(&far_away);
	}
	begin(&in);
	while (in.left && !rig.lost) {
		switch (take(&in) % 8) {
		case 0:
			new_peer(&in);
			break;
		case 1:
			send_message(&in);
			break;
		case 2:
			send_bytes(&in);
			break;
		case 3:
			hang_up(&in);
			break;
		case 4:
			dial(&in);
			break;
		case 5:
			ask_anything(&in);
			break;
		case 6:
			rig.refusing = take(&in) & 1;
			break;
		case 7:
			surprise(&in);
			break;
		}
		pump();
	}
	must(!rig.lost);
	end();
	return 0;
}
