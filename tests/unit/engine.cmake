# SPDX-License-Identifier: GPL-2.0-or-later
# The engine's units: with checkers made for tests, some of them bad.
set(ENGINE_CHECKER_DIR ${CMAKE_BINARY_DIR}/tests/checkers)

function(test_checker name source)
	add_library(test_checker_${name}_so MODULE checkers/${source})
	target_include_directories(test_checker_${name}_so PRIVATE
		${CMAKE_SOURCE_DIR}/include)
	target_compile_definitions(test_checker_${name}_so PRIVATE ${ARGN})
	set_target_properties(test_checker_${name}_so PROPERTIES
		PREFIX "" OUTPUT_NAME ${name}
		LIBRARY_OUTPUT_DIRECTORY ${ENGINE_CHECKER_DIR})
endfunction()

test_checker(script script.c)

function(engine_unit_test name)
	lvsmon_unit_test(${name} SOURCES engine_bench.c engine_stand_in.c
		LINK lvsmon_engine)
	target_compile_definitions(test_${name} PRIVATE
		TEST_CHECKER_DIR="${ENGINE_CHECKER_DIR}"
		TEST_PLUGIN_DIR="${CMAKE_BINARY_DIR}/plugins")
	add_dependencies(test_${name} test_checker_script_so checker_connect)
endfunction()

foreach(name engine_life engine_peers)
	engine_unit_test(${name})
endforeach()
