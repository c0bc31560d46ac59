#include "web/body.h"
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "base/text.h"
#include "web/body_reader.h"

enum {
    NAME_BYTES_MAX = 200,
    FIELD_COST_BYTES = 96,     /* what a field takes besides its text */
    ARENA_SHARE = 6,           /* text doubles while it grows and is copied once: a sixth can never fill the arena */
};

static bool is_form_type(const char *content_type, const char *type)
{
    size_t len = strlen(type);
    return strncasecmp(content_type, type, len) == 0 && (content_type[len] == 0 || strchr("; \t", content_type[len]));
}

struct err *body_open(struct arena *a, const char *content_type, const struct body_limits *limits, struct body_reader **ret_reader)
{
    struct body_reader *r = ARENA_NEW(a, struct body_reader);
    r->arena = a;
    r->limits = *limits;
    r->text_ceiling_bytes = (a->ceiling_bytes - a->used_bytes) / ARENA_SHARE;
    r->field_tail = &r->first_field;
    r->upload_tail = &r->first_upload;
    r->spool.fd = -1;
    buf_init(&r->name, a, NAME_BYTES_MAX);
    buf_init(&r->value, a, (size_t)limits->field_bytes);
    if (is_form_type(content_type, "multipart/form-data"))
        TRY(multipart_open(r, content_type));
    else if (!is_form_type(content_type, "application/x-www-form-urlencoded"))
        return ERR(a, ERR_TYPE, "neither of the two kinds of form");
    body_field_start(r);
    *ret_reader = r;
    return NULL;
}

struct err *body_over(struct body_reader *r, const char *what)
{
    r->is_cut = true;
    if (!r->failed) {
        r->failed = ERR(r->arena, ERR_TOO_LARGE, "%s", what);
        if (r->name.len && text_is_utf8(r->name.data, r->name.len))
            r->failed->field = arena_text(r->arena, r->name.data);
    }
    return r->failed;
}

/* Fields */

static void buf_again(struct buf *b)
{
    b->len = 0;
    b->is_full = false;
    if (b->data)
        b->data[0] = 0;
}

void body_field_start(struct body_reader *r)
{
    buf_again(&r->name);
    buf_again(&r->value);
    r->is_cut = false;
    r->is_value = false;
}

/* Adds to the value as much as fits. */
void body_field_add(struct body_reader *r, const char *data, size_t len)
{
    if (r->is_cut || len == 0)
        return;
    size_t room = r->value.ceiling_bytes - r->value.len;
    size_t share = r->text_ceiling_bytes - r->text_bytes;   /* body_field_end keeps text_bytes below */
    share = share > r->value.len ? share - r->value.len : 0;
    if (share < room)
        room = share;
    buf_add(&r->value, data, len < room ? len : room);
    if (len > room)
        body_over(r, "a field is too long");
}

/* A text that was cut ends at a character's end. */
static void cut_whole(struct buf *b)
{
    size_t len = b->len;
    while (len > 0 && b->len - len < 4 && !text_is_utf8(b->data, len))
        len--;
    b->len = len;
    if (b->data)
        b->data[len] = 0;
}

struct err *body_field_end(struct body_reader *r)
{
    struct arena *a = r->arena;
    if (r->is_cut)
        cut_whole(&r->value);
    const char *name = buf_end(&r->name), *value = buf_end(&r->value);
    if (r->name.is_full || r->name.len == 0 || !text_is_utf8(name, r->name.len) || !text_is_clean(name, false))
        return ERR(a, ERR_BAD, "a field's name");
    if (!text_is_utf8(value, r->value.len)) {
        struct err *e = ERR(a, ERR_BAD, "a field is no text");
        e->field = arena_text(a, name);
        return e;
    }
    size_t cost = r->name.len + r->value.len + FIELD_COST_BYTES;
    if (r->fields >= r->limits.fields || cost > r->text_ceiling_bytes - r->text_bytes) {
        body_over(r, "too many fields");
        return NULL;
    }
    r->fields++;
    r->text_bytes += cost;
    struct pair *pair = ARENA_NEW(a, struct pair);
    pair->name = arena_copy(a, name, r->name.len);
    pair->value = arena_copy(a, value, r->value.len);
    *r->field_tail = pair;
    r->field_tail = &pair->next;
    return NULL;
}

/* application/x-www-form-urlencoded */

static void urlencoded_add(struct body_reader *r, const char *data, size_t len)
{
    if (r->is_value)
        body_field_add(r, data, len);
    else
        buf_add(&r->name, data, len);
}

static struct err *urlencoded_pair(struct body_reader *r)
{
    if (r->name.len || r->is_value || r->name.is_full)   /* nothing at all between two '&' is no field */
        TRY(body_field_end(r));
    body_field_start(r);
    return NULL;
}

static struct err *urlencoded_digit(struct body_reader *r, char ch)
{
    r->escape[r->escape_len - 1] = ch;
    if (r->escape_len++ < 2)
        return NULL;
    r->escape_len = 0;
    int byte = request_escape(r->escape);
    if (byte <= 0)
        return ERR(r->arena, ERR_BAD, "a bad escape in a form");
    urlencoded_add(r, &(char){ (char)byte }, 1);
    return NULL;
}

static struct err *urlencoded_piece(struct body_reader *r, const char *data, size_t len)
{
    const char *end = data + len;
    while (data < end) {
        if (r->escape_len) {
            TRY(urlencoded_digit(r, *data++));
            continue;
        }
        const char *from = data;
        while (data < end && *data != '&' && *data != '+' && *data != '%' && (*data != '=' || r->is_value))
            data++;
        urlencoded_add(r, from, (size_t)(data - from));
        if (data == end)
            return NULL;
        char ch = *data++;
        if (ch == '&')
            TRY(urlencoded_pair(r));
        else if (ch == '+')
            urlencoded_add(r, " ", 1);
        else if (ch == '%')
            r->escape_len = 1;
        else
            r->is_value = true;
    }
    return NULL;
}

/* Both kinds */

static struct err *take_piece(struct body_reader *r, const char *data, size_t len)
{
    r->seen_bytes += (int64_t)len;
    if (r->seen_bytes > r->limits.body_bytes) {
        r->is_dead = true;
        buf_again(&r->name);   /* it is the whole that is too large, not the field at hand */
        body_over(r, "the body is too large");
        return NULL;
    }
    return r->multipart ? multipart_piece(r, data, len) : urlencoded_piece(r, data, len);
}

static void remember(struct body_reader *r, struct err *e)
{
    if (!e)
        return;
    r->is_dead = true;
    if (!r->failed)
        r->failed = e;
}

struct err *body_piece(struct body_reader *r, const char *data, size_t len)
{
    if (!r->is_dead)
        remember(r, take_piece(r, data, len));
    return r->failed;
}

static struct err *check_end(struct body_reader *r)
{
    if (r->multipart)
        return multipart_is_whole(r) ? NULL : ERR(r->arena, ERR_BAD, "a form that is cut short");
    return r->escape_len ? ERR(r->arena, ERR_BAD, "a bad escape at a form's end") : urlencoded_pair(r);
}

struct err *body_end(struct body_reader *r, struct body *ret_body)
{
    if (!r->is_dead)
        remember(r, check_end(r));
    for (struct upload *upload = r->first_upload; upload && !r->failed; upload = upload->next)
        remember(r, spool_type(r->arena, upload->spool_path, &upload->type));
    ret_body->fields = r->first_field;
    ret_body->uploads = r->failed ? NULL : r->first_upload;
    ret_body->is_complete = !r->failed;
    return r->failed;
}

void body_close(struct body_reader *r)
{
    if (!r)
        return;
    spool_drop(r);
    for (const struct upload *upload = r->first_upload; upload; upload = upload->next)
        unlink(upload->spool_path);   /* not there any more where an act kept it */
    r->first_upload = NULL;
}
