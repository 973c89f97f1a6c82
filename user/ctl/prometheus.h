/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters in Prometheus' text exposition format 0.0.4. Metrics are named by
 * the tables of field.h: kpptp_call_tx_bytes_total{local,peer,id}, and for the
 * namespace kpptp_net_rx_no_call_total. Times are seconds, as is the custom.
 */
#ifndef KPPTPCTL_PROMETHEUS_H
#define KPPTPCTL_PROMETHEUS_H

#include <stdio.h>

#include "nl.h"

/**
 * prometheus_print() - the namespace's counters and those of all its calls
 *
 * Return: 0 or a negative errno; then nothing was printed.
 */
int prometheus_print(FILE *out, struct kpptp_nl *nl, const struct kpptp_net_stats *net,
		     struct kpptp_error *error);

#endif /* KPPTPCTL_PROMETHEUS_H */
