# SPDX-License-Identifier: GPL-2.0-or-later

# Makes a room of the core: a static library, so that tests and fuzzers link it.
function(lvsmon_room name)
	cmake_parse_arguments(ROOM "" "" "SOURCES;LINK" ${ARGN})
	add_library(lvsmon_${name} STATIC ${ROOM_SOURCES})
	target_include_directories(lvsmon_${name} PUBLIC
		${CMAKE_SOURCE_DIR}/core ${CMAKE_SOURCE_DIR}/include)
	target_link_libraries(lvsmon_${name} PUBLIC ${ROOM_LINK})
endfunction()

# Makes a checker: plugins/NAME.c becomes NAME.so in the plugin directory.
function(lvsmon_checker name)
	add_library(checker_${name} MODULE ${name}.c ${ARGN})
	target_include_directories(checker_${name} PRIVATE
		${CMAKE_SOURCE_DIR}/include)
	set_target_properties(checker_${name} PROPERTIES
		PREFIX "" OUTPUT_NAME ${name}
		LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
	install(TARGETS checker_${name} LIBRARY
		DESTINATION ${LVSMON_PLUGIN_DIR})
endfunction()

# Makes a unit test: ctest runs tests/unit/test_NAME.c as unit.NAME.
function(lvsmon_unit_test name)
	cmake_parse_arguments(TEST "" "" "SOURCES;LINK" ${ARGN})
	add_executable(test_${name} test_${name}.c ${TEST_SOURCES})
	target_link_libraries(test_${name} PRIVATE
		${TEST_LINK} PkgConfig::CMOCKA)
	add_test(NAME unit.${name} COMMAND test_${name})
	set_tests_properties(unit.${name} PROPERTIES TIMEOUT 120)
endfunction()
