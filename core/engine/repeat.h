/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagrams get lost, so a probe sends its last one again. The probe's timer of
 * the deadline tells when. */
#ifndef LVSMON_ENGINE_REPEAT_H
#define LVSMON_ENGINE_REPEAT_H

#include "engine/probe.h"

/* The probe has just sent probe->out for the first time. */
void repeat_begin(struct probe *probe);

/* Sends the last datagram again if that is due. Returns whether it was; if not,
 * the probe's timer means its deadline. */
bool repeat_send(struct probe *probe);

#endif
