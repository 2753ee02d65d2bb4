// SPDX-License-Identifier: GPL-2.0-or-later
/* IPVS answers of any bytes. The first byte selects the decoder. An accepted
 * answer must be usable without another check. */
#include "ipvs/message.h"
#include "policy/policy.h"

#include <linux/netlink.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_ip(uint16_t family)
{
	return family == AF_INET || family == AF_INET6;
}

static void read_service(const struct nlmsghdr *message)
{
	struct ipvs_service service;
	size_t size;

	if (ipvs_get_service(message, &service) < 0)
		return;
	must(is_ip(service.family));
	must(service.fwmark || service.address.family == service.family);
	must(memchr(service.scheduler, 0, sizeof(service.scheduler)) != NULL);
	must(ipvs_same_service(&service, &service));
	/* It can be encoded again. */
	{
		_Alignas(4) char out[IPVS_REQUEST_MAX];
		const struct ipvs_op op = {
			.verb = IPVS_SET_SERVICE,
			.service = service,
		};

		size = ipvs_put_op(out, sizeof(out), 1, 1, &op);
		must(size > 0);
		must(ipvs_get_service((const struct nlmsghdr *)out, &service) ==
			0);
		must(ipvs_same_service(&service, &op.service));
		must(service.flags == op.service.flags);
	}
}

static void read_real(const struct nlmsghdr *message, uint16_t family)
{
	const struct ipvs_service service = {.family = family};
	struct ipvs_real real;

	if (ipvs_get_real(message, &service, &real) < 0)
		return;
	must(is_ip(real.address.family));
	must(real.weight <= INT32_MAX);
	must(real.forward <= 7);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *message;
	struct ipvs_info info;

	if (size < 1 + sizeof(*message))
		return 0;
	/* As long as the header says, or as long as the input is. It is on the
	 * heap, so that a sanitizer finds a read beyond it. */
	message = malloc(size - 1);
	must(message != NULL);
	memcpy(message, data + 1, size - 1);
	if (message->nlmsg_len > size - 1 || (data[0] & 4))
		message->nlmsg_len = (uint32_t)(size - 1);
	switch (data[0] & 3) {
	case 0:
		ipvs_get_info(message, &info);
		break;
	case 1:
		read_service(message);
		break;
	default:
		read_real(message, data[0] & 1 ? AF_INET : AF_INET6);
		break;
	}
	free(message);
	return 0;
}
