/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generic netlink by hand, for programs that have to say what no library would:
 * requests are built octet by octet, and an answer is whatever comes.
 */
#ifndef FUZZ_NETLINK_H
#define FUZZ_NETLINK_H

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/kpptp.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX 4096

/* A request, of one message or, where somebody likes it, of more. */
struct request {
	union {
		struct nlmsghdr head;
		uint8_t octets[REQUEST_MAX];
	};
	size_t len;
};

/* What the kernel answered. */
struct answer {
	bool any; /* at all */
	int error; /* negative errno of the acknowledgment, or 0 */
	int lost; /* errno of the socket: the answer did not fit, or had no memory */
	unsigned int messages; /* other than acknowledgments */
	uint8_t octets[32768]; /* the last of these */
};

static inline int netlink_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		perror("netlink socket");
		exit(1);
	}
	return fd;
}

static inline void request_start(struct request *r, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *genl = (struct genlmsghdr *)(r->octets + NLMSG_HDRLEN);

	memset(r->octets, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	genl->cmd = cmd;
	genl->version = KPPTP_FAMILY_VERSION;
	r->head.nlmsg_type = type;
	r->head.nlmsg_flags = NLM_F_REQUEST | flags;
	r->head.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	r->len = r->head.nlmsg_len;
}

/* Room for an attribute of @len octets, whose header is written; NULL if it is full. */
static inline void *request_attr(struct request *r, uint16_t type, size_t len)
{
	struct nlattr *attr = (struct nlattr *)(r->octets + r->len);

	if (r->len + NLA_HDRLEN + NLA_ALIGN(len) > REQUEST_MAX)
		return NULL;
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memset(attr + 1, 0, NLA_ALIGN(len));
	r->len += NLA_HDRLEN + NLA_ALIGN(len);
	r->head.nlmsg_len = r->len;
	return attr + 1;
}

static inline void request_put(struct request *r, uint16_t type, const void *value, size_t len)
{
	void *where = request_attr(r, type, len);

	if (where)
		memcpy(where, value, len);
}

static inline void request_u16(struct request *r, uint16_t type, uint16_t value)
{
	request_put(r, type, &value, sizeof(value));
}

static inline void request_u32(struct request *r, uint16_t type, uint32_t value)
{
	request_put(r, type, &value, sizeof(value));
}

/* Send a request: 0, or the errno of sendto(). */
static inline int request_send(int fd, const struct request *r)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (sendto(fd, r->octets, r->len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return errno;
	return 0;
}

/*
 * Read all that there is. The kernel handles a request while it is sent, so its
 * answer is there; the parts of a dump come as they are read.
 */
static inline void answer_read(int fd, struct answer *a)
{
	static uint8_t buffer[sizeof(a->octets)];
	struct nlmsghdr *head;
	ssize_t len;

	*a = (struct answer){ 0 };
	for (;;) {
		len = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
		if (len < 0) {
			if (errno == EAGAIN)
				return;
			a->lost = errno;
			continue;
		}
		for (head = (struct nlmsghdr *)buffer; NLMSG_OK(head, len);
		     head = NLMSG_NEXT(head, len)) {
			a->any = true;
			if (head->nlmsg_type == NLMSG_ERROR || head->nlmsg_type == NLMSG_DONE) {
				a->error = *(int *)NLMSG_DATA(head);
				continue;
			}
			a->messages++;
			memcpy(a->octets, head, head->nlmsg_len);
		}
	}
}

/* An attribute of the last message of the answer, or NULL. */
static inline const void *answer_attr(const struct answer *a, uint16_t type)
{
	const struct nlmsghdr *head = (const struct nlmsghdr *)a->octets;
	size_t at = NLMSG_HDRLEN + GENL_HDRLEN;
	const struct nlattr *attr;

	while (at + NLA_HDRLEN <= head->nlmsg_len) {
		attr = (const struct nlattr *)(a->octets + at);
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr + 1;
		if (attr->nla_len < NLA_HDRLEN)
			break;
		at += NLA_ALIGN(attr->nla_len);
	}
	return NULL;
}

/* The number of the family, and of its multicast group; 0 if it is not there. */
static inline uint16_t family_find(int fd, uint32_t *group)
{
	const struct nlattr *groups, *entry;
	struct request r;
	struct answer a;
	const uint16_t *id;

	request_start(&r, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	request_put(&r, CTRL_ATTR_FAMILY_NAME, KPPTP_FAMILY_NAME, sizeof(KPPTP_FAMILY_NAME));
	if (request_send(fd, &r))
		return 0;
	answer_read(fd, &a);
	id = answer_attr(&a, CTRL_ATTR_FAMILY_ID);
	groups = answer_attr(&a, CTRL_ATTR_MCAST_GROUPS);
	if (groups && group) {
		/* One group, with two attributes: its name and its number. */
		for (entry = groups + 1;
		     (entry->nla_type & NLA_TYPE_MASK) != CTRL_ATTR_MCAST_GRP_ID;)
			entry = (const struct nlattr *)((const uint8_t *)entry +
							NLA_ALIGN(entry->nla_len));
		*group = *(const uint32_t *)(entry + 1);
	}
	return id ? *id : 0;
}

static inline void group_join(int fd, uint32_t group)
{
	setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
}

/* How many calls the namespace has, or -1. */
static inline int calls_count(int fd, uint16_t family)
{
	const uint32_t *calls;
	struct request r;
	struct answer a;

	request_start(&r, family, KPPTP_CMD_NET_GET, 0);
	if (request_send(fd, &r))
		return -1;
	answer_read(fd, &a);
	calls = answer_attr(&a, KPPTP_A_NET_CALLS);
	return calls ? (int)*calls : -1;
}

#endif /* FUZZ_NETLINK_H */
