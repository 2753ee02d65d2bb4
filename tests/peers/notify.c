// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Listens in the place of a service manager. Prints each state that is sent to
 * its socket. After READY=1 it also prints the output of a command at that
 * moment.
 *
 *   notify SOCKET COMMAND
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	unlink(path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	return fd;
}

int main(int argc, char **argv)
{
	char state[4096];
	ssize_t size;
	int fd = argc == 3 ? listen_at(argv[1]) : -1;

	if (fd < 0) {
		fputs("Usage: notify SOCKET COMMAND\n", stderr);
		return 2;
	}
	while ((size = recv(fd, state, sizeof(state) - 1, 0)) >= 0) {
		state[size] = '\0';
		printf("%s\n", state);
		fflush(stdout);
		if (strstr(state, "READY=1") && system(argv[2]) != 0)
			puts("the command failed");
	}
	return 1;
}
