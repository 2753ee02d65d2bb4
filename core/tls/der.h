/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One operation on DER (X.690, 10): a value without one of its members. */
#ifndef LVSMON_TLS_DER_H
#define LVSMON_TLS_DER_H

#include <stddef.h>

/*
 * Copies a SEQUENCE of len bytes to `to`, without its first member that has
 * this tag; without such a member it is copied as it is. Returns the new
 * length. On failure, if the bytes are no such SEQUENCE, have a length of more
 * than 65535 or do not fit into size bytes, returns 0.
 */
size_t der_without(unsigned char *to, size_t size, const unsigned char *from,
	size_t len, unsigned char tag);

#endif
