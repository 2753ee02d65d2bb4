// SPDX-License-Identifier: GPL-2.0-or-later
/* The real system, in a directory that the test makes. */
#include "base/system.h"
#include "config/read.h"

#include <errno.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/lvsmon-system-XXXXXX";

/* The next call fails with these errors; the call after it does not. */
static struct {
	int read, fstat; /* an errno, or 0 */
	int cut;         /* so many readings see a file that is being written */
	struct addrinfo *found;
} next;

static void put_file(const char *name, const char *text, size_t len);

ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);
int __real_fstat(int fd, struct stat *st);
int __wrap_fstat(int fd, struct stat *st);
int __real_getaddrinfo(const char *name, const char *service,
	const struct addrinfo *hints, struct addrinfo **found);
int __wrap_getaddrinfo(const char *name, const char *service,
	const struct addrinfo *hints, struct addrinfo **found);
void __real_freeaddrinfo(struct addrinfo *found);
void __wrap_freeaddrinfo(struct addrinfo *found);

static bool goes_wrong(int *error)
{
	errno = *error;
	*error = 0;
	return errno != 0;
}

ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	if (goes_wrong(&next.read))
		return -1;
	if (next.cut) {
		next.cut--;
		put_file("some", "whole text", next.cut ? 5 : 10);
	}
	return __real_read(fd, buf, size);
}

int __wrap_fstat(int fd, struct stat *st)
{
	return goes_wrong(&next.fstat) ? -1 : __real_fstat(fd, st);
}

int __wrap_getaddrinfo(const char *name, const char *service,
	const struct addrinfo *hints, struct addrinfo **found)
{
	if (!next.found)
		return __real_getaddrinfo(name, service, hints, found);
	*found = next.found;
	return 0;
}

void __wrap_freeaddrinfo(struct addrinfo *found)
{
	if (found == next.found)
		next.found = NULL;
	else
		__real_freeaddrinfo(found);
}

static const char *in_dir(const char *name)
{
	static char path[sizeof(dir) + 64];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put_file(const char *name, const char *text, size_t len)
{
	FILE *file = fopen(in_dir(name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static int load(struct arena *arena, const char *name, char **text, size_t *len,
	const char **why)
{
	const struct system *system = system_real();

	return system->load(system->arg, arena, in_dir(name), text, len, why);
}

static void test_load(void **state)
{
	struct arena *arena = *state;
	const char *why = NULL;
	char *text;
	size_t len;

	put_file("some", "a\0b\n", 4);
	assert_int_equal(load(arena, "some", &text, &len, &why), 0);
	assert_int_equal(len, 4);
	assert_memory_equal(text, "a\0b\n", 5);
	put_file("empty", "", 0);
	assert_int_equal(load(arena, "empty", &text, &len, &why), 0);
	assert_int_equal(len, 0);
	assert_int_equal(text[0], 0);
	assert_null(why);
}

static void assert_not_loaded(
	struct arena *arena, const char *name, const char *reason)
{
	const char *why = NULL;
	char *text;
	size_t len;

	assert_int_equal(load(arena, name, &text, &len, &why), -1);
	assert_string_equal(why, reason);
}

static void test_no_load(void **state)
{
	struct arena *arena = *state;

	assert_not_loaded(arena, "none", "No such file or directory");
	assert_int_equal(mkdir(in_dir("folder"), 0700), 0);
	assert_not_loaded(arena, "folder", "not a regular file");
	/* Opening a pipe without a writer must not block. */
	assert_int_equal(mkfifo(in_dir("pipe"), 0600), 0);
	assert_not_loaded(arena, "pipe", "not a regular file");
	assert_int_equal(symlink("loop", in_dir("loop")), 0);
	assert_not_loaded(arena, "loop", "Too many levels of symbolic links");
	assert_int_equal(symlink("/dev/null", in_dir("device")), 0);
	assert_not_loaded(arena, "device", "not a regular file");
}

/* A file that changes while it is read is read again. */
static void test_changing(void **state)
{
	struct arena *arena = *state;
	const char *why = NULL;
	char *text;
	size_t len;

	put_file("some", "whole text", 10);
	next.cut = 1;
	assert_int_equal(load(arena, "some", &text, &len, &why), 0);
	assert_int_equal(next.cut, 0);
	assert_string_equal(text, "whole text");
	put_file("some", "whole text", 10);
	next.cut = 100;
	assert_not_loaded(arena, "some", "changes while it is read");
	next.cut = 0;
}

static void test_reading(void **state)
{
	struct arena *arena = *state;
	const char *why = NULL;
	char *text;
	size_t len;

	put_file("some", "text", 4);
	next.read = EINTR;
	assert_int_equal(load(arena, "some", &text, &len, &why), 0);
	assert_string_equal(text, "text");
	next.read = EIO;
	assert_not_loaded(arena, "some", "Input/output error");
	next.fstat = EIO;
	assert_not_loaded(arena, "some", "Input/output error");
}

static void test_large(void **state)
{
	struct arena *arena = *state;
	const char *why;
	char *text;
	size_t len;

	put_file("large", "", 0);
	assert_int_equal(truncate(in_dir("large"), 16 << 20), 0);
	assert_int_equal(load(arena, "large", &text, &len, &why), 0);
	assert_int_equal(len, 16 << 20);
	assert_int_equal(truncate(in_dir("large"), (16 << 20) + 1), 0);
	assert_not_loaded(arena, "large", "larger than 16 MiB");
}

static int expand(struct arena *arena, const char *pattern, char ***paths,
	size_t *count, const char **why)
{
	const struct system *system = system_real();

	return system->expand(
		system->arg, arena, in_dir(pattern), paths, count, why);
}

static void test_expand(void **state)
{
	struct arena *arena = *state;
	const char *why = NULL;
	char **paths;
	size_t count = 9;

	put_file("b.conf", "", 0);
	put_file("a.conf", "", 0);
	put_file("c.other", "", 0);
	assert_int_equal(expand(arena, "*.conf", &paths, &count, &why), 0);
	assert_int_equal(count, 2);
	assert_string_equal(paths[0], in_dir("a.conf"));
	assert_string_equal(paths[1], in_dir("b.conf"));
	assert_int_equal(expand(arena, "c.other", &paths, &count, &why), 0);
	assert_int_equal(count, 1);
	assert_string_equal(paths[0], in_dir("c.other"));
	assert_null(why);
}

/* It is an error if nothing matches, unless the pattern has a wildcard. */
static void test_expand_none(void **state)
{
	struct arena *arena = *state;
	const char *why = NULL;
	char **paths;
	size_t count = 9;

	assert_int_equal(expand(arena, "*.none", &paths, &count, &why), 0);
	assert_int_equal(count, 0);
	assert_int_equal(expand(arena, "x[yz]", &paths, &count, &why), 0);
	assert_int_equal(count, 0);
	assert_null(why);
	assert_int_equal(
		expand(arena, "missing/*.none", &paths, &count, &why), 0);
	assert_int_equal(expand(arena, "m*/x/*.none", &paths, &count, &why), 0);
	assert_int_equal(
		expand(arena, "c.other/*.none", &paths, &count, &why), 0);
	assert_null(why);
	assert_int_equal(expand(arena, "x.none", &paths, &count, &why), -1);
	assert_int_equal(count, 0);
	assert_string_equal(why, "no such file");
}

static int resolve(const char *name, struct address *address, const char **why)
{
	const struct system *system = system_real();

	return system->resolve(system->arg, name, address, why);
}

/* Only numeric addresses, because a test must not ask a name server. */
static void test_resolve(void **state)
{
	const char *why = NULL;
	char text[ADDRESS_TEXT_MAX];
	struct address address;

	(void)state;
	assert_int_equal(resolve("127.0.0.1", &address, &why), 0);
	assert_string_equal(address_format(&address, text), "127.0.0.1");
	assert_int_equal(resolve("2001:db8::1", &address, &why), 0);
	assert_string_equal(address_format(&address, text), "2001:db8::1");
	assert_null(why);
	/* A name with two dots in a row is refused without a query. */
	assert_int_equal(resolve("no..name", &address, &why), -1);
	assert_non_null(why);
	assert_true(*why);
}

/* One address may be listed several times; two addresses are an error. */
static void test_resolve_more(void **state)
{
	struct sockaddr_in sin[2] = {
		{.sin_family = AF_INET, .sin_addr = {htonl(0x0a000001)}},
		{.sin_family = AF_INET, .sin_addr = {htonl(0x0a000001)}},
	};
	struct addrinfo infos[2];
	struct address address;
	const char *why = NULL;
	char text[ADDRESS_TEXT_MAX];

	(void)state;
	for (int i = 0; i < 2; i++)
		infos[i] = (struct addrinfo){
			.ai_family = AF_INET,
			.ai_addr = (struct sockaddr *)(void *)&sin[i],
			.ai_next = i ? NULL : &infos[1],
		};
	next.found = infos;
	assert_int_equal(resolve("twice", &address, &why), 0);
	assert_string_equal(address_format(&address, text), "10.0.0.1");
	assert_null(next.found);
	sin[1].sin_addr.s_addr = htonl(0x0a000002);
	next.found = infos;
	assert_int_equal(resolve("two", &address, &why), -1);
	assert_string_equal(why, "has more than one address; write the "
				 "address instead");
	assert_null(next.found);
}

static int service(const char *name, const char *protocol, uint16_t *port,
	const char **why)
{
	const struct system *system = system_real();

	return system->service(system->arg, name, protocol, port, why);
}

static void test_service(void **state)
{
	const char *why = NULL;
	uint16_t port = 0;

	(void)state;
	assert_int_equal(service("smtp", "tcp", &port, &why), 0);
	assert_int_equal(port, 25);
	assert_int_equal(service("domain", "udp", &port, &why), 0);
	assert_int_equal(port, 53);
	assert_null(why);
	assert_int_equal(service("no-such", "tcp", &port, &why), -1);
	assert_string_equal(why, "not in /etc/services");
}

/* The parser reads included files from the directory of the first one. */
static void collect(void *arg, const char *text)
{
	strcpy(arg, text);
}

static void test_together(void **state)
{
	static const char main_text[] = "include parts/*.part\n";
	static const char part[] = "virtual a 192.0.2.1:smtp {\n"
				   "check none\n"
				   "real 10.0.0.[1-2]\n"
				   "}\n";
	const struct config_options options = {.plugin_dir = NULL};
	static char said[4096];
	struct config *config;

	(void)state;
	assert_int_equal(mkdir(in_dir("parts"), 0700), 0);
	put_file("main", main_text, strlen(main_text));
	put_file("parts/a.part", part, strlen(part));
	config = config_read(
		in_dir("main"), &options, system_real(), collect, said);
	assert_string_equal(said, "");
	assert_non_null(config);
	assert_int_equal(config->real_count, 2);
	assert_int_equal(config->reals[1].address.port, 25);
	arena_destroy(config->arena);
}

static int enter(void **state)
{
	*state = arena_create();
	return mkdtemp(dir) ? 0 : -1;
}

static int leave(void **state)
{
	static const char *const files[] = {"some", "empty", "pipe", "loop",
		"large", "device", "a.conf", "b.conf", "c.other", "main",
		"parts/a.part"};

	arena_destroy(*state);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(in_dir(files[i]));
	rmdir(in_dir("parts"));
	rmdir(in_dir("folder"));
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_no_load),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_changing),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_expand_none),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_resolve_more),
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_together),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
