#pragma once
/* What the files of this folder share: how a mandate is shown, wherever it is shown. */
#include "features/register/register.h"
#include "tpl/tpl.h"

extern const struct choice register_kinds[], register_states[];

/* What a card shows beside the row: label, rights, parties, how much of its time has gone, where its links lead. base: where its sheet is,
   "/o/x/mandates"; "" for none. Names of contacts that the reader has no business with go (names_hide) before that. */
void card_fill(struct ctx *c, struct doc *row, const char *base);
void cards_fill(struct ctx *c, const char *key, const char *base);

/* A person who agreed for a client or ended in its name is shown as the client, but to themself. For readers who may not see its contacts. */
void names_hide(struct ctx *c, struct doc *row);

/* c->doc "receipt" and "entries" of c->doc "mandate", whose sheet lies under base. */
struct err *sheet_fill(struct ctx *c, const char *base) MUST_CHECK;

const char *register_base(struct ctx *c);      /* "/o/x/mandates" of this space */
struct param register_state(struct ctx *c, const struct choice *states);   /* the list's filter; "active" where none is chosen */

/* ---- register.c, portal.c, mine.c, why.c ---- */
handler client_mandates, client_mandate, client_mandate_ending, client_mandate_stop;
handler mandate_mine, mandate_own, mandate_renouncing, mandate_renounce;
handler why_show, portal_why;
