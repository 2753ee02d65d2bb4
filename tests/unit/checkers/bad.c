// SPDX-License-Identifier: GPL-2.0-or-later
/* Checkers that no loader may take; which fault is BAD_MEMBERS. */
#include "lvsmon/checker.h"

#ifdef BAD_SYMBOL
__attribute__((visibility("default"))) int not_a_checker;
#else
__attribute__((unused)) static enum checker_next step(
	const void *conf, void *state, struct checker_io *io)
{
	(void)conf;
	(void)state;
	(void)io;
	return CHECKER_UP;
}

const struct checker lvsmon_checker = {BAD_MEMBERS};
#endif
