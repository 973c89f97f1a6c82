// SPDX-License-Identifier: GPL-2.0-or-later
/* Encoding and decoding of netlink messages, without a kernel. */

#include <errno.h>
#include <string.h>
#include <arpa/inet.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "field.h"
#include "nl_attr.h"
#include "unit.h"

static struct nl_msg *new_message(void)
{
	struct nl_msg *msg = nlmsg_alloc();

	assert_non_null(msg);
	assert_non_null(genlmsg_put(msg, 0, 0, 0x20, 0, 0, KPPTP_CMD_CALL_NEW,
				    KPPTP_FAMILY_VERSION));
	return msg;
}

static const struct kpptp_call_conf full_conf = {
	.present = KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER) | KPPTP_HAS(ID) | KPPTP_HAS(PEER_ID) |
		   KPPTP_HAS(WINDOW) | KPPTP_HAS(PEER_WINDOW) | KPPTP_HAS(PEER_PPD) |
		   KPPTP_HAS(FLOW_CONTROL) | KPPTP_HAS(ACK_DELAY) | KPPTP_HAS(REORDER_TIME) |
		   KPPTP_HAS(REORDER_PACKETS) | KPPTP_HAS(OWNED),
	.local = { 0x010200c0 },
	.peer = { 0x020200c0 },
	.id = 65535,
	.peer_id = 0,
	.window = 64,
	.peer_window = 3,
	.peer_ppd = 5,
	.flow_control = KPPTP_FLOW_CONTROL_STRICT,
	.ack_delay = 500000,
	.reorder_time = 1000000,
	.reorder_packets = 512,
	.owned = true,
};

static void test_conf_round_trip(void **state)
{
	struct nl_msg *msg = new_message();
	struct kpptp_call_info info;

	(void)state;
	assert_int_equal(kpptp_attr_put_conf(msg, &full_conf), 0);
	assert_int_equal(kpptp_attr_get_call(nlmsg_hdr(msg), &info), 0);
	assert_memory_equal(&info.conf, &full_conf, sizeof(full_conf));
	nlmsg_free(msg);
}

/* A member without its flag is not sent: absence means "unchanged". */
static void test_absent_is_not_sent(void **state)
{
	struct kpptp_call_conf conf = full_conf;
	struct nl_msg *msg = new_message();
	struct kpptp_call_info info;

	(void)state;
	conf.present = KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER_ID);
	assert_int_equal(kpptp_attr_put_conf(msg, &conf), 0);
	assert_int_equal(kpptp_attr_get_call(nlmsg_hdr(msg), &info), 0);
	assert_int_equal(info.conf.present, conf.present);
	assert_int_equal(info.conf.window, 0);
	nlmsg_free(msg);
}

/* The kernel's policy wants each attribute with the width of the spec. */
static void test_widths(void **state)
{
	static const struct {
		uint16_t attr;
		int width;
	} widths[] = {
		{ KPPTP_A_CALL_ID, 2 },		  { KPPTP_A_CALL_LOCAL, 4 },
		{ KPPTP_A_CALL_PEER, 4 },	  { KPPTP_A_CALL_PEER_ID, 2 },
		{ KPPTP_A_CALL_OWNED, 0 },	  { KPPTP_A_CALL_WINDOW, 2 },
		{ KPPTP_A_CALL_PEER_WINDOW, 2 },  { KPPTP_A_CALL_PEER_PPD, 2 },
		{ KPPTP_A_CALL_FLOW_CONTROL, 4 }, { KPPTP_A_CALL_ACK_DELAY, 4 },
		{ KPPTP_A_CALL_REORDER_TIME, 4 }, { KPPTP_A_CALL_REORDER_PACKETS, 4 },
	};
	struct nlattr *attrs[KPPTP_A_CALL_MAX + 1];
	struct nl_msg *msg = new_message();
	size_t i;

	(void)state;
	assert_int_equal(kpptp_attr_put_conf(msg, &full_conf), 0);
	assert_int_equal(genlmsg_parse(nlmsg_hdr(msg), 0, attrs, KPPTP_A_CALL_MAX, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		assert_non_null(attrs[widths[i].attr]);
		assert_int_equal(nla_len(attrs[widths[i].attr]), widths[i].width);
	}
	nlmsg_free(msg);
}

static void test_stats(void **state)
{
	struct nl_msg *msg = new_message();
	struct kpptp_call_info info;
	struct nlattr *nest;

	(void)state;
	nest = nla_nest_start(msg, KPPTP_A_CALL_STATS);
	nla_put_u64(msg, KPPTP_A_CALL_STATS_TX_BYTES, 1ULL << 40);
	nla_put_u32(msg, KPPTP_A_CALL_STATS_RTT, 10200);
	/* A newer kernel's counter, which this version cannot name. */
	nla_put_u64(msg, KPPTP_A_CALL_STATS_MAX + 5, 1);
	nla_nest_end(msg, nest);
	assert_int_equal(kpptp_attr_get_call(nlmsg_hdr(msg), &info), 0);
	assert_int_equal(info.conf.present, KPPTP_HAS(STATS));
	assert_int_equal(info.stats.tx_bytes, 1ULL << 40);
	assert_int_equal(info.stats.rtt, 10200);
	assert_int_equal(info.stats.rx_bytes, 0);
	nlmsg_free(msg);
}

static void test_bad_widths_are_refused(void **state)
{
	static const char three[3];
	struct kpptp_call_info info;
	struct nl_msg *msg;

	(void)state;
	msg = new_message();
	nla_put(msg, KPPTP_A_CALL_ID, sizeof(three), three);
	assert_int_equal(kpptp_attr_get_call(nlmsg_hdr(msg), &info), -EBADMSG);
	nlmsg_free(msg);

	msg = new_message();
	nla_put_u32(msg, KPPTP_A_CALL_ID, 65536);
	assert_int_equal(kpptp_attr_get_call(nlmsg_hdr(msg), &info), -EBADMSG);
	nlmsg_free(msg);
}

static void test_net(void **state)
{
	struct nl_msg *msg = new_message();
	struct kpptp_net_stats stats;

	(void)state;
	nla_put_u32(msg, KPPTP_A_NET_CALLS, 60000);
	nla_put_u64(msg, KPPTP_A_NET_RX_NOT_HOST, 7);
	assert_int_equal(kpptp_attr_get_net(nlmsg_hdr(msg), &stats), 0);
	assert_int_equal(stats.calls, 60000);
	assert_int_equal(stats.rx_not_host, 7);
	assert_int_equal(stats.rx_malformed, 0);
	nlmsg_free(msg);
}

/* The offset of an extended acknowledgment leads to the attribute's name. */
static void test_name_at_offset(void **state)
{
	struct nl_msg *msg = new_message();
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	uint32_t at;

	(void)state;
	nla_put_u32(msg, KPPTP_A_CALL_ACK_DELAY, 600000);
	at = nlh->nlmsg_len;
	nla_put_u32(msg, KPPTP_A_CALL_REORDER_TIME, 2000000);
	assert_string_equal(kpptp_attr_name_at(nlh, at), "reorder-time");
	assert_string_equal(kpptp_attr_name_at(nlh, at - 8), "ack-delay");
	assert_null(kpptp_attr_name_at(nlh, at + 4));
	assert_null(kpptp_attr_name_at(nlh, 0));
	nlmsg_free(msg);
}

/* Names are unique, and each member is where its field says. */
static void check_table(const struct kpptp_field *table, size_t size)
{
	const struct kpptp_field *field;
	unsigned char base[1024];

	assert_true(size <= sizeof(base));
	for (field = table; field->name; field++) {
		assert_ptr_equal(kpptp_field_find(table, field->name), field);
		assert_true(field->offset + field->size <= size);
		memset(base, 0, sizeof(base));
		assert_int_equal(kpptp_field_set(field, base, 1), 0);
		assert_int_equal(kpptp_field_get(field, base), 1);
	}
}

static void test_tables(void **state)
{
	(void)state;
	check_table(kpptp_call_fields, sizeof(struct kpptp_call_info));
	check_table(kpptp_call_stats_fields, sizeof(struct kpptp_call_stats));
	check_table(kpptp_net_fields, sizeof(struct kpptp_net_stats));
	assert_null(kpptp_field_find(kpptp_call_fields, "tx-bytes"));
	assert_int_equal(kpptp_field_set(kpptp_field_find(kpptp_call_fields, "peer-id"),
					 &(struct kpptp_call_info){ 0 }, 65536),
			 -ERANGE);
}

static void test_flow_control_names(void **state)
{
	uint32_t mode = 77;

	(void)state;
	assert_int_equal(kpptp_flow_control_parse("adaptive", &mode), 0);
	assert_int_equal(mode, KPPTP_FLOW_CONTROL_ADAPTIVE);
	assert_int_equal(kpptp_flow_control_parse("Adaptive", &mode), -EINVAL);
	assert_int_equal(mode, KPPTP_FLOW_CONTROL_ADAPTIVE);
	assert_string_equal(kpptp_flow_control_name(KPPTP_FLOW_CONTROL_OFF), "off");
	assert_null(kpptp_flow_control_name(3));
	assert_null(kpptp_del_reason_name(3));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conf_round_trip),
		cmocka_unit_test(test_absent_is_not_sent),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_bad_widths_are_refused),
		cmocka_unit_test(test_net),
		cmocka_unit_test(test_name_at_offset),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_flow_control_names),
	};

	return cmocka_run_group_tests_name("nl_attr", tests, NULL, NULL);
}
