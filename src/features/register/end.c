/* The job that ends mandates and warns of their end (M-5), for all kinds. Each run takes bounded stretches, oldest first, and writes the ends,
   their entries, their mails and how far it came in one transaction: killed in the middle, it did nothing; run twice, it finds nothing more. */
#include "features/register/tell.h"
#include "mandate/access.h"
#include "mandate/journal.h"

/* From here on the server acts in one organization's space, on one mandate. */
static void enter(struct ctx *c, const struct doc *row)
{
    c->who = authority_nobody(doc_int_of(row, "org_id"));
}

static struct err *entry(struct ctx *c, const char *action, const char *reason, int64_t mandate_id)
{
    return journal_write_at(c, c->who.org_id, &(struct journal_draft){ .action = action, .reason = reason, .object_kind = "mandate", .object_id = mandate_id, .is_wanted = true });
}

static struct err *end_one(struct ctx *c, const struct doc *row, const char *action, const char *why)
{
    int64_t id = doc_int_of(row, "id");
    enter(c, row);
    TRY(mandate_end(c, id, doc_int_of(row, "holder_person_id"), why));
    TRY(tell_ended(c, id, why));
    return entry(c, action, why, id);
}

static struct err *end_dated(struct ctx *c)
{
    struct doc *due = NULL;
    TRY(mandates_due(c, &due));
    for (size_t i = 0; i < doc_count(due); i++)
        TRY(end_one(c, doc_at(due, i), "mandate_expiry", "date"));
    return NULL;
}

static struct err *end_requests(struct ctx *c)
{
    struct doc *silent = NULL;
    TRY(mandates_unanswered(c, &silent));
    for (size_t i = 0; i < doc_count(silent); i++) {
        int64_t id = doc_int_of(doc_at(silent, i), "id");
        enter(c, doc_at(silent, i));
        TRY(mandate_expire(c, id));
        TRY(tell_unanswered(c, id));
        TRY(entry(c, "mandate_unanswered", "unanswered", id));
    }
    return NULL;
}

static struct err *end_groundless(struct ctx *c)
{
    for (int kind = 0; kind < MANDATE_KINDS; kind++) {
        struct doc *lost = NULL;
        TRY(mandates_groundless(c, (enum mandate_kind)kind, &lost));
        for (size_t i = 0; i < doc_count(lost); i++)
            TRY(end_one(c, doc_at(lost, i), "mandate_groundless", doc_text_of(doc_at(lost, i), "why")));
    }
    return NULL;
}

static struct err *warn(struct ctx *c)
{
    static const int days[] = { 30, 7, 1, 0 };
    for (int n = 0; days[n]; n++) {
        struct doc *ending = NULL;
        TRY(mandates_ending(c, days[n], days[n + 1], &ending));
        for (size_t i = 0; i < doc_count(ending); i++) {
            const struct doc *row = doc_at(ending, i);
            bool is_new = false;
            enter(c, row);
            TRY(mandate_warn(c, doc_int_of(row, "id"), days[n], doc_int_of(row, "ends_at"), &is_new));
            if (is_new)
                TRY(tell_ending(c, doc_int_of(row, "id"), days[n]));
        }
    }
    return NULL;
}

struct err *mandate_expiry(struct ctx *c, const struct doc *data)
{
    (void)data;
    struct authority nobody = c->who;
    struct err *e = end_dated(c);
    e = e ? e : end_requests(c);
    e = e ? e : end_groundless(c);
    e = e ? e : warn(c);
    c->who = nobody;
    return e;
}
