/* « Gérer les membres », « Quitter l’entreprise », « Mes entreprises »; the feature's table. */
#include <string.h>
#include "base/text.h"
#include "features/client/client.h"
#include "features/member/member_inside.h"
#include "features/queries.h"
#include "mandate/access.h"
#include "tpl/tpl.h"

enum { MEMBERS_SHOWN = 8 };

const struct choice member_roles[] = {
    { "administrator", N_("Administrateur") }, { "manager", N_("Gestionnaire") }, { "accountant", N_("Comptable") },
    { "technician", N_("Technicien") }, { "support_agent", N_("Agent de support") }, { 0 },
};

static const struct field member_form[] = {
    { "title", FIELD_TEXT, N_("Fonction"), .max = 100 },
    { "role", FIELD_CHOICE, N_("Rôle"), .choices = member_roles },
    { 0 },
};

static const struct field no_form[] = { { 0 } };   /* only its token, and what is wrong with the whole */

#define LAST_ADMINISTRATOR N_("C’est le dernier administrateur de l’entreprise : nommez-en d’abord un autre.")

static const struct list_order member_orders[] = {
    { "name", &sql_member_list, &sql_member_search, "name_key" }, { "created", &sql_member_by_created, &sql_member_search_by_created, "id" }, { 0 },
};

static struct err *member_list(struct ctx *c)
{
    const struct list_order *order = list_order(c, member_orders);
    struct word_search words = word_filter(c, "search");
    doc_set_bool(web_page(c), "can_manage", ctx_may(c, RIGHT_MEMBER_MANAGE));
    if (words.is_any)
        return doc_page(c, "members", order->search, order->column, PARAMS(WORD_PARAMS(words)));
    return doc_page(c, "members", order->list, order->column, NULL);
}

struct err *member_taken(struct ctx *c, struct doc **ret_member)
{
    const struct param *id = PARAMS(P_INT("of_member", path_id(c, "member")));
    struct doc *taken = NULL;
    TRY(ctx_row(c, &sql_member_take, id, &taken));
    TRY(ctx_row(c, &sql_member_show, id, ret_member));
    doc_set_int(*ret_member, "person_id", doc_int_of(taken, "person_id"));
    journal_object(c, "member", doc_int_of(*ret_member, "id"));
    journal_text(c, "role", doc_text_of(*ret_member, "role"));
    return NULL;
}

static bool is_requested(const struct doc *member) { return text_same(doc_text_of(member, "state"), "requested"); }

/* ---- One member ---- */

static struct err *member_edit(struct ctx *c)
{
    TRY(doc_row(c, "member", &sql_member_show, PARAMS(P_INT("of_member", path_id(c, "member")))));
    const struct doc *member = doc_get(c->doc, "member");
    form_show(c, member_form);
    form_value(c, "title", doc_text_of(member, "title"));
    form_value(c, "role", doc_text_of(member, "role"));
    doc_set_bool(web_page(c), "can_change_role", !doc_bool_of(member, "is_self") && !is_requested(member));
    return NULL;
}

/* Why the role of this member cannot be changed; NULL where it can. */
static struct err *role_check(struct ctx *c, const struct doc *member)
{
    int64_t others = 0;
    if (is_requested(member))
        return form_error(c, "role", N_("Cette personne n’a pas encore répondu : retirez l’invitation, puis envoyez-en une autre."));
    TRY(membership_others(c, doc_int_of(member, "id"), &others));
    if (!others && text_same(doc_text_of(member, "role"), "administrator"))
        return form_error(c, "role", LAST_ADMINISTRATOR);
    if (doc_bool_of(member, "is_self"))
        return form_error(c, "role", N_("Personne ne change son propre rôle : demandez-le à un autre administrateur."));
    return NULL;
}

static struct err *role_change(struct ctx *c, struct doc *member, const char *role)
{
    const char *wording = "";
    TRY(role_check(c, member));
    TRY(member_wording(c, doc_text_of(member, "name"), role, &wording));
    TRY(membership_change(c, doc_int_of(member, "id"), role, wording));
    journal_text(c, "new_role", role);
    doc_set_text(member, "old_role", doc_text_of(member, "role"));
    doc_set_text(member, "role", role);
    return member_mail(c, "mail_member_changed", member);
}

static struct err *member_update(struct ctx *c)
{
    struct doc *member = NULL;
    const char *role = form_text(c, "role");
    TRY(member_taken(c, &member));
    TRY(ctx_run(c, &sql_member_title_put, PARAMS(P_INT("of_member", doc_int_of(member, "id")), P_TEXT("title", form_text(c, "title")))));
    if (*role && !text_same(role, doc_text_of(member, "role")))
        TRY(role_change(c, member, role));
    reply_see(c, "member_updated", "%s/members", web_space(c));
    return NULL;
}

/* ---- Removed ---- */

static struct err *member_remove_show(struct ctx *c)
{
    const char *wording = "";
    TRY(doc_row(c, "member", &sql_member_show, PARAMS(P_INT("of_member", path_id(c, "member")))));
    const struct doc *member = doc_get(c->doc, "member");
    TRY(member_wording(c, doc_text_of(member, "name"), doc_text_of(member, "role"), &wording));
    doc_set_text(c->doc, "wording", wording);
    form_show(c, no_form);
    return NULL;
}

static struct err *invitation_withdraw(struct ctx *c, const struct doc *member)
{
    TRY(invitation_close(c, doc_int_of(member, "mandate_id")));
    TRY(membership_drop(c, c->who.org_id, doc_int_of(member, "mandate_id"), false));
    journal_text(c, "state", "withdrawn");
    reply_see(c, "member_withdrawn", "%s/members", web_space(c));
    return NULL;
}

/* An offer is withdrawn, a membership ended: from the next request on. */
static struct err *member_remove(struct ctx *c)
{
    struct doc *member = NULL;
    int64_t others = 0;
    TRY(member_taken(c, &member));
    int64_t id = doc_int_of(member, "id");
    if (is_requested(member))
        return invitation_withdraw(c, member);
    TRY(membership_others(c, id, &others));
    if (!others && text_same(doc_text_of(member, "role"), "administrator"))
        return form_error(c, "page", LAST_ADMINISTRATOR);
    if (doc_bool_of(member, "is_self"))
        return form_error(c, "page", N_("Pour partir vous-même, prenez « Quitter l’entreprise »."));
    TRY(membership_end(c, id));
    TRY(member_mail(c, "mail_member_removed", member));
    reply_see(c, "member_removed", "%s/members", web_space(c));
    return NULL;
}

/* ---- Leaving ---- */

/* Members alone: whoever is here by another mandate gives that one up. */
static struct err *leaver(struct ctx *c, struct doc **ret_member)
{
    if (!c->who.member_id)
        return ERR(c->arena, ERR_NOT_FOUND, "is no member");
    return ctx_row(c, &sql_member_show, PARAMS(P_INT("of_member", c->who.member_id)), ret_member);
}

static struct err *member_leave_show(struct ctx *c)
{
    struct doc *member = NULL;
    const char *wording = "";
    TRY(leaver(c, &member));
    TRY(member_wording(c, doc_text_of(member, "name"), doc_text_of(member, "role"), &wording));
    doc_set(c->doc, "member", member);
    doc_set_text(c->doc, "wording", wording);
    form_show(c, no_form);
    return NULL;
}

static struct err *member_leave(struct ctx *c)
{
    struct doc *member = NULL;
    int64_t others = 0;
    TRY(leaver(c, &member));
    TRY(membership_others(c, c->who.member_id, &others));
    if (!others && text_same(doc_text_of(member, "role"), "administrator"))
        return form_error(c, "page", N_("Vous êtes le dernier administrateur de l’entreprise : nommez-en d’abord un autre."));
    TRY(membership_end(c, c->who.member_id));
    journal_object(c, "member", c->who.member_id);
    journal_text(c, "role", doc_text_of(member, "role"));
    reply_see(c, "member_left", "/account/organizations");
    return NULL;
}

/* ---- « Mes entreprises » ---- */

/* Members are shown to who may see them there: a role without that right has no list by another way. */
static struct err *organization_members(struct ctx *c, struct doc *org)
{
    struct doc *members = NULL;
    rights_set rights = mandate_gives(MANDATE_MEMBERSHIP, doc_text_of(org, "role"));
    bool sees_members = rights & RIGHT_BIT(RIGHT_MEMBER_READ);
    doc_set_bool(org, "can_see_members", sees_members);
    doc_set_bool(org, "can_manage_members", (rights & RIGHT_BIT(RIGHT_MEMBER_MANAGE)) != 0);
    if (!sees_members)
        return NULL;
    TRY(ctx_rows(c, &sql_account_organization_members, PARAMS(P_INT("of_org", doc_int_of(org, "id")), P_INT("most", MEMBERS_SHOWN + 1)), &members));
    bool has_more = doc_count(members) > MEMBERS_SHOWN;
    if (has_more)
        doc_drop_last(members);
    doc_set_bool(org, "has_more_members", has_more);
    doc_set(org, "members", members);
    return NULL;
}

struct err *member_organizations(struct ctx *c)
{
    struct doc *rows = NULL, *organizations = doc_list(c->arena);
    int64_t before_id = 0;
    TRY(ctx_rows(c, &sql_account_organizations, NULL, &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *org = doc_at_mut(rows, i);
        if (doc_int_of(org, "id") == before_id)   /* a second membership of the same one */
            continue;
        before_id = doc_int_of(org, "id");
        bool is_collaborator = doc_bool_of(org, "is_partner") && text_same(doc_text_of(org, "role"), "collaborator");
        doc_set_text(org, "space", arena_printf(c->arena, is_collaborator ? "/partner/%s" : "/o/%s", doc_text_of(org, "slug")));
        TRY(organization_members(c, org));
        doc_push(organizations, org);
    }
    doc_set(c->doc, "organizations", organizations);
    return NULL;
}

static struct err *account_organizations(struct ctx *c) { return member_organizations(c); }

static const struct route member_routes[] = {
    GET ("/o/:org/members",                    MEMBER_READ,   member_list),
    GET ("/o/:org/members/new",                MEMBER_MANAGE, member_new),
    POST("/o/:org/members",                    MEMBER_MANAGE, member_invite, .form = member_invite_form, AGAIN(member_new), .prepare = invitation_limit),
    GET ("/o/:org/members/:member",            MEMBER_MANAGE, member_edit),
    POST("/o/:org/members/:member",            MEMBER_MANAGE, member_update, .form = member_form, AGAIN(member_edit)),
    POST("/o/:org/members/:member/resend",     MEMBER_MANAGE, member_resend, .prepare = member_resend_prepare),
    GET ("/o/:org/members/:member/remove",     MEMBER_MANAGE, member_remove_show),
    POST("/o/:org/members/:member/remove",     MEMBER_MANAGE, member_remove, AGAIN(member_remove_show)),
    GET ("/o/:org/leave",                      SPACE_OPEN,    member_leave_show),
    POST("/o/:org/leave",                      SPACE_OPEN,    member_leave, AGAIN(member_leave_show)),
    GET ("/account/organizations",             SELF,          account_organizations),
    GET ("/account/invitation/:word",          PUBLIC,        invitation_show),
    POST("/account/invitation/:word",          SELF,          invitation_accept, AGAIN(invitation_show)),
    POST("/account/invitation/:word/password", PUBLIC,        invitation_join, .form = invitation_join_form, AGAIN(invitation_show), .prepare = invitation_join_prepare),
    POST("/account/invitation/:word/decline",  PUBLIC,        invitation_decline, AGAIN(invitation_show)),
    { 0 },
};

static const struct place member_places[] = {
    { 'o', RIGHT_MEMBER_READ, "/members", N_("Gérer les membres"), .in_profile = true },
    { 0 },
};

const struct feature member_feature = { .name = "member", .routes = member_routes, .places = member_places };
