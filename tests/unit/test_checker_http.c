// SPDX-License-Identifier: GPL-2.0-or-later
/* http: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

#include "http_conf.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-u", "/a%20b?c=d&e"}, NULL},
	{{"-u", "http://user-free.example:65535"}, NULL},
	{{"-H", "[2001:db8::1]:8080"}, NULL},
	{{"-m", "X-ODD!"}, NULL},
	{{"-s", "101,200-299,599"}, NULL},
	{{"-a", "X-Tab:\ta\tb"}, NULL},
	{{"-A", ":"}, NULL},
	{{"-l", "1073741824", "-v", "1.0"}, NULL},
	{{"-a", "Authorization: Bearer x"}, NULL},
	{{"--"}, NULL},
};

static const struct vector general[] = {
	{{"-z"}, "unknown option '-z'"},
	{{"-u"}, "-u needs an argument"},
	{{"/path"}, "unexpected argument '/path'"},
	{{"-v", "1.1", "/path", "-s", "200"}, "unexpected argument '/path'"},
	{{"--", "-u"}, "unexpected argument '-u'"},
	{{"a\nb"}, "unexpected argument 'a?b'"},
	{{"-v", "2"}, "-v: '2' is neither 1.0 nor 1.1"},
	{{"-m", "GET /"}, "-m: 'GET /' is not a method"},
	{{"-m", ""}, "-m: '' is not a method"},
	{{"-m", "G\r\nX:"}, "-m: 'G??X:' is not a method"},
	{{"-l", "0"}, "-l: '0' is not 1 to 1073741824"},
	{{"-l", "1073741825"}, "-l: '1073741825' is not 1 to 1073741824"},
	{{"-l", "99999999999999999999999"},
		"-l: '99999999999999999999999' is not 1 to 1073741824"},
	{{"-l", "-1"}, "-l: '-1' is not 1 to 1073741824"},
	{{"-l", "1k"}, "-l: '1k' is not 1 to 1073741824"},
	{{"-l", ""}, "-l: '' is not 1 to 1073741824"},
	{{"-e", ""}, "-e: text must have 1 to 512 bytes, not 0"},
	{{"-e", "x", "-m", "HEAD"}, "an answer to HEAD has no body"},
	{{"-w", "-m", "HEAD"}, "an answer to HEAD has no body"},
};

static const struct vector targets[] = {
	{{"-u", "path"},
		"-u: 'path' is neither a path nor an http or https URL"},
	{{"-u", ""}, "-u: '' is neither a path nor an http or https URL"},
	{{"-u", "ftp://a/"},
		"-u: 'ftp://a/' is neither a path nor an http or https URL"},
	{{"-u", "/a b"}, "-u: space, control or non-ASCII byte in '/a b': "
			 "write it as %XX"},
	{{"-u", "/a\r\nX: y"}, "-u: space, control or non-ASCII byte in "
			       "'/a??X: y': write it as %XX"},
	{{"-u", "/\x7f"}, "-u: space, control or non-ASCII byte in '/?': "
			  "write it as %XX"},
	{{"-u", "/a#b"}, "-u: '#' part in '/a#b'"},
	{{"-u", "*"}, "-u: '*' needs -m OPTIONS"},
	{{"-u", "https://u@a.example/"}, "-u: user in the URL: use -A"},
	{{"-u", "https://:443/"}, "-u: no host in 'https://:443/'"},
	{{"-u", "https://a:0/"}, "-u: bad port in 'https://a:0/'"},
	{{"-u", "http://u:p@a.example/"}, "-u: user in the URL: use -A"},
	{{"-u", "http:///x"}, "-u: no host in 'http:///x'"},
	{{"-u", "http://"}, "-u: no host in 'http://'"},
	{{"-u", "http://:80/"}, "-u: no host in 'http://:80/'"},
	{{"-u", "http://a,b/"}, "-u: no host in 'http://a,b/'"},
	{{"-u", "http://a?b"}, "-u: no path in 'http://a?b'"},
	{{"-u", "http://a:/"}, "-u: bad port in 'http://a:/'"},
	{{"-u", "http://a:0/"}, "-u: bad port in 'http://a:0/'"},
	{{"-u", "http://a:65536/"}, "-u: bad port in 'http://a:65536/'"},
	{{"-u", "http://a:http/"}, "-u: bad port in 'http://a:http/'"},
	{{"-u", "http://a:123456789/"},
		"-u: bad port in 'http://a:123456789/'"},
	{{"-H", "a b"}, "-H: 'a b' is not a host"},
	{{"-H", "a\r\nX: y"}, "-H: 'a??X: y' is not a host"},
	{{"-H", "a/b"}, "-H: 'a/b' is not a host"},
};

static const struct vector headers[] = {
	{{"-a", "X"}, "-a: 'X' is not 'Name: value'"},
	{{"-a", "::x"}, "-a: '::x' is not 'Name: value'"},
	{{"-a", ": x"}, "-a: ': x' is not 'Name: value'"},
	{{"-a", "X : y"}, "-a: 'X : y' is not 'Name: value'"},
	{{"-a", "X: y\r\nZ: a"}, "-a: control byte in 'X: y??Z: a'"},
	{{"-a", "X: y\n"}, "-a: control byte in 'X: y?'"},
	{{"-a", "X\r\n: y"}, "-a: 'X??: y' is not 'Name: value'"},
	{{"-a", "host: x"}, "-a: use -H for the host"},
	{{"-a", "Content-Length: 1"},
		"-a: use -d or -F for the body, not 'Content-Length: 1'"},
	{{"-a", "Transfer-Encoding: chunked"},
		"-a: use -d or -F for the body, not 'Transfer-Encoding: "
		"chunked'"},
	{{"-A", "user"}, "-A: 'user' is not user:password"},
	{{"-A", "user:\n"}, "-A: control byte"},
	{{"-A", "a:b", "-a", "Authorization: x"},
		"-a: -A already sets Authorization"},
	{{"-U", "user"}, "-U: 'user' is not user:password"},
	{{"-A", "@/nonexistent"},
		"-A: /nonexistent: No such file or directory"},
	{{"-A", "@"}, "-A: : No such file or directory"},
	{{"-U", "@/dev/null"}, "-U: /dev/null is not a regular file"},
	{{"-U", "@/proc/self/exe"}, "-U: /proc/self/exe: more than 1024 bytes"},
	{{"-U", "a:b", "-a", "proxy-authorization: x"},
		"-a: -U already sets Proxy-Authorization"},
	{{"-R", "Server"}, "-R: 'Server' is not 'Name: value'"},
	{{"-R", "Ser ver: x"}, "-R: 'Ser ver: x' is not 'Name: value'"},
	{{"-R", "Server: x\r"}, "-R: control byte in 'Server: x?'"},
	{{"-W", "X-Weight:"}, "-W: 'X-Weight:' is not a header's name"},
	{{"-W", ""}, "-W: '' is not a header's name"},
};

static const struct vector proxies[] = {
	{{"-p", "-u", "http://a.example:8080"}, NULL},
	{{"-m", "CONNECT", "-u", "a.example:443", "-H", "b"}, NULL},
	{{"-p"}, "-p: needs -u with a URL, not '/'"},
	{{"-p", "-u", "/x"}, "-p: needs -u with a URL, not '/x'"},
	{{"-p", "-u", "https://a/"}, "-p: a tunnel (-m CONNECT) is for https"},
	{{"-p", "-u", "http://a:99999/"}, "-u: bad port in 'http://a:99999/'"},
	{{"-p", "-m", "CONNECT", "-u", "a:443"},
		"-p: CONNECT always asks a proxy"},
	{{"-m", "CONNECT"}, "-u: CONNECT needs host:port, not '/'"},
	{{"-m", "CONNECT", "-u", "a"}, "-u: CONNECT needs host:port, not 'a'"},
	{{"-m", "CONNECT", "-u", ":443"},
		"-u: CONNECT needs host:port, not ':443'"},
	{{"-m", "CONNECT", "-u", "a:0"},
		"-u: CONNECT needs host:port, not 'a:0'"},
	{{"-m", "CONNECT", "-u", "http://a:443"},
		"-u: CONNECT needs host:port, not 'http://a:443'"},
	{{"-m", "CONNECT", "-u", "[::1]"},
		"-u: CONNECT needs host:port, not '[::1]'"},
	{{"-m", "CONNECT", "-u", "a:443", "-e", "x"},
		"an answer to CONNECT has no body"},
	{{"-m", "CONNECT", "-u", "a:443", "-d", "x"},
		"-d: a request of CONNECT has no body"},
};

#define MD5_OF_NOTHING "d41d8cd98f00b204e9800998ecf8427e"

static const struct vector bodies[] = {
	{{"-e", "a", "-E", "b", "-w"}, NULL},
	{{"-x", "a", "-X", "b", "-P"}, NULL},
	{{"-D", "md5:" MD5_OF_NOTHING}, NULL},
	{{"-d", "x", "-m", "GET"}, NULL},
	{{"-E", ""}, "-E: text must have 1 to 512 bytes, not 0"},
	{{"-x", "("}, "-x: '(': Unmatched ( or \\("},
	{{"-X", "[a"}, "-X: '[a': Unmatched [, [^, [:, [., or [="},
	{{"-x", "(a)\\1"}, "-x: back-reference in '(a)\\1'"},
	{{"-x", "a", "-P", "-X", "(b"},
		"-X: '(b': missing closing parenthesis"},
	{{"-P"}, "-P: needs -x or -X"},
	{{"-e", "a", "-x", "b"}, "use -e and -E, or -x and -X, or -D"},
	{{"-X", "a", "-E", "b"}, "use -e and -E, or -x and -X, or -D"},
	{{"-D", "md5:" MD5_OF_NOTHING, "-e", "a"},
		"use -e and -E, or -x and -X, or -D"},
	{{"-D", MD5_OF_NOTHING},
		"-D: '" MD5_OF_NOTHING "' is neither md5: and 32 nor sha256: "
		"and 64 hexadecimal digits"},
	{{"-D", "md5:d41d"}, "-D: 'md5:d41d' is neither md5: and 32 nor "
			     "sha256: and 64 hexadecimal digits"},
	{{"-D", "sha256:" MD5_OF_NOTHING},
		"-D: 'sha256:" MD5_OF_NOTHING "' is neither md5: and 32 nor "
		"sha256: and 64 hexadecimal digits"},
	{{"-d", "x", "-F", "y"}, "-d: -F is the body already"},
	{{"-d", "x", "-m", "HEAD"}, "-d: a request of HEAD has no body"},
	{{"-F", "x", "-m", "TRACE"}, "-F: a request of TRACE has no body"},
	{{"-F", "/nonexistent/x"},
		"-F: /nonexistent/x: No such file or directory"},
	{{"-F", "/"}, "-F: / is not a regular file"},
	{{"-F", "/proc/self/exe"}, "-F: /proc/self/exe: more than 65536 bytes"},
};

static const struct vector statuses[] = {
	{{"-s", ""}, "-s: bad status list ''"},
	{{"-s", "20x"}, "-s: bad status list '20x'"},
	{{"-s", "20"}, "-s: bad status list '20'"},
	{{"-s", "2000"}, "-s: bad status list '2000'"},
	{{"-s", "200,"}, "-s: bad status list '200,'"},
	{{"-s", ",200"}, "-s: bad status list ',200'"},
	{{"-s", "200-"}, "-s: bad status list '200-'"},
	{{"-s", "200-2"}, "-s: bad status list '200-2'"},
	{{"-s", "299-200"}, "-s: bad status list '299-200'"},
	{{"-s", "200-600"}, "-s: bad status list '200-600'"},
	{{"-s", "100"}, "-s: bad status list '100'"},
	{{"-s", "200 300"}, "-s: bad status list '200 300'"},
	{{"-s", "-200"}, "-s: bad status list '-200'"},
	{{"-s", "101-200"}, "-s: 102 is never a final status"},
};

#define VECTORS(name)                                                          \
	static void test_##name(void **state)                                  \
	{                                                                      \
		(void)state;                                                   \
		vectors_test(name, sizeof(name) / sizeof(*(name)));            \
	}

VECTORS(accepted)
VECTORS(general)
VECTORS(targets)
VECTORS(headers)
VECTORS(proxies)
VECTORS(bodies)
VECTORS(statuses)

/* A request and a text of the greatest length, and one byte longer. */
static void test_lengths(void **state)
{
	static const char around[] = "GET / HTTP/1.0\r\nUser-Agent: lvsmon\r\n"
				     "Accept: */*\r\nConnection: close\r\n\r\n";
	char path[8192] = "/";
	char text[514] = "";
	char err[128] = "";
	const char *const long_path[] = {"-u", path, NULL};
	const char *const long_text[] = {"-e", text, NULL};

	(void)state;
	memset(path + 1, 'a', 8191 - strlen(around));
	assert_int_equal(vector_configure(long_path, err, sizeof(err)), 0);
	path[8192 - strlen(around)] = 'a';
	assert_int_equal(vector_configure(long_path, err, sizeof(err)), -1);
	assert_string_equal(err, "request longer than 8191 bytes");
	memset(text, 'a', 512);
	assert_int_equal(vector_configure(long_text, err, sizeof(err)), 0);
	text[512] = 'a';
	assert_int_equal(vector_configure(long_text, err, sizeof(err)), -1);
	assert_string_equal(err, "-e: text must have 1 to 512 bytes, not 513");
}

static void test_many_headers(void **state)
{
	char *argv[67] = {strdup("http")};
	char *conf = calloc(1, lvsmon_checker.conf_size);
	char err[128] = "";

	(void)state;
	for (int i = 1; i < 67; i += 2) {
		argv[i] = strdup("-a");
		argv[i + 1] = strdup("X: y");
	}
	optind = 0;
	assert_int_equal(
		lvsmon_checker.configure(conf, 65, argv, err, sizeof(err)), 0);
	lvsmon_checker.release(conf);
	memset(conf, 0, lvsmon_checker.conf_size);
	optind = 0;
	assert_int_equal(
		lvsmon_checker.configure(conf, 67, argv, err, sizeof(err)), -1);
	assert_string_equal(err, "-a: more than 32 headers");
	for (int i = 0; i < 67; i++)
		free(argv[i]);
	free(conf);
}

/* Returns the request that a vector sends; the caller frees it. */
static char *request_of(char *option, char *argument, size_t *len)
{
	char name[] = "http";
	char *argv[] = {name, option, argument, NULL};
	struct checker_io io = {.in = ""};
	uint64_t state[CHECKER_STATE_MAX / 8] = {0};
	void *conf = calloc(1, lvsmon_checker.conf_size);
	char err[128] = "";
	char *request;

	optind = 0;
	assert_non_null(conf);
	if (lvsmon_checker.configure(conf, 3, argv, err, sizeof(err)) < 0)
		fail_msg("%s", err);
	assert_int_equal(lvsmon_checker.step(conf, state, &io), CHECKER_WRITE);
	*len = io.out_len;
	request = malloc(*len);
	assert_non_null(request);
	memcpy(request, io.out, *len);
	lvsmon_checker.release(conf);
	free(conf);
	return request;
}

/* A file of all bytes, as long as it may be, is the body. */
static void test_content(void **state)
{
	char path[] = "/tmp/lvsmon-http-XXXXXX";
	char option[] = "-F";
	char body[HTTP_CONTENT_MAX];
	int file = mkstemp(path);
	char *request;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (char)(i * 7 + i / 256);
	assert_true(file >= 0);
	assert_int_equal(write(file, body, sizeof(body)), sizeof(body));
	close(file);
	request = request_of(option, path, &len);
	unlink(path);
	assert_memory_equal(request, "POST / HTTP/1.0\r\n", 17);
	assert_non_null(
		memmem(request, len, "\r\nContent-Length: 65536\r\n", 25));
	assert_memory_equal(request + len - sizeof(body), body, sizeof(body));
	assert_memory_equal(request + len - sizeof(body) - 4, "\r\n\r\n", 4);
	free(request);
}

/* A file has user and password in its first line. */
static void test_secret(void **state)
{
	static const char text[] = "Aladdin:open sesame\r\nand more\n";
	char path[] = "/tmp/lvsmon-http-XXXXXX";
	char option[] = "-A";
	int file = mkstemp(path);
	char argument[64];
	char *request;
	size_t len;

	(void)state;
	assert_true(file >= 0);
	assert_int_equal(write(file, text, sizeof(text) - 1), sizeof(text) - 1);
	close(file);
	snprintf(argument, sizeof(argument), "@%s", path);
	request = request_of(option, argument, &len);
	unlink(path);
	assert_non_null(memmem(request, len,
		"\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n",
		53));
	free(request);
}

static void test_many_expectations(void **state)
{
	char *argv[19] = {strdup("http")};
	char *conf = calloc(1, lvsmon_checker.conf_size);
	char err[128] = "";

	(void)state;
	for (int i = 1; i < 19; i += 2) {
		argv[i] = strdup("-R");
		argv[i + 1] = strdup("X: y");
	}
	optind = 0;
	assert_int_equal(
		lvsmon_checker.configure(conf, 17, argv, err, sizeof(err)), 0);
	lvsmon_checker.release(conf);
	memset(conf, 0, lvsmon_checker.conf_size);
	optind = 0;
	assert_int_equal(
		lvsmon_checker.configure(conf, 19, argv, err, sizeof(err)), -1);
	assert_string_equal(err, "-R: more than 8 headers");
	for (int i = 0; i < 19; i++)
		free(argv[i]);
	free(conf);
}

/* Whether the checker finds needle in a body that arrives byte by byte. */
static bool is_found(char *needle, const char *body)
{
	static const char head[] = "HTTP/1.0 200 OK\n\n";
	char words[2][8] = {"http", "-e"};
	char *argv[] = {words[0], words[1], needle, NULL};
	struct checker_io io = {.in = head};
	uint64_t state[CHECKER_STATE_MAX / 8] = {0};
	void *conf = calloc(1, lvsmon_checker.conf_size);
	enum checker_next next;

	optind = 0;
	assert_int_equal(lvsmon_checker.configure(conf, 3, argv, NULL, 0), 0);
	next = lvsmon_checker.step(conf, state, &io);
	assert_int_equal(next, CHECKER_WRITE);
	io = (struct checker_io){.in = head, .in_len = sizeof(head) - 1};
	next = lvsmon_checker.step(conf, state, &io);
	for (; *body && next == CHECKER_READ; body++) {
		io = (struct checker_io){.in = body, .in_len = 1};
		next = lvsmon_checker.step(conf, state, &io);
	}
	lvsmon_checker.release(conf);
	free(conf);
	return next == CHECKER_UP;
}

/* Compares with strstr(3): searches for every text of a and b of 1 to 6 bytes
 * in random bodies. */
static void test_needles(void **unused)
{
	uint32_t random = 1;

	(void)unused;
	for (unsigned int bits = 2; bits < 128; bits++) {
		char needle[8] = "";
		size_t len = 0;

		for (unsigned int rest = bits; rest > 1; rest /= 2)
			needle[len++] = rest % 2 ? 'a' : 'b';
		for (int i = 0; i < 40; i++) {
			char body[24] = "";

			for (size_t k = 0; k < sizeof(body) - 1; k++) {
				random = random * 1664525 + 1013904223;
				body[k] = random >> 31 ? 'a' : 'b';
			}
			assert_int_equal(is_found(needle, body),
				strstr(body, needle) != NULL);
		}
	}
}

static void test_tokens(void **state)
{
	static const char all[] = "!#$%&'*+-.^_`|~0123456789"
				  "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	(void)state;
	for (int c = 0; c < 256; c++)
		assert_int_equal(http_is_tchar((char)c),
			c && memchr(all, c, sizeof(all) - 1) != NULL);
}

static void test_sane(void **state)
{
	(void)state;
	checker_sane(&lvsmon_checker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sane),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_general),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_proxies),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_many_expectations),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_many_headers),
		cmocka_unit_test(test_needles),
		cmocka_unit_test(test_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
