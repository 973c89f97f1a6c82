// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: does pppd find and accept our plugin? Ask pppd itself. */
#include "doctor.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "doctor_text.h"

#define VERSION_SIZE 32
#define REBUILD                                                                                    \
	"install the package kpptp for this pppd, or run 'make install' "                          \
	"again: it builds the plugin for the pppd that is installed"

/* Find the plugin where pppd does not look. */
static bool find_elsewhere(const char *plugin, char *path, size_t size)
{
	char pattern[320];
	glob_t found;
	bool any;

	snprintf(pattern, sizeof(pattern), "/usr/{lib,lib64,local/lib}/pppd/*/%s", plugin);
	any = !glob(pattern, GLOB_BRACE, NULL, &found);
	if (any) {
		snprintf(path, size, "%s", found.gl_pathv[0]);
		globfree(&found);
	}
	return any;
}

static void judge_refusal(const struct kpptp_config *config, const char *version,
			  const char *output, struct doctor_finding *finding)
{
	char built[VERSION_SIZE], runs[VERSION_SIZE], text[320];

	doctor_remedy(finding, REBUILD);
	if (doctor_text_plugin_versions(output, built, runs, sizeof(built))) {
		doctor_problem(finding, "%s was built for pppd %s, and %s is %s", config->plugin,
			       built, config->pppd, runs);
	} else if (!strchr(config->plugin, '/') &&
		   find_elsewhere(config->plugin, text, sizeof(text))) {
		doctor_problem(finding,
			       "pppd %s does not find %s in its plugin directory, but there is %s",
			       version, config->plugin, text);
	} else {
		doctor_text_first_line(output, text, sizeof(text));
		doctor_problem(finding, "pppd %s cannot load %s: %s", version, config->plugin,
			       text);
	}
}

static void judge_plugin(const struct kpptp_config *config, const char *version,
			 struct doctor_finding *finding)
{
	/* pppd loads plugins that precede --version, then exits. */
	const char *const argv[] = { config->pppd, "plugin", config->plugin, "--version", NULL };
	char *output;
	int ret;

	ret = doctor_run(argv, true, &output);
	if (ret > 0)
		judge_refusal(config, version, output, finding);
	else if (ret)
		doctor_skip(finding, "%s: %s", config->pppd, strerror(-ret));
	else
		doctor_ok(finding, "pppd %s loads %s", version, config->plugin);
	free(output);
}

void doctor_plugin(const struct kpptp_config *config, struct doctor_finding *finding)
{
	const char *const argv[] = { config->pppd, "--version", NULL };
	char version[VERSION_SIZE];
	char *output;
	int ret;

	if (geteuid()) {
		doctor_skip(finding, "only root can load plugins into pppd");
		return;
	}
	ret = doctor_run(argv, true, &output);
	if (ret == -ENOENT) {
		doctor_problem(finding, "%s does not exist", config->pppd);
		doctor_remedy(finding, "install the package ppp, or correct "
				       "'pppd' in [ppp] of kpptpd.conf");
	} else if (ret == -ETIME) {
		doctor_skip(finding, "'%s --version' did not end in time", config->pppd);
	} else if (ret || !doctor_text_field(output, "pppd version", version, sizeof(version))) {
		doctor_problem(finding, "%s does not report its version: is it pppd?",
			       config->pppd);
		doctor_remedy(finding,
			      "run '%s --version' to see why; /etc/ppp/options may have bad options",
			      config->pppd);
	} else {
		judge_plugin(config, version, finding);
	}
	free(output);
}
