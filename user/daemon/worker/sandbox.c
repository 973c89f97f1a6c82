// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Entering the sandbox of the worker, see sandbox.h. The order matters: each step
 * needs what later ones take away.
 */
#include "sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cap-ng.h>

#include "landlock.h"
#include "common/log.h"
#include "resources.h"
#include "syscalls.h"

struct complaint {
	char *err;
	size_t size;
};

static int sandbox_failed(const struct complaint *c, const char *what, const char *object)
{
	snprintf(c->err, c->size, "%s %s: %s", what, object, strerror(errno));
	return -1;
}

#ifdef __SANITIZE_ADDRESS__
/*
 * LeakSanitizer attaches to the process with ptrace at exit, which the sandbox
 * forbids: skip the leak check in a process that has entered it.
 */
static bool entered;

int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return entered;
}
#endif

static int sandbox_find_user(const char *name, uid_t *uid, gid_t *gid, const struct complaint *c)
{
	const struct passwd *user;

	errno = 0;
	user = getpwnam(name);
	if (!user && errno)
		return sandbox_failed(c, "cannot look up user", name);
	if (!user) {
		snprintf(c->err, c->size,
			 "there is no user %s: 'adduser --system --group --no-create-home %s', or set user= in [worker]",
			 name, name);
		return -1;
	}
	if (!user->pw_uid || !user->pw_gid) {
		snprintf(c->err, c->size,
			 "user %s is root, or in its group: set another one as user= in [worker]",
			 name);
		return -1;
	}
	*uid = user->pw_uid;
	*gid = user->pw_gid;
	return 0;
}

static bool is_empty(int dir)
{
	const struct dirent *entry;
	bool empty = true;
	DIR *stream;

	stream = fdopendir(dir);
	if (!stream) {
		close(dir);
		return false;
	}
	while (empty && (entry = readdir(stream)))
		empty = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
	closedir(stream);
	return empty;
}

/* Use a descriptor, so that the directory checked is the one entered. */
static int sandbox_enter_root(const char *path, const struct complaint *c)
{
	struct stat st;
	int dir;

	if (mkdir(path, 0555) && errno != EEXIST)
		return sandbox_failed(c, "cannot create directory", path);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return sandbox_failed(c, "cannot open directory", path);
	if (fstat(dir, &st) || fchdir(dir)) {
		close(dir);
		return sandbox_failed(c, "cannot enter directory", path);
	}
	if (st.st_uid || (st.st_mode & (S_IWGRP | S_IWOTH)) || !is_empty(dir)) {
		snprintf(c->err, c->size,
			 "%s cannot be the worker's root directory: it is not empty, or users other than root can write to it; remove it",
			 path);
		return -1;
	}
	if (chroot(".") || chdir("/"))
		return sandbox_failed(c, "cannot chroot to", path);
	return 0;
}

static int sandbox_limit(int resource, rlim_t most, const char *name, const struct complaint *c)
{
	const struct rlimit rlimit = { most, most };

	return setrlimit(resource, &rlimit) ? sandbox_failed(c, "cannot limit", name) : 0;
}

static int sandbox_limit_resources(unsigned int files, const struct complaint *c)
{
	/* kpptp_resources_check() has reported if that is fewer. */
	kpptp_resources_grant(0, files);
	if (sandbox_limit(RLIMIT_NPROC, 0, "the number of processes", c))
		return -1;
	/* Memory may hold passwords, which must not get into a core file. */
	return sandbox_limit(RLIMIT_CORE, 0, "the size of a core file", c);
}

/* User, groups, and all capabilities: effective to bounding and ambient. */
static int sandbox_drop_privileges(uid_t uid, gid_t gid, const struct complaint *c)
{
	int err;

	capng_clear(CAPNG_SELECT_ALL);
	err = capng_change_id(uid, gid,
			      CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT);
	if (err) {
		snprintf(c->err, c->size,
			 "cannot become user %d without capabilities: step %d of libcap-ng failed, %s",
			 (int)uid, err, strerror(errno));
		return -1;
	}
	if (prctl(PR_SET_DUMPABLE, 0))
		return sandbox_failed(c, "cannot forbid", "core dumps");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return sandbox_failed(c, "cannot forbid", "new privileges");
	return 0;
}

/* Check that there is no way back to root. */
static int sandbox_verify(uid_t uid, const struct complaint *c)
{
	capng_clear(CAPNG_SELECT_BOTH);
	if (getuid() != uid || geteuid() != uid || setuid(0) == 0 || capng_get_caps_process() ||
	    capng_have_capabilities(CAPNG_SELECT_BOTH) != CAPNG_NONE) {
		snprintf(c->err, c->size, "privileges remain after they were dropped");
		return -1;
	}
	return 0;
}

static int sandbox_restrict_access(const struct kpptp_ports *ports, const struct complaint *c)
{
	char note[128] = "";
	int err = kpptp_landlock_restrict(ports, note, sizeof(note));

	if (err) {
		snprintf(c->err, c->size, "Landlock: %s", strerror(-err));
		return -1;
	}
	kpptp_log(LOG_DEBUG, "worker: %s", note);
	return 0;
}

int kpptp_sandbox_enter(const struct kpptp_sandbox *conf, char *err, size_t size)
{
	const struct complaint c = { err, size };
	uid_t uid;
	gid_t gid;

	if (geteuid()) {
		snprintf(err, size, "kpptpd must be started as root");
		return -1;
	}
	if (sandbox_find_user(conf->user, &uid, &gid, &c) || sandbox_enter_root(conf->root, &c) ||
	    sandbox_limit_resources(conf->files, &c) || sandbox_drop_privileges(uid, gid, &c) ||
	    sandbox_verify(uid, &c) || sandbox_restrict_access(&conf->ports, &c))
		return -1;
#ifdef __SANITIZE_ADDRESS__
	entered = true;
#endif
	return kpptp_syscalls_restrict(err, size);
}
