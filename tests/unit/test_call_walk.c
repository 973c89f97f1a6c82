// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Long random walks of a call: it stays in the states of the tables, and whatever was
 * created is deleted.
 */
#include "../fuzz/random.h"
#include "call_steps.h"
#include "call_tables.h"

/* Counters of a walk: whatever was created must be deleted */
struct ledger {
	bool asked, answered, failed, deleted, released;
	unsigned int final_words;
};

static void keep_ledger(const struct fixture *f, struct ledger *l)
{
	size_t i;

	for (i = 0; i < f->out.count; i++) {
		switch (f->out.item[i].type) {
		case KPPTP_CALL_ACT_KERNEL_NEW:
			assert_false(l->asked);
			l->asked = true;
			break;
		case KPPTP_CALL_ACT_KERNEL_SET:
			assert_true(l->answered && !l->deleted);
			break;
		case KPPTP_CALL_ACT_KERNEL_DEL:
			assert_true(l->answered && !l->failed && !l->deleted);
			l->deleted = true;
			break;
		case KPPTP_CALL_ACT_REPORT_FAILED:
		case KPPTP_CALL_ACT_REPORT_DOWN:
			l->final_words++;
			break;
		case KPPTP_CALL_ACT_RELEASE:
			l->released = true;
			break;
		default:
			break;
		}
	}
}

static void random_walks_leave_nothing_behind(void **state)
{
	unsigned int walk, i, released = 0;
	struct fixture f;

	(void)state;
	random_seed(0x3232);
	for (walk = 0; walk < 8000; walk++) {
		enum kpptp_call_role role = walk % KPPTP_CALL_ROLES;
		struct ledger l = { 0 };

		reach(&f, role, KPPTP_CALL_IDLE);
		for (i = 0; i < 60 && !l.released; i++) {
			struct kpptp_call_event ev = { .call_id = OURS };
			struct kpptp_msg msg;

			ev.type = random_below(KPPTP_CALL_EVENTS);
			msg = message(KPPTP_OCRQ + random_below(9));
			ev.msg = &msg;
			ev.wan_errors.crc_errors = random_below(4);
			ev.send_accm = random_below(2);
			if (!i)
				ev.type = local(role) ? KPPTP_CALL_EV_START : KPPTP_CALL_EV_MSG;
			if (!i && !local(role))
				msg = message(role == KPPTP_CALL_PAC_OUT ? KPPTP_OCRQ : KPPTP_ICRQ);
			/* The data plane answers once, when it was asked */
			if (ev.type == KPPTP_CALL_EV_DATA_READY) {
				if (!l.asked || l.answered)
					continue;
				l.answered = true;
			}
			if (ev.type == KPPTP_CALL_EV_DATA_FAILED) {
				if (!l.asked)
					continue;
				l.failed = !l.answered;
				l.answered = true;
			}
			f.now += random_below(20000);
			step(&f, ev);
			describe(&f);
			assert_true(in_table(&f.call));
			keep_ledger(&f, &l);
		}
		if (!l.released)
			continue;
		released++;
		assert_true(!l.asked || l.answered);
		assert_true(!l.answered || l.failed || l.deleted);
		if (l.asked)
			assert_int_equal(l.final_words, local(role));
	}
	assert_true(released > 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_walks_leave_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
