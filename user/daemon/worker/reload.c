// SPDX-License-Identifier: GPL-2.0-or-later
/* What a new configuration changes, and when. */
#include "reload.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "settings.h"

/* List "[section] key" of each changed key with this effect. */
static unsigned int reload_list(char *text, size_t size, enum kpptp_setting_effect effect,
				const struct kpptp_config *config, const struct kpptp_config *fresh)
{
	unsigned int count = 0;
	size_t used = 0, i;

	for (i = 0; i < kpptp_settings_count; i++) {
		const struct kpptp_setting *s = &kpptp_settings[i];

		if (s->effect != effect || !kpptp_setting_differs(s, config, fresh))
			continue;
		snprintf(text + used, size - used, "%s[%s] %s", count ? ", " : "", s->section,
			 s->key);
		used = strlen(text);
		count++;
	}
	return count;
}

void kpptp_reload(struct kpptp_config *config, const struct kpptp_config *fresh)
{
	static const struct {
		int level;
		const char *text;
	} effects[KPPTP_EFFECTS] = {
		[KPPTP_EFFECT_NOW] = { LOG_NOTICE, "apply from now on" },
		[KPPTP_EFFECT_NEXT] = { LOG_NOTICE, "apply to new connections and calls" },
		[KPPTP_EFFECT_RESTART] = { LOG_WARNING,
					   "take effect only when kpptpd is restarted" },
	};
	unsigned int changes = 0, count, e;
	char keys[900];
	size_t i;

	for (e = 0; e < KPPTP_EFFECTS; e++) {
		count = reload_list(keys, sizeof(keys), e, config, fresh);
		if (count)
			kpptp_log(effects[e].level, "reload: %s %s", keys, effects[e].text);
		changes += count;
	}
	if (!changes)
		kpptp_log(LOG_NOTICE, "reload: nothing has changed");
	for (i = 0; i < kpptp_settings_count; i++)
		if (kpptp_settings[i].effect != KPPTP_EFFECT_RESTART)
			kpptp_setting_copy(&kpptp_settings[i], config, fresh);
}
