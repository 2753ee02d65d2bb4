/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files for the option -P, right and wrong, in a folder of their own. */
#ifndef LVSMON_UNIT_SECRET_FILES_H
#define LVSMON_UNIT_SECRET_FILES_H

#include "checker_vectors.h"

#include <fcntl.h>
#include <sys/stat.h>

#define SECRET_GOOD "good"
#define SECRET_LONG "long" /* as many bytes as a password may have */

/* Writes a file of `count` times the text. */
static inline void secret_write(
	const char *name, const char *text, size_t len, unsigned int count)
{
	FILE *file = fopen(name, "we");

	assert_non_null(file);
	for (; count > 0; count--)
		assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* Makes the files, for a group of tests. */
static inline int secrets_make(void **state)
{
	char *folder = strdup("/tmp/lvsmon-secrets-XXXXXX");

	if (!mkdtemp(folder) || chdir(folder) < 0)
		return -1;
	*state = folder;
	secret_write(SECRET_GOOD, "pass word\nmore\n", 15, 1);
	secret_write("windows", "pass word\r\n", 11, 1);
	secret_write("bare", "pass word", 9, 1);
	secret_write(SECRET_LONG, "x", 1, 256);
	secret_write("longer", "x", 1, 257);
	secret_write("endless", "x", 1, 100000);
	secret_write("empty", "", 0, 0);
	secret_write("line", "\npassword\n", 10, 1);
	secret_write("zero", "pass\0word\n", 10, 1);
	return mkfifo("fifo", 0600) < 0 || mkdir("folder", 0700) < 0 ? -1 : 0;
}

static inline int secrets_remove(void **state)
{
	static const char *const names[] = {SECRET_GOOD, "windows", "bare",
		SECRET_LONG, "longer", "endless", "empty", "line", "zero",
		"fifo"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(names[i]);
	rmdir("folder");
	rmdir(*state);
	free(*state);
	return 0;
}

static inline void secret_test(
	const char *const *words, const char *name, const char *why)
{
	struct vector vector = {.err = why};
	size_t count = 0;

	for (; words[count]; count++)
		vector.words[count] = words[count];
	vector.words[count++] = "-P";
	vector.words[count] = name;
	vector_test(&vector);
}

/* The vector `words` needs -P; each file is accepted or refused. A refusal
 * shows nothing of the file. */
static inline void secrets_test(const char *const *words)
{
	secret_test(words, SECRET_GOOD, NULL);
	secret_test(words, "windows", NULL);
	secret_test(words, "bare", NULL);
	secret_test(words, SECRET_LONG, NULL);
	secret_test(words, "longer",
		"-P: longer: the first line has more than 256 bytes");
	secret_test(words, "endless",
		"-P: endless: the first line has more than 256 bytes");
	secret_test(words, "empty", "-P: empty: the first line is empty");
	secret_test(words, "line", "-P: line: the first line is empty");
	secret_test(words, "zero", "-P: zero: a 0 byte in the first line");
	secret_test(words, "fifo", "-P: fifo is not a regular file");
	secret_test(words, "folder", "-P: folder is not a regular file");
	secret_test(words, "/dev/null", "-P: /dev/null is not a regular file");
	secret_test(words, "absent", "-P: absent: No such file or directory");
	secret_test(words, "", "-P: : No such file or directory");
}

#endif
