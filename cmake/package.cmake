# SPDX-License-Identifier: GPL-2.0-or-later
# `cpack` in the build directory makes a .deb of the installed files.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lvsmon)
set(CPACK_PACKAGE_CONTACT "lvsmon maintainers <lvsmon@example.org>")
set(CPACK_PACKAGE_VENDOR lvsmon)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
# Plugins and configuration are outside of the prefix.
set(CPACK_SET_DESTDIR ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# postinst runs systemd-sysusers.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, ipvsadm, kmod")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"lvsmon checks the real servers behind IPVS by plugins (http, smtp, imap,
pop3, ftp, nntp, redis, mysql, pgsql, ldap, dns, radius, sip, udp, ping,
banner, connect) and keeps the kernel's table equal to what is healthy.")
file(WRITE ${CMAKE_BINARY_DIR}/deb/conffiles "${LVSMON_CONFIG_FILE}\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
	${CMAKE_BINARY_DIR}/deb/conffiles
	${CMAKE_SOURCE_DIR}/cmake/deb/postinst
	${CMAKE_SOURCE_DIR}/cmake/deb/prerm
	${CMAKE_SOURCE_DIR}/cmake/deb/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
