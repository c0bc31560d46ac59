#include "mail/inbound.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <gmime/gmime.h>
#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"

enum { HEADER_CHARS = 300, ADDRESSES = 64, NAME_CHARS = 120, TEXT_BYTES_MOST = 1024 * 1024, REPORT_BYTES_MOST = 256 * 1024, REPORT_PART_BYTES = 64 * 1024, BOUNDARIES_MOST = 256 };

struct reading {
    struct arena *arena;
    const char *spool;
    struct inbound *mail;
    struct buf text, report;
    struct inbound_file **tail;
    int parts, files;
    bool has_text;                   /* what is left are further forms of it: their files count, their texts do not */
    struct err *failed;
};

static void part_read(struct reading *r, GMimeObject *part, int depth);

static void gmime_start(void) { g_mime_init(); }

static void inbound_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, gmime_start);
}

/* ---- Headers ---- */

static const char *clean_line(struct arena *a, const char *text, int most)
{
    return text ? inbound_clean(a, text, strnlen(text, 16 * 1024), most, false, NULL) : "";
}

static const char *header(struct arena *a, GMimeObject *o, const char *name)
{
    return clean_line(a, g_mime_object_get_header(o, name), HEADER_CHARS);
}

/* Addresses of a list, groups opened. */
static void addresses_add(struct arena *a, InternetAddressList *list, const char **out, int *count)
{
    for (int i = 0; list && i < internet_address_list_length(list) && *count < ADDRESSES; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_MAILBOX(one))
            out[(*count)++] = clean_line(a, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)), HEADER_CHARS);
    }
}

/* What the mail system has written on it comes before what the sender has. */
static const char *const *addresses_of(struct arena *a, GMimeMessage *m)
{
    static const char *const names[] = { "X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc" };
    const char **out = ARENA_ARRAY(a, const char *, ADDRESSES + 1);
    int count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = g_mime_object_get_header(GMIME_OBJECT(m), names[i]);
        InternetAddressList *list = value && strlen(value) < 16 * 1024 ? internet_address_list_parse(NULL, value) : NULL;
        addresses_add(a, list, out, &count);
        if (list)
            g_object_unref(list);
    }
    return out;
}

static bool is_word_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strncasecmp(text, *words, strlen(*words)) == 0)
            return true;
    return false;
}

/* RFC 3834, and what was used before it. */
static bool is_auto(struct arena *a, GMimeObject *o)
{
    static const char *const bulk[] = { "bulk", "junk", "list", "auto_reply", "auto-reply", NULL };
    const char *submitted = header(a, o, "Auto-Submitted"), *suppress = header(a, o, "X-Auto-Response-Suppress");
    return (*submitted && strncasecmp(submitted, "no", 2) != 0) || is_word_of(header(a, o, "Precedence"), bulk)
        || (*suppress && strncasecmp(suppress, "none", 4) != 0) || g_mime_object_get_header(o, "X-Autoreply") || g_mime_object_get_header(o, "X-Autorespond")
        || g_mime_object_get_header(o, "X-Auto-Reply-From") || g_mime_object_get_header(o, "List-Id");
}

static bool is_from_nobody(struct arena *a, GMimeObject *o, const char *from)
{
    static const char *const nobody[] = { "mailer-daemon@", "mail-daemon@", "postmaster@", "noreply@", "no-reply@", NULL };
    const char *path = g_mime_object_get_header(o, "Return-Path");
    const char *line = path ? text_trim(a, clean_line(a, path, HEADER_CHARS)) : NULL;
    return (line && strcmp(line, "<>") == 0) || is_word_of(from, nobody) || strcasecmp(from, "mailer-daemon") == 0;
}

static void headers_read(struct reading *r, GMimeMessage *m)
{
    struct arena *a = r->arena;
    GMimeObject *o = GMIME_OBJECT(m);
    InternetAddressList *from = g_mime_message_get_from(m);
    const char *addresses[ADDRESSES] = { "" };
    int count = 0;
    addresses_add(a, from, addresses, &count);
    r->mail->from_email = count ? addresses[0] : "";
    r->mail->from_name = from && internet_address_list_length(from) ? clean_line(a, internet_address_get_name(internet_address_list_get_address(from, 0)), NAME_CHARS) : "";
    r->mail->subject = clean_line(a, g_mime_message_get_subject(m), HEADER_CHARS);
    r->mail->message_id = clean_line(a, g_mime_message_get_message_id(m), HEADER_CHARS);
    r->mail->references = arena_printf(a, "%s %s", clean_line(a, g_mime_object_get_header(o, "In-Reply-To"), HEADER_CHARS), clean_line(a, g_mime_object_get_header(o, "References"), 4000));
    r->mail->to = addresses_of(a, m);
    r->mail->is_auto = is_auto(a, o);
    r->mail->is_from_nobody = is_from_nobody(a, o, r->mail->from_email);
}

/* ---- Content ---- */

/* Text that says no charset: UTF-8 where it is, else what most programs meant that said none. */
static char *text_guess(GMimeTextPart *part)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
    char *text = NULL;
    if (content && g_mime_data_wrapper_write_to_stream(content, stream) >= 0) {
        GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
        const char *data = (const char *)bytes->data;
        text = g_utf8_validate(data, bytes->len, NULL) ? g_strndup(data, bytes->len)
            : g_convert_with_fallback(data, bytes->len, "UTF-8", "WINDOWS-1252", "?", NULL, NULL, NULL);
        text = text ? text : g_strndup(data, bytes->len);
    }
    g_object_unref(stream);
    return text;
}

/* A part's text in UTF-8, whatever its charset says; HTML as what is read of it. */
static const char *text_of(struct reading *r, GMimeTextPart *part)
{
    const char *charset = g_mime_text_part_get_charset(part);
    char *text = charset && strcasecmp(charset, "us-ascii") != 0 ? g_mime_text_part_get_text(part) : text_guess(part);
    if (!text)
        return "";
    size_t len = strlen(text);
    r->mail->is_cut |= len > TEXT_BYTES_MOST;
    len = len < TEXT_BYTES_MOST ? len : TEXT_BYTES_MOST;
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    bool is_html = g_mime_content_type_is_type(type, "text", "html");
    const char *clean = inbound_clean(r->arena, text, len, TEXT_BYTES_MOST, true, NULL);
    g_free(text);
    return is_html ? inbound_html_text(r->arena, clean, strlen(clean)) : clean;
}

static void text_add(struct reading *r, GMimeTextPart *part)
{
    const char *text = text_trim(r->arena, text_of(r, part));
    if (*text)
        buf_printf(&r->text, "%s%s", r->text.len ? "\n\n" : "", text);
}

static const char *spool_path(struct reading *r)
{
    unsigned char random[16];
    secret_random(random, sizeof random);
    return arena_printf(r->arena, "%s/%s.mail", r->spool, text_hex(r->arena, random, sizeof random));
}

/* The decoded bytes of a part (or a whole message within this one) into a file of the spool. */
static const char *file_write(struct reading *r, GMimeObject *part, int64_t *ret_size)
{
    const char *path = spool_path(r);
    struct stat st;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    GMimeStream *stream = fd < 0 ? NULL : g_mime_stream_fs_new(fd);   /* closes it */
    GMimeDataWrapper *content = GMIME_IS_PART(part) ? g_mime_part_get_content(GMIME_PART(part)) : NULL;
    ssize_t done = 0;
    if (!stream) {
        r->failed = ERR(r->arena, ERR_BUSY, "the spool cannot be written: %s", strerror(errno));
        return NULL;
    }
    if (content)
        done = g_mime_data_wrapper_write_to_stream(content, stream);
    else if (GMIME_IS_MESSAGE_PART(part) && g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)))
        done = g_mime_object_write_to_stream(GMIME_OBJECT(g_mime_message_part_get_message(GMIME_MESSAGE_PART(part))), NULL, stream);
    bool is_bad = done < 0 || g_mime_stream_flush(stream) < 0 || fstat(fd, &st) != 0;
    *ret_size = is_bad ? 0 : st.st_size;
    g_object_unref(stream);
    if (is_bad) {
        unlink(path);
        r->failed = ERR(r->arena, ERR_BUSY, "an attached file cannot be written to the spool");
    }
    return is_bad ? NULL : path;
}

/* Without folders, and with an ending where the sender gave none. */
static const char *file_name(struct reading *r, GMimeObject *part)
{
    const char *given = GMIME_IS_PART(part) ? g_mime_part_get_filename(GMIME_PART(part)) : NULL;
    const char *name = clean_line(r->arena, given, NAME_CHARS);
    for (const char *p = name; *p; p++)
        if (*p == '/' || *p == '\\')
            name = p + 1;
    if (*name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
        return name;
    GMimeContentType *type = g_mime_object_get_content_type(part);
    static const struct { const char *type, *subtype, *name; } known[] = {
        { "message", "*", "message.eml" }, { "image", "png", "image.png" }, { "image", "jpeg", "image.jpg" }, { "image", "gif", "image.gif" },
        { "application", "pdf", "document.pdf" }, { "text", "calendar", "invitation.ics" }, { "text", "*", "texte.txt" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (g_mime_content_type_is_type(type, known[i].type, known[i].subtype))
            return known[i].name;
    return "fichier";
}

static void file_add(struct reading *r, GMimeObject *part)
{
    struct inbound_file *file = ARENA_NEW(r->arena, struct inbound_file);
    file->name = file_name(r, part);
    if (++r->files > INBOUND_FILES)
        r->mail->is_cut = true;
    else if (r->spool)
        file->path = file_write(r, part, &file->size_bytes);
    *r->tail = file;
    r->tail = &file->next;
}

/* ---- Parts ---- */

static bool is_type(GMimeObject *o, const char *type, const char *subtype)
{
    return g_mime_content_type_is_type(g_mime_object_get_content_type(o), type, subtype);
}

static bool is_attached(GMimeObject *o)
{
    const char *how = g_mime_object_get_disposition(o);
    return (how && strcasecmp(how, "attachment") == 0) || (GMIME_IS_PART(o) && g_mime_part_get_filename(GMIME_PART(o)));
}

static bool is_text(GMimeObject *o) { return GMIME_IS_TEXT_PART(o) && !is_attached(o) && (is_type(o, "text", "plain") || is_type(o, "text", "html")); }

/* What a report, or a quoted message, says: headers and text, for looking through. */
static void report_add(struct reading *r, GMimeObject *part)
{
    char *text = g_mime_object_to_string(part, NULL);
    if (r->report.len)
        buf_char(&r->report, '\n');
    if (text)
        buf_add(&r->report, text, strnlen(text, REPORT_PART_BYTES));
    g_free(text);
}

/* The plain form of what is there in several, if it says anything. */
static GMimeObject *alternative_plain(struct reading *r, GMimeMultipart *m)
{
    for (int i = 0; i < g_mime_multipart_get_count(m) && i < INBOUND_PARTS; i++) {
        GMimeObject *one = g_mime_multipart_get_part(m, i);
        size_t before = r->text.len;
        if (is_text(one) && is_type(one, "text", "plain"))
            text_add(r, GMIME_TEXT_PART(one));
        if (r->text.len > before)
            return one;
    }
    return NULL;
}

/* Of several forms of the same the plain one, else the last; pictures and files within the others are the sender's all the same. */
static void alternative_read(struct reading *r, GMimeMultipart *m, int depth)
{
    bool had_text = r->has_text;
    GMimeObject *chosen = had_text ? NULL : alternative_plain(r, m);
    int count = g_mime_multipart_get_count(m);
    if (!chosen && !had_text && count) {
        chosen = g_mime_multipart_get_part(m, count - 1);
        part_read(r, chosen, depth + 1);
    }
    r->has_text = true;
    for (int i = 0; i < count && i < INBOUND_PARTS; i++)
        if (g_mime_multipart_get_part(m, i) != chosen)
            part_read(r, g_mime_multipart_get_part(m, i), depth + 1);
    r->has_text = had_text;
}

static void multipart_read(struct reading *r, GMimeMultipart *m, int depth)
{
    for (int i = 0; i < g_mime_multipart_get_count(m); i++) {
        if (r->parts > INBOUND_PARTS) {
            r->mail->is_cut = true;
            return;
        }
        part_read(r, g_mime_multipart_get_part(m, i), depth + 1);
    }
}

static void part_read(struct reading *r, GMimeObject *part, int depth)
{
    if (!part || r->failed)
        return;
    if (depth > INBOUND_DEPTH || ++r->parts > INBOUND_PARTS) {
        r->mail->is_cut = true;
        return;
    }
    if (r->mail->is_report && !GMIME_IS_MULTIPART(part))
        report_add(r, part);
    else if (GMIME_IS_MULTIPART(part) && is_type(part, "multipart", "alternative"))
        alternative_read(r, GMIME_MULTIPART(part), depth);
    else if (GMIME_IS_MULTIPART(part))
        multipart_read(r, GMIME_MULTIPART(part), depth);
    else if (is_text(part) && r->has_text)
        return;
    else if (is_text(part))
        text_add(r, GMIME_TEXT_PART(part));
    else if (!is_type(part, "application", "pgp-signature") && !is_type(part, "application", "pkcs7-signature"))
        file_add(r, part);
}

/* ---- Reports ---- */

/* The value of "Name:" at the beginning of a line, up to its end. */
static const char *line_value(struct arena *a, const char *text, const char *name)
{
    size_t len = strlen(name);
    for (const char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncasecmp(line, name, len) == 0 && line[len] == ':')
            return text_trim(a, arena_copy(a, line + len + 1, strcspn(line + len + 1, "\n")));
    return "";
}

static void report_read(struct reading *r)
{
    const char *report = inbound_clean(r->arena, buf_end(&r->report), r->report.len, REPORT_BYTES_MOST, true, NULL);
    r->mail->report = report;
    r->mail->is_failure = strcasecmp(line_value(r->arena, report, "Action"), "failed") == 0;
    const char *status = line_value(r->arena, report, "Status"), *said = line_value(r->arena, report, "Diagnostic-Code");
    r->mail->status = clean_line(r->arena, arena_printf(r->arena, "%s %s", status, said), HEADER_CHARS);
}

static bool is_report(GMimeObject *part)
{
    const char *kind = part ? g_mime_object_get_content_type_parameter(part, "report-type") : NULL;
    return part && is_type(part, "multipart", "report") && (!kind || strcasecmp(kind, "delivery-status") == 0);
}

/* ---- The whole ---- */

/* Every part is looked for by every boundary that is open: a message of nothing but boundaries would take its time. */
static bool is_bomb(const char *bytes, size_t len)
{
    static const char word[] = "oundary=";
    int count = 0;
    for (const char *at = bytes, *end = bytes + len; (at = memmem(at, (size_t)(end - at), word, sizeof word - 1)) && count <= BOUNDARIES_MOST; at += sizeof word - 1)
        count++;
    return count > BOUNDARIES_MOST;
}

static GMimeMessage *message_parse(struct arena *a, const void *bytes, size_t len)
{
    static const char *const charsets[] = { "utf-8", "windows-1252", NULL };
    GByteArray *array = ARENA_NEW(a, GByteArray);   /* read where it lies, now and while the message is there: nothing is copied or freed */
    *array = (GByteArray){ .data = (guint8 *)bytes, .len = (guint)len };
    GMimeParserOptions *options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, (const char **)charsets);
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(array);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_persist_stream(parser, TRUE);
    GMimeMessage *message = g_mime_parser_construct_message(parser, options);
    g_object_unref(parser);
    g_object_unref(stream);
    g_mime_parser_options_free(options);
    return message;
}

static void message_read(struct reading *r, GMimeMessage *message)
{
    GMimeObject *part = g_mime_message_get_mime_part(message);
    headers_read(r, message);
    r->mail->is_report = is_report(part);
    part_read(r, part, 0);
    if (r->mail->is_report)
        report_read(r);
    else if (r->mail->is_from_nobody)
        r->mail->report = inbound_clean(r->arena, buf_end(&r->text), r->text.len, REPORT_BYTES_MOST, true, NULL);
    r->mail->text = inbound_clean(r->arena, buf_end(&r->text), r->text.len, TEXT_BYTES_MOST, true, NULL);
    r->mail->is_cut |= r->text.is_full;
}

struct err *inbound_read(struct arena *a, const void *bytes, size_t len, const char *spool, struct inbound *ret_mail)
{
    struct reading r = { .arena = a, .spool = spool, .mail = ret_mail };
    const char *start = bytes;
    *ret_mail = (struct inbound){ .message_id = "", .from_email = "", .from_name = "", .subject = "", .references = "", .text = "", .report = "", .status = "" };
    if (len > INBOUND_MOST_BYTES)
        return ERR(a, ERR_BAD, "a message of %zu bytes", len);
    if (len > 5 && memcmp(start, "From ", 5) == 0) {   /* as mailboxes have it, and some pipes */
        const char *end = memchr(start, '\n', len);
        size_t skip = end ? (size_t)(end + 1 - start) : len;
        start += skip;
        len -= skip;
    }
    if (!len || len > INBOUND_MOST_BYTES)
        return ERR(a, ERR_BAD, "not a message: %zu bytes", len);
    if (is_bomb(start, len))
        return ERR(a, ERR_BAD, "not a message: more than %d boundaries", BOUNDARIES_MOST);
    inbound_init();
    buf_init(&r.text, a, 2 * TEXT_BYTES_MOST);
    buf_init(&r.report, a, REPORT_BYTES_MOST);
    r.tail = &ret_mail->files;
    GMimeMessage *message = message_parse(a, start, len);
    if (!message)
        return ERR(a, ERR_BAD, "not a message");
    message_read(&r, message);
    g_object_unref(message);
    if (!r.failed && !*ret_mail->from_email && !*ret_mail->text && !ret_mail->files && !*ret_mail->report)
        r.failed = ERR(a, ERR_BAD, "not a message: no sender, no text");
    if (r.failed)
        inbound_drop(ret_mail);
    return r.failed;
}

void inbound_drop(const struct inbound *mail)
{
    for (const struct inbound_file *file = mail->files; file; file = file->next)
        if (file->path)
            unlink(file->path);
}
