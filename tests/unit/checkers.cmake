# SPDX-License-Identifier: GPL-2.0-or-later
# The checkers' unit tests; each is compiled with the checker's sources.
function(checker_unit_test name)
	list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/plugins/)
	lvsmon_unit_test(checker_${name} SOURCES ${ARGN})
	target_include_directories(test_checker_${name} PRIVATE
		${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/plugins)
endfunction()

checker_unit_test(banner banner.c ere.c pattern.c)
target_link_libraries(test_checker_banner PRIVATE PkgConfig::PCRE2)
set(http ere.c http.c http_body.c http_head.c http_judges.c http_options.c
	http_request.c http_target.c pattern.c)
foreach(name http http_body)
	checker_unit_test(${name} ${http})
	target_link_libraries(test_checker_${name} PRIVATE PkgConfig::PCRE2)
endforeach()
checker_unit_test(smtp smtp.c)

lvsmon_unit_test(pattern SOURCES
	${CMAKE_SOURCE_DIR}/plugins/ere.c
	${CMAKE_SOURCE_DIR}/plugins/pattern.c LINK PkgConfig::PCRE2)
target_include_directories(test_pattern PRIVATE
	${CMAKE_SOURCE_DIR}/plugins)

lvsmon_unit_test(digests)
target_include_directories(test_digests PRIVATE ${CMAKE_SOURCE_DIR}/plugins)
