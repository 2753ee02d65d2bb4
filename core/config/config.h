/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A configuration as understood: flat arrays that point at each other by
 * index, in one arena, constant once read. lvsmon.conf(5) is the language.
 */
#ifndef LVSMON_CONFIG_CONFIG_H
#define LVSMON_CONFIG_CONFIG_H

#include "base/address.h"
#include "base/arena.h"
#include "base/system.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_NONE UINT32_MAX /* no such index */

/* The most of each; more is an error of the configuration. */
#define CONFIG_CHECKS_MAX 1000000
#define CONFIG_CHECKS_OF_REAL_MAX 65535
#define CONFIG_REALS_MAX 1000000
#define CONFIG_SLOTS_MAX 1000000 /* of the table: reals by addresses */
#define CONFIG_VECTORS_MAX 65535
#define CONFIG_SETTINGS_MAX 65535
#define CONFIG_WEIGHT_MAX 65535
/* Limits of an interval, 10 ms and a day. */
#define CONFIG_INTERVAL_MIN_MS 10
#define CONFIG_INTERVAL_MAX_MS 86400000

/* Values of linux/ip_vs.h: IP_VS_CONN_F_MASQ, _TUNNEL, _DROUTE. */
enum config_forward {
	CONFIG_MASQ = 0,
	CONFIG_TUNNEL = 2,
	CONFIG_DIRECT = 3,
};

enum config_on_fail { CONFIG_QUIESCE, CONFIG_REMOVE };
enum config_on_exit { CONFIG_KEEP, CONFIG_CLEAR };

/* Where in the text something stands; line and column count from 1. */
struct config_place {
	const char *file;
	uint32_t line;
	uint32_t column;
};

/* One distinct argument vector of a checker. */
struct config_vector {
	int argc;
	char **argv; /* argv[0] is the checker, argv[argc] is NULL */
	struct config_place place; /* of the first check that has it */
};

/* How a check is run; equal ones are one. */
struct config_settings {
	uint32_t interval_ms;
	uint32_t timeout_ms;         /* of the whole probe */
	uint32_t connect_timeout_ms; /* 0 = none of its own */
	uint32_t fall_after_ms;      /* 0 = only `fall` counts */
	uint32_t rise;
	uint32_t fall;                /* 0 = only `fall-after` counts */
	uint16_t check_port;          /* 0 = the vector's, or the real's */
	struct address check_address; /* no family = the real's */
	struct address bind;          /* no family = the kernel's choice */
};

struct config_check {
	uint32_t real;
	uint16_t vector;
	uint16_t settings;
};

struct config_real {
	struct address address; /* port 0 only behind a firewall mark */
	uint32_t virtual;
	uint32_t weight; /* 0 to CONFIG_WEIGHT_MAX */
	uint32_t upper;  /* connections; 0 = no threshold */
	uint32_t lower;
	uint32_t check;       /* the first of its checks */
	uint16_t check_count; /* 0 = `check none`, always up */
	uint8_t forward;      /* enum config_forward */
	uint8_t on_fail;      /* enum config_on_fail */
	bool fallback;
};

/* One address of a virtual: one service of the kernel's. */
struct config_service {
	struct address address; /* no family where it is a firewall mark */
	uint32_t fwmark;        /* 0 = none */
	uint16_t family;        /* AF_INET or AF_INET6, for marks as well */
	uint16_t protocol;      /* IPPROTO_TCP, _UDP, _SCTP; 0 for marks */
	uint32_t virtual;
	uint32_t slot; /* its first table slot: one for each real of virtual */
};

struct config_virtual {
	const char *name;       /* unique */
	const char *scheduler;  /* "wlc" */
	uint32_t flags;         /* IP_VS_SVC_F_* of linux/ip_vs.h: ONEPACKET,
				   SCHED1..3; PERSISTENT where persistence_s */
	uint32_t persistence_s; /* 0 = none */
	uint8_t netmask4, netmask6; /* prefix lengths: 32 and 128 at most */
	uint32_t service, service_count;
	uint32_t real, real_count; /* the fallback, if any, is the last */
	uint32_t fallback;         /* index of a real, or CONFIG_NONE */
	struct config_place place;
};

struct config {
	struct arena *arena; /* holds all, this too */
	const char *file;
	const char *user; /* of the engine, default "lvsmon" */
	const char *plugin_dir;
	uint32_t audit_ms; /* default 30 s; 0 = never */
	uint32_t pool;     /* probes at once, default 512 */
	uint8_t on_exit;   /* enum config_on_exit */
	bool modprobe;     /* may load ip_vs, default true */

	struct config_virtual *virtuals;
	struct config_service *services;
	struct config_real *reals;
	struct config_check *checks;
	struct config_vector *vectors;
	struct config_settings *settings;
	uint32_t virtual_count, service_count, real_count, check_count;
	uint32_t vector_count, settings_count;
	uint32_t slot_count; /* of all services together */
};

struct config_options {
	const char *plugin_dir; /* NULL = the file's, or the built-in */
	uint32_t interval_ms;   /* 0 = the file's; else for every check */
};

/* Hears of each error: place, message and then, on two lines of their own,
 * the source line and a caret under the column. text has newlines inside and
 * none at its end. */
typedef void config_report(void *arg, const char *text);

/* Reads path and all that it includes. Returns a configuration, or NULL after
 * one or more reports. Give it back with arena_destroy(config->arena). */
struct config *config_read(const char *path,
	const struct config_options *options, const struct system *system,
	config_report *report, void *report_arg);

/* The whole, normalised: what -T prints. It reads back to the same. */
char *config_text(const struct config *config, struct arena *arena);

/* Says an error about a place of a configuration in the same form as
 * config_read does, the source line loaded anew; for what is found out later
 * (a checker that refuses its vector). */
void config_complain(const struct system *system,
	const struct config_place *place, config_report *report,
	void *report_arg, const char *message);

/* Where a check's probe connects to. vector_port: what the checker says. */
struct address config_check_target(
	const struct config *config, uint32_t check, uint16_t vector_port);

/* Whether the kernel takes this real behind this service: same family, or
 * forwarded by tunnel. */
bool config_service_takes(
	const struct config_service *service, const struct config_real *real);

/* The name of a check's checker: the last part of its path. */
const char *config_checker_name(const struct config *config, uint32_t check);

/* Names as in the file: "masq", "quiesce". */
const char *config_forward_name(uint8_t forward);

/* "192.0.2.1:80/tcp", "fwmark:7", "fwmark:7/inet6"; buf holds
 * CONFIG_SERVICE_TEXT_MAX bytes. Returns buf. */
#define CONFIG_SERVICE_TEXT_MAX (ADDRESS_TEXT_MAX + 8)
char *config_service_format(const struct config_service *service, char *buf);

#endif
