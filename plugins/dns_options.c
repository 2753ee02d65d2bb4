// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of dns: the question, and the data and codes that are expected.
 */
#include "dns_conf.h"
#include "inet.h"
#include "vector.h"

#include <strings.h>

#define LABEL_MAX 63 /* RFC 1035, 2.3.4 */
#define WORD_MAX 15

static const struct {
	const char *name;
	enum dns_type type;
} types[] = {
	{"A", DNS_A},
	{"AAAA", DNS_AAAA},
	{"MX", DNS_MX},
	{"NS", DNS_NS},
	{"PTR", DNS_PTR},
	{"SOA", DNS_SOA},
	{"SRV", DNS_SRV},
	{"TXT", DNS_TXT},
};

/* RFC 1035, 4.1.1; RFC 2136, 2.2. */
static const char *const rcodes[] = {"NOERROR", "FORMERR", "SERVFAIL",
	"NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET",
	"NOTAUTH", "NOTZONE"};

/* Options as they are read: what they mean depends on the type. */
struct options {
	const char *name;
	const char *wants[DNS_WANTS_MAX];
	uint8_t want_count;
};

/* Writes a name in wire form, in small letters. Returns its length, or 0 if
 * text is not a name. */
static size_t name_write(const char *text, uint8_t *name)
{
	size_t used = 0;

	if (strcmp(text, ".") == 0)
		text++;
	while (*text) {
		size_t len = strcspn(text, ".");

		if (len == 0 || len > LABEL_MAX ||
			used + len + 2 > DNS_NAME_MAX ||
			!option_is_word(text, len))
			return 0;
		name[used++] = (uint8_t)len;
		for (size_t i = 0; i < len; i++)
			name[used++] = dns_lower((uint8_t)text[i]);
		text += len;
		if (*text == '.')
			text++;
	}
	name[used++] = 0;
	return used;
}

/* RFC 1035, 3.5, and RFC 3596, 2.5: the name that belongs to an address. size
 * is enough for 32 digits with dots and the zone. */
static bool reverse_write(const char *text, char *name, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t address[16];
	size_t used = 0;

	if (inet4_read(text, address)) {
		snprintf(name, size, "%u.%u.%u.%u.in-addr.arpa", address[3],
			address[2], address[1], address[0]);
		return true;
	}
	if (!inet6_read(text, address))
		return false;
	for (int i = 15; i >= 0; i--) {
		name[used++] = digits[address[i] & 15];
		name[used++] = '.';
		name[used++] = digits[address[i] >> 4];
		name[used++] = '.';
	}
	snprintf(name + used, size - used, "ip6.arpa");
	return true;
}

static int question_write(
	struct dns_conf *conf, const char *text, const struct refusal *to)
{
	char reverse[80];
	const char *name = text;

	if (*text == '\0')
		return refuse(to, "-n: '' is not a name");
	if (conf->type == DNS_PTR &&
		reverse_write(text, reverse, sizeof(reverse)))
		name = reverse;
	conf->name_len = (uint16_t)name_write(name, conf->name);
	if (conf->name_len == 0)
		return refuse(to, "-n: '%s' is not a name", text);
	return 0;
}

/* Writes `count` numbers and a name, with spaces between: MX and SRV. */
static bool numbers_write(struct dns_data *want, const char *text, int count)
{
	for (int i = 0; i < count; i++) {
		size_t len = strcspn(text, " ");
		char digits[6] = "";
		uint32_t number;

		if (len >= sizeof(digits) || text[len] == '\0')
			return false;
		memcpy(digits, text, len);
		if (option_number(digits, 0, UINT16_MAX, &number) < 0)
			return false;
		dns_put(want->bytes + want->len, number);
		want->len = (uint16_t)(want->len + 2);
		text += len + strspn(text + len, " ");
	}
	count = (int)name_write(text, want->bytes + want->len);
	want->len = (uint16_t)(want->len + count);
	return *text && count > 0;
}

static bool text_write(struct dns_data *want, const char *text)
{
	size_t len = strlen(text);

	if (len > sizeof(want->bytes))
		return false;
	memcpy(want->bytes, text, len);
	want->len = (uint16_t)len;
	return true;
}

/* Writes the data that a record must have. Returns false if text is not data of
 * the type. */
static bool want_write(
	struct dns_data *want, enum dns_type type, const char *text)
{
	switch (type) {
	case DNS_A:
		want->len = 4;
		return inet4_read(text, want->bytes);
	case DNS_AAAA:
		want->len = 16;
		return inet6_read(text, want->bytes);
	case DNS_MX:
		return numbers_write(want, text, 1);
	case DNS_SRV:
		return numbers_write(want, text, 3);
	case DNS_TXT:
		return text_write(want, text);
	case DNS_NS:
	case DNS_PTR:
	case DNS_SOA:
		break;
	}
	return numbers_write(want, text, 0);
}

static int wants_write(struct dns_conf *conf, const struct options *options,
	const struct refusal *to)
{
	for (size_t i = 0; i < options->want_count; i++)
		if (!want_write(&conf->wants[i], (enum dns_type)conf->type,
			    options->wants[i]))
			return refuse(to, "-a: '%s' is not data of the type",
				options->wants[i]);
	conf->want_count = options->want_count;
	return 0;
}

static int type_parse(
	struct dns_conf *conf, const char *text, const struct refusal *to)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcasecmp(text, types[i].name) == 0) {
			conf->type = (uint16_t)types[i].type;
			return 0;
		}
	}
	return refuse(to,
		"-t: '%s' is not one of A, AAAA, MX, NS, PTR, SOA, SRV, TXT",
		text);
}

/* Returns the code that a word of len bytes names, or -1. */
static int rcode_read(const char *text, size_t len)
{
	char word[WORD_MAX + 1] = "";
	uint32_t number;

	if (len > WORD_MAX)
		return -1;
	memcpy(word, text, len);
	if (option_number(word, 0, DNS_RCODES - 1, &number) == 0)
		return (int)number;
	for (size_t i = 0; i < sizeof(rcodes) / sizeof(rcodes[0]); i++)
		if (strcasecmp(word, rcodes[i]) == 0)
			return (int)i;
	return -1;
}

static int rcodes_parse(
	struct dns_conf *conf, const char *text, const struct refusal *to)
{
	const char *at = text;

	conf->accepted = 0;
	for (;;) {
		size_t len = strcspn(at, ",");
		int code = rcode_read(at, len);

		if (code < 0)
			return refuse(to, "-r: bad list of codes '%s'", text);
		conf->accepted = (uint16_t)(conf->accepted | 1U << code);
		at += len;
		if (*at++ == '\0')
			return 0;
	}
}

static int option_parse(struct dns_conf *conf, struct options *options,
	int option, const struct refusal *to)
{
	switch (option) {
	case 'n':
		options->name = optarg;
		return 0;
	case 't':
		return type_parse(conf, optarg, to);
	case 'a':
		if (options->want_count == DNS_WANTS_MAX)
			return refuse(to, "more than %d of -a", DNS_WANTS_MAX);
		options->wants[options->want_count++] = optarg;
		return 0;
	case 'r':
		return rcodes_parse(conf, optarg, to);
	case 'e':
		conf->empty = true;
		return 0;
	case 'T':
		conf->tcp = true;
		return 0;
	default:
		return refuse_option(to, option);
	}
}

int dns_configure(void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct dns_conf *conf = data;
	struct options options = {.name = "."};
	int option;

	conf->type = DNS_SOA;
	conf->accepted = 1; /* NOERROR */
	while ((option = getopt(argc, argv, "+:n:t:a:r:eT")) != -1)
		if (option_parse(conf, &options, option, &to) < 0)
			return -1;
	if (refuse_rest(&to, argc, argv) < 0)
		return -1;
	if (conf->empty && options.want_count > 0)
		return refuse(&to, "-e: an empty answer cannot have -a");
	if (!(conf->accepted & 1) && (conf->empty || options.want_count > 0))
		return refuse(&to, "-%c needs NOERROR in -r",
			conf->empty ? 'e' : 'a');
	if (question_write(conf, options.name, &to) < 0)
		return -1;
	return wants_write(conf, &options, &to);
}
