/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which checks need TLS, and whom they expect at the other end. */
#ifndef LVSMON_ENGINE_SECURITY_H
#define LVSMON_ENGINE_SECURITY_H

#include "engine/credentials.h"
#include "engine/loader.h"

/* TLS of one check. */
struct security_check {
	const struct tls_peer *peer; /* NULL = no TLS */
	uint32_t session;            /* its number among the checks with TLS */
};

struct security {
	struct security_check *checks; /* of each check; NULL = none has TLS */
	uint32_t count;                /* checks with TLS */
	uint32_t probes;               /* with TLS that may run at once */
	uint32_t running;
};

/*
 * Opens the module of TLS if a check needs it, and makes the contexts of all
 * checks. loaded are the instances of the configuration's vectors; checks whose
 * vector has no checker are left out, and if loaded is NULL, only settings are
 * looked at. Returns 0. On failure reports every error and returns -1.
 */
struct security_order {
	const struct config *config;
	const struct instance *loaded;
	const struct credential *credentials;
	const struct system *system;
	struct arena *arena;
	config_report *report;
	void *report_arg;
};
int security_load(
	struct security *security, const struct security_order *order);

/* Fixes the memory of TLS, if there is any. Returns 0, or -1 and logs. */
int security_seal(struct security *security);

#endif
