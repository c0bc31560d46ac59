/* The worker's side: takes what is due, one by one, each taken, sent and marked by itself. A server that dies between the mail server's yes and its own
   note of it sends that one message again, under the same Message-ID; no other is sent twice and none is lost. In between lies one commit: not even the
   mail server's goodbye is waited for (docs/decisions/0012). */
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "mail/queries.h"
#include "mail/smtp.h"

enum { TAKEN_MINUTES = 10, GIVE_UP_DAYS = 3, STRETCH_MINUTES = 5 };

/* The next message, claimed: another server passes it over until `TAKEN_MINUTES` have gone. NULL: none. */
static struct err *mail_claim(struct ctx *c, struct doc **ret_mail, struct doc **ret_body)
{
    struct doc *due = NULL;
    TRY(ctx_maybe(c, &sql_mail_due, NULL, &due));
    if (!due)
        return NULL;
    struct param id = P_INT("id", doc_int_of(due, "id"));
    TRY(ctx_maybe(c, &sql_mail_body, PARAMS(id), ret_body));
    return ctx_maybe(c, &sql_mail_take, PARAMS(id, P_INT("until", c->now_ms + TAKEN_MINUTES * CLOCK_MINUTE_MS)), ret_mail);
}

/* Looked at without the writer's turn. */
static struct err *mail_look(struct ctx *c, bool *ret_is_due)
{
    struct doc *due = NULL;
    TRY(db_begin(c->db, c->arena, DB_READ));
    struct err *e = ctx_maybe(c, &sql_mail_look, NULL, &due);
    db_rollback(c->db);
    *ret_is_due = due != NULL;
    return e;
}

static struct err *mail_take(struct ctx *c, struct doc **ret_mail, struct doc **ret_body)
{
    bool is_due = false;
    *ret_mail = *ret_body = NULL;
    TRY(mail_look(c, &is_due));
    if (!is_due)
        return NULL;
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    struct err *e = mail_claim(c, ret_mail, ret_body);
    if (!e && *ret_mail)
        e = db_commit(c->db, c->arena);
    db_rollback(c->db);
    return e;
}

/* Puts the link's address in place of @LINK@, in memory alone. */
static const char *link_put(struct ctx *c, const char *text, const char *kind, int64_t link_id)
{
    static const char mark[] = "@LINK@";
    if (!link_id || !strstr(text, mark))
        return text;
    struct buf out;
    const char *address = mail_link_address_of(c, kind, link_id);
    buf_init(&out, c->arena, (size_t)1024 * 1024);
    for (const char *at; (at = strstr(text, mark)); text = at + sizeof mark - 1) {
        buf_add(&out, text, (size_t)(at - text));
        buf_text(&out, address);
    }
    buf_text(&out, text);
    return buf_end(&out);
}

static struct err *mail_send(struct ctx *c, const struct mail_settings *s, const struct doc *mail, const struct doc *body, struct smtp_line **ret_line)
{
    int64_t link_id = doc_int_of(mail, "link_id");
    const char *kind = doc_text_of(mail, "link_kind");
    const struct reply_to reply = reply_of_mail(mail);
    const struct letter letter = { .id = doc_int_of(mail, "id"), .created_ms = doc_int_of(mail, "created_at"),
        .from_name = doc_text_of(mail, "from_name"), .to_email = doc_text_of(mail, "to_email"), .to_name = doc_text_of(mail, "to_name"),
        .reply_to = reply_address(c, &reply), .id_word = reply_mail_word(c, doc_int_of(mail, "id")), .thread_id = reply.ticket_id,
        .lang = doc_text_of(mail, "lang"), .subject = doc_text_of(mail, "subject"),
        .text = link_put(c, doc_text_of(body, "text"), kind, link_id), .html = link_put(c, doc_text_of(body, "html"), kind, link_id),
        .file = { doc_text_of(body, "file_name"), doc_text_of(body, "file_type"), doc_text_of(body, "file_text") } };
    return *s->smtp_url ? smtp_send(c->arena, s, &letter, ret_line) : NULL;
}

static int64_t back_off_ms(int64_t tries)
{
    static const int minutes[] = { 1, 5, 15, 60, 240, 720 };
    size_t count = sizeof minutes / sizeof *minutes, at = tries < 1 ? 0 : (size_t)tries - 1;
    return minutes[at < count ? at : count - 1] * CLOCK_MINUTE_MS;
}

static struct err *mail_put_off(struct ctx *c, const struct doc *mail, const struct err *failure)
{
    int64_t id = doc_int_of(mail, "id"), tries = doc_int_of(mail, "tries");
    bool gives_up = failure->code == ERR_BAD || c->now_ms - doc_int_of(mail, "created_at") > GIVE_UP_DAYS * CLOCK_DAY_MS;
    const char *state = gives_up ? "failed" : "queued";
    log_event("mail", LOG_TEXT("state", state), LOG_INT("mail_id", id), LOG_INT("tries", tries), LOG_TEXT("detail", failure->detail));
    return ctx_run_any(c, &sql_mail_put_off, PARAMS(P_INT("id", id), P_TEXT("state", state), P_INT("next_at", c->now_ms + back_off_ms(tries)),
        P_TEXT("last_error", failure->detail)), NULL);
}

static struct err *mail_mark(struct ctx *c, const struct doc *mail, const struct err *failure)
{
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    struct err *e = failure ? mail_put_off(c, mail, failure) : ctx_run_any(c, &sql_mail_sent, PARAMS(P_INT("id", doc_int_of(mail, "id"))), NULL);
    if (!e)
        e = db_commit(c->db, c->arena);
    db_rollback(c->db);
    return e;
}

/* A stretch ends well before its first claim does: the clock of a context stands still, and a slow server must not make a
   claim that is over when it is made. A mail server that has to be asked again later ends it too: jobs do not wait for it. */
struct err *mail_send_due(struct ctx *c, const struct mail_settings *s, int most, int *ret_handled)
{
    int64_t start_us = clock_monotonic_us();
    for (*ret_handled = 0; *ret_handled < most; ++*ret_handled) {
        struct doc *mail = NULL, *body = NULL;
        struct smtp_line *line = NULL;
        if (clock_monotonic_us() - start_us > STRETCH_MINUTES * CLOCK_MINUTE_MS * 1000 || (s->is_ending && s->is_ending(s->ending_arg)))
            return NULL;
        TRY(mail_take(c, &mail, &body));
        if (!mail)
            return NULL;
        if (doc_int_of(mail, "tries") > 1 && !*doc_text_of(mail, "last_error"))
            log_event("mail", LOG_TEXT("state", "again"), LOG_INT("mail_id", doc_int_of(mail, "id")), LOG_TEXT("detail", "its server died: it may arrive twice"));
        struct err *failure = mail_send(c, s, mail, body, &line), *e = mail_mark(c, mail, failure);
        smtp_end(line);
        TRY(e);
        if (failure && failure->code != ERR_BAD)
            most = *ret_handled + 1;
    }
    return NULL;
}
