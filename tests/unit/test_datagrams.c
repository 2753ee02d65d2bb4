// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes over UDP, one at a time in this process, of peers on both families:
 * boundaries, losses, repetitions, refusals and strangers. */
#include "engine/pool.h"
#include "engine/transport/datagram.h"

#include "engine_bench.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define INPUT_SIZE 16384
#define WINDOW 1000 /* of the checker "datagrams" */
#define LONG_MS 20000
#define SHORT_MS 300

struct run {
	struct loop *loop;
	bool done;
	struct verdict verdict;
	_Atomic uint32_t inside;
};

/* Shared with the peer: datagrams that it has received. */
static _Atomic int *heard;

static void note(void *arg, uint32_t check, const struct verdict *verdict)
{
	struct run *run = arg;

	(void)check;
	assert_false(run->done);
	run->done = true;
	run->verdict = *verdict;
	loop_stop(run->loop);
}

static void no_turn(void *arg)
{
	(void)arg;
}

static void no_errors(void *arg, const char *text)
{
	(void)arg;
	fail_msg("%s", text);
}

static void run_probe(struct run *run, struct arena *arena,
	const struct instance *vector, const struct config_settings *settings,
	const struct address *target)
{
	const struct probe_host host = {
		.loop = run->loop,
		.input_size = INPUT_SIZE,
		.done = note,
		.arg = run,
		.inside = &run->inside,
	};
	struct pool *pool = pool_create(arena, &host, 1);
	const struct probe_order order = {
		.vector = vector, .settings = settings, .target = *target};

	assert_int_equal(probe_begin(pool_take(pool), &order), 0);
	assert_false(run->done);
	assert_int_equal(loop_run(run->loop, no_turn, NULL), 0);
	assert_true(run->done);
}

/* Runs one probe of a vector in this process. */
static struct verdict probe(const struct address *target, uint32_t timeout_ms,
	const char *const *words)
{
	struct arena *arena = arena_create();
	char *argv[20] = {NULL};
	struct config_vector vector = {.argv = argv};
	const struct config config = {.plugin_dir = TEST_CHECKER_DIR,
		.vectors = &vector,
		.vector_count = 1};
	const struct config_settings settings = {.timeout_ms = timeout_ms};
	struct run run = {.loop = loop_create(arena)};
	struct instance *loaded;

	for (; words[vector.argc]; vector.argc++)
		argv[vector.argc] = arena_strdup(arena, words[vector.argc]);
	loaded = loader_load(&config, NULL, arena, no_errors, NULL);
	run_probe(&run, arena, &loaded[0], &settings, target);
	loader_release(&config, loaded);
	loop_destroy(run.loop);
	arena_destroy(arena);
	return run.verdict;
}

/* Binds a socket to the loopback address of the family; sets *at. */
static int open_peer(int family, struct address *at)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage name;
	socklen_t len;

	*at = (struct address){.family = (sa_family_t)family};
	if (family == AF_INET)
		at->v4.s_addr = htonl(INADDR_LOOPBACK);
	else
		at->v6 = in6addr_loopback;
	len = address_sockaddr(at, &name);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
	at->port = ntohs(family == AF_INET
				 ? ((struct sockaddr_in *)&name)->sin_port
				 : ((struct sockaddr_in6 *)&name)->sin6_port);
	return fd;
}

/* The sender of the last datagram. */
static struct sockaddr_storage sender;

static void hear(int fd)
{
	socklen_t len = sizeof(sender);
	char buf[65536];

	if (recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&sender,
		    &len) < 0)
		_exit(1);
	++*heard;
}

static void say(int fd, const char *text, size_t len)
{
	if (sendto(fd, text, len, 0, (struct sockaddr *)&sender,
		    sizeof(sender)) < 0)
		return;
}

static void answers(int fd)
{
	hear(fd);
	say(fd, "fine\n", 5);
}

static void is_silent(int fd)
{
	hear(fd);
}

static void loses_the_first(int fd)
{
	hear(fd);
	answers(fd);
}

static void leaves(int fd)
{
	hear(fd);
	close(fd);
	_exit(0);
}

static void sends_pieces(int fd)
{
	hear(fd);
	say(fd, "fi", 2);
	say(fd, "ne\n", 3);
}

static void sends_nothing_in_particular(int fd)
{
	hear(fd);
	say(fd, "", 0);
}

static void sends_much(int fd)
{
	static const char much[WINDOW + 1];

	hear(fd);
	say(fd, much, sizeof(much));
}

static void sends_a_windowful(int fd)
{
	static const char much[WINDOW];

	hear(fd);
	say(fd, much, sizeof(much));
	say(fd, "fine\n", 5);
}

static void floods(int fd)
{
	hear(fd);
	for (int i = 0; i < 200; i++)
		say(fd, "noise", 5);
	say(fd, "fine\n", 5);
}

/* Lets another socket answer. */
static void has_a_friend(int fd)
{
	int friend;

	hear(fd);
	friend = socket(sender.ss_family, SOCK_DGRAM, 0);
	say(friend, "fine\n", 5);
	close(friend);
}

static pid_t start(int fd, void (*behave)(int fd))
{
	pid_t pid = fork();

	*heard = 0;
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		behave(fd);
}

/* A busy machine may let the peer wait. */
static void wait_until_heard(int count)
{
	uint64_t until = clock_ms() + BENCH_PATIENCE_MS;

	while (*heard < count && clock_ms() < until)
		clock_sleep_ms(1);
}

#define UP .up = true, .why = ""
#define DOWN(reason) .why = reason

static const struct peer {
	const char *name;
	void (*behave)(int fd);
	const char *words[8];
	bool up;
	const char *why;
	uint32_t timeout_ms;
	int heard; /* 0 = any number */
} peers[] = {
	{"answers", answers, {"datagrams", "send:q\n", "line", "up"}, UP,
		LONG_MS, 1},
	{"answers twice", answers,
		{"datagrams", "send:q\n", "line", "send:r\n", "line", "up"}, UP,
		LONG_MS, 2},
	{"is silent", is_silent, {"datagrams", "send:q\n", "line", "up"},
		DOWN("waiting for a line"), SHORT_MS, 3},
	{"is not asked", is_silent, {"datagrams", "line", "up"},
		DOWN("waiting for a line"), SHORT_MS, 0},
	{"is silent, which is well", is_silent,
		{"patient_datagrams", "send:q\n", "expired", "up"}, UP,
		SHORT_MS, 3},
	{"loses the first", loses_the_first,
		{"datagrams", "send:q\n", "line", "up"}, UP, 3000, 2},
	{"leaves", leaves, {"datagrams", "send:q\n", "line", "up"},
		DOWN("refused"), 3000, 1},
	{"sends pieces", sends_pieces,
		{"datagrams", "send:q\n", "datagram:ne\n", "up"}, UP, LONG_MS,
		1},
	{"sends pieces, the whole is awaited", sends_pieces,
		{"datagrams", "send:q\n", "datagram:fine\n", "up"},
		DOWN("waiting for a datagram"), SHORT_MS, 3},
	{"sends an empty datagram", sends_nothing_in_particular,
		{"datagrams", "send:q\n", "datagram:", "up"}, UP, LONG_MS, 1},
	{"sends an empty datagram, a line is awaited",
		sends_nothing_in_particular,
		{"datagrams", "send:q\n", "line", "up"},
		DOWN("waiting for a line"), SHORT_MS, 3},
	{"sends too much", sends_much, {"datagrams", "send:q\n", "line", "up"},
		DOWN("datagram truncated"), LONG_MS, 1},
	{"sends all that fits", sends_a_windowful,
		{"datagrams", "send:q\n", "line", "up"}, UP, LONG_MS, 1},
	{"floods", floods, {"datagrams", "send:q\n", "line", "up"}, UP, LONG_MS,
		1},
	{"is sent too much", answers, {"datagrams", "megabyte", "line", "up"},
		DOWN("datagram too long to send"), LONG_MS, 0},
	{"lets another one answer", has_a_friend,
		{"datagrams", "send:q\n", "line", "up"},
		DOWN("waiting for a line"), SHORT_MS, 3},
};

static struct verdict probe_peer(const struct peer *peer, int family)
{
	struct address at;
	int fd = open_peer(family, &at);
	pid_t pid = start(fd, peer->behave);
	struct verdict verdict;

	close(fd);
	verdict = probe(&at, peer->timeout_ms, peer->words);
	wait_until_heard(peer->heard);
	peer_stop(pid);
	return verdict;
}

static void judge(const struct peer *peer, int family)
{
	struct verdict verdict = probe_peer(peer, family);
	uint64_t took_ms = (verdict.ended_us - verdict.began_us) / 1000;

	if (verdict.local || verdict.up != peer->up ||
		strcmp(verdict.why, peer->why) != 0)
		fail_msg("%s: %s, '%s', local %d", peer->name,
			verdict.up ? "up" : "down", verdict.why, verdict.local);
	if (peer->heard && *heard != peer->heard)
		fail_msg("%s: heard %d datagrams", peer->name, *heard);
	if (peer->timeout_ms == SHORT_MS)
		assert_in_range(took_ms, SHORT_MS, SHORT_MS + BENCH_SLACK_MS);
	/* A repetition is due after a third. */
	if (peer->timeout_ms == 3000)
		assert_in_range(took_ms, 1000, 3000);
}

static void peers_get_their_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(peers) / sizeof(peers[0]); i++) {
		judge(&peers[i], AF_INET);
		judge(&peers[i], AF_INET6);
	}
}

static void a_closed_port_refuses(void **state)
{
	static const char *const words[] = {
		"datagrams", "send:q\n", "line", "up", NULL};
	static const int families[] = {AF_INET, AF_INET6};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct address at;
		struct verdict verdict;

		close(open_peer(families[i], &at));
		verdict = probe(&at, LONG_MS, words);
		assert_false(verdict.up);
		assert_int_equal(verdict.local, 0);
		assert_string_equal(verdict.why, "refused");
	}
}

static void last_bytes_are_a_datagram(void **state)
{
	static const char *const words[] = {
		"datagrams", "last:bye\n", "up", NULL};
	struct address at;
	char text[8] = "";
	int fd = open_peer(AF_INET, &at);

	(void)state;
	assert_true(probe(&at, LONG_MS, words).up);
	assert_int_equal(recv(fd, text, sizeof(text), 0), 4);
	assert_string_equal(text, "bye\n");
	close(fd);
}

static enum transport_answer begin_from(
	struct transport_state *state, const char *from)
{
	struct address to, bind = {0};
	const struct transport_target target = {.to = &to, .from = &bind};

	address_parse(&to, "127.0.0.1");
	to.port = 9;
	if (from)
		address_parse(&bind, from);
	return datagram_transport.begin(state, &target);
}

static void probes_can_be_bound(void **state)
{
	struct arena *arena = arena_create();
	struct transport_state udp = {.loop = loop_create(arena)};
	struct sockaddr_in name;
	socklen_t len = sizeof(name);

	(void)state;
	assert_int_equal(begin_from(&udp, "127.9.8.7"), TRANSPORT_DONE);
	getsockname(udp.fd, (struct sockaddr *)&name, &len);
	assert_int_equal(name.sin_addr.s_addr, htonl(0x7f090807));
	datagram_transport.end(&udp);
	loop_destroy(udp.loop);
	arena_destroy(arena);
}

/* A shortage on this machine is no evidence. */
static void local_trouble_has_no_reason(void **state)
{
	struct arena *arena = arena_create();
	struct transport_state udp = {.loop = loop_create(arena)};
	struct rlimit before, none;

	(void)state;
	assert_int_equal(begin_from(&udp, "192.0.2.1"), TRANSPORT_FAILED);
	assert_int_equal(udp.error, EADDRNOTAVAIL);
	assert_null(datagram_transport.why(&udp));
	getrlimit(RLIMIT_NOFILE, &before);
	none = (struct rlimit){0, before.rlim_max};
	setrlimit(RLIMIT_NOFILE, &none);
	assert_int_equal(begin_from(&udp, NULL), TRANSPORT_FAILED);
	setrlimit(RLIMIT_NOFILE, &before);
	assert_int_equal(udp.error, EMFILE);
	assert_null(datagram_transport.why(&udp));
	loop_destroy(udp.loop);
	arena_destroy(arena);
}

static void every_error_has_its_reason(void **state)
{
	static const struct {
		int error;
		const char *why;
	} reasons[] = {
		{ECONNREFUSED, "refused"},
		{ENOPROTOOPT, "refused"},
		{EHOSTUNREACH, "host unreachable"},
		{EHOSTDOWN, "host unreachable"},
		{ENETUNREACH, "network unreachable"},
		{EACCES, "forbidden"},
		{EPROTO, "connection failed"},
	};
	static const int local[] = {ENOBUFS, ENOMEM, EAGAIN, EADDRINUSE, EPERM};

	(void)state;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		const struct transport_state udp = {.error = reasons[i].error};

		assert_string_equal(
			datagram_transport.why(&udp), reasons[i].why);
	}
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
		const struct transport_state udp = {.error = local[i]};

		assert_null(datagram_transport.why(&udp));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_get_their_verdicts),
		cmocka_unit_test(a_closed_port_refuses),
		cmocka_unit_test(last_bytes_are_a_datagram),
		cmocka_unit_test(probes_can_be_bound),
		cmocka_unit_test(local_trouble_has_no_reason),
		cmocka_unit_test(every_error_has_its_reason),
	};

	heard = mmap(NULL, sizeof(*heard), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (heard == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
