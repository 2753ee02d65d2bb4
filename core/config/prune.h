/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leaves out of a draft what needs an address that is not known yet. */
#ifndef LVSMON_CONFIG_PRUNE_H
#define LVSMON_CONFIG_PRUNE_H

#include "config/draft.h"

/*
 * Removes real servers whose checks need an address without an answer. Then
 * removes each virtual service that has lost its last address or its last real
 * server in this way: lvsmon does not touch what it cannot decide. The list of
 * missing addresses stays.
 */
void prune_draft(struct draft *draft);

#endif
