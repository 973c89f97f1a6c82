// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A call in every state against every event, cell by cell.
 */
#include "call_steps.h"
#include "call_tables.h"

static void enter_cell(const struct table *t, size_t row, size_t column, struct fixture *f)
{
	struct kpptp_call_event ev = {
		.type = events[row].event,
		.call_id = OURS,
		.channel = 7,
		.text = "why",
		.send_accm = 1,
		.receive_accm = 2,
		.wan_errors = { .crc_errors = 1 },
	};
	struct kpptp_msg msg = message(events[row].message);

	reach(f, t->role, t->column[column]);
	ev.msg = &msg;
	if (ev.type == KPPTP_CALL_EV_TIMER && kpptp_call_deadline(&f->call) != KPPTP_NO_DEADLINE)
		f->now = kpptp_call_deadline(&f->call);
	step(f, ev);
}

static void run_cell(const struct table *t, size_t row, size_t column)
{
	struct fixture f;
	const char *got;

	enter_cell(t, row, column, &f);
	got = describe(&f);
	if (strcmp(got, t->cell[row][column]))
		fail_msg("%s, %s, event %d %s: %s, expected %s", kpptp_call_role_name(t->role),
			 kpptp_call_state_name(t->column[column]), events[row].event,
			 kpptp_msg_name(events[row].message), got, t->cell[row][column]);
}

static void run_table(const struct table *t)
{
	size_t row, column;

	for (row = 0; row < ARRAY_SIZE(events); row++)
		for (column = 0; column < t->count; column++)
			run_cell(t, row, column);
}

/* A row for each message and each other event, and a word in each cell */
static void the_tables_are_complete(void **state)
{
	unsigned int rows[KPPTP_CALL_EVENTS] = { 0 };
	size_t role, row, column;

	(void)state;
	for (row = 0; row < ARRAY_SIZE(events); row++)
		rows[events[row].event]++;
	for (row = 0; row < KPPTP_CALL_EVENTS; row++)
		assert_int_equal(rows[row],
				 row == KPPTP_CALL_EV_MSG ? KPPTP_SLI - KPPTP_OCRQ + 1 : 1);
	for (role = 0; role < KPPTP_CALL_ROLES; role++)
		for (row = 0; row < ARRAY_SIZE(events); row++)
			for (column = 0; column < tables[role]->count; column++)
				assert_non_null(tables[role]->cell[row][column]);
}

static void pns_outgoing_every_state_and_every_event(void **state)
{
	(void)state;
	run_table(&pns_out);
}

static void pac_outgoing_every_state_and_every_event(void **state)
{
	(void)state;
	run_table(&pac_out);
}

static void pac_incoming_every_state_and_every_event(void **state)
{
	(void)state;
	run_table(&pac_in);
}

static void pns_incoming_every_state_and_every_event(void **state)
{
	(void)state;
	run_table(&pns_in);
}

#define SENT(type) (1U << KPPTP_##type)

/* Everything that a role sends, except Set-Link-Info, which is configurable */
static unsigned int all_sent(const struct table *t)
{
	unsigned int all = 0;
	size_t row, column, i;
	struct fixture f;

	for (row = 0; row < ARRAY_SIZE(events); row++) {
		for (column = 0; column < t->count; column++) {
			enter_cell(t, row, column, &f);
			for (i = 0; i < f.out.count; i++)
				if (f.out.item[i].type == KPPTP_CALL_ACT_SEND)
					all |= 1U << f.out.item[i].msg.type;
		}
	}
	return all & ~SENT(SLI);
}

/* Only a PNS requests a call or clears it, only a PAC offers or disconnects */
static void fact_02_each_role_sends_only_its_own(void **state)
{
	(void)state;
	assert_int_equal(all_sent(&pns_out), SENT(OCRQ) | SENT(CCRQ));
	assert_int_equal(all_sent(&pns_in), SENT(ICRP) | SENT(CCRQ));
	assert_int_equal(all_sent(&pac_out), SENT(OCRP) | SENT(CDN) | SENT(WEN));
	assert_int_equal(all_sent(&pac_in), SENT(ICRQ) | SENT(ICCN) | SENT(CDN) | SENT(WEN));
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(kpptp_call_state_name(KPPTP_CALL_WAIT_CS_ANS), "wait_cs_ans");
	assert_string_equal(kpptp_call_state_name(KPPTP_CALL_STATES), "?");
	assert_string_equal(kpptp_call_role_name(KPPTP_CALL_PAC_IN), "PAC incoming");
	assert_string_equal(kpptp_call_role_name(KPPTP_CALL_ROLES), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tables_are_complete),
		cmocka_unit_test(pns_outgoing_every_state_and_every_event),
		cmocka_unit_test(pac_outgoing_every_state_and_every_event),
		cmocka_unit_test(pac_incoming_every_state_and_every_event),
		cmocka_unit_test(pns_incoming_every_state_and_every_event),
		cmocka_unit_test(fact_02_each_role_sends_only_its_own),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
