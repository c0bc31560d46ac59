#include "features/demo/world.h"
#include <assert.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/client/client.h"
#include "features/queries.h"

enum { ROWS_A_COMMIT = 10000, STEP_BYTES = 256 << 20, SPREAD_BITS = 22 };
#define KEEP_BYTES ((size_t)1 << 30)
#define ID_EPOCH_MS INT64_C(1735689600000)   /* 2025-01-01, as in base/id.c */

/* Summer time of the European Union: from the last Sunday of March to that of October, 01:00 UTC. */
static int64_t last_sunday_ms(int year, int month)
{
    int64_t day = clock_day(year, month, 31);
    return (day - (day + 4) % 7) * CLOCK_DAY_MS + CLOCK_HOUR_MS;   /* day 0 was a Thursday */
}

static int64_t paris_offset_ms(int64_t utc_ms)
{
    int year, month, day;
    clock_civil(utc_ms / CLOCK_DAY_MS, &year, &month, &day);
    bool is_summer = utc_ms >= last_sunday_ms(year, 3) && utc_ms < last_sunday_ms(year, 10);
    return (is_summer ? 2 : 1) * CLOCK_HOUR_MS;
}

int64_t fill_time(const struct world *w, int days_ago, int minutes)
{
    int64_t local = (w->last_day - days_ago) * CLOCK_DAY_MS + minutes * CLOCK_MINUTE_MS;
    return local - paris_offset_ms(local - 2 * CLOCK_HOUR_MS);
}

int64_t fill_by_day(int64_t at_ms)
{
    int64_t offset_ms = paris_offset_ms(at_ms), local = at_ms + offset_ms;
    int64_t midnight = local / CLOCK_DAY_MS * CLOCK_DAY_MS, minutes = (local - midnight) / CLOCK_MINUTE_MS;
    if (minutes < 7 * 60 + 30)
        return midnight - offset_ms + (7 * 60 + 30 + minutes % 60) * CLOCK_MINUTE_MS;
    if (minutes > 19 * 60)
        return midnight - offset_ms + CLOCK_DAY_MS + (8 * 60 + minutes % 90) * CLOCK_MINUTE_MS;
    return at_ms;
}

/* id_new never steps back; here the past is made, so time goes in front and a count behind. What happened before the ids' own
   first day is told within its first minutes, in its order. */
int64_t fill_id(struct world *w, int64_t at_ms)
{
    int64_t ms = at_ms > ID_EPOCH_MS ? at_ms - ID_EPOCH_MS : 1 + (at_ms > 0 ? at_ms / CLOCK_HOUR_MS : 0);
    return ms << SPREAD_BITS | (++w->id_count & ((INT64_C(1) << SPREAD_BITS) - 1));
}

int fill_draw(struct world *w, int below)
{
    assert(below > 0);
    uint64_t z = w->random += UINT64_C(0x9e3779b97f4a7c15);   /* SplitMix64 */
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (int)((z ^ z >> 31) % (unsigned)below);
}

static int list_count(const char *const *list)
{
    int count = 0;
    while (list[count])
        count++;
    return count;
}

const char *fill_pick(struct world *w, const char *const *list)
{
    return list[fill_draw(w, list_count(list))];
}

void fill_go(struct world *w, const struct world_org *o, int64_t at_ms)
{
    w->at.who.org_id = o->id;
    w->at.who.person_id = o->member_count ? o->members[0].person_id : 0;   /* the administrator agrees to what is granted */
    w->at.now_ms = at_ms;
}

struct err *fill_step(struct world *w)
{
    if (w->rows < ROWS_A_COMMIT)
        return NULL;
    w->rows = 0;
    TRY(db_commit(w->at.db, w->at.arena));
    arena_reset(&w->step);
    return db_begin(w->at.db, w->at.arena, DB_WRITE);
}

struct world_org *fill_org(struct world *w, const char *slug)
{
    for (struct world_org *o = w->orgs; o->seed; o++)
        if (text_same(o->seed->slug, slug))
            return o;
    assert(0 && "an organization of the world");
    return NULL;
}

struct world_member *fill_member(struct world_org *o, const char *first_name)
{
    for (int i = 0; i < o->member_count; i++)
        if (text_same(o->seed->members[i].first_name, first_name))
            return &o->members[i];
    assert(0 && "a member of the organization");
    return NULL;
}

const char *fill_siren(struct arena *a, const char *eight_digits)
{
    int sum = 0;
    for (int i = 0; i < 8; i++) {
        int digit = eight_digits[i] - '0';
        int twice = digit * 2;
        sum += i % 2 ? (twice > 9 ? twice - 9 : twice) : digit;   /* of nine digits the second, fourth … count twice */
    }
    return arena_printf(a, "%s%d", eight_digits, (10 - sum % 10) % 10);
}

const char *fill_slug(struct arena *a, const char *name)
{
    char *slug = text_name_key(a, name);
    for (char *ch = slug; *ch; ch++)
        if (*ch == ' ')
            *ch = '-';
    return slug;
}

struct err *fill_words(struct world *w, const char *kind, int64_t id, const char *text)
{
    const char *texts[] = { text, NULL };
    w->rows++;
    return word_put(&w->at, kind, id, texts);
}

struct err *fill_person(struct world *w, const char *first_name, const char *last_name, const char *email, bool has_password, int64_t *ret_id)
{
    int64_t id = fill_id(w, w->at.now_ms);
    TRY(ctx_run(&w->at, &sql_demo_person_insert, PARAMS(P_INT("id", id), P_TEXT("email", email),
        P_TEXT("email_key", text_email_key(w->at.arena, email)), P_TEXT("first_name", first_name), P_TEXT("last_name", last_name),
        P_TEXT("password_hash", has_password ? w->password_hash : NULL), P_ID("password_at", has_password ? w->at.now_ms : 0))));
    w->rows++;
    *ret_id = id;
    return NULL;
}

/* One entry in each organization's journal, so that each has a first page. */
static struct err *fill_journal(struct world *w)
{
    for (struct world_org *o = w->orgs; o->seed; o++) {
        fill_go(w, o, w->outer->now_ms);
        w->at.journal = (struct journal_draft){ .action = "demo_fill", .is_wanted = true };
        journal_object(&w->at, "organization", o->id);
        TRY(journal_write(&w->at));
    }
    return NULL;
}

static struct err *fill_make(struct world *w)
{
    TRY(secret_password_hash(&w->keep, DEMO_PASSWORD, &w->password_hash));
    TRY(db_begin(w->at.db, w->at.arena, DB_WRITE));
    TRY(fill_make_orgs(w));
    TRY(fill_make_dossiers(w));
    TRY(fill_make_clients(w));
    TRY(fill_make_tickets(w));
    TRY(fill_make_desks(w));
    TRY(fill_make_documents(w));
    TRY(fill_make_asks(w));
    TRY(fill_make_sites(w));
    TRY(fill_make_jobs(w));
    TRY(fill_make_links(w));
    TRY(fill_make_scale(w));
    TRY(fill_journal(w));
    return db_commit(w->at.db, w->at.arena);
}

/* The world ends at 14:05 in Paris, today where that has passed, so that what people say of the hour is right. */
static void fill_begin(struct world *w, struct ctx *c, int scale)
{
    *w = (struct world){ .outer = c, .at = *c, .random = 20261119, .scale = scale > 1 ? scale : 1 };
    arena_init(&w->step, STEP_BYTES);
    arena_init(&w->keep, KEEP_BYTES);
    w->at.arena = &w->step;
    w->at.who = (struct authority){ 0 };
    w->last_day = (c->now_ms + paris_offset_ms(c->now_ms)) / CLOCK_DAY_MS;
    if (fill_time(w, 0, 14 * 60 + 5) > c->now_ms)
        w->last_day--;
    w->end_ms = fill_time(w, 0, 14 * 60 + 5);
}

struct err *demo_fill(struct ctx *c, int scale)
{
    struct world w;
    fill_begin(&w, c, scale);
    struct err *e = fill_make(&w);
    if (e) {
        db_rollback(c->db);
        e = err_new(c->arena, e->code, arena_text(c->arena, e->where), "%s", e->detail);
    }
    arena_free(&w.step);
    arena_free(&w.keep);
    return e;
}
