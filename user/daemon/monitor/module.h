/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading the kernel module.
 */
#ifndef KPPTP_MODULE_H
#define KPPTP_MODULE_H

#include <stddef.h>

/**
 * kpptp_module_load() - see to it that the module kpptp is in the kernel
 * @err: filled with why it is not and what to do about it, one line
 * @size: of @err
 *
 * Loads it with what it needs, as modprobe does; a module that is there
 * already, loaded or built in, is fine. Needs CAP_SYS_MODULE to load.
 *
 * Return: 0, or a negative errno; -EBUSY: something holds the GRE slot.
 */
int kpptp_module_load(char *err, size_t size);

#endif /* KPPTP_MODULE_H */
