// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: kernel modules: ours, the conflicting pptp, and MPPE. */
#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/utsname.h>

#include "doctor_text.h"

#define FIELD_SIZE 64

/* Properties of a module, as loaded or as installed. */
struct module {
	char version[FIELD_SIZE];
	char srcversion[FIELD_SIZE];
	char vermagic[FIELD_SIZE]; /* the kernel that it was built for */
};

/* Returns 0 or a negative errno; -ENOENT if it is not loaded. */
static int get_loaded(struct module *module)
{
	memset(module, 0, sizeof(*module));
	if (access("/sys/module/kpptp", F_OK))
		return -errno;
	doctor_read("/sys/module/kpptp/version", module->version, FIELD_SIZE);
	doctor_read("/sys/module/kpptp/srcversion", module->srcversion, FIELD_SIZE);
	return 0;
}

/* Returns 0 if modinfo knows the module; the caller frees its @output. */
static int run_modinfo(const char *name, char **output)
{
	const char *const argv[] = { "modinfo", name, NULL };

	return doctor_run(argv, false, output);
}

/* Returns as doctor_run(); 1 if there is none for this kernel. */
static int get_installed(struct module *module)
{
	char *output;
	int ret;

	memset(module, 0, sizeof(*module));
	ret = run_modinfo("kpptp", &output);
	if (!ret) {
		doctor_text_field(output, "version:", module->version, FIELD_SIZE);
		doctor_text_field(output, "srcversion:", module->srcversion, FIELD_SIZE);
		doctor_text_field(output, "vermagic:", module->vermagic, FIELD_SIZE);
		module->vermagic[strcspn(module->vermagic, " ")] = '\0';
	}
	free(output);
	return ret;
}

static void judge_installed(const char *release, const struct module *installed, bool loaded,
			    struct doctor_finding *finding)
{
	if (strcmp(installed->vermagic, release)) {
		doctor_problem(finding, "kpptp was built for kernel %s, and %s runs",
			       installed->vermagic, release);
		doctor_remedy(finding, "run 'dkms autoinstall', or 'make dkms-install' again");
	} else if (strcmp(installed->version, KPPTP_RELEASE)) {
		doctor_problem(finding, "kpptp %s is installed, but kpptpctl is of version %s",
			       installed->version, KPPTP_RELEASE);
		doctor_remedy(finding, "install module and programs from the same sources");
	} else {
		doctor_ok(finding, "kpptp %s is %s for kernel %s", installed->version,
			  loaded ? "loaded" : "installed", release);
	}
}

void doctor_module(const struct kpptp_config *config, struct doctor_finding *finding)
{
	struct module loaded, installed;
	bool is_loaded = !get_loaded(&loaded);
	int ret = get_installed(&installed);
	struct utsname host = { 0 };

	(void)config;
	uname(&host);
	if (ret < 0) {
		doctor_skip(finding, "cannot run modinfo: %s", strerror(-ret));
	} else if (ret) {
		doctor_problem(finding, "kpptp is %snot installed for kernel %s",
			       is_loaded ? "loaded, but " : "", host.release);
		doctor_remedy(finding,
			      "install linux-headers-%s, and kpptp-dkms or "
			      "'make dkms-install'",
			      host.release);
	} else if (is_loaded && strcmp(loaded.srcversion, installed.srcversion)) {
		doctor_problem(finding,
			       "the kpptp that is loaded (%s, source %s) is "
			       "not the one that is installed (%s, source %s)",
			       loaded.version, loaded.srcversion, installed.version,
			       installed.srcversion);
		doctor_remedy(finding, "end all calls ('systemctl stop kpptpd'), then "
				       "'modprobe -r kpptp && modprobe kpptp'");
	} else {
		judge_installed(host.release, &installed, is_loaded, finding);
	}
}

/* sysfs does not show a pptp that is built into the kernel. */
static bool is_builtin(const char *file)
{
	struct utsname host = { 0 };
	char line[256], path[128];
	bool found = false;
	FILE *list;

	uname(&host);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.builtin", host.release);
	list = fopen(path, "re");
	while (list && !found && fgets(line, sizeof(line), list))
		found = strstr(line, file) != NULL;
	if (list)
		fclose(list);
	return found;
}

void doctor_gre_slot(const struct kpptp_config *config, struct doctor_finding *finding)
{
	(void)config;
	if (!access("/sys/module/pptp", F_OK)) {
		doctor_problem(finding, "the in-tree module pptp is loaded and "
					"holds the kernel's one slot for PPTP");
		doctor_remedy(finding, "'modprobe -r pptp'; a line 'blacklist pptp' in "
				       "a file in /etc/modprobe.d keeps it away");
	} else if (is_builtin("/pptp.ko")) {
		doctor_problem(finding, "the in-tree pptp is built into this kernel and "
					"holds its one slot for PPTP");
		doctor_remedy(finding, "use a kernel with CONFIG_PPTP=m, or without it");
	} else {
		doctor_ok(finding, "the in-tree module pptp is not loaded");
	}
}

void doctor_mppe(const struct kpptp_config *config, struct doctor_finding *finding)
{
	struct utsname host = { 0 };
	char *output;
	int ret;

	(void)config;
	if (!access("/sys/module/ppp_mppe", F_OK)) {
		doctor_ok(finding, "ppp_mppe is loaded");
		return;
	}
	uname(&host);
	ret = run_modinfo("ppp_mppe", &output);
	free(output);
	if (ret < 0) {
		doctor_skip(finding, "cannot run modinfo: %s", strerror(-ret));
	} else if (ret) {
		doctor_problem(finding,
			       "kernel %s has no module ppp_mppe: calls cannot "
			       "be encrypted",
			       host.release);
		doctor_remedy(finding, "use a kernel with CONFIG_PPP_MPPE; Debian's "
				       "linux-image-amd64 has it, the cloud kernel has not");
	} else {
		doctor_ok(finding, "kernel %s has ppp_mppe", host.release);
	}
}
