/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A configuration: flat arrays that refer to each other by index. All of it is
 * in one arena and does not change after it was read. lvsmon.conf(5) describes
 * the language. config/read.h reads it, config/print.h prints it.
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

/* The limits of a configuration. More is an error. */
#define CONFIG_CHECKS_MAX 1000000
#define CONFIG_CHECKS_OF_REAL_MAX 65535
#define CONFIG_REALS_MAX 1000000
#define CONFIG_SLOTS_MAX 1000000 /* entries of the kernel's table */
#define CONFIG_VECTORS_MAX 65535
#define CONFIG_SETTINGS_MAX 65535
#define CONFIG_WEIGHT_MAX 65535
/* The limits of the default of `probes`. */
#define CONFIG_POOL_MIN 512
#define CONFIG_POOL_MAX 16384
/* The limits of an interval: 10 ms and one day. */
#define CONFIG_INTERVAL_MIN_MS 10
#define CONFIG_INTERVAL_MAX_MS 86400000
/* Audits as often as a look takes less than a thousandth of a processor. */
#define CONFIG_AUDIT_AUTO UINT32_MAX
/* The most that `settle` is without a setting: a minute. */
#define CONFIG_SETTLE_MAX_MS 60000

/* Values of linux/ip_vs.h: IP_VS_CONN_F_MASQ, _TUNNEL, _DROUTE. */
enum config_forward {
	CONFIG_MASQ = 0,
	CONFIG_TUNNEL = 2,
	CONFIG_DIRECT = 3,
};

/* The time that a real which is down stays in the table with weight 0. */
#define CONFIG_QUIET_NEVER 0             /* on-fail remove */
#define CONFIG_QUIET_FOR_EVER UINT32_MAX /* on-fail quiesce */

enum config_orphans { CONFIG_ORPHANS_REPORT, CONFIG_ORPHANS_REMOVE };
enum config_on_exit { CONFIG_KEEP, CONFIG_CLEAR };
enum config_on_broken { CONFIG_HOLD, CONFIG_FAILS };
/* How far a certificate is verified. AUTO is HOST if the name of the peer is
 * known, else CHAIN. */
enum config_verify {
	CONFIG_VERIFY_AUTO,
	CONFIG_VERIFY_NONE,
	CONFIG_VERIFY_CHAIN,
	CONFIG_VERIFY_HOST,
};
enum config_tls_version { CONFIG_TLS_1_2, CONFIG_TLS_1_3 };

/* A word or value of the language, and the number that it means. */
struct config_word {
	const char *word;
	uint32_t meaning;
};

/* The words of each kind, ended by one without a word. The meanings are enum
 * config_forward, CONFIG_QUIET_*, enum config_on_exit, enum config_on_broken,
 * enum config_verify, enum config_tls_version, IPPROTO_* and IP_VS_SVC_F_*. */
extern const struct config_word config_forward_words[];
extern const struct config_word config_on_fail_words[];
extern const struct config_word config_on_exit_words[];
extern const struct config_word config_orphans_words[];
extern const struct config_word config_on_broken_words[];
extern const struct config_word config_verify_words[];
extern const struct config_word config_tls_version_words[];
extern const struct config_word config_protocol_words[];
extern const struct config_word config_flag_words[];

/* Returns the first word with this meaning, or "?". */
const char *config_word_of(const struct config_word *words, uint32_t meaning);

/* A place in a file. Lines and columns count from 1. */
struct config_place {
	const char *file;
	uint32_t line;
	uint32_t column;
};

/* One distinct argument vector of a checker. */
struct config_vector {
	int argc;
	char **argv; /* argv[0] is the checker, argv[argc] is NULL */
	struct config_place place; /* of the first check with it */
};

/* How checks are run. Equal settings are kept once. The fields are settings of
 * config/settings.c. */
struct config_settings {
	/* Of TLS; NULL = not set. config_text_place says where they are
	 * written. */
	const char *sni;
	const char *ca, *cert, *key; /* files */
	const char *alpn;
	uint8_t on_broken; /* enum config_on_broken */
	uint32_t interval_ms;
	uint32_t timeout_ms;         /* of the whole probe */
	uint32_t connect_timeout_ms; /* 0 = only timeout_ms counts */
	uint32_t fall_after_ms;      /* 0 = only `fall` counts */
	uint32_t rise;
	uint32_t fall;                /* 0 = only `fall-after` counts */
	uint32_t linger_ms;           /* 0 = closes at once */
	struct address check_address; /* no family = the real's */
	struct address bind;          /* no family = the kernel chooses */
	bool tls;                     /* TLS, whatever the vector needs */
	uint8_t verify;               /* enum config_verify */
	uint8_t min_version;          /* enum config_tls_version */
	uint16_t check_port;          /* 0 = the vector's, or the real's */
};

/* The text of a setting of checks, and where it is written. */
struct config_text {
	struct config_text *next;
	const char *text;
	struct config_place place;
};

struct config_check {
	uint32_t real;
	uint16_t vector;
	uint16_t settings;
};

struct config_real {
	struct address address; /* port 0 only for a firewall mark */
	uint32_t virtual;
	uint32_t weight; /* 0 to CONFIG_WEIGHT_MAX */
	uint32_t upper;  /* connections; 0 = no threshold */
	uint32_t lower;
	uint32_t check;       /* the first of its checks */
	uint16_t check_count; /* 0 = no check, always up */
	uint8_t forward;      /* enum config_forward */
	bool fallback;
	uint32_t
		quiet_ms; /* CONFIG_QUIET_*, or `on-fail quiesce TIME remove` */
};

/* One address of a virtual service: one service of the kernel's table. */
struct config_service {
	struct address address; /* no family if it is a firewall mark */
	uint32_t fwmark;        /* 0 = none */
	uint16_t family;        /* AF_INET or AF_INET6, for marks as well */
	uint16_t protocol;      /* IPPROTO_TCP, _UDP, _SCTP; 0 for marks */
	uint32_t virtual;
	uint32_t slot; /* the first of its entries, one for each real */
};

struct config_virtual {
	const char *name;       /* unique */
	const char *scheduler;  /* "wlc" */
	uint32_t flags;         /* IP_VS_SVC_F_* of linux/ip_vs.h: ONEPACKET,
				   SCHED1..3; PERSISTENT with persistence_s */
	uint32_t persistence_s; /* 0 = none */
	uint8_t netmask4, netmask6; /* prefix lengths, up to 32 and 128 */
	uint32_t service, service_count;
	uint32_t real, real_count; /* the fallback, if any, is the last */
	uint32_t fallback;         /* index of a real, or CONFIG_NONE */
	bool incomplete;           /* a name of it has no answer */
	struct config_place place;
};

/* An address that is left out because its name has no answer. */
struct config_unresolved {
	const char *text;    /* the name, as written, with its port */
	const char *virtual; /* NULL = outside of virtual services */
	const char *why;
	struct config_place place;
};

/* A sysctl of IPVS. */
struct config_sysctl {
	const char *name; /* "expire_nodest_conn" */
	uint32_t value;
};

/* A name and the address that it had when the configuration was read. */
struct config_name {
	const char *name;
	struct address address;
};

struct config {
	struct arena *arena; /* holds everything, this struct too */
	const char *file;
	const char *user; /* of the engine */
	/* The value of the setting user; no file if it is the default. */
	struct config_place user_place;
	const char *plugin_dir;
	uint32_t read_timeout_ms; /* of a whole reading, at a reload */
	uint32_t settle_ms;       /* 0 = config_settle_ms computes it */
	uint32_t audit_ms;        /* 0 = no audits; CONFIG_AUDIT_AUTO */
	uint32_t pool;            /* probes at once; never 0 */
	uint32_t tls_probes;      /* of those, probes with TLS */
	uint8_t on_exit;          /* enum config_on_exit */
	uint8_t orphans;          /* enum config_orphans */
	bool modprobe;            /* may load ip_vs */
	bool allow_empty;         /* a reload may remove the last virtual */

	struct config_virtual *virtuals;
	struct config_service *services;
	struct config_real *reals;
	struct config_check *checks;
	struct config_vector *vectors;
	struct config_settings *settings;
	uint32_t virtual_count, service_count, real_count, check_count;
	uint32_t vector_count, settings_count;
	uint32_t slot_count;       /* entries of all services */
	struct config_text *texts; /* of the settings */

	struct config_sysctl *sysctls; /* each name once */
	uint32_t sysctl_count;
	struct config_unresolved *unresolved;
	uint32_t unresolved_count;
	struct config_name *names; /* sorted; set by the reader */
	uint32_t name_count;
	uint64_t text_key; /* a hash of all files; set by the reader */
};

/* Options of the command line. They take precedence over the file. */
struct config_options {
	const char *plugin_dir; /* NULL = not given */
	uint32_t interval_ms;   /* of every check; 0 = not given */
};

/* Is called for each error. text is the place and the message, then the source
 * line, then a line with a caret under the column. text has no newline at its
 * end. */
typedef void config_report(void *arg, const char *text);

/* Returns the longest time in ms that a first round may take: the `settle` that
 * is set, or the longest interval and timeout of a check plus 1 s, at most
 * CONFIG_SETTLE_MAX_MS. */
uint32_t config_settle_ms(const struct config *config);

/* Returns the address and port that a check's probe connects to. vector_port
 * is the port that the checker read from its vector, or 0. */
struct address config_check_target(
	const struct config *config, uint32_t check, uint16_t vector_port);

/* Returns whether the kernel accepts this real server for this service: the
 * families are equal, or the forwarding method is tunnel. */
bool config_service_takes(
	const struct config_service *service, const struct config_real *real);

/* Returns how many probes run at the same time if no peer answers: the sum of
 * timeout / interval over all checks, where a check counts as 1 at most. */
uint32_t config_probes_needed(const struct config *config);

/* Writes a warning to buf if `probes` is lower than the number of probes that
 * may be needed. buf holds CONFIG_WARNING_MAX bytes. Returns buf or NULL. */
#define CONFIG_WARNING_MAX 256
char *config_pool_warning(const struct config *config, char *buf);

/* Returns the place of a text of config->settings, which must be the very
 * pointer; NULL = none. */
const struct config_place *config_text_place(
	const struct config *config, const char *text);

/* Returns the name of a check's checker: the last part of its path. */
const char *config_checker_name(const struct config *config, uint32_t check);

/* Returns the word of a forwarding method: "masq", or "?". */
const char *config_forward_name(uint8_t forward);

/* Writes "192.0.2.1:80/tcp", "fwmark:7" or "fwmark:7/inet6". buf holds
 * CONFIG_SERVICE_TEXT_MAX bytes. Returns buf. */
#define CONFIG_SERVICE_TEXT_MAX (ADDRESS_TEXT_MAX + 8)
char *config_service_format(const struct config_service *service, char *buf);

#endif
