// SPDX-License-Identifier: GPL-2.0-or-later
/* sip: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-u", "sip:example.org;transport=udp", "-f", "sips:a@b:5061"}, NULL},
	{{"-u", "SIP:192.0.2.1", "-s", "200-299,404", "-T"}, NULL},
};

static const struct vector refused[] = {
	{{"-z"}, "unknown option '-z'"},
	{{"-u"}, "-u needs an argument"},
	{{"5060"}, "unexpected argument '5060'"},
	{{"-u", ""}, "-u: '' is not a SIP URI"},
	{{"-u", "sip:"}, "-u: 'sip:' is not a SIP URI"},
	{{"-u", "sips:"}, "-u: 'sips:' is not a SIP URI"},
	{{"-u", "tel:+1"}, "-u: 'tel:+1' is not a SIP URI"},
	{{"-u", "sip:a b"}, "-u: 'sip:a b' is not a SIP URI"},
	{{"-u", "sip:a>b"}, "-u: 'sip:a>b' is not a SIP URI"},
	{{"-u", "sip:a?Route=b"}, "-u: 'sip:a?Route=b' is not a SIP URI"},
	{{"-f", "sip:a\nb"}, "-f: 'sip:a?b' is not a SIP URI"},
	{{"-s", "100"}, "-s: bad status list '100'"},
	{{"-s", "200-700"}, "-s: bad status list '200-700'"},
};

VECTOR_TESTS

/* The longest request fits. */
static void test_lengths(void **state)
{
	char text[130] = "sip:";
	const char *const words[] = {"-T", "-u", text, "-f", text, NULL};
	char err[256];

	(void)state;
	memset(text + 4, 'a', sizeof(text) - 4);
	text[128] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), 0);
	text[128] = 'a';
	text[129] = '\0';
	assert_int_equal(vector_configure(words, err, sizeof(err)), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sane),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
