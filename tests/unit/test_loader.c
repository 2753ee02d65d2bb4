// SPDX-License-Identifier: GPL-2.0-or-later
/* The checkers that the loader accepts, and its errors about the others. */
#include "engine/loader.h"

#include "engine/transport/datagram.h"
#include "engine/transport/handshake.h"
#include "engine/transport/tcp.h"
#include "engine/transport/tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#define WORDS_MAX 20

static struct config_vector vectors[3];
static struct config config = {
	.plugin_dir = TEST_CHECKER_DIR,
	.vectors = vectors,
};
static struct arena *arena;
static char reports[2048];
static int report_count;

static int source(void *arg, struct arena *to, const char *path, char **text,
	size_t *len, const char **why)
{
	(void)arg;
	(void)why;
	assert_string_equal(path, "lvsmon.conf");
	*text = arena_strdup(to, "check one\ncheck two\n");
	*len = strlen(*text);
	return 0;
}

static const struct system no_system = {.load = source};

static void report(void *arg, const char *text)
{
	assert_ptr_equal(arg, reports);
	strncat(reports, text, strcspn(text, "\n"));
	strcat(reports, "\n");
	report_count++;
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create();
	reports[0] = '\0';
	report_count = 0;
	config.vector_count = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static void add(const char *const *words)
{
	uint32_t i = config.vector_count++;
	struct config_vector *vector = &vectors[i];

	vector->argc = 0;
	vector->place = (struct config_place){"lvsmon.conf", i + 1, 7};
	vector->argv = arena_array(arena, WORDS_MAX + 1, sizeof(char *));
	for (; words[vector->argc]; vector->argc++)
		vector->argv[vector->argc] =
			arena_strdup(arena, words[vector->argc]);
}

static struct instance *load(void)
{
	return loader_load(&config, &no_system, arena, report, reports);
}

static void refused(const char *name, const char *says)
{
	const char *const words[] = {name, NULL};
	char expected[1024];

	setup(NULL);
	add(words);
	assert_null(load());
	assert_int_equal(report_count, 1);
	snprintf(expected, sizeof(expected), "lvsmon.conf:1:7: %s\n", says);
	assert_string_equal(reports, expected);
	teardown(NULL);
}

static void loads_and_configures(void **state)
{
	static const char *const by_name[] = {"script", "line", "up", NULL};
	static const char *const by_path[] = {
		TEST_CHECKER_DIR "/script.so", "down:1", NULL};
	struct instance *loaded;

	(void)state;
	add(by_name);
	add(by_path);
	loaded = load();
	assert_non_null(loaded);
	assert_ptr_equal(loaded[0].checker, loaded[1].checker);
	assert_ptr_not_equal(loaded[0].conf, loaded[1].conf);
	assert_int_equal(loaded[0].port, 0);
	assert_int_equal(report_count, 0);
}

/* getopt(3) in a checker sorts a copy of the vector, and reads each vector from
 * its beginning. */
static void leaves_the_vector_as_it_is(void **state)
{
	static const char *const words[] = {
		"getopt", "word", "-p", "8080", NULL};
	struct instance *loaded;

	(void)state;
	add(words);
	add(words);
	loaded = load();
	assert_non_null(loaded);
	assert_int_equal(loaded[0].port, 8080);
	assert_int_equal(loaded[1].port, 8080);
	for (int i = 0; i < 4; i++)
		assert_string_equal(vectors[0].argv[i], words[i]);
	assert_string_equal(getenv("LVSMON_TEST_HELD"), "2");
	loader_release(&config, loaded);
	assert_string_equal(getenv("LVSMON_TEST_HELD"), "0");
	loader_release(&config, NULL);
}

/* If one vector is refused, the other instances are released. */
static void releases_what_it_cannot_use(void **state)
{
	static const char *const good[] = {"getopt", "word", NULL};
	static const char *const bad[] = {"getopt", "-p", "1", NULL};

	(void)state;
	add(good);
	add(bad);
	assert_null(load());
	assert_string_equal(
		reports, "lvsmon.conf:2:7: getopt: bad arguments\n");
	assert_string_equal(getenv("LVSMON_TEST_HELD"), "0");
}

static void says_every_error_at_its_place(void **state)
{
	static const char *const none[] = {"script", NULL};
	static const char *const unknown[] = {"scrip", NULL};

	(void)state;
	add(none);
	add(unknown);
	assert_null(load());
	assert_string_equal(reports,
		"lvsmon.conf:1:7: script: from 1 to 15 words\n"
		"lvsmon.conf:2:7: no checker 'scrip' in " TEST_CHECKER_DIR
		"; did you mean 'script'?\n");
}

static void takes_names_and_paths_only(void **state)
{
	(void)state;
	refused("zzzzzzzz", "no checker 'zzzzzzzz' in " TEST_CHECKER_DIR);
	refused("../checkers/script",
		"no checker '../checkers/script' in " TEST_CHECKER_DIR);
	refused("script.so", "no checker 'script.so' in " TEST_CHECKER_DIR
			     "; did you mean 'script'?");
	refused("/nowhere/script.so",
		"/nowhere/script.so: No such file or directory");
	refused("Script", "no checker 'Script' in " TEST_CHECKER_DIR
			  "; did you mean 'script'?");
}

static void says_when_there_is_no_directory(void **state)
{
	(void)state;
	config.plugin_dir = "/nowhere";
	refused("script", "no checker 'script': /nowhere: No such file or "
			  "directory");
	config.plugin_dir = TEST_CHECKER_DIR;
}

static void refuses_what_breaks_the_abi(void **state)
{
	static const struct {
		const char *name, *why;
	} bad[] = {
		{"bad_abi", "built for another version of lvsmon/checker.h"},
		{"bad_exec", "needs the transport EXEC, which lvsmon does not "
			     "support"},
		{"bad_unknown", "names an unknown transport"},
		{"bad_reserved", "sets a reserved member"},
		{"bad_state", "wants more state than CHECKER_STATE_MAX"},
		{"bad_conf", "wants more conf than CHECKER_CONF_MAX"},
		{"bad_window", "wants more window than CHECKER_WINDOW_MAX"},
		{"bad_step", "has no step"},
		{"bad_symbol", "undefined symbol: "
			       "lvsmon_checker"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char says[512];

		snprintf(says, sizeof(says), TEST_CHECKER_DIR "/%s.so: %s",
			bad[i].name, bad[i].why);
		refused(bad[i].name, says);
	}
}

/* The vector's transport takes precedence over the checker's. */
static void asks_the_vector_for_its_transport(void **state)
{
	static const char *const tcp[] = {"plain", NULL};
	static const char *const connects[] = {"connects", NULL};
	static const char *const encrypts[] = {"encrypts", NULL};
	static const char *const sends[] = {"sends", NULL};
	struct instance *loaded;

	(void)state;
	add(sends);
	loaded = load();
	assert_non_null(loaded);
	assert_ptr_equal(loaded[0].transport, &datagram_transport);
	config.vector_count = 0;
	add(tcp);
	add(connects);
	add(encrypts);
	loaded = load();
	assert_non_null(loaded);
	assert_ptr_equal(loaded[0].transport, &tcp_transport);
	assert_ptr_equal(loaded[1].transport, &handshake_transport);
	assert_ptr_equal(loaded[2].transport, &tls_transport);
	assert_string_equal(loaded[2].host, "www.example.org");
}

static void refuses_datagrams_without_a_window(void **state)
{
	(void)state;
	refused("bad_datagrams",
		"bad_datagrams: has no window, which datagrams need");
	refused("bad_icmp", "bad_icmp: has no window, which datagrams need");
}

static void one_without_options_takes_none(void **state)
{
	static const char *const words[] = {"plain", "-x", NULL};
	static const char *const none[] = {"plain", NULL};

	(void)state;
	add(none);
	assert_non_null(load());
	add(words);
	assert_null(load());
	assert_string_equal(
		reports, "lvsmon.conf:2:7: plain: takes no arguments\n");
}

static void copy_file(const char *from, const char *to)
{
	char command[1024];

	snprintf(command, sizeof(command), "cp %s %s", from, to);
	assert_int_equal(system(command), 0);
}

/* lvsmon run by root refuses files that other users can write to. */
static void refuses_others_files_as_root(void **state)
{
	char dir[] = "/tmp/lvsmon-loader-XXXXXX";
	char path[64], says[256];

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/script.so", dir);
	copy_file(TEST_CHECKER_DIR "/script.so", path);
	config.plugin_dir = dir;
	snprintf(says, sizeof(says),
		"%s: users other than root may write to it, but lvsmon runs "
		"as root",
		path);
	chmod(path, 0664);
	refused("script", says);
	chmod(path, 0602);
	refused("script", says);
	chmod(path, 0644);
	refused("script", "script: from 1 to 15 words");
	chmod(dir, 0777);
	refused("script", says);
	chmod(dir, 0755);
	snprintf(says, sizeof(says),
		"%s: not owned by root, but lvsmon runs as root", path);
	assert_int_equal(chown(path, 65534, 65534), 0);
	refused("script", says);
	config.plugin_dir = TEST_CHECKER_DIR;
	unlink(path);
	rmdir(dir);
}

/* Copies the output of loader_list to text. Returns its exit code. */
static int list(const char *dir, char *text, size_t size)
{
	int saved = dup(STDOUT_FILENO);
	FILE *file = tmpfile();
	size_t got;
	int code;

	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	code = loader_list(dir);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(file);
	got = fread(text, 1, size - 1, file);
	text[got] = '\0';
	fclose(file);
	return code;
}

static void lists_what_it_can_load(void **state)
{
	char text[4096];

	(void)state;
	assert_int_equal(
		list(TEST_CHECKER_DIR, text, sizeof(text)), EX_UNAVAILABLE);
	assert_string_equal(text,
		"bad_datagrams: \n    check bad_datagrams \n"
		"    " TEST_CHECKER_DIR "/bad_datagrams.so\n"
		"bad_icmp: \n    check bad_icmp \n"
		"    " TEST_CHECKER_DIR "/bad_icmp.so\n"
		"connects: \n    check connects \n    " TEST_CHECKER_DIR
		"/connects.so\n"
		"datagrams: what the arguments say\n"
		"    check datagrams word...\n"
		"    " TEST_CHECKER_DIR "/datagrams.so\n"
		"encrypts: \n    check encrypts \n    " TEST_CHECKER_DIR
		"/encrypts.so\n"
		"getopt: \n    check getopt \n    " TEST_CHECKER_DIR
		"/getopt.so\n"
		"patient: what the arguments say\n    check patient word...\n"
		"    " TEST_CHECKER_DIR "/patient.so\n"
		"patient_datagrams: what the arguments say\n"
		"    check patient_datagrams word...\n"
		"    " TEST_CHECKER_DIR "/patient_datagrams.so\n"
		"pings: what the arguments say\n    check pings word...\n"
		"    " TEST_CHECKER_DIR "/pings.so\n"
		"plain: \n    check plain \n    " TEST_CHECKER_DIR "/plain.so\n"
		"script: what the arguments say\n    check script word...\n"
		"    " TEST_CHECKER_DIR "/script.so\n"
		"sends: \n    check sends \n    " TEST_CHECKER_DIR "/sends.so\n"
		"upgrades: what the arguments say\n"
		"    check upgrades word...\n"
		"    " TEST_CHECKER_DIR "/upgrades.so\n");
	assert_int_equal(list("/nowhere", text, sizeof(text)), EX_NOINPUT);
	assert_string_equal(text, "");
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loads_and_configures),
		TEST(leaves_the_vector_as_it_is),
		TEST(releases_what_it_cannot_use),
		TEST(says_every_error_at_its_place),
		cmocka_unit_test(takes_names_and_paths_only),
		cmocka_unit_test(says_when_there_is_no_directory),
		cmocka_unit_test(refuses_what_breaks_the_abi),
		TEST(asks_the_vector_for_its_transport),
		cmocka_unit_test(refuses_datagrams_without_a_window),
		TEST(one_without_options_takes_none),
		cmocka_unit_test(refuses_others_files_as_root),
		cmocka_unit_test(lists_what_it_can_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
