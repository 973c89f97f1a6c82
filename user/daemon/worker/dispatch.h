/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a tunnel to its calls: a message goes to the call that it is about, or
 * makes one, or is refused; and what becomes of the tunnel concerns them all.
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
 * kpptp_dispatch_up() - the tunnel is established: those that wait may begin
 */
void kpptp_dispatch_up(struct kpptp_tunnel *tunnel);

/**
 * kpptp_dispatch_down() - the tunnel is gone, and so are its calls
 * @why: for the log, and for those who asked for the calls
 */
void kpptp_dispatch_down(struct kpptp_tunnel *tunnel, const char *why);

#endif /* KPPTP_DISPATCH_H */
