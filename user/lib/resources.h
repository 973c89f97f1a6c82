/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the configured limits need from the system, and what it can provide:
 * descriptors, processes, addresses.
 */
#ifndef KPPTP_RESOURCES_H
#define KPPTP_RESOURCES_H

#include <stdbool.h>
#include <sys/types.h>

struct kpptp_config;

/**
 * typedef kpptp_resources_report_fn - receives a shortage of the system
 * @serious: calls or connections within the limits will fail; otherwise this is
 *	for information
 * @text: one line: what is short, how much is needed, what to change
 */
typedef void (*kpptp_resources_report_fn)(void *ctx, bool serious, const char *text);

/**
 * kpptp_resources_files() - maximum number of descriptors that the worker needs
 *
 * One for each control connection and for each client of the local socket that
 * keeps a call. The monitor needs a dozen, regardless of the number of calls.
 */
unsigned int kpptp_resources_files(const struct kpptp_config *config);

/**
 * kpptp_resources_grant() - raise a process's descriptor limit
 * @pid: of a child, or 0 for the caller
 * @files: how many; as many as possible if the system allows fewer
 *
 * Return: the limit now in force.
 */
unsigned int kpptp_resources_grant(pid_t pid, unsigned int files);

/**
 * kpptp_resources_check() - compare the limits with the system's
 * @pid: of the monitor, or 0 for the caller: whose limits to check
 * @report: called for each shortage
 */
void kpptp_resources_check(const struct kpptp_config *config, pid_t pid,
			   kpptp_resources_report_fn report, void *ctx);

#endif /* KPPTP_RESOURCES_H */
