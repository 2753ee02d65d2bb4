# SPDX-License-Identifier: GPL-2.0-or-later
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Asserts stay on. They guard impossible states only.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" ""
	CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")

add_compile_definitions(_GNU_SOURCE)
add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes
	-Wcast-qual -Wformat=2 -Wstrict-prototypes -Wvla -Wundef)
add_compile_options(-fstack-protector-strong -fno-common)
add_link_options(-Wl,-z,relro,-z,now)
if(LVSMON_WERROR)
	add_compile_options(-Werror)
endif()
if(LVSMON_SANITIZE)
	add_compile_options(-fsanitize=${LVSMON_SANITIZE}
		-fno-sanitize-recover=all -fno-omit-frame-pointer)
	add_link_options(-fsanitize=${LVSMON_SANITIZE})
	# The runtimes of the others need more memory and calls than an engine
	# may have.
	if(NOT LVSMON_SANITIZE STREQUAL "undefined")
		add_compile_definitions(LVSMON_SANITIZED)
	endif()
elseif(CMAKE_BUILD_TYPE MATCHES "^Rel")
	add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
	# Optimises across the rooms. This saves a fifth of a check's
	# instructions.
	include(CheckIPOSupported)
	check_ipo_supported(RESULT LVSMON_IPO LANGUAGES C)
	set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${LVSMON_IPO})
endif()
if(LVSMON_FUZZ)
	add_compile_options(-fsanitize=fuzzer-no-link)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
