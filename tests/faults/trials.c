// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fails one call of the daemon after the other, and looks what follows:
 *
 *   trials LVSMON PLUGINS PRELOAD FOLDER SEED SECONDS PHASE...
 *
 * A fault may end the daemon with an error and a line in the log, or refuse a
 * reload with a line, or have no effect. The kernel's table must never be
 * wrong for long, and no process may be left.
 *
 * Orders for the program moods go to descriptor 7. A seed chooses among the
 * numbers of the calls. Each phase is one of:
 *
 *   start    the call fails while the daemon starts
 *   loop     ... while a real goes down and up
 *   restart  ... after the engine died
 *   reload   ... during a reload
 */
#include "stand.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define PATIENCE_MS 20000
#define BEGIN_MS 30000
/* Sometimes as many calls in a row fail. */
#define MANY 3
#define FAILED_MAX 8

struct phase {
	const char *name;
	/* Tries once with the armed fault. Returns NULL, or says what is wrong.
	 */
	const char *(*try)(struct stand *stand);
	bool fresh; /* the trial starts a daemon of its own */
	bool vague; /* the number of calls differs from trial to trial */
	uint32_t calls[FAULTS_ROLES][FAULTS_COUNT]; /* in a clean trial */
};

static unsigned int passed, failed, unreached;

static bool is_right(const struct stand *stand)
{
	return stand_table_is_right(stand, false);
}

static bool is_ready(const struct stand *stand)
{
	return stand_says(stand, " ready: ") > 0;
}

static bool is_answered(const struct stand *stand)
{
	return stand_says(stand, "reloaded: ") > 0;
}

/* A real goes down and up, and the table follows. */
static const char *follow(struct stand *stand)
{
	for (int up = 0; up <= 1; up++) {
		for (unsigned int i = 1; i < STAND_SERVERS; i++)
			stand_serve(stand, i, up);
		if (!stand_wait(stand, PATIENCE_MS, is_right))
			return up ? "the table does not follow a real up"
				  : "the table does not follow a real down";
	}
	return NULL;
}

/* The daemon has ended by itself. */
static const char *judge_end(struct stand *stand)
{
	if (!WIFEXITED(stand->status))
		return "the daemon died of a signal";
	if (WEXITSTATUS(stand->status) == 0)
		return "the daemon ended with code 0";
	if (stand_says(stand, "\n") <=
		stand_says(stand, " a connection table of "))
		return "the daemon ended in silence";
	if (!stand_table_is_right(stand, true))
		return "the daemon left a wrong table";
	if (stand_stop(stand) != 0 && stand->keeper)
		return "the daemon left a process";
	return NULL;
}

static const char *try_start(struct stand *stand)
{
	const char *wrong;

	stand_start(stand);
	if (!stand_wait(stand, BEGIN_MS, is_ready))
		return stand_runs(stand) ? "the daemon does not get ready"
					 : judge_end(stand);
	stand_disarm(stand);
	if (!stand_wait(stand, PATIENCE_MS, is_right))
		return "the table is wrong";
	wrong = follow(stand);
	if (!wrong && stand_stop(stand) != 0)
		wrong = "the daemon does not stop";
	return wrong;
}

static const char *try_loop(struct stand *stand)
{
	return follow(stand);
}

/* A reload without a fault forgives the engine's death. */
static const char *reload(struct stand *stand, int weight)
{
	stand_mark(stand);
	stand_configure(stand, weight);
	kill(stand->keeper, SIGHUP);
	if (!stand_wait(stand, PATIENCE_MS, is_answered))
		return "a reload has no answer";
	return NULL;
}

static const char *reload_cleanly(struct stand *stand)
{
	const char *wrong = reload(stand, 1 + stand->weight % 50);

	stand_disarm(stand);
	if (!wrong && stand_says(stand, "not reloaded: "))
		wrong = "a reload without a fault is refused";
	if (!wrong && !stand_wait(stand, PATIENCE_MS, is_right))
		wrong = "the table is wrong after a reload";
	return wrong;
}

static const char *try_restart(struct stand *stand)
{
	const char *wrong;

	stand_kill_children(stand);
	wrong = follow(stand);
	stand_disarm(stand);
	return wrong ? wrong : reload_cleanly(stand);
}

static const char *try_reload(struct stand *stand)
{
	int before = stand->weight;
	const char *wrong = reload(stand, 1 + before % 50);

	stand_disarm(stand);
	if (wrong)
		return wrong;
	if (stand_says(stand, "not reloaded: "))
		stand->weight = before;
	if (!stand_wait(stand, PATIENCE_MS, is_right))
		return "the table is wrong after a reload";
	wrong = follow(stand);
	return wrong ? wrong : reload_cleanly(stand);
}

static struct phase phases[] = {
	{.name = "start", .try = try_start, .fresh = true},
	{.name = "loop", .try = try_loop, .vague = true},
	{.name = "restart", .try = try_restart},
	{.name = "reload", .try = try_reload},
};

#define PHASES (sizeof(phases) / sizeof(phases[0]))

/* Starts a daemon without a fault. */
static void begin(struct stand *stand)
{
	stand_disarm(stand);
	stand_configure(stand, 1);
	for (unsigned int i = 0; i < STAND_SERVERS; i++)
		stand_serve(stand, i, true);
	stand_start(stand);
	if (stand_wait(stand, BEGIN_MS, is_ready) &&
		stand_wait(stand, PATIENCE_MS, is_right))
		return;
	stand_print_log(stand);
	puts("trials: the daemon does not start without a fault");
	exit(1);
}

/* Prepares a trial: the daemon that it needs, and servers that are up. */
static void prepare(struct stand *stand, const struct phase *phase)
{
	if (phase->fresh) {
		if (stand_runs(stand))
			stand_stop(stand);
		stand_configure(stand, 1);
		for (unsigned int i = 0; i < STAND_SERVERS; i++)
			stand_serve(stand, i, true);
	} else if (!stand_runs(stand)) {
		begin(stand);
	}
	stand_mark(stand);
}

/* Counts the calls of a phase without a fault, while a fault would be armed. */
static void count_calls(struct stand *stand, struct phase *phase)
{
	uint32_t before[FAULTS_ROLES][FAULTS_COUNT];
	const char *wrong;

	prepare(stand, phase);
	stand_arm(stand, FAULTS_KEEPER, FAULTS_malloc, UINT32_MAX, UINT32_MAX);
	stand_disarm(stand);
	memcpy(before, stand->calls, sizeof(before));
	stand_arm(stand, FAULTS_KEEPER, FAULTS_malloc, UINT32_MAX, UINT32_MAX);
	wrong = phase->try(stand);
	stand_disarm(stand);
	for (size_t role = 0; role < FAULTS_ROLES; role++)
		for (size_t i = 0; i < FAULTS_COUNT; i++)
			phase->calls[role][i] =
				stand->calls[role][i] - before[role][i];
	if (!wrong)
		return;
	stand_print_log(stand);
	printf("trials: %s, without a fault: %s\n", phase->name, wrong);
	exit(1);
}

/* Chooses the first call, the last one, or one between. */
static uint32_t choose(const struct phase *phase, uint32_t count)
{
	if (phase->vague)
		return 1 + (uint32_t)rand() % (count / 2 + 1);
	switch (rand() % 4) {
	case 0:
		return 1;
	case 1:
		return count;
	default:
		return 1 + (uint32_t)rand() % count;
	}
}

static void run_trial(struct stand *stand, const struct phase *phase,
	enum faults_role role, enum faults_call call)
{
	uint32_t first = choose(phase, phase->calls[role][call]);
	uint32_t last = first + (rand() % 4 == 0 ? MANY - 1 : 0);
	const char *wrong;

	prepare(stand, phase);
	stand_arm(stand, role, call, first, last);
	wrong = phase->try(stand);
	stand_disarm(stand);
	if (!wrong && !phase->fresh && !stand_runs(stand))
		wrong = "the daemon ended";
	if (!wrong) {
		unreached += stand->faults->shot == 0;
		passed += stand->faults->shot != 0;
		return;
	}
	failed++;
	printf("%s: %s %u to %u of the %s fails: %s\n", phase->name,
		stand_call_name(call), first, last,
		role == FAULTS_KEEPER ? "keeper" : "engine", wrong);
	stand_print_log(stand);
	fflush(stdout);
	stand_kill(stand);
}

struct choice {
	const struct phase *phase;
	enum faults_role role;
	enum faults_call call;
};

static size_t list_choices(
	struct choice *choices, struct phase *const *wanted, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		for (int role = 0; role < FAULTS_ROLES; role++)
			for (int call = 0; call < FAULTS_COUNT; call++)
				if (wanted[i]->calls[role][call])
					choices[found++] =
						(struct choice){wanted[i],
							(enum faults_role)role,
							(enum faults_call)call};
	return found;
}

static void shuffle(struct choice *choices, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = (size_t)rand() % i;
		struct choice swap = choices[i - 1];

		choices[i - 1] = choices[other];
		choices[other] = swap;
	}
}

/* Tries each function once, then again, until the time is over. */
static void run_trials(struct stand *stand, struct phase *const *wanted,
	size_t count, time_t end)
{
	struct choice choices[PHASES * FAULTS_ROLES * FAULTS_COUNT];
	size_t found = list_choices(choices, wanted, count);

	while (found > 0) {
		shuffle(choices, found);
		for (size_t i = 0; i < found; i++) {
			if (time(NULL) >= end || failed >= FAILED_MAX)
				return;
			run_trial(stand, choices[i].phase, choices[i].role,
				choices[i].call);
		}
	}
}

static struct phase *phase_of(const char *name)
{
	for (size_t i = 0; i < PHASES; i++)
		if (strcmp(phases[i].name, name) == 0)
			return &phases[i];
	fprintf(stderr, "trials: no phase '%s'\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	struct phase *wanted[PHASES];
	struct stand stand = {.orders = 7};
	size_t count = 0;

	if (argc < 8 || argc > 7 + (int)PHASES)
		return 2;
	stand.lvsmon = argv[1];
	stand.plugins = argv[2];
	stand.preload = argv[3];
	stand.folder = argv[4];
	srand((unsigned int)strtoul(argv[5], NULL, 10));
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 7; i < argc; i++)
		wanted[count++] = phase_of(argv[i]);
	stand_open(&stand);
	for (size_t i = 0; i < count; i++)
		count_calls(&stand, wanted[i]);
	run_trials(
		&stand, wanted, count, time(NULL) + strtol(argv[6], NULL, 10));
	stand_kill(&stand);
	printf("# seed %s: %u faults had their effect, %u were not reached, "
	       "%u failed\n",
		argv[5], passed, unreached, failed);
	return failed > 0 || passed == 0;
}
