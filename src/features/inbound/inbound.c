#include "features/inbound/inbound.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/inbound/inside.h"
#include "features/queries.h"
#include "features/ticket/ticket.h"
#include "mail/mail.h"
#include "mandate/access.h"
#include "tpl/tpl.h"
#include "web/body.h"
#include "web/file.h"
#include "web/queries.h"
#include "work/work.h"

enum { BODY_CHARS = INBOUND_TEXT_CHARS, REFUSED_NAMES = 2000 };

/* ---- Whom it is for ---- */

/* The first address that was made here. has_form: one that looks so, and was not. */
static bool address_find(struct ctx *c, const struct inbound_ask *ask, struct reply_to *ret_to, bool *ret_has_form)
{
    bool has_form = false;
    *ret_has_form = false;
    if (ask->recipient)
        return reply_read(c, ask->recipient, ret_to, ret_has_form);
    for (const char *const *to = ask->mail->to; *to; to++) {
        if (reply_read(c, *to, ret_to, &has_form))
            return true;
        *ret_has_form |= has_form;
    }
    return false;
}

static struct err *person_find(struct ctx *c, struct arrival *in)
{
    struct doc *person = NULL;
    c->who.org_id = in->to.org_id;
    if (in->to.member_id)
        TRY(ctx_maybe(c, &sql_inbound_member, PARAMS(P_INT("of_member", in->to.member_id)), &person));
    else
        TRY(ctx_maybe(c, &sql_inbound_contact, PARAMS(P_INT("of_contact", in->to.contact_id)), &person));
    in->person = person;
    return NULL;
}

/* A Message-ID counts once for a ticket, an addressee and a sender: what a stranger sends under it cannot take its place. Without one, the bytes do. */
static const char *arrival_hash(struct ctx *c, const struct arrival *in)
{
    unsigned char hash[SECRET_HASH];
    const char *id = in->ask->mail->message_id;
    const char *about = arena_printf(c->arena, "%lld %lld %lld %s %s", (long long)in->to.ticket_id, (long long)in->to.contact_id, (long long)in->to.member_id,
        in->from_key, id);
    if (*id)
        secret_sha256(hash, about, strlen(about));
    else
        secret_sha256_two(hash, about, strlen(about), in->ask->bytes, in->ask->len);
    return text_hex(c->arena, hash, sizeof hash);
}

/* ---- May they? Asked as that person, now ---- */

static struct err *authority_of(struct ctx *c, const struct arrival *in, int64_t client_id, bool *ret_may)
{
    bool is_contact = in->to.contact_id != 0;
    struct doc *org = NULL;
    *ret_may = false;
    TRY(ctx_row(c, &sql_organization_show, NULL, &org));
    c->who.person_id = doc_int_of(in->person, "person_id");
    c->who.person_name = doc_text_of(in->person, "name");
    c->who.person_email = doc_text_of(in->person, "person_email");
    if (!c->who.person_id || (is_contact && !doc_bool_of(org, "is_portal_open")))
        return NULL;                                   /* a portal that is closed is closed for mail as well */
    TRY(authority_load(c, in->to.org_id, is_contact, in->to.contact_id, is_contact ? RIGHT_TICKET_WRITE : RIGHT_TICKET_MANAGE));
    bool is_there = is_contact ? c->who.client_id == client_id && c->who.contact_id == in->to.contact_id : c->who.member_id == in->to.member_id;
    if (c->who.org_id != in->to.org_id || !is_there || !ctx_may(c, RIGHT_TICKET_WRITE) || (!is_contact && !ctx_may(c, RIGHT_TICKET_MANAGE)))
        return NULL;
    struct err *e = authority_hold(c);
    if (e && e->code == ERR_NOT_FOUND)
        return NULL;                                   /* withdrawn this very moment */
    *ret_may = !e;
    return e;
}

/* ---- The comment ---- */

struct content { const char *body; struct upload *files; bool is_cut; };

static const char *said(struct ctx *c, const struct arrival *in, const char *french) { return tpl_text(c->tpl, doc_text_of(in->person, "lang"), french); }

/* Files that may be attached; the others by name, with why. */
static struct err *files_sort(struct ctx *c, const struct arrival *in, struct content *content, struct buf *refused)
{
    struct upload **tail = &content->files;
    for (const struct inbound_file *file = in->ask->mail->files; file; file = file->next) {
        struct upload *upload = NULL;
        const char *wrong = N_("Un fichier dépasse la taille permise (20 Mo par fichier, 10 fichiers au plus).");
        if (file->path) {
            TRY(upload_of_file(c->arena, file->name, file->path, &upload));
            wrong = file_wrong(upload);
        }
        if (!wrong) {
            *tail = upload;
            tail = &upload->next;
            continue;
        }
        content->is_cut = true;
        buf_printf(refused, "\n%s %s. %s", said(c, in, N_("Pièce jointe écartée :")), file->name, said(c, in, wrong));
    }
    return NULL;
}

static struct err *content_make(struct ctx *c, const struct arrival *in, struct content *ret_content)
{
    struct buf refused;
    const char *answer = inbound_answer(c->arena, in->ask->mail->text);
    buf_init(&refused, c->arena, 16 * 1024);
    *ret_content = (struct content){ .is_cut = in->ask->mail->is_cut };
    TRY(files_sort(c, in, ret_content, &refused));
    answer = inbound_clean(c->arena, answer, strlen(answer), BODY_CHARS - REFUSED_NAMES, true, &ret_content->is_cut);
    const char *names = inbound_clean(c->arena, buf_end(&refused), refused.len, REFUSED_NAMES, true, NULL);
    ret_content->body = text_trim(c->arena, arena_printf(c->arena, "%s\n%s", answer, names));
    return NULL;
}

static struct err *comment_land(struct ctx *c, const struct arrival *in, const struct content *content)
{
    c->journal = (struct journal_draft){ .action = "ticket_answer_mailed", .is_wanted = true };
    TRY(ticket_mailed(c, &(struct ticket_mailed){ .ticket_id = in->to.ticket_id, .body = content->body, .files = content->files }));
    journal_text(c, "by", "e-mail");
    TRY(ctx_run(c, &sql_inbound_seen_landed, PARAMS(P_TEXT("hash", in->hash))));
    TRY(bounce_end(c, doc_text_of(in->person, "email_key")));
    return journal_write(c);
}

/* What was too much for a comment stays with the staff: the message, whole. */
static struct err *rest_keep(struct ctx *c, const struct arrival *in)
{
    const char *hash = NULL;
    enum inbound_end end;
    TRY(file_put(c, in->ask->bytes, in->ask->len, "message/rfc822", &hash));
    return aside_put(c, in->ask, "cut", in->to.ticket_id, hash, &end);
}

/* ---- Told, once a day, and only at the address of record ---- */

static struct err *sender_tell(struct ctx *c, const struct arrival *in, const struct doc *ticket, bool is_limit)
{
    unsigned char hash[SECRET_HASH];
    struct doc *count = NULL, *data = doc_map(c->arena);
    const char *about = arena_printf(c->arena, "inbound %lld %s", (long long)in->to.org_id, in->from_key);
    secret_sha256(hash, about, strlen(about));
    TRY(ctx_row(c, &sql_attempt_count, PARAMS(P_TEXT("key", text_hex(c->arena, hash, sizeof hash)), P_INT("window_since", c->now_ms - CLOCK_DAY_MS)), &count));
    if (doc_int_of(count, "count") > 1)
        return NULL;
    doc_set_int(data, "number", doc_int_of(ticket, "number"));
    doc_set_bool(data, "is_limit", is_limit);
    return mail_queue(c, &(struct mail){ .template = "mail_inbound_refused", .to_email = doc_text_of(in->person, "email"), .to_name = doc_text_of(in->person, "name"),
        .lang = doc_text_of(in->person, "lang"), .org_id = in->to.org_id }, data);
}

/* ---- One message ---- */

struct outcome { enum inbound_end end; const char *why; };

static struct err *set_aside(struct ctx *c, const struct arrival *in, const char *reason, int64_t ticket_id, struct outcome *out)
{
    out->why = reason;
    return aside_put(c, in->ask, reason, ticket_id, "", &out->end);
}

/* From the person it was sent to, about a ticket that is there. */
static struct err *answer_take(struct ctx *c, struct arrival *in, const struct doc *ticket, struct outcome *out)
{
    bool may = false;
    struct doc *landed = NULL;
    struct content content;
    TRY(ctx_rows(c, &sql_inbound_landed, PARAMS(P_INT("of_ticket", in->to.ticket_id), P_INT("since", c->now_ms - CLOCK_HOUR_MS)), &landed));
    TRY(authority_of(c, in, doc_int_of(ticket, "client_id"), &may));
    bool is_limit = may && doc_count(landed) >= LANDED_AN_HOUR;
    if (!may || is_limit) {
        c->who.org_id = in->to.org_id;
        TRY(sender_tell(c, in, ticket, is_limit));
        return set_aside(c, in, is_limit ? "limit" : "access", in->to.ticket_id, out);
    }
    TRY(content_make(c, in, &content));
    out->why = "empty";
    if (!*content.body && !content.files)
        return NULL;
    TRY(comment_land(c, in, &content));
    *out = (struct outcome){ INBOUND_LANDED, "comment" };
    return content.is_cut ? rest_keep(c, in) : NULL;
}

static struct err *known_take(struct ctx *c, struct arrival *in, struct outcome *out)
{
    struct doc *ticket = NULL, *org = NULL;
    int64_t is_new = 0;
    TRY(ctx_maybe(c, &sql_organization_show, NULL, &org));
    if (!org)
        return NULL;
    in->hash = arrival_hash(c, in);
    TRY(ctx_run_any(c, &sql_inbound_seen_add, PARAMS(P_TEXT("hash", in->hash), P_INT("of_ticket", in->to.ticket_id)), &is_new));
    out->why = "twice";
    if (!is_new)
        return NULL;
    TRY(ctx_maybe(c, &sql_inbound_ticket, PARAMS(P_INT("of_ticket", in->to.ticket_id)), &ticket));
    if (!ticket || !in->person)
        return set_aside(c, in, "ticket", ticket ? in->to.ticket_id : 0, out);
    if (!*in->from_key || !text_same(in->from_key, doc_text_of(in->person, "email_key")))
        return set_aside(c, in, "sender", in->to.ticket_id, out);
    return answer_take(c, in, ticket, out);
}

/* No address that we made. Where the message answers one of ours, the staff it was meant for can still read it. */
static struct err *stray_take(struct ctx *c, struct arrival *in, struct outcome *out)
{
    struct doc *sent = NULL;
    int64_t mail_id = 0, is_new = 0;
    if (!reply_mail_find(c, in->ask->mail->references, &mail_id))
        return NULL;
    TRY(ctx_maybe(c, &sql_inbound_of_mail, PARAMS(P_INT("mail_id", mail_id)), &sent));
    if (!sent || !doc_int_of(sent, "reply_ticket_id"))
        return NULL;
    in->to = (struct reply_to){ .org_id = doc_int_of(sent, "org_id"), .ticket_id = doc_int_of(sent, "reply_ticket_id") };
    c->who.org_id = in->to.org_id;
    in->hash = arrival_hash(c, in);
    TRY(ctx_run_any(c, &sql_inbound_seen_add, PARAMS(P_TEXT("hash", in->hash), P_INT("of_ticket", in->to.ticket_id)), &is_new));
    return is_new ? set_aside(c, in, "signature", in->to.ticket_id, out) : NULL;
}

static struct err *arrival_take(struct ctx *c, struct arrival *in, struct outcome *out)
{
    const struct inbound *mail = in->ask->mail;
    bool has_form = false, is_ours = address_find(c, in->ask, &in->to, &has_form), is_from_nobody = mail->is_from_nobody || in->ask->is_from_nobody;
    if (is_ours)
        TRY(person_find(c, in));
    if (mail->is_report || (is_from_nobody && !mail->is_auto && *mail->report))
        return bounce_take(c, in, &out->why);
    out->why = "auto";
    if (mail->is_auto || is_from_nobody)
        return NULL;
    out->why = has_form && !is_ours ? "signature" : "unknown";
    return is_ours ? known_take(c, in, out) : stray_take(c, in, out);
}

struct err *inbound_take(struct ctx *c, const struct inbound_ask *ask, enum inbound_end *ret_end, const char **ret_why)
{
    struct authority who = c->who;
    struct journal_draft journal = c->journal;
    struct arrival in = { .ask = ask, .from_key = text_email_key(c->arena, ask->mail->from_email), .hash = "" };
    struct outcome out = { INBOUND_DROPPED, "unknown" };
    c->who = authority_nobody(0);
    struct err *e = arrival_take(c, &in, &out);
    c->who = who;
    c->journal = journal;
    *ret_end = out.end;
    *ret_why = out.why;
    return e;
}

/* ---- The feature ---- */

static const struct route inbound_routes[] = {
    GET ("/o/:org/mails",               TICKET_MANAGE, inbound_list),
    GET ("/o/:org/mails/:message",      TICKET_MANAGE, inbound_show),
    GET ("/o/:org/mails/:message/file", TICKET_MANAGE, inbound_file, .is_raw = true),
    POST("/o/:org/mails/:message/add",  TICKET_MANAGE, inbound_add, .form = inbound_form, AGAIN(inbound_show)),
    { 0 },
};

static const struct place inbound_places[] = {
    { 'o', RIGHT_TICKET_MANAGE, "/mails", N_("E-mails écartés"), .in_profile = true },
    { 0 },
};

static const struct work_kind inbound_works[] = {
    { "inbound_purge", inbound_purge_run, .every_ms = CLOCK_HOUR_MS },
    { 0 },
};

const struct feature inbound_feature = { .name = "inbound", .routes = inbound_routes, .places = inbound_places, .works = inbound_works };
