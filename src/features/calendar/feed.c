/* What a calendar program gets: the jobs that the calendar's mandate shows now. Wrong, renewed, withdrawn, or its ground gone: the same 404.
   A reading writes nothing, so nothing is counted here; how often one address may ask is said in front (deploy/nginx). */
#include <string.h>
#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "features/calendar/entry.h"
#include "features/calendar/follow.h"
#include "features/calendar/inside.h"
#include "features/portal/portal.h"
#include "features/queries.h"
#include "mandate/mandate.h"
#include "tpl/tpl.h"

enum { PAST_DAYS = 100, AHEAD_MOST = 350, PAST_MOST = 150 };

static struct err *nothing(struct ctx *c) { return ERR(c->arena, ERR_NOT_FOUND, "no such calendar"); }

static struct err *calendar_of_word(struct ctx *c, struct doc **ret_calendar)
{
    const char *word = path_text(c, "word");
    int64_t id = follow_word_id(c, word);
    *ret_calendar = NULL;
    if (id)
        TRY(ctx_maybe(c, &sql_calendar_find, PARAMS(P_INT("of_calendar", id)), ret_calendar));
    return *ret_calendar && follow_word_fits(c, word, *ret_calendar) ? NULL : nothing(c);
}

/* From here on the context acts under the calendar's mandate; where that gives it no more, there is nothing. */
static struct err *mandate_enter(struct ctx *c, const struct doc *calendar)
{
    enum mandate_kind kind = mandate_kind_read(doc_text_of(calendar, "kind"));
    int64_t member_id = doc_int_of(calendar, "member_id"), client_id = doc_int_of(calendar, "client_id");
    enum right right = member_id ? RIGHT_JOB_WORK : RIGHT_JOB_READ;
    bool is_over = doc_bool_of(calendar, "has_moved") || doc_bool_of(calendar, "is_paused") || (kind == MANDATE_ACCESS && !doc_bool_of(calendar, "is_portal_open"))
        || (!member_id && !client_id);
    if (is_over || kind == MANDATE_KINDS || !(mandate_gives(kind, doc_text_of(calendar, "detail")) & RIGHT_BIT(right)))
        return nothing(c);
    c->who.org_id = doc_int_of(calendar, "org_id");
    c->who.client_id = client_id;
    c->who.site_id = doc_int_of(calendar, "site_id");
    c->who.member_id = member_id;
    c->who.mandate_id = doc_int_of(calendar, "mandate_id");
    c->who.kind = kind;
    c->lang = doc_text_of(calendar, "lang");
    return member_id ? NULL : portal_need(c, PORTAL_CALENDAR, NULL);
}

static struct err *jobs_read(struct ctx *c, struct doc **ret_ahead, struct doc **ret_past)
{
    const int64_t now_day = c->now_ms - c->now_ms % CLOCK_DAY_MS;
    const struct param site = P_ANY("in_site", c->who.site_id, P_INT("in_site", c->who.site_id)), member = P_INT("of_member", c->who.member_id), upto = P_INT("upto", now_day),
        since = P_INT("since", now_day - PAST_DAYS * CLOCK_DAY_MS);
    TRY(ctx_rows(c, c->who.member_id ? &sql_calendar_member_ahead : &sql_calendar_client_ahead,
        PARAMS(site, member, P_INT("since", now_day), P_INT("most", AHEAD_MOST)), ret_ahead));
    return ctx_rows(c, c->who.member_id ? &sql_calendar_member_past : &sql_calendar_client_past, PARAMS(site, member, since, upto, P_INT("most", PAST_MOST)), ret_past);
}

static struct err *events_add(struct ctx *c, struct doc *jobs, struct event *events, size_t *n)
{
    for (size_t i = 0; i < doc_count(jobs); i++) {
        struct doc *job = doc_at_mut(jobs, i);
        doc_set_bool(job, "has_portal", c->who.kind == MANDATE_ACCESS);
        TRY(entry_event(c, job, c->who.member_id ? ENTRY_TECHNICIAN : ENTRY_CLIENT, c->lang, &events[*n]));
        ++*n;
    }
    return NULL;
}

static struct err *feed_write(struct ctx *c, const struct doc *calendar, const char **ret_text)
{
    struct doc *ahead = NULL, *past = NULL;
    size_t n = 0;
    TRY(jobs_read(c, &ahead, &past));
    struct event *events = ARENA_ARRAY(c->arena, struct event, AHEAD_MOST + PAST_MOST);
    TRY(events_add(c, past, events, &n));
    TRY(events_add(c, ahead, events, &n));
    const char *name = arena_printf(c->arena, "%s · %s", tpl_text(c->tpl, c->lang, N_("Interventions")), doc_text_of(calendar, "org_name"));
    return event_write(c->arena, &(struct event_list){ "PUBLISH", name, events, n }, ret_text);
}

struct err *calendar_feed(struct ctx *c)
{
    struct doc *calendar = NULL;
    const char *text = NULL;
    unsigned char hash[SECRET_HASH];
    TRY(calendar_of_word(c, &calendar));
    TRY(mandate_enter(c, calendar));
    TRY(feed_write(c, calendar, &text));
    secret_sha256(hash, text, strlen(text));
    reply_header(c, "Cache-Control", "private, no-cache");
    if (reply_unchanged(c, text_hex(c->arena, hash, 16)))
        return NULL;
    reply_header(c, "Content-Disposition", "attachment; filename=\"interventions.ics\"");
    reply_bytes(c, "text/calendar; charset=utf-8", text, strlen(text));
    return NULL;
}
