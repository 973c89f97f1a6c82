// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: parse the output of other programs. */
#include "doctor_text.h"

#include <stdio.h>
#include <string.h>

static void copy(const char *from, size_t len, char *to, size_t size)
{
	snprintf(to, size, "%.*s", (int)len, from);
}

bool doctor_text_field(const char *text, const char *name, char *value, size_t size)
{
	size_t len = strlen(name);
	const char *line;

	*value = '\0';
	for (line = text; *line; line += strcspn(line, "\n")) {
		line += strspn(line, "\n");
		if (strncmp(line, name, len))
			continue;
		line += len;
		line += strspn(line, " \t");
		copy(line, strcspn(line, "\n"), value, size);
		return true;
	}
	return false;
}

bool doctor_text_plugin_versions(const char *output, char *built, char *runs, size_t size)
{
	static const char before[] = " is for pppd version ";
	static const char between[] = ", this is ";
	const char *at = strstr(output, before);
	const char *comma;

	if (!at)
		return false;
	at += sizeof(before) - 1;
	comma = strstr(at, between);
	if (!comma)
		return false;
	copy(at, comma - at, built, size);
	comma += sizeof(between) - 1;
	copy(comma, strcspn(comma, "\n"), runs, size);
	return true;
}

void doctor_text_first_line(const char *text, char *line, size_t size)
{
	text += strspn(text, "\n");
	copy(text, strcspn(text, "\n"), line, size);
}
