#pragma once
/* « Pourquoi ? » (M-2): which mandate gives a right in a space, or that none does. One decision over rows, asked by the gate for
   every request (authority_load) and by the page that explains it, so that they cannot differ. */
#include "mandate/ctx.h"

/* Pure. rows: what a person holds in one organization as a member, or as a contact (authority_of_member, authority_of_contact);
   asked_id chooses where one person is a contact of several clients, 0: the first. Fills `who` but its person and session: ids, rights, and the
   mandate that gives `right`. No row that counts: who->org_id stays 0. */
void why_decide(struct authority *who, const struct doc *rows, int64_t org_id, bool as_contact, int64_t asked_id, enum right right);

/* The same for somebody else, in the context's organization: what the gate would work out for them now. contact_id: as which contact, 0: the first. */
struct err *why_ask(struct ctx *c, int64_t person_id, bool as_contact, int64_t contact_id, enum right right, struct authority *ret_who) MUST_CHECK;
/* For whoever has a link's address: what it gives behind it. ret_name: whose link it is ("Hôtel Bellerive"); ERR_NOT_FOUND where no such link stands here. */
struct err *why_ask_link(struct ctx *c, int64_t link_id, enum right right, struct authority *ret_who, const char **ret_name) MUST_CHECK;
/* For a program: what its token gives there. ret_token: { name, rights, person_name, … }; ERR_NOT_FOUND where no such token lasts here. */
struct err *why_ask_token(struct ctx *c, int64_t token_id, bool as_contact, enum right right, struct authority *ret_who, struct doc **ret_token) MUST_CHECK;
