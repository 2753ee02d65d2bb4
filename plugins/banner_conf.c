// SPDX-License-Identifier: GPL-2.0-or-later
/* The acts of banner, from its options. */
#include "banner_conf.h"
#include "codes.h"
#include "escape.h"
#include "vector.h"

/* The options so far that are not acts. */
struct reading {
	const char *quit;
	bool find; /* for the next act */
	bool negated;
};

static struct act *act_add(
	struct banner_conf *conf, enum act_kind kind, const struct refusal *to)
{
	struct act *act;

	/* The last place is for the expectation that expectation_add adds. */
	if (conf->act_count == BANNER_ACTS_MAX - 1) {
		refuse(to, "more than %d of -s, -e, -x, -r, -n, -N and -q",
			BANNER_ACTS_MAX - 1);
		return NULL;
	}
	act = &conf->acts[conf->act_count];
	act->kind = kind;
	return act;
}

static enum act_kind bytes_kind(int option)
{
	if (option == 'e')
		return ACT_PREFIX;
	return option == 'r' ? ACT_BYTES : ACT_SEND;
}

/* Adds an act for -s, -e, -r or -q. Returns 0, or -1 with the reason in to. */
static int bytes_parse(struct banner_conf *conf, int option, const char *text,
	const struct refusal *to)
{
	enum act_kind kind = bytes_kind(option);
	struct act *act = act_add(conf, kind, to);
	long len;

	if (!act)
		return -1;
	len = escape_read(text, conf->bytes + conf->used,
		sizeof(conf->bytes) - conf->used);
	if (len == -1)
		return refuse(to, "-%c: bad escape in '%s'", option, text);
	if (len < 0)
		return refuse(to, "more than %d bytes to send and expect",
			BANNER_BYTES_MAX);
	if (len == 0)
		return refuse(to, "-%c needs at least one byte", option);
	if (kind == ACT_PREFIX &&
		memchr(conf->bytes + conf->used, '\n', (size_t)len))
		return refuse(to, "-e: line end in the prefix '%s'", text);
	act->at = conf->used;
	act->len = (uint16_t)len;
	conf->used = (uint16_t)(conf->used + len);
	conf->act_count++;
	return 0;
}

static int regex_parse(
	struct banner_conf *conf, const char *pattern, const struct refusal *to)
{
	struct act *act = act_add(conf, ACT_REGEX, to);

	if (!act)
		return -1;
	act->regex = pattern_compile('x', pattern, PATTERN_POSIX, to);
	if (!act->regex)
		return -1;
	conf->act_count++;
	return 0;
}

static int skip_parse(
	struct banner_conf *conf, const char *text, const struct refusal *to)
{
	struct act *act = act_add(conf, ACT_SKIP, to);

	if (!act)
		return -1;
	if (option_number(text, 1, BANNER_SKIP_MAX, &act->count) < 0)
		return refuse(
			to, "-n: '%s' is not 1 to %u", text, BANNER_SKIP_MAX);
	conf->act_count++;
	return 0;
}

/* Reads the size of a length field: "4", or "4l" if its lowest byte is first.
 */
static int field_parse(
	struct banner_conf *conf, const char *text, const struct refusal *to)
{
	struct act *act = act_add(conf, ACT_FIELD, to);

	if (!act)
		return -1;
	if (text[0] < '1' || text[0] > '4' ||
		(text[1] && strcmp(text + 1, "l") != 0))
		return refuse(to, "-N: '%s' is not 1 to 4, or 1l to 4l", text);
	act->count = (uint32_t)(text[0] - '0');
	act->little = text[1] != '\0';
	conf->act_count++;
	return 0;
}

/* Adds an expectation of any line if the dialog does not end with one. */
static void expectation_add(struct banner_conf *conf)
{
	if (conf->act_count > 0 &&
		conf->acts[conf->act_count - 1].kind != ACT_SEND)
		return;
	conf->acts[conf->act_count++].kind = ACT_PREFIX;
}

/* Takes the flags that hold for the next act. */
static int flag_take(
	struct reading *reading, int option, const struct refusal *to)
{
	bool *flag = option == 'f' ? &reading->find : &reading->negated;

	if (*flag)
		return refuse(to, "-%c twice", option);
	*flag = true;
	return 0;
}

/* Gives the flags to the act that was added. */
static int flags_give(
	struct banner_conf *conf, struct reading *reading, int result)
{
	struct act *act;

	if (result < 0)
		return result;
	act = &conf->acts[conf->act_count - 1];
	act->find = reading->find;
	act->negated = reading->negated;
	reading->find = reading->negated = false;
	return 0;
}

static int flags_check(const struct reading *reading, const struct refusal *to)
{
	if (reading->find)
		return refuse(to, "-f needs -e or -x behind it");
	if (reading->negated)
		return refuse(to, "-v needs -e or -x behind it");
	return 0;
}

/* The options that make an act. */
static int act_parse(struct banner_conf *conf, int option,
	struct reading *reading, const struct refusal *to)
{
	if (option == 'e')
		return flags_give(
			conf, reading, bytes_parse(conf, option, optarg, to));
	if (option == 'x')
		return flags_give(conf, reading, regex_parse(conf, optarg, to));
	if (flags_check(reading, to) < 0)
		return -1;
	if (option == 'n')
		return skip_parse(conf, optarg, to);
	if (option == 'N')
		return field_parse(conf, optarg, to);
	return bytes_parse(conf, option, optarg, to);
}

static int option_parse(struct banner_conf *conf, int option,
	struct reading *reading, const struct refusal *to)
{
	switch (option) {
	case 's':
	case 'e':
	case 'x':
	case 'r':
	case 'n':
	case 'N':
		return act_parse(conf, option, reading, to);
	case 'f':
	case 'v':
		return flag_take(reading, option, to);
	case 'q':
		reading->quit = optarg;
		return 0;
	case 'M':
		conf->replies = true;
		return 0;
	case 'l':
		if (option_number(
			    optarg, 1, BANNER_LINE_MAX, &conf->line_max) == 0)
			return 0;
		return refuse(
			to, "-l: '%s' is not 1 to %d", optarg, BANNER_LINE_MAX);
	default:
		return refuse_option(to, option);
	}
}

static int vector_parse(struct banner_conf *conf, int argc, char **argv,
	const struct refusal *to)
{
	struct reading reading = {.quit = NULL};
	const char *quit;
	int option;

	conf->line_max = BANNER_LINE_DEFAULT;
	while ((option = getopt(argc, argv, "+:s:e:x:r:n:N:q:l:fvM")) != -1)
		if (option_parse(conf, option, &reading, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0 || flags_check(&reading, to) < 0)
		return -1;
	quit = reading.quit;
	expectation_add(conf);
	conf->quits = quit != NULL;
	return quit ? bytes_parse(conf, 'q', quit, to) : 0;
}

void banner_release(void *data)
{
	struct banner_conf *conf = data;

	for (size_t i = 0; i < conf->act_count; i++)
		if (conf->acts[i].kind == ACT_REGEX)
			pattern_free(conf->acts[i].regex);
	conf->act_count = 0;
}

int banner_configure(void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};

	if (vector_parse(data, argc, argv, &to) == 0)
		return 0;
	banner_release(data);
	return -1;
}
