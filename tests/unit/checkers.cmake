# SPDX-License-Identifier: GPL-2.0-or-later
# The checkers' unit tests; each is compiled with the checker's sources.
function(checker_unit_test name)
	list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/plugins/)
	lvsmon_unit_test(checker_${name} SOURCES ${ARGN})
	target_include_directories(test_checker_${name} PRIVATE
		${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/plugins)
endfunction()

checker_unit_test(banner banner.c banner_conf.c banner_ere.c banner_regex.c)
target_link_libraries(test_checker_banner PRIVATE PkgConfig::PCRE2)
checker_unit_test(http http.c http_head.c http_request.c)
checker_unit_test(ldap ldap.c)
checker_unit_test(mysql mysql.c mysql_auth.c mysql_conf.c)
checker_unit_test(pgsql pgsql.c pgsql_auth.c pgsql_conf.c)
checker_unit_test(smtp smtp.c)

lvsmon_unit_test(banner_regex SOURCES
	${CMAKE_SOURCE_DIR}/plugins/banner_ere.c
	${CMAKE_SOURCE_DIR}/plugins/banner_regex.c LINK PkgConfig::PCRE2)
target_include_directories(test_banner_regex PRIVATE
	${CMAKE_SOURCE_DIR}/plugins)

lvsmon_unit_test(digest)
target_include_directories(test_digest PRIVATE ${CMAKE_SOURCE_DIR}/plugins)
