// SPDX-License-Identifier: GPL-2.0-or-later
/* Advice about a configuration on this machine. */
#include "keeper/advice.h"

#include "base/log.h"
#include "base/text.h"
#include "config/sysctl.h"
#include "keeper/sysctls.h"

#include <errno.h>

struct advice {
	const struct config *config;
	config_report *report;
	void *report_arg;
	bool expires_templates; /* expire_quiescent_template is set */
	bool expires_flows;     /* expire_nodest_conn is set */
};

/* A sysctl that cannot be read counts as not set: the module is not loaded, and
 * both are 0 by default. */
static bool is_set(const struct config *config, const char *name)
{
	const uint32_t *wanted = sysctl_value(config, name);
	uint32_t value;

	if (wanted)
		return *wanted != 0;
	return sysctls_get(name, &value) == 0 && value != 0;
}

__attribute__((format(printf, 3, 4))) static void advise(
	const struct advice *advice, const struct config_virtual *virtual,
	const char *format, ...)
{
	char line[512];
	struct text text;
	va_list ap;

	text_init(&text, line, sizeof(line));
	text_add(&text, "%s:%u:%u: warning: virtual %s: ", virtual->place.file,
		(unsigned int)virtual->place.line,
		(unsigned int)virtual->place.column, virtual->name);
	va_start(ap, format);
	text_vadd(&text, format, ap);
	va_end(ap);
	advice->report(advice->report_arg, line);
}

/* Whether a real stays in the table for ever while it is down. */
static bool has_real_that_stays(
	const struct advice *advice, const struct config_virtual *virtual)
{
	for (uint32_t i = 0; i < virtual->real_count; i++) {
		const struct config_real *real =
			&advice->config->reals[virtual->real + i];

		if (!real->fallback && real->quiet_ms == CONFIG_QUIET_FOR_EVER)
			return true;
	}
	return false;
}

static bool serves_udp(
	const struct advice *advice, const struct config_virtual *virtual)
{
	for (uint32_t i = 0; i < virtual->service_count; i++)
		if (advice->config->services[virtual->service + i].protocol ==
			IPPROTO_UDP)
			return true;
	return false;
}

static void advise_virtual(
	const struct advice *advice, const struct config_virtual *virtual)
{
	if (virtual->persistence_s && !advice->expires_templates &&
		has_real_that_stays(advice, virtual))
		advise(advice, virtual,
			"'on-fail quiesce' keeps persistent clients on a real "
			"that is down: use 'on-fail remove', or set "
			"net.ipv4.vs.expire_quiescent_template to 1");
	if (serves_udp(advice, virtual) && !advice->expires_flows)
		advise(advice, virtual,
			"a UDP client that keeps its port stays on a real that "
			"is down until its flow times out: set "
			"net.ipv4.vs.expire_nodest_conn to 1%s",
			has_real_that_stays(advice, virtual)
				? " and use 'on-fail remove'"
				: "");
}

/* The kernel has IPVS, but not this sysctl. */
static void advise_sysctls(const struct advice *advice)
{
	const struct config *config = advice->config;
	char line[512];
	struct text text;
	uint32_t value;

	if (sysctls_get("expire_nodest_conn", &value) < 0)
		return;
	for (uint32_t i = 0; i < config->sysctl_count; i++) {
		if (sysctls_get(config->sysctls[i].name, &value) == 0 ||
			errno != ENOENT)
			continue;
		text_init(&text, line, sizeof(line));
		text_add(&text,
			"%s: warning: this kernel has no sysctl "
			"net.ipv4.vs.%s",
			config->file, config->sysctls[i].name);
		advice->report(advice->report_arg, line);
	}
}

static void advise_pool(const struct advice *advice)
{
	const struct config *config = advice->config;
	char warning[CONFIG_WARNING_MAX], line[CONFIG_WARNING_MAX + 256];
	struct text text;

	if (!config_pool_warning(config, warning))
		return;
	text_init(&text, line, sizeof(line));
	text_add(&text, "%s: warning: %s", config->file, warning);
	advice->report(advice->report_arg, line);
}

void advice_give(
	const struct config *config, config_report *report, void *report_arg)
{
	const struct advice advice = {
		.config = config,
		.report = report,
		.report_arg = report_arg,
		.expires_templates =
			is_set(config, "expire_quiescent_template"),
		.expires_flows = is_set(config, "expire_nodest_conn"),
	};

	advise_pool(&advice);
	advise_sysctls(&advice);
	for (uint32_t i = 0; i < config->virtual_count; i++)
		advise_virtual(&advice, &config->virtuals[i]);
}

void advice_log(void *arg, const char *text)
{
	(void)arg;
	log_line(LOG_WARNING, "%s", text);
}
