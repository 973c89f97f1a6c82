/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpptpctl doctor: shared by its checks. Each kind of check has its own file and
 * an entry in the table in doctor.c; checks change nothing.
 */
#ifndef KPPTPCTL_DOCTOR_H
#define KPPTPCTL_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

struct kpptp_config;

#define DOCTOR_TEXT_SIZE 512

/**
 * enum doctor_verdict - result of a check
 * @DOCTOR_SKIPPED: it could not be made, or does not apply
 */
enum doctor_verdict {
	DOCTOR_OK,
	DOCTOR_PROBLEM,
	DOCTOR_SKIPPED,
};

/**
 * struct doctor_finding - what a check found
 * @text: one line, without a newline
 * @remedy: one line, for a problem
 */
struct doctor_finding {
	enum doctor_verdict verdict;
	char text[DOCTOR_TEXT_SIZE];
	char remedy[DOCTOR_TEXT_SIZE];
};

/**
 * typedef doctor_check_fn - check for one kind of problem
 * @config: the daemon's configuration, or the defaults if it has errors
 * @finding: filled by one of the three functions below
 */
typedef void doctor_check_fn(const struct kpptp_config *config, struct doctor_finding *finding);

doctor_check_fn doctor_module;
doctor_check_fn doctor_gre_slot;
doctor_check_fn doctor_mppe;
doctor_check_fn doctor_user;
doctor_check_fn doctor_daemon;
doctor_check_fn doctor_port;
doctor_check_fn doctor_sockets;
doctor_check_fn doctor_limits;
doctor_check_fn doctor_plugin;
doctor_check_fn doctor_firewall;
doctor_check_fn doctor_route;

void doctor_ok(struct doctor_finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void doctor_skip(struct doctor_finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Follow with doctor_remedy(). */
void doctor_problem(struct doctor_finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void doctor_remedy(struct doctor_finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * doctor_run() - run a program and read its output
 * @argv: its arguments; the first one is looked up in PATH
 * @errors: also read its standard error; otherwise that is dropped
 * @output: set to the output, freed by the caller; NULL on failure
 *
 * Return: its exit status, or a negative errno: -ENOENT if there is no such
 * program, -ETIME if it took more than ten seconds.
 */
int doctor_run(const char *const argv[], bool errors, char **output);

/**
 * doctor_read() - read a small file, such as one in sysfs
 * @text: filled, truncated to @size, without the trailing newline
 *
 * Return: 0 or a negative errno.
 */
int doctor_read(const char *path, char *text, size_t size);

#endif /* KPPTPCTL_DOCTOR_H */
