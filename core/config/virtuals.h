/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements about virtual services, real servers and checks. Each adds to the
 * draft, or complains. */
#ifndef LVSMON_CONFIG_VIRTUALS_H
#define LVSMON_CONFIG_VIRTUALS_H

#include "config/parse.h"

void read_virtual(const struct arguments *arguments);
void read_also(const struct arguments *arguments);
void read_scheduler(const struct arguments *arguments);
void read_flags(const struct arguments *arguments);
void read_persistence(const struct arguments *arguments);
void read_netmask(const struct arguments *arguments);
void read_real(const struct arguments *arguments);
void read_fallback(const struct arguments *arguments);
void read_check(const struct arguments *arguments);

#endif
