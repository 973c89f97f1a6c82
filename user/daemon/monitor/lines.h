/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What children print, split into lines. All of them share one socket, so that
 * a child costs no descriptor; the kernel says who wrote what.
 */
#ifndef KPPTP_LINES_H
#define KPPTP_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct event_base;
struct kpptp_lines;

/* Longer lines are cut into several. */
#define KPPTP_LINE_SIZE 256

/**
 * struct kpptp_line - what one child prints
 * @pid: of the child
 * @len: bytes in @text
 * @text: the line that is being read
 * @last: the last whole line that was not empty; "" for none
 */
struct kpptp_line {
	pid_t pid;
	size_t len;
	char text[KPPTP_LINE_SIZE];
	char last[KPPTP_LINE_SIZE];
};

/**
 * struct kpptp_lines_events - what the reader asks and reports
 * @find: whose output is it? NULL: of no child that we know
 * @line: a whole line was read; @pid printed it, @text has no newline, and
 *	nothing that a terminal would act upon. Returns whether it is text, to
 *	be kept as the last line, not a report of our plugin.
 */
struct kpptp_lines_events {
	struct kpptp_line *(*find)(void *ctx, pid_t pid);
	bool (*line)(void *ctx, pid_t pid, const char *text);
};

/**
 * kpptp_lines_new() - make the socket and read it from the loop
 *
 * Return: NULL without memory or descriptors; errno is set.
 */
struct kpptp_lines *kpptp_lines_new(struct event_base *base,
				    const struct kpptp_lines_events *events, void *ctx);

/**
 * kpptp_lines_writer() - the end that children write to; close-on-exec
 */
int kpptp_lines_writer(const struct kpptp_lines *lines);

/**
 * kpptp_lines_drain() - read what is there now
 *
 * Call it when a child is dead, before looking at its last line: its last words
 * may not have come round the loop yet.
 */
void kpptp_lines_drain(struct kpptp_lines *lines);

/**
 * kpptp_lines_flush() - report the rest of a line that has no newline
 */
void kpptp_lines_flush(struct kpptp_lines *lines, struct kpptp_line *line);

/**
 * kpptp_lines_free() - close the socket
 * @lines: may be NULL
 */
void kpptp_lines_free(struct kpptp_lines *lines);

#endif /* KPPTP_LINES_H */
