// SPDX-License-Identifier: GPL-2.0-or-later
/* The judgement of an answer of the DNS (RFC 1035, 4.1). */
#include "dns_conf.h"

#include <string.h>

#define JUMPS_MAX 64 /* compression pointers in one name */
#define CLASS_IN 1
#define RECORD_SIZE 10 /* bytes behind the name, before the data */

/* Flags in the header (RFC 1035, 4.1.1). */
#define FLAG_QR 0x8000
#define FLAG_TC 0x0200
#define OPCODE 0x7800
#define RCODE 0x000f

static const char WHY_MALFORMED[] = "malformed answer";
static const char WHY_TRUNCATED[] = "answer truncated (TC)";

/* RFC 1035, 4.1.1; RFC 2136, 2.2. */
static const char *const reasons[DNS_RCODES] = {"the answer is NOERROR",
	"the answer is FORMERR", "the answer is SERVFAIL",
	"the answer is NXDOMAIN", "the answer is NOTIMP",
	"the answer is REFUSED", "the answer is YXDOMAIN",
	"the answer is YXRRSET", "the answer is NXRRSET",
	"the answer is NOTAUTH", "the answer is NOTZONE",
	"the answer has an unknown code", "the answer has an unknown code",
	"the answer has an unknown code", "the answer has an unknown code",
	"the answer has an unknown code"};

/*
 * Reads the name at *at, in small letters and without compression, and sets *at
 * to the byte behind the name. A pointer must lead to before the name and
 * before the last target (RFC 1035, 4.1.4), so that no loop is endless. Returns
 * the length in name, or 0 if the name is malformed.
 */
static size_t name_read(
	const struct dns_message *message, size_t *at, uint8_t *name)
{
	size_t from = *at;
	size_t lowest = *at;
	size_t used = 0;
	int jumps = 0;

	while (from < message->len) {
		const uint8_t *label = message->bytes + from;
		size_t size = (size_t)label[0] + 1;

		if (label[0] >= 0xc0) {
			if (message->len - from < 2 || jumps == JUMPS_MAX)
				return 0;
			if (jumps++ == 0)
				*at = from + 2;
			from = dns_number(label) & 0x3fff;
			if (from >= lowest)
				return 0;
			lowest = from;
			continue;
		}
		if (label[0] > 63 || size > message->len - from ||
			used + size > DNS_NAME_MAX)
			return 0;
		name[used++] = label[0];
		for (size_t i = 1; i < size; i++)
			name[used++] = dns_lower(label[i]);
		from += size;
		if (size == 1) {
			if (jumps == 0)
				*at = from;
			return used;
		}
	}
	return 0;
}

struct record {
	uint16_t type;
	uint16_t class;
	size_t at; /* of the data */
	size_t len;
};

/* Reads the record at *at, and sets *at to the byte behind it. */
static bool record_read(
	const struct dns_message *message, size_t *at, struct record *record)
{
	uint8_t name[DNS_NAME_MAX];
	const uint8_t *head;

	if (name_read(message, at, name) == 0 ||
		message->len - *at < RECORD_SIZE)
		return false;
	head = message->bytes + *at;
	record->type = dns_number(head);
	record->class = dns_number(head + 2);
	record->at = *at + RECORD_SIZE;
	record->len = dns_number(head + 8);
	if (record->len > message->len - record->at)
		return false;
	*at = record->at + record->len;
	return true;
}

/* Copies len bytes of the record's data. */
static bool data_copy(const struct dns_message *message,
	const struct record *record, size_t len, struct dns_data *data)
{
	if (record->len < len)
		return false;
	memcpy(data->bytes, message->bytes + record->at, len);
	data->len = (uint16_t)len;
	return true;
}

/* Copies `numbers` bytes and reads the name behind them. */
static bool data_name(const struct dns_message *message,
	const struct record *record, size_t numbers, struct dns_data *data)
{
	size_t at = record->at + numbers;
	size_t len;

	if (!data_copy(message, record, numbers, data))
		return false;
	len = name_read(message, &at, data->bytes + numbers);
	data->len = (uint16_t)(numbers + len);
	return len > 0 && at <= record->at + record->len;
}

/* RFC 1035, 3.3.14. Strings that do not fit are cut, so that they are equal to
 * nothing. */
static bool data_text(const struct dns_message *message,
	const struct record *record, struct dns_data *data)
{
	const uint8_t *at = message->bytes + record->at;
	size_t left = record->len;
	size_t used = 0;

	while (left > 0) {
		size_t len = at[0];

		if (len >= left)
			return false;
		if (used + len > sizeof(data->bytes)) {
			used = UINT16_MAX;
			break;
		}
		memcpy(data->bytes + used, at + 1, len);
		used += len;
		at += len + 1;
		left -= len + 1;
	}
	data->len = (uint16_t)used;
	return true;
}

/* Reads the data of a record; see struct dns_data. Returns false if the data is
 * malformed. */
static bool data_read(const struct dns_message *message,
	const struct record *record, struct dns_data *data)
{
	switch ((enum dns_type)record->type) {
	case DNS_A:
		return record->len == 4 && data_copy(message, record, 4, data);
	case DNS_AAAA:
		return record->len == 16 &&
		       data_copy(message, record, 16, data);
	case DNS_MX:
		return data_name(message, record, 2, data);
	case DNS_SRV:
		return data_name(message, record, 6, data);
	case DNS_TXT:
		return data_text(message, record, data);
	case DNS_NS:
	case DNS_PTR:
	case DNS_SOA:
		break;
	}
	return data_name(message, record, 0, data);
}

/* The result of reading the records. */
struct findings {
	unsigned int count; /* records of the type */
	unsigned int found; /* a bit for each want */
	bool malformed;
};

static void wants_find(const struct dns_conf *conf, const struct dns_data *data,
	struct findings *findings)
{
	for (size_t i = 0; i < conf->want_count; i++)
		if (conf->wants[i].len == data->len &&
			memcmp(conf->wants[i].bytes, data->bytes, data->len) ==
				0)
			findings->found |= 1U << i;
}

/* Reads `count` records from at. Only records of the type count: the others are
 * aliases on the way to them. */
static void records_read(const struct dns_conf *conf,
	const struct dns_message *message, size_t at, unsigned int count,
	struct findings *findings)
{
	struct dns_data data;

	for (; count > 0; count--) {
		struct record record;

		if (!record_read(message, &at, &record)) {
			findings->malformed = true;
			return;
		}
		if (record.type != conf->type || record.class != CLASS_IN)
			continue;
		if (!data_read(message, &record, &data)) {
			findings->malformed = true;
			return;
		}
		findings->count++;
		wants_find(conf, &data, findings);
	}
}

static const char *findings_judge(const struct dns_conf *conf, bool truncated,
	const struct findings *findings)
{
	unsigned int all = (1U << conf->want_count) - 1;

	if (findings->malformed)
		return truncated ? WHY_TRUNCATED : WHY_MALFORMED;
	if (findings->count > 0 && findings->found == all)
		return NULL;
	if (truncated)
		return WHY_TRUNCATED;
	if (findings->count > 0)
		return "expected data missing";
	return conf->empty ? NULL : "no record in the answer";
}

/* Returns the byte behind the question, or 0 if it is not the question of the
 * query. A server that could not read the query may leave the question out. */
static size_t question_match(const struct dns_conf *conf, const uint8_t *query,
	const struct dns_message *message)
{
	size_t at = DNS_HEADER_SIZE;
	size_t end = at + conf->name_len + 4U;
	unsigned int count = dns_number(message->bytes + 4);

	if (count == 0 && (dns_number(message->bytes + 2) & RCODE) != 0)
		return at;
	if (count != 1 || message->len < end)
		return 0;
	for (; at < end; at++)
		if (dns_lower(message->bytes[at]) != dns_lower(query[at]))
			return 0;
	return end;
}

enum dns_judgement dns_judge(const struct dns_conf *conf, const uint8_t *query,
	const struct dns_message *message, const char **why, int *rcode)
{
	struct findings findings = {0};
	unsigned int flags;
	size_t at;

	if (message->len < DNS_HEADER_SIZE ||
		memcmp(message->bytes, query, 2) != 0)
		return DNS_OTHER;
	flags = dns_number(message->bytes + 2);
	at = question_match(conf, query, message);
	if (!(flags & FLAG_QR) || (flags & OPCODE) != 0 || at == 0)
		return DNS_OTHER;
	*rcode = (int)(flags & RCODE);
	if (!(conf->accepted >> *rcode & 1)) {
		*why = reasons[*rcode];
		return DNS_BAD;
	}
	if (*rcode != 0)
		return DNS_GOOD;
	records_read(
		conf, message, at, dns_number(message->bytes + 6), &findings);
	*why = findings_judge(conf, (flags & FLAG_TC) != 0, &findings);
	return *why ? DNS_BAD : DNS_GOOD;
}
