/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The status line of 'systemctl status': the number of calls. */
#ifndef KPPTP_STATUS_H
#define KPPTP_STATUS_H

struct event_base;
struct kpptp_status;

/**
 * kpptp_status_new() - report to the service manager that started us, if any
 *
 * Return: NULL if out of memory.
 */
struct kpptp_status *kpptp_status_new(struct event_base *base);

/**
 * kpptp_status_free()
 * @status: may be NULL
 */
void kpptp_status_free(struct kpptp_status *status);

/**
 * kpptp_status_calls() - report the current number of calls
 *
 * Call it whenever the number may have changed: it is reported a moment later,
 * so that several changes become one report.
 */
void kpptp_status_calls(struct kpptp_status *status, unsigned int calls);

#endif /* KPPTP_STATUS_H */
