#pragma once
/* What the server gives up once all is open, for the rest of its life: by Landlock every file but its data (and what libraries
   read: /usr, /etc), by seccomp the calls that a server never makes (starting programs, mounting, tracing, loading code into the
   kernel …), which then answer EPERM. Whoever breaks in through a parser finds neither a shell nor the key's file.

   Called once, in the one thread there is: threads made later inherit it. Where the kernel has no Landlock (or one older than 5.19,
   which forbids moving a file between folders) one line is logged and the rest holds. Built with a sanitizer it does nothing:
   those look at the process in ways that are refused here. */
#include "base/err.h"

struct sandbox_ask {
    const char *const *writable;      /* folders; ends with NULL. One that is not there is left out */
    const char *const *readable;      /* besides what every server reads */
};

struct err *sandbox_enter(struct arena *a, const struct sandbox_ask *ask) MUST_CHECK;
