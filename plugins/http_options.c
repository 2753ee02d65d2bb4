// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of http. */
#include "file.h"
#include "http_request.h"

#include <stdlib.h>
#include <strings.h>

#define USER_MAX 1024 /* bytes of a file with user and password */

static int method_parse(struct http_request *request, const char *text,
	const struct refusal *to)
{
	size_t len = http_token_length(text);

	if (len == 0 || text[len])
		return refuse(to, "-m: '%s' is not a method", text);
	request->method = text;
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
	if (http_header_check('a', text, to) < 0)
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

/* Reads "user:password" from the first line of a file. Returns NULL with the
 * reason in `to`, or a text that the caller frees. The reason must not have a
 * part of the password. */
static char *user_read(char option, const char *path, const struct refusal *to)
{
	size_t len;
	char *text = file_read(option, path, USER_MAX, &len, to);

	if (!text)
		return NULL;
	text[strcspn(text, "\r\n")] = '\0';
	if (strchr(text, ':'))
		return text;
	refuse(to, "-%c: no user:password in %s", option, path);
	free(text);
	return NULL;
}

/* RFC 7617, 2. */
static int user_parse(
	char option, char **user, const char *text, const struct refusal *to)
{
	free(*user);
	*user = text[0] == '@' ? user_read(option, text + 1, to) : strdup(text);
	if (!*user)
		return text[0] == '@' ? -1 : refuse(to, "out of memory");
	if (!strchr(*user, ':'))
		return refuse(
			to, "-%c: '%s' is not user:password", option, text);
	for (const char *c = *user; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return refuse(to, "-%c: control byte", option);
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

static int options_parse(struct http_options *options, int argc, char **argv,
	const struct refusal *to)
{
	int option;

	while ((option = getopt(argc, argv,
			"+:u:H:m:v:a:A:U:d:F:ps:e:E:x:X:PD:R:W:l:w")) != -1) {
		bool answer = option != ':' && option != '?' &&
			      strchr("seEDRWlxXPw", option);

		if (answer ? http_judge_option(options, option, to) < 0
			   : request_option(options, option, to) < 0)
			return -1;
	}
	return refuse_rest(to, argc, argv);
}

/* RFC 9110, 9.3.2, 9.3.6 and 9.3.8. */
static bool forbids_content(const char *method)
{
	return strcmp(method, "HEAD") == 0 || strcmp(method, "CONNECT") == 0 ||
	       strcmp(method, "TRACE") == 0;
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
		forbids_content(request->method))
		return refuse(to, "-%c: a request of %s has no body",
			options->text ? 'd' : 'F', request->method);
	return 0;
}

/* Writes the request and keeps it, in memory of its own size: there may be many
 * vectors. */
static int request_keep(struct http_options *options, const char *content,
	const struct refusal *to)
{
	struct http_request *request = &options->request;
	struct http_conf *conf = options->conf;

	request->has_content = content != NULL;
	request->identity = http_judges_compare(conf->judges);
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

/* Takes the options that depend on others. */
static int options_take(struct http_options *options, const struct refusal *to)
{
	struct http_request *request = &options->request;

	if (!request->method)
		request->method =
			options->text || options->file ? "POST" : "GET";
	options->conf->head = strcmp(request->method, "HEAD") == 0;
	if (http_target_parse(options, to) < 0 ||
		request_check(options, to) < 0 ||
		http_judges_take(options, to) < 0)
		return -1;
	return request_take(options, to);
}

int http_configure(void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct http_options options = {.conf = data, .target = "/"};
	int result;

	http_judges_begin(options.conf);
	result = options_parse(&options, argc, argv, &to);
	if (result == 0)
		result = options_take(&options, &to);
	free(options.request.user);
	free(options.request.proxy_user);
	if (result < 0)
		http_release(data);
	return result;
}

void http_release(void *data)
{
	struct http_conf *conf = data;

	free(conf->tls_host);
	free(conf->request);
	http_judges_release(conf);
	memset(conf, 0, sizeof(*conf));
}
