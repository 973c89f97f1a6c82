// SPDX-License-Identifier: GPL-2.0-or-later
/* How libkpptp reports errors. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

#include "text.h"

int kpptp_fail(struct kpptp_error *error, int err, const char *format, ...)
{
	va_list args;

	if (!error)
		return err;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	/* It may quote arguments, file names, the kernel or a peer. */
	kpptp_text_clean(error->text);
	return err;
}
