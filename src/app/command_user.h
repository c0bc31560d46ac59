#pragma once
/* mandat organization, mandat user, mandat option: the first organization and the first person of a server, a way back in where mails do
   not arrive, and what an organization's plan has. For who runs the server, at its terminal; each act is in the organization's journal. */
#include "base/arena.h"

int command_organization(struct arena *a, int argc, char **argv);
int command_user(struct arena *a, int argc, char **argv);
int command_option(struct arena *a, int argc, char **argv);
