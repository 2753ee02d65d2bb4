// SPDX-License-Identifier: GPL-2.0-or-later
/* Echo requests and replies as bytes, and how a reply finds its request. */
#include "engine/transport/echo.h"
#include "engine/transport/slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COOKIE 0x0123456789abcdef

static const int families[] = {AF_INET, AF_INET6};
static const uint8_t requests[] = {8, 128};
static const uint8_t replies[] = {0, 129};

/* Writes a request and makes it a reply, as a peer does. */
static size_t make_reply(
	size_t which, uint16_t sequence, const char *data, uint8_t *packet)
{
	const struct echo echo = {sequence, COOKIE, data, strlen(data)};
	size_t len = echo_write(families[which], &echo, packet);

	assert_int_equal(packet[0], requests[which]);
	packet[0] = replies[which];
	return len;
}

static void a_request_has_the_bytes_of_the_rfc(void **state)
{
	static const uint8_t head[] = {0, 0, 0, 0, 0, 0x12, 0x34};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t packet[64];

		assert_int_equal(
			make_reply(i, 0x1234, "abc", packet), ECHO_HEAD + 3);
		assert_memory_equal(packet + 1, head, sizeof(head));
		assert_memory_equal(packet + ECHO_HEAD, "abc", 3);
	}
}

static void a_reply_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t packet[64];
		size_t len = make_reply(i, 65535, "abc", packet);
		struct echo echo;

		/* The identifier and the checksum are the kernel's to judge. */
		memset(packet + 2, 0xff, 4);
		assert_true(echo_read(families[i], packet, len, &echo));
		assert_int_equal(echo.sequence, 65535);
		assert_true(echo.cookie == COOKIE);
		assert_int_equal(echo.len, 3);
		assert_ptr_equal(echo.data, packet + ECHO_HEAD);
		assert_true(echo_read(families[i], packet, ECHO_HEAD, &echo));
		assert_int_equal(echo.len, 0);
	}
}

static void other_packets_are_no_reply(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t packet[64];
		size_t len = make_reply(i, 7, "abc", packet);
		struct echo echo;

		for (size_t less = 0; less < ECHO_HEAD; less++)
			assert_false(
				echo_read(families[i], packet, less, &echo));
		assert_false(echo_read(families[!i], packet, len, &echo));
		packet[1] = 1;
		assert_false(echo_read(families[i], packet, len, &echo));
		packet[1] = 0;
		for (int type = 0; type < 256; type++) {
			packet[0] = (uint8_t)type;
			assert_int_equal(
				echo_read(families[i], packet, len, &echo),
				type == replies[i]);
		}
	}
}

/* Slots, and addresses of peers. */
struct table {
	struct arena *arena;
	struct slots slots;
	struct address peer, other;
};

static struct table make_table(uint32_t count)
{
	struct table table = {.arena = arena_create()};

	slots_init(&table.slots, table.arena, count);
	address_parse(&table.peer, "192.0.2.1");
	address_parse(&table.other, "192.0.2.2");
	return table;
}

static struct slot *find(const struct table *table, const struct address *from,
	uint32_t sequence, uint64_t cookie)
{
	const struct echo reply = {
		.sequence = (uint16_t)sequence, .cookie = cookie};

	return slots_find(&table->slots, from, &reply);
}

static void a_reply_finds_its_request_alone(void **state)
{
	struct table table = make_table(3);
	int owners[2];
	struct slot *first, *second;

	(void)state;
	table.peer.port = 80;
	first = slots_take(&table.slots, &owners[0], &table.peer, COOKIE);
	second = slots_take(&table.slots, &owners[1], &table.peer, COOKIE + 1);
	table.peer.port = 0;
	assert_null(find(&table, &table.peer, first->sequence, COOKIE));
	first->sent = second->sent = true;
	assert_ptr_equal(
		find(&table, &table.peer, first->sequence, COOKIE), first);
	assert_ptr_equal(
		find(&table, &table.peer, second->sequence, COOKIE + 1),
		second);
	assert_null(find(&table, &table.peer, first->sequence, COOKIE + 1));
	assert_null(find(&table, &table.other, first->sequence, COOKIE));
	assert_null(find(&table, &table.peer, first->sequence + 3U, COOKIE));
	assert_null(find(&table, &table.peer, 2, COOKIE));
	assert_null(find(&table, &table.peer, 65535, COOKIE));
	slots_give(&table.slots, first);
	assert_null(find(&table, &table.peer, first->sequence, COOKIE));
	arena_destroy(table.arena);
}

static void a_replay_finds_nothing(void **state)
{
	struct table table = make_table(1);
	struct slot *slot;
	int owner;
	uint16_t before;

	(void)state;
	slot = slots_take(&table.slots, &owner, &table.peer, COOKIE);
	before = slot->sequence;
	slots_give(&table.slots, slot);
	slot = slots_take(&table.slots, &owner, &table.peer, COOKIE + 1);
	slot->sent = true;
	assert_int_not_equal(slot->sequence, before);
	assert_null(find(&table, &table.peer, before, COOKIE));
	assert_null(find(&table, &table.peer, before, COOKIE + 1));
	assert_null(find(&table, &table.peer, slot->sequence, COOKIE));
	arena_destroy(table.arena);
}

/* Every number of slots, with each number of uses, stays within 16 bits, and
 * the number leads back. */
static void numbers_lead_to_their_slots(void **state)
{
	static const uint32_t counts[] = {1, 2, 3, 1000, 40000, SLOTS_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct table table = make_table(counts[i]);
		int owner;

		for (uint32_t use = 0; use < 2 * SLOTS_MAX + 3; use++) {
			struct slot *slot = slots_take(&table.slots, &owner,
				&table.peer, COOKIE + use);

			slot->sent = true;
			assert_ptr_equal(find(&table, &table.peer,
						 slot->sequence, COOKIE + use),
				slot);
			slots_give(&table.slots, slot);
		}
		arena_destroy(table.arena);
	}
}

static void all_slots_can_be_taken(void **state)
{
	struct table table = make_table(SLOTS_MAX);
	struct slot *last = NULL;
	int owner;

	(void)state;
	for (uint32_t i = 0; i < SLOTS_MAX; i++) {
		last = slots_take(&table.slots, &owner, &table.peer, i);
		assert_non_null(last);
		last->sent = true;
	}
	for (uint32_t i = 0; i < SLOTS_MAX; i++)
		assert_non_null(find(&table, &table.peer, i, i));
	assert_null(slots_take(&table.slots, &owner, &table.peer, 1));
	slots_give(&table.slots, last);
	assert_ptr_equal(
		slots_take(&table.slots, &owner, &table.peer, 1), last);
	arena_destroy(table.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_has_the_bytes_of_the_rfc),
		cmocka_unit_test(a_reply_is_read),
		cmocka_unit_test(other_packets_are_no_reply),
		cmocka_unit_test(a_reply_finds_its_request_alone),
		cmocka_unit_test(a_replay_finds_nothing),
		cmocka_unit_test(numbers_lead_to_their_slots),
		cmocka_unit_test(all_slots_can_be_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
