/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kpptpctl doctor: parse the output of other programs. Pure. */
#ifndef KPPTPCTL_DOCTOR_TEXT_H
#define KPPTPCTL_DOCTOR_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * doctor_text_field() - the value on the line that begins with a name
 * @name: with its separator, such as "pppd version"
 * @value: filled, without surrounding blanks; "" if there is no such line
 *
 * Return: whether there is such a line.
 */
bool doctor_text_field(const char *text, const char *name, char *value, size_t size);

/**
 * doctor_text_plugin_versions() - parse pppd's complaint about a plugin
 * @output: pppd's output
 * @built: filled with the version that the plugin was built for
 * @runs: filled with pppd's version
 *
 * Return: whether pppd complained about versions.
 */
bool doctor_text_plugin_versions(const char *output, char *built, char *runs, size_t size);

/**
 * doctor_text_first_line() - the first non-empty line
 */
void doctor_text_first_line(const char *text, char *line, size_t size);

#endif /* KPPTPCTL_DOCTOR_TEXT_H */
