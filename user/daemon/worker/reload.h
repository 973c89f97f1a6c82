/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a new configuration changes, key by key, and when.
 */
#ifndef KPPTP_RELOAD_H
#define KPPTP_RELOAD_H

struct kpptp_config;

/**
 * kpptp_reload() - take a new configuration over
 * @config: in force so far. Keys that take effect at the next start only keep
 *	their value, so that each further reload names them again.
 * @fresh: read from the file, and checked
 *
 * Logs the keys that differ, a line for each of the moments at which they take
 * effect (enum kpptp_setting_effect).
 */
void kpptp_reload(struct kpptp_config *config, const struct kpptp_config *fresh);

#endif /* KPPTP_RELOAD_H */
