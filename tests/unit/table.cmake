# SPDX-License-Identifier: GPL-2.0-or-later
# The table: what is wanted, what is there, and the kernel's language.
lvsmon_unit_test(scoreboard LINK lvsmon_ipc)
lvsmon_unit_test(health LINK lvsmon_health)
lvsmon_unit_test(policy LINK lvsmon_policy)
lvsmon_unit_test(tally LINK lvsmon_policy)
foreach(name ipvs ipvs_answers ipvs_kernel ipvs_log ipvs_memory)
	lvsmon_unit_test(${name} LINK lvsmon_ipvs)
endforeach()
foreach(name table table_repairs)
	lvsmon_unit_test(${name} SOURCES table_bench.c LINK lvsmon_ipvs)
endforeach()

set(wrapped genl_connect genl_ctrl_resolve nl_socket_get_fd
	nl_socket_set_buffer_size setsockopt sendto recvfrom)
list(TRANSFORM wrapped PREPEND -Wl,--wrap=)
target_link_options(test_ipvs_kernel PRIVATE ${wrapped})
