/* Fuzz target: the head of a request, lines ending with a line feed, as a server would hand it to the filter. What it lets through
   must be what the rest relies on. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "web/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MAX = 70 };

/* Cuts at *at up to `end` where ch stands first; moves behind it. */
static char *cut(char **at, char *end, char ch)
{
    char *start = *at, *found = memchr(start, ch, (size_t)(end - start));
    if (found)
        *found = 0;
    *at = found ? found + 1 : end;
    return start;
}

static size_t times(const struct filter_in *in, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < in->header_count; i++)
        count += in->headers[i].name_len == strlen(name) && strncasecmp(in->headers[i].name, name, strlen(name)) == 0;
    return count;
}

static void check_let_through(const struct filter_in *in, int64_t length)
{
    if (in->target[0] != '/' || strstr(in->target, "%00") || strlen(in->target) > 4096 || strpbrk(in->target, " \r\n\t"))
        abort();
    if (times(in, "host") > 1 || (times(in, "host") == 0 && strcmp(in->version, "HTTP/1.1") == 0))
        abort();
    if (times(in, "content-length") + times(in, "transfer-encoding") > 1 || in->header_count > 64)
        abort();
    if (length < -1 || (length == -1) != (times(in, "transfer-encoding") == 1) || (length != 0 && in->method[0] != 'P'))
        abort();
    for (size_t i = 0; i < in->header_count; i++)
        if (memchr(in->headers[i].value, '\r', in->headers[i].value_len) || memchr(in->headers[i].value, 0, in->headers[i].value_len)
            || memchr(in->headers[i].name, ' ', in->headers[i].name_len))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const hosts[] = { "localhost", "portail.example", NULL };
    struct filter_header headers[LINES_MAX];
    char *text = malloc(size + 1), *at = text, *end = text + size;
    if (!text)
        abort();
    if (size)
        memcpy(text, data, size);
    *end = 0;
    char *line = cut(&at, end, '\n');
    char *method = cut(&line, line + strlen(line), ' ');
    char *target = cut(&line, line + strlen(line), ' ');
    struct filter_in in = { method, target, line, headers, 0, hosts };
    while (at < end && in.header_count < LINES_MAX) {
        char *start = at, *line_end = memchr(at, '\n', (size_t)(end - at));
        line_end = line_end ? line_end : end;
        char *colon = memchr(start, ':', (size_t)(line_end - start));
        colon = colon ? colon : line_end;
        char *value = colon < line_end ? colon + 1 : colon;
        headers[in.header_count++] = (struct filter_header){ start, (size_t)(colon - start), value, (size_t)(line_end - value) };
        at = line_end < end ? line_end + 1 : end;
    }
    int64_t length = 77;
    if (!filter_check(&in, &length))
        check_let_through(&in, length);
    else if (length != 77)
        abort();
    free(text);
    return 0;
}
