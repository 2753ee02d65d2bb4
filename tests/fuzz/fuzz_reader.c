// SPDX-License-Identifier: GPL-2.0-or-later
/* Records to the keeper: a reader that was taken over can send any bytes. The
 * configuration is then read from whatever was accepted. */
#include "config/read.h"
#include "reader/record.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *arg, const char *text)
{
	(void)arg;
	if (!memchr(text, '\0', 4096))
		abort();
}

static void take_all(struct answers *answers, int fd, struct arena *arena)
{
	struct record record = {.got = 0};
	const char *why;

	while (record_receive(&record, fd, arena, &why) == RECORD_WHOLE) {
		struct answer answer;

		if (record.head.kind < ANSWER_KINDS &&
			(record_answer(&record, &answer) ||
				!answers_add(answers, answer)))
			return;
		record = (struct record){.got = 0};
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct config_options options = {.plugin_dir = NULL};
	struct arena *arena = arena_create();
	struct answers *answers = answers_create(arena, NULL, NULL);
	struct config *config;
	int ends[2];

	if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0)
		abort();
	if (write(ends[1], data, size) < 0 && size)
		size = 0;
	close(ends[1]);
	take_all(answers, ends[0], arena);
	close(ends[0]);
	answers_fall_back(answers, NULL, size % 2, true);
	config = config_read(
		"c", &options, answers_system(answers), ignore, NULL);
	if (config) {
		answers_store(answers, config);
		arena_destroy(config->arena);
	}
	arena_destroy(arena);
	return 0;
}
