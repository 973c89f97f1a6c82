/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Human-readable output of the daemon's tunnels and their events. */
#ifndef KPPTPCTL_TUNNELS_H
#define KPPTPCTL_TUNNELS_H

#include <stdio.h>

struct json_object;

/**
 * tunnels_print() - print the array of kpptp_api_show()
 * @shown: counts the paragraphs on @out, which are separated by empty lines
 */
void tunnels_print(FILE *out, struct json_object *tunnels, int *shown);

/**
 * tunnels_print_event() - print one line for an event of kpptp_api_event()
 */
void tunnels_print_event(FILE *out, struct json_object *event);

#endif /* KPPTPCTL_TUNNELS_H */
