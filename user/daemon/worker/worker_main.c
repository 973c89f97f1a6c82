// SPDX-License-Identifier: GPL-2.0-or-later
/* The worker's program: receives its configuration, then runs. */
#include "worker_main.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "common/log.h"
#include "common/worker_conf.h"
#include "worker.h"

/* Was the pair made by our parent, the monitor? */
static bool started_by_monitor(void)
{
	socklen_t len = sizeof(int);
	struct ucred cred;
	int type;

	if (getsockopt(KPPTP_WORKER_SOCK, SOL_SOCKET, SO_TYPE, &type, &len) ||
	    type != SOCK_SEQPACKET)
		return false;
	len = sizeof(cred);
	return !getsockopt(KPPTP_WORKER_SOCK, SOL_SOCKET, SO_PEERCRED, &cred, &len) &&
	       len == sizeof(cred) && cred.pid == getppid();
}

int kpptp_worker_main(void)
{
	struct kpptp_worker_conf conf;
	struct kpptp_config config;

	if (!started_by_monitor()) {
		fprintf(stderr, "kpptpd: " KPPTP_WORKER_ARG
				" is for internal use: start kpptpd without it\n");
		return 2;
	}
	/* Otherwise the name would be the number of the executed descriptor. */
	prctl(PR_SET_NAME, "kpptpd");
	fcntl(KPPTP_WORKER_SOCK, F_SETFD, FD_CLOEXEC);
	if (kpptp_worker_conf_receive(KPPTP_WORKER_SOCK, &conf, &config) < 0) {
		fprintf(stderr, "kpptpd: the worker received no configuration\n");
		return EXIT_FAILURE;
	}
	kpptp_log_open(KPPTP_LOG_STDERR, conf.log_priority);
	if (conf.log >= 0)
		kpptp_log_relay_to(conf.log);
	conf.monitor_fd = KPPTP_WORKER_SOCK;
	return kpptp_worker_run(&conf);
}
