/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading the kernel module.
 */
#ifndef KPPTP_MODULE_H
#define KPPTP_MODULE_H

#include <stddef.h>

/**
 * kpptp_module_load() - ensure that the module kpptp is loaded
 * @err: filled with why it is not and what to do about it, one line
 * @size: of @err
 *
 * Loads it with its dependencies, like modprobe; does nothing if it is already
 * loaded or built in. Loading needs CAP_SYS_MODULE.
 *
 * Return: 0, or a negative errno; -EBUSY: something holds the GRE slot.
 */
int kpptp_module_load(char *err, size_t size);

#endif /* KPPTP_MODULE_H */
