// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Symbols of kpptp.ko used by the suites of kernel objects. Linked into it only if
 * the suites are built (KPPTP_KUNIT=1): otherwise the module exports nothing.
 */
#include <linux/export.h>

#include "../../kernel/ack.h"
#include "../../kernel/call.h"
#include "../../kernel/family.h"
#include "../../kernel/life.h"
#include "../../kernel/netns.h"
#include "../../kernel/ppp.h"
#include "../../kernel/route.h"
#include "../../kernel/table.h"
#include "../../kernel/tx.h"

EXPORT_SYMBOL_GPL(kpptp_net_id);
EXPORT_SYMBOL_GPL(kpptp_family);
EXPORT_SYMBOL_GPL(kpptp_call_conf_init);
EXPORT_SYMBOL_GPL(kpptp_call_create);
EXPORT_SYMBOL_GPL(kpptp_call_change);
EXPORT_SYMBOL_GPL(kpptp_call_delete);
EXPORT_SYMBOL_GPL(kpptp_ppp_index);
EXPORT_SYMBOL_GPL(kpptp_netns_next);
EXPORT_SYMBOL_GPL(kpptp_netns_put);
EXPORT_SYMBOL_GPL(kpptp_route_renew);
EXPORT_SYMBOL_GPL(kpptp_ack_restart);
EXPORT_SYMBOL_GPL(kpptp_window_acked);
EXPORT_SYMBOL_GPL(kpptp_tx_ack);
EXPORT_SYMBOL_GPL(kpptp_tx_frame);
EXPORT_SYMBOL_GPL(kpptp_tx_stats);
