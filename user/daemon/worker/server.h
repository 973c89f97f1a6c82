/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The server: all control connections (tunnel.h), all calls (session.h), what
 * they share, and the answers of the data plane.
 */
#ifndef KPPTP_SERVER_H
#define KPPTP_SERVER_H

#include "dataplane.h"
#include "state.h"

/* Answers of the data plane; their context is the struct kpptp_server. */
extern const struct kpptp_dataplane_events kpptp_server_dataplane_events;

/**
 * kpptp_server_new() - make a server that does not serve anyone yet
 * @config: copied
 * @hooks: must outlive the server
 *
 * Return: the server, or NULL if out of memory.
 */
struct kpptp_server *kpptp_server_new(struct event_base *base, const struct kpptp_config *config,
				      const struct kpptp_server_hooks *hooks, void *ctx);

/**
 * kpptp_server_set_dataplane() - set the data plane, before anything else
 * @dp: owned by the server from now on
 */
void kpptp_server_set_dataplane(struct kpptp_server *server, struct kpptp_dataplane *dp);

/**
 * kpptp_server_listen() - accept connections
 * @fd: a listening, non-blocking TCP socket; owned by the server on success
 *
 * Return: 0, or -1 if out of memory.
 */
int kpptp_server_listen(struct kpptp_server *server, int fd);

/**
 * kpptp_server_stop_listening() - close the listening socket, if there is one
 */
void kpptp_server_stop_listening(struct kpptp_server *server);

/**
 * kpptp_server_reload() - apply a new configuration
 *
 * What is established does not change. Sockets stay as they are.
 */
void kpptp_server_reload(struct kpptp_server *server, const struct kpptp_config *config);

/**
 * kpptp_server_stop() - close every control connection as the RFC requires
 *
 * Sends Stop-Control-Connection-Request (Stop-Local-Shutdown) and waits a few
 * seconds for the replies; then the hook @stopped is called.
 */
void kpptp_server_stop(struct kpptp_server *server);

/**
 * kpptp_server_free() - free everything, sending nothing to the peers
 * @server: may be NULL
 */
void kpptp_server_free(struct kpptp_server *server);

/**
 * kpptp_server_find_call() - find a call by its key (section 3.2.2)
 *
 * Return: the call, or NULL.
 */
struct kpptp_session *kpptp_server_find_call(struct kpptp_server *server, struct in_addr local,
					     struct in_addr peer, uint16_t id);

#endif /* KPPTP_SERVER_H */
