// SPDX-License-Identifier: GPL-2.0-or-later
/* http: what it says of a URL to lvsmon. */
#include "checker_vectors.h"

/* URLs, and what http says of each to lvsmon. */
static const struct {
	const char *url;
	const char *host; /* NULL = no TLS */
	uint16_t port;
} urls[] = {
	{"/", NULL, 0},
	{"http://a.example/", NULL, 0},
	{"http://a.example:81/", NULL, 81},
	{"https://a.example/", "a.example", 443},
	{"HTTPS://a.example.", "a.example", 443},
	{"https://a.example:8443/x?y", "a.example", 8443},
	{"https://192.0.2.1/", "192.0.2.1", 443},
	{"https://[2001:db8::1]/", "2001:db8::1", 443},
	{"https://[2001:db8::1]:4443/", "2001:db8::1", 4443},
};

static void test_urls(void **state)
{
	void *conf = calloc(1, lvsmon_checker.conf_size);

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		char *argv[] = {strdup("http"), strdup("-u"),
			strdup(urls[i].url), NULL};
		const char *host;

		memset(conf, 0, lvsmon_checker.conf_size);
		optind = 0;
		assert_int_equal(
			lvsmon_checker.configure(conf, 3, argv, NULL, 0), 0);
		host = lvsmon_checker.host(conf);
		assert_int_equal(lvsmon_checker.transport_of(conf),
			urls[i].host ? CHECKER_TLS : CHECKER_TCP);
		assert_string_equal(
			host ? host : "", urls[i].host ? urls[i].host : "");
		assert_int_equal(lvsmon_checker.port(conf), urls[i].port);
		lvsmon_checker.release(conf);
		for (int word = 0; word < 3; word++)
			free(argv[word]);
	}
	free(conf);
}

/* The last -u counts. */
static void test_last_url(void **state)
{
	char *argv[] = {"http", "-u", "https://a.example/", "-u", "/", NULL};
	void *conf = calloc(1, lvsmon_checker.conf_size);

	(void)state;
	optind = 0;
	assert_int_equal(lvsmon_checker.configure(conf, 5, argv, NULL, 0), 0);
	assert_int_equal(lvsmon_checker.transport_of(conf), CHECKER_TCP);
	assert_null(lvsmon_checker.host(conf));
	assert_int_equal(lvsmon_checker.port(conf), 0);
	lvsmon_checker.release(conf);
	free(conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_last_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
