/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the configured limits take from the system, and what it can give:
 * descriptors, processes, addresses.
 */
#ifndef KPPTP_RESOURCES_H
#define KPPTP_RESOURCES_H

#include <stdbool.h>
#include <sys/types.h>

struct kpptp_config;

/**
 * typedef kpptp_resources_report_fn - receives what the system cannot give
 * @serious: calls or connections below the limits will fail; otherwise it is
 *	worth knowing
 * @text: one line: what is short, how much is needed, what to change
 */
typedef void (*kpptp_resources_report_fn)(void *ctx, bool serious, const char *text);

/**
 * kpptp_resources_files() - descriptors that the worker needs at most
 *
 * One for each control connection and for each client of the local socket that
 * keeps a call. The monitor needs a dozen, whatever the number of calls.
 */
unsigned int kpptp_resources_files(const struct kpptp_config *config);

/**
 * kpptp_resources_grant() - let a process have so many descriptors
 * @pid: of a child, or 0 for the caller
 * @files: how many; as many as possible when the system has fewer
 *
 * Return: how many it may have now.
 */
unsigned int kpptp_resources_grant(pid_t pid, unsigned int files);

/**
 * kpptp_resources_check() - compare the limits with the system's
 * @pid: of the monitor, or 0 for the caller: whose limits to look at
 * @report: called for each shortage
 */
void kpptp_resources_check(const struct kpptp_config *config, pid_t pid,
			   kpptp_resources_report_fn report, void *ctx);

#endif /* KPPTP_RESOURCES_H */
