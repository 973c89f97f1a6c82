/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmocka, and the headers that must precede it. */
#ifndef KPPTP_TEST_UNIT_H
#define KPPTP_TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif /* KPPTP_TEST_UNIT_H */
