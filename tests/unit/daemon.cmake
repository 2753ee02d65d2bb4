# SPDX-License-Identifier: GPL-2.0-or-later
# Tests that run the daemon as it is installed.
function(daemon_unit_test name)
	lvsmon_unit_test(${name} SOURCES daemon_bench.c LINK lvsmon_base)
	target_compile_definitions(test_${name} PRIVATE
		TEST_LVSMON="$<TARGET_FILE:lvsmon>"
		TEST_CHECKER_DIR="${ENGINE_CHECKER_DIR}"
		TEST_PLUGIN_DIR="${CMAKE_BINARY_DIR}/plugins"
		TEST_ALLOCATIONS_SO="$<TARGET_FILE:allocations>")
	add_dependencies(test_${name}
		lvsmon checker_http checker_connect test_checkers allocations)
endfunction()

test_checker(trespass trespass.c)

daemon_unit_test(daemon)
daemon_unit_test(sandbox)

# The runtimes of sanitizers need more calls than an engine may make, so that
# such a build has no filter.
if(NOT LVSMON_SANITIZE)
	lvsmon_unit_test(syscalls LINK lvsmon_process)
endif()
