// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of http. */
#include "escape.h"
#include "file.h"
#include "http_request.h"

#include <stdlib.h>
#include <strings.h>

#define BODY_MAX_DEFAULT (1U << 20)
#define BODY_MAX_MOST (1U << 30)

static size_t token_length(const char *text)
{
	size_t len = 0;

	while (http_is_tchar(text[len]))
		len++;
	return len;
}

static int method_parse(struct http_request *request, const char *text,
	const struct refusal *to)
{
	size_t len = token_length(text);

	if (len == 0 || text[len])
		return refuse(to, "-m: '%s' is not a method", text);
	request->method = text;
	return 0;
}

/* Whether text is "Name: value". */
static int header_check(char option, const char *text, const struct refusal *to)
{
	size_t len = token_length(text);

	if (len == 0 || text[len] != ':')
		return refuse(
			to, "-%c: '%s' is not 'Name: value'", option, text);
	for (const char *c = text; *c; c++)
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			return refuse(
				to, "-%c: control byte in '%s'", option, text);
	return 0;
}

static bool header_is(const char *header, const char *name)
{
	size_t len = strlen(name);

	return strncasecmp(header, name, len) == 0 && header[len] == ':';
}

static int extra_parse(struct http_request *request, const char *text,
	const struct refusal *to)
{
	if (header_check('a', text, to) < 0)
		return -1;
	if (header_is(text, "Host"))
		return refuse(to, "-a: use -H for the host");
	if (header_is(text, "Content-Length") ||
		header_is(text, "Transfer-Encoding"))
		return refuse(
			to, "-a: use -d or -F for the body, not '%s'", text);
	if (request->extra_count == HTTP_EXTRAS_MAX)
		return refuse(to, "-a: more than %d headers", HTTP_EXTRAS_MAX);
	request->extras[request->extra_count++] = text;
	return 0;
}

static int expectation_parse(
	struct http_conf *conf, const char *text, const struct refusal *to)
{
	if (header_check('R', text, to) < 0)
		return -1;
	if (conf->header_count == HTTP_HEADERS_MAX)
		return refuse(to, "-R: more than %d headers", HTTP_HEADERS_MAX);
	conf->headers[conf->header_count++] = text;
	return 0;
}

static int weight_parse(
	struct http_conf *conf, const char *text, const struct refusal *to)
{
	size_t len = token_length(text);

	if (len == 0 || text[len])
		return refuse(to, "-W: '%s' is not a header's name", text);
	conf->weight = text;
	return 0;
}

/* RFC 7617, 2. */
static int user_parse(char option, const char **user, const char *text,
	const struct refusal *to)
{
	if (!strchr(text, ':'))
		return refuse(
			to, "-%c: '%s' is not user:password", option, text);
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return refuse(to, "-%c: control byte", option);
	*user = text;
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

static int version_parse(struct http_request *request, const char *text,
	const struct refusal *to)
{
	if (strcmp(text, "1.0") != 0 && strcmp(text, "1.1") != 0)
		return refuse(to, "-v: '%s' is neither 1.0 nor 1.1", text);
	request->version = text;
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
	struct http_conf *conf, const char *text, const struct refusal *to)
{
	if (strncmp(text, "md5:", 4) == 0 &&
		hex_parse(conf->digest, text + 4, MD5_SIZE) == 0)
		conf->digest_kind = HTTP_MD5;
	else if (strncmp(text, "sha256:", 7) == 0 &&
		 hex_parse(conf->digest, text + 7, SHA256_SIZE) == 0)
		conf->digest_kind = HTTP_SHA256;
	else
		return refuse(to,
			"-D: '%s' is neither md5: and 32 nor sha256: and 64 "
			"hexadecimal digits",
			text);
	return 0;
}

static int request_option(
	struct http_options *options, int option, const struct refusal *to)
{
	struct http_request *request = &options->request;

	switch (option) {
	case 'H':
		return http_host_parse(request, optarg, to);
	case 'm':
		return method_parse(request, optarg, to);
	case 'v':
		return version_parse(request, optarg, to);
	case 'a':
		return extra_parse(request, optarg, to);
	case 'A':
		return user_parse('A', &request->user, optarg, to);
	case 'U':
		return user_parse('U', &request->proxy_user, optarg, to);
	case 'u':
		options->target = optarg;
		return 0;
	case 'd':
		options->text = optarg;
		return 0;
	case 'F':
		options->file = optarg;
		return 0;
	case 'p':
		options->proxy = true;
		return 0;
	default:
		return refuse_option(to, option);
	}
}

static int answer_option(
	struct http_options *options, int option, const struct refusal *to)
{
	struct http_conf *conf = options->conf;

	switch (option) {
	case 's':
		options->statuses = optarg;
		return 0;
	case 'e':
		return needle_parse('e', &options->wanted, optarg, to);
	case 'E':
		return needle_parse('E', &options->refused, optarg, to);
	case 'D':
		return digest_parse(conf, optarg, to);
	case 'R':
		return expectation_parse(conf, optarg, to);
	case 'W':
		return weight_parse(conf, optarg, to);
	case 'l':
		return limit_parse(&conf->body_max, optarg, to);
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

static int options_parse(struct http_options *options, int argc, char **argv,
	const struct refusal *to)
{
	int option;

	while ((option = getopt(argc, argv,
			"+:u:H:m:v:a:A:U:d:F:ps:e:E:x:X:PD:R:W:l:w")) != -1) {
		bool answer = option != ':' && option != '?' &&
			      strchr("seEDRWlxXPw", option);

		if (answer ? answer_option(options, option, to) < 0
			   : request_option(options, option, to) < 0)
			return -1;
	}
	return refuse_rest(to, argc, argv);
}

static bool is_one_of(const char *method, const char *a, const char *b)
{
	return strcmp(method, a) == 0 || strcmp(method, b) == 0;
}

/* Options that say what the body must be. Returns 0 or -1. */
static int body_check(
	const struct http_options *options, const struct refusal *to)
{
	const char *method = options->request.method;
	bool texts = options->wanted || options->refused;
	bool patterns = options->wanted_pattern || options->refused_pattern;
	bool digest = options->conf->digest_kind != HTTP_NO_DIGEST;

	if (texts + patterns + digest > 1)
		return refuse(to, "use -e and -E, or -x and -X, or -D");
	if (options->perl && !patterns)
		return refuse(to, "-P: needs -x or -X");
	if ((texts || patterns || digest || options->whole) &&
		is_one_of(method, "HEAD", "CONNECT"))
		return refuse(to, "an answer to %s has no body", method);
	return 0;
}

static int request_check(
	const struct http_options *options, const struct refusal *to)
{
	const struct http_request *request = &options->request;

	if (request->user && http_request_has(request, "Authorization"))
		return refuse(to, "-a: -A already sets Authorization");
	if (request->proxy_user &&
		http_request_has(request, "Proxy-Authorization"))
		return refuse(to, "-a: -U already sets Proxy-Authorization");
	if (options->text && options->file)
		return refuse(to, "-d: -F is the body already");
	if ((options->text || options->file) &&
		(is_one_of(request->method, "HEAD", "CONNECT") ||
			strcmp(request->method, "TRACE") == 0))
		return refuse(to, "-%c: a request of %s has no body",
			options->text ? 'd' : 'F', request->method);
	return body_check(options, to);
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

/* Keeps what judges the body. */
static int judges_take(
	const struct http_options *options, const struct refusal *to)
{
	struct http_conf *conf = options->conf;

	conf->whole = options->whole || options->refused ||
		      options->refused_pattern ||
		      conf->digest_kind != HTTP_NO_DIGEST;
	conf->reads = conf->whole || options->wanted || options->wanted_pattern;
	if (needle_take(&conf->wanted, options->wanted) < 0 ||
		needle_take(&conf->refused, options->refused) < 0)
		return refuse(to, "out of memory");
	if (pattern_take(&conf->wanted_pattern, 'x', options->wanted_pattern,
		    options, to) < 0)
		return -1;
	return pattern_take(&conf->refused_pattern, 'X',
		options->refused_pattern, options, to);
}

/* Writes the request and keeps it, in memory of its own size: there may be many
 * vectors. */
static int request_keep(struct http_options *options, const char *content,
	const struct refusal *to)
{
	struct http_request *request = &options->request;
	struct http_conf *conf = options->conf;

	request->has_content = content != NULL;
	request->identity =
		conf->reads &&
		(conf->digest_kind != HTTP_NO_DIGEST || options->wanted ||
			options->refused || conf->wanted_pattern ||
			conf->refused_pattern);
	http_request_write(request);
	if (request->length >= sizeof(request->text))
		return refuse(to, "request longer than %d bytes",
			HTTP_REQUEST_MAX - 1);
	conf->request_len = (uint32_t)(request->length + request->content_len);
	conf->request = malloc(conf->request_len);
	if (!conf->request)
		return refuse(to, "out of memory");
	memcpy(conf->request, request->text, request->length);
	if (content)
		memcpy(conf->request + request->length, content,
			request->content_len);
	return 0;
}

/* Takes the body of -d or -F. */
static int request_take(struct http_options *options, const struct refusal *to)
{
	struct http_request *request = &options->request;
	char *content;
	int result;

	if (!options->file) {
		request->content_len =
			options->text ? strlen(options->text) : 0;
		return request_keep(options, options->text, to);
	}
	content = file_read('F', options->file, HTTP_CONTENT_MAX,
		&request->content_len, to);
	if (!content)
		return -1;
	result = request_keep(options, content, to);
	free(content);
	return result;
}

/* What depends on other options. */
static int options_take(struct http_options *options, const struct refusal *to)
{
	struct http_request *request = &options->request;

	if (!request->method)
		request->method =
			options->text || options->file ? "POST" : "GET";
	options->conf->head = strcmp(request->method, "HEAD") == 0;
	if (!options->statuses)
		options->statuses = strcmp(request->method, "CONNECT") == 0
					    ? "200-299"
					    : "200-399";
	if (statuses_parse(&options->conf->accepted, options->statuses, to) < 0)
		return -1;
	if (http_target_parse(options, to) < 0 ||
		request_check(options, to) < 0 || judges_take(options, to) < 0)
		return -1;
	return request_take(options, to);
}

int http_configure(void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct http_options options = {.conf = data, .target = "/"};

	options.conf->body_max = BODY_MAX_DEFAULT;
	if (options_parse(&options, argc, argv, &to) == 0 &&
		options_take(&options, &to) == 0)
		return 0;
	http_release(data);
	return -1;
}

void http_release(void *data)
{
	struct http_conf *conf = data;

	free(conf->request);
	free(conf->wanted.border);
	free(conf->refused.border);
	if (conf->wanted_pattern)
		pattern_free(conf->wanted_pattern);
	if (conf->refused_pattern)
		pattern_free(conf->refused_pattern);
	memset(conf, 0, sizeof(*conf));
}
