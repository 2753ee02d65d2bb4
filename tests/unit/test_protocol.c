// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper refuses messages of an engine that was taken over. */
#include "ipc/protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct config_real reals[] = {{.weight = 100}, {.weight = 0}};
static struct config_check checks[3];
static const struct config config = {
	.reals = reals,
	.checks = checks,
	.real_count = 2,
	.check_count = 3,
};

static union protocol_message message;

static void start(enum protocol_type type)
{
	memset(&message, 0, sizeof(message));
	message.head.type = type;
	message.head.seq = 7;
}

static void assert_taken(void)
{
	assert_null(
		protocol_check(&message, protocol_size(&message), 7, &config));
}

static void assert_refused(size_t size, const char *why)
{
	const char *wrong = protocol_check(&message, size, 7, &config);

	assert_non_null(wrong);
	assert_string_equal(wrong, why);
}

#define NO_SUCH "a type or length that no message has"

static void takes_what_an_engine_says(void **state)
{
	(void)state;
	start(PROTOCOL_READY);
	assert_taken();
	start(PROTOCOL_ROUND);
	assert_taken();
	start(PROTOCOL_HEALTH);
	message.health.count = 2;
	message.health.reals[0].up = 1;
	message.health.reals[0].percent = 1;
	message.health.reals[1].real = 1;
	message.health.reals[1].percent = 100;
	assert_taken();
	start(PROTOCOL_EDGE);
	assert_taken();
	message.edge.count = 2;
	message.edge.findings[1].check = 2;
	message.edge.findings[1].first = 1;
	strcpy(message.edge.findings[0].why, "connection refused");
	assert_taken();
	start(PROTOCOL_LOG);
	message.log.level = 3;
	strcpy(message.log.line, "hello");
	assert_int_equal(protocol_size(&message),
		offsetof(struct protocol_log, line) + 6);
	assert_taken();
}

static void refuses_any_other_length(void **state)
{
	static const enum protocol_type types[] = {PROTOCOL_READY,
		PROTOCOL_HEALTH, PROTOCOL_ROUND, PROTOCOL_EDGE, PROTOCOL_LOG};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		start(types[i]);
		if (types[i] == PROTOCOL_HEALTH)
			message.health.count = 3;
		if (types[i] == PROTOCOL_LOG)
			message.log.level = 4;
		for (size_t size = 0; size < sizeof(message); size++)
			if (size != protocol_size(&message))
				assert_refused(size, NO_SUCH);
	}
}

static void refuses_unknown_types(void **state)
{
	(void)state;
	start((enum protocol_type)0);
	assert_refused(sizeof(message.head), NO_SUCH);
	start((enum protocol_type)77);
	assert_refused(sizeof(message.head), NO_SUCH);
	start(PROTOCOL_LEAVE);
	assert_refused(
		sizeof(message.head), "a message that only the keeper sends");
	start(PROTOCOL_GO);
	assert_refused(
		sizeof(message.head), "a message that only the keeper sends");
}

/* The engine checks the orders of its keeper in the same way. */
static void an_engine_takes_orders_alone(void **state)
{
	static const enum protocol_type orders[] = {
		PROTOCOL_GO, PROTOCOL_LEAVE};
	size_t size = sizeof(message.head);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		start(orders[i]);
		assert_null(protocol_check_order(&message, size, 7));
		assert_string_equal(protocol_check_order(&message, size, 8),
			"a number out of sequence");
		assert_string_equal(
			protocol_check_order(&message, size + 1, 7), NO_SUCH);
	}
	start(PROTOCOL_READY);
	assert_string_equal(protocol_check_order(&message, size, 7),
		"a message that only an engine sends");
}

static void refuses_a_wrong_sequence(void **state)
{
	(void)state;
	start(PROTOCOL_READY);
	message.head.seq = 6;
	assert_refused(sizeof(message.head), "a number out of sequence");
}

static void refuses_what_is_not_in_the_configuration(void **state)
{
	size_t size;

	(void)state;
	start(PROTOCOL_HEALTH);
	message.health.count = 0;
	assert_refused(offsetof(struct protocol_health, reals), NO_SUCH);
	message.health.count = PROTOCOL_REALS_MAX + 1;
	assert_refused(sizeof(message.health), NO_SUCH);
	message.health.count = 1;
	size = protocol_size(&message);
	message.health.reals[0].percent = 100;
	message.health.reals[0].real = 2;
	assert_refused(size, "a real that is not in the configuration");
	message.health.reals[0].real = 0;
	message.health.reals[0].up = 2;
	assert_refused(size, "a truth that is neither");
	message.health.reals[0].up = 1;
	message.health.reals[0].percent = 101;
	assert_refused(size, "a weight that is no percentage");
	message.health.reals[0].percent = 0;
	assert_refused(size, "a weight that is no percentage");
	start(PROTOCOL_EDGE);
	message.edge.count = PROTOCOL_FINDINGS_MAX + 1;
	assert_refused(sizeof(message.edge), NO_SUCH);
	message.edge.count = 1;
	size = protocol_size(&message);
	message.edge.real = 2;
	assert_refused(size, "a real that is not in the configuration");
	message.edge.real = 1;
	assert_refused(size, "a check of another real");
	message.edge.findings[0].check = 3;
	assert_refused(size, "a check that is not in the configuration");
}

static void refuses_what_cannot_be_logged(void **state)
{
	char *why = message.edge.findings[0].why;
	size_t size;

	(void)state;
	start(PROTOCOL_EDGE);
	message.edge.count = 1;
	size = protocol_size(&message);
	message.edge.up = 2;
	assert_refused(size, "a truth that is neither");
	message.edge.up = 1;
	message.edge.findings[0].first = 2;
	assert_refused(size, "a truth that is neither");
	message.edge.findings[0].first = 0;
	memset(why, 'x', PROTOCOL_WHY_MAX);
	assert_refused(size, "a reason that is no text");
	strcpy(why, "a\nb");
	assert_refused(size, "a reason that is no text");
	start(PROTOCOL_LOG);
	message.log.level = 0;
	size = protocol_size(&message);
	assert_refused(size, "a level that a line cannot have");
	message.log.level = 4;
	strcpy(message.log.line, "\033[2J");
	size = protocol_size(&message);
	assert_refused(size, "a line that is no text");
	memset(message.log.line, 'x', sizeof(message.log.line));
	assert_refused(sizeof(message.log), NO_SUCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_an_engine_says),
		cmocka_unit_test(refuses_any_other_length),
		cmocka_unit_test(refuses_unknown_types),
		cmocka_unit_test(an_engine_takes_orders_alone),
		cmocka_unit_test(refuses_a_wrong_sequence),
		cmocka_unit_test(refuses_what_is_not_in_the_configuration),
		cmocka_unit_test(refuses_what_cannot_be_logged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
