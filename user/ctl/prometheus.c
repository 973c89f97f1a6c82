// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters in the Prometheus text exposition format. */
#include "prometheus.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <arpa/inet.h>

#define METRIC_SIZE 64
#define LABELS_SIZE 80

/* The format requires all samples of a metric together, so collect the calls first. */
struct calls {
	struct kpptp_call_info *list;
	size_t n;
	size_t size;
};

static int keep_call(const struct kpptp_call_info *info, void *ctx)
{
	struct calls *calls = ctx;
	size_t size = calls->size ? 2 * calls->size : 64;
	struct kpptp_call_info *list;

	if (calls->n == calls->size) {
		list = reallocarray(calls->list, size, sizeof(*list));
		if (!list)
			return -ENOMEM;
		calls->list = list;
		calls->size = size;
	}
	calls->list[calls->n++] = *info;
	return 0;
}

/* Gauges among the counters: current values, which may fall. */
static bool is_gauge(const struct kpptp_field *table, const struct kpptp_field *field)
{
	if (table == kpptp_net_fields)
		return field->attr == KPPTP_A_NET_CALLS || field->attr == KPPTP_A_NET_HELD_BYTES ||
		       field->attr == KPPTP_A_NET_HELD_LIMIT ||
		       field->attr == KPPTP_A_NET_CALL_LIMIT;
	return field->attr >= KPPTP_A_CALL_STATS_RTT;
}

static const char *metric_name(const char *prefix, const struct kpptp_field *field, bool gauge,
			       char *name)
{
	char *at;

	snprintf(name, METRIC_SIZE, "%s_%s%s%s", prefix, field->name,
		 field->unit == KPPTP_UNIT_USEC ? "_seconds" : "", gauge ? "" : "_total");
	for (at = name; *at; at++)
		if (*at == '-')
			*at = '_';
	return name;
}

static void print_sample(FILE *out, const char *name, const char *labels,
			 const struct kpptp_field *field, const void *base)
{
	uint64_t value = kpptp_field_get(field, base);

	if (field->unit == KPPTP_UNIT_USEC)
		fprintf(out, "%s%s %.6f\n", name, labels, value / 1e6);
	else
		fprintf(out, "%s%s %" PRIu64 "\n", name, labels, value);
}

static const char *call_labels(const struct kpptp_call_info *info, char *labels)
{
	char local[INET_ADDRSTRLEN], peer[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &info->conf.local, local, sizeof(local));
	inet_ntop(AF_INET, &info->conf.peer, peer, sizeof(peer));
	snprintf(labels, LABELS_SIZE, "{local=\"%s\",peer=\"%s\",id=\"%u\"}", local, peer,
		 info->conf.id);
	return labels;
}

static void print_net(FILE *out, const struct kpptp_net_stats *net)
{
	const struct kpptp_field *field;
	char name[METRIC_SIZE];
	bool gauge;

	for (field = kpptp_net_fields; field->name; field++) {
		gauge = is_gauge(kpptp_net_fields, field);
		metric_name("kpptp_net", field, gauge, name);
		fprintf(out, "# TYPE %s %s\n", name, gauge ? "gauge" : "counter");
		print_sample(out, name, "", field, net);
	}
}

static void print_calls(FILE *out, const struct calls *calls)
{
	const struct kpptp_field *field;
	char labels[LABELS_SIZE];
	char name[METRIC_SIZE];
	bool gauge;
	size_t i;

	for (field = kpptp_call_stats_fields; field->name; field++) {
		gauge = is_gauge(kpptp_call_stats_fields, field);
		metric_name("kpptp_call", field, gauge, name);
		fprintf(out, "# TYPE %s %s\n", name, gauge ? "gauge" : "counter");
		for (i = 0; i < calls->n; i++)
			print_sample(out, name, call_labels(&calls->list[i], labels), field,
				     &calls->list[i].stats);
	}
}

int prometheus_print(FILE *out, struct kpptp_nl *nl, const struct kpptp_net_stats *net,
		     struct kpptp_error *error)
{
	struct calls calls = { 0 };
	int err;

	err = kpptp_nl_call_dump(nl, keep_call, &calls, error);
	if (!err) {
		print_net(out, net);
		print_calls(out, &calls);
	}
	free(calls.list);
	return err;
}
