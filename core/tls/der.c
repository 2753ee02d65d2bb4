// SPDX-License-Identifier: GPL-2.0-or-later
/* One operation on DER. */
#include "tls/der.h"

#include <string.h>

#define SEQUENCE 0x30
#define HEAD_MAX 4 /* tag and a length of up to 65535 */

/* Reads the head of a value. Returns the length of the head, with that of the
 * content in *content; or 0. */
static size_t read_head(const unsigned char *at, size_t left, size_t *content)
{
	size_t head = 2;

	if (left < head)
		return 0;
	*content = at[1];
	if (at[1] == 0x81 && left >= 3) {
		*content = at[2];
		head = 3;
	} else if (at[1] == 0x82 && left >= 4) {
		*content = (size_t)at[2] << 8 | at[3];
		head = 4;
	} else if (at[1] >= 0x80) {
		return 0;
	}
	return *content <= left - head ? head : 0;
}

static size_t write_head(unsigned char *to, size_t content)
{
	to[0] = SEQUENCE;
	if (content < 0x80) {
		to[1] = (unsigned char)content;
		return 2;
	}
	if (content < 0x100) {
		to[1] = 0x81;
		to[2] = (unsigned char)content;
		return 3;
	}
	to[1] = 0x82;
	to[2] = (unsigned char)(content >> 8);
	to[3] = (unsigned char)content;
	return 4;
}

/* Finds a member. Returns 0 with its place and length, which is 0 if there is
 * none; or -1. */
static int find_member(const unsigned char *members, size_t len,
	unsigned char tag, size_t *at, size_t *member)
{
	*at = *member = 0;
	while (*at < len) {
		size_t content;
		size_t head = read_head(members + *at, len - *at, &content);

		if (!head)
			return -1;
		if (members[*at] == tag) {
			*member = head + content;
			return 0;
		}
		*at += head + content;
	}
	return 0;
}

size_t der_without(unsigned char *to, size_t size, const unsigned char *from,
	size_t len, unsigned char tag)
{
	size_t content, at, member, head = read_head(from, len, &content);

	if (!head || from[0] != SEQUENCE || head + content != len)
		return 0;
	from += head;
	if (find_member(from, content, tag, &at, &member) < 0)
		return 0;
	if (content - member + HEAD_MAX > size)
		return 0;
	head = write_head(to, content - member);
	memcpy(to + head, from, at);
	memcpy(to + head + at, from + at + member, content - member - at);
	return head + content - member;
}
