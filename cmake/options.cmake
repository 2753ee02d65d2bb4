# SPDX-License-Identifier: GPL-2.0-or-later
option(LVSMON_TESTS "Build the tests" ON)
option(LVSMON_FUZZ "Build the fuzzers (clang only)" OFF)
option(LVSMON_BENCH "Build the programs of the benchmarks" OFF)
option(LVSMON_WERROR "Warnings are errors" OFF)
set(LVSMON_SANITIZE "" CACHE STRING
	"Sanitizers, as for -fsanitize=: address,undefined")
set(LVSMON_PLUGIN_DIR /usr/lib/lvsmon CACHE PATH
	"Directory of the checkers")
set(LVSMON_CA_FILE /etc/ssl/certs/ca-certificates.crt CACHE FILEPATH
	"Default of the setting ca: the certificates that are trusted")
set(LVSMON_CONFIG_FILE /etc/lvsmon.conf CACHE FILEPATH
	"Default of --file")
set(LVSMON_RUN_DIR /run/lvsmon CACHE PATH
	"The directory in memory for what lives as long as the kernel's table")
set(LVSMON_CHROOT_DIR /run/lvsmon/empty CACHE PATH
	"Empty directory, the engine's root")

# Plugins and configuration have fixed places in the system. The default prefix
# puts the rest there too.
if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
	set(CMAKE_INSTALL_PREFIX /usr CACHE PATH "" FORCE)
endif()

if(NOT CMAKE_BUILD_TYPE)
	set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
