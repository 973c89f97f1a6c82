// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A new configuration for the monitor, good or bad.
 */
#include <sched.h>
#include <sys/mman.h>

#include "monitor_run.h"
#include "monitor_talk.h"

static ssize_t reload_good(void *ctx, struct kpptp_monitor_conf *fresh, void *blob, size_t size)
{
	if (ctx != &conf || size != KPPTP_PRIV_BLOB_MAX)
		return -1;
	fresh->ppp.local.s_addr = htonl(PPP_LOCAL + 1);
	fresh->max_calls = 1;
	memcpy(blob, "new", 3);
	return 3;
}

static ssize_t reload_bad(void *ctx, struct kpptp_monitor_conf *fresh, void *blob, size_t size)
{
	(void)ctx;
	memset(blob, 'x', size);
	fresh->ppp.local.s_addr = htonl(PPP_LOCAL + 2);
	return -1;
}

static void test_reload(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.reload = reload_good;
	conf.ctx = &conf;
	start();
	make_call(1);
	kill(here.monitor, SIGHUP);
	expect(&msg, KPPTP_PRIV_RELOAD, 0);
	assert_int_equal(msg.reload.len, 3);
	assert_memory_equal(msg.reload.blob, "new", 3);
	request_plain(KPPTP_PRIV_PPP_START, 1);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	/* One call is all that is allowed now. */
	request_call(2, 64);
	expect(&msg, KPPTP_PRIV_CALL_READY, 2);
	assert_int_equal(msg.call_ready.err, -ENOSPC);
	stop_in_order();
}

static void test_reload_fails(void **state)
{
	struct kpptp_priv_msg msg;

	(void)state;
	conf.reload = reload_bad;
	start();
	make_call(1);
	kill(here.monitor, SIGHUP);
	/* No message says that it was refused: the next one is the answer. */
	request_plain(KPPTP_PRIV_CALL_STATS, 1);
	expect(&msg, KPPTP_PRIV_STATS, 1);
	request_plain(KPPTP_PRIV_PPP_START, 1);
	expect(&msg, KPPTP_PRIV_PPP_STARTED, 1);
	stop_in_order();
}

/* Shared with the monitor's process. */
static struct {
	unsigned int reloads;
	bool other;
} * shared;

/* The file is read well, whatever happens to the message afterwards. */
static ssize_t reload_unheard(void *ctx, struct kpptp_monitor_conf *fresh, void *blob, size_t size)
{
	(void)ctx;
	(void)size;
	if (shared->other)
		snprintf(fresh->ppp.options, sizeof(fresh->ppp.options), "/nonexistent/other");
	memcpy(blob, "new", 3);
	__atomic_fetch_add(&shared->reloads, 1, __ATOMIC_SEQ_CST);
	return 3;
}

static bool asleep(pid_t pid)
{
	char path[64], state = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	if (file)
		fclose(file);
	return state == 'S';
}

/* Each reload is a message of its own, until it is done with. */
static void reload_once(void)
{
	unsigned int before = shared->reloads;
	int64_t deadline = now_ms() + DEADLINE_MS;

	kill(here.monitor, SIGHUP);
	while (__atomic_load_n(&shared->reloads, __ATOMIC_SEQ_CST) == before ||
	       !asleep(here.monitor)) {
		if (now_ms() > deadline)
			fail_msg("SIGHUP is not heard");
		sched_yield();
	}
}

static bool args_have(const char *text)
{
	char path[128], args[1024] = "";
	FILE *file;

	path_of(path, "args");
	file = fopen(path, "re");
	assert_non_null(file);
	assert_non_null(fgets(args, sizeof(args), file));
	fclose(file);
	return strstr(args, text);
}

/*
 * If the worker does not read, it cannot get the new configuration: then the monitor
 * must not use it either.
 */
static void test_reload_unheard(void **state)
{
	struct kpptp_priv_msg msg;
	unsigned int heard = 0;

	(void)state;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	assert_true(shared != MAP_FAILED);
	conf.reload = reload_unheard;
	start();
	make_call(1);
	/* More than the queue and the socket's buffer hold. */
	while (shared->reloads < KPPTP_PORT_QUEUE_MAX + 200)
		reload_once();
	shared->other = true;
	reload_once();
	request_plain(KPPTP_PRIV_CALL_STATS, 1);
	do {
		assert_true(recv(here.sock, &msg, sizeof(msg), 0) > 0);
		heard += msg.type == KPPTP_PRIV_RELOAD;
	} while (msg.type != KPPTP_PRIV_STATS);
	assert_true(heard < shared->reloads);
	make_ppp(1);
	assert_true(args_have("/wait "));
	assert_false(args_have("/other "));
	munmap(shared, sizeof(*shared));
	stop_in_order();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reload),
		TEST(test_reload_fails),
		TEST(test_reload_unheard),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
