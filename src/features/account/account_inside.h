#pragma once
/* What the files of this folder share. */
#include "features/account/account.h"
#include "base/clock.h"

enum { PASSWORD_MIN = 12, BACK_MAX = 2000 };

/* ---- sign_in.c ---- */
extern const struct field sign_in_form[];
struct err *portal_sign_in(struct ctx *c) MUST_CHECK;
struct err *sign_in(struct ctx *c) MUST_CHECK;
struct err *session_open_prepare(struct ctx *c) MUST_CHECK;
struct err *session_open(struct ctx *c) MUST_CHECK;
struct err *sign_out(struct ctx *c) MUST_CHECK;

/* An address of this server to go on to: a path in printable ASCII that no browser takes for another host's. */
bool back_is_fine(const char *back);
/* Where a person can go: rows { slug, name, kind, client_name, href }, back offices first. */
struct err *spaces_of(struct ctx *c, int64_t person_id, struct doc **ret_rows) MUST_CHECK;
/* The one of these at `href`, else NULL. */
const struct doc *space_at(const struct doc *spaces, const char *href);

/* ---- password.c ---- */
extern const struct field password_forgot_form[], password_change_form[];
struct err *password_forgot(struct ctx *c) MUST_CHECK;
struct err *password_mail_prepare(struct ctx *c) MUST_CHECK;
struct err *password_mail(struct ctx *c) MUST_CHECK;
struct err *password_mail_send(struct ctx *c, const struct doc *asked) MUST_CHECK;   /* the job behind it */
struct err *password_set_show(struct ctx *c) MUST_CHECK;
struct err *password_set_prepare(struct ctx *c) MUST_CHECK;
struct err *password_set(struct ctx *c) MUST_CHECK;
struct err *password_change_prepare(struct ctx *c) MUST_CHECK;
struct err *password_change(struct ctx *c) MUST_CHECK;
