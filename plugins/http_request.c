// SPDX-License-Identifier: GPL-2.0-or-later
/* The header lines of http's options, and the head of its request. */
#include "http_request.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

size_t http_token_length(const char *text)
{
	size_t len = 0;

	while (http_is_tchar(text[len]))
		len++;
	return len;
}

int http_header_check(char option, const char *text, const struct refusal *to)
{
	size_t len = http_token_length(text);

	if (len == 0 || text[len] != ':')
		return refuse(
			to, "-%c: '%s' is not 'Name: value'", option, text);
	for (const char *c = text; *c; c++)
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			return refuse(
				to, "-%c: control byte in '%s'", option, text);
	return 0;
}

bool http_request_has(const struct http_request *request, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < request->extra_count; i++)
		if (strncasecmp(request->extras[i], name, len) == 0 &&
			request->extras[i][len] == ':')
			return true;
	return false;
}

/* Appends to the request. Text that does not fit is dropped, but counts in
 * length. */
__attribute__((format(printf, 2, 3))) static void add(
	struct http_request *request, const char *format, ...)
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
static void add_base64(struct http_request *request, const char *text)
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
	struct http_request *request, const char *name, const char *value)
{
	if (!http_request_has(request, name))
		add(request, "%s: %s\r\n", name, value);
}

/* RFC 7617, 2. */
static void add_user(
	struct http_request *request, const char *name, const char *user)
{
	if (!user)
		return;
	add(request, "%s: Basic ", name);
	add_base64(request, user);
	add(request, "\r\n");
}

/* RFC 9110, 8.6: servers expect a Content-Length with these methods. */
static bool wants_length(const struct http_request *request)
{
	const char *method = request->method;

	return request->has_content || strcmp(method, "POST") == 0 ||
	       strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;
}

/* If the host is unknown, the default is HTTP/1.0, which needs no host. */
static void add_begin(struct http_request *request)
{
	const char *version = request->version;

	if (!version)
		version = request->host ? "1.1" : "1.0";
	add(request, "%s %s%s HTTP/%s\r\n", request->method, request->target,
		request->no_path ? "/" : "", version);
	if (request->host)
		add(request, "Host: %.*s\r\n", (int)request->host_len,
			request->host);
	else if (strcmp(version, "1.1") == 0)
		add(request, "Host:\r\n"); /* RFC 9112, 3.2 */
}

void http_request_write(struct http_request *request)
{
	add_begin(request);
	add_header(request, "User-Agent", "lvsmon");
	/* RFC 9110, 9.3.6: a tunnel ends when its connection closes. */
	if (!request->tunnel)
		add_header(request, "Accept", "*/*");
	if (request->identity)
		add_header(request, "Accept-Encoding", "identity");
	if (!request->tunnel)
		add_header(request, "Connection", "close");
	if (wants_length(request))
		add(request, "Content-Length: %zu\r\n", request->content_len);
	add_user(request, "Authorization", request->user);
	add_user(request, "Proxy-Authorization", request->proxy_user);
	for (size_t i = 0; i < request->extra_count; i++)
		add(request, "%s\r\n", request->extras[i]);
	add(request, "\r\n");
}
