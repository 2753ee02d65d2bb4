/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of BER that LDAP uses: definite lengths and tags of one byte (RFC
 * 4511, 5.1; ITU-T X.690). */
#ifndef LVSMON_PLUGINS_BER_H
#define LVSMON_PLUGINS_BER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BER_INTEGER 0x02
#define BER_OCTETS 0x04
#define BER_ENUMERATED 0x0a
#define BER_SEQUENCE 0x30

/* Bytes of the longest tag with its length. */
#define BER_HEAD_MAX 6

/* One value. */
struct ber {
	uint8_t tag;
	const uint8_t *data;
	size_t len;  /* bytes of the data, which may not be there yet */
	size_t size; /* bytes with tag and length */
};

enum ber_found {
	BER_FOUND,
	BER_SHORT, /* tag or length are not complete */
	BER_WRONG, /* the length is indefinite, or has more than 4 bytes */
};

/* Reads tag and length of the value at `at`. The data may be shorter than its
 * length says. */
static inline enum ber_found ber_head(
	struct ber *value, const uint8_t *at, size_t len)
{
	size_t more, head = 2;

	if (len < 2)
		return BER_SHORT;
	value->tag = at[0];
	value->len = at[1];
	if (at[1] >= 0x80) {
		more = at[1] & 0x7fU;
		if (more == 0 || more > 4)
			return BER_WRONG;
		head += more;
		if (len < head)
			return BER_SHORT;
		value->len = 0;
		for (size_t i = 2; i < head; i++)
			value->len = value->len << 8 | at[i];
	}
	value->data = at + head;
	value->size = head + value->len;
	return BER_FOUND;
}

/* Takes the next value from the bytes at *at, all of which must be there.
 * Returns 0. On failure, if no whole value is there, returns -1. */
static inline int ber_take(struct ber *value, const uint8_t **at, size_t *len)
{
	if (ber_head(value, *at, *len) != BER_FOUND || value->size > *len)
		return -1;
	*at += value->size;
	*len -= value->size;
	return 0;
}

/* Takes a number that is not negative. Returns it, or -1. */
static inline int64_t ber_take_number(
	uint8_t tag, const uint8_t **at, size_t *len)
{
	struct ber value;
	int64_t number = 0;

	if (ber_take(&value, at, len) < 0 || value.tag != tag ||
		value.len == 0 || value.len > 5 || value.data[0] >= 0x80)
		return -1;
	for (size_t i = 0; i < value.len; i++)
		number = number << 8 | value.data[i];
	return number;
}

/* Values that are written into a buffer with room for all of them. */
struct ber_writer {
	uint8_t *at;
	size_t len; /* bytes so far */
};

static inline void ber_put(
	struct ber_writer *writer, uint8_t tag, const void *data, size_t len)
{
	uint8_t *to = writer->at + writer->len;

	*to++ = tag;
	if (len >= 0x80) {
		*to++ = 0x82;
		*to++ = (uint8_t)(len >> 8);
	}
	*to++ = (uint8_t)len;
	if (len > 0)
		memcpy(to, data, len);
	writer->len = (size_t)(to - writer->at) + len;
}

/* Writes a number from 0 to 127. */
static inline void ber_put_number(
	struct ber_writer *writer, uint8_t tag, uint8_t number)
{
	ber_put(writer, tag, &number, 1);
}

/* Makes one value of all that was written from the byte `from` on. */
static inline void ber_wrap(struct ber_writer *writer, uint8_t tag, size_t from)
{
	uint8_t *begin = writer->at + from;
	size_t len = writer->len - from;
	size_t head = len < 0x80 ? 2 : 4;

	memmove(begin + head, begin, len);
	writer->len = from;
	begin[0] = tag;
	if (len < 0x80) {
		begin[1] = (uint8_t)len;
	} else {
		begin[1] = 0x82;
		begin[2] = (uint8_t)(len >> 8);
		begin[3] = (uint8_t)len;
	}
	writer->len += head + len;
}

#endif
