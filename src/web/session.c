#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "web/inside.h"
#include "web/queries.h"

enum { SESSION_DAYS = 14 };

const char *cookie_new(struct ctx *c, const char **ret_hash)
{
    unsigned char bits[32], hash[SECRET_HASH];
    secret_random(bits, sizeof bits);
    const char *cookie = text_base64url(c->arena, bits, sizeof bits);
    secret_sha256(hash, cookie, strlen(cookie));
    *ret_hash = text_hex(c->arena, hash, sizeof hash);
    return cookie;
}

struct err *session_renew(struct ctx *c)
{
    const char *hash = NULL, *cookie = cookie_new(c, &hash);
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_session_renew, PARAMS(P_TEXT("hash", hash)), &row));
    reply_cookie(c, cookie, (doc_int_of(row, "expires_at") - c->now_ms) / 1000);
    return NULL;
}

struct err *session_start(struct ctx *c, int64_t person_id)
{
    const char *hash = NULL, *cookie = cookie_new(c, &hash);
    if (c->who.session_id)
        TRY(ctx_run_any(c, &sql_session_stop, PARAMS(P_INT("session_id", c->who.session_id)), NULL));
    char *agent = arena_text(c->arena, request_header(&c->web->request, "user-agent"));
    if (strlen(agent) > 300)
        agent[300] = '\0';
    TRY(ctx_run(c, &sql_session_insert, PARAMS(P_INT("id", ctx_id(c)), P_TEXT("hash", hash), P_INT("holder_id", person_id), P_TEXT("remote", c->web->request.remote), P_TEXT("agent", agent),
        P_INT("expires_at", c->now_ms + SESSION_DAYS * CLOCK_DAY_MS))));
    reply_cookie(c, cookie, SESSION_DAYS * 24 * 3600);
    return NULL;
}

struct err *session_end(struct ctx *c, int64_t session_id)
{
    TRY(ctx_run(c, &sql_session_stop, PARAMS(P_INT("session_id", session_id))));
    if (session_id == c->who.session_id)
        reply_cookie(c, NULL, 0);
    return NULL;
}

struct err *session_end_all(struct ctx *c, int64_t person_id, int64_t but_session_id)
{
    return ctx_run_any(c, &sql_session_stop_all, PARAMS(P_INT("holder_id", person_id), P_INT("but_id", but_session_id)), NULL);
}

/* The key is a hash: no address and no account stands in the table. */
struct err *limit_count(struct ctx *c, const char *what, const char *who, int most, int64_t window_ms)
{
    const char *text = arena_printf(c->arena, "%s\n%s", what, who);
    unsigned char mac[SECRET_HASH];
    secret_mac_from(mac, &c->app->form_mac, text, strlen(text));
    struct doc *row = NULL;
    TRY(db_begin(c->db, c->arena, DB_ACT));
    struct err *e = ctx_row(c, &sql_attempt_count, PARAMS(P_TEXT("key", text_hex(c->arena, mac, 16)), P_INT("window_since", c->now_ms - window_ms)), &row);
    if (!e)
        e = db_commit(c->db, c->arena);
    db_rollback(c->db);
    TRY(e);
    return doc_int_of(row, "count") > most ? ERR(c->arena, ERR_TOO_MANY, "more than %d of %s", most, what) : NULL;
}
