# SPDX-License-Identifier: GPL-2.0-or-later
# The engine's units, with checkers made for tests; some checkers are faulty.
set(ENGINE_CHECKER_DIR ${CMAKE_BINARY_DIR}/tests/checkers)

function(test_checker name source)
	add_library(test_checker_${name}_so MODULE checkers/${source})
	target_include_directories(test_checker_${name}_so PRIVATE
		${CMAKE_SOURCE_DIR}/include)
	target_compile_definitions(test_checker_${name}_so PRIVATE ${ARGN})
	set_target_properties(test_checker_${name}_so PROPERTIES
		PREFIX "" OUTPUT_NAME ${name}
		LIBRARY_OUTPUT_DIRECTORY ${ENGINE_CHECKER_DIR})
	add_dependencies(test_checkers test_checker_${name}_so)
endfunction()

function(bad_checker name)
	list(JOIN ARGN "," members)
	test_checker(${name} bad.c "BAD_MEMBERS=${members}")
endfunction()

add_custom_target(test_checkers)
test_checker(script script.c)
test_checker(patient script.c SCRIPT_DEADLINE)
test_checker(upgrades script.c SCRIPT_STARTTLS)
test_checker(datagrams script.c SCRIPT_TRANSPORT=CHECKER_UDP)
test_checker(patient_datagrams script.c SCRIPT_TRANSPORT=CHECKER_UDP
	SCRIPT_DEADLINE)
test_checker(pings script.c SCRIPT_TRANSPORT=CHECKER_ICMP)
test_checker(getopt getopt.c)
bad_checker(plain .abi=CHECKER_ABI .step=step)
bad_checker(bad_abi .abi=CHECKER_ABI+1 .step=step)
bad_checker(bad_datagrams .abi=CHECKER_ABI .step=step
	.transport=CHECKER_UDP)
bad_checker(bad_icmp .abi=CHECKER_ABI .step=step .transport=CHECKER_ICMP)
bad_checker(bad_exec .abi=CHECKER_ABI .step=step .transport=CHECKER_EXEC)
bad_checker(bad_unknown .abi=CHECKER_ABI .step=step
	.transport=CHECKER_EXEC+1)
bad_checker(bad_reserved .abi=CHECKER_ABI .step=step
	.reserved[2]=&lvsmon_checker)
bad_checker(connects .abi=CHECKER_ABI .step=step .transport_of=connects)
bad_checker(encrypts .abi=CHECKER_ABI .step=step
	.transport_of=encrypts .host=host)
bad_checker(sends .abi=CHECKER_ABI .step=step .transport_of=sends .window=1)
bad_checker(bad_state .abi=CHECKER_ABI .step=step
	.state_size=CHECKER_STATE_MAX+1)
bad_checker(bad_conf .abi=CHECKER_ABI .step=step .conf_size=CHECKER_CONF_MAX+1)
bad_checker(bad_window .abi=CHECKER_ABI .step=step
	.window=CHECKER_WINDOW_MAX+1)
bad_checker(bad_step .abi=CHECKER_ABI)
test_checker(bad_symbol bad.c BAD_SYMBOL)

# For LD_PRELOAD; see allocations.h.
add_library(allocations MODULE allocations.c)
set_target_properties(allocations PROPERTIES PREFIX "")

function(engine_unit_test name)
	lvsmon_unit_test(${name} SOURCES ${ARGN} LINK lvsmon_engine)
	target_compile_definitions(test_${name} PRIVATE
		TEST_CHECKER_DIR="${ENGINE_CHECKER_DIR}"
		TEST_PLUGIN_DIR="${CMAKE_BINARY_DIR}/plugins"
		TEST_ALLOCATIONS_SO="$<TARGET_FILE:allocations>"
		TEST_CERTIFICATES="${CMAKE_SOURCE_DIR}/tests/peers/certificates")
	add_dependencies(test_${name} test_checkers checker_banner
		checker_connect checker_http checker_ping checker_smtp allocations
		lvsmon_tls_module)
endfunction()

engine_unit_test(datagrams engine_bench.c)
engine_unit_test(echo)
engine_unit_test(engine_connects engine_bench.c)
engine_unit_test(engine_health engine_bench.c)
engine_unit_test(engine_life engine_bench.c)
engine_unit_test(engine_linger engine_bench.c)
engine_unit_test(engine_memory engine_bench.c tls_bench.c)
engine_unit_test(engine_pauses engine_bench.c)
engine_unit_test(engine_peers engine_bench.c)
engine_unit_test(engine_pool engine_bench.c)
engine_unit_test(engine_tls engine_bench.c tls_bench.c)
engine_unit_test(grid)
engine_unit_test(loader)
engine_unit_test(loop)
engine_unit_test(ping_forgers engine_bench.c ping_bench.c)
engine_unit_test(pings engine_bench.c ping_bench.c)
engine_unit_test(probe engine_bench.c)
engine_unit_test(tls_peers engine_bench.c tls_bench.c)

# Files of the module of TLS, which is no library.
lvsmon_unit_test(der SOURCES ${CMAKE_SOURCE_DIR}/core/tls/der.c
	LINK lvsmon_base)
lvsmon_unit_test(region SOURCES ${CMAKE_SOURCE_DIR}/core/tls/region.c
	LINK lvsmon_base)
