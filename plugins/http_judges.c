// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of http that judge the answer. */
#include "escape.h"
#include "http_request.h"

#include <stdlib.h>

#define BODY_MAX_DEFAULT (1U << 20)
#define BODY_MAX_MOST (1U << 30)

static int expectation_parse(
	struct http_judges *judges, const char *text, const struct refusal *to)
{
	if (http_header_check('R', text, to) < 0)
		return -1;
	if (judges->header_count == HTTP_HEADERS_MAX)
		return refuse(to, "-R: more than %d headers", HTTP_HEADERS_MAX);
	judges->headers[judges->header_count++] = text;
	return 0;
}

static int weight_parse(
	struct http_judges *judges, const char *text, const struct refusal *to)
{
	size_t len = http_token_length(text);

	if (len == 0 || text[len])
		return refuse(to, "-W: '%s' is not a header's name", text);
	judges->weight = text;
	return 0;
}

static int needle_parse(char option, const char **needle, const char *text,
	const struct refusal *to)
{
	if (text[0] == '\0' || strlen(text) > HTTP_NEEDLE_MAX)
		return refuse(to, "-%c: text must have 1 to %d bytes, not %zu",
			option, HTTP_NEEDLE_MAX, strlen(text));
	*needle = text;
	return 0;
}

static int statuses_parse(
	struct codes *accepted, const char *text, const struct refusal *to)
{
	if (codes_parse(accepted, text, 101, 599) < 0)
		return refuse(to, "-s: bad status list '%s'", text);
	for (unsigned int code = 102; code < 200; code++)
		if (codes_has(accepted, code))
			return refuse(
				to, "-s: %u is never a final status", code);
	return 0;
}

static int limit_parse(
	uint32_t *limit, const char *text, const struct refusal *to)
{
	if (option_number(text, 1, BODY_MAX_MOST, limit) == 0)
		return 0;
	return refuse(to, "-l: '%s' is not 1 to %u", text, BODY_MAX_MOST);
}

static int hex_parse(uint8_t *bytes, const char *text, size_t size)
{
	if (strlen(text) != 2 * size)
		return -1;
	for (size_t i = 0; i < size; i++) {
		int high = escape_hex(text[2 * i]);
		int low = escape_hex(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		bytes[i] = (uint8_t)(high * 16 + low);
	}
	return 0;
}

static int digest_parse(
	struct http_judges *judges, const char *text, const struct refusal *to)
{
	static const struct {
		const char *name;
		enum digest_kind kind;
	} kinds[] = {{"md5:", DIGEST_MD5}, {"sha256:", DIGEST_SHA256}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t len = strlen(kinds[i].name);
		size_t size = digest_size(kinds[i].kind);

		if (strncmp(text, kinds[i].name, len) != 0 ||
			hex_parse(judges->digest, text + len, size) < 0)
			continue;
		judges->digest_kind = (uint8_t)kinds[i].kind;
		judges->digest_len = (uint8_t)size;
		return 0;
	}
	return refuse(to,
		"-D: '%s' is neither md5: and 32 nor sha256: and 64 "
		"hexadecimal digits",
		text);
}

int http_judge_option(
	struct http_options *options, int option, const struct refusal *to)
{
	struct http_judges *judges = &options->judges;

	switch (option) {
	case 's':
		options->statuses = optarg;
		return 0;
	case 'e':
		return needle_parse('e', &options->wanted, optarg, to);
	case 'E':
		return needle_parse('E', &options->refused, optarg, to);
	case 'D':
		return digest_parse(judges, optarg, to);
	case 'R':
		return expectation_parse(judges, optarg, to);
	case 'W':
		return weight_parse(judges, optarg, to);
	case 'l':
		return limit_parse(&options->conf->body_max, optarg, to);
	case 'x':
		options->wanted_pattern = optarg;
		return 0;
	case 'X':
		options->refused_pattern = optarg;
		return 0;
	case 'P':
		options->perl = true;
		return 0;
	default:
		options->whole = true;
		return 0;
	}
}

/* Options that say what the body must be. Returns 0 or -1. */
static int body_check(
	const struct http_options *options, const struct refusal *to)
{
	const char *method = options->request.method;
	bool texts = options->wanted || options->refused;
	bool patterns = options->wanted_pattern || options->refused_pattern;
	bool digest = options->judges.digest_len > 0;

	if (texts + patterns + digest > 1)
		return refuse(to, "use -e and -E, or -x and -X, or -D");
	if (options->perl && !patterns)
		return refuse(to, "-P: needs -x or -X");
	if ((texts || patterns || digest || options->whole) &&
		(options->conf->head || options->request.tunnel))
		return refuse(to, "an answer to %s has no body", method);
	return 0;
}

/* border[n] is the length of the longest proper prefix of the needle's first n
 * bytes that is also their suffix. Returns 0, or -1 if there is no memory. */
static int needle_take(struct http_needle *needle, const char *text)
{
	uint16_t border = 0;

	if (!text)
		return 0;
	needle->len = (uint16_t)strlen(text);
	needle->border = calloc(needle->len + 1U, sizeof(*needle->border));
	if (!needle->border)
		return -1;
	needle->text = text;
	for (uint16_t n = 1; n < needle->len; n++) {
		while (border > 0 && text[n] != text[border])
			border = needle->border[border];
		if (text[n] == text[border])
			border++;
		needle->border[n + 1] = border;
	}
	return 0;
}

static int pattern_take(struct pattern **pattern, char option, const char *text,
	const struct http_options *options, const struct refusal *to)
{
	if (!text)
		return 0;
	*pattern = pattern_compile(
		option, text, options->perl ? PATTERN_PERL : PATTERN_POSIX, to);
	return *pattern ? 0 : -1;
}

static int status_take(
	const struct http_options *options, const struct refusal *to)
{
	const char *text = options->statuses;

	if (!text)
		text = options->request.tunnel ? "200-299" : "200-399";
	return statuses_parse(&options->conf->accepted, text, to);
}

/* Prepares the searches of the body in options->judges. */
static int searches_take(struct http_options *options, const struct refusal *to)
{
	struct http_judges *judges = &options->judges;

	if (needle_take(&judges->wanted, options->wanted) < 0 ||
		needle_take(&judges->refused, options->refused) < 0)
		return refuse(to, "out of memory");
	if (pattern_take(&judges->wanted_pattern, 'x', options->wanted_pattern,
		    options, to) < 0)
		return -1;
	return pattern_take(&judges->refused_pattern, 'X',
		options->refused_pattern, options, to);
}

static void searches_release(struct http_judges *judges)
{
	free(judges->wanted.border);
	free(judges->refused.border);
	if (judges->wanted_pattern)
		pattern_free(judges->wanted_pattern);
	if (judges->refused_pattern)
		pattern_free(judges->refused_pattern);
}

/* Moves options->judges to conf, if an answer needs them. */
static int judges_keep(struct http_options *options, const struct refusal *to)
{
	const struct http_judges *judges = &options->judges;
	struct http_conf *conf = options->conf;

	if (!conf->reads && judges->header_count == 0 && !judges->weight)
		return 0;
	conf->judges = malloc(sizeof(*conf->judges));
	if (!conf->judges)
		return refuse(to, "out of memory");
	*conf->judges = *judges;
	return 0;
}

int http_judges_take(struct http_options *options, const struct refusal *to)
{
	struct http_conf *conf = options->conf;

	if (status_take(options, to) < 0 || body_check(options, to) < 0)
		return -1;
	conf->whole = options->whole || options->refused ||
		      options->refused_pattern ||
		      options->judges.digest_len > 0;
	conf->reads = conf->whole || options->wanted || options->wanted_pattern;
	if (searches_take(options, to) == 0 && judges_keep(options, to) == 0)
		return 0;
	searches_release(&options->judges);
	return -1;
}

bool http_judges_compare(const struct http_judges *judges)
{
	return judges &&
	       (judges->digest_len || judges->wanted.text ||
		       judges->refused.text || judges->wanted_pattern ||
		       judges->refused_pattern);
}

void http_judges_begin(struct http_conf *conf)
{
	conf->body_max = BODY_MAX_DEFAULT;
}

void http_judges_release(struct http_conf *conf)
{
	if (conf->judges)
		searches_release(conf->judges);
	free(conf->judges);
}
