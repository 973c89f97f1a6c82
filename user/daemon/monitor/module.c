// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading the kernel module with libkmod, see module.h. */
#include "module.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/utsname.h>

#include <libkmod.h>

#define MODULE "kpptp"

/* Describe the failure and how to fix it. */
static void module_explain(int err, char *text, size_t size)
{
	struct utsname host = { 0 };

	uname(&host);
	switch (-err) {
	case EBUSY:
		if (!access("/sys/module/pptp", F_OK))
			snprintf(text, size,
				 "cannot load kpptp: the in-tree module pptp holds the GRE slot; run 'modprobe -r pptp'; a line 'blacklist pptp' in /etc/modprobe.d prevents it from being loaded again");
		else
			snprintf(text, size,
				 "cannot load kpptp: another module, or the kernel itself (CONFIG_PPTP=y), holds the GRE slot for PPTP");
		break;
	case ENOENT:
		snprintf(text, size,
			 "the module kpptp is not installed for kernel %s: install kpptp-dkms or run 'make dkms-install'",
			 host.release);
		break;
	case EPERM:
	case EACCES:
		snprintf(text, size,
			 "no permission to load the module kpptp: this requires root with CAP_SYS_MODULE, outside a container; or run 'modprobe kpptp' first");
		break;
	case EKEYREJECTED:
	case ENOKEY:
		snprintf(text, size,
			 "the kernel rejects the signature of kpptp (Secure Boot): enrol the key that DKMS signed it with ('mokutil --import')");
		break;
	case ENOEXEC:
		snprintf(text, size,
			 "the module kpptp was not built for kernel %s: run 'make dkms-install' again ('dmesg' says more)",
			 host.release);
		break;
	default:
		snprintf(text, size, "cannot load kpptp: %s ('dmesg' may say more)",
			 strerror(-err));
	}
}

static bool module_is_loaded(struct kmod_module *module)
{
	int state = kmod_module_get_initstate(module);

	return state == KMOD_MODULE_BUILTIN || state == KMOD_MODULE_LIVE;
}

static int module_insert(struct kmod_ctx *ctx)
{
	struct kmod_list *found = NULL;
	struct kmod_module *module;
	int err;

	err = kmod_module_new_from_lookup(ctx, MODULE, &found);
	if (err < 0)
		return err;
	if (!found)
		return -ENOENT;
	module = kmod_module_get_module(found);
	err = kmod_module_probe_insert_module(module, 0, NULL, NULL, NULL, NULL);
	kmod_module_unref(module);
	kmod_module_unref_list(found);
	return err;
}

static int module_load(struct kmod_ctx *ctx)
{
	struct kmod_module *module;
	bool loaded;
	int err;

	/* Check first: this needs no module index in /lib. */
	err = kmod_module_new_from_name(ctx, MODULE, &module);
	if (err < 0)
		return err;
	loaded = module_is_loaded(module);
	kmod_module_unref(module);
	return loaded ? 0 : module_insert(ctx);
}

/* libkmod would print its own errors to standard error; we log them ourselves. */
static void module_log_nothing(void *data, int priority, const char *file, int line, const char *fn,
			       const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

int kpptp_module_load(char *err, size_t size)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);
	int ret;

	if (!ctx) {
		snprintf(err, size, "cannot load kpptp: cannot initialise libkmod");
		return -ENOMEM;
	}
	kmod_set_log_fn(ctx, module_log_nothing, NULL);
	ret = module_load(ctx);
	kmod_unref(ctx);
	if (ret >= 0)
		return 0;
	module_explain(ret, err, size);
	return ret;
}
