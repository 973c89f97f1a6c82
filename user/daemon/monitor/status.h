/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line that 'systemctl status' shows: how many calls there are. */
#ifndef KPPTP_STATUS_H
#define KPPTP_STATUS_H

struct event_base;
struct kpptp_status;

/**
 * kpptp_status_new() - for the service manager that started us, if one did
 *
 * Return: NULL when there is no memory.
 */
struct kpptp_status *kpptp_status_new(struct event_base *base);

/**
 * kpptp_status_free()
 * @status: may be NULL
 */
void kpptp_status_free(struct kpptp_status *status);

/**
 * kpptp_status_calls() - say how many calls there are now
 *
 * May be called at any time, as often as there is something that may have
 * changed the number: it is told a moment later, with what came in the meantime.
 */
void kpptp_status_calls(struct kpptp_status *status, unsigned int calls);

#endif /* KPPTP_STATUS_H */
