// SPDX-License-Identifier: GPL-2.0-or-later
/* From POSIX's extended regular expressions to those of PCRE2. */
#include "ere.h"

#include <stdbool.h>
#include <string.h>

#define GROUPS_MAX 64

struct ere {
	const char *at; /* the next character of the pattern */
	char *buf;
	size_t size, len;
	bool full;   /* something found no room */
	size_t atom; /* the beginning of the last atom in buf */
	bool has_atom, repeated;
	size_t groups[GROUPS_MAX]; /* the beginnings of the open groups */
	size_t depth;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void ere_put(struct ere *ere, const char *text, size_t len)
{
	if (len > ere->size - ere->len) {
		ere->full = true;
		return;
	}
	memcpy(ere->buf + ere->len, text, len);
	ere->len += len;
}

static void ere_put_text(struct ere *ere, const char *text)
{
	ere_put(ere, text, strlen(text));
}

static void begin_atom(struct ere *ere)
{
	ere->atom = ere->len;
	ere->has_atom = true;
	ere->repeated = false;
}

static void end_atom(struct ere *ere)
{
	ere->has_atom = ere->repeated = false;
}

/* A character that means itself. */
static void put_literal(struct ere *ere, char c)
{
	if (!is_word(c) && (unsigned char)c < 0x80)
		ere_put(ere, "\\", 1);
	ere_put(ere, &c, 1);
}

/* In POSIX two repetitions in a row repeat the first one; in PCRE2 the second
 * would change the manner of the first. */
static void group_repeated(struct ere *ere)
{
	static const char open[] = "(?:";
	const size_t len = sizeof(open) - 1;

	if (len + 1 > ere->size - ere->len) {
		ere->full = true;
		return;
	}
	memmove(ere->buf + ere->atom + len, ere->buf + ere->atom,
		ere->len - ere->atom);
	memcpy(ere->buf + ere->atom, open, len);
	ere->len += len;
	ere_put(ere, ")", 1);
}

static void put_repetition(struct ere *ere, const char *text, size_t len)
{
	if (ere->repeated)
		group_repeated(ere);
	ere_put(ere, text, len);
	ere->repeated = true;
}

/* Returns the length of an interval such as {2,3} or {,3}, or 0. */
static size_t interval_length(const char *text)
{
	size_t len = 1, digits, more = 0;

	digits = strspn(text + len, "0123456789");
	len += digits;
	if (text[len] == ',') {
		more = strspn(text + len + 1, "0123456789");
		len += 1 + more;
	}
	return text[len] == '}' && digits + more > 0 ? len + 1 : 0;
}

static void ere_interval(struct ere *ere)
{
	size_t len = interval_length(ere->at);

	if (len == 0 || !ere->has_atom) {
		begin_atom(ere);
		put_literal(ere, *ere->at++);
		return;
	}
	if (ere->repeated)
		group_repeated(ere);
	ere_put_text(ere, ere->at[1] == ',' ? "{0" : "{");
	ere_put(ere, ere->at + 1, len - 1);
	ere->repeated = true;
	ere->at += len;
}

/* Reads [:alpha:], [.-.] or [=a=] inside of brackets. Returns whether there was
 * such a name. */
static bool read_class_name(struct ere *ere)
{
	const char end[] = {ere->at[1], ']', '\0'};
	const char *stop;

	if (ere->at[1] != ':' && ere->at[1] != '.' && ere->at[1] != '=')
		return false;
	stop = strstr(ere->at + 2, end);
	if (!stop)
		return false;
	if (ere->at[1] == ':' || stop - ere->at != 3)
		ere_put(ere, ere->at, (size_t)(stop + 2 - ere->at));
	else
		put_literal(ere, ere->at[2]);
	ere->at = stop + 2;
	return true;
}

/* A backslash means itself inside of brackets. */
static void read_brackets(struct ere *ere)
{
	begin_atom(ere);
	ere_put(ere, ere->at++, 1);
	if (*ere->at == '^')
		ere_put(ere, ere->at++, 1);
	if (*ere->at == ']')
		put_literal(ere, *ere->at++);
	while (*ere->at && *ere->at != ']') {
		if (*ere->at == '[' && read_class_name(ere))
			continue;
		if (*ere->at == '\\' || *ere->at == '[')
			ere_put(ere, "\\", 1);
		ere_put(ere, ere->at++, 1);
	}
	if (*ere->at)
		ere_put(ere, ere->at++, 1);
}

/* Whether text is a byte in hexadecimal, xHH. */
static bool is_byte(const char *text)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	return text[0] == 'x' && strspn(text + 1, digits) >= 2;
}

/* GNU's escapes, and \xHH, which PCRE2 has too; any other escaped character
 * means itself. */
static void read_escape(struct ere *ere)
{
	char c = ere->at[1];

	begin_atom(ere);
	if (is_byte(ere->at + 1)) {
		ere_put(ere, ere->at, 4);
		ere->at += 4;
		return;
	}
	ere->at += c ? 2 : 1;
	if (c == '<')
		ere_put_text(ere, "\\b(?=\\w)");
	else if (c == '>')
		ere_put_text(ere, "\\b(?<=\\w)");
	else if (c == '`')
		ere_put_text(ere, "\\A");
	else if (c == '\'')
		ere_put_text(ere, "\\z");
	else if (c && strchr("wWsSbB", c))
		ere_put(ere, (const char[]){'\\', c}, 2);
	else
		put_literal(ere, c ? c : '\\');
}

static void open_group(struct ere *ere)
{
	ere->at++;
	if (ere->depth == GROUPS_MAX) {
		ere->full = true;
		return;
	}
	ere->groups[ere->depth++] = ere->len;
	ere_put_text(ere, "(?:");
	end_atom(ere);
}

/* Without an open group it means itself. */
static void close_group(struct ere *ere)
{
	ere->at++;
	if (ere->depth == 0) {
		begin_atom(ere);
		put_literal(ere, ')');
		return;
	}
	begin_atom(ere);
	ere->atom = ere->groups[--ere->depth];
	ere_put(ere, ")", 1);
}

static void read_one(struct ere *ere)
{
	switch (*ere->at) {
	case '\\':
		read_escape(ere);
		break;
	case '[':
		read_brackets(ere);
		break;
	case '(':
		open_group(ere);
		break;
	case ')':
		close_group(ere);
		break;
	case '{':
		ere_interval(ere);
		break;
	case '*':
	case '+':
	case '?':
		put_repetition(ere, ere->at++, 1);
		break;
	case '|':
		ere_put(ere, ere->at++, 1);
		end_atom(ere);
		break;
	case '^':
	case '$':
	case '.':
		begin_atom(ere);
		ere_put(ere, ere->at++, 1);
		break;
	default:
		begin_atom(ere);
		put_literal(ere, *ere->at++);
	}
}

long ere_translate(const char *pattern, char *buf, size_t size)
{
	struct ere ere = {.at = pattern, .buf = buf, .size = size};

	while (*ere.at && !ere.full)
		read_one(&ere);
	return ere.full ? -1 : (long)ere.len;
}
