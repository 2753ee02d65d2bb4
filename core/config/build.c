// SPDX-License-Identifier: GPL-2.0-or-later
/* From what was written to what it means: levels resolved, equal things made
 * one, indices given out. */
#include "config/intern.h"
#include "config/settings.h"
#include "config/verify.h"

#include <string.h>

struct builder {
	const struct draft *draft;
	const struct config_options *options;
	struct complaints *complaints;
	struct config *config;
	struct intern vectors, settings;
	bool full; /* said that there are too many checks */
};

/* The nearest level that sets something, or NULL. */
static const struct draft_level *who_sets(
	const struct draft_level *level, enum setting setting)
{
	while (level && !(level->set & 1U << setting))
		level = level->outer;
	return level;
}

static uint32_t number_of(
	const struct draft_level *level, enum setting setting, uint32_t other)
{
	const struct draft_level *who = who_sets(level, setting);

	return who ? who->number[setting] : other;
}

/* Whether a level stands inside another, or is it. */
static bool is_within(
	const struct draft_level *inner, const struct draft_level *outer)
{
	while (inner && inner != outer)
		inner = inner->outer;
	return inner != NULL;
}

/* fall counts where it is set as near as fall-after, or where fall-after is
 * not set at all. */
static uint32_t fall_of(const struct draft_level *level)
{
	const struct draft_level *fall = who_sets(level, SETTING_FALL);
	const struct draft_level *after = who_sets(level, SETTING_FALL_AFTER);

	if (!after)
		return fall ? fall->number[SETTING_FALL] : 3;
	return fall && is_within(fall, after) ? fall->number[SETTING_FALL] : 0;
}

static void settings_of(const struct builder *builder,
	const struct draft_level *level, struct config_settings *out)
{
	const struct draft_level *bind = who_sets(level, SETTING_BIND);
	const struct draft_level *to = who_sets(level, SETTING_CHECK_ADDRESS);
	uint32_t override = builder->options->interval_ms;

	memset(out, 0, sizeof(*out));
	out->interval_ms =
		override ? override : number_of(level, SETTING_INTERVAL, 10000);
	out->timeout_ms = number_of(level, SETTING_TIMEOUT, 3000);
	out->connect_timeout_ms = number_of(level, SETTING_CONNECT_TIMEOUT, 0);
	out->rise = number_of(level, SETTING_RISE, 2);
	out->fall = fall_of(level);
	out->fall_after_ms = number_of(level, SETTING_FALL_AFTER, 0);
	out->check_port = (uint16_t)number_of(level, SETTING_CHECK_PORT, 0);
	if (bind)
		out->bind = bind->bind;
	if (to)
		out->check_address = to->check_address;
}

static uint32_t vector_of(
	struct builder *builder, const struct draft_check *check)
{
	struct config *config = builder->config;
	uint32_t index = intern_vector(&builder->vectors, config->vectors,
		config->vector_count, check->argc, check->argv);
	struct config_vector *vector = &config->vectors[index];

	if (index < config->vector_count)
		return index;
	config->vector_count++;
	vector->argc = check->argc;
	vector->argv = arena_array(
		config->arena, (size_t)check->argc + 1, sizeof(char *));
	for (int i = 0; i < check->argc; i++)
		vector->argv[i] = arena_strdup(config->arena, check->argv[i]);
	vector->place = spot_place(&check->spot, config->arena);
	return index;
}

static void add_check(struct builder *builder, uint32_t real,
	const struct draft_check *check, const struct draft_level *outer)
{
	struct config *config = builder->config;
	/* Its own block, but inside the real that it is for. */
	struct draft_level level = check->level;
	struct config_settings settings;
	uint32_t vector, index;

	level.outer = outer;
	settings_of(builder, &level, &settings);
	verify_settings(builder->complaints, &level, &settings);
	verify_target(builder->complaints, &check->spot, &settings,
		&config->reals[real]);
	vector = vector_of(builder, check);
	index = intern_settings(&builder->settings, config->settings,
		&config->settings_count, &settings);
	if (config->check_count == CONFIG_CHECKS_MAX ||
		vector > CONFIG_VECTORS_MAX || index > CONFIG_SETTINGS_MAX) {
		if (!builder->full)
			complain(builder->complaints, &check->spot,
				"too many checks, or too many that differ");
		builder->full = true;
		return;
	}
	config->checks[config->check_count++] = (struct config_check){
		.real = real,
		.vector = (uint16_t)vector,
		.settings = (uint16_t)index,
	};
}

/* The nearest level with checks, or with none said; a fallback looks no
 * further than its own block. */
static const struct draft_level *who_checks(const struct draft_real *real)
{
	const struct draft_level *level = real->level;

	while (level && !level->checks && !level->checks_none)
		level = real->fallback ? NULL : level->outer;
	return level;
}

/* A check of an outer level is inside that level, unless the real's own is
 * nearer: a real's interval is for all of its checks. */
static void add_checks(
	struct builder *builder, uint32_t index, const struct draft_real *real)
{
	const struct draft_level *level = who_checks(real);
	struct config_real *conf = &builder->config->reals[index];
	char name[ADDRESS_TEXT_MAX];
	uint32_t count;

	conf->check = builder->config->check_count;
	if (!level && !real->fallback)
		complain(builder->complaints, &real->spot,
			"no check for real %s; say 'check none' if it is to "
			"count as always up",
			address_format(&conf->address, name));
	for (const struct draft_check *check = level ? level->checks : NULL;
		check; check = check->next)
		add_check(builder, index, check, real->level);
	count = builder->config->check_count - conf->check;
	if (count > CONFIG_CHECKS_OF_REAL_MAX)
		complain(builder->complaints, &real->spot,
			"more than %d checks of one real",
			CONFIG_CHECKS_OF_REAL_MAX);
	conf->check_count = (uint16_t)count;
}

static void add_real(struct builder *builder,
	const struct draft_virtual *virtual, const struct draft_real *real)
{
	struct config *config = builder->config;
	uint32_t index = config->real_count++;
	struct config_real *conf = &config->reals[index];
	const struct draft_level *level = real->level;

	*conf = (struct config_real){
		.address = real->address,
		.virtual = config->virtual_count,
		.weight = real->fallback && !who_sets(level, SETTING_WEIGHT)
				  ? 1
				  : number_of(level, SETTING_WEIGHT, 1),
		.upper = number_of(level, SETTING_UPPER, 0),
		.lower = number_of(level, SETTING_LOWER, 0),
		.forward =
			(uint8_t)number_of(level, SETTING_FORWARD, CONFIG_MASQ),
		.on_fail = (uint8_t)number_of(
			level, SETTING_ON_FAIL, CONFIG_QUIESCE),
		.fallback = real->fallback,
	};
	if (!real->has_port && virtual->targets)
		conf->address.port = virtual->targets->address.port;
	verify_real(builder->complaints, virtual, real, conf);
	add_checks(builder, index, real);
}

static void add_services(
	struct builder *builder, const struct draft_virtual *virtual)
{
	struct config *config = builder->config;
	struct config_virtual *conf = &config->virtuals[config->virtual_count];

	conf->service = config->service_count;
	for (const struct draft_target *target = virtual->targets; target;
		target = target->next) {
		struct config_service *service =
			&config->services[config->service_count++];

		*service = (struct config_service){
			.address = target->address,
			.fwmark = target->fwmark,
			.family = target->family,
			.protocol = target->protocol,
			.virtual = config->virtual_count,
			.slot = config->slot_count,
		};
		if (config->slot_count + conf->real_count > CONFIG_SLOTS_MAX) {
			complain(builder->complaints, &target->spot,
				"more than %d entries of the table",
				CONFIG_SLOTS_MAX);
			return;
		}
		config->slot_count += conf->real_count;
		verify_service(builder->complaints, target, service,
			&config->reals[conf->real], conf->real_count);
	}
	conf->service_count = config->service_count - conf->service;
}

static void add_virtual(
	struct builder *builder, const struct draft_virtual *virtual)
{
	struct config *config = builder->config;
	struct config_virtual *conf = &config->virtuals[config->virtual_count];

	*conf = (struct config_virtual){
		.name = arena_strdup(config->arena, virtual->name),
		.scheduler = arena_strdup(config->arena, virtual->scheduler),
		.flags = virtual->flags,
		.persistence_s = virtual->persistence_s,
		.netmask4 = virtual->netmask4,
		.netmask6 = virtual->netmask6,
		.real = config->real_count,
		.fallback = CONFIG_NONE,
		.place = spot_place(&virtual->spot, config->arena),
	};
	for (const struct draft_real *real = virtual->reals; real;
		real = real->next)
		add_real(builder, virtual, real);
	if (virtual->fallback) {
		conf->fallback = config->real_count;
		add_real(builder, virtual, virtual->fallback);
	}
	conf->real_count = config->real_count - conf->real;
	add_services(builder, virtual);
	config->virtual_count++;
}

/* How many checks all reals have together, so that arrays can be made. */
static uint32_t count_checks(const struct draft *draft)
{
	uint64_t count = 0;

	for (const struct draft_virtual *virtual = draft->virtuals; virtual;
		virtual = virtual->next) {
		const struct draft_real *real = virtual->reals;
		bool last = !real;

		if (last)
			real = virtual->fallback;
		while (real) {
			const struct draft_level *level = who_checks(real);

			for (const struct draft_check *check =
					level ? level->checks : NULL;
				check; check = check->next)
				count++;
			real = real->next;
			if (!real && !last) {
				real = virtual->fallback;
				last = true;
			}
		}
	}
	return count < CONFIG_CHECKS_MAX ? (uint32_t)count : CONFIG_CHECKS_MAX;
}

static struct config *new_config(
	const struct draft *draft, const char *path, uint32_t checks)
{
	struct arena *arena = arena_create();
	struct config *config = arena_alloc(arena, sizeof(*config));
	uint32_t settings = checks <= CONFIG_SETTINGS_MAX
				    ? checks
				    : CONFIG_SETTINGS_MAX + 1;

	config->arena = arena;
	config->file = arena_strdup(arena, path);
	config->virtuals = arena_array(
		arena, draft->virtual_count, sizeof(struct config_virtual));
	config->services = arena_array(
		arena, draft->target_count, sizeof(struct config_service));
	config->reals = arena_array(
		arena, draft->real_count, sizeof(struct config_real));
	config->checks =
		arena_array(arena, checks, sizeof(struct config_check));
	config->vectors = arena_array(
		arena, draft->check_count, sizeof(struct config_vector));
	config->settings =
		arena_array(arena, settings, sizeof(struct config_settings));
	return config;
}

static void set_globals(const struct builder *builder)
{
	const struct draft *draft = builder->draft;
	struct config *config = builder->config;
	const char *plugins = builder->options->plugin_dir;

	if (!plugins)
		plugins = draft->plugin_dir ? draft->plugin_dir
					    : LVSMON_PLUGIN_DIR;
	config->user = arena_strdup(config->arena, draft->user);
	config->plugin_dir = arena_strdup(config->arena, plugins);
	config->audit_ms = draft->audit_ms;
	config->pool = draft->pool;
	config->on_exit = draft->on_exit;
	config->modprobe = draft->modprobe;
}

struct config *config_build(const struct draft *draft, const char *path,
	const struct config_options *options, struct complaints *complaints)
{
	uint32_t checks = count_checks(draft);
	struct builder builder = {
		.draft = draft,
		.options = options,
		.complaints = complaints,
		.config = new_config(draft, path, checks),
		.vectors = intern_create(draft->arena, draft->check_count),
		.settings = intern_create(draft->arena,
			checks <= CONFIG_SETTINGS_MAX ? checks
						      : CONFIG_SETTINGS_MAX),
	};

	/* A line that makes many reals, or a setting that many have. */
	complaints->once = true;
	set_globals(&builder);
	for (const struct draft_virtual *virtual = draft->virtuals; virtual;
		virtual = virtual->next)
		add_virtual(&builder, virtual);
	verify_unique(complaints, draft, builder.config);
	if (complaints->count) {
		arena_destroy(builder.config->arena);
		return NULL;
	}
	return builder.config;
}
