#pragma once
/* `mandat mail-in`: one message from standard input, as Postfix, Exim or fetchmail hand it over, into the database of a server that
   runs. Status as in sysexits.h: 0 taken (landed, set aside or dropped knowingly: nothing is sent back to a sender who may be invented),
   64 words not understood, 65 not a message or too large, 69 answers by e-mail are off, 75 a fault: to be tried again. */
#include "base/arena.h"

int command_mail(struct arena *a, int argc, char **argv);
