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

/* libkmod answers, whatever modules there are here. */
static void an_unknown_module_is_none(void **state)
{
	struct kmod_ctx *ctx = open_kmod();

	(void)state;
	assert_non_null(ctx);
	assert_false(has_module(ctx, "kpptp_no_such_module"));
	kmod_unref(ctx);
	assert_false(is_builtin("kpptp_no_such_module"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_module_is_judged),
		cmocka_unit_test(an_unknown_module_is_none),
	};

	return cmocka_run_group_tests_name("ctl_doctor_module", tests, NULL, NULL);
}
