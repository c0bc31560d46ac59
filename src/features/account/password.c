/* Passwords: forgotten, set by a link from a mail, changed. Nothing here tells whether an address is known. */
#include <string.h>
#include <zxcvbn.h>
#include "base/text.h"
#include "features/account/account_inside.h"
#include "features/link/link.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "tpl/tpl.h"
#include "web/queries.h"
#include "work/work.h"

const struct field password_forgot_form[] = {
    { "email", FIELD_EMAIL, N_("Adresse e-mail"), REQUIRED, .max = 254, .autocomplete = "username" },
    { "portal", FIELD_HIDDEN, "", .max = 100 },
    { 0 },
};

#define NEW_PASSWORD { "password", FIELD_NEW_PASSWORD, N_("Nouveau mot de passe"), REQUIRED, .max = PASSWORD_MAX, .autocomplete = "new-password", \
    .hint = N_("Douze caractères au moins, difficiles à deviner : plusieurs mots sans lien entre eux font l’affaire.") }

const struct field password_set_form[] = { NEW_PASSWORD, { 0 } };

const struct field password_change_form[] = {
    { "current", FIELD_PASSWORD, N_("Mot de passe actuel"), REQUIRED, .max = PASSWORD_MAX, .autocomplete = "current-password" },
    NEW_PASSWORD,
    { 0 },
};

struct fresh { int64_t person_id, link_id; const char *hash; };   /* from prepare to handler: the new hash, and whose */

/* ---- Strength ---- */

enum { OWN_WORDS = 40 };

/* Score 3 of 4 of zxcvbn: 10^6 seconds at 10^4 guesses a second, half of them tried. */
static const double STRENGTH_BITS = 34.2;

/* The person's own words, which are the first that are tried. */
static void own_words(struct ctx *c, const struct doc *person, const char *ret_words[OWN_WORDS + 1])
{
    char *key = text_name_key(c->arena, arena_printf(c->arena, "%s %s %s mandat", doc_text_of(person, "email"), doc_text_of(person, "first_name"),
        doc_text_of(person, "last_name"))), *rest = NULL;
    size_t count = 0;
    for (char *word = strtok_r(key, " ", &rest); word && count < OWN_WORDS; word = strtok_r(NULL, " ", &rest))
        if (strlen(word) >= 3)
            ret_words[count++] = word;
    ret_words[count] = NULL;
}

struct err *password_check(struct ctx *c, const char *password, const struct doc *person)
{
    const char *words[OWN_WORDS + 1];
    if (text_chars(password) < PASSWORD_MIN)
        return form_error(c, "password", N_("Ce mot de passe est trop court : il en faut douze caractères au moins."));
    own_words(c, person, words);
    if (ZxcvbnMatch(password, words, NULL) < STRENGTH_BITS)
        return form_error(c, "password", N_("Ce mot de passe se devine trop facilement. Ajoutez un ou deux mots qui n’ont rien à voir avec vous."));
    return NULL;
}

/* ---- Forgotten ---- */

struct err *password_forgot(struct ctx *c)
{
    const char *portal = query_text(c, "portal");
    form_show(c, password_forgot_form);
    form_value(c, "portal", portal);
    portal = *portal ? portal : form_text(c, "portal");
    doc_set_text(web_page(c), "portal", portal);
    return *portal ? web_brand(c, 'p', portal) : NULL;
}

struct err *password_mail_prepare(struct ctx *c)
{
    TRY(limit_count(c, "password address", web_remote(c), 20, CLOCK_HOUR_MS));
    return limit_count(c, "password account", text_email_key(c->arena, form_text(c, "email")), 5, CLOCK_HOUR_MS);
}

/* Whose brand the message wears and where its link leads: the portal it was asked at, where the person belongs to it; else
   their first space; else nobody's. */
static struct err *mail_org(struct ctx *c, int64_t person_id, const char *portal, int64_t *ret_org_id)
{
    struct doc *spaces = NULL, *org = NULL;
    TRY(spaces_of(c, person_id, &spaces));
    const struct doc *space = *portal ? space_at(spaces, arena_printf(c->arena, "/p/%s", portal)) : NULL;
    if (!space && doc_count(spaces))
        space = doc_at(spaces, 0);
    if (space)
        TRY(ctx_maybe(c, &sql_organization_by_slug, PARAMS(P_TEXT("slug", doc_text_of(space, "slug"))), &org));
    *ret_org_id = doc_int_of(org, "id");
    return NULL;
}

/* Known or not: the same answer after the same work. Whose address it is a job finds out, behind the answer. */
struct err *password_mail(struct ctx *c)
{
    struct doc *org = NULL, *asked = doc_map(c->arena);
    const char *portal = form_text(c, "portal");
    if (*portal)
        TRY(ctx_maybe(c, &sql_organization_by_slug, PARAMS(P_TEXT("slug", portal)), &org));
    if (org && doc_bool_of(org, "is_portal_open"))
        reply_see(c, "password_mailed", "/p/%s/sign-in", doc_text_of(org, "slug"));
    else
        reply_see(c, "password_mailed", "/sign-in");
    journal_skip(c);   /* the job's entry, where there is somebody */
    doc_set_text(asked, "email_key", text_email_key(c->arena, form_text(c, "email")));
    doc_set_text(asked, "portal", portal);
    doc_set_text(asked, "from", web_remote(c));
    return work_queue(c, 0, "password_mail", asked, c->now_ms);
}

/* The job: a link for whoever has the address; nothing where nobody has. */
struct err *password_mail_send(struct ctx *c, const struct doc *asked)
{
    struct doc *person = NULL;
    int64_t org_id = 0, link_id = 0;
    TRY(ctx_maybe(c, &sql_account_find, PARAMS(P_TEXT("email_key", doc_text_of(asked, "email_key"))), &person));
    if (!person)
        return NULL;
    int64_t person_id = doc_int_of(person, "id");
    TRY(mail_org(c, person_id, doc_text_of(asked, "portal"), &org_id));
    TRY(mail_link_new(c, person_id, org_id, &link_id));
    const struct mail m = { .template = "mail_password", .to_email = doc_text_of(person, "email"), .lang = doc_text_of(person, "lang"), .org_id = org_id,
        .link_id = link_id, .to_name = arena_printf(c->arena, "%s %s", doc_text_of(person, "first_name"), doc_text_of(person, "last_name")) };
    TRY(mail_queue(c, &m, NULL));
    c->journal = (struct journal_draft){ .action = "password_mail", .object_kind = "person", .object_id = person_id, .is_wanted = true };
    journal_text(c, "from", doc_text_of(asked, "from"));
    struct err *e = journal_write(c);
    c->journal = (struct journal_draft){ 0 };
    return e;
}

/* ---- Set by a link ---- */

/* The link of this page, NULL where it has been used or has expired; one that no server of ours made does not exist. */
static struct err *link_find(struct ctx *c, struct doc **ret_link)
{
    int64_t link_id = 0;
    if (!mail_link_read(c, path_text(c, "word"), &link_id))
        return ERR(c->arena, ERR_NOT_FOUND, "no such link");
    return ctx_maybe(c, &sql_password_link, PARAMS(P_INT("link_id", link_id)), ret_link);
}

/* Opening it burns nothing: mail scanners open every link. */
struct err *password_link(struct ctx *c, const char *email_key, const char **ret_address)
{
    struct doc *person = NULL;
    int64_t link_id = 0;
    TRY(ctx_maybe(c, &sql_account_find, PARAMS(P_TEXT("email_key", email_key)), &person));
    if (!person)
        return ERR(c->arena, ERR_NOT_FOUND, "nobody has this address");
    TRY(mail_link_new(c, doc_int_of(person, "id"), 0, &link_id));
    *ret_address = mail_link_address(c, link_id);
    journal_object(c, "person", doc_int_of(person, "id"));
    return NULL;
}

struct err *password_set_show(struct ctx *c)
{
    struct doc *link = NULL;
    TRY(link_find(c, &link));
    doc_set_bool(c->doc, "is_open", link != NULL);
    doc_set_text(c->doc, "email", doc_text_of(link, "email"));
    doc_set_text(c->doc, "name", doc_text_of(link, "name"));
    doc_set_text(web_page(c), "word", path_text(c, "word"));
    form_show(c, password_set_form);
    return *doc_text_of(link, "slug") ? web_brand(c, doc_bool_of(link, "is_contact") ? 'p' : 'o', doc_text_of(link, "slug")) : NULL;
}

struct err *password_set_prepare(struct ctx *c)
{
    struct doc *link = NULL;
    struct fresh *fresh = ARENA_NEW(c->arena, struct fresh);
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = link_find(c, &link);
    db_rollback(c->db);
    TRY(e);
    if (!link)
        return form_error(c, "password", N_("Ce lien ne vaut plus."));
    TRY(password_check(c, form_text(c, "password"), link));
    fresh->person_id = doc_int_of(link, "person_id");
    fresh->link_id = doc_int_of(link, "id");
    c->own = fresh;
    return secret_password_hash(c->arena, form_text(c, "password"), &fresh->hash);
}

/* The portal for its contacts, the back office for others of the organization; else what /account says. */
static struct err *set_lead(struct ctx *c, const struct doc *link)
{
    struct doc *spaces = NULL;
    TRY(spaces_of(c, c->who.person_id, &spaces));
    const char *slug = doc_text_of(link, "slug");
    const struct doc *space = *slug ? space_at(spaces, arena_printf(c->arena, "/p/%s", slug)) : NULL;
    if (!space && *slug)
        space = space_at(spaces, arena_printf(c->arena, "/o/%s", slug));
    if (!space && *slug)
        space = space_at(spaces, arena_printf(c->arena, "/partner/%s/dossiers", slug));
    if (!space && doc_count(spaces))
        space = doc_at(spaces, 0);
    reply_see(c, "password_changed", "%s", space ? doc_text_of(space, "href") : "/account");
    return NULL;
}

struct err *password_put(struct ctx *c, int64_t person_id, const char *hash, int64_t but_session_id)
{
    TRY(ctx_run(c, &sql_password_put, PARAMS(P_INT("of_person", person_id), P_TEXT("password_hash", hash))));
    TRY(ctx_run_any(c, &sql_password_links_end, PARAMS(P_INT("of_person", person_id)), NULL));
    return session_end_all(c, person_id, but_session_id);
}

struct err *password_set(struct ctx *c)
{
    const struct fresh *fresh = c->own;
    struct doc *link = NULL;
    int64_t taken = 0;
    TRY(link_find(c, &link));
    TRY(ctx_run_any(c, &sql_password_link_take, PARAMS(P_INT("link_id", fresh->link_id)), &taken));
    if (!link || !taken)   /* somebody else was faster */
        return form_error(c, "password", N_("Ce lien ne vaut plus."));
    TRY(password_put(c, fresh->person_id, fresh->hash, 0));
    TRY(link_claim_person(c, fresh->person_id));     /* the mailbox is proved */
    TRY(person_enter(c, fresh->person_id));
    return set_lead(c, link);
}

/* ---- Changed ---- */

struct err *password_change_prepare(struct ctx *c)
{
    struct doc *person = NULL;
    struct fresh *fresh = ARENA_NEW(c->arena, struct fresh);
    TRY(limit_count(c, "password change", arena_printf(c->arena, "%lld", (long long)c->who.person_id), 10, 15 * CLOCK_MINUTE_MS));
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = ctx_row(c, &sql_account_secret, NULL, &person);
    db_rollback(c->db);
    TRY(e);
    const char *hash = doc_text_of(person, "password_hash");
    if (!secret_password_check(*hash ? hash : NULL, form_text(c, "current")))
        return form_error(c, "current", N_("Ce n’est pas votre mot de passe actuel."));
    TRY(password_check(c, form_text(c, "password"), person));
    fresh->person_id = c->who.person_id;
    c->own = fresh;
    return secret_password_hash(c->arena, form_text(c, "password"), &fresh->hash);
}

/* Whoever knew the old one is out everywhere else. */
struct err *password_change(struct ctx *c)
{
    const struct fresh *fresh = c->own;
    journal_object(c, "person", c->who.person_id);
    TRY(password_put(c, fresh->person_id, fresh->hash, c->who.session_id));
    reply_see(c, "password_changed", "/account");
    return NULL;
}
