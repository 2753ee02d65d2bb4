# SPDX-License-Identifier: GPL-2.0-or-later
# The checkers' unit tests; each is compiled with the checker's sources.
function(checker_unit_test name)
	list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/plugins/)
	lvsmon_unit_test(checker_${name} SOURCES ${ARGN})
	target_include_directories(test_checker_${name} PRIVATE
		${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/plugins)
	target_compile_definitions(test_checker_${name} PRIVATE
		TEST_PASSWORD="${CMAKE_SOURCE_DIR}/tests/plays/smtp/password")
endfunction()

checker_unit_test(banner banner.c banner_conf.c ere.c pattern.c)
target_link_libraries(test_checker_banner PRIVATE PkgConfig::PCRE2)
checker_unit_test(ftp ftp.c)
checker_unit_test(imap imap.c)
checker_unit_test(ldap ldap.c)
checker_unit_test(mysql mysql.c mysql_auth.c mysql_conf.c)
checker_unit_test(nntp nntp.c)
checker_unit_test(pgsql pgsql.c pgsql_auth.c pgsql_conf.c)
checker_unit_test(ping ping.c)
checker_unit_test(pop3 pop3.c)
checker_unit_test(redis redis.c)
checker_unit_test(smtp smtp.c smtp_vector.c)
checker_unit_test(dns dns.c dns_answer.c dns_options.c)
checker_unit_test(radius radius.c radius_packet.c)
checker_unit_test(sip sip.c)
checker_unit_test(udp udp.c)
set(http ere.c http.c http_body.c http_head.c http_judges.c http_options.c
	http_request.c http_target.c pattern.c)
foreach(name http http_body http_url)
	checker_unit_test(${name} ${http})
	target_link_libraries(test_checker_${name} PRIVATE PkgConfig::PCRE2)
endforeach()

lvsmon_unit_test(pattern SOURCES
	${CMAKE_SOURCE_DIR}/plugins/ere.c
	${CMAKE_SOURCE_DIR}/plugins/pattern.c LINK PkgConfig::PCRE2)
target_include_directories(test_pattern PRIVATE
	${CMAKE_SOURCE_DIR}/plugins)

lvsmon_unit_test(login)
target_include_directories(test_login PRIVATE ${CMAKE_SOURCE_DIR}/plugins)
lvsmon_unit_test(digest)
target_include_directories(test_digest PRIVATE ${CMAKE_SOURCE_DIR}/plugins)
