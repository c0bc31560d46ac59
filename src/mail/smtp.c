#include "mail/smtp.h"
#include <curl/curl.h>
#include <string.h>
#include <time.h>
#include <sodium.h>

/* RFC 2047, in words of at most 42 bytes that never cut a character, one a line. ASCII stays as it is, but for what
   would be taken for such words. */
static const char *header_words(struct arena *a, const char *text)
{
    bool is_plain = true;
    for (const char *p = text; *p; p++)
        is_plain &= (unsigned char)*p < 0x7f && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\' && !(*p == '=' && p[1] == '?');
    if (is_plain)
        return text;
    struct buf out;
    buf_init(&out, a, 4096);
    while (*text) {
        size_t len = strlen(text) < 42 ? strlen(text) : 42;
        while (text[len] && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
        char word[80];
        sodium_bin2base64(word, sizeof word, (const unsigned char *)text, len, sodium_base64_VARIANT_ORIGINAL);
        buf_printf(&out, "%s=?UTF-8?B?%s?=", out.len ? "\r\n " : "", word);
        text += len;
    }
    return buf_end(&out);
}

/* A name that is encoded stands without quotes: quotes around it would show the code. */
static const char *header_name(struct arena *a, const char *name)
{
    const char *words = header_words(a, name);
    return words == name ? arena_printf(a, "\"%s\"", name) : words;
}

static const char *date_line(struct arena *a, int64_t time_ms)
{
    static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm when;
    gmtime_r(&seconds, &when);
    return arena_printf(a, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000", days[when.tm_wday], when.tm_mday, months[when.tm_mon],
        when.tm_year + 1900, when.tm_hour, when.tm_min, when.tm_sec);
}

/* All mails of a ticket refer to one that was never sent: that is enough for mail programs to show them as one conversation. */
static struct curl_slist *headers_reply(struct curl_slist *list, struct arena *a, const struct letter *l, const char *domain)
{
    if (!*l->reply_to)
        return curl_slist_append(list, arena_printf(a, "Message-ID: <%lld@%s>", (long long)l->id, domain));
    const char *thread = arena_printf(a, "<ticket-%lld@%s>", (long long)l->thread_id, domain);
    const char *lines[] = {
        arena_printf(a, "Message-ID: <%s@%s>", l->id_word, domain),
        arena_printf(a, "Reply-To: %s <%s>", header_name(a, l->from_name), l->reply_to),
        arena_printf(a, "In-Reply-To: %s", thread), arena_printf(a, "References: %s", thread),
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        list = curl_slist_append(list, lines[i]);
    return list;
}

static struct curl_slist *headers_make(struct arena *a, const struct mail_settings *s, const struct letter *l)
{
    const char *at = strchr(s->from_email, '@');
    const char *lines[] = {
        date_line(a, l->created_ms),
        arena_printf(a, "From: %s <%s>", header_name(a, l->from_name), s->from_email),
        *l->to_name ? arena_printf(a, "To: %s <%s>", header_name(a, l->to_name), l->to_email) : arena_printf(a, "To: <%s>", l->to_email),
        arena_printf(a, "Subject: %s", header_words(a, l->subject)),
        arena_printf(a, "Content-Language: %s", l->lang), "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All",
        *l->file.name ? "Content-Type: multipart/mixed" : "Content-Type: multipart/alternative",   /* of the whole; libcurl adds the boundary */
    };
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        list = curl_slist_append(list, lines[i]);
    return headers_reply(list, a, l, at ? at + 1 : "localhost");
}

/* Lines of a message end in CRLF; the encoder would make a bare LF part of the text. */
static const char *lines_end(struct arena *a, const char *text)
{
    struct buf out;
    buf_init(&out, a, 2 * strlen(text) + 1);
    for (size_t len; *text; text += len) {
        len = strcspn(text, "\n");
        buf_add(&out, text, len);
        if (text[len])
            buf_text(&out, "\r\n");
        len += text[len] != '\0';
    }
    return buf_end(&out);
}

/* The message as it was, and the file behind it. */
static curl_mime *file_add(CURL *curl, curl_mime *both, const struct mail_file *file)
{
    curl_mime *whole = curl_mime_init(curl);
    curl_mimepart *part = curl_mime_addpart(whole);
    curl_mime_subparts(part, both);
    curl_mime_type(part, "multipart/alternative");
    part = curl_mime_addpart(whole);
    curl_mime_data(part, file->text, CURL_ZERO_TERMINATED);
    curl_mime_type(part, file->type);
    curl_mime_filename(part, file->name);
    curl_mime_encoder(part, "base64");   /* not a byte of it changes on the way */
    return whole;
}

static curl_mime *parts_make(CURL *curl, struct arena *a, const struct letter *l)
{
    curl_mime *both = curl_mime_init(curl);
    curl_mimepart *part = curl_mime_addpart(both);
    curl_mime_data(part, lines_end(a, l->text), CURL_ZERO_TERMINATED);
    curl_mime_type(part, "text/plain; charset=utf-8");
    curl_mime_encoder(part, "quoted-printable");
    part = curl_mime_addpart(both);
    curl_mime_data(part, lines_end(a, l->html), CURL_ZERO_TERMINATED);
    curl_mime_type(part, "text/html; charset=utf-8");
    curl_mime_encoder(part, "quoted-printable");
    return *l->file.name ? file_add(curl, both, &l->file) : both;
}

/* The server ends: who has not been given the message yet is not waited for. Later it would be sent twice. */
static int ask_ending(void *settings, curl_off_t down_most, curl_off_t down, curl_off_t up_most, curl_off_t up)
{
    const struct mail_settings *s = settings;
    (void)down_most;
    (void)down;
    (void)up_most;
    return up == 0 && s->is_ending(s->ending_arg);
}

static void set_options(CURL *curl, const struct mail_settings *s, struct curl_slist *to, char *error)
{
    curl_easy_setopt(curl, CURLOPT_URL, s->smtp_url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, *s->smtp_user ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY);
    if (*s->smtp_user) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, s->smtp_user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, s->smtp_password);
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, s->from_email);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (s->is_ending) {
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ask_ending);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)(uintptr_t)s);
    }
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
}

void smtp_end(struct smtp_line *line) { curl_easy_cleanup((CURL *)line); }

struct err *smtp_send(struct arena *a, const struct mail_settings *s, const struct letter *letter, struct smtp_line **ret_line)
{
    char error[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    *ret_line = (struct smtp_line *)curl;
    if (!curl)
        return ERR(a, ERR_BUSY, "libcurl cannot start");
    struct curl_slist *headers = headers_make(a, s, letter), *to = curl_slist_append(NULL, letter->to_email);
    curl_mime *mime = parts_make(curl, a, letter);
    set_options(curl, s, to, error);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime);
    CURLcode code = curl_easy_perform(curl);
    long answer = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);      /* what the line outlives */
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, NULL);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, NULL);
    curl_mime_free(mime);
    curl_slist_free_all(headers);
    curl_slist_free_all(to);
    if (code == CURLE_OK)
        return NULL;
    bool is_refused = code == CURLE_SEND_ERROR && answer >= 500 && answer < 600 && strncmp(error, "RCPT", 4) == 0;
    return ERR(a, is_refused ? ERR_BAD : ERR_BUSY, "%s (%ld)", *error ? error : curl_easy_strerror(code), answer);
}
