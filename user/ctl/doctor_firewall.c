// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kpptpctl doctor: do the host's firewall rules drop what PPTP needs: GRE both
 * ways, and the control connection to kpptpd's port?
 */
#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <json-c/json.h>

#include "config.h"
#include "doctor_iptables.h"
#include "doctor_rules.h"

#define GRE	 47
#define TCP	 6
#define GRE_PPTP 0x880b /* EtherType of PPP in GRE, at the offset of TCP's port */

/**
 * struct rules - a ruleset in the form of doctor_rules.h
 * @tool: the program that lists and changes it
 * @insert: the command that inserts a rule at the head of a chain
 */
struct rules {
	const char *tool;
	struct json_object *list;
	struct json_object *document;
};

/* Returns 0, 1 if this tool has no rules, or a negative errno. */
static int get_nft(struct rules *rules)
{
	static const char *const argv[] = { "nft", "-j", "list", "ruleset", NULL };
	char *output;
	int ret;

	ret = doctor_run(argv, false, &output);
	if (!ret)
		rules->document = json_tokener_parse(output);
	free(output);
	if (ret)
		return ret == -ENOENT ? 1 : ret > 0 ? -EIO : ret;
	rules->tool = "nft";
	if (!json_object_object_get_ex(rules->document, "nftables", &rules->list) ||
	    !json_object_is_type(rules->list, json_type_array))
		return -EBADMSG;
	return 0;
}

/* As get_nft(). The rules of iptables-nft are nftables rules. */
static int get_iptables(struct rules *rules)
{
	static const char *const argv[] = { "iptables-legacy-save", "-t", "filter", NULL };
	char *output;
	int ret;

	ret = doctor_run(argv, false, &output);
	if (!ret)
		rules->document = doctor_iptables_rules(output);
	free(output);
	rules->tool = "iptables-legacy";
	rules->list = rules->document;
	return ret == -ENOENT ? 1 : ret > 0 ? -EIO : ret;
}

static void suggest(const struct rules *rules, const char *chain, const char *condition,
		    const char *last, struct doctor_finding *finding)
{
	if (!strcmp(rules->tool, "nft"))
		doctor_remedy(finding,
			      "'nft insert rule %s %s accept'; also add the rule to those loaded at boot",
			      chain, condition);
	else
		doctor_remedy(finding,
			      "'iptables-legacy -I %s -p %s -j ACCEPT'; also add the rule to those loaded at boot",
			      strrchr(chain, ' ') + 1, last);
}

/* Returns whether the packet passes. */
static bool check_packet(const struct rules *rules, const struct doctor_packet *packet,
			 struct doctor_finding *finding)
{
	char chain[DOCTOR_CHAIN_SIZE], condition[48] = "meta l4proto gre";
	char option[48] = "gre", what[48] = "GRE (IP protocol 47)";
	enum doctor_fate fate;
	bool policy;

	if (packet->number == TCP) {
		snprintf(condition, sizeof(condition), "tcp dport %u", packet->port);
		snprintf(option, sizeof(option), "tcp --dport %u", packet->port);
		snprintf(what, sizeof(what), "TCP to port %u", packet->port);
	}
	fate = doctor_rules_fate(rules->list, packet, chain, &policy);
	if (fate == DOCTOR_FATE_DROP) {
		doctor_problem(finding, "%s, %s, is dropped by %s of the chain '%s' (%s)", what,
			       packet->hook, policy ? "the policy" : "a rule", chain, rules->tool);
		suggest(rules, chain, condition, option, finding);
	} else if (fate == DOCTOR_FATE_UNSURE) {
		doctor_skip(finding,
			    "the chain '%s' (%s) drops %s, %s, unless a rule with a condition accepts it",
			    chain, rules->tool, what, packet->hook);
	}
	return fate == DOCTOR_FATE_PASS;
}

static bool check_rules(const struct rules *rules, const struct kpptp_config *config,
			struct doctor_finding *finding)
{
	const struct doctor_packet packets[] = {
		{ "input", "gre", GRE, GRE_PPTP },
		{ "output", "gre", GRE, GRE_PPTP },
		{ "input", "tcp", TCP, config->port },
	};
	size_t i, n = config->enable ? 3 : 2;
	struct doctor_finding one;
	bool good = true;

	for (i = 0; i < n; i++) {
		memset(&one, 0, sizeof(one));
		if (check_packet(rules, &packets[i], &one))
			continue;
		/* Prefer a certain problem to a possible one. */
		if (good || finding->verdict != DOCTOR_PROBLEM)
			*finding = one;
		good = false;
	}
	return good;
}

void doctor_firewall(const struct kpptp_config *config, struct doctor_finding *finding)
{
	static int (*const sources[])(struct rules * rules) = { get_nft, get_iptables };
	struct rules rules;
	bool good = true;
	int found = 0;
	size_t i;
	int ret;

	if (geteuid()) {
		doctor_skip(finding, "only root can read the rules");
		return;
	}
	for (i = 0; good && i < sizeof(sources) / sizeof(sources[0]); i++) {
		memset(&rules, 0, sizeof(rules));
		ret = sources[i](&rules);
		if (ret < 0) {
			doctor_skip(finding, "cannot read the rules of %s: %s",
				    i ? "iptables" : "nftables", strerror(-ret));
			good = false;
		} else if (!ret) {
			found++;
			good = check_rules(&rules, config, finding);
		}
		json_object_put(rules.document);
	}
	if (!found && good)
		doctor_skip(finding,
			    "cannot read the rules: neither nft nor iptables-legacy is installed");
	else if (good)
		doctor_ok(finding, "no rule of this host drops GRE%s",
			  config->enable ? " or the control connection" : "");
}
