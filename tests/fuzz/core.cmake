# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzzers of the core's decoders. Their seeds are in seeds/NAME here.
function(core_fuzzer name)
	add_executable(fuzz_${name} fuzz_${name}.c)
	target_link_libraries(fuzz_${name} PRIVATE ${ARGN})
	target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endfunction()

core_fuzzer(ipvs lvsmon_ipvs)
core_fuzzer(echo lvsmon_engine)
core_fuzzer(protocol lvsmon_ipc)
core_fuzzer(reader lvsmon_reader)
core_fuzzer(config lvsmon_config)
target_sources(fuzz_config PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/memory_system.c)
target_include_directories(fuzz_config PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
