/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of the configuration file. Pure: text in, its parts out.
 *
 * The format is the common denominator of INI parsers. We use our own parser
 * because distributions build theirs with different line lengths, continuation
 * lines and comments.
 */
#ifndef KPPTP_CONFIG_LINE_H
#define KPPTP_CONFIG_LINE_H

/**
 * enum kpptp_config_line_kind - what a line is
 * @KPPTP_LINE_EMPTY: blank, or a comment
 * @KPPTP_LINE_SECTION: [name]
 * @KPPTP_LINE_VALUE: name = value, or name: value
 * @KPPTP_LINE_BAD: none of these
 */
enum kpptp_config_line_kind {
	KPPTP_LINE_EMPTY,
	KPPTP_LINE_SECTION,
	KPPTP_LINE_VALUE,
	KPPTP_LINE_BAD,
};

/**
 * struct kpptp_config_line - a parsed line
 * @name: section or key name, never empty; points into the line
 * @value: value of the key, may be empty; points into the line
 */
struct kpptp_config_line {
	const char *name;
	const char *value;
};

/**
 * kpptp_config_line_parse() - parse a line
 * @text: the line, with or without its newline; modified
 * @line: filled for a section (@name) and a value (both)
 *
 * A comment begins with # or ; as the first character of the line, or with a ;
 * after a blank. Blanks around names and values are ignored.
 */
enum kpptp_config_line_kind kpptp_config_line_parse(char *text, struct kpptp_config_line *line);

#endif /* KPPTP_CONFIG_LINE_H */
