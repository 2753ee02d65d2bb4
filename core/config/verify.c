// SPDX-License-Identifier: GPL-2.0-or-later
/* The consistency check. */
#include "config/verify.h"

#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void verify_limit(struct complaints *complaints,
	const struct draft_level *level, uint32_t index, const void *object)
{
	const struct setting *setting = &settings_table[index];
	const uint32_t other = setting_find(setting->limit);
	const uint32_t number = setting_load(setting, object).number;
	const uint32_t most =
		setting_load(&settings_table[other], object).number;
	const struct draft_value *value = level_find(level, index);
	char text[TEXT_DURATION_MAX], most_text[TEXT_DURATION_MAX];

	if (number <= most)
		return;
	if (!value)
		value = level_find(level, other);
	assert(value); /* the defaults fit together */
	complain(complaints, &value->place, "%s %s is %s than %s %s%s",
		setting->word, setting_format(setting, number, text),
		setting->type == SETTING_IS_TIME ? "longer" : "more",
		setting->limit, setting_format(setting, most, most_text),
		setting->limit_note);
}

void verify_limits(struct complaints *complaints,
	const struct draft_level *level, enum setting_owner owner,
	const void *object)
{
	for (uint32_t i = 0; i < settings_count; i++)
		if (settings_table[i].owner == owner && settings_table[i].limit)
			verify_limit(complaints, level, i, object);
}

void verify_target(struct complaints *complaints, const struct place *check,
	const struct config_settings *settings, const struct config_real *real)
{
	uint16_t family = settings->check_address.family
				  ? settings->check_address.family
				  : real->address.family;

	if (settings->bind.family && settings->bind.family != family)
		complain(complaints, check,
			"the address families of 'bind' and of the checked "
			"address differ");
}

/* A firewall mark keeps the port of a packet. An address with a port needs real
 * servers with a port, and only masq can change the port (ipvsadm(8)). */
static void verify_port(struct complaints *complaints,
	const struct draft_target *target, const struct draft_real *draft,
	const struct config_real *real)
{
	if (!target->address.port || target->address.port == real->address.port)
		return;
	if (!real->address.port)
		complain(complaints, &draft->place,
			"this real server has no port, but an address of its "
			"virtual service has one");
	else if (real->forward != CONFIG_MASQ)
		complain(complaints, &draft->place,
			"'forward %s' cannot change the port from %u to %u",
			config_forward_name(real->forward),
			target->address.port, real->address.port);
}

void verify_ports(struct complaints *complaints,
	const struct draft_virtual *virtual, const struct draft_real *draft,
	const struct config_real *real)
{
	for (const struct draft_target *target = virtual->targets; target;
		target = target->next)
		verify_port(complaints, target, draft, real);
}

void verify_service(struct complaints *complaints,
	const struct draft_target *target, const struct config_service *service,
	const struct config_real *reals, uint32_t count)
{
	if (!count) {
		complain(complaints, &target->place,
			"this virtual service has no real server");
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		if (config_service_takes(service, &reals[i]))
			return;
	complain(complaints, &target->place,
		"no real server of this virtual service has an IPv%d address, "
		"and only 'forward tunnel' accepts others",
		service->family == AF_INET6 ? 6 : 4);
}

/* A name, a service or a real server that must be unique, and its place. */
struct claim {
	const struct config_service *service;
	const struct address *real;
	const char *name;
	const struct place *place;
	uint32_t order;
};

static int compare_services(
	const struct config_service *a, const struct config_service *b)
{
	if (a->fwmark != b->fwmark)
		return a->fwmark < b->fwmark ? -1 : 1;
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	if (a->protocol != b->protocol)
		return a->protocol < b->protocol ? -1 : 1;
	return address_compare(&a->address, &b->address);
}

static int compare_values(const struct claim *a, const struct claim *b)
{
	if (a->name)
		return strcmp(a->name, b->name);
	if (a->service)
		return compare_services(a->service, b->service);
	return address_compare(a->real, b->real);
}

static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order = compare_values(x, y);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* Sorts the claims and reports each that is equal to the one before it. */
static void settle_claims(struct complaints *complaints, struct claim *claims,
	uint32_t count, const char *what)
{
	qsort(claims, count, sizeof(*claims), compare_claims);
	for (uint32_t i = 1; i < count; i++)
		if (compare_values(&claims[i - 1], &claims[i]) == 0)
			complain(complaints, claims[i].place,
				"this %s is already used in %s, line %u", what,
				claims[i - 1].place->source->name,
				claims[i - 1].place->line);
}

static void verify_reals(struct complaints *complaints, struct claim *claims,
	const struct draft_virtual *draft, const struct config *config,
	const struct config_virtual *virtual)
{
	uint32_t count = 0;

	for (const struct draft_real *real = draft_first_real(draft); real;
		real = draft_next_real(draft, real)) {
		claims[count] = (struct claim){
			.real = &config->reals[virtual->real + count].address,
			.place = &real->place,
			.order = count,
		};
		count++;
	}
	assert(count == virtual->real_count);
	settle_claims(complaints, claims, count,
		"real server of the virtual service");
}

static void verify_names(struct complaints *complaints, struct claim *claims,
	const struct draft *draft)
{
	uint32_t count = 0;

	for (const struct draft_virtual *virtual = draft->virtuals; virtual;
		virtual = virtual->next) {
		claims[count] = (struct claim){
			.name = virtual->name,
			.place = &virtual->place,
			.order = count,
		};
		count++;
	}
	settle_claims(complaints, claims, count, "name");
}

static void verify_services(struct complaints *complaints, struct claim *claims,
	const struct draft *draft, const struct config *config)
{
	uint32_t count = 0;

	for (const struct draft_virtual *virtual = draft->virtuals; virtual;
		virtual = virtual->next)
		for (const struct draft_target *target = virtual->targets;
			target; target = target->next) {
			claims[count] = (struct claim){
				.service = &config->services[count],
				.place = &target->place,
				.order = count,
			};
			count++;
		}
	settle_claims(complaints, claims, count, "virtual service's address");
}

void verify_unique(struct complaints *complaints, const struct draft *draft,
	const struct config *config)
{
	uint32_t most =
		draft->real_count + draft->target_count + draft->virtual_count;
	struct claim *claims = arena_array(draft->arena, most, sizeof(*claims));
	const struct config_virtual *conf = config->virtuals;

	for (const struct draft_virtual *virtual = draft->virtuals; virtual;
		virtual = virtual->next)
		verify_reals(complaints, claims, virtual, config, conf++);
	verify_names(complaints, claims, draft);
	verify_services(complaints, claims, draft, config);
}
