# SPDX-License-Identifier: GPL-2.0-or-later
# The table: what is wanted, what is there, and the kernel's language.
foreach(name board health ipvs ipvs_answers policy)
	lvsmon_unit_test(${name} LINK lvsmon_model)
endforeach()
foreach(name ipvs_kernel ipvs_memory)
	lvsmon_unit_test(${name} LINK lvsmon_keeper)
endforeach()
foreach(name table table_repairs)
	lvsmon_unit_test(${name} SOURCES table_bench.c LINK lvsmon_keeper)
endforeach()

set(wrapped genl_connect genl_ctrl_resolve nl_socket_get_fd
	nl_socket_set_buffer_size setsockopt sendto recvfrom)
list(TRANSFORM wrapped PREPEND -Wl,--wrap=)
target_link_options(test_ipvs_kernel PRIVATE ${wrapped})
