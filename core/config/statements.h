/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements of lvsmon.conf(5). */
#ifndef LVSMON_CONFIG_STATEMENTS_H
#define LVSMON_CONFIG_STATEMENTS_H

#include "config/parse.h"

extern const struct language config_language;

#endif
