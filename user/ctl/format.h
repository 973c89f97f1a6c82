/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output of calls and counters, human-readable and as JSON. The tables of
 * field.h drive both: a new counter appears automatically.
 *
 * JSON has the names and units of the spec: times are in microseconds, sizes in
 * bytes. Attributes that a call lacks are absent; the flag "owned" is true or
 * false, and absent only in the deletion event.
 */
#ifndef KPPTPCTL_FORMAT_H
#define KPPTPCTL_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "field.h"

struct json_object;

/* Room for one value written for people. */
#define FORMAT_SIZE 32

/**
 * format_value() - a number in its unit, for people: "1.5 MiB", "10.2 ms"
 * @text: FORMAT_SIZE bytes
 *
 * Return: @text.
 */
const char *format_value(enum kpptp_unit unit, uint64_t value, char *text);

/**
 * format_unit() - the unit that a field of a call is shown in
 */
enum kpptp_unit format_unit(const struct kpptp_field *field, const struct kpptp_call_info *info);

/**
 * format_bold() - an escape sequence that begins or ends bold text
 *
 * Return: "" unless @out is a terminal and NO_COLOR is unset or empty.
 */
const char *format_bold(FILE *out, bool begin);

/**
 * format_call_line() - "call local A peer B id N peer-id N channel N"
 */
void format_call_line(FILE *out, const struct kpptp_call_info *info);

/**
 * format_call() - a call with its configuration and statistics, on many lines
 *
 * Counters and gauges that are 0 are omitted.
 */
void format_call(FILE *out, const struct kpptp_call_info *info);

/**
 * format_net() - the counters of a namespace
 */
void format_net(FILE *out, const struct kpptp_net_stats *stats);

/**
 * format_call_json() - a call as an object, with "stats" if they are known
 */
struct json_object *format_call_json(const struct kpptp_call_info *info);

/**
 * format_net_json() - the counters of a namespace as an object
 */
struct json_object *format_net_json(const struct kpptp_net_stats *stats);

/**
 * format_json() - print a document on one line and drop the reference to it
 */
void format_json(FILE *out, struct json_object *object);

#endif /* KPPTPCTL_FORMAT_H */
