// SPDX-License-Identifier: GPL-2.0-or-later
/* The target of http's request: a path, a URL, or the end of a tunnel. */
#include "http_request.h"

#include <strings.h>

#define PORT_MAX 65535
#define PORT_HTTPS 443

/* RFC 9110, 7.2: whether text is a host with an optional port. */
static bool is_host(const char *text, size_t len)
{
	static const char others[] = "/?#@,;\\\"<>{}|^`";

	for (size_t i = 0; i < len; i++)
		if (strchr(others, text[i]))
			return false;
	return option_is_word(text, len);
}

/* Splits "host:port". Sets *name to the bytes of the host, and *port to 0 if
 * there is none. Returns 0, or -1 if the port is not valid. */
static int authority_split(
	const char *text, size_t len, size_t *name, uint32_t *port)
{
	const char *colon = memrchr(text, ':', len);
	const char *bracket = memchr(text, ']', len);
	char digits[6] = "";

	*name = len;
	*port = 0;
	if (!colon || (bracket && colon < bracket))
		return 0;
	*name = (size_t)(colon - text);
	if (len - *name - 1 < sizeof(digits))
		memcpy(digits, colon + 1, len - *name - 1);
	return option_number(digits, 1, PORT_MAX, port);
}

static void host_set(struct http_request *request, const char *text, size_t len)
{
	/* -H takes precedence. */
	if (request->host)
		return;
	request->host = text;
	request->host_len = len;
}

/* Keeps the host of an https URL without the brackets of an address (RFC 3986,
 * 3.2.2) and the dot at the end of a name. */
static int secure(struct http_options *options, const char *host, size_t len,
	const struct refusal *to)
{
	if (options->proxy)
		return refuse(to, "-p: a tunnel (-m CONNECT) is for https");
	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len > 1 && host[len - 1] == '.')
		len--;
	if (!options->conf->port)
		options->conf->port = PORT_HTTPS;
	options->conf->tls_host = strndup(host, len);
	return options->conf->tls_host ? 0 : refuse(to, "out of memory");
}

/* RFC 9110, 4.2.1 and 4.2.2, without user and fragment; host is behind the
 * scheme. */
static int url_parse(struct http_options *options, const char *host, bool tls,
	const struct refusal *to)
{
	const char *url = options->target;
	size_t len = strcspn(host, "/?#");
	size_t name;
	uint32_t port;

	if (memchr(host, '@', len))
		return refuse(to, "-u: user in the URL: use -A");
	if (authority_split(host, len, &name, &port) < 0)
		return refuse(to, "-u: bad port in '%s'", url);
	if (name == 0 || !is_host(host, len))
		return refuse(to, "-u: no host in '%s'", url);
	if (host[len] == '?')
		return refuse(to, "-u: no path in '%s'", url);
	host_set(&options->request, host, len);
	if (options->proxy) {
		/* RFC 9112, 3.2.2; the port is the proxy's business. */
		options->request.target = url;
		options->request.no_path = host[len] == '\0';
	} else {
		options->request.target = host[len] ? host + len : "/";
		options->conf->port = (uint16_t)port;
	}
	return tls ? secure(options, host, name, to) : 0;
}

/* RFC 9112, 3.2.3. */
static int tunnel_parse(struct http_options *options, const struct refusal *to)
{
	const char *text = options->target;
	size_t len = strlen(text);
	size_t name;
	uint32_t port;

	if (options->proxy)
		return refuse(to, "-p: CONNECT always asks a proxy");
	if (authority_split(text, len, &name, &port) < 0 || port == 0 ||
		name == 0 || !is_host(text, len))
		return refuse(
			to, "-u: CONNECT needs host:port, not '%s'", text);
	options->request.tunnel = true;
	options->request.target = text;
	host_set(&options->request, text, len);
	return 0;
}

int http_target_parse(struct http_options *options, const struct refusal *to)
{
	const char *text = options->target;

	if (!option_is_word(text, strlen(text)))
		return refuse(to,
			"-u: space, control or non-ASCII byte in "
			"'%s': write it as %%XX",
			text);
	if (strchr(text, '#'))
		return refuse(to, "-u: '#' part in '%s'", text);
	if (strcmp(options->request.method, "CONNECT") == 0)
		return tunnel_parse(options, to);
	if (strncasecmp(text, "https://", 8) == 0)
		return url_parse(options, text + 8, true, to);
	if (strncasecmp(text, "http://", 7) == 0)
		return url_parse(options, text + 7, false, to);
	if (options->proxy)
		return refuse(to, "-p: needs -u with a URL, not '%s'", text);
	if (text[0] != '/' && strcmp(text, "*") != 0)
		return refuse(to,
			"-u: '%s' is neither a path nor an http or https URL",
			text);
	options->request.target = text;
	if (text[0] == '*' && strcmp(options->request.method, "OPTIONS") != 0)
		return refuse(to, "-u: '*' needs -m OPTIONS");
	return 0;
}

int http_host_parse(struct http_request *request, const char *text,
	const struct refusal *to)
{
	if (!is_host(text, strlen(text)))
		return refuse(to, "-H: '%s' is not a host", text);
	request->host = text;
	request->host_len = strlen(text);
	return 0;
}
