#pragma once
/* mandat backup, mandat restore: the words of the command line around backup.h, and the report in plain words or as JSON. */
#include "base/arena.h"

int command_backup(struct arena *a, int argc, char **argv);
int command_restore(struct arena *a, int argc, char **argv);
