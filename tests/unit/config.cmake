# SPDX-License-Identifier: GPL-2.0-or-later
# The configuration language, in a world that is only memory.
foreach(name config config_errors config_misfits config_source config_text)
	lvsmon_unit_test(${name} SOURCES config_world.c LINK lvsmon_model)
endforeach()
lvsmon_unit_test(world LINK lvsmon_keeper)
set(wrapped read fstat getaddrinfo freeaddrinfo)
list(TRANSFORM wrapped PREPEND -Wl,--wrap=)
target_link_options(test_world PRIVATE ${wrapped})
