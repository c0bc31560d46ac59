#include "mail/mail.h"
#include <assert.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "mail/queries.h"
#include "mandate/link.h"
#include "tpl/tpl.h"

enum { MAIL_MOST = 512 * 1024, SUBJECT_MOST = 200, LINK_DAYS = 7, LINK_BYTES = 8 + SECRET_HASH };

/* ---- Links: id and MAC; the secret is stored nowhere ---- */

static const char PASSWORD[] = "password";
static const char SECURE[] = "link.";  /* and the generation: the address of a secure link */
static const char CODE[] = "code";     /* no address: six digits to type */

/* The kind is in the MAC: a link of another kind is another word. */
static void link_mac(const struct ctx *c, const char *kind, const unsigned char id[8], unsigned char ret_mac[SECRET_HASH])
{
    struct secret_key key;
    size_t len = strlen(kind) + 1;   /* its NUL keeps kind and id apart */
    unsigned char *data = arena_alloc(c->arena, len + 8);
    memcpy(data, kind, len);
    memcpy(data + len, id, 8);
    secret_derive(&key, c->key, "mail-link");
    secret_mac(ret_mac, &key, data, len + 8);
}

static void link_id_bytes(int64_t id, unsigned char out[8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)((uint64_t)id >> (56 - 8 * i));
}

const char *mail_secure_link(struct ctx *c, int64_t generation) { return arena_printf(c->arena, "%s%lld", SECURE, (long long)generation); }

const char *mail_link_address_of(struct ctx *c, const char *kind, int64_t link_id)
{
    unsigned char bytes[LINK_BYTES];
    int64_t generation = 0;
    if (text_starts(kind, SECURE) && text_int(kind + sizeof SECURE - 1, &generation))
        return link_address(c, link_id, generation);
    link_id_bytes(link_id, bytes);
    link_mac(c, kind, bytes, bytes + 8);
    if (strcmp(kind, CODE) == 0) {
        uint64_t number = 0;
        for (int i = 8; i < 16; i++)
            number = number << 8 | bytes[i];
        return arena_printf(c->arena, "%06llu", (unsigned long long)(number % 1000000));
    }
    return arena_printf(c->arena, "%s/account/%s/%s", c->address, kind, text_base64url(c->arena, bytes, sizeof bytes));
}

bool mail_link_read_of(struct ctx *c, const char *kind, const char *word, int64_t *ret_link_id)
{
    unsigned char *bytes = NULL, mac[SECRET_HASH];
    size_t len = 0;
    if (strlen(word) > 80 || !text_base64url_read(c->arena, word, &bytes, &len) || len != LINK_BYTES)
        return false;
    link_mac(c, kind, bytes, mac);
    if (!secret_same(mac, bytes + 8, SECRET_HASH))
        return false;
    uint64_t id = 0;
    for (int i = 0; i < 8; i++)
        id = id << 8 | bytes[i];
    *ret_link_id = (int64_t)id;
    return true;
}

const char *mail_link_address(struct ctx *c, int64_t link_id) { return mail_link_address_of(c, PASSWORD, link_id); }
bool mail_link_read(struct ctx *c, const char *word, int64_t *ret_link_id) { return mail_link_read_of(c, PASSWORD, word, ret_link_id); }

struct err *mail_link_new(struct ctx *c, int64_t person_id, int64_t org_id, int64_t *ret_link_id)
{
    int64_t id = ctx_id(c);
    TRY(ctx_run(c, &sql_mail_link_insert, PARAMS(P_INT("id", id), P_INT("holder_id", person_id), P_ID("org_id", org_id),
        P_INT("expires_at", c->now_ms + LINK_DAYS * CLOCK_DAY_MS))));
    TRY(ctx_run_any(c, &sql_mail_link_end_older, PARAMS(P_INT("holder_id", person_id), P_INT("id", id)), NULL));
    *ret_link_id = id;
    return NULL;
}

/* ---- Messages ---- */

/* One line, whatever a name or a title holds: nothing of it can become a header. */
static const char *one_line(struct arena *a, const char *text, size_t most)
{
    char *line = arena_text(a, text_trim(a, text));
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    size_t len = strlen(line);
    while (len > most || (len < strlen(line) && ((unsigned char)line[len] & 0xc0) == 0x80))
        len--;   /* never in the middle of a character */
    line[len] = '\0';
    return line;
}

static struct err *part_render(struct ctx *c, const struct mail *m, const char *ending, const struct doc *data, const char *zone, const char **ret_text)
{
    struct buf out;
    struct tpl_reader reader = { m->lang ? m->lang : "fr", zone, c->now_ms };
    buf_init(&out, c->arena, MAIL_MOST);
    TRY(tpl_render(c->tpl, &reader, arena_printf(c->arena, "%s.%s", m->template, ending), data, &out));
    if (out.is_full)
        return ERR(c->arena, ERR_INTERNAL, "the message %s is over its ceiling", m->template);
    *ret_text = buf_end(&out);
    return NULL;
}

/* "Subject: …" on the first line, an empty one, the text. */
static struct err *subject_split(struct ctx *c, const char *template, const char *whole, const char **ret_subject, const char **ret_text)
{
    const char *end = strchr(whole, '\n');
    if (!end || strncmp(whole, "Subject: ", 9) != 0)
        return ERR(c->arena, ERR_INTERNAL, "%s.txt does not begin with its subject", template);
    *ret_subject = one_line(c->arena, arena_copy(c->arena, whole + 9, (size_t)(end - whole - 9)), SUBJECT_MOST);
    *ret_text = end + 1 + strspn(end + 1, "\n");
    return NULL;
}

/* The template's document, completed: base, org, to_name. Dates are those of the organization's own zone. */
static struct err *data_complete(struct ctx *c, const struct mail *m, struct doc *data, const char **ret_from, const char **ret_zone)
{
    struct doc *org = NULL, *brand = NULL;
    if (m->org_id)
        TRY(ctx_maybe(c, &sql_mail_org, PARAMS(P_INT("org_id", m->org_id)), &org));
    if (org && (m->is_office || m->reply.member_id))
        TRY(ctx_maybe(c, &sql_mail_brand, PARAMS(P_INT("org_id", m->org_id)), &brand));
    if (brand)
        doc_set(data, "brand", brand);
    else if (org)
        doc_set(data, "brand", org);
    else
        doc_set_null(data, "brand");
    doc_set_text(data, "base", c->address);
    doc_set_text(data, "to_name", m->to_name);
    doc_set_text(data, "lang", m->lang ? m->lang : "fr");
    doc_set_text(data, "link", m->link_id || m->links_itself ? "@LINK@" : "");
    doc_set_bool(data, "has_reply", m->reply.ticket_id && c->reply_domain && *c->reply_domain);
    if (org)
        doc_set(data, "org", org);
    else
        doc_set_null(data, "org");
    *ret_zone = org ? doc_text_of(org, "zone") : "Europe/Paris";
    *ret_from = brand ? doc_text_of(brand, "name") : org ? doc_text_of(org, "name") : "Mandat";
    return NULL;
}

static struct err *file_add(struct ctx *c, int64_t id, const struct mail_file *file)
{
    if (!file)
        return NULL;
    assert(file->name[strspn(file->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0');
    if (strlen(file->text) > MAIL_FILE_MOST)
        return ERR(c->arena, ERR_INTERNAL, "the file %s is over its ceiling", file->name);
    return ctx_run(c, &sql_mail_file_insert, PARAMS(P_INT("id", id), P_TEXT("name", file->name), P_TEXT("type", file->type), P_TEXT("text", file->text)));
}

struct err *mail_queue(struct ctx *c, const struct mail *m, struct doc *data)
{
    const char *from = "", *zone = "", *text = "", *html = "", *subject = "";
    if (!data)
        data = doc_map(c->arena);
    TRY(data_complete(c, m, data, &from, &zone));
    TRY(part_render(c, m, "txt", data, zone, &text));
    TRY(part_render(c, m, "html", data, zone, &html));
    TRY(subject_split(c, m->template, text, &subject, &text));
    if (!text_is_email(m->to_email))
        return ERR(c->arena, ERR_INTERNAL, "no address to send %s to", m->template);
    int64_t id = ctx_id(c);
    TRY(ctx_run(c, &sql_mail_insert, PARAMS(P_INT("id", id), P_INT("org_id", m->org_id), P_TEXT("kind", m->template),
        P_TEXT("to_email", m->to_email), P_TEXT("to_name", one_line(c->arena, m->to_name ? m->to_name : "", SUBJECT_MOST)),
        P_TEXT("from_name", one_line(c->arena, from, SUBJECT_MOST)), P_TEXT("lang", m->lang ? m->lang : "fr"), P_TEXT("subject", subject), P_ID("link_id", m->links_itself ? id : m->link_id),
        P_TEXT("link_kind", m->link_kind ? m->link_kind : PASSWORD), P_ID("reply_ticket_id", m->reply.ticket_id),
        P_ID("reply_contact_id", m->reply.contact_id), P_ID("reply_member_id", m->reply.member_id))));
    TRY(ctx_run(c, &sql_mail_body_insert, PARAMS(P_INT("id", id), P_TEXT("text", text), P_TEXT("html", html))));
    return file_add(c, id, m->file);
}

struct err *mail_purge(struct ctx *c, const char *state, int64_t before_ms, int most, int64_t *ret_gone)
{
    const struct param *params = PARAMS(P_TEXT("of_state", state), P_INT("before", before_ms), P_INT("most", most));
    TRY(ctx_run_any(c, &sql_mail_file_purge, params, NULL));
    TRY(ctx_run_any(c, &sql_mail_body_purge, params, NULL));
    return ctx_run_any(c, &sql_mail_purge, params, ret_gone);
}
