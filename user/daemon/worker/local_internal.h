/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the files of the local socket. For local*.c only.
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
 * @show: a long reply being sent to it in parts; its next request waits
 * @later: output to send after @show
 * @ended: it will send no more requests
 * @closing: it only gets what is already waiting to be written
 * @overrun: it does not read what it requested: freed from the loop, as a call of
 *	its own may be in the middle of a step
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
 * @group: admitted besides root
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
 * @fd: connected and non-blocking; owned by the client on success
 *
 * Return: the client, or NULL if out of memory.
 */
struct kpptp_client *kpptp_client_new(struct kpptp_local *local, int fd);

/** kpptp_client_free() - close it at once; hangs up its own call */
void kpptp_client_free(struct kpptp_client *client);

/** kpptp_client_reject() - tell it why it is not served, and close it */
void kpptp_client_reject(struct kpptp_client *client, const char *why);

/** kpptp_client_event() - send it an event, if it has subscribed */
void kpptp_client_event(struct kpptp_client *client, struct json_object *event);

#endif /* KPPTP_LOCAL_INTERNAL_H */
