/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters in the Prometheus text exposition format 0.0.4. Metrics are named by
 * the tables of field.h: kpptp_call_tx_bytes_total{local,peer,id}, and for the
 * namespace kpptp_net_rx_no_call_total. Times are in seconds, as is customary.
 */
#ifndef KPPTPCTL_PROMETHEUS_H
#define KPPTPCTL_PROMETHEUS_H

#include <stdio.h>

#include "nl.h"

/**
 * prometheus_print() - print the counters of the namespace and all its calls
 *
 * Return: 0, or a negative errno with nothing printed.
 */
int prometheus_print(FILE *out, struct kpptp_nl *nl, const struct kpptp_net_stats *net,
		     struct kpptp_error *error);

#endif /* KPPTPCTL_PROMETHEUS_H */
