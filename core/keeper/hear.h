/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keeper hears: takes in what engines say. It notes and logs, and leaves
 * every act to the succession and the audit. */
#ifndef LVSMON_KEEPER_HEAR_H
#define LVSMON_KEEPER_HEAR_H

#include "keeper/state.h"

/* Takes in the messages of a generation's engine, as many as one turn of the
 * loop may take. */
void hear_engine(struct generation *generation);

/* A channel_ready; arg is the generation. */
void hear_ready(void *arg);

#endif
