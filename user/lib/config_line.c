// SPDX-License-Identifier: GPL-2.0-or-later
/* One line of the configuration file, see config_line.h. */
#include "config_line.h"

#include <string.h>

#define BLANKS " \t\r\n\v\f"

/* Remove leading and trailing blanks. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, BLANKS);
	len = strlen(text);
	while (len && strchr(BLANKS, text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

/* Remove a comment that follows a blank. */
static void cut_comment(char *text)
{
	char *at = text;

	while ((at = strchr(at, ';'))) {
		if (at > text && strchr(BLANKS, at[-1])) {
			*at = '\0';
			return;
		}
		at++;
	}
}

static enum kpptp_config_line_kind parse_section(char *text, struct kpptp_config_line *line)
{
	char *end = strchr(text, ']');

	if (!end || end[1])
		return KPPTP_LINE_BAD;
	*end = '\0';
	line->name = trim(text + 1);
	return *line->name ? KPPTP_LINE_SECTION : KPPTP_LINE_BAD;
}

enum kpptp_config_line_kind kpptp_config_line_parse(char *text, struct kpptp_config_line *line)
{
	char *separator;

	text += strspn(text, BLANKS);
	if (!*text || *text == '#' || *text == ';')
		return KPPTP_LINE_EMPTY;
	cut_comment(text);
	text = trim(text);
	if (*text == '[')
		return parse_section(text, line);
	separator = strpbrk(text, "=:");
	if (!separator)
		return KPPTP_LINE_BAD;
	*separator = '\0';
	line->name = trim(text);
	line->value = trim(separator + 1);
	return *line->name ? KPPTP_LINE_VALUE : KPPTP_LINE_BAD;
}
