/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the files of a tunnel. For tunnel*.c only.
 */
#ifndef KPPTP_TUNNEL_INTERNAL_H
#define KPPTP_TUNNEL_INTERNAL_H

#include <stdbool.h>

#include "tunnel.h"

/** kpptp_tunnel_move_calls - move the calls that wait for it to @winner */
void kpptp_tunnel_move_calls(struct kpptp_tunnel *tunnel, struct kpptp_tunnel *winner);

/** kpptp_tunnel_note_idle - call when it may have lost its last call */
void kpptp_tunnel_note_idle(struct kpptp_tunnel *tunnel);

/** kpptp_tunnel_clears_a_call - has the peer still to confirm the end of one? */
bool kpptp_tunnel_clears_a_call(const struct kpptp_tunnel *tunnel);

#endif /* KPPTP_TUNNEL_INTERNAL_H */
