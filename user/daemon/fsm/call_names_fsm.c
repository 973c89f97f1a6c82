// SPDX-License-Identifier: GPL-2.0-or-later
/* The names of a call's states and roles, for logs and "show". */
#include "call_fsm.h"

const char *kpptp_call_state_name(enum kpptp_call_state state)
{
	static const char *const names[KPPTP_CALL_STATES] = {
		[KPPTP_CALL_IDLE] = "idle",
		[KPPTP_CALL_PREPARE] = "prepare",
		[KPPTP_CALL_WAIT_REPLY] = "wait_reply",
		[KPPTP_CALL_WAIT_CS_ANS] = "wait_cs_ans",
		[KPPTP_CALL_WAIT_CONNECT] = "wait_connect",
		[KPPTP_CALL_ESTABLISHED] = "established",
		[KPPTP_CALL_WAIT_DISCONNECT] = "wait_disconnect",
		[KPPTP_CALL_CANCELLED] = "cancelled",
	};

	return (unsigned int)state < KPPTP_CALL_STATES ? names[state] : "?";
}

const char *kpptp_call_role_name(enum kpptp_call_role role)
{
	static const char *const names[KPPTP_CALL_ROLES] = {
		[KPPTP_CALL_PNS_OUT] = "PNS outgoing",
		[KPPTP_CALL_PAC_OUT] = "PAC outgoing",
		[KPPTP_CALL_PAC_IN] = "PAC incoming",
		[KPPTP_CALL_PNS_IN] = "PNS incoming",
	};

	return (unsigned int)role < KPPTP_CALL_ROLES ? names[role] : "?";
}
