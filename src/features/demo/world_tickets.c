/* Tickets and what was said on them: nine months, most of them settled, the last weeks lively. */
#include "features/demo/world.h"
#include <assert.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/queries.h"
#include "features/ticket/ticket.h"
#include "web/file.h"

const int world_due_hours[PRIORITIES] = { 0, 96, 30, 6 };

enum { SPAN_DAYS = 270, LIVELY_HOURS = 24 * 24, BELLERIVE_EVERY = 7, BELLERIVE_MOST = 58 };

/* How many of the last tickets fall into the lively weeks. */
static int lively(int count) { return count * 21 / 100; }


/* ---- Writing one ---- */

static int64_t type_id(const struct world_org *o, const char *name)
{
    for (int i = 0; o->seed->types[i]; i++)
        if (strcmp(o->seed->types[i], name) == 0)
            return o->type_ids[i];
    assert(0 && "a type of the organization");
    return 0;
}

static int64_t priority_id(const struct world_org *o, char tone)
{
    return o->priority_ids[strchr("lnhu", tone) - "lnhu"];
}

static struct err *attach(struct world *w, int64_t ticket_id, int64_t comment_id, const char *name)
{
    struct world_file file;
    bool is_known = fill_file(w->at.arena, name, &file);
    assert(is_known);
    const char *hash = NULL;
    TRY(file_put(&w->at, file.data, file.len, file.type, &hash));
    w->rows++;
    return ctx_run(&w->at, &sql_demo_attachment_insert, PARAMS(P_INT("id", fill_id(w, w->at.now_ms)), P_INT("ticket_id", ticket_id),
        P_INT("comment_id", comment_id), P_TEXT("hash", hash), P_TEXT("name", name), P_TEXT("type", file.type), P_INT("size_bytes", file.len)));
}

static struct err *line_write(struct world *w, const struct world_org *o, int64_t ticket_id, const struct world_line *line)
{
    int64_t id = fill_id(w, line->at_ms);
    fill_go(w, o, line->at_ms);
    TRY(ctx_run(&w->at, &sql_demo_comment_insert, PARAMS(P_INT("id", id), P_INT("ticket_id", ticket_id), P_TEXT("kind", line->kind),
        P_INT("is_internal", line->is_internal), P_ID("contact_id", line->contact ? line->contact->id : 0),
        P_ID("member_id", line->member ? line->member->id : 0), P_TEXT("author_name", line->contact ? line->contact->name : line->member->name),
        P_TEXT("body", line->body ? line->body : ""), P_TEXT("old_value", line->old_value ? line->old_value : ""),
        P_TEXT("new_value", line->new_value ? line->new_value : ""), P_INT("said_at", line->at_ms))));
    w->rows++;
    for (size_t i = 0; i < 2 && line->files[i]; i++)
        TRY(attach(w, ticket_id, id, line->files[i]));
    return NULL;
}

/* As if every answer of the client had begun a new wait: the hours count from the last change. */
static struct due due_draw(const struct world_ticket *t, int64_t changed_at)
{
    int64_t hours = world_due_hours[strchr("lnhu", t->tone) - "lnhu"];
    return due_after((struct due){ 0 }, "", t->status, hours, changed_at);
}

struct err *fill_ticket_write(struct world *w, const struct world_org *o, const struct world_ticket *t)
{
    int64_t created_at = t->lines[0].at_ms, changed_at = created_at;
    int answers = 0;
    for (int i = 0; i < t->line_count; i++) {
        answers += !t->lines[i].is_internal && strcmp(t->lines[i].kind, "answer") == 0;
        changed_at = t->lines[i].at_ms > changed_at ? t->lines[i].at_ms : changed_at;
    }
    int64_t id = fill_id(w, created_at);
    struct due due = due_draw(t, changed_at);
    fill_go(w, o, created_at);
    TRY(ctx_run(&w->at, &sql_demo_ticket_insert, PARAMS(P_INT("id", id), P_INT("number", t->number), P_INT("client_id", t->client->id),
        P_INT("contact_id", t->contact->id), P_TEXT("title", t->title), P_INT("type_id", type_id(o, t->type)),
        P_INT("priority_id", priority_id(o, t->tone)), P_TEXT("status", t->status), P_ID("assignee_id", t->assignee ? t->assignee->id : 0),
        P_INT("comment_count", answers), P_INT("changed_at", changed_at), DUE_PARAMS(due))));
    w->rows++;
    TRY(fill_words(w, "ticket", id, arena_printf(w->at.arena, "%lld %s", (long long)t->number, t->title)));
    for (int i = 0; i < t->line_count; i++)
        TRY(line_write(w, o, id, &t->lines[i]));
    return fill_step(w);
}

/* ---- Making one up ---- */

/* When a ticket was opened, `back` tickets before the last one: the last weeks are dense, and people write by day. */
static int64_t opened_at(const struct world *w, int back, int count)
{
    int recent = lively(count);
    double hours = back < recent ? (double)back / recent * LIVELY_HOURS
        : LIVELY_HOURS + (double)(back - recent) / (count - recent) * (SPAN_DAYS * 24 - LIVELY_HOURS);
    int minutes = (int)(hours * 60) + 10 * 60;                 /* back from the midnight after the last day, which ends at 14 h */
    int days = minutes / (24 * 60), of_day = 24 * 60 - minutes % (24 * 60);
    return fill_time(w, days, 7 * 60 + of_day / 2);           /* 24 hours are told between 7:00 and 19:00 */
}

static struct world_line *line_add(struct world_ticket *t, const char *kind, int64_t at_ms)
{
    assert(t->line_count < LINES_MOST);
    struct world_line *line = &t->lines[t->line_count++];
    line->kind = kind;
    line->at_ms = at_ms;
    return line;
}

static const char *status_draw(struct world *w, int back, int count)
{
    int roll = fill_draw(w, 100);
    if (back < count / 50)
        return roll < 60 ? "new" : "open";
    if (back < lively(count))
        return roll < 40 ? "resolved" : roll < 70 ? "waiting" : roll < 97 ? "open" : "new";
    return roll < 93 ? "resolved" : roll < 97 ? "waiting" : "open";
}

/* A staff answer, its reply, the end: as far as the status says and the world has time. */
static void lines_draw(struct world *w, struct world_ticket *t, const struct script *s, int64_t at_ms)
{
    struct world_line *line = line_add(t, "opening", at_ms);
    line->contact = t->contact;
    line->body = s->opening;
    if (strcmp(t->status, "new") == 0)
        return;
    const struct { const char *kind, *body; bool is_staff, is_internal; int minutes; } steps[] = {
        { "assignee", NULL, true, false, 4 + fill_draw(w, 50) },
        { "note", s->note, true, true, 3 + fill_draw(w, 40) },
        { "answer", s->answer, true, false, 10 + fill_draw(w, 300) },
        { "answer", s->reply, false, false, 15 + fill_draw(w, 1200) },
        { "answer", s->closing, true, false, 60 + fill_draw(w, 2400) },
        { "status", NULL, true, false, 2 },
    };
    int most = strcmp(t->status, "waiting") == 0 ? 3 : strcmp(t->status, "open") == 0 ? 2 + 2 * fill_draw(w, 2) : 6;
    for (int i = 0; i < most; i++) {
        at_ms = fill_by_day(at_ms + steps[i].minutes * CLOCK_MINUTE_MS);
        if (at_ms > w->end_ms) {
            t->status = i == 0 ? "new" : i == 3 ? "waiting" : "open";
            t->assignee = i == 0 ? NULL : t->assignee;
            return;
        }
        if (strcmp(steps[i].kind, "note") == 0 && !steps[i].body)
            continue;
        line = line_add(t, steps[i].kind, at_ms);
        line->contact = steps[i].is_staff ? NULL : t->contact;
        line->member = steps[i].is_staff ? t->assignee : NULL;
        line->is_internal = steps[i].is_internal;
        line->body = steps[i].body;
        if (!steps[i].is_staff && strstr(steps[i].body, "photo"))
            line->files[0] = "joint-de-porte.png";
    }
}

/* What an event's line says: from what to what. */
static void events_fill(struct world_ticket *t)
{
    for (int i = 0; i < t->line_count; i++) {
        struct world_line *line = &t->lines[i];
        if (strcmp(line->kind, "assignee") == 0 && t->assignee)
            line->new_value = t->assignee->name;
        if (strcmp(line->kind, "status") == 0 && !line->new_value) {
            line->old_value = "open";
            line->new_value = "resolved";
        }
    }
}

static const struct world_member *assignee_draw(struct world *w, const struct world_org *o)
{
    const struct world_member *m;
    do
        m = &o->members[fill_draw(w, o->member_count)];
    while (strcmp(m->role, "technician") == 0 || strcmp(m->role, "accountant") == 0 || strcmp(m->role, "collaborator") == 0);   /* they have no desk */
    return m;
}

static void ticket_draw(struct world *w, const struct world_org *o, const struct world_client *client, int back, int count, struct world_ticket *t)
{
    int scripts = 0;
    while (o->seed->scripts[scripts].type)
        scripts++;
    const struct script *s = &o->seed->scripts[fill_draw(w, scripts)];
    t->type = s->type;
    t->tone = fill_draw(w, 5) ? s->tone : 'n';
    const char *title = s->title;
    char *place = s->things ? strstr(arena_text(w->at.arena, title), "%s") : NULL;
    if (place) {
        size_t before = strlen(title) - strlen(place);
        title = arena_printf(w->at.arena, "%.*s%s%s", (int)before, title, fill_pick(w, s->things), title + before + 2);
    }
    t->title = title;
    t->client = client;
    t->contact = &client->contacts[fill_draw(w, client->contact_count)];
    t->status = status_draw(w, back, count);
    t->assignee = strcmp(t->status, "new") == 0 ? NULL : assignee_draw(w, o);
    lines_draw(w, t, s, opened_at(w, back, count));
    events_fill(t);
}

/* ---- All of them ---- */

static struct err *make_ticket(struct world *w, struct world_org *o, const struct world_client *bellerive, int back, int count, int *bellerive_left)
{
    struct world_ticket t = { .number = o->seed->last_ticket - o->seed->tickets + count - back };
    if (bellerive && story_ticket(w, o, bellerive, o->seed->last_ticket - back, &t)) {
        events_fill(&t);
        return fill_ticket_write(w, o, &t);
    }
    const struct world_client *client = &o->clients[fill_draw(w, o->client_count)];
    if (bellerive && back % BELLERIVE_EVERY == 3 && *bellerive_left > 0) {
        client = bellerive;
        --*bellerive_left;
    }
    ticket_draw(w, o, client, back, count, &t);
    return fill_ticket_write(w, o, &t);
}

static const struct world_client *bellerive_of(const struct world_org *o)
{
    for (int i = 0; i < o->client_count; i++)
        if (strcmp(o->clients[i].name, "Hôtel Bellerive") == 0)
            return &o->clients[i];
    return NULL;
}

struct err *fill_make_tickets(struct world *w)
{
    for (struct world_org *o = w->orgs; o->seed; o++) {
        const struct world_client *bellerive = bellerive_of(o);
        int count = o->seed->tickets, bellerive_left = BELLERIVE_MOST;
        w->random = (uint64_t)o->seed->last_ticket << 20;
        for (int back = count - 1; back >= 0; back--)
            TRY(make_ticket(w, o, bellerive, back, count, &bellerive_left));
        fill_go(w, o, w->end_ms);
        TRY(ctx_run(&w->at, &sql_demo_ticket_counter_insert, PARAMS(P_INT("last", o->seed->last_ticket - o->seed->tickets + count))));
    }
    return NULL;
}
