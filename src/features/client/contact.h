#pragma once
/* Contacts: the handlers of contact.c and access.c, for the table of routes in client.c. */
#include "web/web.h"

extern const struct field contact_form[], contact_access_form[], contact_place_form[];

handler contact_list, contact_new, contact_create, contact_show, contact_edit, contact_update;
handler contact_place, contact_place_set, contact_unmute;
handler contact_access, contact_access_give, contact_access_end;

extern const struct field client_choose_form[];
handler client_choose;             /* choice.c */

extern const struct field client_file_form[], personal_form[];
handler client_files, client_file_add, client_file, client_file_share, client_file_hide, client_file_removing, client_file_remove;   /* file.c */
handler document_list, document_file;
handler personal_show, personal_update, invoice_list;      /* personal.c */

/* The contact's e-mail was corrected before its person ever set a password: what was given went to the wrong address, so it ends,
   and the contact has no person any more. With a password set nothing changes: how somebody signs in is their own affair.
   contact: row of contact_take. */
struct err *access_follow(struct ctx *c, const struct doc *contact, const char *email_key) MUST_CHECK;

/* Access of a contact into the document: "access" (the three parts of C-1) and "mandates" (whatever it has). */
struct err *access_show(struct ctx *c, int64_t contact_id) MUST_CHECK;
