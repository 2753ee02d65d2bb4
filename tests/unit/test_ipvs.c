// SPDX-License-Identifier: GPL-2.0-or-later
/* IPVS requests byte by byte, and what errors are called. */
#include "ipvs/message.h"

#include <errno.h>
#include <linux/ip_vs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FAMILY 0x1c
#define SEQ 0x01020304

/* Numbers as the machine has them. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define U16(x) ((x)&0xff), ((x) >> 8 & 0xff)
#define U32(x) U16((x)&0xffff), U16((x) >> 16 & 0xffff)
#else
#define U16(x) ((x) >> 8 & 0xff), ((x)&0xff)
#define U32(x) U16((x) >> 16 & 0xffff), U16((x)&0xffff)
#endif
#define PAD2 0, 0

/* Headers: netlink's, generic netlink's, an attribute's. */
#define HEAD(len, flags, command)                                              \
	U32(len), U16(FAMILY), U16(flags), U32(SEQ), U32(0), (command), 1, PAD2
#define ATTR(len, type) U16(len), U16(type)
#define NEST(len, type) U16(len), U16((type) | 0x8000)
#define REQUEST_ACK 5
#define REQUEST_DUMP 0x301

#define V4(a, b, c, d) a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define V6(last) 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last

/* 44 bytes: 192.0.2.1:80/tcp, [2001:db8::1]:53/udp. */
#define KEY_V4                                                                 \
	ATTR(6, 1), U16(2), PAD2, ATTR(6, 2), U16(6), PAD2, ATTR(20, 3),       \
		V4(192, 0, 2, 1), ATTR(6, 4), 0, 80, PAD2
#define KEY_V6                                                                 \
	ATTR(6, 1), U16(10), PAD2, ATTR(6, 2), U16(17), PAD2, ATTR(20, 3),     \
		V6(1), ATTR(6, 4), 0, 53, PAD2

static struct ipvs_op op;
static _Alignas(4) uint8_t sent[IPVS_REQUEST_MAX];

static struct address address(const char *text, uint16_t port)
{
	struct address parsed;

	assert_int_equal(address_parse(&parsed, text), 0);
	parsed.port = port;
	return parsed;
}

static int set_up(void **state)
{
	(void)state;
	op = (struct ipvs_op){
		.service = {.address = address("192.0.2.1", 80),
			.family = AF_INET,
			.protocol = IPPROTO_TCP,
			.scheduler = "wlc",
			.prefix = 32},
		.real = {.address = address("10.0.0.1", 8080), .weight = 100},
	};
	return 0;
}

static void service_v6(void)
{
	op.service.address = address("2001:db8::1", 53);
	op.service.family = AF_INET6;
	op.service.protocol = IPPROTO_UDP;
	op.service.prefix = 128;
}

/* The request is exactly this, and does not fit in any less. */
static void assert_sent(enum ipvs_verb verb, const uint8_t *bytes, size_t size)
{
	op.verb = verb;
	memset(sent, 0xa5, sizeof(sent));
	assert_int_equal(
		ipvs_put_op(sent, sizeof(sent), FAMILY, SEQ, &op), size);
	assert_memory_equal(sent, bytes, size);
	assert_int_equal(sent[size], 0xa5);
	for (size_t room = 0; room < size; room++) {
		memset(sent, 0xa5, sizeof(sent));
		assert_int_equal(ipvs_put_op(sent, room, FAMILY, SEQ, &op), 0);
		assert_int_equal(sent[room], 0xa5);
	}
}

static void new_service(void **state)
{
	static const uint8_t bytes[] = {
		HEAD(104, REQUEST_ACK, IPVS_CMD_NEW_SERVICE),
		NEST(84, 1),
		KEY_V4,
		ATTR(8, 6),
		'w',
		'l',
		'c',
		0,
		ATTR(12, 7),
		U32(0),
		U32(0xffffffff),
		ATTR(8, 8),
		U32(0),
		ATTR(8, 9),
		255,
		255,
		255,
		255,
	};

	(void)state;
	assert_sent(IPVS_NEW_SERVICE, bytes, sizeof(bytes));
}

static void set_service_of_v6_with_persistence(void **state)
{
	static const uint8_t bytes[] = {
		HEAD(108, REQUEST_ACK, IPVS_CMD_SET_SERVICE),
		NEST(88, 1),
		KEY_V6,
		ATTR(9, 6),
		'w',
		'r',
		'r',
		'x',
		0,
		0,
		0,
		0,
		ATTR(12, 7),
		U32(0x0005),
		U32(0xffffffff),
		ATTR(8, 8),
		U32(300),
		ATTR(8, 9),
		U32(64),
	};

	(void)state;
	service_v6();
	strcpy(op.service.scheduler, "wrrx");
	op.service.flags = IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET;
	op.service.timeout_s = 300;
	op.service.prefix = 64;
	assert_sent(IPVS_SET_SERVICE, bytes, sizeof(bytes));
}

static void netmask_in_network_order(void **state)
{
	static const uint8_t prefixes[] = {0, 1, 20, 24, 32};
	static const uint8_t masks[][4] = {
		{0, 0, 0, 0},
		{128, 0, 0, 0},
		{255, 255, 240, 0},
		{255, 255, 255, 0},
		{255, 255, 255, 255},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(prefixes); i++) {
		size_t size;

		op.service.prefix = prefixes[i];
		size = ipvs_put_op(sent, sizeof(sent), FAMILY, SEQ, &op);
		assert_memory_equal(sent + size - 4, masks[i], 4);
	}
}

static void service_of_a_mark(void **state)
{
	static const uint8_t new[] = {
		HEAD(76, REQUEST_ACK, IPVS_CMD_NEW_SERVICE),
		NEST(56, 1),
		ATTR(6, 1),
		U16(10),
		PAD2,
		ATTR(8, 5),
		U32(7),
		ATTR(7, 6),
		's',
		'h',
		0,
		0,
		ATTR(12, 7),
		U32(0x0008),
		U32(0xffffffff),
		ATTR(8, 8),
		U32(0),
		ATTR(8, 9),
		U32(128),
	};
	static const uint8_t del[] = {
		HEAD(40, REQUEST_ACK, IPVS_CMD_DEL_SERVICE),
		NEST(20, 1),
		ATTR(6, 1),
		U16(10),
		PAD2,
		ATTR(8, 5),
		U32(7),
	};

	(void)state;
	op.service = (struct ipvs_service){
		.fwmark = 7,
		.family = AF_INET6,
		.scheduler = "sh",
		.flags = IP_VS_SVC_F_SCHED1,
		.prefix = 0, /* the kernel refuses that */
	};
	assert_sent(IPVS_NEW_SERVICE, new, sizeof(new));
	assert_sent(IPVS_DEL_SERVICE, del, sizeof(del));
}

static void del_service(void **state)
{
	static const uint8_t bytes[] = {
		HEAD(68, REQUEST_ACK, IPVS_CMD_DEL_SERVICE),
		NEST(48, 1),
		KEY_V4,
	};

	(void)state;
	assert_sent(IPVS_DEL_SERVICE, bytes, sizeof(bytes));
}

static void new_real(void **state)
{
	static const uint8_t bytes[] = {
		HEAD(140, REQUEST_ACK, IPVS_CMD_NEW_DEST),
		NEST(48, 1),
		KEY_V4,
		NEST(72, 2),
		ATTR(6, 11),
		U16(2),
		PAD2,
		ATTR(20, 1),
		V4(10, 0, 0, 1),
		ATTR(6, 2),
		0x1f,
		0x90,
		PAD2,
		ATTR(8, 3),
		U32(3),
		ATTR(8, 4),
		U32(100),
		ATTR(8, 5),
		U32(2000),
		ATTR(8, 6),
		U32(1000),
	};

	(void)state;
	op.real.forward = 3;
	op.real.upper = 2000;
	op.real.lower = 1000;
	assert_sent(IPVS_NEW_REAL, bytes, sizeof(bytes));
}

static void set_real_of_another_family(void **state)
{
	static const uint8_t bytes[] = {
		HEAD(140, REQUEST_ACK, IPVS_CMD_SET_DEST),
		NEST(48, 1),
		KEY_V6,
		NEST(72, 2),
		ATTR(6, 11),
		U16(2),
		PAD2,
		ATTR(20, 1),
		V4(10, 0, 0, 1),
		ATTR(6, 2),
		0x1f,
		0x90,
		PAD2,
		ATTR(8, 3),
		U32(2),
		ATTR(8, 4),
		U32(0),
		ATTR(8, 5),
		U32(0),
		ATTR(8, 6),
		U32(0),
	};

	(void)state;
	service_v6();
	op.real.forward = 2;
	op.real.weight = 0;
	assert_sent(IPVS_SET_REAL, bytes, sizeof(bytes));
}

static void del_real_of_v6(void **state)
{
	static const uint8_t bytes[] = {
		HEAD(108, REQUEST_ACK, IPVS_CMD_DEL_DEST),
		NEST(48, 1),
		KEY_V6,
		NEST(40, 2),
		ATTR(6, 11),
		U16(10),
		PAD2,
		ATTR(20, 1),
		V6(2),
		ATTR(6, 2),
		0x1f,
		0x90,
		PAD2,
	};

	(void)state;
	service_v6();
	op.real.address = address("2001:db8::2", 8080);
	assert_sent(IPVS_DEL_REAL, bytes, sizeof(bytes));
}

static void questions(void **state)
{
	static const uint8_t info[] = {
		HEAD(20, REQUEST_ACK, IPVS_CMD_GET_INFO),
	};
	static const uint8_t services[] = {
		HEAD(20, REQUEST_DUMP, IPVS_CMD_GET_SERVICE),
	};
	static const uint8_t reals[] = {
		HEAD(68, REQUEST_DUMP, IPVS_CMD_GET_DEST),
		NEST(48, 1),
		KEY_V4,
	};

	(void)state;
	assert_int_equal(ipvs_put_get_info(sent, 20, FAMILY, SEQ), 20);
	assert_memory_equal(sent, info, 20);
	assert_int_equal(ipvs_put_get_info(sent, 19, FAMILY, SEQ), 0);
	assert_int_equal(ipvs_put_dump_services(sent, 20, FAMILY, SEQ), 20);
	assert_memory_equal(sent, services, 20);
	assert_int_equal(ipvs_put_dump_services(sent, 19, FAMILY, SEQ), 0);
	assert_int_equal(
		ipvs_put_dump_reals(sent, 68, FAMILY, SEQ, &op.service), 68);
	assert_memory_equal(sent, reals, 68);
	assert_int_equal(
		ipvs_put_dump_reals(sent, 67, FAMILY, SEQ, &op.service), 0);
}

/* A scheduler's name of 15 letters. */
static void the_longest_fits(void **state)
{
	(void)state;
	service_v6();
	strcpy(op.service.scheduler, "abcdefghijklmno");
	op.verb = IPVS_NEW_SERVICE;
	assert_in_range(ipvs_put_op(sent, sizeof(sent), FAMILY, SEQ, &op), 1,
		IPVS_REQUEST_MAX);
	op.verb = IPVS_NEW_REAL;
	assert_in_range(ipvs_put_op(sent, sizeof(sent), FAMILY, SEQ, &op), 1,
		IPVS_REQUEST_MAX);
}

static void services_are_told_apart(void **state)
{
	struct ipvs_service a = op.service, b = op.service;

	(void)state;
	strcpy(b.scheduler, "rr");
	b.flags = 1;
	assert_true(ipvs_same_service(&a, &b));
	b.protocol = IPPROTO_UDP;
	assert_false(ipvs_same_service(&a, &b));
	b = a;
	b.address.port++;
	assert_false(ipvs_same_service(&a, &b));
	b = a;
	b.fwmark = 1;
	assert_false(ipvs_same_service(&a, &b));
	a = (struct ipvs_service){.fwmark = 1, .family = AF_INET};
	b = (struct ipvs_service){.fwmark = 1, .family = AF_INET};
	assert_true(ipvs_same_service(&a, &b));
	b.family = AF_INET6;
	assert_false(ipvs_same_service(&a, &b));
}

static void errors_say_what_to_do(void **state)
{
	static const struct {
		enum ipvs_verb verb;
		int error;
		const char *text;
	} cases[] = {
		{IPVS_NEW_SERVICE, ENOENT,
			"the kernel has no scheduler wlc: modprobe ip_vs_wlc"},
		{IPVS_SET_SERVICE, ENOENT,
			"the kernel has no scheduler wlc: modprobe ip_vs_wlc"},
		{IPVS_SET_REAL, ENOENT, "the kernel has no such real"},
		{IPVS_SET_SERVICE, ESRCH, "the kernel has no such service"},
		{IPVS_NEW_REAL, ESRCH, "the kernel has no such service"},
		{IPVS_NEW_REAL, EEXIST, "the kernel already has this entry"},
		{IPVS_NEW_SERVICE, EPERM, "CAP_NET_ADMIN is missing"},
		{IPVS_NEW_REAL, ERANGE,
			"a weight or threshold is out of range"},
		{IPVS_NEW_SERVICE, ENOMEM, "Cannot allocate memory"},
	};
	char buf[128];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		op.verb = cases[i].verb;
		assert_string_equal(
			ipvs_error(&op, cases[i].error, buf, sizeof(buf)),
			cases[i].text);
	}
	op.verb = IPVS_NEW_REAL;
	assert_string_equal(ipvs_error(&op, EINVAL, buf, sizeof(buf)),
		"the kernel does not accept this address");
	op.service.family = AF_INET6;
	assert_string_equal(ipvs_error(&op, EINVAL, buf, sizeof(buf)),
		"a real of another address family must be forwarded by "
		"tunnel");
}

static void verbs_have_names(void **state)
{
	(void)state;
	assert_string_equal(ipvs_verb_name(IPVS_NEW_SERVICE), "add service");
	assert_string_equal(ipvs_verb_name(IPVS_DEL_REAL), "delete real");
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup(test, set_up)
	const struct CMUnitTest tests[] = {
		EACH(new_service),
		EACH(set_service_of_v6_with_persistence),
		EACH(netmask_in_network_order),
		EACH(service_of_a_mark),
		EACH(del_service),
		EACH(new_real),
		EACH(set_real_of_another_family),
		EACH(del_real_of_v6),
		EACH(questions),
		EACH(the_longest_fits),
		EACH(services_are_told_apart),
		EACH(errors_say_what_to_do),
		EACH(verbs_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
