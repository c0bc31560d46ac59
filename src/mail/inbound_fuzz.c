/* Fuzz target: a message as anybody may send it. It ends, and what comes out of it is clean and within the limits. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "mail/inbound.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void text_check(const char *text, bool with_lines)
{
    if (!text_is_utf8(text, strlen(text)) || !text_is_clean(text, with_lines))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct inbound mail;
    int to = 0;
    arena_init(&a, (size_t)1 << 30);
    if (!inbound_read(&a, data, size, NULL, &mail)) {
        const char *lines[] = { mail.message_id, mail.from_email, mail.from_name, mail.subject, mail.references, mail.status };
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
            text_check(lines[i], false);
        for (; mail.to[to]; to++)
            text_check(mail.to[to], false);
        text_check(mail.text, true);
        text_check(mail.report, true);
        text_check(inbound_answer(&a, mail.text), true);
        if (to > 64 || (*mail.text && !*inbound_answer(&a, mail.text) && *text_trim(&a, mail.text)))
            abort();
        for (const struct inbound_file *file = mail.files; file; file = file->next)
            if (!*file->name || strchr(file->name, '/') || file->path)
                abort();
    }
    text_check(inbound_html_text(&a, (const char *)data, size), true);
    arena_free(&a);
    return 0;
}
