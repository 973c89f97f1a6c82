/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a new configuration changes, and when.
 */
#ifndef KPPTP_RELOAD_H
#define KPPTP_RELOAD_H

struct kpptp_config;

/**
 * kpptp_reload() - apply a new configuration
 * @config: currently in force. Keys that need a restart keep their value, so
 *	that each further reload names them again.
 * @fresh: read from the file, and checked
 *
 * Logs the keys that differ, one line for each time at which they take effect
 * (enum kpptp_setting_effect).
 */
void kpptp_reload(struct kpptp_config *config, const struct kpptp_config *fresh);

#endif /* KPPTP_RELOAD_H */
