// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many PPTP clients in one process, see clients.h.
 *
 * usage: clients [OPTION]... SERVER
 *
 *   -f ADDRESS  the first of the clients' addresses
 *   -a N        how many addresses; clients take turns
 *   -n N        clients
 *   -p N        how many may be on their way at a time (all)
 *   -u USER     and -w PASSWORD of all of them
 *   -c SECONDS  stay so long on the average, leave in one of several ways, and come
 *               again; one in twenty times with a wrong password
 *   -s SEED     of all that is random
 *   -i SECONDS  between two lines of how it goes
 *
 * Each line of output is a JSON object; "event" is "up" when all clients are up,
 * "down" when none is any more, "now" in between, and "end". Without -c a client
 * that was refused tries again after a second or two; one that was lost does so
 * when SIGUSR1 tells all to dial at once. SIGTERM: hang up in good order, and end.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "clients.h"

#define TICK		 (SECOND / 20)
#define TO_SAY		 40 /* reasons, then silence */
#define LOT		 100 /* the first and the last of the clients that come up */
#define SECONDS_TO_LEAVE 60

struct options options = { .seed = 1 };
struct counters counters;

static struct client *clients;
static struct client *by_id[65536];
static uint64_t *came_up_at; /* since @began */
static uint64_t began, tick_at, report_at, leave_by = NEVER;
static unsigned int came_up; /* since @began */
static int poller, signals, raw;
static bool leaving;

uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * SECOND + ts.tv_nsec / 1000;
}

/* Around @seconds: from none to twice that. */
static uint64_t around(unsigned int seconds)
{
	return (uint64_t)(drand48() * 2 * seconds * SECOND);
}

struct client *client_by_id(uint16_t id)
{
	return by_id[id];
}

bool client_in_flight(const struct client *c)
{
	return c->phase >= CONNECTING && c->phase <= TRYING;
}

void client_phase(struct client *c, enum phase phase, unsigned int seconds)
{
	counters.in_flight -= client_in_flight(c);
	c->phase = phase;
	counters.in_flight += client_in_flight(c);
	c->timer = NEVER;
	c->deadline = seconds ? now() + seconds * SECOND : NEVER;
}

static double per_second(uint64_t from, uint64_t to)
{
	return to > from ? LOT * (double)SECOND / (to - from) : 0;
}

static void report(const char *event)
{
	double first = 0, last = 0;

	if (came_up >= LOT) {
		first = per_second(0, came_up_at[LOT - 1]);
		last = per_second(came_up > LOT ? came_up_at[came_up - LOT - 1] : 0,
				  came_up_at[came_up - 1]);
	}
	printf("{\"event\":\"%s\",\"seconds\":%.3f,\"up\":%u,\"in-flight\":%u,"
	       "\"dialled\":%u,\"came-up\":%u,\"ended\":%u,\"lost\":%u,"
	       "\"refused\":%u,\"denied\":%u,\"wrong\":%u,\"failed\":%u,"
	       "\"first-per-second\":%.1f,\"last-per-second\":%.1f}\n",
	       event, (now() - began) / (double)SECOND, counters.up, counters.in_flight,
	       counters.dialled, counters.came_up, counters.ended, counters.lost, counters.refused,
	       counters.denied, counters.wrong, counters.failed, first, last);
	fflush(stdout);
}

void client_is_up(struct client *c)
{
	client_phase(c, UP, 0);
	c->timer = c->heard = now();
	c->ends = options.stay ? now() + around(options.stay) : NEVER;
	counters.came_up++;
	if (came_up < options.sessions)
		came_up_at[came_up++] = now() - began;
	if (++counters.up == options.sessions)
		report("up");
}

static uint64_t when_again(const struct client *c, const unsigned int *counter)
{
	if (leaving)
		return NEVER;
	if (options.stay)
		return now() + around(options.stay / 2);
	if (c->phase == UP || !counter)
		return NEVER;
	return now() + SECOND + around(1) / 2;
}

void client_over(struct client *c, unsigned int *counter, const char *why)
{
	static unsigned int said;
	char address[INET_ADDRSTRLEN];
	uint64_t again = when_again(c, counter);

	if (counter)
		++*counter;
	if (why && said < TO_SAY) {
		said++;
		inet_ntop(AF_INET, &c->address, address, sizeof(address));
		warnx("%.3f: client %zu of %s, call %u, in phase %u: %s",
		      (now() - began) / (double)SECOND, c - clients, address, c->id, c->phase, why);
	}
	if (c->phase == UP && !--counters.up)
		report("down");
	control_close(c, false);
	by_id[c->id] = NULL;
	client_phase(c, WAITING, 0);
	c->timer = again;
}

/* Call IDs go round: no old packet is taken for one of the new call. */
static void dial(struct client *c)
{
	static uint16_t last;

	while (!++last || by_id[last])
		;
	c->id = last;
	by_id[last] = c;
	c->wrong = options.stay && drand48() < 0.05;
	counters.dialled++;
	control_connect(c, poller);
}

static void dial_waiting(void)
{
	for (unsigned int i = 0; i < options.sessions; i++) {
		if (counters.in_flight >= options.at_once)
			break;
		if (clients[i].phase == WAITING && clients[i].timer <= now())
			dial(&clients[i]);
	}
}

/* Up to now it was up. */
static void leave(struct client *c, double how)
{
	if (!--counters.up)
		report("down");
	counters.ended++;
	if (how < 0.6) {
		ppp_terminate(c);
	} else if (how < 0.75) {
		control_clear(c);
	} else {
		/* Not counted twice. */
		client_phase(c, STOPPING, 0);
		if (how < 0.9)
			control_close(c, true);
		client_over(c, NULL, NULL);
	}
}

static void too_late(struct client *c)
{
	switch (c->phase) {
	case CONNECTING:
	case STARTING:
	case CALLING:
		client_over(c, &counters.refused, "no answer in time");
		break;
	case TERMINATING:
		control_clear(c);
		break;
	case CLEARING:
		control_stop(c);
		break;
	case STOPPING:
		client_over(c, NULL, NULL);
		break;
	default:
		client_over(c, &counters.failed, "not up in time");
	}
}

static void tick(void)
{
	uint64_t at = now();

	if (at < tick_at)
		return;
	tick_at = at + TICK;
	for (unsigned int i = 0; i < options.sessions; i++) {
		struct client *c = &clients[i];

		if (c->phase >= LINK) {
			gre_release(c);
			gre_ack(c);
		}
		if (c->phase == UP && at >= c->ends)
			leave(c, drand48());
		else if (at >= c->deadline)
			too_late(c);
		else if (c->phase != WAITING && at >= c->timer)
			ppp_again(c);
	}
	if (options.report && at >= report_at) {
		report_at = at + options.report * SECOND;
		report("now");
	}
}

static void begin(void)
{
	began = now();
	came_up = 0;
	counters = (struct counters){ .up = counters.up, .in_flight = counters.in_flight };
	for (unsigned int i = 0; i < options.sessions; i++) {
		if (clients[i].phase == WAITING)
			clients[i].timer = options.stay ? began + around(options.stay / 2) : 0;
	}
}

static void leave_all(void)
{
	leaving = true;
	leave_by = now() + SECONDS_TO_LEAVE * SECOND;
	for (unsigned int i = 0; i < options.sessions; i++) {
		struct client *c = &clients[i];

		if (c->phase == UP)
			leave(c, 0);
		else if (client_in_flight(c))
			client_over(c, NULL, NULL);
		else if (c->phase == WAITING)
			c->timer = NEVER;
	}
}

static bool all_gone(void)
{
	for (unsigned int i = 0; i < options.sessions; i++) {
		if (clients[i].phase != WAITING)
			return false;
	}
	return true;
}

static void on_signal(void)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGUSR1)
		begin();
	else
		leave_all();
}

static void serve(void)
{
	struct epoll_event events[64];
	int n = epoll_wait(poller, events, 64, TICK / 1000);

	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr == &raw)
			gre_read();
		else if (events[i].data.ptr == &signals)
			on_signal();
		else
			control_event(events[i].data.ptr, events[i].events);
	}
	tick();
	if (!leaving)
		dial_waiting();
}

static void watch(int fd, void *what)
{
	struct epoll_event event = { EPOLLIN, { .ptr = what } };

	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0)
		err(1, "epoll_ctl");
}

static in_addr_t address(const char *text)
{
	struct in_addr addr;

	if (inet_pton(AF_INET, text, &addr) != 1)
		errx(2, "%s is no address", text);
	return addr.s_addr;
}

static void parse(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "f:a:n:p:u:w:c:s:i:")) != -1) {
		switch (option) {
		case 'f':
			options.first = ntohl(address(optarg));
			break;
		case 'a':
			options.addresses = atoi(optarg);
			break;
		case 'n':
			options.sessions = atoi(optarg);
			break;
		case 'p':
			options.at_once = atoi(optarg);
			break;
		case 'u':
			options.user = optarg;
			break;
		case 'w':
			options.password = optarg;
			break;
		case 'c':
			options.stay = atoi(optarg);
			break;
		case 's':
			options.seed = atol(optarg);
			break;
		case 'i':
			options.report = atoi(optarg);
			break;
		default:
			exit(2);
		}
	}
	if (optind != argc - 1 || !options.first || !options.addresses || !options.sessions ||
	    options.sessions > 60000 || !options.user || !options.password)
		errx(2, "usage: see the head of the source");
	options.server = address(argv[optind]);
	if (!options.at_once)
		options.at_once = options.sessions;
}

static void prepare(void)
{
	struct rlimit files = { options.sessions + 64, options.sessions + 64 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	srand48(options.seed);
	srand(options.seed);
	clients = calloc(options.sessions, sizeof(*clients));
	came_up_at = calloc(options.sessions, sizeof(*came_up_at));
	poller = epoll_create1(0);
	signals = signalfd(-1, &set, SFD_NONBLOCK);
	if (!clients || !came_up_at || poller < 0 || signals < 0 ||
	    setrlimit(RLIMIT_NOFILE, &files) < 0)
		err(1, "cannot begin");
	raw = gre_open();
	watch(raw, &raw);
	watch(signals, &signals);
	for (unsigned int i = 0; i < options.sessions; i++) {
		clients[i].fd = -1;
		clients[i].timer = clients[i].deadline = clients[i].ends = NEVER;
		clients[i].address = htonl(options.first + i % options.addresses);
	}
}

int main(int argc, char **argv)
{
	parse(argc, argv);
	prepare();
	begin();
	while (!leaving || (!all_gone() && now() < leave_by))
		serve();
	report("end");
	return all_gone() ? 0 : 1;
}
