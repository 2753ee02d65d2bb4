// SPDX-License-Identifier: GPL-2.0-or-later
/* Questions about a configuration, and the words of its language. */
#include "config/config.h"

#include <linux/ip_vs.h>
#include <stdio.h>
#include <string.h>

const struct config_word config_forward_words[] = {
	{"masq", CONFIG_MASQ},
	{"direct", CONFIG_DIRECT},
	{"tunnel", CONFIG_TUNNEL},
	{NULL, 0},
};

const struct config_word config_on_fail_words[] = {
	{"quiesce", CONFIG_QUIET_FOR_EVER},
	{"remove", CONFIG_QUIET_NEVER},
	{NULL, 0},
};

const struct config_word config_orphans_words[] = {
	{"report", CONFIG_ORPHANS_REPORT},
	{"remove", CONFIG_ORPHANS_REMOVE},
	{NULL, 0},
};

const struct config_word config_on_exit_words[] = {
	{"keep", CONFIG_KEEP},
	{"clear", CONFIG_CLEAR},
	{NULL, 0},
};

const struct config_word config_on_broken_words[] = {
	{"hold", CONFIG_HOLD},
	{"down", CONFIG_FAILS},
	{NULL, 0},
};

const struct config_word config_verify_words[] = {
	{"auto", CONFIG_VERIFY_AUTO},
	{"none", CONFIG_VERIFY_NONE},
	{"chain", CONFIG_VERIFY_CHAIN},
	{"host", CONFIG_VERIFY_HOST},
	{NULL, 0},
};

const struct config_word config_tls_version_words[] = {
	{"1.2", CONFIG_TLS_1_2},
	{"1.3", CONFIG_TLS_1_3},
	{NULL, 0},
};

const struct config_word config_protocol_words[] = {
	{"tcp", IPPROTO_TCP},
	{"udp", IPPROTO_UDP},
	{"sctp", IPPROTO_SCTP},
	{NULL, 0},
};

/* The schedulers mh and sh use the same two bits (linux/ip_vs.h,
 * IP_VS_SVC_F_SCHED_*). */
const struct config_word config_flag_words[] = {
	{"ops", IP_VS_SVC_F_ONEPACKET},
	{"flag-1", IP_VS_SVC_F_SCHED1},
	{"flag-2", IP_VS_SVC_F_SCHED2},
	{"flag-3", IP_VS_SVC_F_SCHED3},
	{"sh-fallback", IP_VS_SVC_F_SCHED1},
	{"sh-port", IP_VS_SVC_F_SCHED2},
	{"mh-fallback", IP_VS_SVC_F_SCHED1},
	{"mh-port", IP_VS_SVC_F_SCHED2},
	{NULL, 0},
};

const char *config_word_of(const struct config_word *words, uint32_t meaning)
{
	for (; words->word; words++)
		if (words->meaning == meaning)
			return words->word;
	return "?";
}

uint32_t config_settle_ms(const struct config *config)
{
	uint64_t longest = 0;

	if (config->settle_ms)
		return config->settle_ms;
	for (uint32_t i = 0; i < config->settings_count; i++) {
		const struct config_settings *settings = &config->settings[i];
		uint64_t ms =
			(uint64_t)settings->interval_ms + settings->timeout_ms;

		if (ms > longest)
			longest = ms;
	}
	longest += 1000;
	return longest < CONFIG_SETTLE_MAX_MS ? (uint32_t)longest
					      : CONFIG_SETTLE_MAX_MS;
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

/* Computes in millionths. */
uint32_t config_probes_needed(const struct config *config)
{
	uint64_t needed = 0;

	for (uint32_t i = 0; i < config->check_count; i++) {
		const struct config_settings *settings =
			&config->settings[config->checks[i].settings];
		uint64_t interval = settings->interval_ms;
		uint64_t timeout = settings->timeout_ms;

		needed += timeout < interval ? timeout * 1000000 / interval
					     : 1000000;
	}
	return (uint32_t)((needed + 999999) / 1000000);
}

char *config_pool_warning(const struct config *config, char *buf)
{
	uint32_t needed = config_probes_needed(config);

	if (needed <= config->pool)
		return NULL;
	snprintf(buf, CONFIG_WARNING_MAX,
		"probes %u may be too few: up to %u probes run at the same "
		"time if no real server answers (checks x timeout / interval); "
		"probes can then begin late",
		(unsigned int)config->pool, (unsigned int)needed);
	return buf;
}

const struct config_place *config_text_place(
	const struct config *config, const char *text)
{
	const struct config_text *at = config->texts;

	while (at && at->text != text)
		at = at->next;
	return at ? &at->place : NULL;
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
	return config_word_of(config_forward_words, forward);
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
			config_word_of(
				config_protocol_words, service->protocol));
	return buf;
}
