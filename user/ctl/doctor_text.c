// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: parse the output of other programs and the kernel. */
#include "doctor_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TCP_LISTEN_STATE 0x0a

/* __SO_ACCEPTCON, which is not in the UAPI. */
#define ACCEPTS_CONNECTIONS 0x10000

static void copy(const char *from, size_t len, char *to, size_t size)
{
	snprintf(to, size, "%.*s", (int)len, from);
}

bool doctor_text_field(const char *text, const char *name, char *value, size_t size)
{
	size_t len = strlen(name);
	const char *line;

	*value = '\0';
	for (line = text; *line; line += strcspn(line, "\n")) {
		line += strspn(line, "\n");
		if (strncmp(line, name, len))
			continue;
		line += len;
		line += strspn(line, " \t");
		copy(line, strcspn(line, "\n"), value, size);
		return true;
	}
	return false;
}

/*
 * An address is written as 32-bit words in host byte order, one for IPv4, four
 * for IPv6. Returns whether it can accept IPv4.
 */
static bool read_address(const char *text, struct in_addr *addr)
{
	unsigned int words[4];
	int n;

	n = sscanf(text, "%8x%8x%8x%8x", &words[0], &words[1], &words[2], &words[3]);
	if (n == 1) {
		addr->s_addr = words[0];
		return true;
	}
	if (n != 4 || words[0] || words[1])
		return false;
	addr->s_addr = words[3];
	/* :: or an IPv4-mapped address. */
	return words[2] == htonl(0xffff) || (!words[2] && !words[3]);
}

bool doctor_text_socket(const char *line, struct doctor_socket *socket)
{
	char addr[33];
	unsigned int state;

	if (sscanf(line,
		   " %*d: %32[0-9A-F]:%4x %*[0-9A-F]:%*x %2x %*x:%*x %*x:%*x "
		   "%*x %*u %*u %lu",
		   addr, &socket->port, &state, &socket->inode) != 4)
		return false;
	return state == TCP_LISTEN_STATE && read_address(addr, &socket->addr);
}

bool doctor_text_local_socket(const char *line, char *path, size_t size, unsigned long *inode)
{
	unsigned int flags, type;
	int at = 0;

	if (sscanf(line, "%*[0-9a-f]: %*x %*x %x %x %*x %lu %n", &flags, &type, inode, &at) != 3 ||
	    !at || !(flags & ACCEPTS_CONNECTIONS) || type != SOCK_STREAM)
		return false;
	copy(line + at, strcspn(line + at, "\n"), path, size);
	return path[0] != '\0';
}

bool doctor_text_plugin_versions(const char *output, char *built, char *runs, size_t size)
{
	static const char before[] = " is for pppd version ";
	static const char between[] = ", this is ";
	const char *at = strstr(output, before);
	const char *comma;

	if (!at)
		return false;
	at += sizeof(before) - 1;
	comma = strstr(at, between);
	if (!comma)
		return false;
	copy(at, comma - at, built, size);
	comma += sizeof(between) - 1;
	copy(comma, strcspn(comma, "\n"), runs, size);
	return true;
}

void doctor_text_first_line(const char *text, char *line, size_t size)
{
	text += strspn(text, "\n");
	copy(text, strcspn(text, "\n"), line, size);
}
