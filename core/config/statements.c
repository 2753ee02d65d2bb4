// SPDX-License-Identifier: GPL-2.0-or-later
/* The statements of lvsmon.conf(5). The settings are in settings.c. */
#include "config/statements.h"

#include "config/include.h"
#include "config/sysctl.h"
#include "config/values.h"
#include "config/virtuals.h"

static const struct statement statements[] = {
	{"include", IN_TOP, read_include, 1, false, "an argument"},
	{"sysctl", IN_TOP, read_sysctl, 2, false, "a name and a value"},
	{"virtual", IN_TOP, read_virtual, 2, true, "a name and an address"},
	{"also", IN_VIRTUAL, read_also, 1, false, "an argument"},
	{"scheduler", IN_VIRTUAL, read_scheduler, 1, false, "an argument"},
	{"flags", IN_VIRTUAL, read_flags, 1, false, "an argument"},
	{"persistence", IN_VIRTUAL, read_persistence, 1, false, "an argument"},
	{"netmask", IN_VIRTUAL, read_netmask, 1, false, "an argument"},
	{"real", IN_VIRTUAL, read_real, 1, true, "an argument"},
	{"fallback", IN_VIRTUAL, read_fallback, 1, true, "an argument"},
	{"check", IN_NODES, read_check, 1, true, "an argument"},
	{NULL, 0, NULL, 0, false, NULL},
};

const struct language config_language = {
	.statements = statements,
	.setting = read_setting,
};
