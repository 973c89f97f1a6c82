/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock: restricts the worker's use of files and TCP ports, if the kernel
 * supports it.
 */
#ifndef KPPTP_LANDLOCK_H
#define KPPTP_LANDLOCK_H

#include <stddef.h>

struct kpptp_ports;

/**
 * kpptp_landlock_restrict() - allow no files, and connect only to these ports
 * @ports: TCP ports; if empty, any port
 * @note: filled with what this kernel restricts, one line
 * @size: of @note
 *
 * Part of kpptp_sandbox_enter(); needs no_new_privs. Linux 5.13 restricts files,
 * 6.7 TCP ports, 6.12 signals and abstract UNIX sockets; on older kernels, or if
 * Landlock is off, this does nothing and says so. Binding is allowed only to port
 * 0 (any free port), as needed for the local address of a dial.
 *
 * Return: 0, or a negative errno if the kernel has Landlock and it fails.
 */
int kpptp_landlock_restrict(const struct kpptp_ports *ports, char *note, size_t size);

#endif /* KPPTP_LANDLOCK_H */
