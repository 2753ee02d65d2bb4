// SPDX-License-Identifier: GPL-2.0-or-later
#include "stand.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The virtual address of the tests' network, and the ports of two virtuals. */
#define VIP 0xc0000250U
#define PORT 8000U
#define VIP_TEXT "192.0.2.80"
/* The servers have consecutive addresses. */
#define SERVER 0x7f140001U
#define SERVER_PORT 8090U
#define PATIENCE_MS 10000
#define STEP_MS 10

static const struct {
	const char *name;
	int error;
} calls[] = {
#define FAULTS_ROW(name, error) {#name, error},
	FAULTS_CALLS(FAULTS_ROW)
#undef FAULTS_ROW
};

static _Noreturn void give_up(const char *what)
{
	perror(what);
	exit(2);
}

static const char *path_of(const struct stand *stand, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", stand->folder, name);
	return path;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void pause_ms(unsigned int milliseconds)
{
	usleep(milliseconds * 1000);
}

void stand_open(struct stand *stand)
{
	int fd = open(
		path_of(stand, "faults"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *map;

	if (fd < 0 || ftruncate(fd, sizeof(*stand->faults)) < 0)
		give_up("faults");
	map = mmap(NULL, sizeof(*stand->faults), PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		give_up("faults");
	close(fd);
	stand->faults = map;
	/* Children of a keeper that died become children of this process. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		give_up("prctl");
}

void stand_configure(struct stand *stand, int weight)
{
	FILE *to = fopen(path_of(stand, "lvsmon.conf"), "w");

	if (!to)
		give_up("lvsmon.conf");
	fprintf(to,
		"interval 50ms timeout 500ms rise 1 fall 1 audit 1s\n"
		"on-fail quiesce\n"
		"virtual a " VIP_TEXT ":%u {\n\tscheduler rr\n\tforward masq\n"
		"\tweight %d\n\tcheck http -u /\n"
		"\treal 127.20.0.[1-2]:%u\n}\n"
		"virtual b " VIP_TEXT ":%u {\n\tscheduler rr\n\tforward masq\n"
		"\tcheck connect\n\treal 127.20.0.3:%u\n}\n",
		PORT, weight, SERVER_PORT, PORT + 1, SERVER_PORT);
	if (fclose(to) != 0)
		give_up("lvsmon.conf");
	stand->weight = weight;
}

static _Noreturn void become_daemon(const struct stand *stand)
{
	int log =
		open(path_of(stand, "log"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (log < 0)
		_exit(126);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	close(log);
	setenv("LD_PRELOAD", stand->preload, 1);
	setenv(FAULTS_ENV, path_of(stand, "faults"), 1);
	execl(stand->lvsmon, stand->lvsmon, "-p", stand->plugins, "-f",
		path_of(stand, "lvsmon.conf"), (char *)NULL);
	_exit(127);
}

void stand_start(struct stand *stand)
{
	if (system("ipvsadm -C") != 0)
		give_up("ipvsadm");
	unlink(path_of(stand, "log"));
	stand->mark = 0;
	stand->keeper = fork();
	if (stand->keeper < 0)
		give_up("fork");
	if (stand->keeper == 0)
		become_daemon(stand);
}

/* Returns false if no child of this process is left. */
static bool reap(struct stand *stand)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != stand->keeper)
			continue;
		stand->keeper = 0;
		stand->status = status;
	}
	return pid == 0;
}

bool stand_runs(struct stand *stand)
{
	reap(stand);
	return stand->keeper != 0;
}

static pid_t parent_of(pid_t pid)
{
	char path[64];
	int parent = 0;
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	from = fopen(path, "r");
	if (!from)
		return 0;
	if (fscanf(from, "%*d (%*[^)]) %*c %d", &parent) != 1)
		parent = 0;
	fclose(from);
	return parent;
}

static void kill_children(pid_t parent)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 0 && parent_of(pid) == parent)
			kill(pid, SIGKILL);
	}
	closedir(proc);
}

void stand_kill_children(struct stand *stand)
{
	if (stand->keeper)
		kill_children(stand->keeper);
}

void stand_kill(struct stand *stand)
{
	stand_disarm(stand);
	stand_kill_children(stand);
	do {
		kill_children(getpid());
		pause_ms(STEP_MS);
	} while (reap(stand));
}

int stand_stop(struct stand *stand)
{
	uint64_t end = now_ms() + PATIENCE_MS;

	if (stand->keeper)
		kill(stand->keeper, SIGTERM);
	while (reap(stand)) {
		if (now_ms() > end) {
			stand_kill(stand);
			return -1;
		}
		pause_ms(STEP_MS);
	}
	return WIFEXITED(stand->status) && WEXITSTATUS(stand->status) == 0 ? 0
									   : -1;
}

void stand_serve(struct stand *stand, unsigned int server, bool up)
{
	stand->up[server] = up;
	dprintf(stand->orders, "%u %s\n", server, up ? "up" : "closed");
}

void stand_mark(struct stand *stand)
{
	FILE *log = fopen(path_of(stand, "log"), "r");

	if (!log)
		return;
	fseek(log, 0, SEEK_END);
	stand->mark = ftell(log);
	fclose(log);
}

unsigned int stand_says(const struct stand *stand, const char *words)
{
	FILE *log = fopen(path_of(stand, "log"), "r");
	unsigned int found = 0;
	char line[1024];

	if (!log)
		return 0;
	fseek(log, stand->mark, SEEK_SET);
	while (fgets(line, sizeof(line), log))
		found += strstr(line, words) != NULL;
	fclose(log);
	return found;
}

void stand_print_log(const struct stand *stand)
{
	FILE *log = fopen(path_of(stand, "log"), "r");
	char line[1024];

	if (!log)
		return;
	fseek(log, stand->mark, SEEK_SET);
	while (fgets(line, sizeof(line), log))
		printf("    | %s", line);
	fclose(log);
}

/* Takes in an entry of the table. Returns false if it is wrong. */
static bool entry_is_right(const struct stand *stand, unsigned int port,
	unsigned int address, int weight)
{
	unsigned int server = address - SERVER;

	if (server >= STAND_SERVERS || port != PORT + (server == 2))
		return false;
	if (!stand->up[server])
		return weight == 0;
	return weight == (server == 2 ? 1 : stand->weight);
}

bool stand_table_is_right(const struct stand *stand, bool some)
{
	FILE *table = fopen("/proc/net/ip_vs", "r");
	unsigned int address = 0, port = 0, real, found = 0;
	bool right = true;
	char line[256];
	int weight;

	if (!table)
		give_up("/proc/net/ip_vs");
	while (fgets(line, sizeof(line), table)) {
		if (sscanf(line, "TCP %8X:%4X", &address, &port) == 2) {
			right = right && address == VIP;
		} else if (sscanf(line, " -> %8X:%*4X %*s %d", &real,
				   &weight) == 2) {
			found++;
			right = right &&
				entry_is_right(stand, port, real, weight);
		}
	}
	fclose(table);
	return right && (some || found == STAND_SERVERS);
}

bool stand_wait(struct stand *stand, unsigned int milliseconds,
	bool (*what)(const struct stand *stand))
{
	uint64_t end = now_ms() + milliseconds;

	for (;;) {
		bool runs = stand_runs(stand);

		if (what && what(stand))
			return true;
		if (!runs || now_ms() > end)
			return false;
		pause_ms(STEP_MS);
	}
}

const char *stand_call_name(enum faults_call call)
{
	return calls[call].name;
}

void stand_arm(struct stand *stand, enum faults_role role,
	enum faults_call call, uint32_t first, uint32_t last)
{
	struct faults *faults = stand->faults;

	faults->armed = 0;
	faults->role = (uint32_t)role;
	faults->call = (uint32_t)call;
	faults->first = first;
	faults->last = last;
	faults->error = calls[call].error;
	faults->seen = 0;
	faults->shot = 0;
	faults->armed = 1;
}

void stand_disarm(struct stand *stand)
{
	if (!stand->faults->armed)
		return;
	stand->faults->armed = 0;
	for (size_t role = 0; role < FAULTS_ROLES; role++)
		for (size_t i = 0; i < FAULTS_COUNT; i++)
			stand->calls[role][i] = stand->faults->calls[role][i];
}
