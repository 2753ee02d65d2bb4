// SPDX-License-Identifier: GPL-2.0-or-later
/* Small checkers for the loader, most of them faulty; BAD_MEMBERS are the
 * members of the structure. */
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

__attribute__((unused)) static enum checker_transport connects(const void *conf)
{
	(void)conf;
	return CHECKER_CONNECT;
}

__attribute__((unused)) static enum checker_transport encrypts(const void *conf)
{
	(void)conf;
	return CHECKER_TLS;
}

__attribute__((unused)) static const char *host(const void *conf)
{
	(void)conf;
	return "www.example.org";
}

__attribute__((unused)) static enum checker_transport sends(const void *conf)
{
	(void)conf;
	return CHECKER_UDP;
}

const struct checker lvsmon_checker = {BAD_MEMBERS};
#endif
