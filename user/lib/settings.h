/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of the configuration file, as a table: adding a key is adding a
 * member to struct kpptp_config and a line to the table.
 */
#ifndef KPPTP_SETTINGS_H
#define KPPTP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

struct kpptp_config;
struct kpptp_setting;

/**
 * struct kpptp_setting_type - a kind of value
 * @parse: reads @text into the member at @member; returns 0 or -1
 * @expected: writes what @parse accepts, in words
 */
struct kpptp_setting_type {
	int (*parse)(const struct kpptp_setting *setting, const char *text, void *member);
	void (*expected)(const struct kpptp_setting *setting, char *buf, size_t size);
};

/**
 * enum kpptp_setting_effect - what a reload with another value does
 * @KPPTP_EFFECT_NOW: it holds from now on
 * @KPPTP_EFFECT_NEXT: connections and calls that exist keep what they began
 *	with, it holds for those to come
 * @KPPTP_EFFECT_RESTART: nothing before the daemon is started again
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
 * @value: default, as it would stand in the file
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
 * Return: 0, or -1 when @text is not what the key takes; @config is unchanged.
 */
int kpptp_setting_apply(const struct kpptp_setting *setting, const char *text,
			struct kpptp_config *config);

/**
 * kpptp_setting_differs() - do two configurations have different values?
 */
bool kpptp_setting_differs(const struct kpptp_setting *setting, const struct kpptp_config *a,
			   const struct kpptp_config *b);

/**
 * kpptp_setting_copy() - take one key's value over
 */
void kpptp_setting_copy(const struct kpptp_setting *setting, struct kpptp_config *to,
			const struct kpptp_config *from);

#endif /* KPPTP_SETTINGS_H */
