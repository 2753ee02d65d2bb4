// SPDX-License-Identifier: GPL-2.0-or-later
/* A plugin whose symbol has the address 0. */
__asm__(".globl lvsmon_checker\n"
	".set lvsmon_checker, 0\n");
