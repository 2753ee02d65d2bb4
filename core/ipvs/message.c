// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of IPVS operations and errors. */
#include "ipvs/message.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool ipvs_same_service(
	const struct ipvs_service *a, const struct ipvs_service *b)
{
	if (a->family != b->family || a->fwmark != b->fwmark)
		return false;
	if (a->fwmark)
		return true;
	return a->protocol == b->protocol &&
	       address_compare(&a->address, &b->address) == 0;
}

const char *ipvs_verb_name(enum ipvs_verb verb)
{
	switch (verb) {
	case IPVS_NEW_SERVICE:
		return "add service";
	case IPVS_SET_SERVICE:
		return "set service";
	case IPVS_DEL_SERVICE:
		return "delete service";
	case IPVS_NEW_REAL:
		return "add real";
	case IPVS_SET_REAL:
		return "set real";
	case IPVS_DEL_REAL:
		return "delete real";
	}
	return "?";
}

bool ipvs_is_of_service(const struct ipvs_op *op)
{
	return op->verb <= IPVS_DEL_SERVICE;
}

const char *ipvs_error(
	const struct ipvs_op *op, int error, char *buf, size_t size)
{
	switch (error) {
	case ENOENT:
		if (!ipvs_is_of_service(op))
			return "the kernel has no such real";
		snprintf(buf, size,
			"the kernel has no scheduler %s: modprobe ip_vs_%s",
			op->service.scheduler, op->service.scheduler);
		return buf;
	case ESRCH:
		return "the kernel has no such service";
	case EEXIST:
		return "the kernel already has this entry";
	case EPERM:
		return "CAP_NET_ADMIN is missing";
	case EINVAL:
		if (ipvs_is_of_service(op))
			break;
		if (op->service.family == op->real.address.family)
			return "the kernel does not accept this address";
		return "a real of another address family must be forwarded by "
		       "tunnel";
	case ERANGE:
		return "a weight or threshold is out of range";
	}
	snprintf(buf, size, "%s", strerror(error));
	return buf;
}
