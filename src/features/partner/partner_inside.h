#pragma once
/* What the files of this room share. */
#include "features/partner/partner.h"

enum { DOSSIERS_AT_ONCE = 1000, DOSSIERS_CHOSEN = 50, REASON_MOST = 500 };

/* dossier_list.c */
handler dossier_list;
/* dossier.c: one dossier, and acts on one or many */
handler dossier_show, dossier_act, dossier_enter, dossier_ask, dossier_detach_show, dossier_detach, dossier_resend;
extern const struct field dossier_act_form[], dossier_ask_form[], dossier_enter_form[];
/* The form's collaborators, levels and lengths, for the page. */
struct err *dossier_options(struct ctx *c) MUST_CHECK;
