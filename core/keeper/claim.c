// SPDX-License-Identifier: GPL-2.0-or-later
/* The claim on the kernel's table. */
#include "keeper/claim.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NAME "\0lvsmon/table"
#define RETRY_MS 20
#define BACKLOG 16

enum holder { HOLDER_UNKNOWN, HOLDER_LVSMON, HOLDER_STRANGER };

static const struct sockaddr_un address = {
	.sun_family = AF_UNIX,
	.sun_path = NAME,
};

#define ADDRESS_SIZE                                                           \
	((socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof(NAME) - 1))

static int make_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Binds and listens. Returns 0, or -1 with errno set. */
static int take_name(int fd)
{
	if (bind(fd, (const struct sockaddr *)&address, ADDRESS_SIZE) < 0)
		return -1;
	return listen(fd, BACKLOG);
}

/* An lvsmon listens at once, and empties its queue at each pulse. */
static enum holder ask_holder(int fd, struct ucred *who)
{
	socklen_t size = sizeof(*who);

	if (connect(fd, (const struct sockaddr *)&address, ADDRESS_SIZE) < 0 ||
		getsockopt(fd, SOL_SOCKET, SO_PEERCRED, who, &size) < 0)
		return HOLDER_UNKNOWN;
	return who->uid == 0 || who->uid == geteuid() ? HOLDER_LVSMON
						      : HOLDER_STRANGER;
}

static enum holder find_holder(struct ucred *who)
{
	int fd = make_socket();
	enum holder holder = HOLDER_UNKNOWN;

	*who = (struct ucred){0};
	if (fd < 0)
		return holder;
	holder = ask_holder(fd, who);
	close(fd);
	return holder;
}

static int refuse_start(const struct ucred *who)
{
	char process[32] = "";
	struct text text;

	/* A process of another namespace of processes has no number here. */
	text_init(&text, process, sizeof(process));
	if (who->pid)
		text_add(&text, ": process %d", (int)who->pid);
	log_line(LOG_ERR,
		"another lvsmon keeps the table of this network namespace%s",
		process);
	return -1;
}

static int go_without(enum holder holder, const struct ucred *who)
{
	if (holder == HOLDER_STRANGER)
		log_line(LOG_WARNING,
			"the table is not locked against a second lvsmon: "
			"process %d of user %u has taken the lock's name",
			(int)who->pid, (unsigned int)who->uid);
	else
		log_line(LOG_WARNING,
			"the table is not locked against a second lvsmon: a "
			"socket that is none of lvsmon's has the lock's name");
	return 0;
}

static int claim_fail(int fd, int error)
{
	log_line(LOG_ERR, "the table cannot be locked: %s", strerror(error));
	if (fd >= 0)
		close(fd);
	return -1;
}

int claim_begin(struct claim *claim)
{
	uint64_t until = clock_ms() + CLAIM_PATIENCE_MS;
	enum holder holder = HOLDER_UNKNOWN;
	struct ucred who = {0};
	int fd = make_socket();

	if (fd < 0)
		return claim_fail(fd, errno);
	while (take_name(fd) < 0) {
		if (errno != EADDRINUSE)
			return claim_fail(fd, errno);
		/* Each question takes a place in the holder's queue. */
		if (holder == HOLDER_UNKNOWN)
			holder = find_holder(&who);
		if (holder != HOLDER_STRANGER && clock_ms() < until) {
			clock_sleep_ms(RETRY_MS);
			continue;
		}
		close(fd);
		return holder == HOLDER_LVSMON ? refuse_start(&who)
					       : go_without(holder, &who);
	}
	claim->fd = fd;
	return 0;
}

void claim_pulse(const struct claim *claim)
{
	for (int i = 0; claim->fd && i < BACKLOG; i++) {
		int fd = accept4(claim->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			return;
		close(fd);
	}
}
