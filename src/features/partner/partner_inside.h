#pragma once
/* What the files of this room share. */
#include "features/partner/partner.h"

enum { DOSSIERS_AT_ONCE = 1000, DOSSIERS_CHOSEN = 50, REASON_MOST = 500 };

/* dossier_list.c */
handler dossier_list;
/* The dossiers that the list shows under the address's filters, on all of its pages, but those followed no more: one row more than can be acted on. */
struct err *dossiers_filtered(struct ctx *c, struct doc **ret_rows) MUST_CHECK;
/* dossier.c: one dossier, and acts on one or many */
handler dossier_show, dossier_act, dossier_enter, dossier_open, dossier_ask, dossier_detach_show, dossier_detach, dossier_resend, dossier_renounce;
extern const struct field dossier_act_form[], dossier_ask_form[], dossier_enter_form[];
/* collaborator.c */
handler collaborator_list, collaborator_new, collaborator_invite, collaborator_show, collaborator_resend_prepare, collaborator_resend;
handler collaborator_remove_show, collaborator_remove, collaborator_leave_show, collaborator_leave, partner_organizations;
extern const struct field collaborator_form[];
/* The form's collaborators, levels and lengths, for the page. */
struct err *dossier_options(struct ctx *c) MUST_CHECK;
