#pragma once
/* Members of an organization: invited, accepted, changed, removed (member.c, invitation.c). The mandate behind a member is
   src/mandate/access.h's. Invitations also bring a partner's collaborators (S-2, S-3): the same links, the same pages. */
#include "web/web.h"

extern const struct feature member_feature;
extern const struct choice member_roles[];

/* Invites somebody to a role in the context's organization: the offer, its link (7 days, once, for this address) and the mail at once. The form's field
   "email" says what is wrong: is there already, is invited, is who asks. ret_member_id, ret_mandate_id (may be NULL): whom, and the offer. */
struct invitation { const char *first_name, *last_name, *email, *title, *role; const struct doc *partner; };   /* partner: row of member_partner, who made the organization; NULL: nobody did */
struct err *invitation_send(struct ctx *c, const struct invitation *i, int64_t *ret_member_id, int64_t *ret_mandate_id) MUST_CHECK;
/* The address of an open invitation, as secret as the mail that carries it: for whoever runs the server, at the terminal. */
struct err *invitation_address(struct ctx *c, int64_t member_id, const char **ret_address) MUST_CHECK;
/* Another link to the same address; the one before is dead. Answered meanwhile: ERR_CONFLICT. */
struct err *invitation_again(struct ctx *c, int64_t mandate_id, const char *role, const struct doc *partner) MUST_CHECK;
/* Its link opens nothing any more. The mandate is the caller's. */
struct err *invitation_close(struct ctx *c, int64_t mandate_id) MUST_CHECK;
/* How often an organization may invite, and one person be invited again: a route's prepare, and what one is made of. */
handler invitation_limit;
struct err *invitation_again_limit(struct ctx *c, int64_t member_id) MUST_CHECK;
/* A message about a member { person_id, email, name, role, old_role }, in the brand of the organization. */
struct err *member_mail(struct ctx *c, const char *template, const struct doc *member) MUST_CHECK;
/* « Entreprises »: those the person is a member of, with who works there, as the document's "organizations". */
struct err *member_organizations(struct ctx *c) MUST_CHECK;
