/* What was asked through a link belongs to the contact who later proves the address it was asked with (L-8). */
#include "base/text.h"
#include "features/link/inside.h"
#include "features/queries.h"
#include "mandate/journal.h"

struct err *link_claim(struct ctx *c, int64_t contact_id, const char *email)
{
    struct doc *jobs = NULL;
    const char *key = text_email_key(c->arena, email);
    int64_t claimed = 0, changed = 0;
    TRY(ctx_rows(c, &sql_link_unclaimed, PARAMS(P_INT("of_contact", contact_id)), &jobs));
    for (size_t i = 0; *key && i < doc_count(jobs); i++) {
        const struct doc *job = doc_at(jobs, i);
        if (!text_same(text_email_key(c->arena, doc_text_of(job, "contact_email")), key))
            continue;
        TRY(ctx_run_any(c, &sql_link_claim_job, PARAMS(P_INT("of_job", doc_int_of(job, "id")), P_INT("of_contact", contact_id)), &changed));
        claimed += changed;
    }
    if (!claimed)
        return NULL;
    return journal_write_at(c, c->who.org_id, &(struct journal_draft){ .action = "link_claimed", .object_kind = "contact", .object_id = contact_id, .is_wanted = true });
}

struct err *link_claim_person(struct ctx *c, int64_t person_id)
{
    struct doc *contacts = NULL;
    struct authority who = c->who;
    TRY(ctx_rows(c, &sql_link_claimants, PARAMS(P_INT("of_person", person_id)), &contacts));
    for (size_t i = 0; i < doc_count(contacts); i++) {
        const struct doc *row = doc_at(contacts, i);
        c->who = authority_nobody(doc_int_of(row, "org_id"));
        c->who.person_id = person_id;
        TRY(link_claim(c, doc_int_of(row, "id"), doc_text_of(row, "email")));
    }
    c->who = who;
    return NULL;
}
