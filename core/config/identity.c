// SPDX-License-Identifier: GPL-2.0-or-later
/* The identity of a check. */
#include "config/identity.h"

#include "base/hash.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* How much of an identity has to be equal. */
enum scope {
	IN_ITS_VIRTUAL,
	IN_ANY_VIRTUAL,
};

/* The parts of an identity. */
struct identity {
	const char *virtual;
	const struct address *real;
	const struct address *bind;
	const struct config_vector *vector;
	struct address target; /* without the port that a vector names */
};

static struct identity identity_of(const struct config *config, uint32_t check)
{
	const struct config_check *conf = &config->checks[check];
	const struct config_real *real = &config->reals[conf->real];

	return (struct identity){
		.virtual = config->virtuals[real->virtual].name,
		.real = &real->address,
		.bind = &config->settings[conf->settings].bind,
		.vector = &config->vectors[conf->vector],
		.target = config_check_target(config, check, 0),
	};
}

static int compare_vectors(
	const struct config_vector *a, const struct config_vector *b)
{
	if (a->argc != b->argc)
		return a->argc < b->argc ? -1 : 1;
	for (int i = 0; i < a->argc; i++) {
		int order = strcmp(a->argv[i], b->argv[i]);

		if (order)
			return order;
	}
	return 0;
}

static int compare_identities(
	const struct identity *a, const struct identity *b, enum scope scope)
{
	int order = address_compare(a->real, b->real);

	if (!order)
		order = address_compare(&a->target, &b->target);
	if (!order && scope == IN_ITS_VIRTUAL)
		order = strcmp(a->virtual, b->virtual);
	if (!order)
		order = address_compare(a->bind, b->bind);
	return order ? order : compare_vectors(a->vector, b->vector);
}

static uint64_t hash_identity(const struct identity *identity, enum scope scope)
{
	uint64_t hash = address_hash(HASH_SEED, identity->real);

	hash = address_hash(hash, &identity->target);
	hash = address_hash(hash, identity->bind);
	for (int i = 0; i < identity->vector->argc; i++) {
		const char *word = identity->vector->argv[i];

		hash = hash_bytes(hash, word, strlen(word) + 1);
	}
	if (scope == IN_ITS_VIRTUAL)
		hash = hash_bytes(
			hash, identity->virtual, strlen(identity->virtual));
	return hash;
}

/* A check to be sorted by its identity, equal ones by their index. The hash
 * comes first, so that few identities have to be compared in full. */
struct candidate {
	const struct config *config;
	uint64_t hash;
	uint32_t check;
	enum scope scope;
};

static struct candidate candidate_of(
	const struct config *config, uint32_t check, enum scope scope)
{
	const struct identity identity = identity_of(config, check);

	return (struct candidate){
		.config = config,
		.hash = hash_identity(&identity, scope),
		.check = check,
		.scope = scope,
	};
}

static int compare_by_identity(
	const struct candidate *a, const struct candidate *b)
{
	struct identity x, y;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	x = identity_of(a->config, a->check);
	y = identity_of(b->config, b->check);
	return compare_identities(&x, &y, a->scope);
}

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = compare_by_identity(x, y);

	return order ? order : (x->check > y->check) - (x->check < y->check);
}

/* The checks of config that have no partner yet, sorted. */
static struct candidate *candidates_of(const struct config *config,
	const uint32_t *partners, enum scope scope, struct arena *scratch,
	uint32_t *count)
{
	struct candidate *candidates =
		arena_array(scratch, config->check_count, sizeof(*candidates));

	*count = 0;
	for (uint32_t i = 0; i < config->check_count; i++)
		if (partners[i] == CONFIG_NONE)
			candidates[(*count)++] = candidate_of(config, i, scope);
	qsort(candidates, *count, sizeof(*candidates), compare_candidates);
	return candidates;
}

/* Walks both sorted lists and makes equal checks partners, in order. */
static void pair(const struct config *to, const struct config *from,
	uint32_t *matches, uint32_t *taken, enum scope scope,
	struct arena *scratch)
{
	uint32_t news, olds, n = 0, o = 0;
	const struct candidate *new =
		candidates_of(to, matches, scope, scratch, &news);
	const struct candidate *old =
		candidates_of(from, taken, scope, scratch, &olds);

	while (n < news && o < olds) {
		int order = compare_by_identity(&new[n], &old[o]);

		if (order == 0) {
			matches[new[n].check] = old[o].check;
			taken[old[o].check] = new[n].check;
		}
		n += order <= 0;
		o += order >= 0;
	}
}

void identity_match(const struct config *to, const struct config *from,
	uint32_t *matches, struct arena *scratch)
{
	uint32_t *taken =
		arena_array(scratch, from->check_count, sizeof(*taken));

	/* CONFIG_NONE has every bit set. */
	static_assert(CONFIG_NONE == UINT32_MAX, "no check");
	memset(matches, 0xff, to->check_count * sizeof(*matches));
	memset(taken, 0xff, from->check_count * sizeof(*taken));
	pair(to, from, matches, taken, IN_ITS_VIRTUAL, scratch);
	pair(to, from, matches, taken, IN_ANY_VIRTUAL, scratch);
}
