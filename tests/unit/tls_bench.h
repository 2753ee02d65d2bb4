/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers with TLS for tests: openssl's s_server, with certificates that
 * tests/peers/certificates makes. A failed call fails the test. */
#ifndef LVSMON_TESTS_TLS_BENCH_H
#define LVSMON_TESTS_TLS_BENCH_H

#include "engine_bench.h"

#include <stdint.h>
#include <sys/types.h>

/* Makes the certificates, once, and enters their folder. */
void tls_bench_open(void);

/* Removes the folder. */
void tls_bench_close(void);

/* Returns the path of a file in the folder, in static memory. */
const char *tls_bench_path(const char *name);

/* Starts s_server on 127.0.0.0/8 with arguments, a list that ends with NULL.
 * Returns its process when it accepts connections, and its port. If input is
 * not NULL, *input is the end of a pipe to its standard input. */
pid_t tls_bench_server(const char *const *words, uint16_t *port, int *input);

/* Makes a bench with one check of a real at that port, `tls yes` and the CA of
 * the certificates; interval 60 s, timeout 20 s. checker is a vector. */
struct bench *tls_bench_make(uint16_t port, const char *const *checker);

/* Runs an engine until the first check has an edge. name is shown if that
 * fails. */
void tls_bench_run(struct bench *bench, const char *name);

/* Compares an edge with what is expected; why counts for down only. */
void tls_bench_judge(const char *name, const struct bench_edge *edge, bool up,
	int code, const char *why);

#endif
