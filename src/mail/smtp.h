#pragma once
/* One message to a mail server, by libcurl: multipart/alternative, in multipart/mixed where a file goes with it; headers encoded. Blocks for half a minute at most. Nothing is kept but the connection, until smtp_end. */
#include "mail/mail.h"

struct letter {
    int64_t id;
    int64_t created_ms;
    const char *reply_to;       /* address of answers; "": none, and then neither id_word nor thread_id counts */
    const char *id_word;        /* of the Message-ID, in place of the id alone */
    int64_t thread_id;          /* mails of one ticket belong together */
    const char *from_name, *to_email, *to_name, *lang, *subject, *text, *html;
    struct mail_file file;      /* name "": none */
};

/* NULL: the server has taken it. ERR_BUSY: try again later (detail says why). ERR_BAD: this recipient is refused for good; whatever else a
   server refuses (the sender, the password) its administrators can mend, and no message is given up for it before its time. *ret_line: the connection, which
   may still be open, so that the yes is noted before anything more is said; whatever came of it, the caller ends it by smtp_end (NULL is fine). */
struct smtp_line;
struct err *smtp_send(struct arena *a, const struct mail_settings *s, const struct letter *letter, struct smtp_line **ret_line) MUST_CHECK;
void smtp_end(struct smtp_line *line);   /* QUIT, and its answer: may take seconds */
