// SPDX-License-Identifier: GPL-2.0-or-later
/* A connection to the daemon: lines of JSON, one request at a time. */
#include "api.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <json-c/json.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "json.h"

/* How often to call @abort_wait, in milliseconds. */
#define ABORT_INTERVAL 1000
#define FIRST_BUFFER   4096

/**
 * struct kpptp_api - a connection to the daemon
 * @fd: the socket
 * @buffer: data received and not yet consumed
 * @size: bytes allocated for @buffer
 * @fill: bytes of @buffer in use
 * @abort_wait: see kpptp_api_set_abort()
 * @abort_ctx: for @abort_wait
 */
struct kpptp_api {
	int fd;
	char *buffer;
	size_t size;
	size_t fill;
	bool (*abort_wait)(void *ctx);
	void *abort_ctx;
};

static int fail_connect(const char *path, int err, struct kpptp_error *error)
{
	switch (err) {
	case ENOENT:
	case ECONNREFUSED:
		return kpptp_fail(error, -err,
				  "%s: %s: kpptpd is not running: start it with 'systemctl start kpptpd' or 'kpptpd'",
				  path, strerror(err));
	case EACCES:
		return kpptp_fail(error, -err,
				  "%s: %s: become root, or a member of the group set in [control] of kpptpd.conf",
				  path, strerror(err));
	default:
		return kpptp_fail(error, -err, "cannot connect to %s: %s", path, strerror(err));
	}
}

int kpptp_api_adopt(struct kpptp_api **api, int fd, struct kpptp_error *error)
{
	struct kpptp_api *new = calloc(1, sizeof(*new));

	if (!new)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	new->fd = fd;
	*api = new;
	return 0;
}

int kpptp_api_open(struct kpptp_api **api, const char *path, struct kpptp_error *error)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	if (!path)
		path = KPPTP_API_PATH;
	if (strlen(path) >= sizeof(addr.sun_path))
		return kpptp_fail(error, -ENAMETOOLONG, "%s: a socket path has at most %zu bytes",
				  path, sizeof(addr.sun_path) - 1);
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail_connect(path, errno, error);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		err = fail_connect(path, errno, error);
	else
		err = kpptp_api_adopt(api, fd, error);
	if (err)
		close(fd);
	return err;
}

void kpptp_api_close(struct kpptp_api *api)
{
	if (!api)
		return;
	close(api->fd);
	free(api->buffer);
	free(api);
}

int kpptp_api_fd(const struct kpptp_api *api)
{
	return api->fd;
}

void kpptp_api_set_abort(struct kpptp_api *api, bool (*abort_wait)(void *ctx), void *ctx)
{
	api->abort_wait = abort_wait;
	api->abort_ctx = ctx;
}

static int send_all(int fd, const char *text, size_t size, struct kpptp_error *error)
{
	ssize_t n;

	while (size) {
		/* If the daemon is gone return an error, do not die of SIGPIPE. */
		n = send(fd, text, size, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kpptp_fail(error, -errno, "cannot send to kpptpd: %s",
					  strerror(errno));
		text += n;
		size -= n;
	}
	return 0;
}

static int send_request(struct kpptp_api *api, struct json_object *request,
			struct kpptp_error *error)
{
	char line[KPPTP_API_LINE_MAX];
	const char *text;
	size_t size;

	text = json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN);
	size = strlen(text);
	if (size >= sizeof(line))
		return kpptp_fail(error, -EMSGSIZE,
				  "a request of %zu bytes is longer than kpptpd accepts (%d)", size,
				  KPPTP_API_LINE_MAX - 1);
	memcpy(line, text, size);
	line[size] = '\n';
	return send_all(api->fd, line, size + 1, error);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Wait until the socket is readable; @deadline is in now_ms() time, -1 for none. */
static int wait_readable(struct kpptp_api *api, int64_t deadline, struct kpptp_error *error)
{
	struct pollfd pfd = { .fd = api->fd, .events = POLLIN };
	int64_t slice, rest;
	int n;

	for (;;) {
		rest = deadline < 0 ? -1 : deadline - now_ms();
		if (deadline >= 0 && rest < 0)
			rest = 0;
		slice = rest;
		if (api->abort_wait && (rest < 0 || rest > ABORT_INTERVAL))
			slice = ABORT_INTERVAL;
		n = poll(&pfd, 1, slice);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return kpptp_fail(error, -errno, "cannot wait for kpptpd: %s",
					  strerror(errno));
		if (api->abort_wait && api->abort_wait(api->abort_ctx))
			return kpptp_fail(error, -EINTR, "interrupted");
		if (!n && slice == rest)
			return kpptp_fail(error, -EAGAIN, "kpptpd sent nothing in time");
	}
}

static int grow_buffer(struct kpptp_api *api, struct kpptp_error *error)
{
	size_t size = api->size ? 2 * api->size : FIRST_BUFFER;
	char *buffer;

	if (api->fill < api->size)
		return 0;
	if (size > KPPTP_API_REPLY_MAX)
		return kpptp_fail(error, -EMSGSIZE, "kpptpd sent a line longer than %d bytes",
				  KPPTP_API_REPLY_MAX);
	buffer = realloc(api->buffer, size);
	if (!buffer)
		return kpptp_fail(error, -ENOMEM, "out of memory");
	api->buffer = buffer;
	api->size = size;
	return 0;
}

static int receive_more(struct kpptp_api *api, struct kpptp_error *error)
{
	ssize_t n;
	int err;

	err = grow_buffer(api, error);
	if (err)
		return err;
	n = recv(api->fd, api->buffer + api->fill, api->size - api->fill, MSG_DONTWAIT);
	if (n > 0) {
		api->fill += n;
		return 0;
	}
	if (!n)
		return kpptp_fail(error, -ECONNRESET,
				  "kpptpd closed the connection; its log says why");
	if (errno == EINTR || errno == EAGAIN)
		return 0;
	return kpptp_fail(error, -errno, "cannot receive from kpptpd: %s", strerror(errno));
}

static int parse_message(const char *line, struct json_object **message, struct kpptp_error *error)
{
	struct json_object *parsed = json_tokener_parse(line);

	if (json_object_is_type(parsed, json_type_object) && kpptp_json_clean(parsed)) {
		*message = parsed;
		return 0;
	}
	json_object_put(parsed);
	return kpptp_fail(error, -EBADMSG,
			  "kpptpd sent something that is not a JSON object: %.100s", line);
}

/* Receive the next message; @deadline as for wait_readable(). */
static int receive_message(struct kpptp_api *api, int64_t deadline, struct json_object **message,
			   struct kpptp_error *error)
{
	size_t seen = 0;
	char *end;
	int err;

	for (;;) {
		end = api->fill > seen ? memchr(api->buffer + seen, '\n', api->fill - seen) : NULL;
		if (end)
			break;
		seen = api->fill;
		err = wait_readable(api, deadline, error);
		if (!err)
			err = receive_more(api, error);
		if (err)
			return err;
	}
	*end++ = '\0';
	err = parse_message(api->buffer, message, error);
	api->fill -= end - api->buffer;
	memmove(api->buffer, end, api->fill);
	return err;
}

static const char *get_text(struct json_object *message, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(message, name, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

static bool is_closed_event(struct json_object *message)
{
	const char *event = get_text(message, KPPTP_API_EVENT);

	return event && !strcmp(event, KPPTP_API_EVENT_CLOSED);
}

static const char *reason_of(struct json_object *message)
{
	const char *reason = get_text(message, KPPTP_API_REASON);

	return reason ? reason : "no reason given";
}

static int check_reply(struct json_object *reply, struct kpptp_error *error)
{
	struct json_object *ok;
	const char *why;

	if (is_closed_event(reply))
		return kpptp_fail(error, -ECONNRESET, "the call ended: %s", reason_of(reply));
	if (!json_object_object_get_ex(reply, KPPTP_API_OK, &ok) ||
	    !json_object_is_type(ok, json_type_boolean))
		return kpptp_fail(error, -EBADMSG, "kpptpd's reply lacks the member '%s'",
				  KPPTP_API_OK);
	if (json_object_get_boolean(ok))
		return 0;
	why = get_text(reply, KPPTP_API_ERROR);
	return kpptp_fail(error, -EREMOTEIO, "%s", why ? why : "kpptpd refused without saying why");
}

int kpptp_api_request(struct kpptp_api *api, struct json_object *request,
		      struct json_object **reply, struct kpptp_error *error)
{
	struct json_object *message;
	int err;

	err = send_request(api, request, error);
	if (!err)
		err = receive_message(api, -1, &message, error);
	if (err)
		return err;
	err = check_reply(message, error);
	if (err)
		json_object_put(message);
	else
		*reply = message;
	return err;
}

int kpptp_api_event(struct kpptp_api *api, struct json_object **event, struct kpptp_error *error)
{
	return receive_message(api, now_ms(), event, error);
}

int kpptp_api_wait(struct kpptp_api *api, int timeout, struct kpptp_error *reason,
		   struct kpptp_error *error)
{
	int64_t deadline = timeout < 0 ? -1 : now_ms() + timeout;
	struct json_object *message;
	bool closed;
	int err;

	do {
		err = receive_message(api, deadline, &message, error);
		if (err)
			return err;
		closed = is_closed_event(message);
		if (closed)
			kpptp_fail(reason, 0, "%s", reason_of(message));
		json_object_put(message);
	} while (!closed); /* a newer daemon may have more events */
	return 0;
}
