/* The routes and places of « Espace partenaire ». */
#include "features/partner/partner.h"
#include "features/member/member.h"
#include "features/partner/partner_inside.h"
#include "tpl/tpl.h"

static struct err *partner_home(struct ctx *c)
{
    reply_see(c, NULL, "%s/dossiers", web_space(c));
    return NULL;
}

static const struct route partner_routes[] = {
    GET ("/partner/:org",                          DOSSIER_READ,   partner_home),
    GET ("/partner/:org/dossiers",                 DOSSIER_READ,   dossier_list),
    POST("/partner/:org/dossiers",                 PARTNER_MANAGE, dossier_act, .form = dossier_act_form, AGAIN(dossier_list)),
    GET ("/partner/:org/dossiers/new",             PARTNER_MANAGE, dossier_create_show),
    POST("/partner/:org/dossiers/new",             PARTNER_MANAGE, dossier_create, .form = dossier_create_form, AGAIN(dossier_create_show), .prepare = dossier_create_limit),
    POST("/partner/:org/dossiers/:dossier/invitation", PARTNER_MANAGE, dossier_create_resend, .prepare = dossier_create_resend_prepare, AGAIN(dossier_show)),
    POST("/partner/:org/dossiers/:dossier/invitation/withdraw", PARTNER_MANAGE, dossier_create_withdraw, AGAIN(dossier_show)),
    POST("/partner/:org/dossiers/assign",          PARTNER_MANAGE, dossier_assign, .form = dossier_assign_form, AGAIN(dossier_assign_show)),
    GET ("/partner/:org/dossiers/:dossier",        DOSSIER_READ,   dossier_show),
    POST("/partner/:org/dossiers/:dossier/ask",    PARTNER_MANAGE, dossier_ask, .form = dossier_ask_form, AGAIN(dossier_show)),
    POST("/partner/:org/dossiers/:dossier/resend", PARTNER_MANAGE, dossier_resend, AGAIN(dossier_show)),
    GET ("/partner/:org/dossiers/:dossier/detach", PARTNER_MANAGE, dossier_detach_show),
    POST("/partner/:org/dossiers/:dossier/detach", PARTNER_MANAGE, dossier_detach),
    POST("/partner/:org/dossiers/:dossier/open",   DOSSIER_READ,   dossier_open),
    POST("/partner/:org/dossiers/:dossier/enter",  DOSSIER_ENTER,  dossier_enter, .form = dossier_enter_form, AGAIN(dossier_show)),
    POST("/partner/:org/dossiers/:dossier/renounce", DOSSIER_ENTER, dossier_renounce),
    GET ("/partner/:org/sessions",                 DOSSIER_READ,   visit_list),
    GET ("/partner/:org/dossiers/:dossier/sessions/:visit", DOSSIER_READ, visit_show),
    GET ("/partner/:org/invitations",              DOSSIER_READ,   dossier_invite_list),
    POST("/partner/:org/invitations",              PARTNER_MANAGE, dossier_invite_create, .form = dossier_invite_form, AGAIN(dossier_invite_new), .prepare = dossier_invite_prepare),
    GET ("/partner/:org/invitations/new",          PARTNER_MANAGE, dossier_invite_new),
    POST("/partner/:org/invitations/:invite/resend",   PARTNER_MANAGE, dossier_invite_resend, AGAIN(dossier_invite_list), .prepare = dossier_invite_limit),
    POST("/partner/:org/invitations/:invite/withdraw", PARTNER_MANAGE, dossier_invite_withdraw, AGAIN(dossier_invite_list)),
    GET ("/account/dossier/:word",                 PUBLIC,         dossier_invite_show),
    POST("/account/dossier/:word",                 SELF,           dossier_invite_accept, .form = dossier_accept_form, AGAIN(dossier_invite_show)),
    POST("/account/dossier/:word/decline",         PUBLIC,         dossier_invite_decline, AGAIN(dossier_invite_show)),
    GET ("/partner/:org/white-label",              PARTNER_MANAGE, white_label_show),
    POST("/partner/:org/white-label",              PARTNER_MANAGE, white_label_update, .form = white_label_form, AGAIN(white_label_show)),
    GET ("/partner/:org/organizations",            DOSSIER_READ,   partner_organizations),
    GET ("/partner/:org/collaborators",            DOSSIER_READ,   collaborator_list),
    POST("/partner/:org/collaborators",            PARTNER_MANAGE, collaborator_invite, .form = collaborator_form, AGAIN(collaborator_new), .prepare = invitation_limit),
    GET ("/partner/:org/collaborators/new",        PARTNER_MANAGE, collaborator_new),
    GET ("/partner/:org/collaborators/:collaborator",        DOSSIER_READ,   collaborator_show),
    POST("/partner/:org/collaborators/:collaborator/resend", PARTNER_MANAGE, collaborator_resend, .prepare = collaborator_resend_prepare),
    GET ("/partner/:org/collaborators/:collaborator/remove", PARTNER_MANAGE, collaborator_remove_show),
    POST("/partner/:org/collaborators/:collaborator/remove", PARTNER_MANAGE, collaborator_remove, AGAIN(collaborator_remove_show)),
    GET ("/partner/:org/leave",                    DOSSIER_READ,   collaborator_leave_show),
    POST("/partner/:org/leave",                    DOSSIER_READ,   collaborator_leave, AGAIN(collaborator_leave_show)),
    { 0 },
};

static const char *const tabs[] = { "/collaborators", "/organizations", "/invitations", NULL };
static const struct place partner_places[] = {
    { 'd', RIGHT_DOSSIER_READ, "/dossiers", N_("Mes entreprises"), .also = tabs },
    { 'd', RIGHT_DOSSIER_READ, "/sessions", N_("Sessions") },
    { 'd', RIGHT_PARTNER_MANAGE, "/white-label", N_("Marque blanche") },
    { 0 },
};

const struct feature partner_feature = { .name = "partner", .routes = partner_routes, .places = partner_places };
