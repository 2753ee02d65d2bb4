# SPDX-License-Identifier: GPL-2.0-or-later
find_package(PkgConfig REQUIRED)
pkg_check_modules(EVENT REQUIRED IMPORTED_TARGET libevent_core>=2.1)
pkg_check_modules(NL REQUIRED IMPORTED_TARGET libnl-3.0>=3.5)
pkg_check_modules(GENL REQUIRED IMPORTED_TARGET libnl-genl-3.0>=3.5)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
# For the checkers banner and http.
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8>=10.30)
# For the transport TLS.
pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET libssl>=3.0 libcrypto>=3.0)
# For sd_watchdog_enabled. Without it lvsmon has no watchdog.
pkg_check_modules(SYSTEMD IMPORTED_TARGET libsystemd)
if(LVSMON_TESTS)
	pkg_check_modules(CAPNG REQUIRED IMPORTED_TARGET libcap-ng)
	pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()
