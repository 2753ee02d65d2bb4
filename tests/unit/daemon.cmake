# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon as it is run, with what it is built with.
lvsmon_unit_test(daemon LINK lvsmon_base)
target_compile_definitions(test_daemon PRIVATE
	TEST_LVSMON="$<TARGET_FILE:lvsmon>"
	TEST_PLUGIN_DIR="${CMAKE_BINARY_DIR}/plugins"
	TEST_ALLOCATIONS_SO="$<TARGET_FILE:allocations>")
add_dependencies(test_daemon lvsmon checker_http allocations)

# Their runtimes need more than an engine may have: no filter there.
if(NOT LVSMON_SANITIZE)
	lvsmon_unit_test(syscalls LINK lvsmon_process)
endif()
