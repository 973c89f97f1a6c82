// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The two halves of the daemon: the worker has neither the monitor's secrets nor its
 * descriptors, and is nobody's but the monitor's.
 */
#include "worker_run.h"

static size_t read_proc(pid_t pid, const char *name, void *buf, size_t size)
{
	char path[64];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	file = fopen(path, "re");
	assert_non_null(file);
	len = fread(buf, 1, size - 1, file);
	fclose(file);
	((char *)buf)[len] = '\0';
	return len;
}

/* The 16 bytes of which the C library makes canary and pointer guard. */
static void read_secret(pid_t pid, uint8_t secret[16])
{
	unsigned long vector[128] = { 0 };
	char path[64];
	size_t i;
	int fd;

	read_proc(pid, "auxv", vector, sizeof(vector));
	for (i = 0; vector[i] && vector[i] != AT_RANDOM; i += 2)
		;
	assert_int_equal(vector[i], AT_RANDOM);
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_RDONLY);
	assert_int_equal(pread(fd, secret, 16, vector[i + 1]), 16);
	close(fd);
}

/* Where the [stack] or the program itself begins. */
static unsigned long find_mapping(pid_t pid, const char *name)
{
	static char maps[1 << 20];
	char *line, *rest;

	read_proc(pid, "maps", maps, sizeof(maps));
	for (line = strtok_r(maps, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (strstr(line, name))
			return strtoul(line, NULL, 16);
	fail_msg("process %d has no %s", (int)pid, name);
	return 0;
}

static bool has_random_layout(void)
{
	char text[16];

	read_proc(1, "../sys/kernel/randomize_va_space", text, sizeof(text));
	return text[0] == '2' && !(personality(0xffffffff) & ADDR_NO_RANDOMIZE);
}

/* What is read out of one half says nothing of the other. */
static void monitor_and_worker_have_different_secrets(void **state)
{
	uint8_t monitors[16], workers[16];
	char text[4096];
	pid_t worker;
	size_t len;

	(void)state;
	if (geteuid())
		skip();
	/* The worker is in its sandbox when it answers. */
	close(establish());
	worker = find_worker();
	read_secret(daemon_pid, monitors);
	read_secret(worker, workers);
	assert_memory_not_equal(monitors, workers, 16);
	if (has_random_layout()) {
		assert_int_not_equal(find_mapping(daemon_pid, "[stack]"),
				     find_mapping(worker, "[stack]"));
		assert_int_not_equal(find_mapping(daemon_pid, "/test_worker"),
				     find_mapping(worker, "/test_worker"));
		assert_int_not_equal(find_mapping(daemon_pid, "/libc.so"),
				     find_mapping(worker, "/libc.so"));
	}
	/* What ps shows. */
	len = read_proc(worker, "cmdline", text, sizeof(text));
	assert_int_equal(len, sizeof("kpptpd\0--worker"));
	assert_memory_equal(text, "kpptpd\0--worker", len);
	read_proc(worker, "comm", text, sizeof(text));
	assert_string_equal(text, "kpptpd\n");
}

/* The daemon of these tests has its log open, and lets it be inherited. */
static void the_worker_inherits_nothing(void **state)
{
	char path[64], target[128];
	unsigned int sockets = 0;
	struct dirent *entry;
	DIR *fds;

	(void)state;
	if (geteuid())
		skip();
	close(establish());
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)find_worker());
	fds = opendir(path);
	while ((entry = readdir(fds))) {
		ssize_t len = readlinkat(dirfd(fds), entry->d_name, target, sizeof(target) - 1);

		if (len < 0 || atoi(entry->d_name) <= STDERR_FILENO)
			continue;
		target[len] = '\0';
		if (strncmp(target, "socket:", 7) == 0)
			sockets++;
		/* The event loop has pipes, and what is anonymous. */
		if (target[0] == '/')
			fail_msg("descriptor %s is %s", entry->d_name, target);
	}
	closedir(fds);
	/* The monitor's, the local one, the one for clients. */
	assert_true(sockets >= 3);
}

/* By hand: neither without the descriptor nor with one like it. */
static void not_by_hand(void **state)
{
	static const struct {
		int type;
		int status;
	} cases[] = { { 0, 2 }, { SOCK_STREAM, 2 }, { SOCK_SEQPACKET, 2 } };
	int status, pair[2];
	size_t i;
	pid_t pid;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		fflush(NULL);
		pid = fork();
		if (pid == 0) {
			/* Made by the child itself: its parent did not. */
			close(3);
			close(4);
			if (cases[i].type &&
			    (socketpair(AF_UNIX, cases[i].type, 0, pair) || pair[0] != 3))
				_exit(99);
			dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
			execl("/proc/self/exe", "kpptpd", KPPTP_WORKER_ARG, NULL);
			_exit(98);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), cases[i].status);
	}
}

/* The worker is this program, executed again. */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(monitor_and_worker_have_different_secrets),
		TEST(the_worker_inherits_nothing),
		cmocka_unit_test(not_by_hand),
	};

	if (argc == 2 && strcmp(argv[1], KPPTP_WORKER_ARG) == 0)
		return kpptp_worker_main();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("worker_apart", tests, NULL, NULL);
}
