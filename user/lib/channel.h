/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PPP channel of the kernel, as a file descriptor of /dev/ppp. Knows neither
 * pppd nor the daemon.
 */
#ifndef KPPTP_CHANNEL_H
#define KPPTP_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

struct kpptp_error;

/*
 * Environment variable with the descriptor to which the plugin reports when
 * kpptpd started pppd, and the lines it writes there: pppd has attached to its
 * channel; the peer is authenticated, or authentication is not required.
 */
#define KPPTP_STATUS_ENV	 "KPPTPD_STATUS_FD"
#define KPPTP_ATTACHED_LINE	 "kpptp: attached"
#define KPPTP_AUTHENTICATED_LINE "kpptp: authenticated"

/**
 * kpptp_channel_attach() - open /dev/ppp and attach it to a channel
 * @index: index of the channel, in the network namespace of the process
 *
 * kpptp.ko answers PPPIOCGCHAN on the descriptor; that is how pppd's generic
 * code finds the channel.
 *
 * Return: the descriptor, close-on-exec, or a negative errno.
 */
int kpptp_channel_attach(uint32_t index, struct kpptp_error *error);

/**
 * kpptp_channel_bridge() - pass frames between two channels unseen
 * @fd: one of them, from kpptp_channel_attach()
 * @index: index of the other
 *
 * Lasts until one of the channels is gone; closing @fd does not end it.
 *
 * Return: 0 or a negative errno.
 */
int kpptp_channel_bridge(int fd, uint32_t index, struct kpptp_error *error);

/**
 * kpptp_channel_compress() - set what LCP negotiated for frames that we send
 * @fd: from kpptp_channel_attach()
 * @protocol: the peer accepts a one-byte protocol field (RFC 1661, 6.5)
 * @address: the peer accepts frames without address and control (RFC 1661, 6.6)
 *
 * Received frames are accepted in either form.
 *
 * Return: 0 or a negative errno.
 */
int kpptp_channel_compress(int fd, bool protocol, bool address, struct kpptp_error *error);

#endif /* KPPTP_CHANNEL_H */
