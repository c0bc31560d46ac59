#pragma once
/* The demonstration: an invented world, a page with one button per person of it, and the mailbox where every message
   of the server can be read. Its routes are listed by the application only when the server was started as `mandat demo`;
   nothing of this folder is reachable otherwise. */
#include "web/web.h"

extern const struct feature demo_feature;

/* The password of everybody in the world who has one; /demo says it. */
#define DEMO_PASSWORD "bateau-lavoir-2026"

/* Fills an empty, migrated database with the invented world, in transactions of its own (none may be open), as of c->now_ms.
   The same time gives the same world. scale: 1 for the demonstration; N has about N times as many clients and tickets at
   « Froid Atlantique », written about 10,000 rows at a time. Takes memory of its own and gives it back. On an error
   the database may be left half filled: throw it away. */
struct err *demo_fill(struct ctx *c, int scale) MUST_CHECK;
