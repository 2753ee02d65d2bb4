// SPDX-License-Identifier: GPL-2.0-or-later
/* Plays, read from files. */
#include "play.h"

#include "escape.h"

#include <stdlib.h>
#include <string.h>

static int wrong(const struct play_file *file, const char *what)
{
	fprintf(stderr, "%s:%zu: %s\n", file->path, file->line, what);
	return -1;
}

int play_open(struct play_file *file, const char *path)
{
	memset(file, 0, sizeof(*file));
	file->path = path;
	file->stream = fopen(path, "re");
	if (file->stream)
		return 0;
	perror(path);
	return -1;
}

void play_close(struct play_file *file)
{
	fclose(file->stream);
}

static void *keep(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static char *skip(char *at)
{
	return at + strspn(at, " \t");
}

/* Takes a word from *at, quoted or not; bytes in quotes are written as in C.
 * Returns the word, which the caller frees, or NULL if there is none. */
static char *word_take(char **at, size_t *len)
{
	char *from = skip(*at);
	char *end;
	char *word;
	long got;

	if (*from == '\0' || *from == '#')
		return NULL;
	if (*from != '"') {
		*len = strcspn(from, " \t");
		*at = from + *len;
		return keep(strndup(from, *len));
	}
	for (end = ++from; *end && *end != '"'; end++)
		if (*end == '\\' && end[1])
			end++;
	if (*end != '"')
		return NULL;
	*end = '\0';
	*at = end + 1;
	word = keep(malloc((size_t)(end - from) + 1));
	got = escape_read(from, word, (size_t)(end - from));
	if (got < 0) {
		free(word);
		return NULL;
	}
	*len = (size_t)got;
	word[got] = '\0';
	return word;
}

/* Replaces @ in a word "@/NAME" by the folder of the play. */
static char *word_place(const struct play_file *file, char *word)
{
	const char *slash = strrchr(file->path, '/');
	char *path;

	if (strncmp(word, "@/", 2) != 0 || !slash)
		return word;
	if (asprintf(&path, "%.*s%s", (int)(slash - file->path), file->path,
		    word + 1) < 0)
		abort();
	free(word);
	return path;
}

static int argv_read(struct play_file *file, struct play *play, char *at)
{
	size_t len;
	char *word;

	while ((word = word_take(&at, &len))) {
		if (play->argc == PLAY_WORDS_MAX) {
			free(word);
			return wrong(file, "too many words");
		}
		play->argv[play->argc++] = word_place(file, word);
	}
	return *skip(at) && *skip(at) != '#' ? wrong(file, "bad word") : 0;
}

/* "BYTES" or any. */
static int bytes_read(struct play_file *file, struct stage_send *send, char *at)
{
	at = skip(at);
	if (strcmp(at, "any") == 0)
		return 0;
	send->bytes = word_take(&at, &send->len);
	return send->bytes ? 0 : wrong(file, "bad bytes");
}

static int send_read(struct play_file *file, struct play *play, char *at)
{
	struct stage_send *send = &play->sends[play->send_count];

	if (play->send_count == PLAY_SENDS_MAX)
		return wrong(file, "too many sends");
	send->heard = play->data_len;
	send->heard_count = play->end_count;
	play->send_count++;
	return bytes_read(file, send, at);
}

static int starttls_read(struct play_file *file, struct play *play)
{
	struct stage_send *send = &play->sends[play->send_count];

	if (play->send_count == PLAY_SENDS_MAX)
		return wrong(file, "too many sends");
	*send = (struct stage_send){
		.starttls = true,
		.heard = play->data_len,
		.heard_count = play->end_count,
	};
	play->send_count++;
	return 0;
}

static int last_read(struct play_file *file, struct play *play, char *at)
{
	if (play->has_last)
		return wrong(file, "two lines 'last'");
	play->has_last = true;
	return bytes_read(file, &play->last, at);
}

static int peer_read(struct play_file *file, struct play *play, char *at)
{
	long count = 1;
	size_t len;
	char *word;

	if (*at == '*')
		count = strtol(at + 1, &at, 10);
	word = word_take(&at, &len);
	if (!word)
		return wrong(file, "bad bytes");
	for (; count > 0 && play->data_len + len <= PLAY_BYTES_MAX; count--) {
		memcpy(play->data + play->data_len, word, len);
		play->data_len += len;
		if (play->end_count < PLAY_DATAGRAMS_MAX)
			play->ends[play->end_count++] = play->data_len;
	}
	free(word);
	return count == 0 ? 0 : wrong(file, "too many bytes");
}

static int verdict_read(
	struct play_file *file, struct play_verdict *verdict, char *at)
{
	static const char *const ends[] = {"up", "down", "waiting"};
	size_t len;
	char *word = word_take(&at, &len);

	verdict->said = true;
	for (verdict->end = STAGE_UP; verdict->end <= STAGE_WAITING;
		verdict->end++)
		if (word && strcmp(word, ends[verdict->end]) == 0)
			break;
	free(word);
	if (verdict->end > STAGE_WAITING)
		return wrong(file, "bad verdict");
	if (verdict->end != STAGE_WAITING)
		verdict->code = (int)strtol(at, &at, 10);
	if (verdict->end == STAGE_UP) {
		verdict->weight = (int)strtol(at, &at, 10);
		return 0;
	}
	word = word_take(&at, &len);
	if (!word)
		return wrong(file, "verdict without a reason");
	snprintf(verdict->why, sizeof(verdict->why), "%s", word);
	free(word);
	return 0;
}

static int directive_read(struct play_file *file, struct play *play, char *line)
{
	if (strncmp(line, "argv", 4) == 0)
		return argv_read(file, play, line + 4);
	if (strncmp(line, "send ", 5) == 0)
		return send_read(file, play, line + 5);
	if (strcmp(line, "starttls") == 0)
		return starttls_read(file, play);
	if (strncmp(line, "last ", 5) == 0)
		return last_read(file, play, line + 5);
	if (strncmp(line, "peer", 4) == 0)
		return peer_read(file, play, line + 4);
	if (strncmp(line, "verdict ", 8) == 0)
		return verdict_read(file, &play->verdict, line + 8);
	if (strncmp(line, "at-eof ", 7) == 0)
		return verdict_read(file, &play->at_eof, line + 7);
	if (strcmp(line, "eof") == 0) {
		play->eof = true;
		return 0;
	}
	if (strncmp(line, "port ", 5) == 0) {
		play->port = (uint16_t)strtoul(line + 5, NULL, 10);
		return 0;
	}
	return wrong(file, "no such directive");
}

/* Reads the lines up to the next play. Returns 0 or -1. */
static int body_read(struct play_file *file, struct play *play)
{
	char *line = NULL;
	size_t size = 0;
	int result = 0;

	file->pending = false;
	while (result == 0 && getline(&line, &size, file->stream) >= 0) {
		char *at = skip(line);

		file->line++;
		at[strcspn(at, "\n")] = '\0';
		if (*at == '\0' || *at == '#')
			continue;
		if (strncmp(at, "play ", 5) == 0) {
			snprintf(file->name, sizeof(file->name), "%s",
				skip(at + 5));
			file->pending = true;
			break;
		}
		result = directive_read(file, play, at);
	}
	free(line);
	return result;
}

int play_next(struct play_file *file, const char *checker, struct play *play)
{
	int result = 0;

	memset(play, 0, sizeof(*play));
	play->data = keep(malloc(PLAY_BYTES_MAX));
	play->ends = keep(calloc(PLAY_DATAGRAMS_MAX, sizeof(*play->ends)));
	play->argv[play->argc++] = keep(strdup(checker));
	if (file->line == 0)
		result = body_read(file, play);
	if (result == 0 && file->pending) {
		play->line = file->line;
		snprintf(play->name, sizeof(play->name), "%s", file->name);
		result = body_read(file, play);
		if (result == 0 && play->verdict.said)
			return 1;
		result = wrong(file, "the play ends without a verdict");
	}
	play_free(play);
	return result;
}

void play_free(struct play *play)
{
	for (int i = 0; i < play->argc; i++)
		free(play->argv[i]);
	for (size_t i = 0; i < play->send_count; i++)
		free(play->sends[i].bytes);
	free(play->last.bytes);
	free(play->data);
	free(play->ends);
	memset(play, 0, sizeof(*play));
}
