// SPDX-License-Identifier: GPL-2.0-or-later
/* One run of a check, in flight. */
#include "engine/probe.h"

#include "base/clock.h"
#include "engine/pool.h"
#include "engine/transport/tcp.h"

#include <errno.h>
#include <string.h>

/* Steps and transfers of one probe in one turn of the loop, so that a peer
 * that floods does not keep the others waiting. */
#define TURN_MAX 32

static struct loop *probe_loop(const struct probe *probe)
{
	return pool_host(probe->pool)->loop;
}

/* Gives everything back, then says how it went. */
static void probe_end(struct probe *probe, struct verdict verdict)
{
	const struct probe_host *host = pool_host(probe->pool);
	uint32_t check = probe->check;

	verdict.began_us = probe->began_us;
	verdict.ended_us = clock_us();
	loop_timer_clear(host->loop, &probe->deadline);
	loop_unpost(host->loop, &probe->again);
	loop_watch_end(&probe->watch);
	if (probe->fd >= 0)
		tcp_close(probe->fd, probe->connected);
	probe->fd = -1;
	pool_give(probe->pool, probe);
	host->done(host->arg, check, &verdict);
}

static void probe_down(struct probe *probe, const char *why)
{
	probe_end(probe, (struct verdict){.why = why});
}

static void probe_failed(struct probe *probe, int error)
{
	if (tcp_is_local(error))
		probe_end(probe, (struct verdict){.local = error, .why = ""});
	else
		probe_down(probe, tcp_why(error));
}

static void probe_expired(struct loop_timer *timer)
{
	struct probe *probe = LOOP_OWNER(timer, struct probe, deadline);

	if (probe->phase == PROBE_CONNECT)
		probe_down(probe, "timed out connecting");
	else
		probe_down(probe, probe->why ? probe->why : "timed out");
}

/* What may follow a step or a transfer. */
enum going {
	GOING_ON,
	GOING_WAIT, /* for the socket */
	GOING_ENDED /* the probe is no more */
};

static enum going ended(struct probe *probe, const char *why)
{
	probe_down(probe, why);
	return GOING_ENDED;
}

static enum going step_wants_input(struct probe *probe)
{
	size_t window = probe->vector->checker->window;

	if (probe->vector->checker->transport == CHECKER_CONNECT)
		return ended(probe, "checker without a verdict");
	if (probe->eof)
		return ended(probe, "connection closed");
	if (probe->in_len && probe->in_len >= window)
		return ended(probe, "answer too long");
	probe->phase = PROBE_RECV;
	return GOING_ON;
}

static enum going step_wants_output(
	struct probe *probe, const struct checker_io *io)
{
	if (probe->vector->checker->transport == CHECKER_CONNECT)
		return ended(probe, "checker without a verdict");
	probe->out = io->out;
	probe->out_len = io->out ? io->out_len : 0;
	probe->phase = PROBE_QUERY;
	return GOING_ON;
}

static enum going step_is_over(
	struct probe *probe, bool up, const struct checker_io *io)
{
	const char *why = io->why ? io->why : "";

	probe_end(probe,
		(struct verdict){.up = up, .why = why, .code = io->code});
	return GOING_ENDED;
}

static enum going probe_step(struct probe *probe)
{
	const struct instance *vector = probe->vector;
	struct checker_io io = {
		.in = probe->input + probe->in_at,
		.in_len = probe->in_len,
		.eof = probe->eof,
		.why = probe->why,
	};
	enum checker_next next;

	if (probe->turns++ == CHECKER_TURNS_MAX)
		return ended(probe, "checker asked for too many steps");
	next = vector->checker->step(vector->conf, probe->state, &io);
	if (io.used > probe->in_len)
		return ended(probe, "checker used more than there was");
	probe->in_at += io.used;
	probe->in_len -= io.used;
	probe->why = io.why;
	switch (next) {
	case CHECKER_READ:
		return step_wants_input(probe);
	case CHECKER_WRITE:
		return step_wants_output(probe, &io);
	case CHECKER_UP:
	case CHECKER_DOWN:
		return step_is_over(probe, next == CHECKER_UP, &io);
	case CHECKER_STARTTLS:
		break;
	}
	return ended(probe, "checker asked for what there is not");
}

static enum going probe_send(struct probe *probe)
{
	ssize_t sent = 0;

	if (!probe->out_len)
		return probe_step(probe);
	if (!probe->writable)
		return GOING_WAIT;
	sent = tcp_send(probe->fd, probe->out, probe->out_len);
	if (sent == -EAGAIN) {
		probe->writable = false;
		return GOING_WAIT;
	}
	if (sent < 0) {
		probe_failed(probe, (int)-sent);
		return GOING_ENDED;
	}
	probe->out += sent;
	probe->out_len -= (size_t)sent;
	return probe->out_len ? GOING_ON : probe_step(probe);
}

/* What is unused moves to the front; it is less than the window. */
static size_t make_room(struct probe *probe)
{
	if (probe->in_at)
		memmove(probe->input, probe->input + probe->in_at,
			probe->in_len);
	probe->in_at = 0;
	return pool_host(probe->pool)->input_size - probe->in_len;
}

static enum going probe_receive(struct probe *probe)
{
	ssize_t got;
	size_t room;

	if (!probe->readable)
		return GOING_WAIT;
	room = make_room(probe);
	got = tcp_receive(probe->fd, probe->input + probe->in_len, room);
	if (got == -EAGAIN) {
		probe->readable = false;
		return GOING_WAIT;
	}
	if (got < 0) {
		probe_failed(probe, (int)-got);
		return GOING_ENDED;
	}
	probe->in_len += (size_t)got;
	probe->eof = got == 0;
	return probe_step(probe);
}

static void probe_go_on(struct probe *probe)
{
	for (int i = 0; i < TURN_MAX; i++) {
		enum going going = probe->phase == PROBE_QUERY
					   ? probe_send(probe)
					   : probe_receive(probe);

		if (going != GOING_ON)
			return;
	}
	loop_post(probe_loop(probe), &probe->again);
}

static void probe_connected(struct probe *probe)
{
	probe->connected = true;
	probe->phase = PROBE_RECV;
	if (probe->deadline.wheel.tick * LOOP_TICK_US < probe->ends_us)
		loop_timer_set(
			probe_loop(probe), &probe->deadline, probe->ends_us);
	if (probe_step(probe) == GOING_ON)
		probe_go_on(probe);
}

/* A connection that failed is readable as well; so where it is only writable
 * it need not be asked how it ended. */
static void probe_ready(void *arg, bool in, bool out)
{
	struct probe *probe = arg;
	int error;

	probe->readable |= in;
	probe->writable |= out;
	if (probe->phase != PROBE_CONNECT) {
		probe_go_on(probe);
		return;
	}
	error = in ? tcp_error(probe->fd) : 0;
	if (error)
		probe_failed(probe, error);
	else
		probe_connected(probe);
}

static int probe_watch(struct probe *probe, int fd)
{
	return loop_watch_begin(probe_loop(probe), &probe->watch, fd,
		LOOP_CHANGES, probe_ready, probe);
}

/* A peer that is near, or met in a long turn, has answered by now: then a
 * probe that only connects need not be waited for, which would cost two
 * system calls more than this one. */
static void probe_look(struct probe *probe)
{
	if (tcp_is_connected(probe->fd))
		probe_connected(probe);
	else if (probe_watch(probe, probe->fd) < 0)
		probe_failed(probe, ENOMEM);
}

static void probe_again(struct loop_task *task)
{
	struct probe *probe = LOOP_OWNER(task, struct probe, again);

	if (probe->phase == PROBE_CONRESULT)
		probe_failed(probe, probe->error);
	else if (probe->phase == PROBE_CONNECT)
		probe_look(probe);
	else
		probe_go_on(probe);
}

static void set_deadlines(
	struct probe *probe, const struct config_settings *settings)
{
	uint64_t first = settings->timeout_ms;

	if (settings->connect_timeout_ms &&
		settings->connect_timeout_ms < first)
		first = settings->connect_timeout_ms;
	probe->ends_us =
		probe->began_us + (uint64_t)settings->timeout_ms * 1000;
	probe->deadline.expired = probe_expired;
	loop_timer_set(probe_loop(probe), &probe->deadline,
		probe->began_us + first * 1000);
}

static void probe_reset(struct probe *probe, const struct probe_order *order)
{
	size_t state_size = order->vector->checker->state_size;

	probe->check = order->check;
	probe->vector = order->vector;
	probe->began_us = clock_us();
	probe->phase = PROBE_CONNECT;
	probe->connected = probe->eof = false;
	probe->readable = probe->writable = false;
	probe->turns = 0;
	probe->why = NULL;
	probe->in_at = probe->in_len = 0;
	probe->out_len = 0;
	probe->again.run = probe_again;
	memset(probe->state, 0, state_size);
}

int probe_begin(struct probe *probe, const struct probe_order *order)
{
	const struct checker *checker = order->vector->checker;
	bool only_connects = checker->transport == CHECKER_CONNECT;
	int fd = tcp_connect(
		&order->target, &order->settings->bind, only_connects);

	if (fd < 0 && tcp_is_local(-fd))
		return -fd;
	if (fd >= 0 && !only_connects && probe_watch(probe, fd) < 0) {
		tcp_close(fd, false);
		return ENOMEM;
	}
	probe_reset(probe, order);
	set_deadlines(probe, order->settings);
	probe->fd = fd < 0 ? -1 : fd;
	if (fd < 0) {
		probe->phase = PROBE_CONRESULT;
		probe->error = -fd;
	}
	/* A verdict comes from the loop, never from in here. */
	if (fd < 0 || only_connects)
		loop_post(probe_loop(probe), &probe->again);
	return 0;
}
