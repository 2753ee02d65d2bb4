// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a configuration, and what can be asked of one. */
#include "config/config.h"

#include "config/draft.h"
#include "config/intern.h"

#include <stdio.h>
#include <string.h>

struct config *config_read(const char *path,
	const struct config_options *options, const struct system *system,
	config_report *report, void *report_arg)
{
	struct complaints complaints = {.report = report, .arg = report_arg};
	struct draft draft = {.arena = arena_create()};
	struct config *config = NULL;

	config_parse(&draft, path, system, &complaints);
	/* What is wrong with the words makes nonsense of the rest. */
	if (!complaints.count)
		config = config_build(&draft, path, options, &complaints);
	arena_destroy(draft.arena);
	return config;
}

struct address config_check_target(
	const struct config *config, uint32_t check, uint16_t vector_port)
{
	const struct config_check *conf = &config->checks[check];
	const struct config_settings *settings =
		&config->settings[conf->settings];
	const struct address *real = &config->reals[conf->real].address;
	struct address target = *real;

	if (settings->check_address.family)
		target = settings->check_address;
	target.port = real->port;
	if (vector_port)
		target.port = vector_port;
	if (settings->check_port)
		target.port = settings->check_port;
	return target;
}

bool config_service_takes(
	const struct config_service *service, const struct config_real *real)
{
	return service->family == real->address.family ||
	       real->forward == CONFIG_TUNNEL;
}

const char *config_checker_name(const struct config *config, uint32_t check)
{
	const char *name =
		config->vectors[config->checks[check].vector].argv[0];
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

const char *config_forward_name(uint8_t forward)
{
	switch ((enum config_forward)forward) {
	case CONFIG_MASQ:
		return "masq";
	case CONFIG_TUNNEL:
		return "tunnel";
	case CONFIG_DIRECT:
		return "direct";
	}
	return "?";
}

static const char *protocol_name(uint16_t protocol)
{
	switch (protocol) {
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_SCTP:
		return "sctp";
	default:
		return "tcp";
	}
}

char *config_service_format(const struct config_service *service, char *buf)
{
	char address[ADDRESS_TEXT_MAX];

	if (service->fwmark)
		snprintf(buf, CONFIG_SERVICE_TEXT_MAX, "fwmark:%u%s",
			(unsigned int)service->fwmark,
			service->family == AF_INET6 ? "/inet6" : "");
	else
		snprintf(buf, CONFIG_SERVICE_TEXT_MAX, "%s/%s",
			address_format(&service->address, address),
			protocol_name(service->protocol));
	return buf;
}
