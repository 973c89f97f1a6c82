/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the daemon's tunnels are written for people. */
#ifndef KPPTPCTL_TUNNELS_H
#define KPPTPCTL_TUNNELS_H

#include <stdio.h>

struct json_object;

/**
 * tunnels_print() - the array of kpptp_api_show()
 * @shown: counts the paragraphs on @out, which an empty line separates
 */
void tunnels_print(FILE *out, struct json_object *tunnels, int *shown);

#endif /* KPPTPCTL_TUNNELS_H */
