// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: iptables rules, translated to nftables. */
#include "doctor_iptables.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

#include "json.h"

#define WORDS_MAX 128

/* {KIND: {"family":"ip", "table":"filter"}}; returns the inner object. */
static struct json_object *add_item(struct json_object *list, const char *kind)
{
	struct json_object *outer = json_object_new_object();
	struct json_object *inner = json_object_new_object();

	kpptp_json_add_text(inner, "family", "ip");
	kpptp_json_add_text(inner, "table", "filter");
	json_object_object_add(outer, kind, inner);
	json_object_array_add(list, outer);
	return inner;
}

/* ":INPUT DROP [0:0]"; user-defined chains have "-" as their policy. */
static void read_chain(struct json_object *list, char *line)
{
	char *save, *name = strtok_r(line + 1, " ", &save);
	const char *policy = strtok_r(NULL, " ", &save);
	struct json_object *chain = add_item(list, "chain");

	kpptp_json_add_text(chain, "name", name ? name : "");
	if (!policy || !strcmp(policy, "-"))
		return;
	kpptp_json_add_text(chain, "type", "filter");
	kpptp_json_add_text(chain, "hook",
			    !strcmp(name, "INPUT")    ? "input"
			    : !strcmp(name, "OUTPUT") ? "output"
						      : "forward");
	kpptp_json_add_text(chain, "policy", !strcmp(policy, "DROP") ? "drop" : "accept");
}

/* A value as nft writes it: a number, a range, or a string. */
static struct json_object *new_value(const char *text)
{
	struct json_object *object, *range;
	unsigned int low, high;
	int end = 0;

	if (sscanf(text, "%u:%u%n", &low, &high, &end) == 2 && !text[end]) {
		range = json_object_new_array();
		json_object_array_add(range, json_object_new_int(low));
		json_object_array_add(range, json_object_new_int(high));
		object = json_object_new_object();
		json_object_object_add(object, "range", range);
		return object;
	}
	if (sscanf(text, "%u%n", &low, &end) == 1 && !text[end])
		return json_object_new_int(low);
	return json_object_new_string(text);
}

/* Comma-separated values; iptables writes states in upper case. */
static struct json_object *new_values(char *text, bool states)
{
	struct json_object *list = json_object_new_array();
	char *word, *save, *at;

	for (word = strtok_r(text, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		for (at = word; states && *at; at++)
			*at |= 0x20;
		json_object_array_add(list, new_value(word));
	}
	return list;
}

static void add_expression(struct json_object *list, const char *name, struct json_object *value)
{
	struct json_object *expression = json_object_new_object();

	json_object_object_add(expression, name, value);
	json_object_array_add(list, expression);
}

/* @left is JSON. */
static void add_match(struct json_object *list, bool not, const char *left,
		      struct json_object *right)
{
	struct json_object *match = json_object_new_object();

	kpptp_json_add_text(match, "op", not ? "!=" : "==");
	json_object_object_add(match, "left", json_tokener_parse(left));
	json_object_object_add(match, "right", right);
	add_expression(list, "match", match);
}

static void add_target(struct json_object *list, const char *name, const char *statement)
{
	struct json_object *target;

	if (!strcmp(name, "ACCEPT") || !strcmp(name, "NFQUEUE")) {
		add_expression(list, "accept", NULL);
	} else if (!strcmp(name, "DROP") || !strcmp(name, "REJECT")) {
		add_expression(list, "drop", NULL);
	} else if (!strcmp(name, "RETURN")) {
		add_expression(list, "return", NULL);
	} else if (!strcmp(name, "LOG") || !strcmp(name, "NFLOG")) {
		add_expression(list, "log", NULL);
	} else {
		target = json_object_new_object();
		kpptp_json_add_text(target, "target", name);
		add_expression(list, statement, target);
	}
}

/* An option with its argument. Returns whether it was a known condition. */
static bool add_option(struct json_object *list, const char *name, char *value, bool not )
{
	if (!strcmp(name, "-p"))
		add_match(list, not, "{\"meta\":{\"key\":\"l4proto\"}}", new_value(value));
	else if (!strcmp(name, "--dport") || !strcmp(name, "--dports"))
		add_match(list, not,
			  "{\"payload\":{\"protocol\":\"th\",\"field\":"
			  "\"dport\"}}",
			  new_values(value, false));
	else if (!strcmp(name, "-i"))
		add_match(list, not, "{\"meta\":{\"key\":\"iifname\"}}",
			  json_object_new_string(value));
	else if (!strcmp(name, "-o"))
		add_match(list, not, "{\"meta\":{\"key\":\"oifname\"}}",
			  json_object_new_string(value));
	else if (!strcmp(name, "--ctstate") || !strcmp(name, "--state"))
		add_match(list, not, "{\"ct\":{\"key\":\"state\"}}", new_values(value, true));
	else
		return false;
	return true;
}

/* The words after "-A CHAIN". A target's arguments follow it. */
static void read_options(struct json_object *list, char **words, int n)
{
	bool not = false;
	int i;

	for (i = 0; i < n; i++) {
		if (!strcmp(words[i], "!")) {
			not = true;
			continue;
		}
		if (i + 1 == n || words[i][0] != '-')
			break;
		if (!strcmp(words[i], "-j") || !strcmp(words[i], "-g")) {
			add_target(list, words[i + 1], words[i][1] == 'g' ? "goto" : "jump");
			return;
		}
		/* "-m MODULE" only loads the module of a condition. */
		if (strcmp(words[i], "-m") && !add_option(list, words[i], words[i + 1], not ))
			break;
		not = false;
		i++;
	}
	/* Anything unknown is a condition. Then the target. */
	add_expression(list, "xt", NULL);
	for (; i + 1 < n; i++) {
		if (!strcmp(words[i], "-j") || !strcmp(words[i], "-g")) {
			add_target(list, words[i + 1], words[i][1] == 'g' ? "goto" : "jump");
			return;
		}
	}
}

static void read_rule(struct json_object *list, char *line)
{
	struct json_object *rule, *expressions;
	char *words[WORDS_MAX], *save, *word;
	int n = 0;

	for (word = strtok_r(line, " ", &save); word && n < WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		words[n++] = word;
	if (n < 2)
		return;
	rule = add_item(list, "rule");
	expressions = json_object_new_array();
	kpptp_json_add_text(rule, "chain", words[1]);
	json_object_object_add(rule, "expr", expressions);
	read_options(expressions, words + 2, n - 2);
}

struct json_object *doctor_iptables_rules(const char *text)
{
	struct json_object *list = json_object_new_array();
	char *copy = strdup(text), *line, *save;

	for (line = copy ? strtok_r(copy, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (*line == ':')
			read_chain(list, line);
		else if (!strncmp(line, "-A ", 3))
			read_rule(list, line);
	}
	free(copy);
	return list;
}
