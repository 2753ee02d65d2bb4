// SPDX-License-Identifier: GPL-2.0-or-later
/* ping: vectors that it accepts, vectors that it refuses, and why. */
#include "checker_vectors.h"

static const struct vector accepted[] = {
	{{NULL}, NULL},
	{{"-l", "16"}, NULL},
	{{"-l", "8972"}, NULL},
};

static const struct vector refused[] = {
	{{"-z"}, "unknown option '-z'"},
	{{"-l"}, "-l needs an argument"},
	{{"-l", "15"}, "-l: '15' is not 16 to 8972"},
	{{"-l", "8973"}, "-l: '8973' is not 16 to 8972"},
	{{"-l", "-1"}, "-l: '-1' is not 16 to 8972"},
	{{"-l", ""}, "-l: '' is not 16 to 8972"},
	{{"-l", "56 "}, "-l: '56 ' is not 16 to 8972"},
	{{"10.0.0.1"}, "unexpected argument '10.0.0.1'"},
};

VECTOR_TESTS

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sane),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
