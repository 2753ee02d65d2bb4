// SPDX-License-Identifier: GPL-2.0-or-later
/* Capabilities that keeper and engine give up. libcap-ng is not used here: some
 * versions fail if the bounding set cannot be changed, and some need /proc. */
#include "process/capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>

/* glibc has both functions, and no header for them. */
int capset(const struct __user_cap_header_struct *head,
	const struct __user_cap_data_struct *data);
int capget(struct __user_cap_header_struct *head,
	struct __user_cap_data_struct *data);

/* The call takes two halves of 32 capabilities. */
static int set_capabilities(uint64_t mask)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		uint32_t half = (uint32_t)(mask >> 32 * i);

		data[i] = (struct __user_cap_data_struct){
			.effective = half, .permitted = half};
	}
	return capset(&head, data);
}

static int is_kept(uint64_t mask)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{.effective = 0}};
	uint64_t permitted;

	if (capget(&head, data) < 0)
		return -1;
	permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	if (permitted == mask)
		return 0;
	errno = EPERM;
	return -1;
}

int capabilities_use(bool use)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{.effective = 0}};

	if (capget(&head, data) < 0)
		return -1;
	for (int i = 0; i < 2; i++)
		data[i].effective = use ? data[i].permitted : 0;
	return capset(&head, data);
}

int capabilities_keep(uint64_t mask, uint64_t bounding)
{
	for (unsigned int i = 0; i < 64; i++)
		if (!(bounding >> i & 1) &&
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
			break;
	if (set_capabilities(mask) < 0)
		return -1;
	return is_kept(mask);
}
