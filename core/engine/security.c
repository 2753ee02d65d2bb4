// SPDX-License-Identifier: GPL-2.0-or-later
/* TLS of checks. */
#include "engine/security.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "config/show.h"
#include "engine/transport/tcp.h"
#include "engine/transport/tls.h"

#include <string.h>

#define MESSAGE_MAX 512
#define HOST_MAX 253 /* RFC 1035, 2.3.4 */

/* One context, and the settings that it was made for. */
struct made {
	struct made *next;
	const struct config_settings *settings;
	bool verifies;
	const struct tls_context *context;
};

/* What checks with the same settings and vector share. */
struct shared {
	uint16_t settings, vector;
	const struct tls_peer *peer;
};

struct maker {
	const struct security_order *order;
	const struct tls_module *module;
	struct security *security;
	struct made *made;
	struct hash hash;
	struct shared *shared;
	uint32_t shared_count;
	bool failed;
};

static void complain_at(struct maker *maker, const struct config_place *place,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

static void complain_at(struct maker *maker, const struct config_place *place,
	const char *format, ...)
{
	const struct security_order *order = maker->order;
	char message[MESSAGE_MAX];
	struct text text;
	va_list ap;

	text_init(&text, message, sizeof(message));
	va_start(ap, format);
	text_vadd(&text, format, ap);
	va_end(ap);
	maker->failed = true;
	config_complain(order->system, place, order->report, order->report_arg,
		message);
}

/* The place of a setting's text, or of the check that has it by default. */
static const struct config_place *place_of(const struct maker *maker,
	const char *text, const struct config_vector *vector)
{
	const struct config_place *place =
		text ? config_text_place(maker->order->config, text) : NULL;

	return place && place->file ? place : &vector->place;
}

static bool is_address(const char *host)
{
	struct address any;

	return address_parse(&any, host) == 0;
}

/* RFC 6066, 3: a DNS name, and no address. */
static bool is_host_name(const char *host)
{
	size_t len = strspn(host, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

	return len && !host[len] && len <= HOST_MAX && host[0] != '.' &&
	       !is_address(host);
}

/* Returns the content of a file, or none after a complaint. */
static struct tls_text content_of(struct maker *maker, const char *path,
	const char *setting, const struct config_vector *vector)
{
	const struct credential *file =
		credentials_find(maker->order->credentials, path);

	if (file && !file->why)
		return file->content;
	complain_at(maker, place_of(maker, path, vector), "%s %s: %s", setting,
		path ? path : LVSMON_CA_FILE,
		file ? file->why : "was not read");
	return (struct tls_text){.text = NULL};
}

static void complain_fault(struct maker *maker, const struct tls_fault *fault,
	const struct config_settings *settings,
	const struct config_vector *vector)
{
	const char *const texts[] = {
		[TLS_PART_CA] = settings->ca,
		[TLS_PART_CERT] = settings->cert,
		[TLS_PART_KEY] = settings->key,
		[TLS_PART_OTHER] = NULL,
	};
	static const char *const words[] = {
		[TLS_PART_CA] = "ca",
		[TLS_PART_CERT] = "cert",
		[TLS_PART_KEY] = "key",
	};
	const char *text = texts[fault->part];

	if (fault->part == TLS_PART_CA && !text)
		text = LVSMON_CA_FILE;
	if (fault->part == TLS_PART_OTHER)
		complain_at(maker, &vector->place, "TLS: %s", fault->why);
	else
		complain_at(maker, place_of(maker, texts[fault->part], vector),
			"%s %s: %s", words[fault->part], text, fault->why);
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool made_fits(const struct made *made,
	const struct config_settings *wanted, bool verifies)
{
	const struct config_settings *settings = made->settings;

	return made->verifies == verifies &&
	       settings->min_version == wanted->min_version &&
	       is_same(settings->alpn, wanted->alpn) &&
	       is_same(settings->cert, wanted->cert) &&
	       is_same(settings->key, wanted->key) &&
	       (!verifies || is_same(settings->ca, wanted->ca));
}

static bool alpn_is_good(const char *names)
{
	size_t len = strlen(names);

	return len && len < 255 && names[0] != ',' && names[len - 1] != ',' &&
	       !strstr(names, ",,");
}

/* Reads the settings of a wish. Returns whether they are well. */
static bool make_wish(struct maker *maker, struct tls_wish *wish,
	const struct config_settings *settings,
	const struct config_vector *vector)
{
	bool failed = maker->failed;

	maker->failed = false;
	wish->only_tls13 = settings->min_version == CONFIG_TLS_1_3;
	wish->alpn = settings->alpn;
	if (wish->alpn && !alpn_is_good(wish->alpn))
		complain_at(maker, place_of(maker, wish->alpn, vector),
			"alpn '%s' is not a list of names with commas between "
			"them, at most 254 bytes",
			wish->alpn);
	if (!settings->cert != !settings->key)
		complain_at(maker,
			place_of(maker,
				settings->cert ? settings->cert : settings->key,
				vector),
			"'cert' and 'key' need each other");
	if (wish->verifies)
		wish->ca = content_of(maker, settings->ca, "ca", vector);
	if (settings->cert)
		wish->cert = content_of(maker, settings->cert, "cert", vector);
	if (settings->key)
		wish->key = content_of(maker, settings->key, "key", vector);
	if (!maker->failed) {
		maker->failed = failed;
		return true;
	}
	return false;
}

/* A context that could not be made is kept as well, so that its error is told
 * once. */
static const struct tls_context *context_of(struct maker *maker,
	const struct config_settings *settings,
	const struct config_vector *vector, bool verifies)
{
	struct tls_wish wish = {.verifies = verifies};
	struct made *made = maker->made;
	struct tls_fault fault;

	while (made && !made_fits(made, settings, verifies))
		made = made->next;
	if (made)
		return made->context;
	made = arena_alloc(maker->order->arena, sizeof(*made));
	*made = (struct made){maker->made, settings, verifies, NULL};
	maker->made = made;
	if (!make_wish(maker, &wish, settings, vector))
		return NULL;
	made->context = maker->module->context(&wish, &fault);
	if (!made->context)
		complain_fault(maker, &fault, settings, vector);
	// cppcheck-suppress returnDanglingLifetime
	return made->context;
}

/* Returns how far to verify. */
static enum config_verify verify_of(
	const struct config_settings *settings, const char *host)
{
	if (settings->verify != CONFIG_VERIFY_AUTO)
		return (enum config_verify)settings->verify;
	return host ? CONFIG_VERIFY_HOST : CONFIG_VERIFY_CHAIN;
}

/* Returns NULL after a complaint. */
static const struct tls_peer *make_peer(struct maker *maker,
	const struct config_settings *settings,
	const struct config_vector *vector, const struct instance *instance)
{
	struct tls_peer *peer = arena_alloc(maker->order->arena, sizeof(*peer));
	const char *host = settings->sni;
	enum config_verify verify;

	if (!host && instance)
		host = instance->host;
	verify = verify_of(settings, host);
	if (settings->sni && !is_host_name(settings->sni))
		complain_at(maker, place_of(maker, settings->sni, vector),
			"sni '%s' is not the name of a host", settings->sni);
	else if (host && !is_host_name(host) && !is_address(host))
		complain_at(maker, &vector->place,
			"%s: '%s' is not the name of a host", vector->argv[0],
			host);
	if (instance && verify == CONFIG_VERIFY_HOST && !host)
		complain_at(maker, &vector->place,
			"'verify host' needs the name of the host: set 'sni'");
	peer->host = host;
	peer->host_address = host && is_address(host);
	peer->host_verifies = verify == CONFIG_VERIFY_HOST;
	peer->context = context_of(
		maker, settings, vector, verify != CONFIG_VERIFY_NONE);
	return peer->context ? peer : NULL;
}

static bool needs_tls(
	const struct config_settings *settings, const struct instance *instance)
{
	return settings->tls ||
	       (instance && (instance->starttls ||
				    instance->transport == &tls_transport));
}

/* TLS needs a checker that speaks over a stream, and begins once. */
static bool carries(struct maker *maker, const struct config_settings *settings,
	const struct config_vector *vector, const struct instance *instance)
{
	if (settings->tls && instance && instance->starttls) {
		complain_at(maker, &vector->place,
			"%s: begins TLS itself, so that 'tls yes' is one TLS "
			"too many",
			vector->argv[0]);
		return false;
	}
	if (!instance || instance->transport == &tcp_transport ||
		instance->transport == &tls_transport)
		return true;
	complain_at(maker, &vector->place,
		"%s: 'tls yes' needs a checker that uses TCP", vector->argv[0]);
	return false;
}

struct wanted {
	const struct shared *shared;
	struct shared pair;
};

static bool is_pair(const void *arg, uint32_t index)
{
	const struct wanted *wanted = arg;

	return wanted->shared[index].settings == wanted->pair.settings &&
	       wanted->shared[index].vector == wanted->pair.vector;
}

/* Returns what a pair of settings and vector has, made at its first use. */
static const struct shared *share(
	struct maker *maker, const struct config_check *check)
{
	const struct config *config = maker->order->config;
	const struct config_settings *settings =
		&config->settings[check->settings];
	const struct config_vector *vector = &config->vectors[check->vector];
	const struct instance *instance =
		maker->order->loaded ? &maker->order->loaded[check->vector]
				     : NULL;
	const uint16_t pair[] = {check->settings, check->vector};
	uint64_t key = hash_bytes(HASH_SEED, pair, sizeof(pair));
	const struct wanted wanted = {maker->shared, {pair[0], pair[1], NULL}};
	uint32_t index = hash_find(&maker->hash, key, is_pair, &wanted);
	struct shared *new;

	if (index != HASH_NONE)
		return &maker->shared[index];
	new = &maker->shared[maker->shared_count];
	*new = wanted.pair;
	hash_add(&maker->hash, key, maker->shared_count++);
	if (carries(maker, settings, vector, instance))
		new->peer = make_peer(maker, settings, vector, instance);
	return new;
}

/* Returns the instance of a check; NULL = unknown. */
static const struct instance *instance_of(
	const struct security_order *order, uint32_t check)
{
	return order->loaded
		       ? &order->loaded[order->config->checks[check].vector]
		       : NULL;
}

static bool has_tls(const struct security_order *order, uint32_t check)
{
	const struct config *config = order->config;
	const struct instance *instance = instance_of(order, check);

	if (instance && !instance->checker)
		return false;
	return needs_tls(
		&config->settings[config->checks[check].settings], instance);
}

static void make_checks(struct maker *maker)
{
	const struct security_order *order = maker->order;
	struct security *security = maker->security;

	for (uint32_t i = 0; i < order->config->check_count; i++) {
		struct security_check *check = &security->checks[i];

		if (!has_tls(order, i))
			continue;
		check->peer = share(maker, &order->config->checks[i])->peer;
		check->session = security->count++;
	}
}

static uint32_t count_tls(const struct security_order *order, uint32_t *first)
{
	uint32_t count = 0;

	for (uint32_t i = order->config->check_count; i > 0; i--)
		if (has_tls(order, i - 1)) {
			*first = i - 1;
			count++;
		}
	return count;
}

static const struct tls_module *opened;

int security_load(struct security *security, const struct security_order *order)
{
	struct maker maker = {.order = order, .security = security};
	const struct config *config = order->config;
	uint32_t first = 0, count = count_tls(order, &first);
	const char *why = NULL;

	*security = (struct security){.checks = NULL};
	if (!count)
		return 0;
	maker.module = loader_tls(order->arena, config->plugin_dir, &why);
	if (!why)
		why = maker.module->open(&tls_below);
	if (why) {
		complain_at(&maker,
			&config->vectors[config->checks[first].vector].place,
			"TLS: %s", why);
		return -1;
	}
	opened = maker.module;
	tls_use(opened);
	maker.hash = hash_create(order->arena, count);
	maker.shared = arena_array(order->arena, count, sizeof(*maker.shared));
	security->checks = arena_array(
		order->arena, config->check_count, sizeof(*security->checks));
	make_checks(&maker);
	security->probes = config->tls_probes < security->count
				   ? config->tls_probes
				   : security->count;
	return maker.failed ? -1 : 0;
}

int security_seal(struct security *security)
{
	size_t size;

	if (!security->count)
		return 0;
	size = opened->seal(security->probes, security->count);
	if (!size) {
		log_line(LOG_ERR, "no memory for %u probes with TLS",
			(unsigned int)security->probes);
		return -1;
	}
	log_debug(LOG_TOPIC_PROCESS,
		"TLS: %u checks, %u probes at once, %zu KiB of memory at most",
		(unsigned int)security->count, (unsigned int)security->probes,
		size / 1024);
	return 0;
}
