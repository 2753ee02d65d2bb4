# SPDX-License-Identifier: GPL-2.0-or-later
# A fuzzer fuzz_NAME for each checker, from the checker's sources. The plays of
# the checker become its seeds, in seeds/NAME of the build.
function(checker_fuzzer name)
	list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/plugins/)
	add_executable(fuzz_${name} fuzz_checker.c
		${CMAKE_SOURCE_DIR}/tests/plays/stage.c ${ARGN})
	target_include_directories(fuzz_${name} PRIVATE
		${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/tests/plays)
	target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
	set(seeds ${CMAKE_CURRENT_BINARY_DIR}/seeds/${name})
	get_property(plays GLOBAL PROPERTY LVSMON_PLAYS_${name})
	file(MAKE_DIRECTORY ${seeds})
	add_custom_command(TARGET fuzz_${name} POST_BUILD
		COMMAND plays --seeds ${seeds} ${name} ${plays})
	add_dependencies(fuzz_${name} plays)
endfunction()

checker_fuzzer(banner banner.c banner_conf.c ere.c pattern.c)
target_link_libraries(fuzz_banner PRIVATE PkgConfig::PCRE2)
checker_fuzzer(connect connect.c)
checker_fuzzer(ftp ftp.c)
checker_fuzzer(imap imap.c)
checker_fuzzer(ldap ldap.c)
checker_fuzzer(mysql mysql.c mysql_auth.c mysql_conf.c)
checker_fuzzer(nntp nntp.c)
checker_fuzzer(pgsql pgsql.c pgsql_auth.c pgsql_conf.c)
checker_fuzzer(pop3 pop3.c)
checker_fuzzer(redis redis.c)
checker_fuzzer(smtp smtp.c smtp_vector.c)
checker_fuzzer(dns dns.c dns_answer.c dns_options.c)
checker_fuzzer(radius radius.c radius_packet.c)
checker_fuzzer(sip sip.c)
checker_fuzzer(udp udp.c)
checker_fuzzer(http ere.c http.c http_body.c http_head.c http_judges.c
	http_options.c http_request.c http_target.c pattern.c)
target_link_libraries(fuzz_http PRIVATE PkgConfig::PCRE2)
checker_fuzzer(ping ping.c)
