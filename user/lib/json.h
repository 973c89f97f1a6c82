/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of a JSON object, by the types that both sides of the daemon's local
 * socket have (protocol: api.h).
 */
#ifndef KPPTP_JSON_H
#define KPPTP_JSON_H

#include <netinet/in.h>
#include <stdint.h>

struct json_object;

void kpptp_json_add_text(struct json_object *to, const char *name,
			 const char *text);
void kpptp_json_add_number(struct json_object *to, const char *name,
			   int64_t number);
void kpptp_json_add_address(struct json_object *to, const char *name,
			    struct in_addr addr);

#endif /* KPPTP_JSON_H */
