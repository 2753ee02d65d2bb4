/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a table has to be able to do; ipvs.c does the rest with it. */
#ifndef LVSMON_IPVS_BACKEND_H
#define LVSMON_IPVS_BACKEND_H

#include "ipvs/ipvs.h"

/* Operations that go out together. */
#define IPVS_BATCH_MAX 64

typedef void ipvs_service_call(void *arg, const struct ipvs_service *service);
typedef void ipvs_real_call(void *arg, const struct ipvs_service *service,
	const struct ipvs_real *real);

struct ipvs {
	/* Each 0, or -1 and logged. errors: an errno for each op, 0 = done. A
	 * dump is 1 where somebody changed the table meanwhile. */
	int (*info)(struct ipvs *ipvs, struct ipvs_info *info);
	int (*dump_services)(
		struct ipvs *ipvs, ipvs_service_call *call, void *arg);
	int (*dump_reals)(struct ipvs *ipvs, const struct ipvs_service *service,
		ipvs_real_call *call, void *arg);
	int (*apply)(struct ipvs *ipvs, const struct ipvs_op *ops, int *errors,
		unsigned int count);
	void (*close)(struct ipvs *ipvs);
};

#endif
