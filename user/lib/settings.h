/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of the configuration file, as a table. To add a key, add a member to
 * struct kpptp_config and a line to the table.
 */
#ifndef KPPTP_SETTINGS_H
#define KPPTP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

struct kpptp_config;
struct kpptp_setting;

/**
 * struct kpptp_setting_type - a kind of value
 * @parse: parses @text into @member; returns 0 or -1
 * @expected: describes in words what @parse accepts
 */
struct kpptp_setting_type {
	int (*parse)(const struct kpptp_setting *setting, const char *text, void *member);
	void (*expected)(const struct kpptp_setting *setting, char *buf, size_t size);
};

/**
 * enum kpptp_setting_effect - when a changed value takes effect on reload
 * @KPPTP_EFFECT_NOW: at once
 * @KPPTP_EFFECT_NEXT: for new connections and calls; existing ones keep the old
 *	value
 * @KPPTP_EFFECT_RESTART: not before the daemon is restarted
 */
enum kpptp_setting_effect {
	KPPTP_EFFECT_NOW,
	KPPTP_EFFECT_NEXT,
	KPPTP_EFFECT_RESTART,
	KPPTP_EFFECTS
};

/**
 * struct kpptp_setting - one key
 * @section: name of its section
 * @key: its name
 * @type: what values it takes
 * @offset: of its member in struct kpptp_config
 * @size: of that member
 * @min: smallest number
 * @max: largest number; for texts the size of the member
 * @value: default, as written in the file
 * @effect: of a reload
 */
struct kpptp_setting {
	const char *section;
	const char *key;
	const struct kpptp_setting_type *type;
	size_t offset;
	size_t size;
	unsigned int min;
	unsigned int max;
	const char *value;
	enum kpptp_setting_effect effect;
};

extern const struct kpptp_setting kpptp_settings[];
extern const size_t kpptp_settings_count;

/**
 * kpptp_setting_apply() - read a value into the configuration
 *
 * Return: 0, or -1 if the key does not accept @text; @config is unchanged.
 */
int kpptp_setting_apply(const struct kpptp_setting *setting, const char *text,
			struct kpptp_config *config);

/**
 * kpptp_setting_differs() - does the key differ between two configurations?
 */
bool kpptp_setting_differs(const struct kpptp_setting *setting, const struct kpptp_config *a,
			   const struct kpptp_config *b);

/**
 * kpptp_setting_copy() - copy one key's value
 */
void kpptp_setting_copy(const struct kpptp_setting *setting, struct kpptp_config *to,
			const struct kpptp_config *from);

#endif /* KPPTP_SETTINGS_H */
