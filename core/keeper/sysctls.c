// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's sysctls net.ipv4.vs.*. */
#include "keeper/sysctls.h"

#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "/proc/sys/net/ipv4/vs/"
#define PATH_SIZE 128
#define VALUE_SIZE 16

static int open_sysctl(const char *name, int flags)
{
	char path[PATH_SIZE];
	struct text text;

	text_init(&text, path, sizeof(path));
	text_add(&text, FOLDER "%s", name);
	return open(path, flags | O_CLOEXEC);
}

int sysctls_get(const char *name, uint32_t *value)
{
	int fd = open_sysctl(name, O_RDONLY);
	char buf[VALUE_SIZE];
	ssize_t len;
	uint64_t number;

	if (fd < 0)
		return -1;
	len = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (len <= 0)
		return -1;
	buf[len] = '\0';
	buf[strcspn(buf, "\t\n")] = '\0';
	if (text_number(buf, 0, UINT32_MAX, &number) < 0) {
		errno = EINVAL;
		return -1;
	}
	*value = (uint32_t)number;
	return 0;
}

static int set(const char *name, uint32_t value)
{
	int fd = open_sysctl(name, O_WRONLY);
	char buf[VALUE_SIZE];
	struct text text;
	ssize_t written;
	int error;

	if (fd < 0)
		return -1;
	text_init(&text, buf, sizeof(buf));
	text_add(&text, "%u\n", (unsigned int)value);
	written = write(fd, buf, text.len);
	error = errno;
	close(fd);
	errno = error;
	return written == (ssize_t)text.len ? 0 : -1;
}

void sysctls_apply(const struct config *config)
{
	for (uint32_t i = 0; i < config->sysctl_count; i++) {
		const struct config_sysctl *sysctl = &config->sysctls[i];
		uint32_t now;

		if (sysctls_get(sysctl->name, &now) == 0 &&
			now == sysctl->value)
			continue;
		if (set(sysctl->name, sysctl->value) == 0)
			log_line(LOG_NOTICE, "sysctl net.ipv4.vs.%s is now %u",
				sysctl->name, (unsigned int)sysctl->value);
		else
			log_line(LOG_ERR,
				"cannot set the sysctl net.ipv4.vs.%s to %u: "
				"%s",
				sysctl->name, (unsigned int)sysctl->value,
				strerror(errno));
	}
}
