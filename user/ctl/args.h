/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arguments in pairs, "NAME VALUE", as in ip(8). The names are those of the
 * spec; the table in field.h defines how a value is written.
 */
#ifndef KPPTPCTL_ARGS_H
#define KPPTPCTL_ARGS_H

#include <stdint.h>

#include "error.h"
#include "field.h"
#include "nl.h"

#define ARGS_KEY (KPPTP_HAS(LOCAL) | KPPTP_HAS(PEER) | KPPTP_HAS(ID))

/**
 * args_parse_conf() - read pairs into a configuration
 * @allowed: KPPTP_HAS() of each name that may be given
 * @required: KPPTP_HAS() of each name that must be given
 * @conf: overwritten
 *
 * A ppp-netns is opened; if it is in @conf->present, the caller owns the
 * descriptor.
 *
 * Return: 0, or -EINVAL with the offending argument in @error.
 */
int args_parse_conf(int argc, char **argv, uint32_t allowed, uint32_t required,
		    struct kpptp_call_conf *conf, struct kpptp_error *error);

/**
 * args_parse_key() - read local, peer, id and the optional netns-cookie
 *
 * Return: as args_parse_conf().
 */
int args_parse_key(int argc, char **argv, struct kpptp_call_key *key, struct kpptp_error *error);

/**
 * args_parse_number() - read a decimal number
 * @name: of the argument, for the error
 *
 * Return: 0, or -EINVAL if @text is not a number from @min to @max.
 */
int args_parse_number(const char *name, const char *text, uint64_t min, uint64_t max,
		      uint64_t *value, struct kpptp_error *error);

/**
 * args_parse_time() - read a time such as "10ms" into microseconds
 * @name: of the argument, for the error
 *
 * Only 0 needs no unit. Return: 0 or -EINVAL.
 */
int args_parse_time(const char *name, const char *text, uint64_t *usec, struct kpptp_error *error);

#endif /* KPPTPCTL_ARGS_H */
