/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two of our servers, of which one calls the other.
 *
 * To be included once, by the test itself, after harness.h.
 */
#ifndef KPPTP_TEST_TWO_HOSTS_H
#define KPPTP_TEST_TWO_HOSTS_H

static struct host client_host, server_host;

static inline void start_two(void)
{
	struct kpptp_config config;

	kpptp_config_defaults(&config);
	base = event_base_new();
	host_start(&server_host, "127.0.0.2", 0, &config);
	/* Both use the same port, as in reality. */
	host_start(&client_host, "127.0.0.1", server_host.port, &config);
}

static inline void end_two(void)
{
	host_end(&client_host);
	host_end(&server_host);
	event_base_free(base);
}

static inline void nothing_is_left(void)
{
	pump_until(client_host.server->session_count == 0 &&
		   server_host.server->session_count == 0);
	pump_until(client_host.server->tunnel_count == 0 && server_host.server->tunnel_count == 0);
	assert_int_equal(kpptp_dataplane_null_calls(client_host.dp), 0);
	assert_int_equal(kpptp_dataplane_null_calls(server_host.dp), 0);
}

#endif /* KPPTP_TEST_TWO_HOSTS_H */
