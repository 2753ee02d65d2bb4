/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checkers from the plugin directory; the one place that knows dlopen. */
#ifndef LVSMON_ENGINE_LOADER_H
#define LVSMON_ENGINE_LOADER_H

#include "config/config.h"
#include "lvsmon/checker.h"

struct transport;
struct tls_module;

/* A checker with one configured vector. */
struct instance {
	const struct checker *checker;
	void *conf;
	const struct transport *transport;
	const char *host; /* the vector's, for CHECKER_TLS; NULL = unknown */
	uint16_t port;    /* the port that the vector names, or 0 */
	bool starttls;    /* a step may begin TLS */
	bool configured;  /* release must be called */
};

/* Notes in *inside, from now on, which vector loader_load is at: its number
 * plus 1 while code of its checker may run, else 0. skip has a flag for each
 * vector that loader_load must leave out; NULL = none. */
void loader_watch(_Atomic uint32_t *inside, const bool *skip);

/*
 * Loads the checkers of config's vectors and configures each vector. Returns
 * an array of config->vector_count instances in arena; the caller passes the
 * array to loader_release. On failure reports every error and returns NULL.
 */
struct instance *loader_load(const struct config *config,
	const struct system *system, struct arena *arena, config_report *report,
	void *report_arg);

/* Returns the module of TLS in a plugin directory, which stays loaded until the
 * process ends. On failure returns NULL and sets *why to a text in arena. */
const struct tls_module *loader_tls(
	struct arena *arena, const char *dir, const char **why);

/* Calls release of every configured instance; the instances must not be used
 * afterwards. loaded may be NULL. */
void loader_release(const struct config *config, struct instance *loaded);

/*
 * Prints name, summary, usage and path of every plugin in dir. Names each
 * plugin that cannot be loaded on stderr. Returns EX_OK, EX_UNAVAILABLE if a
 * plugin cannot be loaded, or EX_NOINPUT if dir cannot be read.
 */
int loader_list(const char *dir);

#endif
