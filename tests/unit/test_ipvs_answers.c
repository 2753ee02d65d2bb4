// SPDX-License-Identifier: GPL-2.0-or-later
/* IPVS answers: good ones, and bad ones of every kind. */
#include "ipvs/message.h"

#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An attribute as the kernel sends it. */
struct part {
	uint16_t type;
	uint16_t size;
	uint8_t data[32];
};

#define PARTS_MAX 20

struct answer {
	struct part parts[PARTS_MAX];
	unsigned int count;
};

static struct answer answer;
static _Alignas(8) uint8_t wire[2048];
static size_t wire_size;

static void add(uint16_t type, const void *data, size_t size)
{
	struct part *part = &answer.parts[answer.count++];

	assert_in_range(answer.count, 1, PARTS_MAX);
	part->type = type;
	part->size = (uint16_t)size;
	memcpy(part->data, data, size);
}

static void add_u16(uint16_t type, uint16_t value)
{
	add(type, &value, sizeof(value));
}

static void add_u32(uint16_t type, uint32_t value)
{
	add(type, &value, sizeof(value));
}

static struct part *part_of(uint16_t type)
{
	for (unsigned int i = 0; i < answer.count; i++)
		if (answer.parts[i].type == type)
			return &answer.parts[i];
	fail();
	return NULL;
}

static void put(const void *data, size_t size)
{
	if (size)
		memcpy(wire + wire_size, data, size);
	wire_size += (size + 3) & ~(size_t)3;
	assert_in_range(wire_size, 1, sizeof(wire));
}

static void put_part(uint16_t type, const void *data, size_t size)
{
	const uint16_t head[] = {(uint16_t)(size + 4), type};

	put(head, sizeof(head));
	put(data, size);
}

static void put_stats(uint16_t type, size_t size)
{
	const uint16_t head[] = {(uint16_t)(4 + 5 * (4 + size)), type};

	put(head, sizeof(head));
	for (uint16_t i = 1; i <= 5; i++) {
		const uint64_t wide = i * 10000000000U;
		const uint32_t narrow = i * 10U;

		put_part(i, size == 8 ? (const void *)&wide : &narrow, size);
	}
}

/* Makes the message from the parts. They are inside the attribute nest, unless
 * nest is 0. stats is the size of a counter; 0 = no counters. */
static const struct nlmsghdr *make(uint16_t nest, size_t stats)
{
	const struct nlmsghdr head = {.nlmsg_type = 0x1c};
	const struct genlmsghdr generic = {.cmd = IPVS_CMD_NEW_SERVICE};
	uint16_t size;

	memset(wire, 0, sizeof(wire));
	wire_size = 0;
	put(&head, sizeof(head));
	put(&generic, sizeof(generic));
	if (nest)
		put_part(nest, NULL, 0);
	for (unsigned int i = 0; i < answer.count; i++)
		put_part(answer.parts[i].type, answer.parts[i].data,
			answer.parts[i].size);
	if (stats)
		put_stats(stats == 8 ? IPVS_DEST_ATTR_STATS64
				     : IPVS_DEST_ATTR_STATS,
			stats);
	size = (uint16_t)(wire_size - 20);
	if (nest)
		memcpy(wire + 20, &size, sizeof(size));
	((struct nlmsghdr *)wire)->nlmsg_len = (uint32_t)wire_size;
	return (const struct nlmsghdr *)wire;
}

static void service_begin(void)
{
	const struct ip_vs_flags flags = {.flags = IP_VS_SVC_F_HASHED | 1};
	const uint8_t address[16] = {192, 0, 2, 1};

	answer.count = 0;
	add_u16(IPVS_SVC_ATTR_AF, AF_INET);
	add_u16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
	add(IPVS_SVC_ATTR_ADDR, address, sizeof(address));
	add_u16(IPVS_SVC_ATTR_PORT, htons(80));
	add(IPVS_SVC_ATTR_SCHED_NAME, "wlc", 4);
	add(IPVS_SVC_ATTR_FLAGS, &flags, sizeof(flags));
	add_u32(IPVS_SVC_ATTR_TIMEOUT, 300);
	add_u32(IPVS_SVC_ATTR_NETMASK, htonl(0xffffff00));
}

static void real_begin(void)
{
	const uint8_t address[16] = {10, 0, 0, 1};

	answer.count = 0;
	add(IPVS_DEST_ATTR_ADDR, address, sizeof(address));
	add_u16(IPVS_DEST_ATTR_PORT, htons(8080));
	add_u32(IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_DROUTE | 0x100);
	add_u32(IPVS_DEST_ATTR_WEIGHT, 100);
	add_u32(IPVS_DEST_ATTR_U_THRESH, 20);
	add_u32(IPVS_DEST_ATTR_L_THRESH, 10);
	add_u32(IPVS_DEST_ATTR_ACTIVE_CONNS, 5);
	add_u32(IPVS_DEST_ATTR_INACT_CONNS, 6);
	add_u16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
}

static const struct ipvs_service service4 = {.family = AF_INET};
static const struct ipvs_service service6 = {.family = AF_INET6};

static int get_service(struct ipvs_service *service)
{
	return ipvs_get_service(make(IPVS_CMD_ATTR_SERVICE, 0), service);
}

static int get_real(struct ipvs_real *real)
{
	return ipvs_get_real(make(IPVS_CMD_ATTR_DEST, 8), &service4, real);
}

static void service_of_v4(void **state)
{
	struct ipvs_service service;
	char text[ADDRESS_TEXT_MAX];

	(void)state;
	service_begin();
	assert_int_equal(get_service(&service), 0);
	assert_string_equal(
		address_format(&service.address, text), "192.0.2.1:80");
	assert_int_equal(service.family, AF_INET);
	assert_int_equal(service.protocol, IPPROTO_TCP);
	assert_int_equal(service.fwmark, 0);
	assert_string_equal(service.scheduler, "wlc");
	assert_int_equal(service.flags, 3);
	assert_int_equal(service.timeout_s, 300);
	assert_int_equal(service.prefix, 24);
}

static void service_of_v6(void **state)
{
	const uint8_t address[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
	const uint32_t prefix = 64;
	const uint16_t family = AF_INET6;
	struct ipvs_service service;
	char text[ADDRESS_TEXT_MAX];

	(void)state;
	service_begin();
	memcpy(part_of(IPVS_SVC_ATTR_AF)->data, &family, 2);
	memcpy(part_of(IPVS_SVC_ATTR_ADDR)->data, address, 16);
	memcpy(part_of(IPVS_SVC_ATTR_NETMASK)->data, &prefix, 4);
	assert_int_equal(get_service(&service), 0);
	assert_string_equal(
		address_format(&service.address, text), "[2001:db8::1]:80");
	assert_int_equal(service.prefix, 64);
	memset(part_of(IPVS_SVC_ATTR_NETMASK)->data, 0xff, 4);
	assert_int_equal(get_service(&service), 0);
	assert_int_equal(service.prefix, IPVS_PREFIX_NONE);
}

static void service_of_a_mark(void **state)
{
	struct ipvs_service service;

	(void)state;
	service_begin();
	part_of(IPVS_SVC_ATTR_ADDR)->type = 100;
	part_of(IPVS_SVC_ATTR_PORT)->type = 100;
	part_of(IPVS_SVC_ATTR_PROTOCOL)->type = 100;
	add_u32(IPVS_SVC_ATTR_FWMARK, 7);
	assert_int_equal(get_service(&service), 0);
	assert_int_equal(service.fwmark, 7);
	assert_int_equal(service.protocol, 0);
	assert_int_equal(service.address.family, AF_UNSPEC);
	/* A mark of 0 is no mark. */
	memset(part_of(IPVS_SVC_ATTR_FWMARK)->data, 0, 4);
	assert_int_equal(get_service(&service), -1);
}

static void netmasks(void **state)
{
	static const struct {
		uint32_t mask;
		uint8_t prefix;
	} cases[] = {
		{0, 0},
		{0x80000000, 1},
		{0xfffff000, 20},
		{0xffffffff, 32},
		{0xff00ff00, IPVS_PREFIX_NONE},
		{0x000000ff, IPVS_PREFIX_NONE},
	};
	struct ipvs_service service;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t mask = htonl(cases[i].mask);

		service_begin();
		memcpy(part_of(IPVS_SVC_ATTR_NETMASK)->data, &mask, 4);
		assert_int_equal(get_service(&service), 0);
		assert_int_equal(service.prefix, cases[i].prefix);
	}
}

static void real(void **state)
{
	struct ipvs_real out;
	char text[ADDRESS_TEXT_MAX];

	(void)state;
	real_begin();
	assert_int_equal(get_real(&out), 0);
	assert_string_equal(
		address_format(&out.address, text), "10.0.0.1:8080");
	assert_int_equal(out.forward, IP_VS_CONN_F_DROUTE);
	assert_int_equal(out.weight, 100);
	assert_int_equal(out.upper, 20);
	assert_int_equal(out.lower, 10);
	assert_int_equal(out.active, 5);
	assert_int_equal(out.inactive, 6);
	assert_int_equal(out.stats.connections, 10000000000U);
	assert_int_equal(out.stats.packets_in, 20000000000U);
	assert_int_equal(out.stats.packets_out, 30000000000U);
	assert_int_equal(out.stats.bytes_in, 40000000000U);
	assert_int_equal(out.stats.bytes_out, 50000000000U);
}

static void real_of_an_old_kernel(void **state)
{
	struct ipvs_real out;

	(void)state;
	real_begin();
	answer.count--; /* without the family */
	assert_int_equal(
		ipvs_get_real(make(IPVS_CMD_ATTR_DEST, 4), &service4, &out), 0);
	assert_int_equal(out.address.family, AF_INET);
	assert_int_equal(out.stats.connections, 10);
	assert_int_equal(out.stats.bytes_out, 50);
	assert_int_equal(
		ipvs_get_real(make(IPVS_CMD_ATTR_DEST, 0), &service6, &out), 0);
	assert_int_equal(out.address.family, AF_INET6);
	assert_int_equal(out.stats.connections, 0);
}

static void weight_is_a_whole_int(void **state)
{
	struct ipvs_real out;

	(void)state;
	real_begin();
	memset(part_of(IPVS_DEST_ATTR_WEIGHT)->data, 0xff, 4);
	assert_int_equal(get_real(&out), -1);
}

static void info(void **state)
{
	struct ipvs_info out;

	(void)state;
	answer.count = 0;
	add_u32(IPVS_INFO_ATTR_VERSION, 0x010201);
	add_u32(IPVS_INFO_ATTR_CONN_TAB_SIZE, 4096);
	assert_int_equal(ipvs_get_info(make(0, 0), &out), 0);
	assert_int_equal(out.version, 0x010201);
	assert_int_equal(out.conn_size, 4096);
	answer.count = 1;
	assert_int_equal(ipvs_get_info(make(0, 0), &out), -1);
	answer.count = 0;
	assert_int_equal(ipvs_get_info(make(0, 0), &out), -1);
}

static void unknown_families_are_refused(void **state)
{
	const uint16_t family = AF_UNIX;
	struct ipvs_service service;
	struct ipvs_real out;

	(void)state;
	service_begin();
	memcpy(part_of(IPVS_SVC_ATTR_AF)->data, &family, 2);
	assert_int_equal(get_service(&service), -1);
	real_begin();
	memcpy(part_of(IPVS_DEST_ATTR_ADDR_FAMILY)->data, &family, 2);
	assert_int_equal(get_real(&out), -1);
}

static void a_name_without_end_is_refused(void **state)
{
	struct ipvs_service service;

	(void)state;
	service_begin();
	memset(part_of(IPVS_SVC_ATTR_SCHED_NAME)->data, 'x', 20);
	assert_int_equal(get_service(&service), -1);
	part_of(IPVS_SVC_ATTR_SCHED_NAME)->size = 16;
	assert_int_equal(get_service(&service), -1);
	part_of(IPVS_SVC_ATTR_SCHED_NAME)->data[15] = 0;
	assert_int_equal(get_service(&service), 0);
	part_of(IPVS_SVC_ATTR_SCHED_NAME)->data[15] = 'x';
	part_of(IPVS_SVC_ATTR_SCHED_NAME)->size = 21; /* with the final 0 */
	assert_int_equal(get_service(&service), -1);
}

/* Each part is one byte short, or is missing. */
static void each_part_is_needed_and_whole(void **state)
{
	struct ipvs_service service;
	struct ipvs_real out;
	unsigned int count;

	(void)state;
	service_begin();
	count = answer.count;
	for (unsigned int i = 0; i < count; i++) {
		service_begin();
		answer.parts[i].size--;
		assert_int_equal(get_service(&service), -1);
		answer.parts[i].type = 100;
		assert_int_equal(get_service(&service), -1);
	}
	real_begin();
	count = answer.count;
	for (unsigned int i = 0; i < count; i++) {
		uint16_t type;

		real_begin();
		answer.parts[i].size--;
		assert_int_equal(get_real(&out), -1);
		type = answer.parts[i].type;
		answer.parts[i].type = 100;
		assert_int_equal(
			get_real(&out), type <= IPVS_DEST_ATTR_WEIGHT ? -1 : 0);
	}
}

/* Copies the message to a buffer of exactly that size, so that a sanitizer
 * finds a read beyond it. */
static struct nlmsghdr *cut(size_t size)
{
	size_t room =
		size < sizeof(struct nlmsghdr) ? sizeof(struct nlmsghdr) : size;
	struct nlmsghdr *copy = malloc(room);

	assert_non_null(copy);
	memcpy(copy, wire, room);
	copy->nlmsg_len = (uint32_t)size;
	return copy;
}

static void what_is_cut_is_refused(void **state)
{
	struct ipvs_service service;
	struct ipvs_real out;
	struct ipvs_info about;
	struct nlmsghdr *part;

	(void)state;
	service_begin();
	for (size_t whole = get_service(&service) == 0 ? wire_size : 0, i = 0;
		i < whole; i++) {
		part = cut(i);
		assert_int_equal(ipvs_get_service(part, &service), -1);
		assert_int_equal(ipvs_get_info(part, &about), -1);
		free(part);
	}
	real_begin();
	for (size_t whole = get_real(&out) == 0 ? wire_size : 0, i = 0;
		i < whole; i++) {
		part = cut(i);
		assert_int_equal(ipvs_get_real(part, &service4, &out), -1);
		free(part);
	}
}

static void the_wrong_part_is_refused(void **state)
{
	struct ipvs_service service;
	struct ipvs_real out;

	(void)state;
	service_begin();
	assert_int_equal(
		ipvs_get_service(make(IPVS_CMD_ATTR_DEST, 0), &service), -1);
	assert_int_equal(ipvs_get_service(make(0, 0), &service), -1);
	real_begin();
	assert_int_equal(
		ipvs_get_real(make(IPVS_CMD_ATTR_SERVICE, 0), &service4, &out),
		-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(service_of_v4),
		cmocka_unit_test(service_of_v6),
		cmocka_unit_test(service_of_a_mark),
		cmocka_unit_test(netmasks),
		cmocka_unit_test(real),
		cmocka_unit_test(real_of_an_old_kernel),
		cmocka_unit_test(weight_is_a_whole_int),
		cmocka_unit_test(info),
		cmocka_unit_test(unknown_families_are_refused),
		cmocka_unit_test(a_name_without_end_is_refused),
		cmocka_unit_test(each_part_is_needed_and_whole),
		cmocka_unit_test(what_is_cut_is_refused),
		cmocka_unit_test(the_wrong_part_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
