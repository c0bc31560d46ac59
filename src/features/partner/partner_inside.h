#pragma once
/* What the files of this room share. */
#include "features/partner/partner.h"

enum { DOSSIERS_AT_ONCE = 1000, DOSSIERS_CHOSEN = 50, REASON_MOST = 500 };

/* dossier_list.c */
handler dossier_list;
bool dossier_is_followed(const struct doc *dossier);      /* its organization has agreed, and has not left */
/* The dossiers that the list shows under the address's filters, on all of its pages, but those followed no more: one row more than can be acted on. */
struct err *dossiers_filtered(struct ctx *c, struct doc **ret_rows) MUST_CHECK;
/* dossier.c: one dossier, and acts on one or many */
handler dossier_show, dossier_act, dossier_enter, dossier_open, dossier_assign, dossier_assign_show, dossier_ask, dossier_detach_show, dossier_detach, dossier_resend, dossier_renounce;
extern const struct field dossier_act_form[], dossier_assign_form[], dossier_ask_form[], dossier_enter_form[];
/* visit.c */
handler visit_list, visit_show;
/* collaborator.c */
handler collaborator_list, collaborator_new, collaborator_invite, collaborator_show, collaborator_resend_prepare, collaborator_resend;
handler collaborator_remove_show, collaborator_remove, collaborator_leave_show, collaborator_leave, partner_organizations;
extern const struct field collaborator_form[];
/* create.c: an organization made with its dossier (S-15) */
handler dossier_create_show, dossier_create, dossier_create_limit, dossier_create_resend_prepare, dossier_create_resend, dossier_create_withdraw;
extern const struct field dossier_create_form[];
struct err *dossier_waiting_show(struct ctx *c, int64_t dossier_id) MUST_CHECK;
/* invite.c: an existing one invited (S-15) */
handler dossier_invite_list, dossier_invite_new, dossier_invite_create, dossier_invite_limit, dossier_invite_prepare, dossier_invite_resend, dossier_invite_withdraw;
handler dossier_invite_show, dossier_invite_accept, dossier_invite_decline;
extern const struct field dossier_invite_form[], dossier_accept_form[];
/* white_label.c: the partner's brand on its clients' back offices (S-15) */
handler white_label_show, white_label_update;
extern const struct field white_label_form[];
/* What a dossier is, word for word, in the language of who agrees: kept with the mandate (M-6). how: "born", "asked". */
struct err *dossier_wording(struct ctx *c, const char *how, const char *partner_name, const char *org_name, const char **ret_wording) MUST_CHECK;
/* The form's collaborators, levels and lengths, for the page. */
struct err *dossier_options(struct ctx *c, const struct field *form) MUST_CHECK;
