// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader: its process hangs, dies and lies, and names have no answers. */
#include "memory_system.h"

#include "base/clock.h"
#include "reader/reader.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct config_reports reports;

/* What the reader's process does. */
static enum { WELL, LOAD_HANGS, LOAD_DIES, NAMES_HANG, SOME_NAMES_HANG } mode;

static int load(void *arg, struct arena *arena, const char *path, char **text,
	size_t *len, const char **why)
{
	if (mode == LOAD_HANGS)
		pause();
	if (mode == LOAD_DIES)
		raise(SIGKILL);
	return memory_system.load(arg, arena, path, text, len, why);
}

static int resolve(
	void *arg, const char *name, struct address *address, const char **why)
{
	if (mode == NAMES_HANG ||
		(mode == SOME_NAMES_HANG && strncmp(name, "web01", 5) == 0))
		pause();
	return memory_system.resolve(arg, name, address, why);
}

static struct system bad_system;

static const char text[] = "include parts*\n"
			   "check none\n"
			   "virtual a 192.0.2.1:http {\n"
			   "\treal 10.0.0.1\n"
			   "\treal web[01-02].example.org\n"
			   "}\n"
			   "virtual b web01.example.org:80 {\n"
			   "\treal 10.0.0.1\n"
			   "}\n"
			   "virtual c 192.0.2.1:81 {\n"
			   "\treal web01.example.org\n"
			   "}\n"
			   "virtual d 192.0.2.1:82 {\n"
			   "\treal 10.0.0.[1-2] {\n"
			   "\t\tcheck connect { \n"
			   "\t\t}\n"
			   "\t\tbind web01.example.org\n"
			   "\t}\n"
			   "\tfallback 10.0.0.3\n"
			   "}\n";

static enum reader_state read_all(struct reader *reader, bool strict)
{
	const struct reader_job job = {
		.file = "c",
		.system = &bad_system,
		.limit_ms = 1000,
		.names_ms = 200,
		.strict = strict,
	};

	memory_system_clear();
	memory_system_add("c", text, 0);
	memory_system_add("parts1", "# empty\n", 0);
	reports.count = 0;
	reports.len = 0;
	assert_int_equal(reader_begin(reader, &job), 0);
	return reader_wait(reader);
}

static void end(struct reader *reader)
{
	pid_t pid = reader_end(reader);

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(reader_end(reader), 0);
}

static struct config *config_from(
	struct reader *reader, const struct config *older)
{
	const struct config_options options = {.plugin_dir = NULL};

	return reader_config(
		reader, &options, older, config_reports_add, &reports, NULL);
}

static void test_well(void **state)
{
	struct reader reader;
	struct config *config;

	(void)state;
	mode = WELL;
	assert_int_equal(read_all(&reader, true), READER_DONE);
	config = config_from(&reader, NULL);
	assert_non_null(config);
	end(&reader);
	assert_int_equal(config->virtual_count, 4);
	assert_int_equal(config->real_count, 8);
	assert_int_equal(config->services[0].address.port, 80);
	assert_int_equal(config->unresolved_count, 0);
	assert_int_equal(config->name_count, 2);
	assert_string_equal(config->names[0].name, "web01.example.org");
	arena_destroy(config->arena);
}

/* All that needs web01 is left out: a real, a virtual's address, the only real
 * of a virtual, and reals that bind to it. */
static void test_unresolved(void **state)
{
	struct reader reader;
	struct config *config;

	(void)state;
	mode = SOME_NAMES_HANG;
	assert_int_equal(read_all(&reader, false), READER_DONE);
	config = config_from(&reader, NULL);
	assert_non_null(config);
	end(&reader);
	assert_int_equal(reports.count, 0);
	assert_int_equal(config->virtual_count, 2);
	assert_int_equal(config->real_count, 3);
	assert_string_equal(config->virtuals[1].name, "d");
	assert_int_equal(config->virtuals[1].fallback, 2);
	assert_int_equal(config->unresolved_count, 4);
	assert_string_equal(config->unresolved[0].text, "web01.example.org");
	assert_string_equal(config->unresolved[0].virtual, "a");
	assert_string_equal(config->unresolved[0].why, "no answer in time");
	assert_int_equal(config->name_count, 1);
	arena_destroy(config->arena);
}

static void test_older(void **state)
{
	struct config *older, *config;
	struct reader reader;

	(void)state;
	mode = WELL;
	assert_int_equal(read_all(&reader, false), READER_DONE);
	older = config_from(&reader, NULL);
	end(&reader);
	mode = NAMES_HANG;
	assert_int_equal(read_all(&reader, false), READER_DONE);
	config = config_from(&reader, older);
	end(&reader);
	assert_int_equal(config->unresolved_count, 0);
	assert_int_equal(config->real_count, older->real_count);
	for (uint32_t i = 0; i < config->real_count; i++)
		assert_int_equal(address_compare(&config->reals[i].address,
					 &older->reals[i].address),
			0);
	/* The names are kept for the reading after this one. */
	assert_int_equal(config->name_count, 2);
	assert_true(config->text_key == older->text_key);
	arena_destroy(config->arena);
	arena_destroy(older->arena);
}

static void test_strict(void **state)
{
	struct reader reader;

	(void)state;
	mode = SOME_NAMES_HANG;
	assert_int_equal(read_all(&reader, true), READER_DONE);
	assert_null(config_from(&reader, NULL));
	end(&reader);
	assert_int_equal(reports.count, 4);
	assert_non_null(strstr(reports.text,
		"c:5:7: 'web01.example.org': no answer in time\n"));
}

static void test_failures(void **state)
{
	struct reader reader;
	uint64_t began = clock_ms();

	(void)state;
	mode = LOAD_HANGS;
	assert_int_equal(read_all(&reader, false), READER_FAILED);
	assert_string_equal(reader.why, "the files were not read in time");
	end(&reader);
	assert_true(clock_ms() - began < 5000);
	mode = LOAD_DIES;
	assert_int_equal(read_all(&reader, false), READER_FAILED);
	assert_string_equal(reader.why, "the reader has died");
	end(&reader);
}

/* Records that a reader would never send, and what is said of each. */
static const struct {
	struct record_head head;
	char body[16];
	const char *why;
} bad[] = {
	{{99, 1, 0, 0}, "", "an unknown record"},
	{{ANSWER_FILE, 2, 0, 0}, "", "an unknown record"},
	{{RECORD_READ, 1, 1, 0}, "x", "a mark with a body"},
	{{RECORD_END, 1, 0, 1}, "x", "a mark with a body"},
	{{ANSWER_FILE, 1, ANSWERS_KEY_MAX + 1, 0}, "", "too long a record"},
	{{ANSWER_FILE, 1, 1, UINT32_MAX}, "", "too long a record"},
	{{ANSWER_FILE, 1, 3, 1}, "a\0bx", "a name with a zero"},
	{{ANSWER_FILE, 0, 1, 0}, "a", "a reason of a bad size"},
	{{ANSWER_PATHS, 1, 1, 2}, "abc", "an open list of paths"},
	{{ANSWER_PATHS, 1, 1, 3}, "ab\0", "a bad path"},
	{{ANSWER_SERVICE, 1, 1, 1}, "a1", "a bad number"},
	{{ANSWER_SERVICE, 1, 1, 2}, "a\0", "a bad number"},
	{{ANSWER_SCOPE, 1, 1, 4}, "a\0\0\0", "a bad number"},
	{{ANSWER_NAME, 1, 1, 4}, "a1234", "an address of the wrong size"},
	{{ANSWER_NAME, 1, 1, sizeof(struct address)}, "a\x07", "a bad address"},
	{{ANSWER_NAME, 1, 1, sizeof(struct address)}, "a\x02\0\1",
		"a bad address"},
	{{ANSWER_NAME, 1, 1, sizeof(struct address)}, "a\x02\0\0\0\1\2\3\4\5",
		"a bad address"},
};

static void test_lies(void **state)
{
	struct arena *arena = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct record record = {.got = 0};
		const char *why = NULL;
		struct answer answer;
		char body[64] = "";
		int ends[2];

		memcpy(body, bad[i].body, sizeof(bad[i].body));
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(
			write(ends[1], &bad[i].head, sizeof(bad[i].head)),
			sizeof(bad[i].head));
		assert_int_equal(
			write(ends[1], body, sizeof(body)), sizeof(body));
		close(ends[1]);
		if (record_receive(&record, ends[0], arena, &why) ==
			RECORD_WHOLE)
			why = record_answer(&record, &answer);
		assert_non_null(why);
		assert_string_equal(why, bad[i].why);
		close(ends[0]);
	}
}

/* A record that comes byte by byte, and its end. */
static void test_bytes(void **state)
{
	static const struct answer sent = {.kind = ANSWER_FILE,
		.ok = true,
		.key = "path",
		.value = "the text",
		.len = 8};
	struct arena *arena = *state;
	struct record record = {.got = 0};
	struct answer answer;
	const char *why;
	char bytes[64];
	int whole[2], ends[2];
	ssize_t len;

	assert_int_equal(pipe(whole), 0);
	assert_int_equal(record_write(whole[1], &sent), 0);
	len = read(whole[0], bytes, sizeof(bytes));
	assert_int_equal(len, sizeof(struct record_head) + 12);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	for (ssize_t i = 0; i < len; i++) {
		assert_int_equal(record_receive(&record, ends[0], arena, &why),
			RECORD_WAITS);
		assert_int_equal(write(ends[1], bytes + i, 1), 1);
	}
	assert_int_equal(
		record_receive(&record, ends[0], arena, &why), RECORD_WHOLE);
	assert_null(record_answer(&record, &answer));
	assert_string_equal(answer.key, "path");
	assert_string_equal(answer.value, "the text");
	record = (struct record){.got = 0};
	close(ends[1]);
	assert_int_equal(
		record_receive(&record, ends[0], arena, &why), RECORD_CLOSED);
	close(ends[0]);
	close(whole[0]);
	close(whole[1]);
}

static int enter(void **state)
{
	bad_system = memory_system;
	bad_system.load = load;
	bad_system.resolve = resolve;
	*state = arena_create();
	return 0;
}

static int leave(void **state)
{
	arena_destroy(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_well),
		cmocka_unit_test(test_unresolved),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
