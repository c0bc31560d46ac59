/* The one gate: host → organization; session → person; mandate → authority; cross-site check. Who may do what is
   decided here, by authority_load (src/mandate), for every request, before the first byte of a body is read. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "mandate/access.h"
#include "mandate/support.h"
#include "web/inside.h"
#include "web/queries.h"

/* Cross-site requests: Sec-Fetch-Site first, else Origin, else refused. A program has no cookie that another site could borrow. */
static struct err *gate_cross_site(struct ctx *c)
{
    if (c->web->bearer)
        return NULL;
    const struct request *r = &c->web->request;
    const char *site = request_header(r, "sec-fetch-site"), *origin = request_header(r, "origin");
    if (*site) {
        if (strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0)
            return NULL;
    } else if (*origin) {
        const char *host = strstr(origin, "://");
        if (strcmp(origin, c->app->address) == 0 || (host && strcmp(host + 3, request_header(r, "host")) == 0))
            return NULL;
    }
    return ERR(c->arena, ERR_FORBIDDEN, "cross-site: site '%s', origin '%s'", site, origin);
}

/* The reader's language: the choice made here, the person's, the browser's. A program says its own with each request. */
static const char *gate_lang(struct ctx *c, const char *person_lang)
{
    const char *chosen = c->web->cookie_lang;
    const char *accepted = request_header(&c->web->request, "accept-language");
    if (c->web->bearer && *accepted)
        person_lang = NULL;
    if (*chosen)
        return strcmp(chosen, "en") == 0 ? "en" : "fr";
    if (person_lang && *person_lang)
        return strcmp(person_lang, "en") == 0 ? "en" : "fr";
    return strncmp(accepted, "en", 2) == 0 ? "en" : "fr";
}

void gate_language(struct ctx *c)
{
    c->web->cookie_lang = c->web->bearer ? "" : request_cookie(&c->web->request, c->arena, "lang");
    c->lang = gate_lang(c, NULL);
}

/* Token → person. One that is unknown, withdrawn or past its date is refused wherever it is shown. */
static struct err *gate_token(struct ctx *c)
{
    TRY(token_find(c, c->web->bearer, &c->web->token));
    const struct token *t = c->web->token;
    if (!t)
        return ERR(c->arena, ERR_SIGN_IN, "no such token, or no more");
    TRY(token_count(c, t->id));
    c->lang = gate_lang(c, t->lang);
    if (c->web->route->right == RIGHT_SELF || (c->web->route->right == RIGHT_PUBLIC && c->web->route->method == METHOD_POST))
        return ERR(c->arena, ERR_FORBIDDEN, "a token does nothing outside its space");
    if (c->web->route->right == RIGHT_PUBLIC)
        return NULL;
    c->who.person_id = t->person_id;
    c->who.person_name = t->person_name;
    c->who.person_email = t->person_email;
    return NULL;
}

/* Session → person. No session, or one that has ended: nobody, which is no error here. */
static struct err *gate_person(struct ctx *c)
{
    if (c->web->bearer)
        return gate_token(c);
    const char *cookie = request_cookie(&c->web->request, c->arena, c->app->cookie);
    if (strlen(cookie) != 43)   /* 256 bits as base64url */
        return NULL;
    unsigned char hash[SECRET_HASH];
    secret_sha256(hash, cookie, strlen(cookie));
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_session_find, PARAMS(P_TEXT("hash", text_hex(c->arena, hash, sizeof hash)),
        P_INT("idle_since", c->now_ms - SESSION_IDLE_HOURS * CLOCK_HOUR_MS)), &row));
    if (!row)
        return NULL;
    c->who.session_id = doc_int_of(row, "session_id");
    c->who.is_delegating = doc_bool_of(row, "is_delegating");
    c->who.person_id = doc_int_of(row, "person_id");
    c->who.person_name = doc_text_of(row, "name");
    c->who.person_email = doc_text_of(row, "email");
    c->lang = gate_lang(c, doc_text_of(row, "lang"));
    return NULL;
}

/* The part of an organization's space that a route belongs to. */
static char space_of(const struct route *r)
{
    return text_starts(r->pattern, "/partner/") ? 'd' : text_starts(r->pattern, "/operator/") ? 'x' : 'o';
}

/* Address → organization. A back office is found by its members alone; an open portal by anybody. */
static struct err *gate_organization(struct ctx *c)
{
    const char *portal = path_text(c, "portal"), *slug = *portal ? portal : path_text(c, "org");
    if (!*slug)
        return NULL;
    struct doc *org = NULL;
    TRY(ctx_maybe(c, &sql_organization_by_slug, PARAMS(P_TEXT("slug", slug)), &org));
    if (org && *portal && !doc_bool_of(org, "is_portal_open"))
        org = NULL;
    const struct token *t = c->web->token;
    if (org && t && (doc_int_of(org, "id") != t->org_id || !*portal != !t->contact_id))
        org = NULL;     /* a token has one space */
    char space = *portal ? 'p' : space_of(c->web->route);
    if (org && ((space == 'd' && !doc_bool_of(org, "is_partner")) || (space == 'x' && !doc_bool_of(org, "is_operator"))))
        org = NULL;     /* S-0: what is no partner has no « Espace partenaire » */
    c->web->is_lost = !org && space == 'o' && c->who.person_id;
    if (!org && !*portal && !c->who.person_id)
        return ERR(c->arena, ERR_SIGN_IN, "nobody is signed in");
    if (!org)
        return ERR(c->arena, ERR_NOT_FOUND, "no such space: %s", slug);
    c->web->org = org;
    c->web->space = space;
    return NULL;
}

/* Who works for an organization and opens its portal is at the wrong door, and told so: its people know that it is there. To anybody else
   the answer stays that of a portal that is none of theirs. */
static struct err *gate_at_wrong_door(struct ctx *c, bool *ret_is_staff)
{
    struct authority outside = c->who;
    struct doc *org = c->web->org;
    *ret_is_staff = false;
    if (c->web->space != 'p' || c->web->token)
        return NULL;
    TRY(authority_load(c, doc_int_of(org, "id"), false, 0, RIGHT_SELF));
    *ret_is_staff = c->who.org_id != 0;
    c->who = outside;
    if (*ret_is_staff)
        c->web->staff_of = org;
    return NULL;
}

/* S-14: a collaborator whose support session is over, while the client's consent stands, is led back to the dossier. Nobody else learns that
   there is anything here. */
static struct err *gate_support_door(struct ctx *c)
{
    struct doc *own = NULL;
    if (c->web->space != 'o' || c->web->token)
        return NULL;
    TRY(support_own(c, doc_int_of(c->web->org, "id"), &own));
    if (own)
        c->web->support_door = arena_printf(c->arena, "/partner/%s/dossiers/%lld%s", doc_text_of(own, "partner_slug"), (long long)doc_int_of(own, "dossier_id"),
            doc_bool_of(own, "was_inside") ? "?notice=support_over" : "");
    return NULL;
}

/* Outside, nothing of the space is shown. */
static struct err *gate_outside(struct ctx *c)
{
    TRY(gate_support_door(c));
    c->web->is_lost = c->web->space == 'o' && !c->web->support_door;
    c->who = (struct authority){ .session_id = c->who.session_id, .is_delegating = c->who.is_delegating, .person_id = c->who.person_id,
        .person_name = c->who.person_name, .person_email = c->who.person_email, .granted_by = "" };
    c->web->org = NULL;
    c->web->space = 0;
    return NULL;
}

struct err *gate_lost(struct ctx *c, struct err *e)
{
    if (e && e->code == ERR_NOT_FOUND && c->web->org)
        TRY(gate_outside(c));
    return e;
}

/* Mandate → authority. */
static struct err *gate_authority(struct ctx *c)
{
    enum right right = c->web->route->right;
    if (right == RIGHT_PUBLIC)
        return NULL;
    if (!c->who.person_id)
        return ERR(c->arena, ERR_SIGN_IN, "nobody is signed in");
    if (right == RIGHT_SELF)
        return NULL;
    struct doc *org = c->web->org;
    if (c->web->token && org)
        TRY(token_authority(c, c->web->token, right));
    else
        TRY(authority_load(c, org ? doc_int_of(org, "id") : 0, c->web->space == 'p', 0, right));
    if (!c->who.org_id) {
        bool is_staff = false;
        TRY(gate_at_wrong_door(c, &is_staff));
        TRY(gate_outside(c));
        return ERR(c->arena, is_staff ? ERR_FORBIDDEN : ERR_NOT_FOUND, "no mandate in this space");
    }
    if (right == RIGHT_OPERATE && !ctx_may(c, right)) {
        TRY(gate_outside(c));
        return ERR(c->arena, ERR_NOT_FOUND, "the operator's pages are there for who operates alone");
    }
    if (!ctx_may(c, right))
        return ERR(c->arena, ERR_FORBIDDEN, "the right %s is missing", right_word(right));
    return NULL;
}

/* Who comes, and what they may. Behind a link that is the link's own (link.c): who is signed in, or has a token, is nobody there. */
static struct err *gate_who(struct ctx *c)
{
    if (link_is_space(c->web->route))
        return gate_link(c);
    TRY(gate_person(c));
    TRY(gate_organization(c));
    return gate_authority(c);
}

struct err *gate_open(struct ctx *c)
{
    if (c->web->route->method == METHOD_POST)
        TRY(gate_cross_site(c));
    TRY(db_begin(c->db, c->arena, DB_READ));
    TRY(gate_who(c));
    if (c->web->route->method == METHOD_POST)   /* a GET goes on in this transaction */
        db_rollback(c->db);
    return NULL;
}

struct err *gate_hold(struct ctx *c)
{
    struct authority before = c->who;
    struct token *t = c->web->token;
    int64_t under_id = t ? t->under_id : 0;
    TRY(gate_lost(c, t ? token_hold(c, t) : authority_hold(c)));
    if (c->web->route->right == RIGHT_PUBLIC || c->web->route->right == RIGHT_SELF)
        return NULL;
    TRY(link_is_space(c->web->route) ? gate_link(c) : gate_authority(c));
    if (before.contact_id && c->who.contact_id && before.contact_id != c->who.contact_id && !c->web->route->is_for_any) {
        c->web->form_contact_id = before.contact_id;
        c->web->is_other_client = true;
        return ERR(c->arena, ERR_CONFLICT, "another client was chosen while the form came");
    }
    if (before.mandate_id != c->who.mandate_id || before.support_id != c->who.support_id || (t && t->under_id != under_id) || before.client_id != c->who.client_id)
        return ERR(c->arena, ERR_NOT_FOUND, "the authority has changed under the form");
    return NULL;
}

struct err *gate_again(struct ctx *c)
{
    c->who = (struct authority){ .person_name = "", .person_email = "", .granted_by = "" };
    if (link_is_space(c->web->route))
        return gate_link(c);
    TRY(gate_person(c));
    return gate_authority(c);
}

const char *gate_sign_in(struct ctx *c)
{
    const char *portal = path_text(c, "portal");
    const struct request *r = &c->web->request;
    if (c->web->route && link_is_space(c->web->route))
        return arena_printf(c->arena, "/l/%s", path_text(c, "link"));
    const char *back = r->method == METHOD_POST ? "" : arena_printf(c->arena, "?back=%s", text_url_encode(c->arena, r->target));
    return *portal ? arena_printf(c->arena, "/p/%s/sign-in%s", portal, back) : arena_printf(c->arena, "/sign-in%s", back);
}
