/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Advice about a configuration that is right in itself but will surprise its
 * operator on this machine. */
#ifndef LVSMON_KEEPER_ADVICE_H
#define LVSMON_KEEPER_ADVICE_H

#include "config/config.h"

/*
 * Reports, as "FILE: warning: ...", that the pool of probes may be too small.
 * Reports, as "FILE:LINE:COLUMN: warning: ...", each virtual whose clients
 * would stay on a real that is down: by a persistence template or a UDP flow
 * that the kernel does not end (net.ipv4.vs.expire_quiescent_template and
 * .expire_nodest_conn, read from /proc).
 */
void advice_give(
	const struct config *config, config_report *report, void *report_arg);

/* A config_report that logs at LOG_WARNING. */
void advice_log(void *arg, const char *text);

#endif
