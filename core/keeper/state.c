// SPDX-License-Identifier: GPL-2.0-or-later
/* The keeper's state. */
#include "keeper/state.h"

void state_stop(struct keeper *keeper, int code)
{
	keeper->stopping = true;
	keeper->code = code;
	loop_stop(keeper->loop);
}
