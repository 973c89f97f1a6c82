/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the local socket share. For local*.c only.
 */
#ifndef KPPTP_LOCAL_INTERNAL_H
#define KPPTP_LOCAL_INTERNAL_H

#include <stdbool.h>
#include <sys/queue.h>
#include <sys/types.h>

struct bufferevent;
struct evbuffer;
struct event;
struct json_object;
struct kpptp_dialer;
struct kpptp_local;
struct kpptp_server;
struct kpptp_show;

/**
 * struct kpptp_client - one connection to the local socket
 * @dialer: the call that it dials, offers or owns, or NULL
 * @dialling: its next request waits until the dial is answered
 * @dialled: it may not dial again
 * @watching: it gets the events
 * @show: a reply of many parts that it is being sent; its next request waits
 * @later: what comes behind @show
 * @ended: it has sent all that it wants
 * @closing: what waits to be written is all that it still gets
 * @overrun: it does not read what it asked for: freed from the loop, for a
 *	call of its own may be in the middle of a step
 */
struct kpptp_client {
	TAILQ_ENTRY(kpptp_client) entry;
	struct kpptp_local *local;
	struct bufferevent *bev;
	struct kpptp_dialer *dialer;
	struct kpptp_show *show;
	struct evbuffer *later;
	bool dialling;
	bool dialled;
	bool watching;
	bool ended;
	bool closing;
	bool overrun;
};

/**
 * struct kpptp_local - the local socket
 * @pause: ends a pause of accepting
 * @group: admitted beside root
 * @clients: all connections
 * @count: of @clients
 */
struct kpptp_local {
	struct kpptp_server *server;
	struct event *listener;
	struct event *pause;
	int fd;
	gid_t group;
	TAILQ_HEAD(, kpptp_client) clients;
	unsigned int count;
};

/**
 * kpptp_client_new() - serve a connection
 * @fd: connected and non-blocking; owned by the client when this succeeds
 *
 * Return: the client, or NULL without memory.
 */
struct kpptp_client *kpptp_client_new(struct kpptp_local *local, int fd);

/** kpptp_client_free() - close it at once; a call of its own hangs up */
void kpptp_client_free(struct kpptp_client *client);

/** kpptp_client_reject() - say why it is not served, and close it */
void kpptp_client_reject(struct kpptp_client *client, const char *why);

/** kpptp_client_event() - tell it of a change, if it wants to know */
void kpptp_client_event(struct kpptp_client *client, struct json_object *event);

#endif /* KPPTP_LOCAL_INTERNAL_H */
