#include "features/demo/mailbox.h"
#include <string.h>
#include "base/buf.h"
#include "features/inbound/inbound.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "mandate/journal.h"

enum { TEXT_MOST = 1 << 20 };
static const char mark[] = "@LINK@";

/* A message as it reads for who gets it: the link's secret stands in no row and is put in here. */
static const char *with_link(struct ctx *c, const char *text, const struct doc *mail)
{
    struct buf out;
    buf_init(&out, c->arena, TEXT_MOST);
    int64_t link_id = doc_int_of(mail, "link_id");
    const char *address = link_id ? mail_link_address_of(c, doc_text_of(mail, "link_kind"), link_id) : "";
    if (*address == '/')
        address = arena_printf(c->arena, "%s%s", c->address, address);
    for (const char *found; (found = strstr(text, mark)); text = found + sizeof mark - 1) {
        buf_add(&out, text, (size_t)(found - text));
        buf_text(&out, address);
    }
    buf_text(&out, text);
    return buf_end(&out);
}

static size_t url_len(const char *url)
{
    size_t len = strcspn(url, " \t\r\n<>\"");
    while (len && strchr(".,;:!?)", url[len - 1]))
        len--;
    return len;
}

static const char *url_find(const char *text)
{
    const char *plain = strstr(text, "http://"), *safe = strstr(text, "https://");
    return !plain || (safe && safe < plain) ? safe : plain;
}

static void part_add(struct ctx *c, struct doc *parts, const char *text, size_t len, bool is_link, bool is_break)
{
    struct doc *part = doc_map(c->arena);
    doc_set_textn(part, "text", text, len);
    doc_set_bool(part, "is_link", is_link);
    doc_set_bool(part, "is_break", is_break);
    doc_push(parts, part);
}

static void lines_add(struct ctx *c, struct doc *parts, const char *text, size_t len)
{
    for (const char *end; (end = memchr(text, '\n', len)); len -= (size_t)(end + 1 - text), text = end + 1)
        part_add(c, parts, text, (size_t)(end - text), false, true);
    part_add(c, parts, text, len, false, false);
}

/* The text cut where lines end and links begin and end, so that a page can show them as such. */
static void links_cut(struct ctx *c, struct doc *row, const char *text)
{
    struct doc *links = doc_list(c->arena), *parts = doc_list(c->arena);
    for (const char *url; (url = url_find(text)); text = url + url_len(url)) {
        lines_add(c, parts, text, (size_t)(url - text));
        part_add(c, parts, url, url_len(url), true, false);
        doc_push(links, doc_text(c->arena, arena_copy(c->arena, url, url_len(url))));
    }
    lines_add(c, parts, text, strlen(text));
    doc_set(row, "links", links);
    doc_set(row, "parts", parts);
}

struct err *demo_mail(struct ctx *c)
{
    TRY(doc_page(c, "mails", &sql_demo_mail_list, "created_at", PARAMS()));
    struct doc *rows = doc_get_mut(c->doc, "mails");
    for (size_t i = 0; i < doc_count(rows); i++) {
        struct doc *row = doc_at_mut(rows, i);
        const char *text = with_link(c, doc_text_of(row, "text"), row);
        doc_set_text(row, "text", text);
        links_cut(c, row, text);
    }
    return NULL;
}

/* Shown under a policy of its own: a mail's styles stand inside it, and nothing else of it may do anything. */
struct err *demo_mail_html(struct ctx *c)
{
    struct doc *mail = NULL;
    TRY(ctx_row(c, &sql_demo_mail_html, PARAMS(P_INT("mail_id", path_id(c, "mail"))), &mail));
    const char *html = with_link(c, doc_text_of(mail, "html"), mail);
    reply_header(c, "Content-Security-Policy",
        "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'");
    reply_bytes(c, "text/html; charset=utf-8", html, strlen(html));
    return NULL;
}

/* What goes with a message, as a mail program would offer it. */
struct err *demo_mail_file(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_demo_mail_file, PARAMS(P_INT("mail_id", path_id(c, "mail"))), &file));
    const char *text = doc_text_of(file, "text");
    reply_header(c, "Content-Disposition", arena_printf(c->arena, "attachment; filename=\"%s\"", doc_text_of(file, "name")));
    reply_bytes(c, doc_text_of(file, "type"), text, strlen(text));
    return NULL;
}

/* The message that a reader's mail program would make of an answer: quoted below, as such programs do. */
static void answer_write(struct ctx *c, const struct doc *mail, const char *text, struct buf *out)
{
    const struct reply_to reply = reply_of_mail(mail);
    buf_printf(out, "From: <%s>\r\nTo: <%s>\r\nSubject: Re: %s\r\nMessage-ID: <%lld@%s>\r\nIn-Reply-To: <%s@demo>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n\r\n",
        doc_text_of(mail, "to_email"), reply_address(c, &reply), doc_text_of(mail, "subject"), (long long)ctx_id(c), "demo.example", reply_mail_word(c, doc_int_of(mail, "id")), text);
    for (const char *line = doc_text_of(mail, "text"); *line; line += strcspn(line, "\n"), line += *line == '\n')
        buf_printf(out, "> %.*s\r\n", (int)strcspn(line, "\n"), line);
}

/* Goes the very way of a message that comes from outside. */
struct err *demo_mail_answer(struct ctx *c)
{
    struct doc *mail = NULL;
    struct buf out;
    struct inbound read;
    enum inbound_end end = INBOUND_DROPPED;
    const char *why = "";
    TRY(ctx_row(c, &sql_demo_mail_answer, PARAMS(P_INT("mail_id", path_id(c, "mail"))), &mail));
    buf_init(&out, c->arena, TEXT_MOST);
    answer_write(c, mail, form_text(c, "text"), &out);
    TRY(inbound_read(c->arena, buf_end(&out), out.len, NULL, &read));
    TRY(inbound_take(c, &(struct inbound_ask){ &read, out.data, out.len, NULL, false }, &end, &why));
    journal_skip(c);                                   /* the comment has its own entry */
    reply_see(c, end == INBOUND_LANDED ? "demo_answered" : end == INBOUND_ASIDE ? "demo_aside" : "demo_dropped", "/demo/mail");
    return NULL;
}
