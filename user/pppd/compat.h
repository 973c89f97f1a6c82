/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences between the plugin interfaces of pppd 2.4 and 2.5, under the names
 * of 2.5. Include it first: pppd 2.4 declares its own bool, which <stdbool.h>
 * tolerates only if it comes later.
 */
#ifndef KPPTP_PPPD_COMPAT_H
#define KPPTP_PPPD_COMPAT_H

/* The headers of 2.5 write "()" for "(void)". */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include <pppd/pppd.h>
#include <pppd/fsm.h>
#include <pppd/ccp.h>
#include <pppd/ipcp.h>
#include <pppd/lcp.h>
#pragma GCC diagnostic pop

#ifdef VERSION /* 2.4: <pppd/patchlevel.h> */

#include <string.h>

#define PPPD_VERSION VERSION

#define ppp_option_error	    option_error
#define ppp_generic_establish	    generic_establish_ppp
#define ppp_generic_disestablish    generic_disestablish_ppp
#define ppp_set_modem(on)	    (modem = (on))
#define ppp_set_status(code)	    (status = (code))
#define ppp_set_remote_number(text) strlcpy(remote_number, (text), sizeof(remote_number))
#define ppp_ipparam()		    ((const char *)ipparam)
/* pppd gives up on SIGINT and SIGTERM. */
#define ppp_signaled(sig)	    (got_sigterm != 0)
#define kpptp_hung_up()		    (hungup != 0)

#define ppp_ifname()		      ((const char *)ifname)
#define ppp_timeout(func, arg, s, us) timeout((func), (arg), (s), (us))
#define kpptp_on_ip_up(func)	      add_notifier(&ip_up_notifier, (func), NULL)
#define kpptp_on_phase(func)	      add_notifier(&phasechange, (func), NULL)

static inline const char *ppp_get_remote_number(void)
{
	return remote_number;
}

static inline void ppp_set_devnam(const char *name)
{
	strlcpy(devnam, name, sizeof(devnam));
}

static inline void ppp_set_pppdevnam(const char *name)
{
	strlcpy(ppp_devnam, name, sizeof(ppp_devnam));
}

#else /* 2.5 */

#include <pppd/options.h>

/* pppd sets the status together with its hangup flag, which is not exported. */
#define kpptp_hung_up()	     (ppp_status() == EXIT_HANGUP)
#define kpptp_on_ip_up(func) ppp_add_notify(NF_IP_UP, (func), NULL)
#define kpptp_on_phase(func) ppp_add_notify(NF_PHASE_CHANGE, (func), NULL)

#endif

/* 2.5.2 returns an empty string where its header promises NULL. */
static inline bool kpptp_has_remote_number(void)
{
	const char *number = ppp_get_remote_number();

	return number && *number;
}

/* DEFMRU is from lcp.h of 2.4; 2.5 uses PPP_MRU of <net/ppp_defs.h>. */
#ifdef DEFMRU
#define KPPTP_PPPD_MRU DEFMRU
#else
#define KPPTP_PPPD_MRU 1500
#endif

#endif /* KPPTP_PPPD_COMPAT_H */
