/* In and out. A wrong password, an address nobody has and somebody without a password get one answer, after the same work. */
#include <string.h>
#include "base/text.h"
#include "features/account/account_inside.h"
#include "features/queries.h"
#include "tpl/tpl.h"
#include "web/queries.h"

const struct field sign_in_form[] = {
    { "email", FIELD_EMAIL, N_("Adresse e-mail"), REQUIRED, .max = 254, .autocomplete = "username" },
    { "password", FIELD_PASSWORD, N_("Mot de passe"), REQUIRED, .max = PASSWORD_MAX, .autocomplete = "current-password" },
    { "back", FIELD_HIDDEN, "", .max = BACK_MAX },
    { 0 },
};

enum { PLACE_DAYS = 30 };

struct claim { int64_t person_id; bool is_right; };   /* from prepare to handler */

bool back_is_fine(const char *back)
{
    if (back[0] != '/' || back[1] == '/' || strlen(back) > BACK_MAX)
        return false;
    for (const char *p = back; *p; p++)
        if (*p <= ' ' || *p > '~' || *p == '\\')
            return false;
    return true;
}

struct err *spaces_of(struct ctx *c, int64_t person_id, struct doc **ret_rows)
{
    struct doc *rows = NULL;
    int64_t asking_id = c->who.person_id;
    c->who.person_id = person_id;
    struct err *e = ctx_rows(c, &sql_spaces_of_person, NULL, &rows);
    c->who.person_id = asking_id;
    TRY(e);
    struct doc *spaces = doc_list(c->arena), *before = NULL;
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        bool is_member = strcmp(doc_text_of(row, "kind"), "membership") == 0;
        doc_set_bool(row, "is_member", is_member);
        doc_set_bool(row, "is_collaborator", text_starts(web_space_of(c, row), "/partner/"));
        doc_set_text(row, "href", web_space_of(c, row));
        bool is_same = before && text_same(doc_text_of(row, "slug"), doc_text_of(before, "slug")) && text_same(doc_text_of(row, "kind"), doc_text_of(before, "kind"))
            && text_same(doc_text_of(row, "client_name"), doc_text_of(before, "client_name"));
        if (!is_same)   /* a row for each mandate, those of one space behind one another */
            doc_push(spaces, row);
        before = row;
    }
    *ret_rows = spaces;
    return NULL;
}

const struct doc *space_at(const struct doc *spaces, const char *href)
{
    for (size_t i = 0; i < doc_count(spaces); i++)
        if (strcmp(doc_text_of(doc_at(spaces, i), "href"), href) == 0)
            return doc_at(spaces, i);
    return NULL;
}

struct err *person_enter(struct ctx *c, int64_t person_id)
{
    journal_object(c, "person", person_id);
    TRY(session_start(c, person_id));   /* ends the session before it, which may be somebody else's */
    c->who.person_id = person_id;
    return NULL;
}

/* ---- In ---- */

static struct err *sign_in_show(struct ctx *c)
{
    const char *back = query_text(c, "back");
    form_show(c, sign_in_form);
    form_value(c, "back", back_is_fine(back) ? back : "");
    return NULL;
}

struct err *portal_sign_in(struct ctx *c)
{
    doc_set_text(web_page(c), "portal", path_text(c, "portal"));
    return sign_in_show(c);
}

struct err *sign_in(struct ctx *c)
{
    doc_set_text(web_page(c), "portal", "");
    return sign_in_show(c);
}

/* Who tries from everywhere at one account is stopped; its owner, where they were signed in lately, is not. Asked of every address alike. */
static struct err *claim_limit(struct ctx *c, const char *email_key)
{
    const char *remote = web_remote(c);
    struct doc *place = NULL;
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = ctx_maybe(c, &sql_sign_in_place, PARAMS(P_TEXT("email_key", email_key), P_TEXT("remote", remote),
        P_INT("since", c->now_ms - PLACE_DAYS * CLOCK_DAY_MS)), &place);
    db_rollback(c->db);
    TRY(e);
    TRY(limit_count(c, "sign-in address", remote, 30, 15 * CLOCK_MINUTE_MS));
    TRY(limit_count(c, "sign-in both", arena_printf(c->arena, "%s\n%s", remote, email_key), 10, 15 * CLOCK_MINUTE_MS));
    e = limit_count(c, "sign-in account", email_key, 100, CLOCK_HOUR_MS);
    return e && e->code == ERR_TOO_MANY && place ? NULL : e;
}

struct err *session_open_prepare(struct ctx *c)
{
    const char *email_key = text_email_key(c->arena, form_text(c, "email"));
    struct claim *claim = ARENA_NEW(c->arena, struct claim);
    struct doc *person = NULL;
    TRY(claim_limit(c, email_key));
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = ctx_maybe(c, &sql_account_find, PARAMS(P_TEXT("email_key", email_key)), &person);
    db_rollback(c->db);
    TRY(e);
    const char *hash = doc_text_of(person, "password_hash");
    claim->is_right = secret_password_check(*hash ? hash : NULL, form_text(c, "password"));
    claim->person_id = doc_int_of(person, "id");
    c->own = claim;
    return NULL;
}

/* Where to go from here: the portal whose page this is, or the list of spaces where it is closed to this person;
   elsewhere the page that was asked for, the first space, or the account. */
static struct err *sign_in_lead(struct ctx *c)
{
    const char *portal = path_text(c, "portal"), *back = form_text(c, "back");
    struct doc *spaces = NULL;
    TRY(spaces_of(c, c->who.person_id, &spaces));
    bool has_back = back_is_fine(back);
    const char *home = *portal ? arena_printf(c->arena, "/p/%s", portal) : "";
    if (*portal && !space_at(spaces, home))
        reply_see(c, NULL, "/account/spaces");
    else if (has_back)
        reply_see(c, NULL, "%s", back);
    else if (*portal)
        reply_see(c, NULL, "%s", home);
    else
        reply_see(c, NULL, "%s", doc_count(spaces) ? doc_text_of(doc_at(spaces, 0), "href") : "/account");
    return NULL;
}

struct err *session_open(struct ctx *c)
{
    const struct claim *claim = c->own;
    if (!claim->is_right)
        return form_error(c, "password", N_("L’adresse e-mail ou le mot de passe n’est pas le bon. Vérifiez les deux, ou demandez un nouveau mot de passe."));
    TRY(person_enter(c, claim->person_id));
    return sign_in_lead(c);
}

/* ---- Out ---- */

/* Back to a door this person knows: that of the first space. */
struct err *sign_out(struct ctx *c)
{
    struct doc *spaces = NULL;
    TRY(spaces_of(c, c->who.person_id, &spaces));
    journal_object(c, "person", c->who.person_id);
    TRY(session_end(c, c->who.session_id));
    const struct doc *first = doc_count(spaces) ? doc_at(spaces, 0) : NULL;
    bool is_portal = first && !doc_bool_of(first, "is_member");
    reply_see(c, "signed_out", "%s/sign-in", is_portal ? doc_text_of(first, "href") : "");
    return NULL;
}
