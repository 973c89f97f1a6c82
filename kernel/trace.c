// SPDX-License-Identifier: GPL-2.0
/* The tracepoints' code, which the kernel's macros make of trace.h. */
#include "call.h"

#define CREATE_TRACE_POINTS
#include "trace.h"
