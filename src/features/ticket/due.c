#include "features/ticket/due.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/queries.h"
#include "features/ticket/conversation.h"
#include "features/ticket/desk.h"
#include "tpl/tpl.h"
#include "tpl/zone.h"

const struct field desk_due_form[] = {
    { "due_on", FIELD_TEXT, N_("Échéance"), .max = 10 },
    { "due_time", FIELD_TEXT, N_("Heure"), .max = 5 },
    { 0 },
};

/* ---- What becomes of it ---- */

struct due due_after(struct due due, const char *before, const char *after, int64_t hours, int64_t now_ms)
{
    bool waits = strcmp(after, "waiting") == 0, is_new = !*before || strcmp(before, "resolved") == 0;
    if (strcmp(after, "resolved") == 0)
        return (struct due){ .from_ms = due.from_ms };
    if (is_new || !due.from_ms)
        due = (struct due){ .from_ms = now_ms };
    if (waits && !due.paused_ms)
        due.paused_ms = now_ms;
    if (!waits && due.paused_ms) {
        due.from_ms += now_ms - due.paused_ms;
        due.paused_ms = 0;
    }
    if (!due.is_by_hand)
        due.at_ms = waits || !hours ? 0 : due.from_ms + hours * CLOCK_HOUR_MS;
    return due;
}

struct due due_of(const struct doc *ticket)
{
    return (struct due){ doc_int_of(ticket, "due_at"), doc_int_of(ticket, "due_from_at"), doc_int_of(ticket, "due_paused_at"), doc_bool_of(ticket, "is_due_by_hand") };
}

/* ---- Days of the organization ---- */

static struct err *zone_of(struct ctx *c, const struct zone **ret_zone)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_desk_zone, NULL, &row));
    *ret_zone = zone_get(doc_text_of(row, "zone"));
    return NULL;
}

struct err *due_today(struct ctx *c, int64_t *ret_end_ms)
{
    const struct zone *zone = NULL;
    TRY(zone_of(c, &zone));
    *ret_end_ms = zone_moment_ms(zone, zone_day(zone, c->now_ms) + 1, 0);
    return NULL;
}

static const char *tone_of(int64_t due_at, int64_t now_ms, int64_t today_ms)
{
    return !due_at ? "" : due_at < now_ms ? "late" : due_at < today_ms ? "soon" : "later";
}

struct err *due_mark(struct ctx *c, struct doc *rows)
{
    int64_t today_ms = 0;
    TRY(due_today(c, &today_ms));
    for (size_t i = 0; i < doc_count(rows); i++)
        doc_set_text(doc_at_mut(rows, i), "due_tone", tone_of(doc_int_of(doc_at(rows, i), "due_at"), c->now_ms, today_ms));
    return NULL;
}

struct err *due_mark_one(struct ctx *c, struct doc *row)
{
    const struct zone *zone = NULL;
    int64_t today_ms = 0, due_at = doc_int_of(row, "due_at");
    TRY(due_today(c, &today_ms));
    TRY(zone_of(c, &zone));
    doc_set_text(row, "due_tone", tone_of(due_at, c->now_ms, today_ms));
    char iso[CLOCK_ISO_SIZE] = "";
    if (due_at)
        clock_iso_write(iso, due_at + zone_offset_ms(zone, due_at));
    doc_set_text(web_page(c), "due_on", arena_printf(c->arena, "%.10s", iso));
    doc_set_text(web_page(c), "due_time", due_at ? arena_printf(c->arena, "%.5s", iso + 11) : "18:00");
    return NULL;
}

/* ---- By hand ---- */

static bool time_read(const char *text, int64_t *ret_minutes)
{
    if (strlen(text) != 5 || text[2] != ':' || strspn(text, "0123456789") != 2 || strspn(text + 3, "0123456789") != 2)
        return false;
    int64_t hours = (text[0] - '0') * 10 + text[1] - '0', minutes = (text[3] - '0') * 10 + text[4] - '0';
    *ret_minutes = hours * 60 + minutes;
    return hours < 24 && minutes < 60;
}

/* 0: none was said. */
static struct err *hand_read(struct ctx *c, int64_t *ret_at_ms)
{
    const char *on = form_text(c, "due_on"), *at = form_text(c, "due_time");
    const struct zone *zone = NULL;
    int64_t day = 0, minutes = 18 * 60;
    *ret_at_ms = 0;
    if (!*on)
        return NULL;
    if (!clock_day_read(on, &day) || day < 0 || (*at && !time_read(at, &minutes)))
        return form_error(c, "page", N_("L’échéance n’est pas une date : écrivez-la comme 2026-11-30, l’heure comme 18:00."));
    TRY(zone_of(c, &zone));
    *ret_at_ms = zone_moment_ms(zone, day, minutes);
    return NULL;
}

/* The portal does not see due times: nothing that it shows is touched. */
struct err *desk_due(struct ctx *c)
{
    struct doc *ticket = NULL;
    int64_t at_ms = 0;
    TRY(hand_read(c, &at_ms));
    TRY(desk_take(c, &ticket));
    const char *status = doc_text_of(ticket, "status");
    if (at_ms && strcmp(status, "resolved") == 0)
        return form_error(c, "page", N_("Ce ticket est résolu : rouvrez-le d’abord, puis fixez son échéance."));
    struct due due = due_of(ticket);
    due.is_by_hand = at_ms != 0;
    due.at_ms = at_ms;
    due = due_after(due, status, status, doc_int_of(ticket, "due_hours"), c->now_ms);
    if (due.at_ms == doc_int_of(ticket, "due_at") && due.is_by_hand == doc_bool_of(ticket, "is_due_by_hand")) {
        journal_skip(c);
        return desk_done(c, ticket, NULL);
    }
    TRY(ctx_run(c, &sql_desk_due_put, PARAMS(P_INT("ticket", doc_int_of(ticket, "id")), DUE_PARAMS(due))));
    TRY(comment_add(c, &(struct comment_draft){ .ticket_id = doc_int_of(ticket, "id"), .kind = "due", .is_internal = true,
        .new_value = arena_printf(c->arena, "%lld", (long long)at_ms) }));
    journal_number(c, "due_at", at_ms);
    return desk_done(c, ticket, "desk_changed");
}
