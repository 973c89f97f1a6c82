// SPDX-License-Identifier: GPL-2.0
/*
 * Setup and cleanup of the module and of each network namespace.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "budget.h"
#include "call.h"
#include "family.h"
#include "life.h"
#include "output.h"
#include "owner_watch.h"
#include "ready.h"
#include "rx.h"
#include "table.h"

unsigned int kpptp_net_id __read_mostly;

/* Default call limit of a restricted namespace. */
#define CALL_LIMIT_RESTRICTED 256

static int __net_init kpptp_net_init(struct net *net)
{
	struct kpptp_net *kn = kpptp_net_of(net);

	kn->net = net;
	mutex_init(&kn->lock);
	INIT_LIST_HEAD(&kn->owners);
	kn->held_limit = kpptp_budget_default(kn);
	kn->call_limit = kpptp_net_restricted(kn) ? CALL_LIMIT_RESTRICTED : KPPTP_CALL_LIMIT_NONE;

	kn->stats = __netdev_alloc_pcpu_stats(struct kpptp_net_stats, GFP_KERNEL_ACCOUNT);
	if (!kn->stats)
		return -ENOMEM;

	kpptp_table_init(kn);
	kpptp_output_net_init(kn);
	return 0;
}

static void __net_exit kpptp_net_exit(struct net *net)
{
	struct kpptp_net *kn = kpptp_net_of(net);

	kpptp_output_net_exit(kn);
	kpptp_table_destroy(kn);
	WARN_ON_ONCE(atomic_long_read(&kn->held));
	free_percpu(kn->stats);
}

static struct pernet_operations kpptp_net_ops = {
	.init = kpptp_net_init,
	.exit = kpptp_net_exit,
	.id = &kpptp_net_id,
	.size = sizeof(struct kpptp_net),
};

static int __init kpptp_init(void)
{
	int err;

	err = kpptp_life_setup();
	if (err)
		return err;

	err = kpptp_ready_setup();
	if (err)
		goto err_life;

	err = register_pernet_subsys(&kpptp_net_ops);
	if (err)
		goto err_ready;

	err = kpptp_rx_setup();
	if (err) {
		pr_err("cannot receive PPTP's GRE: another module, as a rule pptp, holds the slot for it. Remedy: 'modprobe -r pptp'; a line 'blacklist pptp' in /etc/modprobe.d keeps it away\n");
		goto err_net;
	}

	err = kpptp_owner_watch_setup();
	if (err)
		goto err_rx;

	err = kpptp_family_setup();
	if (err)
		goto err_owner;

	return 0;

err_owner:
	kpptp_owner_watch_cleanup();
err_rx:
	kpptp_rx_cleanup();
err_net:
	unregister_pernet_subsys(&kpptp_net_ops);
err_ready:
	kpptp_ready_cleanup();
err_life:
	kpptp_life_cleanup();
	return err;
}

static void __exit kpptp_exit(void)
{
	kpptp_family_cleanup();
	kpptp_owner_watch_cleanup();
	kpptp_rx_cleanup();
	kpptp_life_cleanup();
	unregister_pernet_subsys(&kpptp_net_ops);
	kpptp_ready_cleanup();
}

module_init(kpptp_init);
module_exit(kpptp_exit);

MODULE_DESCRIPTION("Point-to-Point Tunneling Protocol (RFC 2637), data path");
MODULE_AUTHOR("The kpptp authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(KPPTP_VERSION);
MODULE_ALIAS_GENL_FAMILY(KPPTP_FAMILY_NAME);
