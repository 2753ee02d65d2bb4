# SPDX-License-Identifier: GPL-2.0-or-later
option(LVSMON_TESTS "Build the tests" ON)
option(LVSMON_FUZZ "Build the fuzzers (clang only)" OFF)
option(LVSMON_BENCH "Build what the benchmarks measure against" OFF)
option(LVSMON_WERROR "Warnings are errors" OFF)
set(LVSMON_SANITIZE "" CACHE STRING
	"Sanitizers, as for -fsanitize=: address,undefined")
set(LVSMON_PLUGIN_DIR /usr/lib/lvsmon CACHE PATH
	"Where checkers are installed and looked for")
set(LVSMON_CONFIG_FILE /etc/lvsmon.conf CACHE FILEPATH
	"The configuration read without --file")
set(LVSMON_CHROOT_DIR /run/lvsmon/empty CACHE PATH
	"The empty directory that the engine is shut in")

# Plugins and the configuration have their places in the system; so has the
# rest, unless somebody wants it elsewhere.
if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
	set(CMAKE_INSTALL_PREFIX /usr CACHE PATH "" FORCE)
endif()

if(NOT CMAKE_BUILD_TYPE)
	set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
