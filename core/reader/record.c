// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers on their way from the reader's process to the keeper. */
#include "reader/record.h"

#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static int write_all(int fd, struct iovec *part, int count)
{
	while (count) {
		ssize_t n = writev(fd, part, count);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		while (count && (size_t)n >= part->iov_len) {
			n -= (ssize_t)part->iov_len;
			part++;
			count--;
		}
		if (count) {
			part->iov_base = (char *)part->iov_base + n;
			part->iov_len -= (size_t)n;
		}
	}
	return 0;
}

/* The kernel does not write to these bytes. */
static struct iovec part_of(const void *bytes, size_t len)
{
	return (struct iovec){(void *)(uintptr_t)bytes, len};
}

int record_write(int fd, const struct answer *answer)
{
	const struct record_head head = {
		.kind = answer->kind,
		.ok = answer->ok,
		.key_len = (uint32_t)strlen(answer->key),
		.len = (uint32_t)answer->len,
	};
	struct iovec parts[] = {
		part_of(&head, sizeof(head)),
		part_of(answer->key, head.key_len),
		part_of(answer->value, answer->len),
	};

	return write_all(fd, parts, 3);
}

int record_write_mark(int fd, uint32_t kind)
{
	const struct record_head head = {.kind = kind};
	struct iovec part = part_of(&head, sizeof(head));

	return write_all(fd, &part, 1);
}

static const char *head_fault(const struct record_head *head)
{
	if (head->kind > RECORD_END || head->ok > 1)
		return "an unknown record";
	if (head->kind >= RECORD_READ && (head->key_len || head->len))
		return "a mark with a body";
	if (head->key_len > ANSWERS_KEY_MAX || head->len > ANSWERS_VALUE_MAX)
		return "too long a record";
	return NULL;
}

/* Returns the place of the next byte and sets *size to the number of bytes up
 * to the end of the part that the byte is in. */
static char *next_part(struct record *record, size_t *size)
{
	const struct record_head *head = &record->head;
	size_t at = record->got;

	if (at < sizeof(*head)) {
		*size = sizeof(*head) - at;
		return (char *)&record->head + at;
	}
	at -= sizeof(*head);
	if (at < head->key_len) {
		*size = head->key_len - at;
		return record->body + at;
	}
	*size = head->key_len + head->len - at;
	return record->body + at + 1;
}

/* The head is whole: makes room for the body. */
static enum record_state begin_body(
	struct record *record, struct arena *arena, const char **why)
{
	*why = head_fault(&record->head);
	if (*why)
		return RECORD_BROKEN;
	if (record->head.kind >= RECORD_READ)
		return RECORD_WHOLE;
	record->body = arena_alloc(
		arena, (size_t)record->head.key_len + record->head.len + 2);
	return RECORD_WAITS;
}

enum record_state record_receive(
	struct record *record, int fd, struct arena *arena, const char **why)
{
	for (;;) {
		size_t size;
		char *to = next_part(record, &size);
		ssize_t n = size ? read(fd, to, size) : 0;

		if (!size)
			return RECORD_WHOLE;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? RECORD_WAITS : RECORD_CLOSED;
		if (n == 0)
			return RECORD_CLOSED;
		record->got += (size_t)n;
		if (record->got == sizeof(record->head)) {
			enum record_state state =
				begin_body(record, arena, why);

			if (state != RECORD_WAITS)
				return state;
		}
	}
}

const char *record_answer(const struct record *record, struct answer *answer)
{
	const struct record_head *head = &record->head;
	char *value = record->body + head->key_len + 1;

	assert(head->kind < ANSWER_KINDS);
	*answer = (struct answer){
		.kind = (enum answer_kind)head->kind,
		.ok = head->ok,
		.key = record->body,
		.value = value,
		.len = head->len,
	};
	if (memchr(answer->key, '\0', head->key_len))
		return "a name with a zero";
	if (!answer->ok && answer->len < ANSWERS_WHY_MAX) {
		char why[ANSWERS_WHY_MAX];

		text_printable(why, sizeof(why), value, answer->len);
		strcpy(value, why);
	}
	return answers_fault(answer);
}
