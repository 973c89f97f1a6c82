// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file: lines in, settings out, every error with its line. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"

/* More keys than the table will ever have. */
#define MAX_SETTINGS 64
#define MAX_LINE     1200

/**
 * struct parse - a file being read
 * @line: number of the line that was read last
 * @errors: how many were reported
 * @set: the line that set each key of the table, 0 = none
 */
struct parse {
	struct kpptp_config *config;
	const char *path;
	FILE *file;
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

/* inih tells its handler no line numbers, so they are counted here. */
static char *read_line(char *buf, int size, void *stream)
{
	struct parse *p = stream;
	char *end;
	int c;

	if (!fgets(buf, size, p->file))
		return NULL;
	p->line++;
	end = buf + strlen(buf);
	if ((end == buf || end[-1] != '\n') && !feof(p->file)) {
		complain(p, p->line,
			 "the line is too long, expected at most %d octets",
			 size - 2);
		while ((c = getc(p->file)) != EOF && c != '\n')
			;
		/* Or newer versions of inih pass over the next line as well. */
		if (end > buf)
			end[-1] = '\n';
	}
	return buf;
}

static void apply(struct parse *p, size_t at, const char *value)
{
	const struct kpptp_setting *s = &kpptp_settings[at];
	char expected[160];

	if (p->set[at]) {
		complain(p, p->line,
			 "[%s] %s is set twice, first in line %u: remove one",
			 s->section, s->key, p->set[at]);
		return;
	}
	p->set[at] = p->line;
	if (kpptp_setting_apply(s, value, p->config) == 0)
		return;
	s->type->expected(s, expected, sizeof(expected));
	complain(p, p->line, "[%s] %s: bad value \"%.200s\", expected %s",
		 s->section, s->key, value, expected);
}

static int handle(void *user, const char *section, const char *name,
		  const char *value)
{
	struct parse *p = user;
	bool known = false;
	size_t i;

	for (i = 0; i < kpptp_settings_count; i++) {
		if (strcmp(section, kpptp_settings[i].section) != 0)
			continue;
		known = true;
		if (strcmp(name, kpptp_settings[i].key) == 0) {
			apply(p, i, value);
			return 1;
		}
	}
	if (known)
		complain(p, p->line, "[%s] %s: unknown key", section, name);
	else if (*section)
		complain(p, p->line, "%s: unknown section [%s]", name, section);
	else
		complain(p, p->line, "%s: expected a [section] before", name);
	return 1;
}

/* What no single key can know. */
static void check_together(struct parse *p)
{
	const struct kpptp_config *c = p->config;

	if (c->remote_addresses.first.s_addr != htonl(INADDR_ANY) &&
	    c->local_address.s_addr == htonl(INADDR_ANY))
		complain(p, 0,
			 "[ppp] remote-addresses: expected local-address to be "
			 "set too");
	if (c->half_open > c->connections)
		complain(
			p, 0,
			"[limits] half-open: expected at most connections (%u)",
			c->connections);
}

void kpptp_config_defaults(struct kpptp_config *config)
{
	size_t i;

	/* Also the padding, because the struct travels between processes. */
	memset(config, 0, sizeof(*config));
	for (i = 0; i < kpptp_settings_count; i++)
		if (kpptp_setting_apply(&kpptp_settings[i],
					kpptp_settings[i].value, config) < 0)
			abort(); /* the table contradicts itself */
}

int kpptp_config_read(struct kpptp_config *config, const char *path,
		      bool missing_ok, kpptp_config_report_fn report, void *ctx)
{
	struct parse p = {
		.config = config,
		.path = path,
		.report = report,
		.ctx = ctx,
	};
	int bad_line;

	_Static_assert(sizeof(struct kpptp_config) <= 4096,
		       "the configuration must fit a message to the worker");
	if (kpptp_settings_count > MAX_SETTINGS)
		abort();
	kpptp_config_defaults(config);
	p.file = fopen(path, "re");
	if (!p.file) {
		if (errno == ENOENT && missing_ok)
			return 0;
		complain(&p, 0, "cannot open: %s", strerror(errno));
		return -1;
	}
	/* A line that goes on in the next one would set its key twice. */
	ini_allow_multiline = false;
	/* inih's own line has 200 octets, too few for a list of networks. */
	ini_use_stack = false;
	ini_initial_alloc = MAX_LINE;
	ini_max_line = MAX_LINE;
	bad_line = ini_parse_stream(read_line, &p, handle, &p);
	if (ferror(p.file))
		complain(&p, 0, "cannot read: %s", strerror(errno));
	fclose(p.file);
	if (bad_line > 0)
		complain(
			&p, bad_line,
			"expected \"key = value\", \"[section]\" or a comment");
	if (!p.errors)
		check_together(&p);
	return p.errors ? -1 : 0;
}

bool kpptp_config_allows(const struct kpptp_config *config, struct in_addr addr)
{
	const struct kpptp_allow *allow = &config->allow;
	unsigned int i;

	for (i = 0; i < allow->count; i++)
		if ((addr.s_addr & allow->prefix[i].mask.s_addr) ==
		    allow->prefix[i].addr.s_addr)
			return true;
	return allow->count == 0;
}
