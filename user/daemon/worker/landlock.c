// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Landlock, see landlock.h. The C library has no functions for it, and older
 * kernel headers lack what newer kernels support, so all is defined here.
 */
#include "landlock.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>

#include "config.h"

/* The same on every architecture. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule	    445
#define SYS_landlock_restrict_self  446
#endif

#define CREATE_VERSION (1U << 0)
#define RULE_NET_PORT  2

#define NET_BIND    (1ULL << 0)
#define NET_CONNECT (1ULL << 1)

#define SCOPE_ABSTRACT_UNIX (1ULL << 0)
#define SCOPE_SIGNAL	    (1ULL << 1)

/* An older kernel accepts a longer struct if the rest is 0. */
struct ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

struct port_rule {
	uint64_t access;
	uint64_t port;
} __attribute__((packed));

/* All file access rights known to this ABI version. */
static uint64_t file_rights(long abi)
{
	if (abi >= 5)
		return (1 << 16) - 1;
	if (abi >= 3)
		return (1 << 15) - 1;
	return abi == 2 ? (1 << 14) - 1 : (1 << 13) - 1;
}

static int landlock_allow_port(int fd, uint64_t access, uint64_t port)
{
	const struct port_rule rule = { access, port };

	return syscall(SYS_landlock_add_rule, fd, RULE_NET_PORT, &rule, 0);
}

static int landlock_add_rules(int fd, const struct kpptp_ports *ports)
{
	if (landlock_allow_port(fd, NET_BIND, 0))
		return -1;
	for (unsigned int i = 0; i < ports->count; i++)
		if (landlock_allow_port(fd, NET_CONNECT, ports->port[i]))
			return -1;
	return 0;
}

static void landlock_fill_ruleset(struct ruleset *set, long abi, const struct kpptp_ports *ports)
{
	memset(set, 0, sizeof(*set));
	set->fs = file_rights(abi);
	if (abi >= 4)
		set->net = NET_BIND | (ports->count ? NET_CONNECT : 0);
	if (abi >= 6)
		set->scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
}

int kpptp_landlock_restrict(const struct kpptp_ports *ports, char *note, size_t size)
{
	struct ruleset set;
	long abi;
	int fd, err = 0;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
	if (abi < 1) {
		snprintf(note, size, "the kernel lacks Landlock: TCP ports are not restricted");
		return 0;
	}
	landlock_fill_ruleset(&set, abi, ports);
	fd = syscall(SYS_landlock_create_ruleset, &set, sizeof(set), 0);
	if (fd < 0)
		return -errno;
	if ((set.net && landlock_add_rules(fd, ports)) ||
	    syscall(SYS_landlock_restrict_self, fd, 0))
		err = -errno;
	close(fd);
	snprintf(note, size, "Landlock ABI %ld: no file access, %s", abi,
		 !set.net	? "but TCP ports are not restricted"
		 : ports->count ? "TCP only to dial-ports"
				: "TCP to any port");
	return err;
}
