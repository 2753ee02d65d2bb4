// SPDX-License-Identifier: GPL-2.0-or-later
/* Helpers shared by the tests of the kernel's table. */
#include "ipvs_bench.h"

#include <cap-ng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct ipvs *bench_ipvs;
char bench_refusal[128];

void bench_run(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

const char *bench_output(const char *command)
{
	static char output[65536];
	FILE *pipe = popen(command, "r");
	size_t size;

	assert_non_null(pipe);
	size = fread(output, 1, sizeof(output) - 1, pipe);
	output[size] = 0;
	assert_int_equal(pclose(pipe), 0);
	return output;
}

void bench_assert_table(const char *expected)
{
	assert_string_equal(
		bench_output("ipvsadm -Sn | LC_ALL=C sort"), expected);
}

void bench_address(struct address *address, const char *text, int port)
{
	assert_int_equal(address_parse(address, text), 0);
	address->port = (uint16_t)port;
}

void bench_refused(
	void *arg, const struct ipvs_op *which, int error, const char *why)
{
	assert_true(error > 0);
	(void)arg;
	assert_non_null(which);
	snprintf(bench_refusal, sizeof(bench_refusal), "%s", why);
}

int bench_do(struct ipvs_op *op, enum ipvs_verb verb)
{
	bench_refusal[0] = 0;
	op->verb = verb;
	return ipvs_apply_op(bench_ipvs, op, bench_refused, NULL);
}

int bench_set_up(void **state)
{
	char why[128];

	(void)state;
	bench_run("ipvsadm -C");
	bench_ipvs = ipvs_open_kernel(false, why, sizeof(why));
	if (!bench_ipvs)
		print_error("%s\n", why);
	return bench_ipvs ? 0 : -1;
}

int bench_tear_down(void **state)
{
	(void)state;
	ipvs_close(bench_ipvs);
	return system("ipvsadm -C");
}

void bench_with_capability(bool net_admin, void (*test)(void))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		capng_clear(CAPNG_SELECT_BOTH);
		if (net_admin)
			capng_update(CAPNG_ADD,
				(capng_type_t)(CAPNG_EFFECTIVE |
					       CAPNG_PERMITTED),
				CAP_NET_ADMIN);
		if (capng_change_id(65534, 65534, CAPNG_DROP_SUPP_GRP) != 0)
			_exit(2);
		test();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}
