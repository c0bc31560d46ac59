#pragma once
/* « Inviter les contacts » (C-0): the handlers and jobs of portal_invite.c and mail_mute.c, for the table of routes in organization.c. */
#include "web/web.h"

extern const struct field portal_invitation_form[];

handler portal_invitations, portal_invitation_create, portal_invitation_show, portal_invitation_go, portal_invitation_cancel;
handler mail_mute_show, mail_mute;                  /* mail_mute.c: « Ne plus recevoir ces invitations » */

struct err *portal_invitation_look_run(struct ctx *c, const struct doc *data);
struct err *portal_invitation_send_run(struct ctx *c, const struct doc *data);

#define MAIL_MUTE_LINK "mute"                       /* kind of the link at the foot */
