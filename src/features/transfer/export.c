/* Lists written into a file by a job, stretch by stretch: each stretch is a transaction of its own, continues behind the last row by
   comparing rows, and begins where the file was when the last one committed. The finished file is kept under its hash for a week. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/client/client.h"
#include "features/job/job.h"
#include "features/queries.h"
#include "features/ticket/ticket.h"
#include "features/transfer/export_row.h"
#include "features/transfer/page.h"
#include "mandate/queries.h"
#include "tpl/tpl.h"
#include "web/app.h"
#include "web/file.h"
#include "work/work.h"

enum { STRETCH = 2000, STRETCH_BYTES = 48 * 1024 * 1024, PERIOD_DAYS_MOST = 366 };

static const struct choice export_kinds[] = { { "clients", N_("Clients") }, { "contacts", N_("Contacts") }, { "tickets", N_("Tickets") },
    { "mandates", N_("Accès & mandats") }, { "sites", N_("Sites") }, { "equipment", N_("Équipements") },
    { "jobs", N_("Interventions") }, { 0 } };

/* The filters are those of the lists' pages, carried along. */
const struct field export_form[] = {
    { "kind", FIELD_CHOICE, N_("Liste"), REQUIRED, .choices = export_kinds },
    { "search", FIELD_HIDDEN, N_("Recherche"), .max = 100 },
    { "status", FIELD_HIDDEN, N_("Statut"), .max = 20 },
    { "client", FIELD_HIDDEN, N_("Client"), .max = 20 },
    { "priority", FIELD_HIDDEN, N_("Priorité"), .max = 20 },
    { "assignee", FIELD_HIDDEN, N_("Responsable"), .max = 20 },
    { "orphans", FIELD_BOOL, N_("Sans client") },
    { "city", FIELD_HIDDEN, N_("Ville"), .max = 100 },
    { "site", FIELD_HIDDEN, N_("Site"), .max = 20 },
    { "state", FIELD_HIDDEN, N_("État"), .max = 20 },
    { "warranty", FIELD_HIDDEN, N_("Garantie"), .max = 20 },
    { "technician", FIELD_HIDDEN, N_("Technicien"), .max = 20 },
    { "type", FIELD_HIDDEN, N_("Type"), .max = 20 },
    { "urgent", FIELD_BOOL, N_("Urgentes") },
    { "late", FIELD_BOOL, N_("En retard") },
    { "from", FIELD_HIDDEN, N_("Du"), .max = 10 },
    { "to", FIELD_HIDDEN, N_("Au"), .max = 10 },
    { 0 },
};

/* ---- Asking for one, and taking it ---- */

/* Somebody of a partner sees what they asked for under the consent that stands, nothing of one before (S-11). */
static struct param since_of(const struct ctx *c) { return P_ANY("since", c->who.support_id, P_INT("since", c->who.granted_at)); }

/* Only those that the list has count: any other would leave out nothing, and the export be one of everything. */
static const struct list_filter { const char *kind, *name; enum field_kind field; bool is_day; } list_filters[] = {
    { "contacts", "client", FIELD_ID }, { "contacts", "orphans", FIELD_BOOL },
    { "tickets", "client", FIELD_ID }, { "tickets", "priority", FIELD_ID }, { "tickets", "assignee", FIELD_ID }, { "tickets", "status", FIELD_TEXT },
    { "sites", "client", FIELD_ID }, { "sites", "city", FIELD_TEXT },
    { "equipment", "client", FIELD_ID }, { "equipment", "site", FIELD_ID }, { "equipment", "state", FIELD_TEXT }, { "equipment", "warranty", FIELD_TEXT },
    { "jobs", "client", FIELD_ID }, { "jobs", "site", FIELD_ID }, { "jobs", "technician", FIELD_ID }, { "jobs", "type", FIELD_ID }, { "jobs", "state", FIELD_TEXT },
    { "jobs", "urgent", FIELD_BOOL }, { "jobs", "late", FIELD_BOOL }, { "jobs", "from", FIELD_TEXT, true }, { "jobs", "to", FIELD_TEXT, true },
};

static bool filter_read(struct ctx *c, const struct list_filter *f, struct doc *filters)
{
    const char *value = form_text(c, f->name);
    int64_t id = 0;
    bool is_given = f->field == FIELD_ID ? text_int(value, &id) : f->field == FIELD_BOOL ? form_bool(c, f->name) : f->is_day ? clock_day_read(value, &id) : *value;
    if (f->field == FIELD_ID)
        is_given &= id > 0;
    if (is_given && f->field == FIELD_BOOL)
        doc_set_bool(filters, f->name, true);
    else if (is_given)
        doc_set_text(filters, f->name, value);
    return is_given;
}

/* A stretch of days that leaves something out: from the year 1 on, or up to 9999, is everything. */
static bool is_period(const struct doc *filters)
{
    int64_t first = 0, last = 0;
    return clock_day_read(doc_text_of(filters, "from"), &first) && clock_day_read(doc_text_of(filters, "to"), &last) && last - first <= PERIOD_DAYS_MOST;
}

static bool filters_read(struct ctx *c, const char *kind, struct doc *filters)
{
    bool is_any = false;
    if (strcmp(kind, "mandates") == 0)                 /* the register is exported whole */
        return false;
    for (size_t i = 0; i < sizeof list_filters / sizeof *list_filters; i++)
        if (strcmp(list_filters[i].kind, kind) == 0)
            is_any |= filter_read(c, &list_filters[i], filters) && !list_filters[i].is_day;
    is_any |= is_period(filters);
    if (word_search(c, form_text(c, "search")).is_any) {
        doc_set_text(filters, "search", form_text(c, "search"));
        is_any = true;
    }
    return is_any;
}

struct err *export_list(struct ctx *c)
{
    bool sees_all = ctx_may(c, RIGHT_EXPORT_ALL), is_running = false;
    TRY(doc_rows(c, "exports", &sql_export_list, PARAMS(P_ANY("own", !sees_all, P_INT("own", c->who.person_id)), since_of(c))));
    const struct doc *exports = doc_get(c->doc, "exports");
    for (size_t i = 0; i < doc_count(exports); i++)
        is_running |= strcmp(doc_text_of(doc_at(exports, i), "state"), "writing") == 0;
    doc_set_bool(web_page(c), "can_export_all", sees_all);
    doc_set_bool(web_page(c), "can_see_tickets", ctx_may(c, RIGHT_TICKET_MANAGE));
    doc_set_bool(web_page(c), "can_see_jobs", ctx_may(c, RIGHT_JOB_READ));
    doc_set_bool(web_page(c), "can_see_mandates", ctx_may(c, RIGHT_MANDATE_READ));
    doc_set_bool(web_page(c), "is_running", is_running);
    form_show(c, export_form);
    if (is_running)
        reply_header(c, "Refresh", "2");
    return NULL;
}

/* Who may see the list itself. */
static bool may_see(const struct ctx *c, const char *kind)
{
    static const struct { const char *kind; enum right right; } rights[] = {
        { "tickets", RIGHT_TICKET_MANAGE }, { "mandates", RIGHT_MANDATE_READ }, { "sites", RIGHT_JOB_READ }, { "equipment", RIGHT_JOB_READ },
        { "jobs", RIGHT_JOB_READ },
    };
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
        if (strcmp(kind, rights[i].kind) == 0)
            return ctx_may(c, rights[i].right);
    return ctx_may(c, RIGHT_CLIENT_READ);
}

struct err *export_create(struct ctx *c)
{
    const char *kind = form_text(c, "kind");
    struct doc *filters = doc_map(c->arena), *data = doc_map(c->arena);
    struct buf json;
    bool is_all = !filters_read(c, kind, filters);
    if ((is_all && !ctx_may(c, RIGHT_EXPORT_ALL)) || !may_see(c, kind))
        return ERR(c->arena, ERR_FORBIDDEN, "may not export this list");
    int64_t id = ctx_id(c), ends_at = c->now_ms + FILES_LAST_DAYS * CLOCK_DAY_MS;
    buf_init(&json, c->arena, 4096);
    doc_json(filters, &json);
    TRY(ctx_run(c, &sql_export_add, PARAMS(P_INT("id", id), P_TEXT("kind", kind), P_TEXT("filters", buf_end(&json)), P_INT("is_all", is_all),
        P_TEXT("lang", c->lang), P_INT("ends_at", ends_at))));
    doc_set_int(data, "run", id);
    if (c->who.support_id)
        doc_set_int(data, "mandate", c->who.mandate_id);
    TRY(work_queue(c, c->who.org_id, "export_write", data, c->now_ms));
    TRY(work_queue(c, c->who.org_id, "export_end", data, ends_at));
    journal_object(c, "export", id);
    journal_text(c, "kind", kind);
    journal_text(c, "filters", buf_end(&json));
    reply_see(c, NULL, "%s/exports", web_space(c));
    return NULL;
}

struct err *export_file(struct ctx *c)
{
    struct doc *row = NULL;
    bool sees_all = ctx_may(c, RIGHT_EXPORT_ALL);
    TRY(ctx_row(c, &sql_export_done, PARAMS(P_INT("of_export", path_id(c, "export")), P_ANY("own", !sees_all, P_INT("own", c->who.person_id)), since_of(c)), &row));
    if (!may_see(c, doc_text_of(row, "kind")) || (doc_bool_of(row, "is_all") && !sees_all))     /* what one may now, not what one might then */
        return ERR(c->arena, ERR_FORBIDDEN, "may not see this list");
    char day[CLOCK_ISO_SIZE];
    clock_iso_write(day, doc_int_of(row, "created_at"));
    return reply_file(c, doc_text_of(row, "hash"), "text/csv", arena_printf(c->arena, "%s-%.10s.csv", doc_text_of(row, "kind"), day));
}

/* ---- A stretch ---- */

struct stretch {
    const char *kind;
    const struct export_list *list;
    const struct doc *export, *filters;
    struct doc *rows;
    const char *cursor_text;
    int64_t cursor_at, cursor_id;
    int64_t mandate_id;         /* of support: the export ends with it */
    bool is_walk;               /* jobs: the list is walked through, and a stretch may leave few rows, or none, before its end: */
    int64_t walked_id;          /* where it stopped; 0: that was all */
};

static struct param filter_of(const struct stretch *s, const char *filter, const char *name)
{
    int64_t id = 0;
    return text_int(doc_text_of(s->filters, filter), &id) ? P_INT(name, id) : P_ABSENT(name);
}

/* Where the stretch begins, by a text or by a number. */
static bool is_first(const struct stretch *s) { return !doc_int_of(s->export, "cursor_id"); }
static struct param after_text(const struct stretch *s) { return P_ANY("page_after", !is_first(s), P_TEXT("page_after", s->cursor_text)); }
static struct param after_id(const struct stretch *s) { return P_ANY("page_id", !is_first(s), P_INT("page_id", s->cursor_id)); }

static struct param filter_text_of(const struct stretch *s, const char *filter, const char *name)
{
    const char *value = doc_text_of(s->filters, filter);
    return P_ANY(name, *value, P_TEXT(name, value));
}

static struct err *sites_next(struct ctx *c, struct stretch *s, const struct word_search *words)
{
    const char *city = doc_text_of(s->filters, "city");
    return ctx_rows(c, words->is_any ? &sql_site_search : &sql_site_list, PARAMS(after_text(s), after_id(s), P_INT("page_limit", STRETCH), WORD_PARAMS(*words),
        filter_of(s, "client", "of_client"), P_ANY("at_city", *city, P_TEXT("at_city", text_name_key(c->arena, city)))), &s->rows);
}

/* The same three ways as on the page: found by words, out of warranty, all. */
static struct err *equipment_next(struct ctx *c, struct stretch *s, const struct word_search *words)
{
    struct param warranty = filter_text_of(s, "warranty", "warranty"), word3 = words->word3.kind == PARAM_ABSENT ? words->word2 : words->word3;
    bool is_by_warranty = !words->is_any && warranty.kind != PARAM_ABSENT;
    word3.name = "word3";
    return ctx_rows(c, words->is_any ? &sql_equipment_search : is_by_warranty ? &sql_equipment_by_warranty : &sql_equipment_list,
        PARAMS(is_by_warranty ? P_ANY("page_after", !is_first(s), P_INT("page_after", s->cursor_at)) : after_text(s), after_id(s), P_INT("page_limit", STRETCH),
            words->word, words->word_end, words->word2, word3, warranty, filter_of(s, "client", "of_client"), filter_of(s, "site", "of_site"),
            filter_text_of(s, "state", "in_state")), &s->rows);
}

/* The next rows of the list, by the same queries that its page asks. */
static struct err *rows_next(struct ctx *c, struct stretch *s)
{
    struct word_search words = word_search(c, doc_text_of(s->filters, "search"));
    const char *status = doc_text_of(s->filters, "status");
    bool is_tickets = strcmp(s->kind, "tickets") == 0, is_clients = strcmp(s->kind, "clients") == 0;
    struct param after = is_first(s) ? P_ABSENT("page_after") : is_tickets ? P_INT("page_after", s->cursor_at) : P_TEXT("page_after", s->cursor_text);
    if (strcmp(s->kind, "mandates") == 0)
        return ctx_rows(c, &sql_register_export, PARAMS(P_ANY("page_after", !is_first(s), P_INT("page_after", s->cursor_id)), P_INT("page_limit", STRETCH)), &s->rows);
    struct param id = after_id(s);
    const struct param *params = PARAMS(after, id, P_INT("page_limit", STRETCH), WORD_PARAMS(words), P_ANY("status", *status, P_TEXT("status", status)),
        filter_of(s, "client", "of_client"), filter_of(s, "priority", "priority"), filter_of(s, "assignee", "assignee"),
        P_ANY("orphans", doc_bool_of(s->filters, "orphans"), P_INT("orphans", 1)));
    if (is_tickets && words.is_any)
        return search_rows(c, &words, params, STRETCH, &s->rows);
    if (strcmp(s->kind, "jobs") == 0) {
        s->is_walk = true;
        return job_stretch(c, s->filters, s->cursor_id, &s->rows, &s->walked_id);
    }
    if (strcmp(s->kind, "sites") == 0)
        return sites_next(c, s, &words);
    if (strcmp(s->kind, "equipment") == 0)
        return equipment_next(c, s, &words);
    const struct query *q = is_tickets ? &sql_desk_list
        : is_clients ? (words.is_any ? &sql_client_search : &sql_client_list) : words.is_any ? &sql_contact_search : &sql_contact_list;
    return ctx_rows(c, q, params, &s->rows);
}

/* The whole row where the list shows a part of it. */
static struct err *row_whole(struct ctx *c, const struct stretch *s, const struct doc *row, struct doc **ret_row)
{
    int64_t id = doc_int_of(row, "id");
    if (strcmp(s->kind, "clients") == 0)
        return ctx_maybe(c, &sql_client_show, PARAMS(P_INT("of_client", id)), ret_row);
    if (strcmp(s->kind, "jobs") == 0)
        return ctx_maybe(c, &sql_job_show, PARAMS(P_INT("of_job", id)), ret_row);
    if (strcmp(s->kind, "sites") == 0)
        return ctx_maybe(c, &sql_site_show, PARAMS(P_INT("of_site", id)), ret_row);
    if (strcmp(s->kind, "equipment") == 0)
        return ctx_maybe(c, &sql_equipment_show, PARAMS(P_INT("of_equipment", id)), ret_row);
    return ctx_maybe(c, &sql_contact_show, PARAMS(P_INT("of_contact", id)), ret_row);
}

static struct err *stretch_text(struct ctx *c, struct stretch *s, struct buf *out)
{
    if (!doc_int_of(s->export, "byte_count")) {
        buf_text(out, "\xef\xbb\xbf");
        export_row_write(c, s->list, NULL, out);
    }
    for (size_t i = 0; i < doc_count(s->rows); i++) {
        struct doc *whole = doc_at_mut(s->rows, i);
        if (!s->list->is_whole)
            TRY(row_whole(c, s, doc_at(s->rows, i), &whole));
        if (whole)
            export_row_write(c, s->list, whole, out);
    }
    return out->is_full ? ERR(c->arena, ERR_TOO_LARGE, "a stretch of an export is over its ceiling") : NULL;
}

static const char *spool_path(struct ctx *c, int64_t id) { return arena_printf(c->arena, "%s/export-%lld.csv", c->app->drafts, (long long)id); }

/* The stretch goes behind what the last one left, whatever a lost one wrote there, and is on disk before the row says so. False: the file is not here
   (any more). */
static struct err *spool_write(struct ctx *c, const char *path, int64_t at, const struct buf *text, bool *ret_is_there)
{
    struct stat st;
    AUTO(fd) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fstat(fd, &st) != 0)
        return ERR(c->arena, ERR_BUSY, "%s: %s", path, strerror(errno));
    *ret_is_there = st.st_size >= at;
    if (!*ret_is_there)
        return NULL;
    if (ftruncate(fd, at) != 0 || pwrite(fd, text->data ? text->data : "", text->len, at) != (ssize_t)text->len || fsync(fd) != 0)
        return ERR(c->arena, ERR_BUSY, "%s: %s", path, strerror(errno));
    return NULL;
}

static struct err *export_finish(struct ctx *c, const char *path, int64_t id, int64_t bytes, int64_t rows)
{
    const char *hash = NULL;
    void *data = NULL;
    {
        AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
        data = fd < 0 ? MAP_FAILED : mmap(NULL, (size_t)bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    if (data == MAP_FAILED)
        return ERR(c->arena, ERR_BUSY, "%s: %s", path, strerror(errno));
    struct err *e = file_put(c, data, (size_t)bytes, "text/csv", &hash);
    munmap(data, (size_t)bytes);
    if (!e)
        e = ctx_run(c, &sql_export_finish, PARAMS(P_INT("id", id), P_TEXT("hash", hash), P_INT("byte_count", bytes), P_INT("row_done", rows)));
    if (!e)
        unlink(path);
    return e;
}

static bool is_last(const struct stretch *s) { return s->is_walk ? !s->walked_id : doc_count(s->rows) < STRETCH; }

static void cursor_move(struct stretch *s)
{
    if (s->is_walk) {
        s->cursor_id = s->walked_id;
        return;
    }
    const struct doc *last = doc_at(s->rows, doc_count(s->rows) - 1);
    s->cursor_text = doc_text_of(last, "name_key");
    s->cursor_at = doc_int_of(last, doc_get(last, "changed_at") ? "changed_at" : "warranty_on");
    s->cursor_id = doc_int_of(last, "id");
}

static struct err *stretch_go(struct ctx *c, struct stretch *s)
{
    struct buf text;
    struct doc *data = doc_map(c->arena);
    int64_t id = doc_int_of(s->export, "id"), at = doc_int_of(s->export, "byte_count"), rows = doc_int_of(s->export, "row_done");
    const char *path = spool_path(c, id);
    bool is_there = false;
    buf_init(&text, c->arena, STRETCH_BYTES);
    TRY(rows_next(c, s));
    TRY(stretch_text(c, s, &text));
    TRY(spool_write(c, path, at, &text, &is_there));
    at += (int64_t)text.len;
    rows += (int64_t)doc_count(s->rows);
    if (is_there && is_last(s))
        return export_finish(c, path, id, at, rows);
    if (is_there)
        cursor_move(s);
    else
        *s = (struct stretch){ .cursor_text = "", .mandate_id = s->mandate_id };    /* from the beginning */
    TRY(ctx_run(c, &sql_export_progress, PARAMS(P_INT("id", id), P_INT("byte_count", is_there ? at : 0), P_INT("row_done", is_there ? rows : 0),
        P_TEXT("cursor_text", s->cursor_text), P_INT("cursor_at", s->cursor_at), P_INT("cursor_id", s->cursor_id))));
    doc_set_int(data, "run", id);
    doc_set_int(data, "mandate", s->mandate_id);
    return work_queue(c, c->who.org_id, "export_write", data, c->now_ms);
}

struct err *export_write_run(struct ctx *c, const struct doc *data)
{
    struct doc *export = NULL, *filters = NULL;
    bool is_over = false;
    TRY(support_over(c, data, &is_over));
    if (is_over)
        return export_end_run(c, data);
    TRY(ctx_maybe(c, &sql_export_take, PARAMS(P_INT("id", doc_int_of(data, "run"))), &export));
    if (!export)
        return NULL;
    const char *json = doc_text_of(export, "filters"), *kind = doc_text_of(export, "kind");
    TRY(doc_read_json(c->arena, json, strlen(json), &filters));
    c->lang = doc_text_of(export, "lang");
    struct stretch s = { .kind = kind, .export = export, .filters = filters, .cursor_text = doc_text_of(export, "cursor_text"),
        .cursor_at = doc_int_of(export, "cursor_at"), .cursor_id = doc_int_of(export, "cursor_id"), .mandate_id = doc_int_of(data, "mandate") };
    s.list = export_list_of(kind);
    return stretch_go(c, &s);
}

/* After a week: the file goes, and the row with it. */
struct err *export_end_run(struct ctx *c, const struct doc *data)
{
    struct doc *export = NULL;
    TRY(ctx_maybe(c, &sql_export_remove, PARAMS(P_INT("id", doc_int_of(data, "run"))), &export));
    if (export)
        unlink(spool_path(c, doc_int_of(export, "id")));
    const char *hash = export ? doc_text_of(export, "hash") : "";
    return *hash ? file_let_go(c, hash) : NULL;     /* one that was never finished has no file yet */
}
