/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock: what of files and TCP ports the worker may use, where the kernel
 * has it.
 */
#ifndef KPPTP_LANDLOCK_H
#define KPPTP_LANDLOCK_H

#include <stddef.h>

struct kpptp_ports;

/**
 * kpptp_landlock_restrict() - allow no file, and to connect to these ports only
 * @ports: TCP ports; without any, all of them
 * @note: filled with what this kernel restricts, one line
 * @size: of @note
 *
 * Part of kpptp_sandbox_enter(); needs no_new_privs. Linux 5.13 restricts
 * files, 6.7 TCP ports, 6.12 signals and abstract UNIX sockets; before that,
 * or where Landlock is off, this does nothing and says so. Binding is left to
 * port 0, any free one, which is what a local address for a dial needs.
 *
 * Return: 0, or a negative errno when the kernel has Landlock and it fails.
 */
int kpptp_landlock_restrict(const struct kpptp_ports *ports, char *note, size_t size);

#endif /* KPPTP_LANDLOCK_H */
