/* The worker's side: takes what is due, one by one, each taken, sent and marked by itself. A server that dies between sending and marking
   sends that one message again, under the same Message-ID; no other is sent twice and none is lost. */
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "mail/queries.h"
#include "mail/smtp.h"

enum { TAKEN_MINUTES = 10, GIVE_UP_DAYS = 3 };

/* The next message, claimed in a transaction of its own: another server passes it over until `TAKEN_MINUTES` have gone. NULL: none. */
static struct err *mail_take(struct ctx *c, struct doc **ret_mail)
{
    struct doc *due = NULL;
    *ret_mail = NULL;
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    TRY(ctx_maybe(c, &sql_mail_due, NULL, &due));
    if (!due) {
        db_rollback(c->db);
        return NULL;
    }
    TRY(ctx_maybe(c, &sql_mail_take, PARAMS(P_INT("id", doc_int_of(due, "id")), P_INT("until", c->now_ms + TAKEN_MINUTES * CLOCK_MINUTE_MS)), ret_mail));
    return db_commit(c->db, c->arena);
}

/* Puts the link's address in place of @LINK@, in memory alone. */
static const char *link_put(struct ctx *c, const char *text, int64_t link_id)
{
    static const char mark[] = "@LINK@";
    if (!link_id || !strstr(text, mark))
        return text;
    struct buf out;
    const char *address = mail_link_address(c, link_id);
    buf_init(&out, c->arena, (size_t)1024 * 1024);
    for (const char *at; (at = strstr(text, mark)); text = at + sizeof mark - 1) {
        buf_add(&out, text, (size_t)(at - text));
        buf_text(&out, address);
    }
    buf_text(&out, text);
    return buf_end(&out);
}

static struct err *letter_read(struct ctx *c, const struct doc *mail, struct letter *letter)
{
    struct doc *body = NULL;
    int64_t link_id = doc_int_of(mail, "link_id");
    TRY(db_begin(c->db, c->arena, DB_READ));
    TRY(ctx_row(c, &sql_mail_body, PARAMS(P_INT("id", doc_int_of(mail, "id"))), &body));
    db_rollback(c->db);
    *letter = (struct letter){ .id = doc_int_of(mail, "id"), .created_ms = doc_int_of(mail, "created_at"), .from_name = doc_text_of(mail, "from_name"),
        .to_email = doc_text_of(mail, "to_email"), .to_name = doc_text_of(mail, "to_name"), .subject = doc_text_of(mail, "subject"),
        .text = link_put(c, doc_text_of(body, "text"), link_id), .html = link_put(c, doc_text_of(body, "html"), link_id) };
    return NULL;
}

static int64_t back_off_ms(int64_t tries)
{
    static const int minutes[] = { 1, 5, 15, 60, 240, 720 };
    size_t count = sizeof minutes / sizeof *minutes, at = tries < 1 ? 0 : (size_t)tries - 1;
    return minutes[at < count ? at : count - 1] * CLOCK_MINUTE_MS;
}

static struct err *mail_mark(struct ctx *c, const struct doc *mail, const struct err *failure)
{
    int64_t id = doc_int_of(mail, "id"), changed = 0;
    bool gives_up = failure && (failure->code == ERR_BAD || c->now_ms - doc_int_of(mail, "created_at") > GIVE_UP_DAYS * CLOCK_DAY_MS);
    TRY(db_begin(c->db, c->arena, DB_WRITE));
    if (!failure)
        TRY(ctx_run_any(c, &sql_mail_sent, PARAMS(P_INT("id", id)), &changed));
    else
        TRY(ctx_run_any(c, &sql_mail_put_off, PARAMS(P_INT("id", id), P_TEXT("state", gives_up ? "failed" : "queued"),
            P_INT("next_at", c->now_ms + back_off_ms(doc_int_of(mail, "tries"))), P_TEXT("last_error", failure->detail)), &changed));
    if (failure)
        log_event("mail", LOG_TEXT("state", gives_up ? "failed" : "put off"), LOG_INT("mail_id", id), LOG_INT("tries", doc_int_of(mail, "tries")),
            LOG_TEXT("detail", failure->detail));
    return db_commit(c->db, c->arena);
}

struct err *mail_send_due(struct ctx *c, const struct mail_settings *s, int most, int *ret_handled)
{
    *ret_handled = 0;
    for (; *ret_handled < most; ++*ret_handled) {
        struct doc *mail = NULL;
        struct letter letter = { 0 };
        TRY(mail_take(c, &mail));
        if (!mail)
            return NULL;
        TRY(letter_read(c, mail, &letter));
        TRY(mail_mark(c, mail, *s->smtp_url ? smtp_send(c->arena, s, &letter) : NULL));
    }
    return NULL;
}
