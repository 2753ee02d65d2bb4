# SPDX-License-Identifier: GPL-2.0-or-later
# The configuration language, read from files in memory.
foreach(name config config_errors config_misfits config_settings config_source
		config_text identity)
	lvsmon_unit_test(${name} SOURCES memory_system.c LINK lvsmon_config)
endforeach()
target_compile_definitions(test_config_settings PRIVATE
	LVSMON_CONF_MANUAL="${CMAKE_SOURCE_DIR}/conf/lvsmon.conf.5")
lvsmon_unit_test(reader SOURCES memory_system.c LINK lvsmon_reader)
lvsmon_unit_test(system LINK lvsmon_config)
set(wrapped read fstat getaddrinfo freeaddrinfo)
list(TRANSFORM wrapped PREPEND -Wl,--wrap=)
target_link_options(test_system PRIVATE ${wrapped})
