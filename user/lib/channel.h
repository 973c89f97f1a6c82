/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PPP channel of the kernel as a descriptor of /dev/ppp. Knows neither pppd
 * nor the daemon.
 */
#ifndef KPPTP_CHANNEL_H
#define KPPTP_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

struct kpptp_error;

/*
 * The variable that names the descriptor to which the plugin reports, when
 * kpptpd has started pppd, and what it prints there: pppd has attached to its
 * channel; the peer is authenticated, or need not be.
 */
#define KPPTP_STATUS_ENV	 "KPPTPD_STATUS_FD"
#define KPPTP_ATTACHED_LINE	 "kpptp: attached"
#define KPPTP_AUTHENTICATED_LINE "kpptp: authenticated"

/**
 * kpptp_channel_attach() - open /dev/ppp and attach it to a channel
 * @index: index of the channel, in the network namespace of the process
 *
 * kpptp.ko answers PPPIOCGCHAN on the descriptor, which is how pppd's generic
 * code finds the channel that it is given.
 *
 * Return: the descriptor, close-on-exec, or a negative errno.
 */
int kpptp_channel_attach(uint32_t index, struct kpptp_error *error);

/**
 * kpptp_channel_bridge() - pass frames between two channels, without a look
 * @fd: of kpptp_channel_attach(), one of them
 * @index: index of the other
 *
 * It lasts until one of the channels is gone; closing @fd does not end it.
 *
 * Return: 0 or a negative errno.
 */
int kpptp_channel_bridge(int fd, uint32_t index, struct kpptp_error *error);

/**
 * kpptp_channel_compress() - what LCP negotiated for the frames that we send
 * @fd: of kpptp_channel_attach()
 * @protocol: the peer takes a protocol field of one octet (RFC 1661, 6.5)
 * @address: the peer misses no address and control field (RFC 1661, 6.6)
 *
 * Frames that come are accepted in either form anyway.
 *
 * Return: 0 or a negative errno.
 */
int kpptp_channel_compress(int fd, bool protocol, bool address, struct kpptp_error *error);

#endif /* KPPTP_CHANNEL_H */
