// SPDX-License-Identifier: GPL-2.0-or-later
/* Checkers from the plugin directory. */
#include "engine/loader.h"

#include "base/text.h"
#include "config/show.h"
#include "engine/hush.h"
#include "engine/plugin_dir.h"
#include "engine/transport/datagram.h"
#include "engine/transport/handshake.h"
#include "engine/transport/icmp.h"
#include "engine/transport/tcp.h"
#include "engine/transport/tls.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define MESSAGE_MAX 512

/* See loader_watch. */
static _Atomic uint32_t nobody;
static _Atomic uint32_t *watched = &nobody;
static const bool *skipped;

struct loader {
	const struct config *config;
	struct hush hush; /* around code of a checker */
	const struct system *system;
	struct arena *arena;
	config_report *report;
	void *report_arg;
	const char *const *names; /* read when a checker is missing */
	bool failed;              /* an error has been reported */
};

static void loader_complain(struct loader *loader,
	const struct config_vector *vector, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void loader_complain(struct loader *loader,
	const struct config_vector *vector, const char *format, ...)
{
	char message[MESSAGE_MAX];
	struct text text;
	va_list ap;

	text_init(&text, message, sizeof(message));
	va_start(ap, format);
	text_vadd(&text, format, ap);
	va_end(ap);
	loader->failed = true;
	hush_end(&loader->hush);
	config_complain(loader->system, &vector->place, loader->report,
		loader->report_arg, message);
}

void loader_watch(_Atomic uint32_t *inside, const bool *skip)
{
	watched = inside;
	skipped = skip;
}

/* The transports of this lvsmon; NULL = not supported. */
static const struct transport *const transports[] = {
	[CHECKER_TCP] = &tcp_transport,
	[CHECKER_CONNECT] = &handshake_transport,
	[CHECKER_TLS] = &tls_transport,
	[CHECKER_UDP] = &datagram_transport,
	[CHECKER_ICMP] = &icmp_transport,
	[CHECKER_EXEC] = NULL,
};

/* Returns NULL, or why this lvsmon refuses the transport. */
static const char *transport_fault(enum checker_transport transport)
{
	switch (transport) {
	case CHECKER_TCP:
	case CHECKER_CONNECT:
	case CHECKER_TLS:
	case CHECKER_UDP:
	case CHECKER_ICMP:
		return NULL;
	case CHECKER_EXEC:
		return "needs the transport EXEC, which lvsmon does not "
		       "support";
	}
	return "names an unknown transport";
}

static bool uses_reserved(const struct checker *checker)
{
	size_t count = sizeof(checker->reserved) / sizeof(*checker->reserved);

	for (size_t i = 0; i < count; i++)
		if (checker->reserved[i])
			return true;
	return false;
}

/* abi must be the first: other versions may lack the other members. */
static const char *checker_fault(const struct checker *checker)
{
	if (checker->abi != CHECKER_ABI)
		return "built for another version of lvsmon/checker.h";
	if (checker->state_size > CHECKER_STATE_MAX)
		return "wants more state than CHECKER_STATE_MAX";
	if (checker->conf_size > CHECKER_CONF_MAX)
		return "wants more conf than CHECKER_CONF_MAX";
	if (checker->window > CHECKER_WINDOW_MAX)
		return "wants more window than CHECKER_WINDOW_MAX";
	if (!checker->step)
		return "has no step";
	if (uses_reserved(checker))
		return "sets a reserved member";
	return checker->transport_of ? NULL
				     : transport_fault(checker->transport);
}

/* The text of dlerror(3) usually begins with the path. */
static const char *without_path(const char *error, const char *path)
{
	size_t len = strlen(path);

	if (strncmp(error, path, len) == 0 &&
		strncmp(error + len, ": ", 2) == 0)
		return error + len + 2;
	return error;
}

/* Returns the checker in a file, or NULL with the reason in *why. The file
 * stays loaded until the process ends, because verdicts point into it. */
static const struct checker *open_checker(const char *path, const char **why)
{
	const struct checker *checker = NULL;
	const char *name = plugin_dir_reach(path);
	void *file;

	*why = plugin_dir_forbids(path);
	if (*why)
		return NULL;
	file = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	if (file)
		checker = dlsym(file, "lvsmon_checker");
	if (!checker) {
		const char *error = dlerror();

		*why = error ? without_path(error, name)
			     : "the symbol lvsmon_checker is null";
		// cppcheck-suppress resourceLeak
		return NULL;
	}
	*why = checker_fault(checker);
	// cppcheck-suppress resourceLeak
	return *why ? NULL : checker;
}

const struct tls_module *loader_tls(
	struct arena *arena, const char *dir, const char **why)
{
	const char *path = plugin_dir_path(arena, dir, TLS_MODULE_NAME);
	const struct tls_module *module = NULL;
	char message[MESSAGE_MAX];
	struct text text;
	void *file = NULL;

	text_init(&text, message, sizeof(message));
	*why = plugin_dir_forbids(path);
	if (!*why) {
		file = dlopen(plugin_dir_reach(path), RTLD_NOW | RTLD_LOCAL);
		if (file)
			module = dlsym(file, "lvsmon_tls");
		if (!module)
			*why = dlerror();
		else if (module->version != TLS_MODULE_VERSION)
			*why = "is of another version of lvsmon";
	}
	if (*why) {
		text_add(&text, "%s: %s", path, without_path(*why, path));
		*why = arena_strdup(arena, message);
	}
	// cppcheck-suppress resourceLeak
	return *why ? NULL : module;
}

static void loader_complain_missing(
	struct loader *loader, const struct config_vector *vector)
{
	const char *dir = loader->config->plugin_dir;
	const char *name = vector->argv[0];
	const char *nearest = NULL;

	if (!loader->names)
		loader->names = plugin_dir_names(loader->arena, dir);
	if (!loader->names) {
		loader_complain(loader, vector, "no checker '%s': %s: %s", name,
			dir, strerror(errno));
		return;
	}
	nearest = text_nearest(name, loader->names);
	if (nearest)
		loader_complain(loader, vector,
			"no checker '%s' in %s; did you mean '%s'?", name, dir,
			nearest);
	else
		loader_complain(
			loader, vector, "no checker '%s' in %s", name, dir);
}

/* Returns the path of a checker in the plugin directory, or NULL. */
static const char *in_directory(struct loader *loader, const char *name)
{
	const char *path;

	if (!plugin_dir_is_name(name))
		return NULL;
	path = plugin_dir_path(loader->arena, loader->config->plugin_dir, name);
	return access(plugin_dir_reach(path), F_OK) == 0 ? path : NULL;
}

static const struct checker *find_checker(
	struct loader *loader, const struct config_vector *vector)
{
	const struct checker *checker;
	const char *path = vector->argv[0];
	const char *why;

	if (*path != '/') {
		path = in_directory(loader, path);
		if (!path) {
			loader_complain_missing(loader, vector);
			return NULL;
		}
	}
	checker = open_checker(path, &why);
	if (!checker)
		loader_complain(loader, vector, "%s: %s", path, why);
	return checker;
}

/* getopt(3) may sort the array that it reads, and the configuration's own array
 * must not change. */
static char **copy_argv(struct arena *arena, const struct config_vector *vector)
{
	size_t count = (size_t)vector->argc + 1;
	char **argv = arena_array(arena, count, sizeof(*argv));

	memcpy(argv, vector->argv, count * sizeof(*argv));
	return argv;
}

/* Returns 0. On failure reports the checker's text and returns -1. */
static int configure_vector(struct loader *loader,
	const struct config_vector *vector, struct instance *loaded)
{
	const struct checker *checker = loaded->checker;
	char error[MESSAGE_MAX / 2] = "";
	char clean[sizeof(error)];
	char **argv = copy_argv(loader->arena, vector);

	/* 0 makes glibc's getopt forget the state of an earlier vector. */
	optind = 0;
	opterr = 0;
	if (checker->configure(loaded->conf, vector->argc, argv, error,
		    sizeof(error)) == 0) {
		loaded->configured = true;
		return 0;
	}
	text_printable(
		clean, sizeof(clean), error, strnlen(error, sizeof(error)));
	loader_complain(loader, vector, "%s: %s", vector->argv[0],
		*clean ? clean : "bad arguments");
	return -1;
}

/* Takes port and transport from a configured vector. */
static void ask_vector(struct loader *loader,
	const struct config_vector *vector, struct instance *loaded)
{
	const struct checker *checker = loaded->checker;
	enum checker_transport transport = checker->transport;
	const char *fault;

	if (checker->transport_of)
		transport = checker->transport_of(loaded->conf);
	fault = transport_fault(transport);
	if (fault) {
		loader_complain(
			loader, vector, "%s: %s", vector->argv[0], fault);
		return;
	}
	loaded->transport = transports[transport];
	loaded->starttls = transport == CHECKER_TCP && checker->starttls &&
			   checker->starttls(loaded->conf);
	if (checker->host)
		loaded->host = checker->host(loaded->conf);
	if (loaded->transport->datagrams && checker->window == 0) {
		loader_complain(loader, vector,
			"%s: has no window, which datagrams need",
			vector->argv[0]);
		return;
	}
	if (checker->port)
		loaded->port = checker->port(loaded->conf);
}

static void configure(struct loader *loader, const struct config_vector *vector,
	struct instance *loaded)
{
	const struct checker *checker = loaded->checker;

	loaded->conf = arena_alloc(loader->arena, checker->conf_size);
	if (checker->configure) {
		if (configure_vector(loader, vector, loaded) < 0)
			return;
	} else if (vector->argc > 1) {
		loader_complain(loader, vector, "%s: takes no arguments",
			vector->argv[0]);
		return;
	}
	ask_vector(loader, vector, loaded);
}

/* An error ends the silence, so nothing is reported twice. */
static void load_vector(
	struct loader *loader, uint32_t index, struct instance *loaded)
{
	const struct config_vector *vector = &loader->config->vectors[index];

	hush_begin(&loader->hush);
	atomic_store(watched, index + 1);
	loaded->checker = find_checker(loader, vector);
	if (loaded->checker)
		configure(loader, vector, loaded);
	atomic_store(watched, 0);
	if (hush_end(&loader->hush))
		loader_complain(loader, vector,
			"%s: the checker writes to standard output or standard "
			"error",
			vector->argv[0]);
}

struct instance *loader_load(const struct config *config,
	const struct system *system, struct arena *arena, config_report *report,
	void *report_arg)
{
	struct loader loader = {
		.config = config,
		.system = system,
		.arena = arena,
		.report = report,
		.report_arg = report_arg,
	};
	struct instance *loaded =
		arena_array(arena, config->vector_count, sizeof(*loaded));

	hush_open(&loader.hush);
	for (uint32_t i = 0; i < config->vector_count; i++)
		if (!skipped || !skipped[i])
			load_vector(&loader, i, &loaded[i]);
	hush_close(&loader.hush);
	if (!loader.failed)
		return loaded;
	loader_release(config, loaded);
	return NULL;
}

void loader_release(const struct config *config, struct instance *loaded)
{
	for (uint32_t i = 0; loaded && i < config->vector_count; i++)
		if (loaded[i].configured && loaded[i].checker->release)
			loaded[i].checker->release(loaded[i].conf);
}

static int list_one(const char *name, const char *path)
{
	const char *why;
	const struct checker *checker = open_checker(path, &why);

	if (!checker) {
		fprintf(stderr, "lvsmon: %s: %s\n", path, why);
		return EX_UNAVAILABLE;
	}
	printf("%s: %s\n", name, checker->summary ? checker->summary : "");
	printf("    check %s %s\n", name, checker->usage ? checker->usage : "");
	printf("    %s\n", path);
	return EX_OK;
}

int loader_list(const char *dir)
{
	struct arena *arena = arena_create();
	const char *const *names = plugin_dir_names(arena, dir);
	int code = EX_OK;

	if (!names) {
		fprintf(stderr, "lvsmon: %s: %s\n", dir, strerror(errno));
		code = EX_NOINPUT;
	}
	for (; names && *names; names++)
		if (list_one(*names, plugin_dir_path(arena, dir, *names)) !=
			EX_OK)
			code = EX_UNAVAILABLE;
	arena_destroy(arena);
	return code;
}
