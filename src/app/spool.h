#pragma once
/* A server's own folder for uploads under way: SPOOL/<number>-<random>, held by a lock on a file in it for as long as the process lives (the kernel gives it
   back however it ends). Several servers may share a data folder: what one of them that is gone left behind is removed by the next that starts; what a
   living one has is left alone. One a server; its descriptor is closed by spool_close. */
#include "base/err.h"

/* Makes the folder below `root`, after removing those whose server is gone. *ret_path: its path; *ret_lock: what holds it. */
struct err *spool_open(struct arena *a, const char *root, const char **ret_path, int *ret_lock) MUST_CHECK;
void spool_close(const char *path, int lock);
