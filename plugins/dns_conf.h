/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the parts of the checker dns: the configuration, names in their
 * wire form, and the judgement of an answer. */
#ifndef LVSMON_PLUGINS_DNS_CONF_H
#define LVSMON_PLUGINS_DNS_CONF_H

#include "lvsmon/checker.h"

#define DNS_NAME_MAX 255    /* bytes in wire form (RFC 1035, 2.3.4) */
#define DNS_ANSWER_MAX 8192 /* bytes; a message over UDP has 512 at most */
#define DNS_WANTS_MAX 8
#define DNS_DATA_MAX 512 /* bytes of data that can be expected */
#define DNS_HEADER_SIZE 12
#define DNS_QUERY_MAX (DNS_HEADER_SIZE + DNS_NAME_MAX + 4)
#define DNS_RCODES 16

/* RFC 1035, 3.2.2; RFC 3596, 2.1; RFC 2782. */
enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_SRV = 33,
};

/* Data of a record, as dns_data_read makes it: names are whole and in small
 * letters, the strings of a text are joined, and of SOA only the first name is
 * there. */
struct dns_data {
	uint16_t len;
	uint8_t bytes[DNS_DATA_MAX];
};

struct dns_conf {
	uint16_t type;
	uint16_t accepted; /* a bit for each rcode */
	bool tcp;
	bool empty; /* an answer without records is up */
	uint8_t want_count;
	uint16_t name_len;
	uint8_t name[DNS_NAME_MAX];
	struct dns_data wants[DNS_WANTS_MAX];
};

/* A message, as received. */
struct dns_message {
	const uint8_t *bytes;
	size_t len;
};

enum dns_judgement {
	DNS_OTHER, /* not the answer to this query */
	DNS_GOOD,
	DNS_BAD,
};

/* Judges a message by the query that was sent, without its prefix. Sets *why if
 * the judgement is BAD, and *rcode. */
enum dns_judgement dns_judge(const struct dns_conf *conf, const uint8_t *query,
	const struct dns_message *message, const char **why, int *rcode);

int dns_configure(void *data, int argc, char **argv, char *err, size_t errsz);

static inline uint16_t dns_number(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline void dns_put(uint8_t *at, unsigned int number)
{
	at[0] = (uint8_t)(number >> 8 & 0xff);
	at[1] = (uint8_t)(number & 0xff);
}

/* RFC 4343: names are compared without regard to the case of ASCII letters. */
static inline uint8_t dns_lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

#endif
