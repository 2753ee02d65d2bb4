// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether what was written fits together. */
#include "config/verify.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void verify_settings(struct complaints *complaints,
	const struct draft_level *level, const struct config_settings *settings)
{
	char connect[TEXT_DURATION_MAX], all[TEXT_DURATION_MAX];

	if (settings->connect_timeout_ms <= settings->timeout_ms)
		return;
	while (level && !(level->set & 1U << SETTING_CONNECT_TIMEOUT))
		level = level->outer;
	if (level)
		complain(complaints, &level->spot[SETTING_CONNECT_TIMEOUT],
			"connect-timeout %s is longer than timeout %s, which "
			"is for the whole probe",
			text_duration_format(
				settings->connect_timeout_ms, connect),
			text_duration_format(settings->timeout_ms, all));
}

void verify_target(struct complaints *complaints, const struct spot *check,
	const struct config_settings *settings, const struct config_real *real)
{
	uint16_t family = settings->check_address.family
				  ? settings->check_address.family
				  : real->address.family;

	if (settings->bind.family && settings->bind.family != family)
		complain(complaints, check,
			"bind and what is checked are of different families");
}

/* A firewall mark leaves the port as it is; what has a port wants one behind
 * it, and only masq rewrites it (ipvsadm(8)). */
static void verify_port(struct complaints *complaints,
	const struct draft_target *target, const struct draft_real *draft,
	const struct config_real *real)
{
	if (!target->address.port || target->address.port == real->address.port)
		return;
	if (!real->address.port)
		complain(complaints, &draft->spot,
			"this real has no port, and one of the virtual's "
			"addresses has");
	else if (real->forward != CONFIG_MASQ)
		complain(complaints, &draft->spot,
			"%s cannot change the port: %u is not %u",
			config_forward_name(real->forward), real->address.port,
			target->address.port);
}

void verify_real(struct complaints *complaints,
	const struct draft_virtual *virtual, const struct draft_real *draft,
	const struct config_real *real)
{
	if (real->lower > real->upper)
		complain(complaints, &draft->spot,
			"lower (%u) is more than upper (%u)", real->lower,
			real->upper);
	for (const struct draft_target *target = virtual->targets; target;
		target = target->next)
		verify_port(complaints, target, draft, real);
}

void verify_service(struct complaints *complaints,
	const struct draft_target *target, const struct config_service *service,
	const struct config_real *reals, uint32_t count)
{
	if (!count) {
		complain(complaints, &target->spot,
			"no real stands behind this");
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		if (config_service_takes(service, &reals[i]))
			return;
	complain(complaints, &target->spot,
		"no real of this virtual has an IPv%d address, and only "
		"'forward tunnel' takes others",
		service->family == AF_INET6 ? 6 : 4);
}

/* Something that has to be unique, and where it stands. */
struct claim {
	const struct config_service *service;
	const struct address *real;
	const char *name;
	const struct spot *spot;
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

/* Sorts, then tells of each that is like the one before it. */
static void settle_claims(struct complaints *complaints, struct claim *claims,
	uint32_t count, const char *what)
{
	qsort(claims, count, sizeof(*claims), compare_claims);
	for (uint32_t i = 1; i < count; i++)
		if (compare_values(&claims[i - 1], &claims[i]) == 0)
			complain(complaints, claims[i].spot,
				"this %s is there already: %s, line %u", what,
				claims[i - 1].spot->source->name,
				claims[i - 1].spot->line);
}

static void verify_reals(struct complaints *complaints, struct claim *claims,
	const struct draft_virtual *draft, const struct config *config,
	const struct config_virtual *virtual)
{
	const struct draft_real *real = draft->reals;
	uint32_t count = 0;

	for (; count < virtual->real_count; count++) {
		if (!real)
			real = draft->fallback;
		claims[count] = (struct claim){
			.real = &config->reals[virtual->real + count].address,
			.spot = &real->spot,
			.order = count,
		};
		real = real->next;
	}
	settle_claims(complaints, claims, count, "real of the virtual");
}

void verify_unique(struct complaints *complaints, const struct draft *draft,
	const struct config *config)
{
	uint32_t most =
		draft->real_count + draft->target_count + draft->virtual_count;
	struct claim *claims = arena_array(draft->arena, most, sizeof(*claims));
	const struct draft_virtual *virtual = draft->virtuals;
	uint32_t count = 0, services = 0;

	for (uint32_t i = 0; virtual; virtual = virtual->next, i++) {
		verify_reals(complaints, claims, virtual, config,
			&config->virtuals[i]);
	}
	for (virtual = draft->virtuals; virtual; virtual = virtual->next) {
		claims[count] = (struct claim){
			.name = virtual->name,
			.spot = &virtual->spot,
			.order = count,
		};
		count++;
	}
	settle_claims(complaints, claims, count, "name");
	for (virtual = draft->virtuals; virtual; virtual = virtual->next)
		for (const struct draft_target *target = virtual->targets;
			target; target = target->next) {
			claims[services] = (struct claim){
				.service = &config->services[services],
				.spot = &target->spot,
				.order = services,
			};
			services++;
		}
	settle_claims(complaints, claims, services, "virtual's address");
}
