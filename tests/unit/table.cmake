# SPDX-License-Identifier: GPL-2.0-or-later
# The table: what is wanted, what is there, and the kernel's language.
foreach(name board health ipvs ipvs_answers policy)
	lvsmon_unit_test(${name} LINK lvsmon_model)
endforeach()
foreach(name ipvs_memory table)
	lvsmon_unit_test(${name} LINK lvsmon_keeper)
endforeach()
