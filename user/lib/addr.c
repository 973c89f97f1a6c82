// SPDX-License-Identifier: GPL-2.0-or-later
/* IPv4 addresses and host names. */
#include "addr.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>

int kpptp_addr_parse(const char *text, struct in_addr *addr, struct kpptp_error *error)
{
	if (inet_pton(AF_INET, text, addr) == 1)
		return 0;
	return kpptp_fail(error, -EINVAL, "'%s' is not an IPv4 address such as 192.0.2.1", text);
}

bool kpptp_addr_is_host(struct in_addr addr)
{
	uint32_t host = ntohl(addr.s_addr);

	return host != INADDR_ANY && host != INADDR_BROADCAST && !IN_MULTICAST(host);
}

static int fail_resolve(const char *host, int code, struct kpptp_error *error)
{
	int err = code == EAI_SYSTEM ? errno : EHOSTUNREACH;
	const char *why = code == EAI_SYSTEM ? strerror(err) : gai_strerror(code);

	return kpptp_fail(error, -err, "cannot resolve '%s': %s; PPTP needs an IPv4 address", host,
			  why);
}

int kpptp_addr_resolve(const char *host, struct in_addr *addrs, int size, struct kpptp_error *error)
{
	const struct addrinfo hints = {
		.ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *list, *entry;
	int n = 0, code;

	code = getaddrinfo(host, NULL, &hints, &list);
	if (code)
		return fail_resolve(host, code, error);
	for (entry = list; entry && n < size; entry = entry->ai_next) {
		const struct sockaddr_in *sin = (void *)entry->ai_addr;

		addrs[n++] = sin->sin_addr;
	}
	freeaddrinfo(list);
	return n;
}
