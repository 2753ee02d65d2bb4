// SPDX-License-Identifier: GPL-2.0-or-later
/* Echo requests of probes whose peer forges the replies. */
#include "engine_bench.h"
#include "ping_bench.h"

#include <netinet/ip_icmp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PACKET_MAX 2048

/* What a peer has received: an IPv4 header of 20 bytes, then the request. */
struct request {
	uint8_t packet[PACKET_MAX];
	size_t len; /* of the request, without the IPv4 header */
};

#define IP_HEADER 20
#define SUM_AT 2 /* in the ICMP header */

static uint8_t *icmp_of(struct request *request)
{
	return request->packet + IP_HEADER;
}

static uint32_t source_of(const struct request *request)
{
	uint32_t source;

	memcpy(&source, request->packet + 12, sizeof(source));
	return source;
}

/* RFC 1071. */
static void set_sum(uint8_t *bytes, size_t len)
{
	uint32_t sum = 0;

	bytes[SUM_AT] = bytes[SUM_AT + 1] = 0;
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	bytes[SUM_AT] = (uint8_t)(sum >> 8);
	bytes[SUM_AT + 1] = (uint8_t)sum;
}

static void hear(int fd, struct request *request)
{
	ssize_t len;

	do
		len = recv(fd, request->packet, sizeof(request->packet), 0);
	while (len < IP_HEADER + 16 || *icmp_of(request) != ICMP_ECHO);
	request->len = (size_t)len - IP_HEADER;
}

static void send_as_it_is(int fd, struct request *request)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_addr.s_addr = source_of(request)};

	if (sendto(fd, icmp_of(request), request->len, 0,
		    (const struct sockaddr *)&to, sizeof(to)) < 0)
		_exit(1);
}

static void reply(int fd, struct request *request)
{
	*icmp_of(request) = ICMP_ECHOREPLY;
	set_sum(icmp_of(request), request->len);
	send_as_it_is(fd, request);
}

static void replies(int fd, struct request *request)
{
	reply(fd, request);
}

static void replies_twice(int fd, struct request *request)
{
	reply(fd, request);
	reply(fd, request);
}

static void has_another_cookie(int fd, struct request *request)
{
	icmp_of(request)[8] ^= 1;
	reply(fd, request);
}

static void has_another_number(int fd, struct request *request)
{
	icmp_of(request)[7]++;
	reply(fd, request);
}

static void has_another_identifier(int fd, struct request *request)
{
	icmp_of(request)[5]++;
	reply(fd, request);
}

static void has_a_wrong_sum(int fd, struct request *request)
{
	*icmp_of(request) = ICMP_ECHOREPLY;
	send_as_it_is(fd, request);
}

static void is_short(int fd, struct request *request)
{
	request->len = 12;
	reply(fd, request);
}

static void is_a_header(int fd, struct request *request)
{
	request->len = 8;
	reply(fd, request);
}

static void returns_the_request(int fd, struct request *request)
{
	set_sum(icmp_of(request), request->len);
	send_as_it_is(fd, request);
}

static void has_other_data(int fd, struct request *request)
{
	icmp_of(request)[20] ^= 1;
	reply(fd, request);
}

static void has_more_data(int fd, struct request *request)
{
	request->len += 4;
	reply(fd, request);
}

static void comes_from_elsewhere(int fd, struct request *request)
{
	const struct sockaddr_in other = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000009)};

	if (bind(fd, (const struct sockaddr *)&other, sizeof(other)) < 0)
		_exit(1);
	reply(fd, request);
}

/* A quote that ends within the header of the request. */
static void quotes_half_of_it(int fd, struct request *request)
{
	uint8_t error[8 + IP_HEADER + 4] = {
		ICMP_DEST_UNREACH, ICMP_HOST_UNREACH};
	struct request quoting = {.len = sizeof(error)};

	memcpy(error + 8, request->packet, IP_HEADER + 4);
	memcpy(quoting.packet, request->packet, IP_HEADER);
	memcpy(icmp_of(&quoting), error, sizeof(error));
	set_sum(icmp_of(&quoting), quoting.len);
	send_as_it_is(fd, &quoting);
}

static void floods_and_replies(int fd, struct request *request)
{
	for (int i = 0; i < 300; i++)
		has_another_cookie(fd, request);
	reply(fd, request);
}

static const struct forger {
	void (*behave)(int fd, struct request *request);
	const char *name, *why; /* NULL = up */
} forgers[] = {
	{replies, "replies", NULL},
	{replies_twice, "replies twice", NULL},
	{has_another_cookie, "another cookie", "no reply"},
	{has_another_number, "another number", "no reply"},
	{has_another_identifier, "another identifier", "no reply"},
	{has_a_wrong_sum, "a wrong sum", "no reply"},
	{is_short, "short", "no reply"},
	{is_a_header, "a header", "no reply"},
	{returns_the_request, "the request", "no reply"},
	{comes_from_elsewhere, "from elsewhere", "no reply"},
	{quotes_half_of_it, "a cut quote", "no reply"},
	{has_other_data, "other data", "reply with other data"},
	{has_more_data, "more data", "reply with other data"},
	{floods_and_replies, "floods", NULL},
};

static pid_t forge(const struct forger *forger)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct request request = {.len = 0};
	pid_t pid;

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	pid = fork();
	if (pid) {
		close(fd);
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		hear(fd, &request);
		forger->behave(fd, &request);
	}
}

static void only_its_own_reply_counts(void **state)
{
	(void)state;
	ping_needs_namespace();
	ping_mute(true);
	for (size_t i = 0; i < sizeof(forgers) / sizeof(forgers[0]); i++) {
		const char *why = forgers[i].why;
		pid_t pid = forge(&forgers[i]);
		bool silent = why && strcmp(why, "no reply") == 0;
		struct verdict verdict = ping("127.0.0.1", NULL,
			silent ? PING_SHORT_MS : PING_LONG_MS);

		peer_stop(pid);
		if (verdict.local || verdict.up == (why != NULL) ||
			(why && strcmp(verdict.why, why) != 0))
			fail_msg("%s: %s, '%s'", forgers[i].name,
				verdict.up ? "up" : "down", verdict.why);
	}
	ping_mute(false);
}

/* The peer replies to requests from one address only. */
static void replies_to_one(int fd, struct request *request)
{
	if (source_of(request) == htonl(0x7f090807))
		reply(fd, request);
}

static void requests_can_be_bound(void **state)
{
	static const struct forger one = {replies_to_one, "one", NULL};
	pid_t pid;

	(void)state;
	ping_needs_namespace();
	ping_mute(true);
	pid = forge(&one);
	ping_expect_down(ping("127.0.0.1", NULL, PING_SHORT_MS), "no reply");
	ping_expect_up(ping("127.0.0.1", "127.9.8.7", PING_LONG_MS));
	peer_stop(pid);
	ping_mute(false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_its_own_reply_counts),
		cmocka_unit_test(requests_can_be_bound),
	};

	return cmocka_run_group_tests(tests, ping_set_up, NULL);
}
