/* The first page of each space, and the settings. */
#include "features/organization/organization.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/organization/brand.h"
#include "features/organization/portal_invite.h"
#include "features/planning/planning.h"
#include "features/queries.h"
#include "tpl/tpl.h"
#include "work/work.h"

enum { FORM_BYTES = 1024 * 1024 };

/* ---- First pages: what waits, and where one can go ---- */

static struct err *portal_home(struct ctx *c)
{
    bool sees_tickets = ctx_may(c, RIGHT_TICKET_READ);
    doc_set_bool(web_page(c), "sees_tickets", sees_tickets);
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_TICKET_WRITE));
    return sees_tickets ? doc_rows(c, "tickets", &sql_portal_latest, NULL) : NULL;
}

static struct err *office_home(struct ctx *c)
{
    bool sees_tickets = ctx_may(c, RIGHT_TICKET_MANAGE);
    doc_set_bool(web_page(c), "sees_tickets", sees_tickets);
    TRY(planning_home(c));
    bool has_field = doc_kind(doc_get(c->doc, "field")) == DOC_MAP;
    return sees_tickets && !has_field ? doc_rows(c, "tickets", &sql_office_waiting, NULL) : NULL;
}

/* ---- Settings ---- */

static const struct field organization_form[] = {
    { "name", FIELD_TEXT, N_("Nom"), REQUIRED, .max = 120, .autocomplete = "organization" },
    { "tagline", FIELD_TEXT, N_("Phrase d’accueil"), .max = 160, .hint = N_("Sur la page de connexion de l’espace client.") },
    { "brand_color", FIELD_COLOR, N_("Couleur"), REQUIRED, .hint = N_("Pour les boutons et les e-mails. Elle porte du texte blanc : le contraste est de 4,5 pour 1 au moins.") },
    { "logo", FIELD_FILES, N_("Logo"), .max = 1, .hint = N_("PNG, JPEG ou WebP, carré de préférence, 512 Ko au plus.") },
    { "logo_remove", FIELD_BOOL, N_("Retirer le logo : les initiales le remplacent.") },
    { "street", FIELD_TEXT, N_("Adresse"), .max = 200, .autocomplete = "street-address" },
    { "postcode", FIELD_TEXT, N_("Code postal"), .max = 12, .autocomplete = "postal-code" },
    { "city", FIELD_TEXT, N_("Ville"), .max = 100, .autocomplete = "address-level2" },
    { "email", FIELD_EMAIL, N_("Email"), .max = 254 },
    { "phone", FIELD_PHONE, N_("Téléphone"), .max = 30 },
    { "is_portal_open", FIELD_BOOL, N_("L’espace client est ouvert") },
    { "dpo_email", FIELD_EMAIL, N_("Email du délégué à la protection des données"), .max = 254, .hint = N_("Vos contacts le voient dans « Mes données ».") },
    { "personal_intro", FIELD_LONG, N_("Présentation"), .max = 4000, .hint = N_("En tête de « Mes données » : qui vous êtes, et ce que vous faites de ce que vous gardez.") },
    { 0 },
};

static struct err *organization_edit(struct ctx *c)
{
    TRY(doc_row(c, "organization", &sql_organization_show, NULL));
    const struct doc *row = doc_get(c->doc, "organization");
    form_show(c, organization_form);
    for (const struct field *f = organization_form; f->name; f++)
        if (f->kind != FIELD_FILES && f->kind != FIELD_BOOL)
            form_value(c, f->name, doc_text_of(row, f->name));
    form_value(c, "is_portal_open", doc_bool_of(row, "is_portal_open") ? "1" : "");
    doc_set_text(web_page(c), "portal_url", arena_printf(c->arena, "%s/p/%s", web_address(c), doc_text_of(row, "slug")));
    return NULL;
}

static struct err *color_check(struct ctx *c, const char *color)
{
    if (brand_contrast(color) >= BRAND_CONTRAST_MIN)
        return NULL;
    return form_error(c, "brand_color", arena_printf(c->arena, "%s %s.", web_text(c, N_("Trop claire pour porter du texte blanc. La plus proche qui convient est")),
        brand_darker(c->arena, color)));
}

/* The logo to keep from now on: a new one, none, or as it is (absent). */
static struct err *logo_param(struct ctx *c, struct param *ret_logo)
{
    const struct upload *u = form_files(c, "logo");
    const char *hash = "";
    *ret_logo = P_ABSENT("logo");
    if (u)
        TRY(brand_logo_keep(c, u, &hash));
    if (u || form_bool(c, "logo_remove"))
        *ret_logo = P_TEXT("logo", hash);
    return NULL;
}

static struct err *organization_update(struct ctx *c)
{
    struct param logo;
    const char *color = form_text(c, "brand_color");
    bool is_portal_open = form_bool(c, "is_portal_open");
    TRY(color_check(c, color));
    TRY(logo_param(c, &logo));
    TRY(ctx_run(c, &sql_organization_put, PARAMS(P_TEXT("name", form_text(c, "name")),
        P_TEXT("name_key", text_name_key(c->arena, form_text(c, "name"))), P_TEXT("tagline", form_text(c, "tagline")),
        P_TEXT("brand_color", color), P_TEXT("street", form_text(c, "street")), P_TEXT("postcode", form_text(c, "postcode")),
        P_TEXT("city", form_text(c, "city")), P_TEXT("email", form_text(c, "email")), P_TEXT("phone", form_text(c, "phone")),
        P_TEXT("dpo_email", form_text(c, "dpo_email")), P_TEXT("personal_intro", form_text(c, "personal_intro")), P_INT("is_portal_open", is_portal_open), logo)));
    TRY(organization_words(c, c->who.org_id));
    journal_object(c, "organization", c->who.org_id);
    journal_text(c, "name", form_text(c, "name"));
    journal_text(c, "brand_color", color);
    journal_text(c, "portal", is_portal_open ? "open" : "closed");
    reply_see(c, "organization_updated", "%s/settings", web_space(c));
    return NULL;
}

static const struct route organization_routes[] = {
    GET ("/p/:portal",       SPACE_OPEN,          portal_home),
    GET ("/o/:org",          SPACE_OPEN,          office_home),
    GET ("/o/:org/settings", ORGANIZATION_MANAGE, organization_edit),
    POST("/o/:org/settings", ORGANIZATION_MANAGE, organization_update, .form = organization_form, AGAIN(organization_edit), .body_bytes = FORM_BYTES),
    GET ("/brand/:word",     PUBLIC,              brand, .is_raw = true),
    GET ("/o/:org/settings/invitations",                    ORGANIZATION_MANAGE, portal_invitations),
    POST("/o/:org/settings/invitations",                    ORGANIZATION_MANAGE, portal_invitation_create, .form = portal_invitation_form, AGAIN(portal_invitations)),
    GET ("/o/:org/settings/invitations/:run",        ORGANIZATION_MANAGE, portal_invitation_show),
    POST("/o/:org/settings/invitations/:run/go",     ORGANIZATION_MANAGE, portal_invitation_go, AGAIN(portal_invitation_show)),
    POST("/o/:org/settings/invitations/:run/cancel", ORGANIZATION_MANAGE, portal_invitation_cancel, AGAIN(portal_invitation_show)),
    GET ("/account/mute/:word",                             PUBLIC,              mail_mute_show),
    POST("/account/mute/:word",                             PUBLIC,              mail_mute),
    { 0 },
};

static const struct work_kind organization_works[] = {
    { "portal_invitation_look", portal_invitation_look_run },
    { "portal_invitation_send", portal_invitation_send_run },
    { "organization_words", organization_words_run, 5 * CLOCK_MINUTE_MS, 0 },
    { 0 },
};

static const struct place organization_places[] = {
    { 'p', RIGHT_SPACE_OPEN, "", N_("Accueil") },
    { 'o', RIGHT_SPACE_OPEN, "", N_("Accueil") },
    { 'o', RIGHT_ORGANIZATION_MANAGE, "/settings", N_("Réglages"), .is_last = true },
    { 0 },
};

const struct feature organization_feature = { .name = "organization", .routes = organization_routes, .places = organization_places, .works = organization_works };
