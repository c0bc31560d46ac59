/* « E-mails écartés »: what could not become a comment, for the staff to read, and to add where they know better. */
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/inbound/inside.h"
#include "features/queries.h"
#include "features/ticket/ticket.h"
#include "features/transfer/transfer.h"
#include "tpl/tpl.h"

struct err *aside_put(struct ctx *c, const struct inbound_ask *ask, const char *reason, int64_t ticket_id, const char *hash, enum inbound_end *ret_end)
{
    struct doc *room = NULL;
    const struct inbound *mail = ask->mail;
    int64_t id = ctx_id(c), files = 0;
    *ret_end = INBOUND_DROPPED;
    TRY(ctx_rows(c, &sql_inbound_room, NULL, &room));
    if (doc_count(room) >= ASIDE_MOST && !*hash)
        return NULL;
    for (const struct inbound_file *file = mail->files; file; file = file->next)
        files++;
    TRY(ctx_run(c, &sql_inbound_aside_add, PARAMS(P_INT("id", id), P_TEXT("reason", reason), P_ID("of_ticket", ticket_id), P_TEXT("from_email", mail->from_email),
        P_TEXT("from_name", mail->from_name), P_TEXT("subject", mail->subject), P_INT("file_count", files), P_TEXT("hash", hash))));
    *ret_end = INBOUND_ASIDE;
    return ctx_run(c, &sql_inbound_text_add, PARAMS(P_INT("id", id), P_TEXT("text", inbound_clean(c->arena, mail->text, strlen(mail->text), INBOUND_TEXT_CHARS, true, NULL))));
}

struct err *inbound_list(struct ctx *c)
{
    return doc_page(c, "messages", &sql_inbound_list, "created_at", NULL);
}

const struct field inbound_form[] = { { 0 } };   /* nothing to fill in: a button */

struct err *inbound_show(struct ctx *c)
{
    form_show(c, inbound_form);
    TRY(doc_row(c, "message", &sql_inbound_show, PARAMS(P_INT("of_message", path_id(c, "message")))));
    const struct doc *message = doc_get(c->doc, "message");
    doc_set_bool(web_page(c), "can_add", doc_int_of(message, "ticket_id") && !doc_int_of(message, "added_at") && !text_same(doc_text_of(message, "reason"), "cut"));
    return NULL;
}

struct err *inbound_file(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_inbound_file, PARAMS(P_INT("of_message", path_id(c, "message"))), &file));
    return reply_file(c, doc_text_of(file, "hash"), "message/rfc822", arena_printf(c->arena, "message-%lld.eml", (long long)path_id(c, "message")));
}

/* A comment of whoever adds it, that says whose words it brings: nobody writes in somebody else's name. */
struct err *inbound_add(struct ctx *c)
{
    struct doc *row = NULL, *text = NULL;
    const struct param *id = PARAMS(P_INT("of_message", path_id(c, "message")));
    struct tpl_reader reader = { c->lang, "Europe/Paris", c->now_ms };
    TRY(ctx_maybe(c, &sql_inbound_take_aside, id, &row));
    if (!row)
        TRY(ctx_row(c, &sql_inbound_show, id, &row));   /* none at all, or added by somebody else in between */
    int64_t ticket_id = doc_int_of(row, "ticket_id");
    TRY(ctx_row(c, &sql_inbound_text_of, id, &text));
    if (doc_get(row, "reason") || !ticket_id)
        return form_error(c, "page", N_("Ce message est déjà dans un ticket, ou aucun ticket n’est connu pour lui."));
    const char *body = arena_printf(c->arena, "%s %s (%s)\n\n%s", web_text(c, N_("E-mail reçu de")), doc_text_of(row, "from_email"),
        tpl_datetime(c->arena, &reader, doc_int_of(row, "created_at")), inbound_answer(c->arena, doc_text_of(text, "text")));
    TRY(ticket_mailed(c, &(struct ticket_mailed){ .ticket_id = ticket_id, .body = body, .is_quiet = true }));
    journal_text(c, "from", doc_text_of(row, "from_email"));
    reply_see(c, "inbound_added", "%s/tickets/%lld", web_space(c), (long long)ticket_id);
    return NULL;
}

/* ---- After 30 days ---- */

static struct err *aside_drop(struct ctx *c, const struct doc *row)
{
    const struct param *id = PARAMS(P_INT("of_message", doc_int_of(row, "id")));
    c->who.org_id = doc_int_of(row, "org_id");
    TRY(ctx_run_any(c, &sql_inbound_text_drop, id, NULL));
    TRY(ctx_run_any(c, &sql_inbound_drop, id, NULL));
    return *doc_text_of(row, "hash") ? file_let_go(c, doc_text_of(row, "hash")) : NULL;
}

struct err *inbound_purge_run(struct ctx *c, const struct doc *data)
{
    (void)data;
    struct doc *old = NULL;
    const struct param *before = PARAMS(P_INT("before", c->now_ms - ASIDE_DAYS * CLOCK_DAY_MS));
    TRY(ctx_rows(c, &sql_inbound_old, before, &old));
    for (size_t i = 0; i < doc_count(old); i++)
        TRY(aside_drop(c, doc_at(old, i)));
    return ctx_run_any(c, &sql_inbound_seen_purge, before, NULL);
}
