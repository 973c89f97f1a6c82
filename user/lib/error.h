/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How libkpptp reports errors: a function returns a negative errno for the
 * program and fills a struct kpptp_error for the user. The library itself never
 * prints.
 */
#ifndef KPPTP_ERROR_H
#define KPPTP_ERROR_H

#define KPPTP_ERROR_SIZE 512

/**
 * struct kpptp_error - what went wrong and, if known, how to fix it
 * @text: one line without a newline, cleaned by kpptp_text_clean(); valid only
 *	after a function failed
 */
struct kpptp_error {
	char text[KPPTP_ERROR_SIZE];
};

/**
 * kpptp_fail() - fill @error and return @err
 * @error: filled; may be NULL if the caller only wants the number
 * @err: negative errno
 * @format: as in printf(); the text is cut to KPPTP_ERROR_SIZE - 1 bytes
 *
 * Return: @err, so that a function can end in "return kpptp_fail(...)".
 */
int kpptp_fail(struct kpptp_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* KPPTP_ERROR_H */
