// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: lines in, settings out, every error with its line. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_line.h"
#include "settings.h"

/* Larger than the table will ever be. */
#define MAX_SETTINGS 64
#define MAX_LINE     1200

/* Some editors write it before the first line of a UTF-8 file. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/**
 * struct parse - a file being read
 * @section: the section that keys belong to; empty before the first one
 * @skip: the section is unknown and was reported: ignore its keys
 * @line: number of the last line read
 * @errors: number of errors reported
 * @set: the line that set each key of the table, 0 = none
 */
struct parse {
	struct kpptp_config *config;
	const char *path;
	char section[64];
	bool skip;
	kpptp_config_report_fn report;
	void *ctx;
	unsigned int line;
	unsigned int errors;
	unsigned int set[MAX_SETTINGS];
};

static void __attribute__((format(printf, 3, 4)))
complain(struct parse *p, unsigned int line, const char *fmt, ...)
{
	char text[1024], what[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (line)
		snprintf(text, sizeof(text), "%s:%u: %s", p->path, line, what);
	else
		snprintf(text, sizeof(text), "%s: %s", p->path, what);
	p->errors++;
	p->report(p->ctx, text);
}

static void apply(struct parse *p, size_t at, const char *value)
{
	const struct kpptp_setting *s = &kpptp_settings[at];
	char expected[160];

	if (p->set[at]) {
		complain(p, p->line, "[%s] %s is set twice, first in line %u: remove one",
			 s->section, s->key, p->set[at]);
		return;
	}
	p->set[at] = p->line;
	if (kpptp_setting_apply(s, value, p->config) == 0)
		return;
	s->type->expected(s, expected, sizeof(expected));
	complain(p, p->line, "[%s] %s: bad value \"%.200s\", expected %s", s->section, s->key,
		 value, expected);
}

static void enter_section(struct parse *p, const char *name)
{
	size_t i;

	p->skip = false;
	for (i = 0; i < kpptp_settings_count; i++) {
		if (strcmp(name, kpptp_settings[i].section) == 0) {
			snprintf(p->section, sizeof(p->section), "%s", name);
			return;
		}
	}
	p->skip = true;
	complain(p, p->line, "unknown section [%.200s]", name);
}

static void set_key(struct parse *p, const struct kpptp_config_line *line)
{
	size_t i;

	if (p->skip)
		return;
	for (i = 0; i < kpptp_settings_count; i++) {
		if (strcmp(p->section, kpptp_settings[i].section) == 0 &&
		    strcmp(line->name, kpptp_settings[i].key) == 0) {
			apply(p, i, line->value);
			return;
		}
	}
	if (p->section[0])
		complain(p, p->line, "[%s] %.200s: unknown key", p->section, line->name);
	else
		complain(p, p->line, "%.200s: expected a [section] before", line->name);
}

static void read_line(struct parse *p, char *text, size_t len)
{
	struct kpptp_config_line line;

	p->line++;
	if (len > MAX_LINE) {
		complain(p, p->line, "the line is too long, expected at most %d bytes", MAX_LINE);
		return;
	}
	if (p->line == 1 && strncmp(text, BYTE_ORDER_MARK, 3) == 0) {
		text += 3;
		len -= 3;
	}
	if (strlen(text) != len) {
		complain(p, p->line, "a zero byte, expected text");
		return;
	}
	switch (kpptp_config_line_parse(text, &line)) {
	case KPPTP_LINE_EMPTY:
		break;
	case KPPTP_LINE_SECTION:
		enter_section(p, line.name);
		break;
	case KPPTP_LINE_VALUE:
		set_key(p, &line);
		break;
	case KPPTP_LINE_BAD:
		complain(p, p->line, "expected \"key = value\", \"[section]\" or a comment");
	}
}

static void read_lines(struct parse *p, FILE *file)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&text, &size, file)) >= 0)
		read_line(p, text, len);
	if (!feof(file))
		complain(p, 0, "cannot read: %s", strerror(errno));
	free(text);
}

/* Checks that involve more than one key. */
static void check_together(struct parse *p)
{
	const struct kpptp_config *c = p->config;

	if (c->remote_addresses.first.s_addr != htonl(INADDR_ANY) &&
	    c->local_address.s_addr == htonl(INADDR_ANY))
		complain(p, 0,
			 "[ppp] remote-addresses: expected local-address to be "
			 "set too");
	if (c->half_open > c->connections)
		complain(p, 0, "[limits] half-open: expected at most connections (%u)",
			 c->connections);
}

void kpptp_config_defaults(struct kpptp_config *config)
{
	size_t i;

	/* Including the padding, because the struct is sent between processes. */
	memset(config, 0, sizeof(*config));
	for (i = 0; i < kpptp_settings_count; i++)
		if (kpptp_setting_apply(&kpptp_settings[i], kpptp_settings[i].value, config) < 0)
			abort(); /* the table contradicts itself */
}

int kpptp_config_read(struct kpptp_config *config, const char *path, bool missing_ok,
		      kpptp_config_report_fn report, void *ctx)
{
	struct parse p = {
		.config = config,
		.path = path,
		.report = report,
		.ctx = ctx,
	};
	FILE *file;

	_Static_assert(sizeof(struct kpptp_config) <= 4096,
		       "the configuration must fit a message to the worker");
	if (kpptp_settings_count > MAX_SETTINGS)
		abort();
	kpptp_config_defaults(config);
	file = fopen(path, "re");
	if (!file) {
		if (errno == ENOENT && missing_ok)
			return 0;
		complain(&p, 0, "cannot open: %s", strerror(errno));
		return -1;
	}
	read_lines(&p, file);
	fclose(file);
	if (!p.errors)
		check_together(&p);
	return p.errors ? -1 : 0;
}

bool kpptp_config_allows(const struct kpptp_config *config, struct in_addr addr)
{
	const struct kpptp_allow *allow = &config->allow;
	unsigned int i;

	for (i = 0; i < allow->count; i++)
		if ((addr.s_addr & allow->prefix[i].mask.s_addr) == allow->prefix[i].addr.s_addr)
			return true;
	return allow->count == 0;
}

bool kpptp_config_dials(const struct kpptp_config *config, uint16_t port)
{
	const struct kpptp_ports *ports = &config->dial_ports;
	unsigned int i;

	for (i = 0; i < ports->count; i++)
		if (ports->port[i] == port)
			return true;
	return ports->count == 0;
}
