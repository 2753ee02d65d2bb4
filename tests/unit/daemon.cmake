# SPDX-License-Identifier: GPL-2.0-or-later
# In a directory of its own: the loader's test lists the other one.
foreach(name evil null trespass)
	add_library(checker_${name} MODULE checkers/${name}.c)
	target_include_directories(checker_${name} PRIVATE
		${CMAKE_SOURCE_DIR}/include)
	set_target_properties(checker_${name} PROPERTIES
		PREFIX "" OUTPUT_NAME ${name}
		LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/trespass)
endforeach()

# Tests that run the daemon as it is installed.
function(daemon_unit_test name)
	lvsmon_unit_test(${name} SOURCES daemon_bench.c LINK lvsmon_base)
	target_compile_definitions(test_${name} PRIVATE
		TEST_LVSMON="$<TARGET_FILE:lvsmon>"
		TEST_EVIL="$<TARGET_FILE:checker_evil>"
		TEST_NULL="$<TARGET_FILE:checker_null>"
		TEST_TRESPASS="$<TARGET_FILE:checker_trespass>"
		TEST_PLUGIN_DIR="${CMAKE_BINARY_DIR}/plugins"
		TEST_ALLOCATIONS_SO="$<TARGET_FILE:allocations>")
	add_dependencies(test_${name}
		lvsmon checker_http checker_connect checker_evil checker_null
		checker_trespass allocations)
endfunction()

daemon_unit_test(broken)
daemon_unit_test(confine)
target_link_libraries(test_confine PRIVATE PkgConfig::SECCOMP)
daemon_unit_test(daemon)
daemon_unit_test(daemon_tls)
target_sources(test_daemon_tls PRIVATE engine_bench.c tls_bench.c)
target_link_libraries(test_daemon_tls PRIVATE lvsmon_engine)
target_compile_definitions(test_daemon_tls PRIVATE
	TEST_CHECKER_DIR="${ENGINE_CHECKER_DIR}"
	TEST_CERTIFICATES="${CMAKE_SOURCE_DIR}/tests/peers/certificates")
add_dependencies(test_daemon_tls checker_banner checker_smtp lvsmon_tls_module)
daemon_unit_test(sandbox)
daemon_unit_test(start)
daemon_unit_test(storm)

lvsmon_unit_test(filters LINK lvsmon_process)
lvsmon_unit_test(landlock LINK lvsmon_process)
lvsmon_unit_test(syscalls LINK lvsmon_process)
lvsmon_unit_test(fold LINK lvsmon_keeper)
lvsmon_unit_test(generation SOURCES memory_system.c LINK lvsmon_keeper)
