// SPDX-License-Identifier: GPL-2.0-or-later
/* Reload: each key takes effect when the table says, and the log says so. */
#include "harness.h"

#include "worker/reload.h"
#include "settings.h"

static const struct kpptp_setting *find(const char *key)
{
	for (size_t i = 0; i < kpptp_settings_count; i++)
		if (strcmp(kpptp_settings[i].key, key) == 0)
			return &kpptp_settings[i];
	fail_msg("there is no key %s", key);
	return NULL;
}

static void set(struct kpptp_config *config, const char *key, const char *value)
{
	assert_int_equal(kpptp_setting_apply(find(key), value, config), 0);
}

static void no_change(void **state)
{
	struct kpptp_config config, fresh;

	(void)state;
	kpptp_config_defaults(&config);
	fresh = config;
	log_clear();
	kpptp_reload(&config, &fresh);
	assert_true(log_has("reload: nothing has changed"));
}

static void each_key_in_its_line(void **state)
{
	struct kpptp_config config, fresh;

	(void)state;
	kpptp_config_defaults(&config);
	fresh = config;
	set(&fresh, "calls", "7");
	set(&fresh, "allow", "192.0.2.0/24");
	set(&fresh, "window", "8");
	set(&fresh, "vendor", "another");
	set(&fresh, "port", "1724");
	set(&fresh, "user", "nobody");
	log_clear();
	kpptp_reload(&config, &fresh);
	assert_true(log_has("reload: [server] allow, [limits] calls apply from now on\n"));
	assert_true(log_has("reload: [server] vendor, [call] window apply to new connections and calls\n"));
	assert_true(log_has("reload: [server] port, [worker] user take effect only when kpptpd is restarted\n"));
	assert_false(log_has("nothing has changed"));
	assert_int_equal(config.calls, 7);
	assert_int_equal(config.allow.count, 1);
	assert_int_equal(config.window, 8);
	assert_string_equal(config.vendor, "another");
	/* Still what is in force, so that it can be said again. */
	assert_int_equal(config.port, 1723);
	assert_string_equal(config.user, "kpptp");
	log_clear();
	kpptp_reload(&config, &fresh);
	assert_true(log_has("reload: [server] port, [worker] user take"));
	assert_false(log_has("[limits] calls"));
	/* And when it is taken back, there is nothing to say. */
	set(&fresh, "port", "1723");
	set(&fresh, "user", "kpptp");
	log_clear();
	kpptp_reload(&config, &fresh);
	assert_true(log_has("nothing has changed"));
}

/* Other values for every key: each is named once, with all of its name. */
static void all_keys_at_once(void **state)
{
	static const char *const values[] = {
		"no",	  "192.0.2.9",		 "17", "strict", "any", "never", "/other",
		"others", "192.0.2.1-192.0.2.7",
	};
	struct kpptp_config config, fresh;
	size_t i, v;
	char name[64];

	(void)state;
	kpptp_config_defaults(&config);
	fresh = config;
	for (i = 0; i < kpptp_settings_count; i++) {
		for (v = 0; v < ARRAY_SIZE(values); v++)
			if (kpptp_setting_apply(&kpptp_settings[i], values[v], &fresh) == 0 &&
			    kpptp_setting_differs(&kpptp_settings[i], &config, &fresh))
				break;
		if (v == ARRAY_SIZE(values))
			fail_msg("no other value for %s", kpptp_settings[i].key);
	}
	log_clear();
	kpptp_reload(&config, &fresh);
	for (i = 0; i < kpptp_settings_count; i++) {
		snprintf(name, sizeof(name), "[%s] %s", kpptp_settings[i].section,
			 kpptp_settings[i].key);
		if (!log_has(name))
			fail_msg("the log does not name %s", name);
		assert_int_equal(kpptp_setting_differs(&kpptp_settings[i], &config, &fresh),
				 kpptp_settings[i].effect == KPPTP_EFFECT_RESTART);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_change),
		cmocka_unit_test(each_key_in_its_line),
		cmocka_unit_test(all_keys_at_once),
	};

	return run_with_log("reload", tests);
}
