# SPDX-License-Identifier: GPL-2.0-or-later
# The table: what is wanted, what is there, and the kernel's language.
lvsmon_unit_test(table LINK lvsmon_keeper)
