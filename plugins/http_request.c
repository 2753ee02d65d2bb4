// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of http, and the request that they describe. */
#include "http_conf.h"
#include "vector.h"

#include <stdlib.h>
#include <strings.h>

#define EXTRAS_MAX 32
#define PORT_MAX 65535
#define PORT_HTTPS 443
#define BODY_MAX_DEFAULT (1U << 20)
#define BODY_MAX_MOST (1U << 30)

struct request {
	const char *method;
	const char *path;
	const char *host; /* NULL = unknown */
	size_t host_len;
	const char *version; /* NULL = no -v */
	const char *user;    /* "user:password", or NULL */
	const char *needle;
	uint32_t body_max;
	uint16_t port;
	const char *tls_host; /* of an https URL, or NULL */
	size_t tls_host_len;
	bool host_said; /* by -H, which takes precedence over the URL */
	const char *extras[EXTRAS_MAX];
	size_t extra_count;
	struct codes accepted;
	char text[HTTP_REQUEST_MAX]; /* the request itself */
	size_t length;
};

/* RFC 9110, 7.2: whether text is a host with an optional port. */
static bool is_host(const char *text, size_t len)
{
	static const char others[] = "/?#@,;\\\"<>{}|^`";

	for (size_t i = 0; i < len; i++)
		if (strchr(others, text[i]))
			return false;
	return option_is_word(text, len);
}

/* Notes the host of an https URL without a port, the brackets of an address
 * (RFC 3986, 3.2.2), and the dot at the end of a name. */
static void secure(struct request *request, const char *host, size_t len)
{
	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len > 1 && host[len - 1] == '.')
		len--;
	request->tls_host = host;
	request->tls_host_len = len;
}

/* RFC 9110, 4.2.1 and 4.2.2, without user and fragment. scheme is the length of
 * the part before the host. */
static int url_parse(struct request *request, const char *url, size_t scheme,
	const struct refusal *to)
{
	const char *host = url + scheme;
	size_t len = strcspn(host, "/?#");
	const char *colon = memrchr(host, ':', len);
	const char *bracket = memchr(host, ']', len);
	size_t name = len;
	uint32_t port = 0;

	if (memchr(host, '@', len))
		return refuse(to, "-u: user in the URL: use -A");
	if (colon && (!bracket || colon > bracket)) {
		char digits[6] = "";

		name = (size_t)(colon - host);
		if (len - name - 1 < sizeof(digits))
			memcpy(digits, colon + 1, len - name - 1);
		if (option_number(digits, 1, PORT_MAX, &port) < 0)
			return refuse(to, "-u: bad port in '%s'", url);
	}
	if (name == 0 || !is_host(host, len))
		return refuse(to, "-u: no host in '%s'", url);
	if (host[len] == '?')
		return refuse(to, "-u: no path in '%s'", url);
	request->port = (uint16_t)port;
	request->path = host[len] ? host + len : "/";
	request->tls_host = NULL;
	if (scheme == strlen("https://"))
		secure(request, host, name);
	if (request->tls_host && !port)
		request->port = PORT_HTTPS;
	if (!request->host_said) {
		request->host = host;
		request->host_len = len;
	}
	return 0;
}

static int path_parse(
	struct request *request, const char *text, const struct refusal *to)
{
	if (!option_is_word(text, strlen(text)))
		return refuse(to,
			"-u: space, control or non-ASCII byte in "
			"'%s': write it as %%XX",
			text);
	if (strchr(text, '#'))
		return refuse(to, "-u: '#' part in '%s'", text);
	if (strncasecmp(text, "https://", 8) == 0)
		return url_parse(request, text, 8, to);
	if (strncasecmp(text, "http://", 7) == 0)
		return url_parse(request, text, 7, to);
	if (text[0] != '/' && strcmp(text, "*") != 0)
		return refuse(to,
			"-u: '%s' is neither a path nor an http or https URL",
			text);
	request->path = text;
	request->port = 0;
	request->tls_host = NULL;
	return 0;
}

static int host_parse(
	struct request *request, const char *text, const struct refusal *to)
{
	if (!is_host(text, strlen(text)))
		return refuse(to, "-H: '%s' is not a host", text);
	request->host = text;
	request->host_len = strlen(text);
	request->host_said = true;
	return 0;
}

static int method_parse(
	struct request *request, const char *text, const struct refusal *to)
{
	size_t len = 0;

	while (http_is_tchar(text[len]))
		len++;
	if (len == 0 || text[len])
		return refuse(to, "-m: '%s' is not a method", text);
	if (strcmp(text, "CONNECT") == 0)
		return refuse(to, "-m: CONNECT is not supported");
	request->method = text;
	return 0;
}

static bool header_is(const char *header, const char *name)
{
	size_t len = strlen(name);

	return strncasecmp(header, name, len) == 0 && header[len] == ':';
}

static bool has_header(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->extra_count; i++)
		if (header_is(request->extras[i], name))
			return true;
	return false;
}

static int extra_parse(
	struct request *request, const char *text, const struct refusal *to)
{
	size_t len = 0;

	while (http_is_tchar(text[len]))
		len++;
	if (len == 0 || text[len] != ':')
		return refuse(to, "-a: '%s' is not 'Name: value'", text);
	for (const char *c = text; *c; c++)
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			return refuse(to, "-a: control byte in '%s'", text);
	if (header_is(text, "Host"))
		return refuse(to, "-a: use -H for the host");
	if (header_is(text, "Content-Length") ||
		header_is(text, "Transfer-Encoding"))
		return refuse(to, "-a: the request has no body: '%s'", text);
	if (request->extra_count == EXTRAS_MAX)
		return refuse(to, "-a: more than %d headers", EXTRAS_MAX);
	request->extras[request->extra_count++] = text;
	return 0;
}

/* RFC 7617, 2. */
static int user_parse(
	struct request *request, const char *text, const struct refusal *to)
{
	if (!strchr(text, ':'))
		return refuse(to, "-A: '%s' is not user:password", text);
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return refuse(to, "-A: control byte");
	request->user = text;
	return 0;
}

static int needle_parse(
	struct request *request, const char *text, const struct refusal *to)
{
	if (text[0] == '\0' || strlen(text) > HTTP_NEEDLE_MAX)
		return refuse(to, "-e: text must have 1 to %d bytes, not %zu",
			HTTP_NEEDLE_MAX, strlen(text));
	request->needle = text;
	return 0;
}

static int statuses_parse(
	struct request *request, const char *text, const struct refusal *to)
{
	if (codes_parse(&request->accepted, text, 101, 599) < 0)
		return refuse(to, "-s: bad status list '%s'", text);
	for (unsigned int code = 102; code < 200; code++)
		if (codes_has(&request->accepted, code))
			return refuse(
				to, "-s: %u is never a final status", code);
	return 0;
}

static int version_parse(
	struct request *request, const char *text, const struct refusal *to)
{
	if (strcmp(text, "1.0") != 0 && strcmp(text, "1.1") != 0)
		return refuse(to, "-v: '%s' is neither 1.0 nor 1.1", text);
	request->version = text;
	return 0;
}

static int option_parse(
	struct request *request, int option, const struct refusal *to)
{
	switch (option) {
	case 'u':
		return path_parse(request, optarg, to);
	case 'H':
		return host_parse(request, optarg, to);
	case 'm':
		return method_parse(request, optarg, to);
	case 'v':
		return version_parse(request, optarg, to);
	case 's':
		return statuses_parse(request, optarg, to);
	case 'e':
		return needle_parse(request, optarg, to);
	case 'a':
		return extra_parse(request, optarg, to);
	case 'A':
		return user_parse(request, optarg, to);
	case 'l':
		if (option_number(
			    optarg, 1, BODY_MAX_MOST, &request->body_max) == 0)
			return 0;
		return refuse(
			to, "-l: '%s' is not 1 to %u", optarg, BODY_MAX_MOST);
	default:
		return refuse_option(to, option);
	}
}

static int request_check(
	const struct request *request, const struct refusal *to)
{
	if (request->needle && strcmp(request->method, "HEAD") == 0)
		return refuse(to, "-e: an answer to HEAD has no body");
	if (request->user && has_header(request, "Authorization"))
		return refuse(to, "-a: -A already sets Authorization");
	if (strcmp(request->path, "*") == 0 &&
		strcmp(request->method, "OPTIONS") != 0)
		return refuse(to, "-u: '*' needs -m OPTIONS");
	return 0;
}

/* Appends to the request. Text that does not fit is dropped, but counts in
 * length. */
__attribute__((format(printf, 2, 3))) static void add(
	struct request *request, const char *format, ...)
{
	va_list ap;
	size_t at = request->length;
	int len = 0;

	if (at < sizeof(request->text)) {
		va_start(ap, format);
		len = vsnprintf(request->text + at, sizeof(request->text) - at,
			format, ap);
		va_end(ap);
	}
	request->length += len < 0 ? sizeof(request->text) : (size_t)len;
}

/* RFC 4648, 4. */
static void add_base64(struct request *request, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	unsigned int count = 0; /* of bits */

	for (; *text; text++) {
		bits = bits << 8 | (unsigned char)*text;
		for (count += 8; count >= 6; count -= 6)
			add(request, "%c", digits[bits >> (count - 6) & 63]);
	}
	if (count > 0)
		add(request, "%c%s", digits[bits << (6 - count) & 63],
			count == 2 ? "==" : "=");
}

/* Adds a default header, unless -a has one of the same name. */
static void add_header(
	struct request *request, const char *name, const char *value)
{
	if (!has_header(request, name))
		add(request, "%s: %s\r\n", name, value);
}

/* RFC 9110, 8.6: servers expect a Content-Length with these methods. */
static bool wants_length(const char *method)
{
	return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
	       strcmp(method, "PATCH") == 0;
}

/* If the host is unknown, the default is HTTP/1.0, which needs no host. */
static void request_write(struct request *request)
{
	const char *version = request->version;

	if (!version)
		version = request->host ? "1.1" : "1.0";
	add(request, "%s %s HTTP/%s\r\n", request->method, request->path,
		version);
	if (request->host)
		add(request, "Host: %.*s\r\n", (int)request->host_len,
			request->host);
	else if (strcmp(version, "1.1") == 0)
		add(request, "Host:\r\n"); /* RFC 9112, 3.2 */
	add_header(request, "User-Agent", "lvsmon");
	add_header(request, "Accept", "*/*");
	if (request->needle)
		add_header(request, "Accept-Encoding", "identity");
	add_header(request, "Connection", "close");
	if (wants_length(request->method))
		add(request, "Content-Length: 0\r\n");
	if (request->user) {
		add(request, "Authorization: Basic ");
		add_base64(request, request->user);
		add(request, "\r\n");
	}
	for (size_t i = 0; i < request->extra_count; i++)
		add(request, "%s\r\n", request->extras[i]);
	add(request, "\r\n");
}

/* border[n] is the length of the longest proper prefix of the needle's first n
 * bytes that is also their suffix. */
static void needle_prepare(struct http_conf *conf)
{
	uint16_t border = 0;

	for (uint32_t n = 1; n < conf->needle_len; n++) {
		while (border > 0 && conf->needle[n] != conf->needle[border])
			border = conf->border[border];
		if (conf->needle[n] == conf->needle[border])
			border++;
		conf->border[n + 1] = border;
	}
}

/* Keeps what the probes need, in memory of its own size: there may be many
 * vectors. Returns 0, or -1 if there is no memory. */
static int conf_take(struct http_conf *conf, const struct request *request)
{
	conf->accepted = request->accepted;
	conf->head = strcmp(request->method, "HEAD") == 0;
	conf->port = request->port;
	conf->body_max = request->body_max;
	conf->request_len = request->length;
	conf->request = malloc(request->length);
	if (!conf->request)
		return -1;
	memcpy(conf->request, request->text, request->length);
	if (request->tls_host) {
		conf->tls_host =
			strndup(request->tls_host, request->tls_host_len);
		if (!conf->tls_host)
			return -1;
	}
	if (!request->needle)
		return 0;
	conf->needle = request->needle;
	conf->needle_len = (uint32_t)strlen(request->needle);
	conf->border = calloc(conf->needle_len + 1, sizeof(*conf->border));
	if (!conf->border)
		return -1;
	needle_prepare(conf);
	return 0;
}

int http_configure(void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct http_conf *conf = data;
	struct request request = {
		.method = "GET", .path = "/", .body_max = BODY_MAX_DEFAULT};
	int option;

	codes_parse(&request.accepted, "200-399", 200, 399);
	while ((option = getopt(argc, argv, "+:u:H:m:v:s:e:l:a:A:")) != -1)
		if (option_parse(&request, option, &to) < 0)
			return -1;
	if (refuse_rest(&to, argc, argv) < 0 ||
		request_check(&request, &to) < 0)
		return -1;
	request_write(&request);
	if (request.length >= sizeof(request.text))
		return refuse(&to, "request longer than %d bytes",
			HTTP_REQUEST_MAX - 1);
	if (conf_take(conf, &request) == 0)
		return 0;
	http_release(conf);
	return refuse(&to, "out of memory");
}

void http_release(void *data)
{
	struct http_conf *conf = data;

	free(conf->tls_host);
	free(conf->request);
	free(conf->border);
}
