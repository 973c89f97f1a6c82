// SPDX-License-Identifier: GPL-2.0-or-later
/* Format and checks of the messages between the two processes, see priv.h. */
#include "priv.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "addr.h"

/* The kernel's largest errno. */
#define ERRNO_MAX 4095

#define HEAD offsetof(struct kpptp_priv_msg, call_new)
_Static_assert(HEAD == 8, "no padding between head and body");
#define BODY(member) sizeof(((struct kpptp_priv_msg *)NULL)->member)

/* Buffer for the text of a failed check. */
struct complaint {
	char *err;
	size_t size;
};

typedef int check_fn(const struct kpptp_priv_msg *msg, const struct complaint *c);

static check_fn check_call_new, check_call_set, check_call_ready, check_call_set_done, check_stats,
	check_ppp_started, check_ppp_exited, check_reload;

static const struct {
	const char *name;
	size_t body;
	bool global;
	check_fn *check;
} types[] = {
	[KPPTP_PRIV_READY] = { "ready", 0, true, NULL },
	[KPPTP_PRIV_CALL_NEW] = { "call_new", BODY(call_new), false, check_call_new },
	[KPPTP_PRIV_CALL_SET] = { "call_set", BODY(call_set), false, check_call_set },
	[KPPTP_PRIV_CALL_DEL] = { "call_del", 0, false, NULL },
	[KPPTP_PRIV_CALL_STATS] = { "call_stats", 0, false, NULL },
	[KPPTP_PRIV_PPP_START] = { "ppp_start", 0, false, NULL },
	[KPPTP_PRIV_PPP_STOP] = { "ppp_stop", 0, false, NULL },
	[KPPTP_PRIV_CALL_READY] = { "call_ready", BODY(call_ready), false, check_call_ready },
	[KPPTP_PRIV_CALL_SET_DONE] = { "call_set_done", BODY(call_set_done), false,
				       check_call_set_done },
	[KPPTP_PRIV_CALL_GONE] = { "call_gone", 0, false, NULL },
	[KPPTP_PRIV_STATS] = { "stats", BODY(stats), false, check_stats },
	[KPPTP_PRIV_PPP_STARTED] = { "ppp_started", BODY(ppp_started), false, check_ppp_started },
	[KPPTP_PRIV_PPP_EXITED] = { "ppp_exited", BODY(ppp_exited), false, check_ppp_exited },
	[KPPTP_PRIV_STOP] = { "stop", 0, true, NULL },
	[KPPTP_PRIV_RELOAD] = { "reload", BODY(reload), true, check_reload },
	[KPPTP_PRIV_PPP_AUTHENTICATED] = { "ppp_authenticated", 0, false, NULL },
};

static bool exists(uint32_t type)
{
	return type >= 1 && type <= KPPTP_PRIV_TYPE_MAX;
}

void kpptp_priv_init(struct kpptp_priv_msg *msg, enum kpptp_priv_type type, uint32_t handle)
{
	memset(msg, 0, sizeof(*msg));
	msg->type = type;
	msg->handle = handle;
}

size_t kpptp_priv_size(uint32_t type)
{
	return exists(type) ? HEAD + types[type].body : 0;
}

const char *kpptp_priv_type_name(uint32_t type)
{
	return exists(type) ? types[type].name : "unknown";
}

static bool printable(char c)
{
	return c >= ' ' && c <= '~';
}

void kpptp_priv_set_text(char text[KPPTP_PRIV_TEXT_SIZE], const char *from)
{
	size_t i;

	for (i = 0; i < KPPTP_PRIV_TEXT_SIZE - 1 && from[i]; i++)
		text[i] = printable(from[i]) ? from[i] : '?';
}

static int bad(const struct kpptp_priv_msg *msg, const struct complaint *c, const char *field,
	       long long value)
{
	snprintf(c->err, c->size, "message %s has %s %lld", kpptp_priv_type_name(msg->type), field,
		 value);
	return -1;
}

static int check_address(const struct kpptp_priv_msg *msg, const struct complaint *c,
			 const char *field, uint32_t addr)
{
	if (kpptp_addr_is_host((struct in_addr){ addr }))
		return 0;
	return bad(msg, c, field, ntohl(addr));
}

static int check_err(const struct kpptp_priv_msg *msg, const struct complaint *c, int32_t err)
{
	return err <= 0 && err >= -ERRNO_MAX ? 0 : bad(msg, c, "err", err);
}

/* A text must be terminated, printable, and zero after its end. */
static int check_text(const struct kpptp_priv_msg *msg, const struct complaint *c, const char *text,
		      bool wanted)
{
	size_t i = 0;

	while (i < KPPTP_PRIV_TEXT_SIZE && printable(text[i]))
		i++;
	if (i == KPPTP_PRIV_TEXT_SIZE)
		return bad(msg, c, "an unterminated text of length", i);
	if ((i > 0) != wanted)
		return bad(msg, c, "a text of length", i);
	for (; i < KPPTP_PRIV_TEXT_SIZE; i++) {
		if (text[i])
			return bad(msg, c, "a text with byte", text[i]);
	}
	return 0;
}

static int check_call_new(const struct kpptp_priv_msg *msg, const struct complaint *c)
{
	const struct kpptp_priv_call_new *body = &msg->call_new;

	if (check_address(msg, c, "local", body->local) ||
	    check_address(msg, c, "peer", body->peer))
		return -1;
	if (body->flow_control > KPPTP_FLOW_CONTROL_ADAPTIVE)
		return bad(msg, c, "flow_control", body->flow_control);
	if (!body->window)
		return bad(msg, c, "window", 0);
	if (body->has_peer > 1)
		return bad(msg, c, "has_peer", body->has_peer);
	if (!body->has_peer && body->peer_id)
		return bad(msg, c, "has_peer 0 but peer_id", body->peer_id);
	if (!body->has_peer && body->peer_window)
		return bad(msg, c, "has_peer 0 but peer_window", body->peer_window);
	if (!body->has_peer && body->peer_ppd)
		return bad(msg, c, "has_peer 0 but peer_ppd", body->peer_ppd);
	return body->zero ? bad(msg, c, "padding", body->zero) : 0;
}

static int check_call_set(const struct kpptp_priv_msg *msg, const struct complaint *c)
{
	uint16_t zero = msg->call_set.zero;

	return zero ? bad(msg, c, "padding", zero) : 0;
}

static int check_call_ready(const struct kpptp_priv_msg *msg, const struct complaint *c)
{
	const struct kpptp_priv_call_ready *body = &msg->call_ready;

	if (check_err(msg, c, body->err) || check_text(msg, c, body->text, body->err))
		return -1;
	if (body->err && body->id)
		return bad(msg, c, "err but id", body->id);
	if (body->err && body->channel)
		return bad(msg, c, "err but channel", body->channel);
	return body->zero ? bad(msg, c, "padding", body->zero) : 0;
}

static int check_call_set_done(const struct kpptp_priv_msg *msg, const struct complaint *c)
{
	const struct kpptp_priv_result *body = &msg->call_set_done;

	if (check_err(msg, c, body->err))
		return -1;
	return check_text(msg, c, body->text, body->err);
}

static int check_stats(const struct kpptp_priv_msg *msg, const struct complaint *c)
{
	static const struct kpptp_call_stats none;
	const struct kpptp_priv_stats *body = &msg->stats;

	if (check_err(msg, c, body->err))
		return -1;
	if (body->err && memcmp(&body->stats, &none, sizeof(none)))
		return bad(msg, c, "counters but err", body->err);
	return body->zero ? bad(msg, c, "padding", body->zero) : 0;
}

static int check_ppp_started(const struct kpptp_priv_msg *msg, const struct complaint *c)
{
	int32_t pid = msg->ppp_started.pid;

	return pid > 0 ? 0 : bad(msg, c, "pid", pid);
}

static int check_ppp_exited(const struct kpptp_priv_msg *msg, const struct complaint *c)
{
	/* waitpid(2) uses two bytes: exit status and signal. */
	if (msg->ppp_exited.status < -1 || msg->ppp_exited.status > 0xffff)
		return bad(msg, c, "status", msg->ppp_exited.status);
	return check_text(msg, c, msg->ppp_exited.text, true);
}

static int check_reload(const struct kpptp_priv_msg *msg, const struct complaint *c)
{
	const struct kpptp_priv_reload *body = &msg->reload;
	size_t i;

	if (body->len > sizeof(body->blob))
		return bad(msg, c, "len", body->len);
	for (i = body->len; i < sizeof(body->blob); i++) {
		if (body->blob[i])
			return bad(msg, c, "a non-zero byte after its len, at", i);
	}
	return 0;
}

static int check_body(const struct kpptp_priv_msg *msg, const struct complaint *c)
{
	return types[msg->type].check ? types[msg->type].check(msg, c) : 0;
}

static int check_head(const struct kpptp_priv_msg *msg, size_t len, uint32_t first, uint32_t last,
		      const struct complaint *c)
{
	if (msg->type < first || msg->type > last) {
		snprintf(c->err, c->size, "message of type %u (%s)", msg->type,
			 kpptp_priv_type_name(msg->type));
		return -1;
	}
	if (len != kpptp_priv_size(msg->type))
		return bad(msg, c, "length", len);
	if (types[msg->type].global != (msg->handle == 0))
		return bad(msg, c, "handle", msg->handle);
	return 0;
}

static int parse(const void *buf, size_t len, uint32_t first, uint32_t last,
		 struct kpptp_priv_msg *msg, const struct complaint *c)
{
	if (len < HEAD || len > sizeof(*msg)) {
		snprintf(c->err, c->size, "message of %zu bytes", len);
		return -1;
	}
	memset(msg, 0, sizeof(*msg));
	memcpy(msg, buf, len);
	if (check_head(msg, len, first, last, c))
		return -1;
	return check_body(msg, c);
}

int kpptp_priv_check_request(const struct kpptp_priv_msg *msg, char *err, size_t size)
{
	const struct complaint c = { err, size };

	if (check_head(msg, kpptp_priv_size(msg->type), 1, KPPTP_PRIV_REQUEST_MAX, &c))
		return -1;
	return check_body(msg, &c);
}

int kpptp_priv_parse_request(const void *buf, size_t len, struct kpptp_priv_msg *msg, char *err,
			     size_t size)
{
	const struct complaint c = { err, size };

	return parse(buf, len, 1, KPPTP_PRIV_REQUEST_MAX, msg, &c);
}

int kpptp_priv_parse_answer(const void *buf, size_t len, struct kpptp_priv_msg *msg, char *err,
			    size_t size)
{
	const struct complaint c = { err, size };

	return parse(buf, len, KPPTP_PRIV_REQUEST_MAX + 1, KPPTP_PRIV_TYPE_MAX, msg, &c);
}
