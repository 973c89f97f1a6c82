// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family. Its policy and operations table are generated; only
 * that table refers to a higher layer, the operations in netlink.c.
 */
#include "family.h"

#include <linux/module.h>
#include <net/genetlink.h>

#include <uapi/linux/kpptp.h>

#include "netlink-gen.h"

struct genl_family kpptp_family = {
	.name = KPPTP_FAMILY_NAME,
	.version = KPPTP_FAMILY_VERSION,
	.netnsok = true,
	.module = THIS_MODULE,
	.ops = kpptp_nl_ops,
	.n_ops = ARRAY_SIZE(kpptp_nl_ops),
	.resv_start_op = KPPTP_CMD_CALL_NEW,
	.mcgrps = kpptp_nl_mcgrps,
	.n_mcgrps = ARRAY_SIZE(kpptp_nl_mcgrps),
};

int kpptp_family_setup(void)
{
	return genl_register_family(&kpptp_family);
}

void kpptp_family_cleanup(void)
{
	genl_unregister_family(&kpptp_family);
}
