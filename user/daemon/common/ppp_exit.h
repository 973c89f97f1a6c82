/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How pppd ended, in words.
 */
#ifndef KPPTP_PPP_EXIT_H
#define KPPTP_PPP_EXIT_H

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses of pppd that are not failures, see pppd(8). */
#define PPP_EXIT_OK	      0
#define PPP_EXIT_USER_REQUEST 5
#define PPP_EXIT_HANGUP	      16

/**
 * kpptp_ppp_exit_text() - describe it
 * @text: one line
 * @size: of @text
 * @status: as from waitpid(2)
 * @oom: killed by the kernel's OOM killer
 * @last: the last line that pppd printed; "" for none
 */
void kpptp_ppp_exit_text(char *text, size_t size, int status, bool oom, const char *last);

#endif /* KPPTP_PPP_EXIT_H */
