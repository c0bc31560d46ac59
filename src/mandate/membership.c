/* Memberships: a person's role in an organization, given at once or offered and accepted. */
#include "mandate/access.h"
#include "base/text.h"
#include "mandate/queries.h"
#include "mandate/support.h"

enum { WORDS_MOST = 24 };

/* ---- The member's row: what it is sorted by, and the words it is found by ---- */

static const char *member_key(struct ctx *c, const struct doc *who)
{
    return text_name_key(c->arena, arena_printf(c->arena, "%s %s", doc_text_of(who, "last_name"), doc_text_of(who, "first_name")));
}

static struct err *member_words(struct ctx *c, int64_t org_id, int64_t member_id, const struct doc *who)
{
    const char *word, *key = text_name_key(c->arena, arena_printf(c->arena, "%s %s %s", doc_text_of(who, "last_name"), doc_text_of(who, "first_name"),
        doc_text_of(who, "email")));
    TRY(ctx_run_any(c, &sql_member_word_clear, PARAMS(P_INT("org_id", org_id), P_INT("member_id", member_id)), NULL));
    for (int count = 0; count < WORDS_MOST && (word = text_word_next(c->arena, &key)); count++)
        TRY(ctx_run_any(c, &sql_member_word_add, PARAMS(P_INT("org_id", org_id), P_TEXT("word", word), P_INT("member_id", member_id)), NULL));
    return NULL;
}

static struct err *member_put(struct ctx *c, int64_t org_id, const struct doc *who, int64_t person_id, const char *title, int64_t *ret_member_id)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_member_insert, PARAMS(P_INT("org_id", org_id), P_INT("id", ctx_id(c)), P_INT("holder_id", person_id), P_TEXT("title", title),
        P_TEXT("name_key", member_key(c, who))), &row));
    *ret_member_id = doc_int_of(row, "id");
    return member_words(c, org_id, *ret_member_id, who);
}

/* ---- Given ---- */

struct grant { int64_t org_id, person_id, member_id; const char *role, *state, *wording; };

static struct err *membership_add(struct ctx *c, const struct grant *g, int64_t *ret_mandate_id)
{
    int64_t changed = 0;
    if (!mandate_gives(MANDATE_MEMBERSHIP, g->role))
        return ERR(c->arena, ERR_BAD, "no such role: %s", g->role);
    *ret_mandate_id = ctx_id(c);
    TRY(ctx_run_any(c, &sql_membership_insert, PARAMS(P_INT("org_id", g->org_id), P_INT("id", *ret_mandate_id), P_TEXT("role", g->role),
        P_TEXT("state", g->state), P_INT("holder_id", g->person_id), P_INT("member_id", g->member_id), P_TEXT("wording", g->wording),
        P_ID("agreed_by", c->who.person_id)), &changed));
    if (!changed)
        return ERR(c->arena, ERR_CONFLICT, "is a member, or invited already");
    if (text_same(g->role, "collaborator"))
        TRY(ctx_run_any(c, &sql_member_collaborator_mark, PARAMS(P_INT("org_id", g->org_id), P_INT("member_id", g->member_id)), NULL));
    return NULL;
}

static struct err *holder_put(struct ctx *c, int64_t org_id, int64_t person_id, int64_t mandate_id)
{
    return ctx_run(c, &sql_holder_insert, PARAMS(P_INT("holder_id", person_id), P_INT("org_id", org_id), P_INT("mandate_id", mandate_id)));
}

struct err *membership_give(struct ctx *c, int64_t org_id, int64_t person_id, const char *role, const char *title, int64_t *ret_member_id)
{
    struct doc *person = NULL;
    int64_t member_id = 0, mandate_id = 0;
    TRY(ctx_row(c, &sql_membership_person, PARAMS(P_INT("holder_id", person_id)), &person));
    TRY(member_put(c, org_id, person, person_id, title, &member_id));
    TRY(membership_add(c, &(struct grant){ org_id, person_id, member_id, role, "active", "" }, &mandate_id));
    TRY(holder_put(c, org_id, person_id, mandate_id));
    if (ret_member_id)
        *ret_member_id = member_id;
    return NULL;
}

struct err *membership_offer(struct ctx *c, const struct membership_offer *o, int64_t *ret_member_id, int64_t *ret_mandate_id)
{
    struct doc *typed = doc_map(c->arena), *standing = NULL;
    doc_set_text(typed, "first_name", o->first_name);
    doc_set_text(typed, "last_name", o->last_name);
    doc_set_text(typed, "email", o->email);
    if (o->person_id == c->who.person_id)
        return ERR(c->arena, ERR_FORBIDDEN, "nobody gives themself a mandate");
    TRY(ctx_maybe(c, &sql_member_standing, PARAMS(P_INT("holder_id", o->person_id)), &standing));
    if (standing)
        *ret_member_id = doc_int_of(standing, "id");
    else
        TRY(member_put(c, c->who.org_id, typed, o->person_id, o->title, ret_member_id));
    TRY(membership_add(c, &(struct grant){ c->who.org_id, o->person_id, *ret_member_id, o->role, "requested", o->wording }, ret_mandate_id));
    return o->answer_by ? mandate_answer_by(c, *ret_mandate_id, o->answer_by) : NULL;
}

struct err *membership_accept(struct ctx *c, int64_t org_id, int64_t mandate_id)
{
    struct doc *row = NULL, *person = NULL;
    TRY(ctx_maybe(c, &sql_membership_accept, PARAMS(P_INT("org_id", org_id), P_INT("mandate_id", mandate_id)), &row));
    if (!row)
        return ERR(c->arena, ERR_CONFLICT, "the offer stands no more");
    int64_t person_id = doc_int_of(row, "person_id"), member_id = doc_int_of(row, "member_id");
    TRY(ctx_row(c, &sql_membership_person, PARAMS(P_INT("holder_id", person_id)), &person));
    TRY(ctx_run(c, &sql_member_name_put, PARAMS(P_INT("org_id", org_id), P_INT("member_id", member_id), P_TEXT("name_key", member_key(c, person)))));
    TRY(member_words(c, org_id, member_id, person));
    return holder_put(c, org_id, person_id, mandate_id);
}

struct err *membership_drop(struct ctx *c, int64_t org_id, int64_t mandate_id, bool is_refused)
{
    int64_t changed = 0;
    TRY(ctx_run_any(c, &sql_membership_drop, PARAMS(P_INT("org_id", org_id), P_INT("mandate_id", mandate_id), P_ID("ended_by", c->who.person_id),
        P_TEXT("state", is_refused ? "refused" : "expired"), P_TEXT("why", is_refused ? "refused" : "withdrawn")), &changed));
    return changed ? NULL : ERR(c->arena, ERR_CONFLICT, "the offer stands no more");
}

/* ---- Ended ---- */

struct err *membership_others(struct ctx *c, int64_t member_id, int64_t *ret_count)
{
    return ctx_run_any(c, &sql_administrators_take, PARAMS(P_INT("member_id", member_id)), ret_count);
}

/* Ends the active membership; ret_person_id: whose it was. */
static struct err *membership_stop(struct ctx *c, int64_t member_id, const char *why, int64_t *ret_person_id)
{
    struct doc *row = NULL;
    int64_t others = 0;
    TRY(membership_others(c, member_id, &others));
    if (!others)
        TRY(ctx_maybe(c, &sql_membership_role, PARAMS(P_INT("member_id", member_id)), &row));
    if (row && text_same(doc_text_of(row, "role"), "administrator"))
        return ERR(c->arena, ERR_CONFLICT, "the last administrator stays");
    TRY(ctx_maybe(c, &sql_membership_end, PARAMS(P_INT("member_id", member_id), P_ID("ended_by", c->who.person_id), P_TEXT("why", why)), &row));
    if (!row)
        return ERR(c->arena, ERR_CONFLICT, "is no member any more");
    *ret_person_id = doc_int_of(row, "person_id");
    return ctx_run_any(c, &sql_membership_holder_drop, PARAMS(P_INT("holder_id", *ret_person_id), P_INT("mandate_id", doc_int_of(row, "id"))), NULL);
}

struct err *membership_end(struct ctx *c, int64_t member_id)
{
    int64_t person_id = 0;
    return membership_stop(c, member_id, member_id == c->who.member_id ? "given up" : "withdrawn", &person_id);
}

struct err *membership_change(struct ctx *c, int64_t member_id, const char *role, const char *wording)
{
    int64_t person_id = 0, mandate_id = 0;
    if (member_id == c->who.member_id)
        return ERR(c->arena, ERR_FORBIDDEN, "nobody changes their own mandate");
    TRY(membership_stop(c, member_id, "changed", &person_id));
    TRY(membership_add(c, &(struct grant){ c->who.org_id, person_id, member_id, role, "active", wording }, &mandate_id));
    return holder_put(c, c->who.org_id, person_id, mandate_id);
}

struct err *collaborator_end(struct ctx *c, int64_t member_id, struct doc **ret_rows)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_collaborator_end, PARAMS(P_INT("member_id", member_id), P_ID("ended_by", c->who.person_id),
        P_TEXT("why", member_id == c->who.member_id ? "given up" : "withdrawn")), &row));
    if (!row)
        return ERR(c->arena, ERR_CONFLICT, "is no collaborator any more");
    TRY(ctx_run_any(c, &sql_membership_holder_drop, PARAMS(P_INT("holder_id", doc_int_of(row, "person_id")), P_INT("mandate_id", doc_int_of(row, "id"))), NULL));
    return support_end_member(c, member_id, ret_rows);
}
