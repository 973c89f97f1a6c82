// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: what follows from the modules that are loaded and installed. */

#include <string.h>

#include "../../user/ctl/doctor_finding.c"
#include "../../user/ctl/doctor_module.c"
#include "../../user/ctl/doctor_run.c"
#include "unit.h"

#define RUNS "6.1.0-1-amd64"

static const struct module right = { KPPTP_RELEASE, "AB12", RUNS };
static const struct module rebuilt = { KPPTP_RELEASE, "CD34", RUNS };
static const struct module old = { "0.0.0", "AB12", RUNS };
static const struct module foreign = { KPPTP_RELEASE, "AB12", "6.1.0-2-amd64" };

static void the_module_is_judged(void **state)
{
	static const struct {
		const struct module *loaded, *installed;
		enum doctor_verdict verdict;
		const char *text, *remedy;
	} cases[] = {
		{ NULL, NULL, DOCTOR_PROBLEM, "kpptp is not installed", "linux-headers-" RUNS },
		{ &right, NULL, DOCTOR_PROBLEM, "loaded, but not installed", "dkms-install" },
		{ &right, &right, DOCTOR_OK, "is loaded for kernel " RUNS, "" },
		{ NULL, &right, DOCTOR_OK, "is installed for kernel " RUNS, "" },
		{ &right, &rebuilt, DOCTOR_PROBLEM, "source AB12) is not the one", "modprobe -r" },
		{ NULL, &old, DOCTOR_PROBLEM, "kpptp 0.0.0 is installed", "same sources" },
		{ &old, &old, DOCTOR_PROBLEM, "kpptp 0.0.0 is installed", "same sources" },
		{ NULL, &foreign, DOCTOR_PROBLEM, "built for kernel 6.1.0-2-amd64", "dkms" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct doctor_finding finding = { 0 };

		judge_module(RUNS, cases[i].loaded, cases[i].installed, &finding);
		if (finding.verdict != cases[i].verdict || !strstr(finding.text, cases[i].text) ||
		    !strstr(finding.remedy, cases[i].remedy))
			fail_msg("%zu: %d '%s', '%s'", i, finding.verdict, finding.text,
				 finding.remedy);
	}
}

#define SLOWER                                                                                     \
	"ppp_mppe is loaded, the faster kpptp_mppe is not; 'modprobe -r ppp_mppe' while no link "  \
	"is encrypted lets the next one load it"
#define NOT_TRIED ", but modprobe does not load it for ppp-compress-18: calls cannot be encrypted"
#define NEITHER	  "kernel " RUNS " has neither kpptp_mppe nor ppp_mppe: calls cannot be encrypted"

static void the_modules_for_mppe_are_judged(void **state)
{
	/* A problem is one with a remedy. */
	static const struct {
		enum presence has[MPPE_MODULES];
		enum mppe next;
		const char *text, *remedy;
	} cases[] = {
		{ { LOADED, INSTALLED }, MPPE_OURS, "kpptp_mppe is loaded", "" },
		{ { LOADED, MISSING }, MPPE_MODULES, "kpptp_mppe is loaded", "" },
		{ { INSTALLED, BUILTIN }, MPPE_OURS, "ppp_mppe is built into kernel " RUNS, "" },
		{ { INSTALLED, LOADED }, MPPE_OURS, SLOWER, "" },
		{ { INSTALLED, LOADED }, MPPE_IN_TREE, "ppp_mppe is loaded", "" },
		{ { MISSING, LOADED }, MPPE_IN_TREE, "ppp_mppe is loaded", "" },
		{ { INSTALLED, INSTALLED }, MPPE_OURS, "kernel " RUNS " has kpptp_mppe", "" },
		{ { INSTALLED, INSTALLED }, MPPE_IN_TREE, "kernel " RUNS " has ppp_mppe", "" },
		{ { INSTALLED, MISSING }, MPPE_OURS, "kernel " RUNS " has kpptp_mppe", "" },
		{ { INSTALLED, MISSING },
		  MPPE_MODULES,
		  "kernel " RUNS " has kpptp_mppe" NOT_TRIED,
		  "an empty kpptp_mppe.conf" },
		{ { MISSING, INSTALLED },
		  MPPE_MODULES,
		  "kernel " RUNS " has ppp_mppe" NOT_TRIED,
		  "'blacklist'" },
		{ { MISSING, MISSING }, MPPE_MODULES, NEITHER, "kpptp-dkms" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct doctor_finding finding = { 0 };

		judge_mppe(RUNS, cases[i].has, cases[i].next, &finding);
		assert_string_equal(finding.text, cases[i].text);
		assert_non_null(strstr(finding.remedy, cases[i].remedy));
		assert_int_equal(finding.verdict, cases[i].remedy[0] ? DOCTOR_PROBLEM : DOCTOR_OK);
	}
}

/* libkmod answers, whatever modules there are here. */
static void an_unknown_module_is_none(void **state)
{
	struct kmod_ctx *ctx = open_kmod();

	(void)state;
	assert_non_null(ctx);
	assert_false(has_module(ctx, "kpptp_no_such_module"));
	assert_int_equal(find_presence(ctx, "kpptp_no_such_module"), MISSING);
	kmod_unref(ctx);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_module_is_judged),
		cmocka_unit_test(the_modules_for_mppe_are_judged),
		cmocka_unit_test(an_unknown_module_is_none),
	};

	return cmocka_run_group_tests_name("ctl_doctor_module", tests, NULL, NULL);
}
