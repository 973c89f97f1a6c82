// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: kernel modules: ours, the conflicting pptp, and those for MPPE. */
#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include <sys/utsname.h>

#include <libkmod.h>

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

/* Returns NULL if libkmod does not start; kmod_unref() frees it. */
static struct kmod_ctx *open_kmod(void)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);

	/* Otherwise it prints to standard error. */
	if (ctx)
		kmod_set_log_priority(ctx, LOG_EMERG);
	return ctx;
}

/* Returns a list for kmod_module_info_free_list(); NULL if there is no such module. */
static struct kmod_list *read_info(struct kmod_ctx *ctx, const char *name)
{
	struct kmod_list *found = NULL, *info = NULL;
	struct kmod_module *module;

	if (kmod_module_new_from_lookup(ctx, name, &found) < 0 || !found)
		return NULL;
	module = kmod_module_get_module(found);
	if (kmod_module_get_info(module, &info) < 0)
		info = NULL;
	kmod_module_unref(module);
	kmod_module_unref_list(found);
	return info;
}

static void copy_value(const struct kmod_list *field, struct module *to)
{
	const char *key = kmod_module_info_get_key(field);
	const char *value = kmod_module_info_get_value(field);

	if (!strcmp(key, "version"))
		snprintf(to->version, FIELD_SIZE, "%s", value);
	else if (!strcmp(key, "srcversion"))
		snprintf(to->srcversion, FIELD_SIZE, "%s", value);
	else if (!strcmp(key, "vermagic"))
		snprintf(to->vermagic, FIELD_SIZE, "%.*s", (int)strcspn(value, " "), value);
}

/* Returns whether there is one for this kernel. */
static bool get_installed(struct kmod_ctx *ctx, struct module *module)
{
	struct kmod_list *info = read_info(ctx, "kpptp");
	struct kmod_list *field;

	memset(module, 0, sizeof(*module));
	for (field = info; field; field = kmod_list_next(info, field))
		copy_value(field, module);
	kmod_module_info_free_list(info);
	return info != NULL;
}

static bool has_module(struct kmod_ctx *ctx, const char *name)
{
	struct kmod_list *info = read_info(ctx, name);

	kmod_module_info_free_list(info);
	return info != NULL;
}

enum presence {
	MISSING,
	INSTALLED,
	LOADED,
	BUILTIN, /* into the kernel: sysfs does not show it */
};

static enum presence find_presence(struct kmod_ctx *ctx, const char *name)
{
	struct kmod_module *module = NULL;
	int state = -ENOENT;

	if (!kmod_module_new_from_name(ctx, name, &module))
		state = kmod_module_get_initstate(module);
	kmod_module_unref(module);
	if (state == KMOD_MODULE_BUILTIN)
		return BUILTIN;
	if (state >= 0)
		return LOADED;
	return has_module(ctx, name) ? INSTALLED : MISSING;
}

static void skip_without_kmod(struct doctor_finding *finding)
{
	doctor_skip(finding, "cannot look up kernel modules: libkmod does not start");
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

/* @loaded, @installed: NULL if it is not. */
static void judge_module(const char *release, const struct module *loaded,
			 const struct module *installed, struct doctor_finding *finding)
{
	if (!installed) {
		doctor_problem(finding, "kpptp is %snot installed for kernel %s",
			       loaded ? "loaded, but " : "", release);
		doctor_remedy(finding,
			      "install linux-headers-%s, and kpptp-dkms or "
			      "'make dkms-install'",
			      release);
	} else if (loaded && strcmp(loaded->srcversion, installed->srcversion)) {
		doctor_problem(finding,
			       "the kpptp that is loaded (%s, source %s) is "
			       "not the one that is installed (%s, source %s)",
			       loaded->version, loaded->srcversion, installed->version,
			       installed->srcversion);
		doctor_remedy(finding, "end all calls ('systemctl stop kpptpd'), then "
				       "'modprobe -r kpptp && modprobe kpptp'");
	} else {
		judge_installed(release, installed, loaded, finding);
	}
}

void doctor_module(const struct kpptp_config *config, struct doctor_finding *finding)
{
	struct kmod_ctx *ctx = open_kmod();
	struct module loaded, installed;
	struct utsname host = { 0 };

	(void)config;
	if (!ctx) {
		skip_without_kmod(finding);
		return;
	}
	uname(&host);
	judge_module(host.release, get_loaded(&loaded) ? NULL : &loaded,
		     get_installed(ctx, &installed) ? &installed : NULL, finding);
	kmod_unref(ctx);
}

void doctor_gre_slot(const struct kpptp_config *config, struct doctor_finding *finding)
{
	struct kmod_ctx *ctx = open_kmod();
	enum presence pptp;

	(void)config;
	if (!ctx) {
		skip_without_kmod(finding);
		return;
	}
	pptp = find_presence(ctx, "pptp");
	kmod_unref(ctx);
	if (pptp == LOADED) {
		doctor_problem(finding, "the in-tree module pptp is loaded and "
					"holds the kernel's one slot for PPTP");
		doctor_remedy(finding, "'modprobe -r pptp'; a line 'blacklist pptp' in "
				       "a file in /etc/modprobe.d keeps it away");
	} else if (pptp == BUILTIN) {
		doctor_problem(finding, "the in-tree pptp is built into this kernel and "
					"holds its one slot for PPTP");
		doctor_remedy(finding, "use a kernel with CONFIG_PPTP=m, or without it");
	} else {
		doctor_ok(finding, "the in-tree module pptp is not loaded");
	}
}

/* The modules for MPPE. The first one loaded serves all PPP links. */
enum mppe {
	MPPE_OURS,
	MPPE_IN_TREE,
	MPPE_MODULES,
};

static const char *const mppe_names[] = {
	[MPPE_OURS] = "kpptp_mppe",
	[MPPE_IN_TREE] = "ppp_mppe",
};

/* What the kernel asks modprobe for when a link wants MPPE, CCP's option 18. */
#define MPPE_ALIAS "ppp-compress-18"

/* Returns the module that a link would get if none is loaded; MPPE_MODULES for none. */
static enum mppe find_next(struct kmod_ctx *ctx)
{
	struct kmod_list *all = NULL, *allowed = NULL, *entry;
	enum mppe next = MPPE_MODULES;

	/* modprobe applies the blacklist to aliases, and tries each module in turn. */
	if (kmod_module_new_from_lookup(ctx, MPPE_ALIAS, &all) < 0 ||
	    kmod_module_apply_filter(ctx, KMOD_FILTER_BLACKLIST, all, &allowed) < 0)
		allowed = NULL;
	kmod_list_foreach(entry, allowed)
	{
		struct kmod_module *module = kmod_module_get_module(entry);
		bool installed = kmod_module_get_path(module);

		for (enum mppe i = 0; installed && next == MPPE_MODULES && i < MPPE_MODULES; i++)
			if (!strcmp(kmod_module_get_name(module), mppe_names[i]))
				next = i;
		kmod_module_unref(module);
	}
	kmod_module_unref_list(allowed);
	kmod_module_unref_list(all);
	return next;
}

/* No module is loaded, and none would be. */
static void judge_no_mppe(const char *release, const enum presence has[MPPE_MODULES],
			  struct doctor_finding *finding)
{
	enum mppe kept = has[MPPE_OURS] == INSTALLED ? MPPE_OURS : MPPE_IN_TREE;

	if (has[kept] == INSTALLED) {
		doctor_problem(finding,
			       "kernel %s has %s, but modprobe does not load it for " MPPE_ALIAS
			       ": calls cannot be encrypted",
			       release, mppe_names[kept]);
		doctor_remedy(finding, "remove 'blacklist' lines for it, and an empty "
				       "kpptp_mppe.conf, from /etc/modprobe.d");
	} else {
		doctor_problem(finding,
			       "kernel %s has neither kpptp_mppe nor ppp_mppe: calls "
			       "cannot be encrypted",
			       release);
		doctor_remedy(finding,
			      "install linux-headers-%s, and kpptp-dkms or "
			      "'make dkms-install'",
			      release);
	}
}

/* @next: see find_next(). */
static void judge_mppe(const char *release, const enum presence has[MPPE_MODULES], enum mppe next,
		       struct doctor_finding *finding)
{
	if (has[MPPE_OURS] == LOADED)
		doctor_ok(finding, "kpptp_mppe is loaded");
	else if (has[MPPE_IN_TREE] == BUILTIN)
		doctor_ok(finding, "ppp_mppe is built into kernel %s", release);
	else if (has[MPPE_IN_TREE] == LOADED && next == MPPE_OURS)
		doctor_ok(finding, "ppp_mppe is loaded, the faster kpptp_mppe is not; "
				   "'modprobe -r ppp_mppe' while no link is encrypted "
				   "lets the next one load it");
	else if (has[MPPE_IN_TREE] == LOADED)
		doctor_ok(finding, "ppp_mppe is loaded");
	else if (next != MPPE_MODULES)
		doctor_ok(finding, "kernel %s has %s", release, mppe_names[next]);
	else
		judge_no_mppe(release, has, finding);
}

void doctor_mppe(const struct kpptp_config *config, struct doctor_finding *finding)
{
	struct kmod_ctx *ctx = open_kmod();
	enum presence has[MPPE_MODULES];
	struct utsname host = { 0 };
	enum mppe next;

	(void)config;
	if (!ctx) {
		skip_without_kmod(finding);
		return;
	}
	for (enum mppe i = 0; i < MPPE_MODULES; i++)
		has[i] = find_presence(ctx, mppe_names[i]);
	next = find_next(ctx);
	kmod_unref(ctx);
	uname(&host);
	judge_mppe(host.release, has, next, finding);
}
