#pragma once
/* What the files of this folder share. */
#include "features/account/account.h"
#include "features/member/member.h"

/* ---- invitation.c ---- */
extern const struct field member_invite_form[];
#define invitation_join_form password_set_form
handler member_new, member_invite, member_resend_prepare, member_resend;
handler invitation_show, invitation_accept, invitation_join_prepare, invitation_join, invitation_decline;

/* What a role allows, word for word, in the language of who agrees: kept with the mandate (M-6). */
struct err *member_wording(struct ctx *c, const char *name, const char *role, const char **ret_wording) MUST_CHECK;
/* The member of this address, taken for the rest of the transaction: row of member_show. */
struct err *member_taken(struct ctx *c, struct doc **ret_member) MUST_CHECK;
