/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When we send Set-Link-Info (RFC 2637 section 2.15). Some routers choke on one
 * from the PAC.
 */
#ifndef KPPTP_LINK_INFO_H
#define KPPTP_LINK_INFO_H

enum kpptp_call_link_info {
	KPPTP_LINK_INFO_NEVER,
	KPPTP_LINK_INFO_PNS, /* as in §2.15: only as PNS */
	KPPTP_LINK_INFO_BOTH, /* as Windows routers do */
};

#endif /* KPPTP_LINK_INFO_H */
