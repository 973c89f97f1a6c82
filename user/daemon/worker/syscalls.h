/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system calls that the worker may make in its sandbox.
 */
#ifndef KPPTP_SYSCALLS_H
#define KPPTP_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>

/**
 * kpptp_syscalls_restrict() - install the filter (seccomp)
 * @err: filled with why it failed, one line
 * @size: of @err
 *
 * Part of kpptp_sandbox_enter(); sets no_new_privs. Cannot be undone.
 *
 * Return: 0, or -1 with @err filled.
 */
int kpptp_syscalls_restrict(char *err, size_t size);

/**
 * kpptp_syscalls_fill() - add the allowed system calls to a filter
 * @filter: libseccomp's, for this architecture only
 * @arch: SCMP_ARCH_..., one of those listed in user/debian/control
 *
 * Return: 0 or a negative errno.
 */
int kpptp_syscalls_fill(void *filter, uint32_t arch);

#endif /* KPPTP_SYSCALLS_H */
