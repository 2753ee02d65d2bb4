/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that a table must provide. ipvs.c builds the rest on them. */
#ifndef LVSMON_IPVS_BACKEND_H
#define LVSMON_IPVS_BACKEND_H

#include "ipvs/message.h"

/* Operations that go out together. */
#define IPVS_BATCH_MAX 64

typedef void ipvs_real_call(void *arg, const struct ipvs_service *service,
	const struct ipvs_real *real);

/* Each function returns 0, or -1 and logs. */
struct ipvs {
	int (*info)(struct ipvs *ipvs, struct ipvs_info *info);
	/* A dump returns 1 if somebody else changed the table meanwhile. */
	int (*dump_services)(
		struct ipvs *ipvs, ipvs_service_call *call, void *arg);
	int (*dump_reals)(struct ipvs *ipvs, const struct ipvs_service *service,
		ipvs_real_call *call, void *arg);
	/* Performs 1 to IPVS_BATCH_MAX operations. Sets an errno for each in
	 * errors; 0 = done. */
	int (*apply)(struct ipvs *ipvs, const struct ipvs_op *ops, int *errors,
		unsigned int count);
	void (*close)(struct ipvs *ipvs);
};

#endif
