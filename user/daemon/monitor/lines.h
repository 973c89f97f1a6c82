/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output of the children, split into lines. All share one socket, so that a
 * child costs no descriptor; the kernel tells who wrote what.
 */
#ifndef KPPTP_LINES_H
#define KPPTP_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct event_base;
struct kpptp_lines;

/* Longer lines are split. */
#define KPPTP_LINE_SIZE 256

/**
 * struct kpptp_line - output of one child
 * @pid: of the child
 * @len: bytes in @text
 * @text: the line being read
 * @last: the last complete line that was not empty; "" for none
 */
struct kpptp_line {
	pid_t pid;
	size_t len;
	char text[KPPTP_LINE_SIZE];
	char last[KPPTP_LINE_SIZE];
};

/**
 * struct kpptp_lines_events - callbacks of the reader
 * @find: find the record of a child; NULL: not a known child
 * @line: a complete line was read; @pid printed it, @text has no newline and
 *	nothing that a terminal would act on. Returns whether it is text, to be
 *	kept as the last line, rather than a report of our plugin.
 */
struct kpptp_lines_events {
	struct kpptp_line *(*find)(void *ctx, pid_t pid);
	bool (*line)(void *ctx, pid_t pid, const char *text);
};

/**
 * kpptp_lines_new() - make the socket and read it from the loop
 *
 * Return: NULL if out of memory or descriptors; errno is set.
 */
struct kpptp_lines *kpptp_lines_new(struct event_base *base,
				    const struct kpptp_lines_events *events, void *ctx);

/**
 * kpptp_lines_writer() - the end that children write to; close-on-exec
 */
int kpptp_lines_writer(const struct kpptp_lines *lines);

/**
 * kpptp_lines_drain() - read what is available now
 *
 * Call it when a child is dead, before looking at its last line: the loop may
 * not have read its last output yet.
 */
void kpptp_lines_drain(struct kpptp_lines *lines);

/**
 * kpptp_lines_flush() - report an incomplete last line
 */
void kpptp_lines_flush(struct kpptp_lines *lines, struct kpptp_line *line);

/**
 * kpptp_lines_free() - close the socket
 * @lines: may be NULL
 */
void kpptp_lines_free(struct kpptp_lines *lines);

#endif /* KPPTP_LINES_H */
