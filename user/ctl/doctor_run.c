// SPDX-License-Identifier: GPL-2.0-or-later
/* Helpers of the checks: running other programs and reading small files. */
#include "doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>

#define TIMEOUT	   10 /* seconds */
#define OUTPUT_MAX (64 << 20)

/* Exit statuses of a child whose exec failed, as in shells. */
#define NOT_EXECUTED 126
#define NOT_FOUND    127

static _Noreturn void child(const char *const argv[], bool errors, int out)
{
	int null = open("/dev/null", O_RDWR);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(errors ? out : null, STDERR_FILENO) >= 0)
		execvp(argv[0], (char *const *)argv);
	_exit(errno == ENOENT ? NOT_FOUND : NOT_EXECUTED);
}

/* Returns 0 at the end of the output, or a negative errno. */
static int collect(int fd, FILE *to)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	time_t end = time(NULL) + TIMEOUT;
	size_t size = 0;
	char buf[4096];
	ssize_t len;

	while (size < OUTPUT_MAX) {
		if (time(NULL) > end)
			return -ETIME;
		if (poll(&pfd, 1, 1000) <= 0)
			continue;
		len = read(fd, buf, sizeof(buf));
		if (len <= 0)
			return len ? -errno : 0;
		if (fwrite(buf, 1, len, to) != (size_t)len)
			return -ENOMEM;
		size += len;
	}
	return -EFBIG;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == NOT_EXECUTED)
		return -EIO;
	return WEXITSTATUS(status) == NOT_FOUND ? -ENOENT : WEXITSTATUS(status);
}

/* Exec the program with its output going to @to. */
static int run_into(const char *const argv[], bool errors, FILE *to)
{
	int ends[2], status, err;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		child(argv, errors, ends[1]);
	close(ends[1]);
	err = pid < 0 ? -EAGAIN : collect(ends[0], to);
	close(ends[0]);
	if (pid < 0)
		return err;
	if (err)
		kill(pid, SIGKILL);
	status = wait_for(pid);
	return err ? err : status;
}

int doctor_run(const char *const argv[], bool errors, char **output)
{
	size_t size;
	FILE *to;
	int ret;

	*output = NULL;
	to = open_memstream(output, &size);
	if (!to)
		return -errno;
	ret = run_into(argv, errors, to);
	if (fclose(to) && ret >= 0)
		ret = -ENOMEM;
	if (ret < 0) {
		free(*output);
		*output = NULL;
	}
	return ret;
}

int doctor_read(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t len;

	if (!file)
		return -errno;
	len = fread(text, 1, size - 1, file);
	fclose(file);
	text[len] = '\0';
	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	return 0;
}
