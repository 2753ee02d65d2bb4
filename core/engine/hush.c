// SPDX-License-Identifier: GPL-2.0-or-later
/* Silence around code of a checker. */
#include "engine/hush.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static const int standard[] = {STDOUT_FILENO, STDERR_FILENO};

/* The copies stay out of the way of standard descriptors. */
static int save(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static void release(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void hush_open(struct hush *hush)
{
	*hush = (struct hush){.into = memfd_create("lvsmon", MFD_CLOEXEC)};
	for (int i = 0; i < 2; i++)
		hush->saved[i] = save(standard[i]);
	if (hush->into < 0 || hush->saved[0] < 0 || hush->saved[1] < 0)
		hush_close(hush);
}

static void flush(void)
{
	(void)fflush(stdout);
	(void)fflush(stderr);
}

void hush_begin(struct hush *hush)
{
	if (hush->into < 0)
		return;
	flush();
	for (int i = 0; i < 2; i++)
		(void)dup2(hush->into, standard[i]);
	hush->on = true;
}

bool hush_end(struct hush *hush)
{
	off_t before = hush->seen;

	if (!hush->on)
		return false;
	flush();
	for (int i = 0; i < 2; i++)
		(void)dup2(hush->saved[i], standard[i]);
	hush->on = false;
	hush->seen = lseek(hush->into, 0, SEEK_END);
	return hush->seen > before;
}

void hush_close(struct hush *hush)
{
	hush_end(hush);
	for (int i = 0; i < 2; i++)
		release(&hush->saved[i]);
	release(&hush->into);
}
