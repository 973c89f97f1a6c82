/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a child prints, line by line into the log.
 */
#ifndef KPPTP_LINES_H
#define KPPTP_LINES_H

#include <sys/types.h>

struct event_base;
struct kpptp_lines;

/* What our plugin of pppd prints, and nobody else does. */
#define KPPTP_LINES_AUTHENTICATED "kpptp: authenticated"

/**
 * typedef kpptp_lines_authenticated_fn - pppd has let its peer in
 *
 * Comes from the loop, or from kpptp_lines_drain(), at most once.
 */
typedef void (*kpptp_lines_authenticated_fn)(void *ctx);

/**
 * kpptp_lines_new() - read a pipe from the loop
 * @fd: reading end; owned from now on
 * @pid: of the child, for the log
 * @authenticated: called for the line KPPTP_LINES_AUTHENTICATED, which does not
 *	go to the log
 * @ctx: its argument
 *
 * Return: NULL without memory (@fd is then untouched).
 */
struct kpptp_lines *kpptp_lines_new(struct event_base *base, int fd, pid_t pid,
				    kpptp_lines_authenticated_fn authenticated,
				    void *ctx);

/**
 * kpptp_lines_drain() - read what is there now
 *
 * To be called when the child is dead, before kpptp_lines_last(): its last
 * words may not have come round the loop yet.
 */
void kpptp_lines_drain(struct kpptp_lines *lines);

/**
 * kpptp_lines_last() - the last line that was not empty; "" for none
 */
const char *kpptp_lines_last(const struct kpptp_lines *lines);

/**
 * kpptp_lines_free() - close the pipe
 * @lines: may be NULL
 */
void kpptp_lines_free(struct kpptp_lines *lines);

#endif /* KPPTP_LINES_H */
