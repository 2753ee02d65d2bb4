/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time after a verdict, in which a connection waits for the end of its
 * peer. A reset right behind an answer surprises the peer: it may still send,
 * or read the goodbye, and it logs an error.
 *
 * The side that sends the first FIN keeps TIME_WAIT, and with it a local port,
 * for a minute. At 9,000 probes a second that would be half a million ports.
 * Therefore the peer has to be first, and three ends are possible:
 *
 *   - The peer closes in time. The close that follows sends the second FIN, and
 *     TIME_WAIT is the peer's, as in any exchange that a server ends.
 *   - The peer does not close, or sends too much. The kernel sends a FIN, and a
 *     reset when the FIN is acknowledged, be it by the FIN of the peer. A peer
 *     that reads sees the end of its input, because Linux reports an end that
 *     came before an error. TIME_WAIT is on neither side. If input is left, the
 *     kernel sends the reset alone.
 *   - The connection fails. Nothing is left to be closed.
 *
 * A FIN at the beginning of the wait would make an idle peer close sooner. But
 * that leaves TIME_WAIT here, and some servers take a half-closed client for
 * one that has gone: they break off the answer, and log it.
 */
#ifndef LVSMON_ENGINE_LINGER_H
#define LVSMON_ENGINE_LINGER_H

#include "engine/probe.h"

/* Bytes that are received and thrown away. */
#define LINGER_INPUT_MAX 65536

/* Begins to wait, for the probe's linger_ms or until its deadline. The probe is
 * in the phase LINGER. It is given back in the end, never from inside this
 * function. */
void linger_begin(struct probe *probe);

/* Makes a probe that lingers end before the tick of this time. */
void linger_until(struct probe *probe, uint64_t us);

#endif
