// SPDX-License-Identifier: GPL-2.0-or-later
/* How pppd ended, in words: its exit statuses are in pppd(8). */
#include "ppp_exit.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const char *const reasons[] = {
	[0] = "success",
	[1] = "a fatal error",
	[2] = "bad options",
	[3] = "it was not run as root",
	[4] = "the kernel has no PPP: load ppp_generic",
	[5] = "it was told to terminate",
	[6] = "its port was locked",
	[7] = "its port could not be opened",
	[8] = "its connect script failed",
	[9] = "its pty command failed",
	[10] = "PPP could not be negotiated: do LCP packets (GRE, protocol 47) get through?",
	[11] = "the peer did not authenticate itself",
	[12] = "the link was idle",
	[13] = "the time limit of the link was reached",
	[14] = "callback was negotiated",
	[15] = "the peer stopped answering LCP echo requests",
	[16] = "the line was hung up",
	[17] = "the line is looped back",
	[18] = "its init script failed",
	[19] = "the peer did not accept our authentication",
	[20] = "the traffic limit was reached",
	[21] = "the peer's number is not authorized",
	[127] = "it could not be executed",
};

#define REASONS (sizeof(reasons) / sizeof(reasons[0]))

void kpptp_ppp_exit_text(char *text, size_t size, int status, bool oom, const char *last)
{
	const char *before = *last ? "; it said: " : "";
	const char *reason = NULL;

	if (WIFSIGNALED(status)) {
		snprintf(text, size, "killed by signal %d (%s%s)%s%s", WTERMSIG(status),
			 strsignal(WTERMSIG(status)), oom ? ", by the kernel: memory ran out" : "",
			 before, last);
		return;
	}
	if ((size_t)WEXITSTATUS(status) < REASONS)
		reason = reasons[WEXITSTATUS(status)];
	snprintf(text, size, "exit status %d (%s)%s%s", WEXITSTATUS(status),
		 reason ? reason : "not one of pppd's", before, last);
}
