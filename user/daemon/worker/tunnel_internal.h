/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of a tunnel share. For tunnel*.c only.
 */
#ifndef KPPTP_TUNNEL_INTERNAL_H
#define KPPTP_TUNNEL_INTERNAL_H

#include <stdbool.h>

#include "tunnel.h"

/** kpptp_tunnel_move_calls - what waits for it waits for @winner from now on */
void kpptp_tunnel_move_calls(struct kpptp_tunnel *tunnel, struct kpptp_tunnel *winner);

/** kpptp_tunnel_note_idle - to be called when it may have no call any more */
void kpptp_tunnel_note_idle(struct kpptp_tunnel *tunnel);

/** kpptp_tunnel_clears_a_call - has the peer yet to confirm the end of one? */
bool kpptp_tunnel_clears_a_call(const struct kpptp_tunnel *tunnel);

#endif /* KPPTP_TUNNEL_INTERNAL_H */
