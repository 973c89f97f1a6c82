// SPDX-License-Identifier: GPL-2.0-or-later
/* kpptpctl doctor: filling in what a check found. */
#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>

#define DEFINE_VERDICT(name, value)                                                                \
	void name(struct doctor_finding *finding, const char *format, ...)                         \
	{                                                                                          \
		va_list args;                                                                      \
                                                                                                   \
		finding->verdict = value;                                                          \
		va_start(args, format);                                                            \
		vsnprintf(finding->text, sizeof(finding->text), format, args);                     \
		va_end(args);                                                                      \
	}

DEFINE_VERDICT(doctor_ok, DOCTOR_OK)
DEFINE_VERDICT(doctor_skip, DOCTOR_SKIPPED)
DEFINE_VERDICT(doctor_problem, DOCTOR_PROBLEM)

void doctor_remedy(struct doctor_finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(finding->remedy, sizeof(finding->remedy), format, args);
	va_end(args);
}
