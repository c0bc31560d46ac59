#include "features/ticket/conversation.h"
#include <string.h>
#include "base/text.h"
#include "features/client/client.h"
#include "features/queries.h"
#include "features/ticket/due.h"
#include "features/ticket/ticket.h"
#include "tpl/tpl.h"
#include "web/file.h"

static struct err *attachments_add(struct ctx *c, int64_t ticket_id, int64_t comment_id, const struct upload *files)
{
    for (const struct upload *u = files; u; u = u->next) {
        const char *hash = NULL;
        if (strcmp(u->field, files->field) != 0)
            continue;
        TRY(file_keep(c, u, &hash));
        TRY(ctx_run(c, &sql_attachment_add, PARAMS(P_INT("id", ctx_id(c)), P_INT("ticket", ticket_id), P_INT("comment_id", comment_id),
            P_TEXT("hash", hash), P_TEXT("name", u->name))));
    }
    return NULL;
}

struct err *comment_add(struct ctx *c, const struct comment_draft *draft)
{
    int64_t id = ctx_id(c);
    TRY(ctx_run(c, &sql_comment_add, PARAMS(P_INT("id", id), P_INT("ticket", draft->ticket_id), P_TEXT("kind", draft->kind),
        P_INT("is_internal", draft->is_internal), P_ID("by_contact", c->who.contact_id), P_ID("by_member", c->who.member_id),
        P_TEXT("author_name", ctx_author(c)), P_TEXT("body", draft->body ? draft->body : ""),
        P_TEXT("old_value", draft->old_value ? draft->old_value : ""), P_TEXT("new_value", draft->new_value ? draft->new_value : ""))));
    return attachments_add(c, draft->ticket_id, id, draft->files);
}

struct err *ticket_event(struct ctx *c, int64_t ticket_id, const char *kind, const char *old_value, const char *new_value)
{
    return comment_add(c, &(struct comment_draft){ .ticket_id = ticket_id, .kind = kind, .old_value = old_value, .new_value = new_value });
}

struct err *ticket_put(struct ctx *c, const struct doc *ticket, const char *status, bool is_answer)
{
    int64_t id = doc_int_of(ticket, "id");
    const char *old = doc_text_of(ticket, "status");
    struct due due = due_after(due_of(ticket), old, status, doc_int_of(ticket, "due_hours"), c->now_ms);
    TRY(ctx_run(c, &sql_ticket_touch, PARAMS(P_INT("ticket", id), P_TEXT("status", status), P_INT("added", is_answer), DUE_PARAMS(due))));
    bool is_plain = text_same(old, status) || (is_answer && strcmp(status, "resolved") != 0 && strcmp(old, "resolved") != 0);
    return is_plain ? NULL : ticket_event(c, id, "status", old, status);   /* an answer speaks for itself but where it closes or opens again */
}

const char *status_answered(const struct doc *ticket)
{
    const char *status = doc_text_of(ticket, "status");
    return strcmp(status, "waiting") == 0 || strcmp(status, "resolved") == 0 ? "open" : status;
}

struct err *ticket_open(struct ctx *c, const struct ticket_draft *draft, int64_t *ret_id)
{
    struct doc *counter = NULL;
    int64_t id = ctx_id(c);
    TRY(ctx_row(c, &sql_ticket_number, NULL, &counter));
    int64_t number = doc_int_of(counter, "number");
    TRY(ctx_run(c, &sql_ticket_add, PARAMS(P_INT("id", id), P_INT("number", number), P_INT("of_client", draft->client_id),
        P_INT("of_contact", draft->contact_id), P_TEXT("title", draft->title), P_INT("type_id", draft->type_id),
        P_INT("priority_id", draft->priority_id), P_TEXT("status", draft->status))));
    TRY(comment_add(c, &(struct comment_draft){ .ticket_id = id, .kind = "opening", .body = draft->description, .files = draft->files }));
    const char *words[] = { arena_printf(c->arena, "%lld", (long long)number), draft->title, NULL };
    TRY(word_put(c, "ticket", id, words));
    journal_object(c, "ticket", id);
    journal_number(c, "number", number);
    journal_text(c, "title", draft->title);
    *ret_id = id;
    return NULL;
}

/* A due time is kept as a number: whoever reads it has it in their own way of writing. */
static void due_value(struct doc *row)
{
    int64_t due_at = 0;
    if (strcmp(doc_text_of(row, "kind"), "due") == 0 && text_int(doc_text_of(row, "new_value"), &due_at))
        doc_set_int(row, "due_at", due_at);
}

/* Queries give the newest first; people read the oldest first. */
static struct doc *rows_turned(struct ctx *c, struct doc *rows)
{
    struct doc *turned = doc_list(c->arena);
    for (size_t i = doc_count(rows); i-- > 0;)
        doc_push(turned, doc_at_mut(rows, i));
    for (size_t i = 0; i < doc_count(turned); i++)
        doc_set(doc_at_mut(turned, i), "attachments", doc_list(c->arena));
    for (size_t i = 0; i < doc_count(turned); i++)
        due_value(doc_at_mut(turned, i));
    return turned;
}

/* Both are in the order of the comments' ids. */
static void attachments_join(struct ctx *c, struct doc *comments, struct doc *files, int64_t ticket_id)
{
    size_t at = 0;
    for (size_t i = 0; i < doc_count(files); i++) {
        struct doc *file = doc_at_mut(files, i);
        while (at < doc_count(comments) && doc_int_of(doc_at(comments, at), "id") < doc_int_of(file, "comment_id"))
            at++;
        if (at == doc_count(comments))
            return;
        doc_set_text(file, "href", arena_printf(c->arena, TICKET_HREF "/files/%lld", web_space(c), (long long)ticket_id, (long long)doc_int_of(file, "id")));
        if (doc_int_of(doc_at(comments, at), "id") == doc_int_of(file, "comment_id"))
            doc_push(doc_get_mut(doc_at_mut(comments, at), "attachments"), file);
    }
}

struct err *conversation_show(struct ctx *c, const struct query *comments, const struct query *attachments, int64_t ticket_id)
{
    TRY(doc_page(c, "comments", comments, "id", PARAMS(P_INT("ticket", ticket_id))));
    struct doc *turned = rows_turned(c, doc_get_mut(c->doc, "comments"));
    doc_set(c->doc, "comments", turned);
    size_t count = doc_count(turned);
    if (!count)
        return NULL;
    struct doc *files = NULL;
    TRY(ctx_rows(c, attachments, PARAMS(P_INT("ticket", ticket_id), P_INT("first_id", doc_int_of(doc_at(turned, 0), "id")),
        P_INT("last_id", doc_int_of(doc_at(turned, count - 1), "id"))), &files));
    attachments_join(c, turned, files, ticket_id);
    return NULL;
}

struct err *ticket_choice_check(struct ctx *c)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_ticket_choice, PARAMS(P_INT("type_id", form_id(c, "type_id")), P_INT("priority_id", form_id(c, "priority_id"))), &row));
    return row ? NULL : form_error(c, "type_id", N_("Choisissez un type et une priorité de la liste."));
}

struct err *ticket_choices_show(struct ctx *c)
{
    TRY(doc_rows(c, "types", &sql_ticket_types, NULL));
    TRY(doc_rows(c, "priorities", &sql_ticket_priorities, NULL));
    const struct doc *priorities = doc_get(c->doc, "priorities");
    for (size_t i = 0; i < doc_count(priorities); i++)
        if (doc_bool_of(doc_at(priorities, i), "is_default"))
            form_value_id(c, "priority_id", doc_int_of(doc_at(priorities, i), "id"));
    form_options(c, "type_id", doc_get(c->doc, "types"), web_text(c, N_("Choisissez…")));
    form_options(c, "priority_id", priorities, NULL);
    return NULL;
}

struct err *ticket_defaults(struct ctx *c)
{
    static const char *const types[] = { "Question", "Panne", "Demande", "Facturation", NULL };
    static const struct { const char *name, *tone; bool is_default; int due_hours; } priorities[] = {
        { "Urgente", "urgent", false, 4 }, { "Haute", "high", false, 24 }, { "Normale", "normal", true, 72 }, { "Basse", "low", false, 0 },
    };
    for (int i = 0; types[i]; i++)
        TRY(ctx_run(c, &sql_ticket_type_add, PARAMS(P_INT("id", ctx_id(c)), P_TEXT("name", types[i]), P_INT("position", i))));
    for (size_t i = 0; i < sizeof priorities / sizeof *priorities; i++)
        TRY(ctx_run(c, &sql_ticket_priority_add, PARAMS(P_INT("id", ctx_id(c)), P_TEXT("name", priorities[i].name),
            P_TEXT("tone", priorities[i].tone), P_INT("position", i), P_INT("is_default", priorities[i].is_default), P_ID("due_hours", priorities[i].due_hours))));
    return NULL;
}
