/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a tunnel to its calls: passes a message to its call, or makes a new one,
 * or refuses it; and tells all calls when the tunnel comes up or goes down.
 */
#ifndef KPPTP_DISPATCH_H
#define KPPTP_DISPATCH_H

struct kpptp_msg;
struct kpptp_tunnel;

/**
 * kpptp_dispatch_message() - a message about a call arrived
 */
void kpptp_dispatch_message(struct kpptp_tunnel *tunnel, const struct kpptp_msg *msg);

/**
 * kpptp_dispatch_up() - the tunnel is established: waiting calls may begin
 */
void kpptp_dispatch_up(struct kpptp_tunnel *tunnel);

/**
 * kpptp_dispatch_down() - the tunnel is gone, and so are its calls
 * @why: for the log, and for the calls' requesters
 */
void kpptp_dispatch_down(struct kpptp_tunnel *tunnel, const char *why);

#endif /* KPPTP_DISPATCH_H */
