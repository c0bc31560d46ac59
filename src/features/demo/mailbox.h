#pragma once
/* The demonstration's mailbox: every message of the server, newest first, whether it was sent or is kept only. */
#include "web/web.h"

struct err *demo_mail(struct ctx *c) MUST_CHECK;        /* { mails: [{ id, to_email, …, text, links, parts }] } */
struct err *demo_mail_html(struct ctx *c) MUST_CHECK;   /* the HTML part alone, sandboxed */
struct err *demo_mail_file(struct ctx *c) MUST_CHECK;   /* the file that goes with it */
struct err *demo_mail_answer(struct ctx *c) MUST_CHECK; /* an answer typed there, as if its reader had sent it */
