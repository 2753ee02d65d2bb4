// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader's process, seen from its parent. */
#include "reader/reader.h"

#include "base/clock.h"
#include "config/read.h"
#include "process/child.h"
#include "process/privileges.h"
#include "reader/errand.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

/* Records of one turn, so that no reader can hold the loop. */
#define RECORDS_MAX 256

static _Noreturn void be_reader(const struct reader_job *job, int fd)
{
	if (child_forget_keeper(fd) < 0)
		_exit(EX_OSERR);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (job->forget)
		job->forget(job->arg);
	if (privileges_shed() < 0)
		_exit(EX_NOPERM);
	_exit(errand_run(job->system, job->file, job->strict, fd));
}

static void make_answers(void *arg)
{
	struct reader *reader = arg;

	reader->arena = arena_create();
	reader->answers = answers_create(reader->arena, NULL, NULL);
}

/* Returns 0, or -1 with errno set. */
static int fork_reader(struct reader *reader)
{
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	reader->fd = ends[0];
	reader->pid = fork();
	if (reader->pid == 0)
		be_reader(&reader->job, ends[1]);
	error = errno;
	close(ends[1]);
	if (reader->pid > 0)
		return 0;
	close(ends[0]);
	errno = error;
	return -1;
}

int reader_begin(struct reader *reader, const struct reader_job *job)
{
	int error = ENOMEM;

	*reader = (struct reader){.job = *job, .fd = -1};
	if (arena_try(make_answers, reader)) {
		reader->began_ms = clock_ms();
		if (fork_reader(reader) == 0)
			return 0;
		error = errno;
		arena_destroy(reader->arena);
	}
	*reader = (struct reader){.fd = -1};
	errno = error;
	return -1;
}

static enum reader_state fail_reading(struct reader *reader, const char *why)
{
	reader->why = why;
	return READER_FAILED;
}

/* Returns 0, or -1 and sets reader->why. */
static int keep_answer(struct reader *reader)
{
	struct answer answer;
	const char *wrong = record_answer(&reader->record, &answer);

	if (!wrong && (answer.kind == ANSWER_NAME) != reader->read)
		wrong = "an answer at the wrong time";
	if (!wrong && !answers_add(reader->answers, answer))
		wrong = "more than a configuration can have";
	reader->why = wrong;
	return wrong ? -1 : 0;
}

static enum reader_state take_record(struct reader *reader)
{
	uint32_t kind = reader->record.head.kind;

	if (kind == RECORD_END)
		return reader->read ? READER_DONE
				    : fail_reading(reader, "an early end");
	if (kind == RECORD_READ) {
		reader->read = true;
		reader->read_ms = clock_ms();
	} else if (keep_answer(reader) < 0) {
		return READER_FAILED;
	}
	reader->record = (struct record){.got = 0};
	return READER_READS;
}

/* Returns the time at which the reading ends in any case. */
static uint64_t reading_end(const struct reader *reader)
{
	uint64_t end = reader->began_ms + reader->job.limit_ms;
	uint64_t names = reader->read_ms + reader->job.names_ms;

	return reader->read && reader->job.names_ms && names < end ? names
								   : end;
}

/* If the files are there, the names that are missing have no answer. */
static enum reader_state end_early(struct reader *reader, const char *why)
{
	return reader->read ? READER_DONE : fail_reading(reader, why);
}

static enum reader_state proceed_without(struct reader *reader)
{
	if (clock_ms() < reading_end(reader))
		return READER_READS;
	return end_early(reader, "the files were not read in time");
}

enum reader_state reader_proceed(struct reader *reader)
{
	enum reader_state state = READER_READS;

	assert(reader->arena);
	for (int i = 0; i < RECORDS_MAX && state == READER_READS; i++) {
		switch (record_receive(&reader->record, reader->fd,
			reader->arena, &reader->why)) {
		case RECORD_WAITS:
			return proceed_without(reader);
		case RECORD_WHOLE:
			state = take_record(reader);
			break;
		case RECORD_BROKEN:
			return READER_FAILED;
		case RECORD_CLOSED:
			return end_early(reader, "the reader has died");
		}
	}
	return state;
}

enum reader_state reader_wait(struct reader *reader)
{
	enum reader_state state;

	while ((state = reader_proceed(reader)) == READER_READS) {
		struct pollfd wait = {.fd = reader->fd, .events = POLLIN};
		uint64_t now = clock_ms(), end = reading_end(reader);

		poll(&wait, 1, end > now ? (int)(end - now) : 0);
	}
	return state;
}

struct config *reader_config(struct reader *reader,
	const struct config_options *options, const struct config *older,
	config_report *report, void *report_arg, struct config **vectors)
{
	struct config *config;

	assert(reader->read);
	answers_fall_back(
		reader->answers, older, reader->job.strict, reader->job.quiet);
	config = config_test(reader->job.file, options,
		answers_system(reader->answers), report, report_arg, vectors);
	if (config)
		answers_store(reader->answers, config);
	return config;
}

pid_t reader_end(struct reader *reader)
{
	pid_t pid = reader->pid;

	if (!reader->arena)
		return 0;
	if (pid)
		kill(pid, SIGKILL);
	close(reader->fd);
	arena_destroy(reader->arena);
	*reader = (struct reader){.fd = -1};
	return pid;
}

void reader_bury(struct reader *reader)
{
	reader->pid = 0;
}
