/* Calendars to follow: made, shown, renewed, withdrawn by whoever holds the mandate they rest on (docs/decisions/0017). */
#include <string.h>
#include "base/secret.h"
#include "base/text.h"
#include "features/calendar/follow.h"
#include "features/calendar/inside.h"
#include "features/portal/portal.h"
#include "features/queries.h"
#include "tpl/tpl.h"

enum { WORD_MOST = 80, WORD_BYTES = 8 + SECRET_HASH };

static void number_write(unsigned char out[8], int64_t number)
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)((uint64_t)number >> (56 - 8 * i));
}

/* The generation is in the MAC: renewed, the address before is another calendar's, which there is not. */
static void word_mac(const struct ctx *c, int64_t id, int64_t generation, unsigned char ret_mac[SECRET_HASH])
{
    struct secret_key key;
    unsigned char data[16];
    secret_derive(&key, c->key, "calendar");
    number_write(data, id);
    number_write(data + 8, generation);
    secret_mac(ret_mac, &key, data, sizeof data);
}

const char *follow_address(struct ctx *c, const struct doc *calendar)
{
    unsigned char bytes[WORD_BYTES];
    int64_t id = doc_int_of(calendar, "id");
    number_write(bytes, id);
    word_mac(c, id, doc_int_of(calendar, "generation"), bytes + 8);
    return arena_printf(c->arena, "%s/cal/%s.ics", c->address, text_base64url(c->arena, bytes, sizeof bytes));
}

int64_t follow_word_id(struct ctx *c, const char *word)
{
    unsigned char *bytes = NULL;
    size_t len = strlen(word), read = 0;
    if (len > WORD_MOST || len < 5 || strcmp(word + len - 4, ".ics") != 0 || !text_base64url_read(c->arena, arena_copy(c->arena, word, len - 4), &bytes, &read) || read != WORD_BYTES)
        return 0;
    uint64_t id = 0;
    for (int i = 0; i < 8; i++)
        id = id << 8 | bytes[i];
    return id <= INT64_MAX ? (int64_t)id : 0;
}

bool follow_word_fits(struct ctx *c, const char *word, const struct doc *calendar)
{
    const char *address = follow_address(c, calendar), *own = strrchr(address, '/') + 1;
    return strlen(own) == strlen(word) && secret_same(own, word, strlen(own));
}

/* Whoever acts in their own name, on what they see themselves: nobody hands on what a support session, a token or a link to one job shows them. */
static bool is_offered(const struct ctx *c)
{
    const struct authority *who = &c->who;
    if (!who->mandate_id || who->support_id || who->job_id)
        return false;
    return who->kind == MANDATE_MEMBERSHIP ? who->member_id != 0 : (who->kind == MANDATE_ACCESS || who->kind == MANDATE_LINK) && who->client_id;
}

struct err *calendar_show(struct ctx *c, bool is_on)
{
    struct doc *calendar = NULL, *page = doc_map(c->arena);
    doc_set_bool(page, "is_offered", is_on && is_offered(c));
    doc_set_bool(page, "is_own", c->who.kind == MANDATE_MEMBERSHIP);
    if (is_on && is_offered(c))
        TRY(ctx_maybe(c, &sql_calendar_of, NULL, &calendar));
    const char *address = calendar ? follow_address(c, calendar) : "";
    doc_set_text(page, "address", address);
    doc_set_text(page, "webcal", calendar ? arena_printf(c->arena, "webcal%s", strstr(address, "://")) : "");
    doc_set_int(page, "created_at", calendar ? doc_int_of(calendar, "created_at") : 0);
    doc_set(web_page(c), "calendar", page);
    return NULL;
}

struct err *calendar_mine(struct ctx *c) { return calendar_show(c, true); }

/* Back to where the button was, at the card. */
static struct err *done(struct ctx *c, const struct doc *calendar, const char *notice)
{
    journal_object(c, "calendar", doc_int_of(calendar, "id"));
    reply_see(c, notice, "%s#calendar", c->who.member_id ? arena_printf(c->arena, "%s/calendar", web_space(c)) : web_back(c));
    return NULL;
}

struct err *calendar_make(struct ctx *c)
{
    struct doc *calendar = NULL;
    if (!is_offered(c))
        return ERR(c->arena, ERR_NOT_FOUND, "no calendar under this mandate");
    if (c->who.kind != MANDATE_MEMBERSHIP)
        TRY(portal_need(c, PORTAL_CALENDAR, NULL));
    TRY(ctx_maybe(c, &sql_calendar_of, NULL, &calendar));       /* the mandate's row is held: of two at once the second finds the first's */
    if (calendar) {
        journal_skip(c);
        return done(c, calendar, "calendar_made");
    }
    calendar = doc_map(c->arena);
    doc_set_int(calendar, "id", ctx_id(c));
    bool is_own = c->who.kind == MANDATE_MEMBERSHIP;
    TRY(ctx_run(c, &sql_calendar_add, PARAMS(P_INT("id", doc_int_of(calendar, "id")), P_ID("of_client", is_own ? 0 : c->who.client_id),
        P_ID("of_site", is_own ? 0 : c->who.site_id), P_ID("of_member", is_own ? c->who.member_id : 0))));
    return done(c, calendar, "calendar_made");
}

struct err *calendar_renew(struct ctx *c)
{
    struct doc *calendar = NULL;
    TRY(ctx_row(c, &sql_calendar_renew, NULL, &calendar));
    return done(c, calendar, "calendar_renewed");
}

struct err *calendar_end(struct ctx *c)
{
    struct doc *calendar = NULL;
    TRY(ctx_row(c, &sql_calendar_end, NULL, &calendar));
    return done(c, calendar, "calendar_ended");
}

static const struct field follow_form[] = { { "back", FIELD_HIDDEN, "", .max = 500 }, { 0 } };

static const struct route calendar_routes[] = {
    GET ("/cal/:word",                  PUBLIC,   calendar_feed, .is_raw = true),
    POST("/p/:portal/calendar",         JOB_READ, calendar_make, .form = follow_form),
    POST("/p/:portal/calendar/renew",   JOB_READ, calendar_renew, .form = follow_form),
    POST("/p/:portal/calendar/end",     JOB_READ, calendar_end, .form = follow_form),
    POST("/l/:link/calendar",           JOB_READ, calendar_make, .form = follow_form),
    POST("/l/:link/calendar/renew",     JOB_READ, calendar_renew, .form = follow_form),
    POST("/l/:link/calendar/end",       JOB_READ, calendar_end, .form = follow_form),
    GET ("/o/:org/calendar",            JOB_WORK, calendar_mine),
    POST("/o/:org/calendar",            JOB_WORK, calendar_make, .form = follow_form),
    POST("/o/:org/calendar/renew",      JOB_WORK, calendar_renew, .form = follow_form),
    POST("/o/:org/calendar/end",        JOB_WORK, calendar_end, .form = follow_form),
    GET ("/p/:portal/jobs/:job/wish",   JOB_READ, job_wish_new),
    POST("/p/:portal/jobs/:job/wish",   JOB_READ, job_wish_ask, .form = wish_form, AGAIN(job_wish_new)),
    GET ("/p/:portal/jobs/:job/rating", JOB_READ, job_rating_new),
    POST("/p/:portal/jobs/:job/rating", JOB_READ, job_rate, .form = rating_form, AGAIN(job_rating_new)),
    GET ("/l/:link/jobs/:job/wish",     JOB_READ, job_wish_new),
    POST("/l/:link/jobs/:job/wish",     JOB_READ, job_wish_ask, .form = wish_form, AGAIN(job_wish_new)),
    GET ("/l/:link/jobs/:job/rating",   JOB_READ, job_rating_new),
    POST("/l/:link/jobs/:job/rating",   JOB_READ, job_rate, .form = rating_form, AGAIN(job_rating_new)),
    GET ("/o/:org/jobs/:job/wish",      JOB_MANAGE, job_wish_show),
    POST("/o/:org/jobs/:job/wish",      JOB_MANAGE, job_wish_decline, .form = wish_answer_form, AGAIN(job_wish_show)),
    { 0 },
};

static const struct place calendar_places[] = { { 'o', RIGHT_JOB_WORK, "/calendar", N_("Mon calendrier"), .in_profile = true }, { 0 } };

const struct feature calendar_feature = { .name = "calendar", .routes = calendar_routes, .places = calendar_places };
