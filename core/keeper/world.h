/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parser asks of the world: files, patterns, names, ports. */
#ifndef LVSMON_KEEPER_WORLD_H
#define LVSMON_KEEPER_WORLD_H

#include "model/config.h"

/* The real one. A file may have 16 MiB; a name has to have one address
 * (getaddrinfo(3)); ports come from services(5). */
const struct config_world *world_real(void);

#endif
