// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets that the probes of many checks share. */
#include "engine/shared.h"

#include "base/text.h"
#include "config/show.h"
#include "engine/transport/icmp.h"

#include <errno.h>
#include <string.h>

#define MESSAGE_MAX 256

static void describe(struct text *text, const char *checker, int error)
{
	text_add(text, "%s: ", checker);
	if (error == EACCES)
		text_add(text,
			"the engine's group may not send echo requests: the "
			"sysctl net.ipv4.ping_group_range must include it");
	else if (error == ENOSPC)
		text_add(text,
			"echo requests need more than %d sockets: one for each "
			"family and each address of 'bind'",
			ICMP_SOCKETS_MAX);
	else
		text_add(text, "no socket for echo requests: %s",
			strerror(error));
}

static int open_for(const struct config *config, uint32_t check)
{
	const struct config_check *conf = &config->checks[check];
	const struct address to = config_check_target(config, check, 0);
	const struct transport_target target = {
		.to = &to,
		.from = &config->settings[conf->settings].bind,
	};

	return icmp_open(&target);
}

int shared_open(const struct config *config, const struct instance *instances,
	const struct system *system, config_report *report, void *report_arg)
{
	for (uint32_t i = 0; i < config->check_count; i++) {
		uint32_t index = config->checks[i].vector;
		const struct config_vector *vector = &config->vectors[index];
		char message[MESSAGE_MAX];
		struct text text;

		if (instances[index].transport != &icmp_transport ||
			open_for(config, i) == 0)
			continue;
		text_init(&text, message, sizeof(message));
		describe(&text, vector->argv[0], errno);
		config_complain(
			system, &vector->place, report, report_arg, message);
		return -1;
	}
	return 0;
}

int shared_start(struct loop *loop, struct arena *arena, uint32_t probes)
{
	return icmp_start(loop, arena, probes);
}

void shared_close(void)
{
	icmp_close();
}
