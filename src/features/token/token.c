#include "features/token/token.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "mandate/token.h"
#include "tpl/tpl.h"
#include "tpl/zone.h"
#include "web/queries.h"

enum { NAME_MOST = 60, DAYS_FIRST = 90, DAYS_MOST = 365, SPACE_MOST = 110 };

/* One box for each right there is; the page shows those that the person has in the space. */
static const struct field token_form[] = {
    { "space", FIELD_HIDDEN, N_("Espace"), REQUIRED, .max = SPACE_MOST },
    { "name", FIELD_TEXT, N_("Nom du programme"), REQUIRED, .max = NAME_MOST, .hint = N_("Pour le reconnaître dans cette liste et dans le journal.") },
    { "ends_on", FIELD_TEXT, N_("Dernier jour"), REQUIRED, .max = 10, .hint = N_("Après ce jour, le jeton ne vaut plus. Un an au plus.") },
#define RIGHT(name_, word_, sentence_) { "may_" word_, FIELD_BOOL, sentence_ },
#include "mandate/rights.def"
#undef RIGHT
    { 0 },
};

/* ---- Rights ---- */

static const char *box_name(struct arena *a, enum right right) { return arena_printf(a, "may_%s", right_word(right)); }

/* Rights as rows { right, sentence }. To be in the space goes without saying. */
static struct doc *rights_rows(struct ctx *c, rights_set rights)
{
    struct doc *rows = doc_list(c->arena);
    for (int i = 0; i < RIGHTS; i++) {
        if (!(rights & RIGHT_BIT(i)) || i == RIGHT_SPACE_OPEN)
            continue;
        struct doc *row = doc_map(c->arena);
        doc_set_text(row, "right", right_word((enum right)i));
        doc_set_text(row, "sentence", web_text(c, right_sentence((enum right)i)));
        doc_push(rows, row);
    }
    return rows;
}

static rights_set rights_typed(struct ctx *c)
{
    rights_set rights = 0;
    for (int i = 0; i < RIGHTS; i++)
        if (form_bool(c, box_name(c->arena, (enum right)i)))
            rights |= RIGHT_BIT(i);
    return rights;
}

/* What was agreed to, as the page said it. */
static const char *rights_wording(struct ctx *c, rights_set rights)
{
    const struct doc *rows = rights_rows(c, rights);
    const char *wording = web_text(c, N_("Un programme fait ce que fait une personne, ou moins."));
    for (size_t i = 0; i < doc_count(rows); i++)
        wording = arena_printf(c->arena, "%s %s", wording, doc_text_of(doc_at(rows, i), "sentence"));
    return wording;
}

/* ---- Spaces ---- */

/* Fills who for a space "o/SLUG" or "p/SLUG" that is the person's; NULL where it is none. */
static struct err *space_enter(struct ctx *c, const char *space, struct doc **ret_org)
{
    bool is_portal = space[0] == 'p';
    struct doc *org = NULL;
    *ret_org = NULL;
    if ((space[0] != 'o' && !is_portal) || space[1] != '/')
        return NULL;
    TRY(ctx_maybe(c, &sql_organization_by_slug, PARAMS(P_TEXT("slug", space + 2)), &org));
    if (!org || (is_portal && !doc_bool_of(org, "is_portal_open")))
        return NULL;
    c->who.is_delegating = false;     /* what somebody lent for an hour is passed on to no program */
    TRY(authority_load(c, doc_int_of(org, "id"), is_portal, 0, RIGHT_SPACE_OPEN));
    if (c->who.org_id)
        *ret_org = org;
    return NULL;
}

/* The person's spaces, each once: rows { space, name, client_name, is_member }. */
static struct err *spaces_read(struct ctx *c, struct doc **ret_spaces)
{
    struct doc *rows = NULL, *spaces = doc_list(c->arena);
    const char *before = "";
    TRY(ctx_rows(c, &sql_spaces_of_person, NULL, &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        bool is_member = strcmp(doc_text_of(row, "kind"), "membership") == 0;
        const char *space = arena_printf(c->arena, "%c/%s", is_member ? 'o' : 'p', doc_text_of(row, "slug"));
        if (strcmp(space, before) == 0)
            continue;
        doc_set_text(row, "space", space);
        doc_set_bool(row, "is_member", is_member);
        doc_push(spaces, row);
        before = space;
    }
    *ret_spaces = spaces;
    return NULL;
}

/* ---- List ---- */

static struct err *token_index(struct ctx *c)
{
    struct doc *rows = NULL;
    TRY(token_list(c, &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        doc_set(row, "rights", rights_rows(c, token_rights_read(doc_text_of(row, "rights"))));
    }
    doc_set(c->doc, "tokens", rows);
    return NULL;
}

/* ---- New ---- */

static int64_t zone_today(const struct ctx *c, const struct zone *zone) { return (c->now_ms + zone_offset_ms(zone, c->now_ms)) / CLOCK_DAY_MS; }

static const char *day_text(struct arena *a, int64_t day)
{
    int year = 0, month = 0, date = 0;
    clock_civil(day, &year, &month, &date);
    return arena_printf(a, "%04d-%02d-%02d", year, month, date);
}

/* The form for one space: its name, the boxes, and between which days the last one lies. */
static void token_new_show(struct ctx *c, const struct doc *org, rights_set rights, const char *space)
{
    struct doc *page = web_page(c), *boxes = rights_rows(c, rights & TOKEN_RIGHTS);
    int64_t today = zone_today(c, zone_get(doc_text_of(org, "zone")));
    form_show(c, token_form);
    form_value(c, "space", space);
    form_value(c, "ends_on", day_text(c->arena, today + DAYS_FIRST));
    for (size_t i = 0; i < doc_count(boxes); i++) {
        struct doc *box = doc_at_mut(boxes, i);
        const char *name = arena_printf(c->arena, "may_%s", doc_text_of(box, "right"));
        doc_set_text(box, "name", name);
        doc_set_bool(box, "is_checked", doc_bool_of(doc_get(doc_get(page, "form"), name), "is_checked"));
    }
    doc_set(page, "boxes", boxes);
    doc_set_text(page, "org_name", doc_text_of(org, "name"));
    doc_set_bool(page, "is_member", space[0] == 'o');
    doc_set_text(page, "first_on", day_text(c->arena, today));
    doc_set_text(page, "last_on", day_text(c->arena, today + DAYS_MOST));
}

static struct err *token_new(struct ctx *c)
{
    struct doc *spaces = NULL, *org = NULL;
    const char *typed = form_text(c, "space"), *space = *typed ? typed : query_text(c, "space");
    TRY(spaces_read(c, &spaces));
    if (!*space && doc_count(spaces) == 1)
        space = doc_text_of(doc_at(spaces, 0), "space");
    struct authority who = c->who;
    TRY(space_enter(c, space, &org));
    rights_set rights = c->who.rights;
    c->who = who;     /* the page itself stands outside of every space */
    doc_set(c->doc, "spaces", spaces);
    doc_set_bool(web_page(c), "is_chosen", org != NULL);
    if (org)
        token_new_show(c, org, rights, space);
    else
        form_show(c, token_form);
    return NULL;
}

/* ---- Create ---- */

/* The last day, and the end of it where the organization is. */
static struct err *ends_read(struct ctx *c, const struct doc *org, struct token_wish *wish)
{
    const struct zone *zone = zone_get(doc_text_of(org, "zone"));
    int64_t today = zone_today(c, zone);
    if (!clock_day_read(form_text(c, "ends_on"), &wish->ends_on))
        return form_error(c, "ends_on", N_("Indiquez un jour, comme 2027-03-31."));
    if (wish->ends_on < today || wish->ends_on > today + DAYS_MOST)
        return form_error(c, "ends_on", N_("Choisissez un jour entre aujourd’hui et dans un an."));
    int64_t end = (wish->ends_on + 1) * CLOCK_DAY_MS;
    wish->ends_at = end - zone_offset_ms(zone, end) - 1;
    return NULL;
}

/* No space of theirs. One that somebody lent for an hour: on record there that a token was tried for (S-7). */
static struct err *space_refuse(struct ctx *c)
{
    static const char message[] = N_("Choisissez un espace de la liste.");
    const char *space = form_text(c, "space");
    struct doc *org = NULL;
    if (text_starts(space, "o/"))
        TRY(ctx_maybe(c, &sql_organization_by_slug, PARAMS(P_TEXT("slug", space + 2)), &org));
    c->who.is_delegating = c->who.session_id != 0;
    if (org)
        TRY(authority_load(c, doc_int_of(org, "id"), false, 0, RIGHT_TOKEN_MANAGE));
    return form_forbidden(c, "space", message);
}

/* To the person: what a program may do in their name from now on, the receipt, and what to do if it was somebody else (M-6). */
static struct err *token_mail(struct ctx *c, const struct token_wish *wish, int64_t id)
{
    struct doc *data = doc_map(c->arena);
    doc_set_text(data, "token_name", wish->name);
    doc_set_int(data, "ends_on", wish->ends_on);
    doc_set_int(data, "mandate_id", id);
    doc_set(data, "rights", rights_rows(c, wish->rights & ~RIGHT_BIT(RIGHT_SPACE_OPEN)));
    return mail_queue(c, &(struct mail){ .template = "mail_token_created", .to_email = c->who.person_email, .to_name = c->who.person_name, .lang = c->lang,
        .org_id = c->who.org_id }, data);
}

static struct err *token_create(struct ctx *c)
{
    struct token_wish wish = { .name = form_text(c, "name") };
    struct doc *mine = NULL, *org = NULL, *token = doc_map(c->arena);
    const char *secret = "";
    int64_t id = 0;
    TRY(token_list(c, &mine));
    if (doc_count(mine) >= TOKENS_MOST)
        return form_error(c, "tokens", N_("Vous avez déjà vingt jetons : révoquez-en un d’abord."));
    TRY(space_enter(c, form_text(c, "space"), &org));
    if (!org)
        return space_refuse(c);
    TRY(authority_hold(c));      /* the access it rests on stays until this is done */
    TRY(ends_read(c, org, &wish));
    wish.rights = rights_typed(c) & c->who.rights & TOKEN_RIGHTS;
    if (!(wish.rights & ~RIGHT_BIT(RIGHT_SPACE_OPEN)))
        return form_error(c, "rights", N_("Choisissez au moins un droit."));
    wish.rights |= RIGHT_BIT(RIGHT_SPACE_OPEN);
    wish.wording = rights_wording(c, wish.rights);
    TRY(token_give(c, &wish, &secret, &id));
    TRY(token_mail(c, &wish, id));
    journal_object(c, "token", id);
    journal_text(c, "name", wish.name);
    journal_text(c, "rights", token_rights_words(c->arena, wish.rights));
    journal_text(c, "ends_on", form_text(c, "ends_on"));
    doc_set_int(token, "id", id);
    doc_set_text(token, "name", wish.name);
    doc_set_text(token, "secret", secret);
    doc_set_text(token, "ends_on", form_text(c, "ends_on"));
    doc_set_text(token, "address", arena_printf(c->arena, "%s/api/1/%s", web_address(c), form_text(c, "space")));
    doc_set(c->doc, "token", token);
    return NULL;
}

static struct err *token_end(struct ctx *c)
{
    int64_t id = path_id(c, "token"), org_id = 0;
    TRY(token_take(c, id, &org_id));
    c->who.org_id = org_id;      /* the entry lies with the organization whose space it opened */
    journal_object(c, "token", id);
    reply_see(c, "token_ended", "/account/tokens");
    return NULL;
}

static const struct route token_routes[] = {
    GET ("/account/tokens",            SELF, token_index),
    POST("/account/tokens",            SELF, token_create, .form = token_form, AGAIN(token_new)),
    GET ("/account/tokens/new",        SELF, token_new),
    POST("/account/tokens/:token/end", SELF, token_end),
    { 0 },
};

const struct feature token_feature = { .name = "token", .routes = token_routes };
