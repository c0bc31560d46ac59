#pragma once
/* mandat tpl: one template with data from a file, rendered leniently, as the Mustache specification has it: a missing name or partial
   is empty. {{>row}} is the file `row`, or `row` with the template's own ending, beside the template; else a text under "partials" in the data. */
#include "base/arena.h"

int command_tpl(struct arena *a, int argc, char **argv);
