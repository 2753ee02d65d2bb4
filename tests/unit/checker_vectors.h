/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vectors of a checker, and the errors of its configure. */
#ifndef LVSMON_UNIT_CHECKER_VECTORS_H
#define LVSMON_UNIT_CHECKER_VECTORS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lvsmon/checker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VECTOR_WORDS_MAX 8

struct vector {
	const char *words[VECTOR_WORDS_MAX]; /* without the checker's name */
	const char *err;                     /* NULL = it is accepted */
};

/* Configures a copy of the words, as lvsmon does. Returns the result; err stays
 * unchanged if the checker accepts the vector. */
static inline int vector_configure(
	const char *const *words, char *err, size_t errsz)
{
	char *argv[VECTOR_WORDS_MAX + 2] = {strdup("checker")};
	void *conf = calloc(1, lvsmon_checker.conf_size);
	int argc = 1;
	int result;

	for (; argc <= VECTOR_WORDS_MAX && words[argc - 1]; argc++)
		argv[argc] = strdup(words[argc - 1]);
	assert_non_null(conf);
	optind = 0;
	opterr = 0;
	result = lvsmon_checker.configure(conf, argc, argv, err, errsz);
	/* -T prints the vector afterwards, so its order must not change. */
	for (int i = 1; i < argc; i++)
		assert_string_equal(argv[i], words[i - 1]);
	if (lvsmon_checker.release)
		lvsmon_checker.release(conf);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	free(conf);
	return result;
}

static inline void vector_test(const struct vector *vector)
{
	char err[256] = "";
	int result = vector_configure(vector->words, err, sizeof(err));

	assert_string_equal(err, vector->err ? vector->err : "");
	assert_int_equal(result, vector->err ? -1 : 0);
	if (!vector->err)
		return;
	/* The text must fit any buffer. */
	for (size_t size = 0; size < 24; size++) {
		char small[24];

		memset(small, 'x', sizeof(small));
		assert_int_equal(
			vector_configure(vector->words, small, size), -1);
		assert_int_equal(small[size], 'x');
		if (size > 0)
			assert_true(strnlen(small, size) < size);
	}
}

static inline void vectors_test(const struct vector *vectors, size_t count)
{
	for (size_t i = 0; i < count; i++)
		vector_test(&vectors[i]);
}

/* Asserts what the loader requires of every checker. */
static inline void checker_sane(const struct checker *checker)
{
	assert_int_equal(checker->abi, CHECKER_ABI);
	assert_true(checker->conf_size <= CHECKER_CONF_MAX);
	assert_true(checker->state_size <= CHECKER_STATE_MAX);
	assert_true(checker->window <= CHECKER_WINDOW_MAX);
	assert_true(strlen(checker->summary) > 0);
	assert_true(strlen(checker->summary) < 60);
	assert_non_null(checker->usage);
	assert_non_null(checker->step);
}

/* Defines the tests of the arrays `accepted` and `refused`, and of the checker
 * itself. */
#define VECTOR_TESTS                                                           \
	static void test_accepted(void **state)                                \
	{                                                                      \
		(void)state;                                                   \
		vectors_test(accepted, sizeof(accepted) / sizeof(*accepted));  \
	}                                                                      \
	static void test_refused(void **state)                                 \
	{                                                                      \
		(void)state;                                                   \
		vectors_test(refused, sizeof(refused) / sizeof(*refused));     \
	}                                                                      \
	static void test_sane(void **state)                                    \
	{                                                                      \
		(void)state;                                                   \
		checker_sane(&lvsmon_checker);                                 \
	}

#endif
