/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's user, borrowed by a trial of root for a while: a file that the
 * engine cannot read must be an error of the trial too. */
#ifndef LVSMON_PROCESS_BORROW_H
#define LVSMON_PROCESS_BORROW_H

/* Looks up the user, and gives up all supplementary groups for ever. The two
 * functions below do nothing if this process is not root's, if there is no such
 * user, or if this function was not called. */
void borrow_prepare(const char *user);

/* Takes the effective ids of the user. */
void borrow_begin(void);

/* Takes root's effective ids again. */
void borrow_end(void);

#endif
