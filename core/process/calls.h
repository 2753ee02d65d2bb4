/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls that each process may make, and with which arguments. */
#ifndef LVSMON_PROCESS_CALLS_H
#define LVSMON_PROCESS_CALLS_H

enum calls {
	CALLS_ENGINE,  /* an engine that probes */
	CALLS_LOADING, /* an engine that loads and configures its plugins */
	CALLS_KEEPER,  /* the keeper, and its children before their own filter
			*/
};

/* Adds a rule for each call of the set to a filter of libseccomp. The set of
 * an engine allows signals to the caller of this function alone. Returns 0, or
 * a negative errno. */
int calls_add(void *filter, enum calls set);

#endif
