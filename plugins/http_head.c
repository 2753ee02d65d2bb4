// SPDX-License-Identifier: GPL-2.0-or-later
/* The head of an HTTP/1.x answer: status line, field lines, framing. */
#include "http_conf.h"

#include <strings.h>

/* 15 hexadecimal digits do not overflow 64 bits. */
#define CHUNK_DIGITS_MAX 15

/* Part of a header line. */
struct span {
	const char *text;
	size_t len;
};

/* A bit for each character of ASCII: letters, digits and !#$%&'*+-.^_`|~ */
static const uint32_t tchars[4] = {0x0, 0x3ff6cfa, 0xc7fffffe, 0x57ffffff};

bool http_is_tchar(char c)
{
	unsigned char at = (unsigned char)c;

	return at < 128 && (tchars[at / 32] >> at % 32 & 1);
}

/* RFC 9112, 2.2 and RFC 9110, 5.5: implementations interpret these bytes in
 * different ways. Returns NULL, or the reason to refuse the line. */
static const char *head_bytes(const char *text, size_t len)
{
	const char *end = text + len;
	const char *cr = memchr(text, '\r', len);

	if (memchr(text, '\0', len))
		return "NUL in the header";
	for (; cr; cr = memchr(cr, '\r', (size_t)(end - cr)))
		if (++cr == end || *cr != '\n')
			return "bare CR in the header";
	return NULL;
}

/* RFC 9112, 4. Many servers omit the last space, so it is optional here. */
const char *http_status_line(struct http_state *state, const struct line *line)
{
	const size_t at = strlen("HTTP/1.1"); /* of the space */
	const char *text = line->text;
	const char *why = head_bytes(text, line->len);
	int status;

	if (why)
		return why;
	if (line->len < 5 || memcmp(text, "HTTP/", 5) != 0)
		return "answer is not HTTP";
	if (line->len < at + 4 || text[at] != ' ' || !codes_digit(text[5]) ||
		text[6] != '.' || !codes_digit(text[7]))
		return "bad status line";
	if (text[5] != '1')
		return "HTTP version is not 1.x";
	status = codes_number(text + at + 1);
	if (status < 0 || (line->len > at + 4 && text[at + 4] != ' '))
		return "bad status line";
	state->status = (uint16_t)status;
	state->head.old = text[7] == '0';
	return NULL;
}

static bool is_white_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The end of a folded line is white space. */
static void span_trim(struct span *span)
{
	while (span->len > 0 && is_white_space(span->text[0])) {
		span->text++;
		span->len--;
	}
	while (span->len > 0 && is_white_space(span->text[span->len - 1]))
		span->len--;
}

/* Takes the next element from a comma-separated value and trims it. Returns
 * false if no element is left. */
static bool value_next(struct span *value, struct span *element)
{
	const char *comma;

	if (!value->text)
		return false;
	*element = *value;
	comma = memchr(value->text, ',', value->len);
	if (comma) {
		element->len = (size_t)(comma - value->text);
		value->text = comma + 1;
		value->len -= element->len + 1;
	} else {
		value->text = NULL;
	}
	span_trim(element);
	return true;
}

static void fault_note(struct http_state *state, enum http_fault fault)
{
	if (state->head.fault == HTTP_NO_FAULT)
		state->head.fault = (uint8_t)fault;
}

/* RFC 9110, 8.6: any number of digits. A number over 64 bits becomes the
 * greatest one. */
static int length_parse(const struct span *digits, uint64_t *length)
{
	*length = 0;
	if (digits->len == 0)
		return -1;
	for (size_t i = 0; i < digits->len; i++) {
		if (!codes_digit(digits->text[i]))
			return -1;
		if (*length > (UINT64_MAX - 9) / 10)
			*length = UINT64_MAX;
		else
			*length = *length * 10 +
				  (uint64_t)(digits->text[i] - '0');
	}
	return 0;
}

/* RFC 9112, 6.3: several lengths are valid only if they are equal. */
static void field_length(struct http_state *state, struct span value)
{
	struct span element;
	uint64_t length;

	while (value_next(&value, &element)) {
		if (length_parse(&element, &length) < 0)
			fault_note(state, HTTP_BAD_LENGTH);
		else if (state->has_length && length != state->left)
			fault_note(state, HTTP_OTHER_LENGTH);
		state->has_length = true;
		state->left = length;
	}
}

/* RFC 9112, 6.1: a server must not use another coding, because the request has
 * no TE. RFC 9110, 5.6.1.2: empty elements are ignored. */
static void field_coding(struct http_state *state, struct span value)
{
	struct span element;

	while (value_next(&value, &element)) {
		if (element.len == 0)
			continue;
		if (state->chunked || element.len != 7 ||
			strncasecmp(element.text, "chunked", 7) != 0)
			fault_note(state, HTTP_OTHER_CODING);
		state->chunked = true;
	}
}

static bool name_is(const struct span *name, const char *wanted)
{
	return name->len == strlen(wanted) &&
	       strncasecmp(name->text, wanted, name->len) == 0;
}

/* The header of -W. Returns NULL, or why the server is down. */
static const char *field_weight(struct http_state *state, struct span value)
{
	unsigned int weight = 0;
	size_t at = 0;

	span_trim(&value);
	while (at < value.len && at < 3 && codes_digit(value.text[at]))
		weight = weight * 10 + (unsigned int)(value.text[at++] - '0');
	if (at == 0 || (at < value.len && value.text[at++] != '%') ||
		at < value.len || weight > CHECKER_WEIGHT_MAX)
		return "bad weight in the header";
	if (weight == 0)
		return "weight is 0";
	if (state->weight != 0 && weight != state->weight)
		return "weights in the header differ";
	state->weight = (uint8_t)weight;
	return NULL;
}

/* Notes the headers of -R that this one is. */
static void field_compare(const struct http_judges *judges,
	struct http_head *head, const struct span *name,
	const struct span *value)
{
	for (unsigned int i = 0; i < judges->header_count; i++) {
		const char *wanted = judges->headers[i];
		size_t len = name->len;

		if (strncasecmp(name->text, wanted, len) != 0 ||
			wanted[len] != ':')
			continue;
		wanted += len + 1;
		wanted += strspn(wanted, " \t");
		head->present |= (uint8_t)(1U << i);
		if (memmem(value->text, value->len, wanted, strlen(wanted)))
			head->expected |= (uint8_t)(1U << i);
	}
}

/* Reads a field by its name. */
static const char *field_take(const struct http_conf *conf,
	struct http_state *state, const struct span *name,
	const struct span *value)
{
	const struct http_judges *judges = conf->judges;

	if (conf->reads && name_is(name, "Content-Length"))
		field_length(state, *value);
	else if (conf->reads && name_is(name, "Transfer-Encoding"))
		field_coding(state, *value);
	if (!judges || (state->status < 200 && state->status != 101))
		return NULL;
	field_compare(judges, &state->head, name, value);
	if (judges->weight && name_is(name, judges->weight))
		return field_weight(state, *value);
	return NULL;
}

const char *http_field(const struct http_conf *conf, struct http_state *state,
	const char *text, size_t len)
{
	const char *why = head_bytes(text, len);
	struct span name = {.text = text};
	struct span value;

	if (why)
		return why;
	while (name.len < len && http_is_tchar(text[name.len]))
		name.len++;
	if (name.len == 0 || name.len == len)
		return "bad header line";
	if (text[name.len] == ' ' || text[name.len] == '\t')
		return "space before a header's colon";
	if (text[name.len] != ':')
		return "bad header line";
	value.text = text + name.len + 1;
	value.len = len - name.len - 1;
	return field_take(conf, state, &name, &value);
}

const char *http_framing(const struct http_state *state)
{
	static const char *const whys[] = {
		[HTTP_BAD_LENGTH] = "bad Content-Length",
		[HTTP_OTHER_LENGTH] = "Content-Lengths differ",
		[HTTP_OTHER_CODING] = "transfer coding is not chunked",
	};

	if (state->head.fault != HTTP_NO_FAULT)
		return whys[state->head.fault];
	if (state->chunked && state->head.old)
		return "Transfer-Encoding in an HTTP/1.0 answer";
	if (state->chunked && state->has_length)
		return "both Content-Length and Transfer-Encoding";
	return NULL;
}

static int hex_digit(char c)
{
	if (codes_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* RFC 9112, 7.1. Skips extensions. A line end without CR is an error. */
int http_chunk_size(const struct line *line, uint64_t *size)
{
	size_t at = 0;
	size_t digits = 0; /* without leading zeros */

	*size = 0;
	while (at < line->len && hex_digit(line->text[at]) >= 0) {
		*size = *size * 16 + (uint64_t)hex_digit(line->text[at]);
		if (*size > 0 && ++digits > CHUNK_DIGITS_MAX)
			return -1;
		at++;
	}
	if (at == 0 || !line->crlf)
		return -1;
	while (at < line->len &&
		(line->text[at] == ' ' || line->text[at] == '\t'))
		at++;
	return at == line->len || line->text[at] == ';' ? 0 : -1;
}
