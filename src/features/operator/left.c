/* What a partner had when it was withdrawn ends: dossiers with their supports and requests, and letters that nobody has answered. A job, a stretch
   at a time, until none is left. What began after the withdrawal, under a new approval, is not touched. */
#include "base/text.h"
#include "features/operator/operator_inside.h"
#include "features/queries.h"
#include "features/support/support.h"
#include "mail/mail.h"
#include "mandate/dossier.h"
#include "mandate/queries.h"
#include "mandate/support.h"
#include "work/work.h"

enum { LEFT_AT_ONCE = 25 };   /* as in the queries */

static const char why[] = "partner left";

/* Keys without _id: such a number would come back from JSON as text. */
static struct err *left_queue(struct ctx *c, const struct doc *data, int64_t after)
{
    struct doc *next = doc_map(c->arena);
    doc_set_int(next, "partner", doc_int_of(data, "partner"));
    doc_set_int(next, "operator", doc_int_of(data, "operator"));
    doc_set_int(next, "entry", doc_int_of(data, "entry"));
    doc_set_int(next, "before", doc_int_of(data, "before"));
    doc_set_int(next, "after", after);
    return work_queue(c, 0, "partner_left", next, c->now_ms);
}

struct err *partner_left_queue(struct ctx *c, int64_t partner_id, int64_t entry)
{
    struct doc *data = doc_map(c->arena);
    doc_set_int(data, "partner", partner_id);
    doc_set_int(data, "operator", c->who.org_id);
    doc_set_int(data, "entry", entry);
    doc_set_int(data, "before", c->now_ms);
    return left_queue(c, data, 0);
}

/* Which entry of the operator's log this follows from stands on each line. */
static struct err *left_entry(struct ctx *c, const struct doc *data, const char *object_kind, int64_t object_id, int64_t count)
{
    c->journal = (struct journal_draft){ .action = "partner_left", .object_kind = object_kind, .object_id = object_id, .is_wanted = true };
    journal_number(c, "log", doc_int_of(data, "operator"));
    journal_number(c, "entry", doc_int_of(data, "entry"));
    if (count)
        journal_number(c, "dossiers", count);
    struct err *e = journal_write(c);
    c->journal = (struct journal_draft){ 0 };
    return e;
}

/* ---- Told to both sides ---- */

static struct err *left_mail(struct ctx *c, const struct doc *row, const char *email, const char *name, const char *lang)
{
    struct doc *data = doc_map(c->arena);
    doc_set_text(data, "partner_name", doc_text_of(row, "partner_name"));
    doc_set_text(data, "org_name", doc_text_of(row, "name"));
    doc_set_bool(data, "has_request", doc_int_of(row, "request_id") != 0);
    doc_set_bool(data, "is_invitation", !doc_int_of(row, "mandate_id") || text_same(doc_text_of(row, "state"), "invited"));
    return mail_queue(c, &(struct mail){ .template = "mail_partner_left", .to_email = email, .to_name = name, .lang = lang, .org_id = c->who.org_id }, data);
}

/* The client: of an access as always (S-11), else that the dossier, or what was asked, is over. */
static struct err *client_tell(struct ctx *c, const struct doc *row)
{
    struct doc *people = NULL;
    int64_t org_id = doc_int_of(row, "id"), support_id = doc_int_of(row, "support_id");
    if (support_id)
        return support_tell_end(c, org_id, support_id, why);
    TRY(ctx_rows(c, &sql_support_administrators, PARAMS(P_INT("at_org", org_id)), &people));
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *person = doc_at(people, i);
        TRY(left_mail(c, row, doc_text_of(person, "email"), doc_text_of(person, "name"), doc_text_of(person, "lang")));
    }
    return NULL;
}

static struct doc *closed_lines(struct ctx *c, const struct doc *rows, const bool *is_closed)
{
    struct doc *lines = doc_list(c->arena);
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        if (!is_closed[i])
            continue;
        struct doc *line = doc_map(c->arena);
        doc_set_text(line, "name", doc_text_of(row, "name"));
        doc_set_text(line, "member_name", doc_int_of(row, "support_id") ? doc_text_of(row, "member_name") : "");
        doc_set_bool(line, "has_request", doc_int_of(row, "request_id") != 0);
        doc_push(lines, line);
    }
    return lines;
}

/* The partner's administrators: what exactly was closed in this stretch. */
static struct err *partner_tell(struct ctx *c, int64_t partner_id, const struct doc *rows, const bool *is_closed)
{
    struct doc *people = NULL;
    TRY(ctx_rows(c, &sql_support_administrators, PARAMS(P_INT("at_org", partner_id)), &people));
    for (size_t i = 0; i < doc_count(people); i++) {
        const struct doc *person = doc_at(people, i);
        struct doc *data = doc_map(c->arena);
        doc_set_text(data, "partner_name", doc_text_of(doc_at(rows, 0), "partner_name"));
        doc_set(data, "dossiers", closed_lines(c, rows, is_closed));
        TRY(mail_queue(c, &(struct mail){ .template = "mail_partner_closed", .to_email = doc_text_of(person, "email"), .to_name = doc_text_of(person, "name"),
            .lang = doc_text_of(person, "lang"), .org_id = partner_id }, data));
    }
    return NULL;
}

/* ---- Ended ---- */

/* A client that answered or left by itself meanwhile has ended it already: the partner's copy is set right, nobody is told twice. */
static struct err *dossier_close(struct ctx *c, const struct doc *data, const struct doc *row, bool *ret_is_closed)
{
    int64_t org_id = doc_int_of(row, "id"), mandate_id = doc_int_of(row, "mandate_id");
    c->who = authority_nobody(org_id);
    struct err *e = dossier_end(c, org_id, mandate_id, why);
    if (e && e->code == ERR_CONFLICT)     /* not agreed to yet */
        e = dossier_unask(c, org_id, mandate_id, why);
    *ret_is_closed = !e;
    if (e && e->code == ERR_CONFLICT)
        return dossier_sync(c, doc_int_of(data, "partner"), org_id);
    TRY(e);
    TRY(client_tell(c, row));
    return left_entry(c, data, "mandate", mandate_id, 0);
}

static struct err *dossiers_close(struct ctx *c, const struct doc *data, const struct doc *rows)
{
    bool is_closed[LEFT_AT_ONCE] = { 0 };
    int64_t partner_id = doc_int_of(data, "partner"), count = 0;
    for (size_t i = 0; i < doc_count(rows); i++) {
        TRY(dossier_close(c, data, doc_at(rows, i), &is_closed[i]));
        count += is_closed[i];
    }
    if (!count)
        return NULL;
    c->who = authority_nobody(partner_id);
    TRY(partner_tell(c, partner_id, rows, is_closed));
    return left_entry(c, data, "organization", partner_id, count);
}

static struct err *letters_close(struct ctx *c, const struct doc *data, size_t *ret_count)
{
    struct doc *rows = NULL;
    const struct param partner = P_INT("partner_id", doc_int_of(data, "partner"));
    c->who = authority_nobody(doc_int_of(data, "partner"));
    TRY(ctx_rows(c, &sql_partner_left_letters, PARAMS(partner, P_INT("before_at", doc_int_of(data, "before"))), &rows));
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        TRY(ctx_run_any(c, &sql_partner_left_letter, PARAMS(partner, P_INT("id", doc_int_of(row, "id"))), NULL));
        TRY(left_mail(c, row, doc_text_of(row, "email"), "", "fr"));
    }
    *ret_count = doc_count(rows);
    return NULL;
}

struct err *partner_left_run(struct ctx *c, const struct doc *data)
{
    struct doc *rows = NULL;
    size_t letters = 0;
    int64_t after = doc_int_of(data, "after");
    TRY(ctx_rows(c, &sql_partner_left_dossiers, PARAMS(P_INT("partner_id", doc_int_of(data, "partner")), P_INT("after", after),
        P_INT("before_at", doc_int_of(data, "before"))), &rows));
    TRY(dossiers_close(c, data, rows));
    if (doc_count(rows))
        after = doc_int_of(doc_at(rows, doc_count(rows) - 1), "id");
    if (doc_count(rows) < LEFT_AT_ONCE)
        TRY(letters_close(c, data, &letters));
    return doc_count(rows) == LEFT_AT_ONCE || letters == LEFT_AT_ONCE ? left_queue(c, data, after) : NULL;
}
