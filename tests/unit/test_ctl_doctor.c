// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: parsing other programs' output, and evaluating firewall rules. */

#include <stdio.h>
#include <json-c/json.h>

#include "../../user/ctl/doctor_text.c"
#include "../../user/ctl/doctor_iptables.c"
/* Both files have a member() of their own. */
#define member match_member
#include "../../user/ctl/doctor_match.c"
#undef member
#include "../../user/ctl/doctor_rules.c"
#include "unit.h"

static const struct doctor_packet gre = { "input", "gre", 47, 0x880b };
static const struct doctor_packet gre_out = { "output", "gre", 47, 0x880b };
static const struct doctor_packet tcp = { "input", "tcp", 6, 1723 };

/* Expressions, as nft -j writes them. */
#define MATCH(op, left, right)                                                                     \
	"{\"match\":{\"op\":\"" op "\",\"left\":" left ",\"right\":" right "}"                     \
	"}"
#define L4PROTO	    "{\"meta\":{\"key\":\"l4proto\"}}"
#define PROTOCOL_IP "{\"payload\":{\"protocol\":\"ip\",\"field\":\"protocol\"}}"
#define DPORT	    "{\"payload\":{\"protocol\":\"tcp\",\"field\":\"dport\"}}"
#define UDP_DPORT   "{\"payload\":{\"protocol\":\"udp\",\"field\":\"dport\"}}"
#define SADDR	    "{\"payload\":{\"protocol\":\"ip\",\"field\":\"saddr\"}}"
#define NEXTHDR	    "{\"payload\":{\"protocol\":\"ip6\",\"field\":\"nexthdr\"}}"
#define CT_STATE    "{\"ct\":{\"key\":\"state\"}}"
#define IIFNAME	    "{\"meta\":{\"key\":\"iifname\"}}"
#define NFPROTO	    "{\"meta\":{\"key\":\"nfproto\"}}"
#define ACCEPT_	    ",{\"accept\":null}"
#define DROP_	    ",{\"drop\":null}"

/* One chain "input" with this policy and one rule of these expressions. */
static struct json_object *one_rule(const char *policy, const char *rule)
{
	struct json_object *ruleset;
	char text[2048];

	snprintf(text, sizeof(text),
		 "[{\"chain\":{\"family\":\"inet\",\"table\":\"f\",\"name\":"
		 "\"input\",\"type\":\"filter\",\"hook\":\"input\",\"policy\":"
		 "\"%s\"}},"
		 "{\"set\":{\"family\":\"inet\",\"table\":\"f\",\"name\":"
		 "\"ports\",\"elem\":[22,{\"range\":[1700,1800]}]}},"
		 "{\"rule\":{\"family\":\"inet\",\"table\":\"f\",\"chain\":"
		 "\"input\",\"expr\":[%s]}}]",
		 policy, rule);
	ruleset = json_tokener_parse(text);
	if (!ruleset)
		fail_msg("bad JSON: %s", text);
	return ruleset;
}

static enum doctor_fate fate_of(struct json_object *ruleset, const struct doctor_packet *packet)
{
	char chain[DOCTOR_CHAIN_SIZE];
	enum doctor_fate fate;
	bool policy;

	fate = doctor_rules_fate(ruleset, packet, chain, &policy);
	json_object_put(ruleset);
	return fate;
}

/* Where the policy is drop, what does one accepting rule change? */
static void test_matches(void **state)
{
	static const struct {
		const char *match;
		enum doctor_fate gre, tcp;
	} cases[] = {
#define PASS   DOCTOR_FATE_PASS
#define LOST   DOCTOR_FATE_DROP
#define UNSURE DOCTOR_FATE_UNSURE
		{ MATCH("==", L4PROTO, "\"gre\""), PASS, LOST },
		{ MATCH("==", L4PROTO, "47"), PASS, LOST },
		{ MATCH("!=", L4PROTO, "\"tcp\""), PASS, LOST },
		{ MATCH("==", L4PROTO, "{\"set\":[\"gre\",6]}"), PASS, PASS },
		{ MATCH("==", PROTOCOL_IP, "\"gre\""), PASS, LOST },
		{ MATCH("==", DPORT, "1723"), LOST, PASS },
		{ MATCH("!=", DPORT, "22"), LOST, PASS },
		{ MATCH("!=", DPORT, "1723"), LOST, LOST },
		{ MATCH("==", DPORT, "{\"range\":[1024,2000]}"), LOST, PASS },
		{ MATCH("==", DPORT, "{\"set\":[22,80]}"), LOST, LOST },
		{ MATCH("==", DPORT, "\"@ports\""), LOST, PASS },
		{ MATCH("==", DPORT, "\"@nosuch\""), LOST, LOST },
		{ MATCH("==", UDP_DPORT, "1723"), LOST, LOST },
		{ MATCH("!=", UDP_DPORT, "53"), LOST, LOST },
		{ MATCH("==", NEXTHDR, "\"gre\""), LOST, LOST },
		{ MATCH("==", NFPROTO, "\"ipv6\""), LOST, LOST },
		{ MATCH("==", NFPROTO, "\"ipv4\""), PASS, PASS },
		{ MATCH("in", CT_STATE, "[\"established\",\"related\"]"), LOST, LOST },
		{ MATCH("==", CT_STATE, "{\"set\":[\"new\",\"untracked\"]}"), PASS, PASS },
		{ MATCH("==", IIFNAME, "\"lo\""), LOST, LOST },
		{ MATCH("!=", IIFNAME, "\"lo\""), PASS, PASS },
		{ MATCH("==", IIFNAME, "\"eth0\""), UNSURE, UNSURE },
		{ MATCH("==", SADDR, "\"192.0.2.1\""), UNSURE, UNSURE },
		{ MATCH("<", DPORT, "2000"), LOST, UNSURE },
		{ MATCH("==", L4PROTO, "\"gre\"") "," MATCH("==", SADDR, "\"192.0.2.1\""), UNSURE,
		  LOST },
		{ "{\"limit\":{\"rate\":3,\"per\":\"second\"}}", UNSURE, UNSURE },
		{ "{\"xt\":null}", UNSURE, UNSURE },
		{ "{\"counter\":{\"packets\":0,\"bytes\":0}}", PASS, PASS },
	};
	char rule[1024];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(rule, sizeof(rule), "%s" ACCEPT_, cases[i].match);
		if (fate_of(one_rule("drop", rule), &gre) != cases[i].gre)
			fail_msg("GRE: %s", rule);
		if (fate_of(one_rule("drop", rule), &tcp) != cases[i].tcp)
			fail_msg("TCP: %s", rule);
		/* Another hook does not count. */
		if (fate_of(one_rule("drop", rule), &gre_out))
			fail_msg("output: %s", rule);
	}
}

/* Where all is accepted, what does one dropping rule change? */
static void test_drops(void **state)
{
	static const struct {
		const char *rule;
		enum doctor_fate gre, tcp;
	} cases[] = {
		{ MATCH("==", L4PROTO, "\"gre\"") DROP_, LOST, PASS },
		{ MATCH("==", DPORT, "1723") ",{\"reject\":{\"type\":\"tcp reset\"}}", PASS, LOST },
		/* It depends on the peer: take the better case. */
		{ MATCH("==", SADDR, "\"192.0.2.1\"") DROP_, PASS, PASS },
		{ "{\"vmap\":{\"key\":" DPORT
		  ",\"data\":{\"set\":[[22,{\"accept\":null}],[1723,{\"drop\":"
		  "null}]]}}}",
		  PASS, LOST },
		{ "{\"vmap\":{\"key\":" L4PROTO
		  ",\"data\":{\"set\":[[\"gre\",{\"drop\":null}],[\"tcp\",{"
		  "\"accept\":null}]]}}}",
		  LOST, PASS },
		{ "{\"vmap\":{\"key\":" CT_STATE
		  ",\"data\":{\"set\":[[\"invalid\",{\"drop\":null}],["
		  "\"established\",{\"accept\":null}]]}}}",
		  PASS, PASS },
		{ "{\"counter\":null}" DROP_, LOST, LOST },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (fate_of(one_rule("accept", cases[i].rule), &gre) != cases[i].gre)
			fail_msg("GRE: %s", cases[i].rule);
		if (fate_of(one_rule("accept", cases[i].rule), &tcp) != cases[i].tcp)
			fail_msg("TCP: %s", cases[i].rule);
	}
}

#define SAVE(rules)                                                                                \
	"*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT "                         \
	"[0:0]\n:mine - [0:0]\n:loop - [0:0]\n" rules "COMMIT\n"

/* Through iptables' rules, jumps too. */
static void test_iptables(void **state)
{
	static const struct {
		const char *rules;
		enum doctor_fate gre, tcp;
	} cases[] = {
		{ SAVE(""), LOST, LOST },
		{ SAVE("-A INPUT -i lo -j ACCEPT\n"), LOST, LOST },
		{ SAVE("-A INPUT -p gre -j ACCEPT\n"), PASS, LOST },
		{ SAVE("-A INPUT -p 47 -j ACCEPT\n"), PASS, LOST },
		{ SAVE("-A INPUT ! -p tcp -j ACCEPT\n"), PASS, LOST },
		{ SAVE("-A INPUT -p tcp -m tcp --dport 1723 -j ACCEPT\n"), LOST, PASS },
		{ SAVE("-A INPUT -p tcp -m multiport --dports 22,1000:2000 -j "
		       "ACCEPT\n"),
		  LOST, PASS },
		{ SAVE("-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j "
		       "ACCEPT\n"),
		  LOST, LOST },
		{ SAVE("-A INPUT -m conntrack --ctstate NEW -j ACCEPT\n"), PASS, PASS },
		{ SAVE("-A INPUT -s 192.0.2.0/24 -p gre -j ACCEPT\n"), UNSURE, UNSURE },
		{ SAVE("-A INPUT -j mine\n-A mine -p gre -j ACCEPT\n"), PASS, LOST },
		{ SAVE("-A INPUT -j mine\n-A mine -j RETURN\n-A mine -j "
		       "ACCEPT\n"),
		  LOST, LOST },
		{ SAVE("-A INPUT -g mine\n-A INPUT -j ACCEPT\n"), LOST, LOST },
		{ SAVE("-A INPUT -p udp -j mine\n-A mine -j ACCEPT\n"), LOST, LOST },
		{ SAVE("-A INPUT -s 192.0.2.1 -j mine\n-A mine -j ACCEPT\n"), UNSURE, UNSURE },
		{ SAVE("-A INPUT -j LOG --log-prefix x\n-A INPUT -j ACCEPT\n"), PASS, PASS },
		/* The kernel refuses loops; we must terminate anyway. */
		{ SAVE("-A INPUT -j loop\n-A loop -j loop\n"), UNSURE, UNSURE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (fate_of(doctor_iptables_rules(cases[i].rules), &gre) != cases[i].gre)
			fail_msg("GRE: %s", cases[i].rules);
		if (fate_of(doctor_iptables_rules(cases[i].rules), &tcp) != cases[i].tcp)
			fail_msg("TCP: %s", cases[i].rules);
		assert_int_equal(fate_of(doctor_iptables_rules(cases[i].rules), &gre_out), PASS);
	}
}

/* Unexpected input must be neither trusted nor fatal. */
static void test_odd_rules(void **state)
{
	static const char *const rules[] = {
		"{\"match\":{}}" ACCEPT_,
		"{\"match\":{\"op\":\"==\",\"left\":null,\"right\":1}}" ACCEPT_,
		"{\"match\":{\"op\":1,\"left\":{\"meta\":{\"key\":5}},"
		"\"right\":null}}" ACCEPT_,
		MATCH("==", DPORT, "{\"range\":[1]}") "," MATCH("==", SADDR, "1") ACCEPT_,
		"{\"vmap\":{}}",
		"{\"vmap\":{\"key\":{},\"data\":{\"set\":[1,[],[2,{\"accept\":"
		"null}]]}}}",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (fate_of(one_rule("drop", rules[i]), &gre) == PASS)
			fail_msg("passes: %s", rules[i]);
}

static void test_chain_is_named(void **state)
{
	struct json_object *ruleset = one_rule("drop", "{\"counter\":null}");
	char chain[DOCTOR_CHAIN_SIZE];
	bool policy = false;

	(void)state;
	assert_int_equal(doctor_rules_fate(ruleset, &gre, chain, &policy), LOST);
	assert_string_equal(chain, "inet f input");
	assert_true(policy);
	json_object_put(ruleset);
}

static void test_field(void **state)
{
	static const char text[] = "filename: /x\nversion:        0.1.0\nsrcversion:  AB12\n";
	char value[8];

	(void)state;
	assert_true(doctor_text_field(text, "version:", value, sizeof(value)));
	assert_string_equal(value, "0.1.0");
	assert_true(doctor_text_field(text, "srcversion:", value, 4));
	assert_string_equal(value, "AB1");
	assert_false(doctor_text_field(text, "vermagic:", value, sizeof(value)));
	assert_string_equal(value, "");
	assert_false(doctor_text_field("", "a", value, sizeof(value)));
}

static void test_plugin(void **state)
{
	char built[16], runs[16], line[64];

	(void)state;
	assert_true(doctor_text_plugin_versions("pppd: Plugin kpptp.so is for pppd version 2.4.9, this is "
						"2.5.2\nmore\n",
						built, runs, sizeof(built)));
	assert_string_equal(built, "2.4.9");
	assert_string_equal(runs, "2.5.2");
	assert_false(doctor_text_plugin_versions("Plugin is for pppd version 2", built, runs,
						 sizeof(built)));
	doctor_text_first_line("\n\nfirst\nsecond\n", line, sizeof(line));
	assert_string_equal(line, "first");
	doctor_text_first_line("", line, sizeof(line));
	assert_string_equal(line, "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),	       cmocka_unit_test(test_drops),
		cmocka_unit_test(test_iptables),       cmocka_unit_test(test_odd_rules),
		cmocka_unit_test(test_chain_is_named), cmocka_unit_test(test_field),
		cmocka_unit_test(test_plugin),
	};

	return cmocka_run_group_tests_name("ctl_doctor", tests, NULL, NULL);
}
