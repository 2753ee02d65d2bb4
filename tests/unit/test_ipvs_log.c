// SPDX-License-Identifier: GPL-2.0-or-later
/* Operations on the table, as the log has them with the topic table. */
#include "base/log.h"
#include "ipvs/ipvs.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct ipvs *ipvs;
static struct ipvs_op op;
static int lines;
static char last[LOG_LINE_MAX];

static void keep_line(void *arg, int level, const char *line)
{
	(void)arg;
	assert_int_equal(level, LOG_DEBUG);
	lines++;
	snprintf(last, sizeof(last), "%s", line);
}

static void ignore_refusal(
	void *arg, const struct ipvs_op *which, int error, const char *why)
{
	(void)arg;
	(void)which;
	(void)error;
	(void)why;
}

static int set_up(void **state)
{
	(void)state;
	lines = 0;
	op = (struct ipvs_op){
		.service = {.family = AF_INET,
			.protocol = IPPROTO_TCP,
			.scheduler = "wlc"},
		.real = {.weight = 100},
	};
	address_parse(&op.service.address, "192.0.2.1");
	op.service.address.port = 80;
	address_parse(&op.real.address, "10.0.0.1");
	op.real.address.port = 8080;
	ipvs = ipvs_open_memory();
	log_divert(keep_line, NULL);
	log_topics(1U << LOG_TOPIC_TABLE);
	return ipvs ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	log_divert(NULL, NULL);
	log_topics(0);
	ipvs_close(ipvs);
	return 0;
}

static void expect_line(enum ipvs_verb verb, const char *line)
{
	int before = lines;

	op.verb = verb;
	ipvs_apply_op(ipvs, &op, ignore_refusal, NULL);
	assert_int_equal(lines, before + 1);
	assert_string_equal(last, line);
}

static void each_operation_has_a_line_with_its_result(void **state)
{
	(void)state;
	expect_line(IPVS_SET_SERVICE,
		"table: set service 192.0.2.1:80/tcp: the kernel has no such "
		"service");
	expect_line(
		IPVS_NEW_SERVICE, "table: add service 192.0.2.1:80/tcp: done");
	expect_line(IPVS_NEW_REAL,
		"table: add real 10.0.0.1:8080 of 192.0.2.1:80/tcp, weight "
		"100: done");
	op.real.weight = 0;
	expect_line(IPVS_SET_REAL,
		"table: set real 10.0.0.1:8080 of 192.0.2.1:80/tcp, weight 0: "
		"done");
	expect_line(IPVS_DEL_REAL,
		"table: delete real 10.0.0.1:8080 of 192.0.2.1:80/tcp: done");
	expect_line(IPVS_DEL_SERVICE,
		"table: delete service 192.0.2.1:80/tcp: done");
	op.service.address.family = AF_UNSPEC;
	op.service.fwmark = 7;
	op.service.protocol = 0;
	expect_line(IPVS_NEW_SERVICE, "table: add service fwmark:7: done");
}

static void no_line_without_the_topic(void **state)
{
	(void)state;
	log_topics(1U << LOG_TOPIC_ENGINE);
	op.verb = IPVS_NEW_SERVICE;
	assert_int_equal(ipvs_apply_op(ipvs, &op, ignore_refusal, NULL), 0);
	assert_int_equal(ipvs_apply_op(ipvs, &op, ignore_refusal, NULL), -1);
	assert_int_equal(lines, 0);
}

/* The longest names there are. */
static void the_longest_operation_is_not_cut(void **state)
{
	static const char longest[] = "2001:db8:1111:2222:3333:4444:5555:6666";
	char text[IPVS_OP_TEXT_MAX];

	(void)state;
	address_parse(&op.service.address, longest);
	op.service.address.port = 65535;
	op.service.family = AF_INET6;
	op.service.protocol = IPPROTO_SCTP;
	address_parse(&op.real.address, longest);
	op.real.address.port = 65535;
	op.real.weight = UINT32_MAX;
	op.verb = IPVS_SET_REAL;
	assert_string_equal(ipvs_op_format(&op, text),
		"set real [2001:db8:1111:2222:3333:4444:5555:6666]:65535 of "
		"[2001:db8:1111:2222:3333:4444:5555:6666]:65535/sctp, weight "
		"4294967295");
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		EACH(each_operation_has_a_line_with_its_result),
		EACH(no_line_without_the_topic),
		EACH(the_longest_operation_is_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
