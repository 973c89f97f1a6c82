/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of a JSON object, in the types that both ends of the daemon's local
 * socket use (protocol: api.h).
 */
#ifndef KPPTP_JSON_H
#define KPPTP_JSON_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct json_object;

/**
 * kpptp_json_add_text() - add a text, cleaned (text.h)
 */
void kpptp_json_add_text(struct json_object *to, const char *name, const char *text);
void kpptp_json_add_number(struct json_object *to, const char *name, int64_t number);
void kpptp_json_add_address(struct json_object *to, const char *name, struct in_addr addr);

/**
 * kpptp_json_clean() - clean all texts of untrusted JSON (text.h)
 * @value: of any type; each text in it is replaced by its clean form
 *
 * Return: whether all member names are clean. Names are left as they are.
 */
bool kpptp_json_clean(struct json_object *value);

#endif /* KPPTP_JSON_H */
