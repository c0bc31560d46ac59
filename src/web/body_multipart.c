#include <assert.h>
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "web/body_reader.h"

/* multipart/form-data as RFC 7578 and browsers write it, and nothing more lenient: no preamble, no folded header, no padding
   behind a boundary. */

enum { BOUNDARY_MAX = 70, HEAD_MAX = 4096, FILE_NAME_MAX = 200, ENDING_MAX = 12 };

enum state {
    STATE_START,        /* as within a part whose data is empty: the first boundary needs no line end before it */
    STATE_DELIMITER,    /* behind a boundary: a line end or "--" */
    STATE_DELIMITER_CR,
    STATE_DELIMITER_DASH,
    STATE_HEAD,
    STATE_DATA,
    STATE_END,          /* behind the last boundary */
};

struct multipart {
    enum state state;
    char delimiter[4 + BOUNDARY_MAX + 1];   /* CR LF "--" boundary: the only CR is the first byte, so a failed match never hides the start of another */
    size_t delimiter_len;
    size_t matched;                         /* bytes of the delimiter seen at the end of the last piece */
    char head[HEAD_MAX];
    size_t head_len;
    bool is_file;
    char file_name[FILE_NAME_MAX + 1];      /* "" where no file was chosen */
};

/* What a part's headers say. Texts lie in multipart.head: a body of a million parts takes no memory for them. */
struct part {
    char *name, *file_name;                 /* file_name NULL: a field */
    bool has_disposition;
};

/* Parameters: «; name=token; name="quoted"» */

struct param { const char *name; size_t name_len; const char *value; size_t value_len; bool is_quoted; };   /* not NUL-terminated */

static bool is_param_char(char ch)
{
    return (unsigned char)ch > ' ' && (unsigned char)ch != 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", ch);
}

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t");
}

/* The next parameter at *at. False at the end, and with *at NULL where it is malformed. */
static bool next_param(const char **at, struct param *ret_param)
{
    const char *p = skip_space(*at);
    if (*p == 0)
        return false;
    *at = NULL;
    if (*p != ';')
        return false;
    p = skip_space(p + 1);
    ret_param->name = p;
    while (*p && is_param_char(*p))
        p++;
    ret_param->name_len = (size_t)(p - ret_param->name);
    if (ret_param->name_len == 0 || *p++ != '=')
        return false;
    ret_param->is_quoted = *p == '"';
    ret_param->value = p + ret_param->is_quoted;
    if (ret_param->is_quoted) {
        for (p++; *p && *p != '"'; p++)
            if (p[0] == '\\' && p[1] == '"')
                p++;
        if (*p != '"')
            return false;
    } else {
        while (*p && strchr("; \t", *p) == NULL)
            p++;
    }
    ret_param->value_len = (size_t)(p - ret_param->value);
    *at = p + ret_param->is_quoted;
    return true;
}

static bool is_param(const struct param *param, const char *name)
{
    return param->name_len == strlen(name) && strncasecmp(param->name, name, param->name_len) == 0;
}

/* Browsers write a quote and line ends in a name as %22, %0D, %0A; others write \" . Decoded in place; the NUL
   comes no later than what ended it. */
static char *param_text(char *line, const struct param *param)
{
    char *out = line + (param->value - line), *to = out;
    const char *end = param->value + param->value_len;
    for (const char *from = out; from < end; from++) {
        int byte = from[0] == '%' && end - from > 2 ? request_escape(from + 1) : -1;
        if (byte == '"' || byte == '\r' || byte == '\n') {
            *to++ = (char)byte;
            from += 2;
        } else if (param->is_quoted && from[0] == '\\' && from[1] == '"' && end - from > 1) {
            *to++ = *++from;
        } else {
            *to++ = *from;
        }
    }
    *to = 0;
    return out;
}

/* Opening */

static bool is_boundary(const char *text, size_t len)
{
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'()+_,-./:=?";
    for (size_t i = 0; i < len; i++)
        if (!text[i] || !strchr(allowed, text[i]))
            return false;
    return len >= 1 && len <= BOUNDARY_MAX;
}

struct err *multipart_open(struct body_reader *r, const char *content_type)
{
    struct multipart *m = ARENA_NEW(r->arena, struct multipart);
    struct param param;
    const char *at = content_type + strcspn(content_type, "; \t");
    while (next_param(&at, &param)) {
        if (!is_param(&param, "boundary"))
            continue;
        if (m->delimiter_len || !is_boundary(param.value, param.value_len))
            return ERR(r->arena, ERR_TYPE, "a boundary that is badly written");
        memcpy(m->delimiter, "\r\n--", 4);
        memcpy(m->delimiter + 4, param.value, param.value_len);
        m->delimiter_len = 4 + param.value_len;
    }
    if (!at || !m->delimiter_len)
        return ERR(r->arena, ERR_TYPE, "no boundary");
    m->matched = 2;   /* as if a line had just ended */
    r->multipart = m;
    return NULL;
}

bool multipart_is_whole(const struct body_reader *r)
{
    return r->multipart->state == STATE_END;
}

/* A part's headers */

/* Things that make a name show as another: controls, also those above ASCII, and marks that turn the direction of writing. Returns
   how many bytes to leave out. */
static size_t deceives(const unsigned char *at)
{
    if (at[0] < 0x20 || at[0] == 0x7f)
        return 1;
    if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
        return 2;
    if (at[0] == 0xe2 && at[1] == 0x80 && (at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xa8 && at[2] <= 0xae)))
        return 3;
    if (at[0] == 0xe2 && at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9)
        return 3;
    return 0;
}

/* Cut where it is too long; the ending, which says what it is, stays. Returns the length. */
static size_t cut_file_name(char *name, size_t len)
{
    const char *dot = strrchr(name, '.');
    size_t ending = dot && dot != name && strlen(dot) <= ENDING_MAX ? strlen(dot) : 0, stem = FILE_NAME_MAX - ending;
    if (len <= FILE_NAME_MAX)
        return len;
    while (((unsigned char)name[stem] & 0xc0) == 0x80)
        stem--;
    memmove(name + stem, name + len - ending, ending);
    return stem + ending;
}

/* Without folders, without what deceives, no longer than is useful. In place. */
static char *clean_file_name(char *sent)
{
    const char *from = sent;
    for (const char *at = sent; *at; at++)
        if (*at == '/' || *at == '\\')
            from = at + 1;
    bool is_empty = *sent == 0;
    bool is_utf8 = text_is_utf8(from, strlen(from));
    char *out = sent, *to = out;
    while (*from) {
        size_t skip = deceives((const unsigned char *)from);
        if (skip == 0)
            *to++ = is_utf8 || (unsigned char)*from < 0x80 ? *from : '_';
        from += skip ? skip : 1;
    }
    *to = 0;
    size_t len = cut_file_name(out, (size_t)(to - out));
    out[len] = 0;
    if (!is_empty && len == 0)
        memcpy(out, "_", 2);
    return out;
}

static struct err *read_disposition(struct body_reader *r, char *value, struct part *part)
{
    struct param param, name = { 0 }, file_name = { 0 };
    size_t len = strcspn(value, "; \t");
    if (part->has_disposition || len != 9 || strncasecmp(value, "form-data", 9) != 0)
        return ERR(r->arena, ERR_BAD, "a part that is no form data");
    part->has_disposition = true;
    const char *at = value + len;
    while (next_param(&at, &param)) {
        struct param *slot = is_param(&param, "name") ? &name : is_param(&param, "filename") ? &file_name : NULL;
        if (slot && slot->name)
            return ERR(r->arena, ERR_BAD, "a part that is named twice");
        if (slot)
            *slot = param;
    }
    part->name = name.name ? param_text(value, &name) : NULL;   /* not before all were read: decoding writes over what ends them */
    part->file_name = file_name.name ? param_text(value, &file_name) : NULL;
    return at ? NULL : ERR(r->arena, ERR_BAD, "a disposition that is badly written");
}

static bool is_plain_coding(const char *value)
{
    return strcasecmp(value, "binary") == 0 || strcasecmp(value, "8bit") == 0 || strcasecmp(value, "7bit") == 0;
}

static struct err *read_header(struct body_reader *r, char *line, struct part *part)
{
    char *colon = strchr(line, ':');
    if (!colon || colon == line)
        return ERR(r->arena, ERR_BAD, "a part's header");
    for (const char *at = line; at < colon; at++)
        if (!is_param_char(*at))
            return ERR(r->arena, ERR_BAD, "the name of a part's header");
    *colon = 0;
    char *value = colon + 1 + strspn(colon + 1, " \t");
    if (strpbrk(value, "\r\n"))
        return ERR(r->arena, ERR_BAD, "a bare line end in a part's header");
    if (strcasecmp(line, "content-disposition") == 0)
        return read_disposition(r, value, part);
    if (strcasecmp(line, "content-transfer-encoding") == 0 && !is_plain_coding(value))
        return ERR(r->arena, ERR_BAD, "a part in a coding of its own");
    return NULL;
}

static struct err *read_head(struct body_reader *r, struct multipart *m, struct part *part)
{
    m->head[m->head_len - 2] = 0;   /* the empty line at the end */
    if (strlen(m->head) != m->head_len - 2)
        return ERR(r->arena, ERR_BAD, "NUL in a part's header");
    for (char *line = m->head; *line;) {
        char *end = strstr(line, "\r\n");   /* the last line has its own */
        *end = 0;
        TRY(read_header(r, line, part));
        line = end + 2;
    }
    return part->name ? NULL : ERR(r->arena, ERR_BAD, "a part without a name");
}

/* Parts */

static struct err *file_start(struct body_reader *r)
{
    if (!r->limits.spool) {
        struct err *e = ERR(r->arena, ERR_BAD, "a file where none is taken");
        e->field = arena_text(r->arena, buf_end(&r->name));
        return e;
    }
    if (++r->files <= r->limits.files)
        return spool_start(r);
    body_over(r, "too many files");
    return NULL;
}

static struct err *part_start(struct body_reader *r, struct multipart *m)
{
    struct part part = { 0 };
    TRY(read_head(r, m, &part));
    assert(part.name);   /* read_head refuses a part without one */
    body_field_start(r);
    buf_text(&r->name, part.name);
    if (r->name.is_full || !r->name.len || !text_is_utf8(part.name, strlen(part.name)))
        return ERR(r->arena, ERR_BAD, "a part's name");
    m->is_file = part.file_name != NULL;
    m->file_name[0] = 0;
    if (m->is_file) {
        const char *clean = clean_file_name(part.file_name);
        memcpy(m->file_name, clean, strlen(clean) + 1);   /* it was cut to fit */
    }
    m->state = STATE_DATA;
    return *m->file_name ? file_start(r) : NULL;
}

static struct err *file_data(struct body_reader *r, const char *data, size_t len)
{
    if (r->is_cut)
        return NULL;
    if (r->spool.fd < 0) {   /* bytes though no file was named */
        TRY(file_start(r));
        if (r->is_cut)
            return NULL;
    }
    if (r->spool.size_bytes + (int64_t)len <= r->limits.file_bytes)
        return spool_add(r, data, len);
    spool_drop(r);
    body_over(r, "a file is too large");
    return NULL;
}

static struct err *part_data(struct body_reader *r, const char *data, size_t len)
{
    if (len == 0)
        return NULL;
    if (r->multipart->state == STATE_START)
        return ERR(r->arena, ERR_BAD, "no boundary where the form starts");
    if (r->multipart->is_file)
        return file_data(r, data, len);
    body_field_add(r, data, len);
    return NULL;
}

static struct err *part_end(struct body_reader *r, struct multipart *m)
{
    bool is_first = m->state == STATE_START;
    m->state = STATE_DELIMITER;
    m->matched = 0;
    if (is_first)
        return NULL;
    if (!m->is_file)
        return body_field_end(r);
    return r->spool.fd >= 0 ? spool_end(r, m->file_name) : NULL;
}

/* Pieces */

/* Eats what continues a delimiter begun in the piece before. */
static struct err *go_on_matching(struct body_reader *r, struct multipart *m, const char **at, const char *end)
{
    while (*at < end && m->matched < m->delimiter_len && **at == m->delimiter[m->matched]) {
        m->matched++;
        (*at)++;
    }
    if (m->matched == m->delimiter_len)
        return part_end(r, m);
    if (*at == end)
        return NULL;
    size_t held = m->matched;
    m->matched = 0;
    return part_data(r, m->delimiter, held);
}

/* Data up to the next delimiter, or to the end of the piece, goes on in one go: a piece is one write to the spool. */
static struct err *data_piece(struct body_reader *r, struct multipart *m, const char **at, const char *end)
{
    if (m->matched)
        return go_on_matching(r, m, at, end);
    const char *from = *at, *cr = from;
    for (; (cr = memchr(cr, '\r', (size_t)(end - cr))) != NULL; cr++) {
        size_t len = (size_t)(end - cr) < m->delimiter_len ? (size_t)(end - cr) : m->delimiter_len;
        if (memcmp(cr, m->delimiter, len) != 0)
            continue;
        m->matched = len;
        *at = cr + len;
        TRY(part_data(r, from, (size_t)(cr - from)));
        return len == m->delimiter_len ? part_end(r, m) : NULL;
    }
    *at = end;
    return part_data(r, from, (size_t)(end - from));
}

static struct err *head_byte(struct body_reader *r, struct multipart *m, char ch)
{
    if (m->head_len == HEAD_MAX)
        return ERR(r->arena, ERR_BAD, "a part's headers are too long");
    m->head[m->head_len++] = ch;
    bool is_end = m->head_len >= 4 ? memcmp(m->head + m->head_len - 4, "\r\n\r\n", 4) == 0 : m->head_len == 2 && memcmp(m->head, "\r\n", 2) == 0;
    return is_end ? part_start(r, m) : NULL;
}

static struct err *other_byte(struct body_reader *r, struct multipart *m, char ch)
{
    static const struct { enum state now; char ch; enum state next; } steps[] = {
        { STATE_DELIMITER, '\r', STATE_DELIMITER_CR }, { STATE_DELIMITER, '-', STATE_DELIMITER_DASH },
        { STATE_DELIMITER_CR, '\n', STATE_HEAD },      { STATE_DELIMITER_DASH, '-', STATE_END },
        { STATE_END, '\r', STATE_END },                { STATE_END, '\n', STATE_END },
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i].now == m->state && steps[i].ch == ch) {
            m->state = steps[i].next;
            m->head_len = 0;
            return NULL;
        }
    return ERR(r->arena, ERR_BAD, "something odd behind a boundary");
}

struct err *multipart_piece(struct body_reader *r, const char *data, size_t len)
{
    struct multipart *m = r->multipart;
    const char *end = data + len;
    while (data < end) {
        if (m->state == STATE_START || m->state == STATE_DATA)
            TRY(data_piece(r, m, &data, end));
        else if (m->state == STATE_HEAD)
            TRY(head_byte(r, m, *data++));
        else
            TRY(other_byte(r, m, *data++));
    }
    return NULL;
}
