#pragma once
/* One message to a mail server, by libcurl: multipart/alternative, headers encoded. Blocks up to a minute. Nothing is kept. */
#include "mail/mail.h"

struct letter {
    int64_t id;
    int64_t created_ms;
    const char *from_name, *to_email, *to_name, *subject, *text, *html;
};

/* NULL: the server has taken it. ERR_BUSY: try again later (detail says why); ERR_BAD: this message will never be taken (5xx). */
struct err *smtp_send(struct arena *a, const struct mail_settings *s, const struct letter *letter) MUST_CHECK;
