// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes a configuration of a draft: resolves the levels, keeps equal things
 * once, and gives out the indices. */
#include "config/build.h"

#include "config/intern.h"
#include "config/sysctl.h"
#include "config/verify.h"

#include <assert.h>
#include <string.h>

struct builder {
	const struct draft *draft;
	const struct config_options *options;
	struct complaints *complaints;
	struct config *config;
	struct hash vectors, settings;
	/* Too many checks, or too many entries, were reported. */
	bool checks_full, slots_full;
};

static void resolve_settings(const struct builder *builder,
	const struct draft_level *level, struct config_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	level_resolve(level, SETTING_OF_CHECK, settings);
	if (builder->options->interval_ms)
		settings->interval_ms = builder->options->interval_ms;
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
	vector->place = place_keep(&check->place, config->arena);
	return index;
}

/* Adds a check to a real server. Its own block is inside the real server's
 * level, even if the check line is further out. */
static void add_check(struct builder *builder, uint32_t real,
	const struct draft_check *check, const struct draft_level *outer)
{
	struct config *config = builder->config;
	struct draft_level level = check->level;
	struct config_settings settings;
	uint32_t vector, index, known = config->settings_count;

	level.outer = outer;
	resolve_settings(builder, &level, &settings);
	verify_limits(builder->complaints, &level, SETTING_OF_CHECK, &settings);
	verify_target(builder->complaints, &check->place, &settings,
		&config->reals[real]);
	vector = vector_of(builder, check);
	index = intern_settings(&builder->settings, config->settings,
		&config->settings_count, &settings);
	if (index == known)
		level_keep_texts(&level, SETTING_OF_CHECK,
			&config->settings[index], config);
	if (config->check_count == CONFIG_CHECKS_MAX ||
		vector > CONFIG_VECTORS_MAX || index > CONFIG_SETTINGS_MAX) {
		if (!builder->checks_full)
			complain(builder->complaints, &check->place,
				"too many checks, or too many different "
				"checks");
		builder->checks_full = true;
		return;
	}
	config->checks[config->check_count++] = (struct config_check){
		.real = real,
		.vector = (uint16_t)vector,
		.settings = (uint16_t)index,
	};
}

static void add_checks(
	struct builder *builder, uint32_t index, const struct draft_real *real)
{
	const struct draft_level *level = draft_level_of_checks(real);
	struct config_real *conf = &builder->config->reals[index];
	char name[ADDRESS_TEXT_MAX];
	uint32_t count;

	conf->check = builder->config->check_count;
	if (!level && !real->fallback)
		complain(builder->complaints, &real->place,
			"real server %s has no check; write 'check none' if it "
			"is to count as always up",
			address_format(&conf->address, name));
	for (const struct draft_check *check = level ? level->checks : NULL;
		check; check = check->next)
		add_check(builder, index, check, real->level);
	count = builder->config->check_count - conf->check;
	if (count > CONFIG_CHECKS_OF_REAL_MAX)
		complain(builder->complaints, &real->place,
			"more than %d checks of one real server",
			CONFIG_CHECKS_OF_REAL_MAX);
	conf->check_count = (uint16_t)count;
}

/* Whether the kernel keeps clients of a virtual service on a real server of
 * weight 0: by persistence, or by a UDP flow that goes on. */
static bool keeps_clients(const struct draft_virtual *virtual)
{
	if (virtual->persistence_s)
		return true;
	for (const struct draft_target *target = virtual->targets; target;
		target = target->next)
		if (target->protocol == IPPROTO_UDP)
			return true;
	return false;
}

static void add_real(struct builder *builder,
	const struct draft_virtual *virtual, const struct draft_real *real)
{
	struct config *config = builder->config;
	uint32_t index = config->real_count++;
	struct config_real *conf = &config->reals[index];

	*conf = (struct config_real){
		.address = real->address,
		.virtual = config->virtual_count,
		.fallback = real->fallback,
	};
	level_resolve(real->level, SETTING_OF_REAL, conf);
	if (keeps_clients(virtual) &&
		!level_find(real->level, setting_find("on-fail")))
		conf->quiet_ms = CONFIG_QUIET_NEVER;
	if (!real->has_port && virtual->targets)
		conf->address.port = virtual->targets->address.port;
	verify_limits(builder->complaints, real->level, SETTING_OF_REAL, conf);
	verify_ports(builder->complaints, virtual, real, conf);
	add_checks(builder, index, real);
}

/* Numbers the entries of a service. If they are too many, reports it once. */
static void add_slots(struct builder *builder,
	const struct draft_target *target, struct config_service *service,
	uint32_t count)
{
	struct config *config = builder->config;

	service->slot = config->slot_count;
	if (config->slot_count + count <= CONFIG_SLOTS_MAX) {
		config->slot_count += count;
		return;
	}
	if (!builder->slots_full)
		complain(builder->complaints, &target->place,
			"more than %d entries of the kernel's table",
			CONFIG_SLOTS_MAX);
	builder->slots_full = true;
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
		};
		add_slots(builder, target, service, conf->real_count);
		/* A real server that is left out may fit. */
		if (!virtual->misses)
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
		.incomplete = virtual->misses,
		.place = place_keep(&virtual->place, config->arena),
	};
	for (const struct draft_real *real = draft_first_real(virtual); real;
		real = draft_next_real(virtual, real)) {
		if (real->fallback)
			conf->fallback = config->real_count;
		add_real(builder, virtual, real);
	}
	conf->real_count = config->real_count - conf->real;
	add_services(builder, virtual);
	config->virtual_count++;
}

/* Returns the number of checks of all real servers, for the size of arrays; at
 * most CONFIG_CHECKS_MAX. */
static uint32_t count_checks(const struct draft *draft)
{
	uint64_t count = 0;

	for (const struct draft_virtual *virtual = draft->virtuals; virtual;
		virtual = virtual->next)
		for (const struct draft_real *real = draft_first_real(virtual);
			real; real = draft_next_real(virtual, real)) {
			const struct draft_level *level =
				draft_level_of_checks(real);

			for (const struct draft_check *check =
					level ? level->checks : NULL;
				check; check = check->next)
				count++;
		}
	return count < CONFIG_CHECKS_MAX ? (uint32_t)count : CONFIG_CHECKS_MAX;
}

/* Returns the most settings that so many checks can have. */
static uint32_t settings_most(uint32_t checks)
{
	return checks < CONFIG_SETTINGS_MAX ? checks : CONFIG_SETTINGS_MAX;
}

static struct config *new_config(
	const struct draft *draft, const char *path, uint32_t checks)
{
	struct arena *arena = arena_create();
	struct config *config = arena_alloc(arena, sizeof(*config));

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
	config->settings = arena_array(
		arena, settings_most(checks), sizeof(struct config_settings));
	return config;
}

static void add_globals(const struct builder *builder)
{
	const char *plugin_dir = builder->options->plugin_dir;
	const struct draft_level *level = &builder->draft->level;
	struct config *config = builder->config;
	const struct draft_value *user = level_own(level, setting_find("user"));

	level_resolve(level, SETTING_OF_DAEMON, config);
	level_keep_texts(level, SETTING_OF_DAEMON, config, config);
	if (user)
		config->user_place = place_keep(&user->place, config->arena);
	if (plugin_dir)
		config->plugin_dir = arena_strdup(config->arena, plugin_dir);
}

/* The default of `probes`. An eighth is added because probes end a little after
 * their timeout. */
static uint32_t pool_of(const struct config *config)
{
	uint32_t needed = config_probes_needed(config);

	needed += (needed + 7) / 8;
	if (needed < CONFIG_POOL_MIN)
		return CONFIG_POOL_MIN;
	return needed < CONFIG_POOL_MAX ? needed : CONFIG_POOL_MAX;
}

static void add_unresolved(const struct builder *builder)
{
	const struct draft_missing *missing = builder->draft->missing;
	struct config *config = builder->config;
	struct arena *arena = config->arena;

	config->unresolved = arena_array(arena, builder->draft->missing_count,
		sizeof(*config->unresolved));
	for (; missing; missing = missing->next)
		config->unresolved[config->unresolved_count++] =
			(struct config_unresolved){
				.text = arena_strdup(arena, missing->text),
				.virtual = missing->virtual
						   ? arena_strdup(arena,
							     missing->virtual
								     ->name)
						   : NULL,
				.why = arena_strdup(arena, missing->why),
				.place = place_keep(&missing->place, arena),
			};
	assert(config->unresolved_count == builder->draft->missing_count);
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
		.vectors = hash_create(draft->arena, draft->check_count),
		.settings = hash_create(draft->arena, settings_most(checks)),
	};

	/* One line can make many real servers, and one setting applies to
	 * many checks. */
	complaints->once = true;
	add_globals(&builder);
	sysctl_build(builder.config, draft);
	add_unresolved(&builder);
	for (const struct draft_virtual *virtual = draft->virtuals; virtual;
		virtual = virtual->next)
		add_virtual(&builder, virtual);
	assert(builder.config->virtual_count == draft->virtual_count);
	assert(builder.config->service_count == draft->target_count);
	assert(builder.config->real_count == draft->real_count);
	verify_unique(complaints, draft, builder.config);
	if (complaints->count) {
		arena_destroy(builder.config->arena);
		return NULL;
	}
	if (!builder.config->pool)
		builder.config->pool = pool_of(builder.config);
	return builder.config;
}

struct config *config_build_vectors(const struct draft *draft, const char *path,
	const struct config_options *options)
{
	struct builder builder = {
		.draft = draft,
		.options = options,
		.config = new_config(draft, path, 0),
		.vectors = hash_create(draft->arena, draft->check_count),
	};

	add_globals(&builder);
	for (const struct draft_check *check = draft->made; check;
		check = check->next_made)
		vector_of(&builder, check);
	return builder.config;
}
