#include "mandate/why.h"
#include "mandate/access.h"
#include "mandate/queries.h"
#include "mandate/token.h"

/* Rights of one row; the row that gives `right` names the mandate. */
static void authority_add(struct authority *who, const struct doc *row, enum right right)
{
    enum mandate_kind kind = mandate_kind_read(doc_text_of(row, "kind"));
    rights_set given = mandate_gives(kind, doc_text_of(row, "detail")) & mandate_ground(doc_bool_of(row, "is_partner"), doc_bool_of(row, "is_operator"));
    bool names = (given & RIGHT_BIT(right)) && !(who->rights & RIGHT_BIT(right));
    if (names || !who->mandate_id) {
        who->mandate_id = doc_int_of(row, "id");
        who->kind = kind;
        who->granted_at = doc_int_of(row, "starts_at");
        who->granted_by = doc_text_of(row, "granted_by");
    }
    who->rights |= given;
}

/* As which contact: the one asked for, else the first. */
static int64_t authority_contact(const struct doc *rows, int64_t contact_id)
{
    for (size_t i = 0; contact_id && i < doc_count(rows); i++)
        if (doc_int_of(doc_at(rows, i), "holder_contact_id") == contact_id)
            return contact_id;
    return doc_count(rows) ? doc_int_of(doc_at(rows, 0), "holder_contact_id") : 0;
}

/* Of a support session: who it is for, and until when. */
static void authority_support(struct authority *who, const struct doc *row)
{
    who->support_id = doc_int_of(row, "support_id");
    if (!who->support_id)
        return;
    who->partner_id = doc_int_of(row, "partner_id");
    who->partner_name = doc_text_of(row, "partner_name");
    who->support_reason = doc_text_of(row, "support_reason");
    who->support_ends_at = doc_int_of(row, "support_ends_at");
}

void why_decide(struct authority *who, const struct doc *rows, int64_t org_id, bool as_contact, int64_t asked_id, enum right right)
{
    who->org_id = who->client_id = who->site_id = who->job_id = who->link_id = who->contact_id = who->member_id = who->mandate_id = 0;
    who->rights = 0;
    who->support_id = who->partner_id = 0;
    int64_t contact_id = as_contact ? authority_contact(rows, asked_id) : 0;
    for (size_t i = 0; i < doc_count(rows); i++) {
        const struct doc *row = doc_at(rows, i);
        if (doc_int_of(row, "holder_contact_id") != contact_id)
            continue;
        who->org_id = org_id;
        who->contact_id = contact_id;
        who->client_id = doc_int_of(row, "client_id");
        who->member_id = doc_int_of(row, "holder_member_id");
        authority_support(who, row);
        authority_add(who, row, right);
        who->site_id = doc_int_of(row, "site_id");
        who->job_id = doc_int_of(row, "job_id");
    }
    if (who->job_id && who->kind == MANDATE_LINK)     /* L-2, whatever the row says */
        who->rights &= mandate_gives(MANDATE_LINK, "see");
}

struct err *why_ask(struct ctx *c, int64_t person_id, bool as_contact, int64_t contact_id, enum right right, struct authority *ret_who)
{
    struct authority asking = c->who;
    c->who = (struct authority){ .person_id = person_id, .person_name = "", .person_email = "", .granted_by = "" };
    struct err *e = authority_load(c, asking.org_id, as_contact, contact_id, right);
    *ret_who = c->who;
    c->who = asking;
    return e;
}

struct err *why_ask_token(struct ctx *c, int64_t token_id, bool as_contact, enum right right, struct authority *ret_who, struct doc **ret_token)
{
    struct doc *row = NULL;
    struct authority asking = c->who;
    TRY(ctx_row(c, &sql_register_token, PARAMS(P_INT("of_token", token_id)), &row));
    struct token t = { .id = token_id, .org_id = asking.org_id, .person_id = doc_int_of(row, "person_id"), .member_id = doc_int_of(row, "member_id"),
        .contact_id = doc_int_of(row, "contact_id"), .client_id = doc_int_of(row, "client_id"), .person_name = doc_text_of(row, "person_name"),
        .person_email = "", .starts_at = doc_int_of(row, "starts_at"), .rights = token_rights_read(doc_text_of(row, "rights")) };
    *ret_token = row;
    *ret_who = authority_nobody(0);
    if (as_contact != (t.contact_id != 0))   /* a token has one space */
        return NULL;
    c->who = (struct authority){ .person_id = t.person_id, .person_name = t.person_name, .person_email = "", .granted_by = "" };
    struct err *e = token_authority(c, &t, right);
    *ret_who = c->who;
    c->who = asking;
    return e;
}

struct err *why_ask_link(struct ctx *c, int64_t link_id, enum right right, struct authority *ret_who, const char **ret_name)
{
    struct doc *row = NULL, *rows = doc_list(c->arena);
    TRY(ctx_row(c, &sql_register_link, PARAMS(P_INT("of_link", link_id)), &row));
    doc_push(rows, row);
    *ret_who = authority_nobody(0);
    why_decide(ret_who, rows, c->who.org_id, false, 0, right);
    ret_who->link_id = link_id;
    *ret_name = doc_text_of(row, "client_name");
    return NULL;
}
