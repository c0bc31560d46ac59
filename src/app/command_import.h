#pragma once
/* mandat import: clients and contacts from a CSV file, beside a server that may be running. */
#include "base/arena.h"

int command_import(struct arena *a, int argc, char **argv);
