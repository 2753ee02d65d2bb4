// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper's operations on a real kernel's table, judged by ipvsadm. For root
 * of a network namespace of its own: it empties the table. */
#include "config/config.h"
#include "ipvs_bench.h"

#include <linux/ip_vs.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SCHEDULER_NOBODY_ELSE_USES "lblcr"

static struct ipvs_op op;

static void service(const char *address, int port, uint16_t protocol)
{
	memset(&op, 0, sizeof(op));
	op.tag = CONFIG_NONE;
	bench_address(&op.service.address, address, port);
	op.service.family = op.service.address.family;
	op.service.protocol = protocol;
	strcpy(op.service.scheduler, "wlc");
	op.service.prefix = op.service.family == AF_INET ? 32 : 128;
}

static void mark(uint32_t fwmark, uint16_t family)
{
	memset(&op, 0, sizeof(op));
	op.tag = CONFIG_NONE;
	op.service.fwmark = fwmark;
	op.service.family = family;
	strcpy(op.service.scheduler, "wlc");
	op.service.prefix = family == AF_INET ? 32 : 128;
}

static void real(const char *address, int port, uint8_t forward, int weight)
{
	memset(&op.real, 0, sizeof(op.real));
	bench_address(&op.real.address, address, port);
	op.real.forward = forward;
	op.real.weight = (uint32_t)weight;
}

#define DONE(verb)                                                             \
	do {                                                                   \
		if (bench_do(&op, verb) < 0)                                   \
			fail_msg("%s: %s", #verb, bench_refusal);              \
	} while (0)

#define REFUSED(verb, why)                                                     \
	do {                                                                   \
		assert_int_equal(bench_do(&op, verb), -1);                     \
		assert_string_equal(bench_refusal, why);                       \
	} while (0)

static void tells_about_itself(void **state)
{
	struct ipvs_info info;
	char expected[128];

	(void)state;
	assert_int_equal(ipvs_info(bench_ipvs, &info), 0);
	snprintf(expected, sizeof(expected),
		"IP Virtual Server version %u.%u.%u (size=%u)\n",
		info.version >> 16 & 0xff, info.version >> 8 & 0xff,
		info.version & 0xff, info.conn_size);
	assert_string_equal(bench_output("ipvsadm -Ln | head -n 1"), expected);
}

static void services_of_every_kind(void **state)
{
	(void)state;
	service("192.0.2.80", 80, IPPROTO_TCP);
	DONE(IPVS_NEW_SERVICE);
	service("192.0.2.80", 53, IPPROTO_UDP);
	strcpy(op.service.scheduler, "rr");
	op.service.flags = IP_VS_SVC_F_ONEPACKET;
	DONE(IPVS_NEW_SERVICE);
	service("192.0.2.80", 90, IPPROTO_SCTP);
	DONE(IPVS_NEW_SERVICE);
	service("2001:db8:1::80", 80, IPPROTO_TCP);
	op.service.flags = IP_VS_SVC_F_PERSISTENT;
	op.service.timeout_s = 300;
	op.service.prefix = 64;
	DONE(IPVS_NEW_SERVICE);
	service("192.0.2.80", 443, IPPROTO_TCP);
	op.service.flags = IP_VS_SVC_F_PERSISTENT;
	op.service.timeout_s = 60;
	op.service.prefix = 24;
	DONE(IPVS_NEW_SERVICE);
	mark(7, AF_INET);
	strcpy(op.service.scheduler, "sh");
	op.service.flags = IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_SCHED2;
	DONE(IPVS_NEW_SERVICE);
	mark(7, AF_INET6);
	DONE(IPVS_NEW_SERVICE);
	bench_assert_table(
		"-A --sctp-service 192.0.2.80:90 -s wlc\n"
		"-A -f 7 -6 -s wlc\n"
		"-A -f 7 -s sh -b sh-fallback,sh-port\n"
		"-A -t 192.0.2.80:443 -s wlc -p 60 -M 255.255.255.0\n"
		"-A -t 192.0.2.80:80 -s wlc\n"
		"-A -t [2001:db8:1::80]:80 -s wlc -p 300 -M 64\n"
		"-A -u 192.0.2.80:53 -s rr -o\n");
}

static void services_are_changed_and_deleted(void **state)
{
	(void)state;
	service("192.0.2.80", 80, IPPROTO_TCP);
	op.service.flags = IP_VS_SVC_F_PERSISTENT;
	op.service.timeout_s = 300;
	DONE(IPVS_NEW_SERVICE);
	real("10.0.0.11", 80, CONFIG_MASQ, 1);
	DONE(IPVS_NEW_REAL);
	service("192.0.2.80", 80, IPPROTO_TCP);
	strcpy(op.service.scheduler, "rr");
	DONE(IPVS_SET_SERVICE);
	bench_assert_table("-A -t 192.0.2.80:80 -s rr\n"
			   "-a -t 192.0.2.80:80 -r 10.0.0.11:80 -m -w 1\n");
	DONE(IPVS_DEL_SERVICE);
	bench_assert_table("");
}

static void reals_of_every_kind(void **state)
{
	(void)state;
	service("192.0.2.80", 80, IPPROTO_TCP);
	DONE(IPVS_NEW_SERVICE);
	real("10.0.0.11", 8080, CONFIG_MASQ, 100);
	DONE(IPVS_NEW_REAL);
	real("10.0.0.12", 80, CONFIG_DIRECT, 0);
	op.real.upper = 20;
	op.real.lower = 10;
	DONE(IPVS_NEW_REAL);
	real("10.0.0.13", 80, CONFIG_TUNNEL, 65535);
	DONE(IPVS_NEW_REAL);
	real("2001:db8:2::11", 80, CONFIG_TUNNEL, 1);
	DONE(IPVS_NEW_REAL);
	mark(7, AF_INET6);
	DONE(IPVS_NEW_SERVICE);
	real("2001:db8:2::12", 0, CONFIG_MASQ, 1);
	DONE(IPVS_NEW_REAL);
	bench_assert_table("-A -f 7 -6 -s wlc\n"
			   "-A -t 192.0.2.80:80 -s wlc\n"
			   "-a -f 7 -6 -r [2001:db8:2::12]:0 -m -w 1\n"
			   "-a -t 192.0.2.80:80 -r 10.0.0.11:8080 -m -w 100\n"
			   "-a -t 192.0.2.80:80 -r 10.0.0.12:80 -g -w 0\n"
			   "-a -t 192.0.2.80:80 -r 10.0.0.13:80 -i -w 65535 "
			   "--tun-type ipip\n"
			   "-a -t 192.0.2.80:80 -r [2001:db8:2::11]:80 -i -w 1 "
			   "--tun-type ipip\n");
	bench_run(
		"ipvsadm -Ln --thresholds | grep -q '10.0.0.12:80  *20  *10 '");
	service("192.0.2.80", 80, IPPROTO_TCP);
	real("10.0.0.11", 8080, CONFIG_TUNNEL, 7);
	op.real.upper = 5;
	DONE(IPVS_SET_REAL);
	bench_run(
		"ipvsadm -Ln --thresholds | grep -q '10.0.0.11:8080  *5  *0 '");
	real("10.0.0.12", 80, 0, 0);
	DONE(IPVS_DEL_REAL);
	real("2001:db8:2::11", 80, 0, 0);
	DONE(IPVS_DEL_REAL);
	mark(7, AF_INET6);
	DONE(IPVS_DEL_SERVICE);
	bench_assert_table("-A -t 192.0.2.80:80 -s wlc\n"
			   "-a -t 192.0.2.80:80 -r 10.0.0.11:8080 -i -w 7 "
			   "--tun-type ipip\n"
			   "-a -t 192.0.2.80:80 -r 10.0.0.13:80 -i -w 65535 "
			   "--tun-type ipip\n");
}

static void refusals_say_why(void **state)
{
	(void)state;
	service("192.0.2.80", 80, IPPROTO_TCP);
	strcpy(op.service.scheduler, "nosuch");
	REFUSED(IPVS_NEW_SERVICE,
		"the kernel has no scheduler nosuch: modprobe ip_vs_nosuch");
	service("192.0.2.80", 80, IPPROTO_TCP);
	REFUSED(IPVS_SET_SERVICE, "the kernel has no such service");
	REFUSED(IPVS_DEL_SERVICE, "the kernel has no such service");
	real("10.0.0.11", 80, CONFIG_MASQ, 1);
	REFUSED(IPVS_NEW_REAL, "the kernel has no such service");
	DONE(IPVS_NEW_SERVICE);
	REFUSED(IPVS_NEW_SERVICE, "the kernel already has this entry");
	strcpy(op.service.scheduler, "nosuch");
	REFUSED(IPVS_SET_SERVICE,
		"the kernel has no scheduler nosuch: modprobe ip_vs_nosuch");
	REFUSED(IPVS_SET_REAL, "the kernel has no such real");
	REFUSED(IPVS_DEL_REAL, "the kernel has no such real");
	DONE(IPVS_NEW_REAL);
	REFUSED(IPVS_NEW_REAL, "the kernel already has this entry");
	op.real.upper = 1;
	op.real.lower = 2;
	REFUSED(IPVS_SET_REAL, "a weight or threshold is out of range");
	real("2001:db8:2::11", 80, CONFIG_MASQ, 1);
	REFUSED(IPVS_NEW_REAL,
		"a real of another address family must be forwarded by "
		"tunnel");
	real("255.255.255.255", 80, CONFIG_MASQ, 1);
	REFUSED(IPVS_NEW_REAL, "the kernel does not accept this address");
}

static void make_one(void)
{
	service("192.0.2.80", 80, IPPROTO_TCP);
	strcpy(op.service.scheduler, SCHEDULER_NOBODY_ELSE_USES);
	if (bench_do(&op, IPVS_NEW_SERVICE) < 0)
		_exit(3);
}

/* The kernel loads it for whoever may add a service. */
static void a_scheduler_is_loaded(void **state)
{
	(void)state;
	bench_run("! grep -q '^ip_vs_" SCHEDULER_NOBODY_ELSE_USES
		  " ' /proc/modules");
	bench_with_capability(true, make_one);
	bench_run("grep -q '^ip_vs_" SCHEDULER_NOBODY_ELSE_USES
		  " ' /proc/modules");
	bench_assert_table(
		"-A -t 192.0.2.80:80 -s " SCHEDULER_NOBODY_ELSE_USES "\n");
}

int main(void)
{
#define EACH(test)                                                             \
	cmocka_unit_test_setup_teardown(test, bench_set_up, bench_tear_down)
	const struct CMUnitTest tests[] = {
		EACH(tells_about_itself),
		EACH(services_of_every_kind),
		EACH(services_are_changed_and_deleted),
		EACH(reals_of_every_kind),
		EACH(refusals_say_why),
		EACH(a_scheduler_is_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
