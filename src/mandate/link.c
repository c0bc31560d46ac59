/* Secure links: see link.h. */
#include "mandate/link.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "mandate/queries.h"
#include "mandate/why.h"

enum { SECRET_BYTES = 24 };   /* 192 bits */

/* ---- The address ---- */

/* The generation is in the MAC: a renewed link has another secret, and the one before is wrong. */
static const char *secret_of(struct ctx *c, int64_t link_id, int64_t generation)
{
    struct secret_key key;
    unsigned char mac[SECRET_HASH];
    const char *text = arena_printf(c->arena, "%lld.%lld", (long long)link_id, (long long)generation);
    secret_derive(&key, c->key, "secure-link");
    secret_mac(mac, &key, text, strlen(text));
    return text_base64url(c->arena, mac, SECRET_BYTES);
}

const char *link_address(struct ctx *c, int64_t link_id, int64_t generation)
{
    return arena_printf(c->arena, "%s/l/%lld#%s", c->address, (long long)link_id, secret_of(c, link_id, generation));
}

bool link_is_secret(struct ctx *c, const struct doc *link, const char *typed)
{
    const char *hash = strrchr(typed, '#'), *secret = hash ? hash + 1 : typed;
    const char *right = secret_of(c, doc_int_of(link, "id"), doc_int_of(link, "generation"));
    return strlen(secret) == strlen(right) && secret_same(secret, right, strlen(right));
}

/* ---- At the door ---- */

struct err *link_find(struct ctx *c, int64_t link_id, struct doc **ret_link)
{
    return ctx_maybe(c, &sql_link_find, PARAMS(P_INT("of_link", link_id)), ret_link);
}

const char *link_state(const struct doc *link, int64_t now_ms)
{
    int64_t end = doc_int_of(link, "ends_at"), most = doc_int_of(link, "most_openings");
    bool is_over = !text_same(doc_text_of(link, "state"), "active");
    if (is_over && !text_same(doc_text_of(link, "ended_why"), "date"))
        return "withdrawn";
    if (is_over || (end && end <= now_ms))
        return "past";
    if (doc_int_of(link, "paused_at"))
        return "paused";
    return most && doc_int_of(link, "openings") >= most ? "used_up" : "active";
}

struct err *link_browser_find(struct ctx *c, const char *hash, int64_t *ret_id)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_link_browser_find, PARAMS(P_TEXT("hash", hash)), &row));
    *ret_id = row ? doc_int_of(row, "id") : 0;
    return NULL;
}

struct err *link_browser_put(struct ctx *c, int64_t *id, const char *hash)
{
    bool is_known = *id != 0;
    if (!is_known)
        *id = ctx_id(c);
    return ctx_run(c, is_known ? &sql_link_browser_renew : &sql_link_browser_insert, PARAMS(P_INT("id", *id), P_TEXT("hash", hash),
        P_INT("expires_at", c->now_ms + LINK_BROWSER_DAYS * CLOCK_DAY_MS)));
}

struct err *link_asks_code(struct ctx *c, const struct doc *link, int64_t browser_id, const char *network, bool *ret_asks)
{
    struct doc *known = NULL;
    int64_t used = doc_int_of(link, "used_at") ? doc_int_of(link, "used_at") : doc_int_of(link, "opened_at");
    *ret_asks = doc_bool_of(link, "asks_code");
    if (!*ret_asks || c->now_ms - used >= LINK_QUIET_DAYS * CLOCK_DAY_MS)
        return NULL;
    TRY(ctx_maybe(c, &sql_link_place, PARAMS(P_TEXT("network", network), P_INT("browser_id", browser_id)), &known));
    *ret_asks = known == NULL;
    return NULL;
}

void link_enter(struct ctx *c, const struct doc *link)
{
    c->who = (struct authority){ .person_name = "", .person_email = "", .granted_by = "", .kind = MANDATE_LINK };
    c->who.org_id = doc_int_of(link, "org_id");
    c->who.mandate_id = c->who.link_id = doc_int_of(link, "id");
    c->who.client_id = doc_int_of(link, "client_id");
    c->who.site_id = doc_int_of(link, "site_id");
    c->who.job_id = doc_int_of(link, "job_id");
}

static struct err *mandate_take(struct ctx *c)
{
    int64_t held = 0;
    TRY(ctx_run_any(c, &sql_mandate_hold, NULL, &held));
    return held ? NULL : ERR(c->arena, ERR_CONFLICT, "the link has ended");
}

static struct err *opening_count(struct ctx *c, const struct doc *link)
{
    int64_t counted = 0;
    TRY(ctx_run_any(c, &sql_link_count, PARAMS(P_INT("generation", doc_int_of(link, "generation"))), &counted));
    return counted ? NULL : ERR(c->arena, ERR_CONFLICT, "the link does not open any more");
}

struct err *link_open(struct ctx *c, const struct doc *link, const struct link_visit *visit, int64_t *ret_session_id)
{
    int64_t id = ctx_id(c);
    bool waits = visit->code_id != 0;
    TRY(mandate_take(c));
    if (!waits)
        TRY(opening_count(c, link));
    TRY(ctx_run_any(c, &sql_link_opening_clear, PARAMS(P_INT("browser_id", visit->browser_id)), NULL));
    TRY(ctx_run(c, &sql_link_opening_insert, PARAMS(P_INT("id", id), P_INT("generation", doc_int_of(link, "generation")), P_INT("browser_id", visit->browser_id),
        P_TEXT("network", visit->network), P_TEXT("agent", visit->agent), P_ID("opened_at", waits ? 0 : c->now_ms),
        P_INT("expires_at", c->now_ms + LINK_SESSION_DAYS * CLOCK_DAY_MS), P_ID("code_id", visit->code_id),
        P_ID("code_until", waits ? c->now_ms + LINK_CODE_MINUTES * CLOCK_MINUTE_MS : 0))));
    *ret_session_id = id;
    return NULL;
}

struct err *link_waiting(struct ctx *c, int64_t link_id, int64_t browser_id, struct doc **ret_row)
{
    return ctx_maybe(c, &sql_link_waiting, PARAMS(P_INT("of_link", link_id), P_INT("browser_id", browser_id)), ret_row);
}

struct err *link_code_try(struct ctx *c, int64_t session_id, int64_t *ret_code_id)
{
    struct doc *row = NULL;
    TRY(ctx_maybe(c, &sql_link_code_try, PARAMS(P_INT("session_id", session_id), P_INT("tries_most", LINK_CODE_TRIES)), &row));
    *ret_code_id = row ? doc_int_of(row, "code_id") : 0;
    return NULL;
}

struct err *link_proved(struct ctx *c, const struct doc *link, int64_t session_id)
{
    int64_t changed = 0;
    TRY(mandate_take(c));
    TRY(opening_count(c, link));
    TRY(ctx_run_any(c, &sql_link_proved, PARAMS(P_INT("session_id", session_id), P_INT("generation", doc_int_of(link, "generation")),
        P_INT("expires_at", c->now_ms + LINK_SESSION_DAYS * CLOCK_DAY_MS)), &changed));
    return changed ? NULL : ERR(c->arena, ERR_CONFLICT, "no session waits for this code");
}

/* ---- Inside ---- */

struct err *link_authority(struct ctx *c, int64_t link_id, const char *hash, enum right right)
{
    struct doc *row = NULL;
    c->who = (struct authority){ .person_name = "", .person_email = "", .granted_by = "" };
    TRY(ctx_maybe(c, &sql_authority_of_link, PARAMS(P_TEXT("hash", hash), P_INT("of_link", link_id), P_INT("idle_since", c->now_ms - LINK_IDLE_HOURS * CLOCK_HOUR_MS)), &row));
    if (!row)
        return NULL;
    struct doc *rows = doc_list(c->arena);
    doc_push(rows, row);
    why_decide(&c->who, rows, doc_int_of(row, "org_id"), false, 0, right);
    c->who.session_id = doc_int_of(row, "session_id");
    c->who.link_id = link_id;
    return NULL;
}

struct err *link_hold(struct ctx *c)
{
    int64_t held = 0;
    TRY(ctx_run_any(c, &sql_mandate_hold, NULL, &held));
    if (held)
        TRY(ctx_run_any(c, &sql_link_session_hold, NULL, &held));
    return held ? NULL : ERR(c->arena, ERR_SIGN_IN, "the link or its session has ended");
}

struct err *link_close(struct ctx *c) { return ctx_run(c, &sql_link_close, NULL); }

/* ---- Of the organization ---- */

static struct err *scope_check(struct ctx *c, const struct link_wish *wish)
{
    struct doc *row = NULL;
    return ctx_row(c, &sql_link_scope, PARAMS(P_INT("of_client", wish->client_id), P_ANY("of_site", wish->site_id != 0, P_INT("of_site", wish->site_id)),
        P_ANY("of_job", wish->job_id != 0, P_INT("of_job", wish->job_id)), P_ANY("of_contact", wish->contact_id != 0, P_INT("of_contact", wish->contact_id))), &row);
}

#define WISH_PARAMS(wish) P_ID("ends_at", (wish)->ends_at), P_ID("most_openings", (wish)->most_openings), P_INT("asks_code", (wish)->asks_code), \
    P_ID("of_contact", (wish)->contact_id)

struct err *link_give(struct ctx *c, const struct link_wish *wish, int64_t *ret_link_id)
{
    int64_t id = ctx_id(c);
    TRY(scope_check(c, wish));
    TRY(ctx_run(c, &sql_link_mandate_insert, PARAMS(P_INT("id", id), P_TEXT("detail", wish->can_ask && !wish->job_id ? "ask" : "see"), P_INT("of_client", wish->client_id),
        P_ID("of_site", wish->site_id), P_ID("of_job", wish->job_id), P_TEXT("wording", wish->wording), P_ID("agreed_by", c->who.person_id), P_ID("ends_at", wish->ends_at))));
    TRY(ctx_run(c, &sql_link_insert, PARAMS(P_INT("id", id), P_ID("most_openings", wish->most_openings), P_INT("asks_code", wish->asks_code),
        P_ID("of_contact", wish->contact_id))));
    *ret_link_id = id;
    return NULL;
}

static struct err *link_take(struct ctx *c, int64_t link_id)
{
    int64_t taken = 0;
    TRY(ctx_run_any(c, &sql_link_take, PARAMS(P_INT("of_link", link_id)), &taken));
    return taken ? NULL : ERR(c->arena, ERR_CONFLICT, "the link does not stand any more");
}

struct err *link_change(struct ctx *c, int64_t link_id, const struct link_wish *wish)
{
    const struct param of = P_INT("of_link", link_id);
    TRY(link_take(c, link_id));
    TRY(scope_check(c, wish));
    TRY(ctx_run(c, &sql_link_mandate_put, PARAMS(of, P_ID("ends_at", wish->ends_at))));
    return ctx_run(c, &sql_link_put, PARAMS(of, P_ID("most_openings", wish->most_openings), P_INT("asks_code", wish->asks_code), P_ID("of_contact", wish->contact_id)));
}

struct err *link_word(struct ctx *c, int64_t link_id, const char *wording)
{
    return ctx_run(c, &sql_link_word, PARAMS(P_INT("of_link", link_id), P_TEXT("wording", wording)));
}

/* One change of a link that stands; what was done already by somebody else is a conflict. */
static struct err *link_turn(struct ctx *c, int64_t link_id, const struct query *change)
{
    int64_t changed = 0;
    TRY(link_take(c, link_id));
    TRY(ctx_run_any(c, change, PARAMS(P_INT("of_link", link_id)), &changed));
    if (!changed)
        return ERR(c->arena, ERR_CONFLICT, "the link is so already");
    return link_ended(c, link_id);
}

struct err *link_pause(struct ctx *c, int64_t link_id) { return link_turn(c, link_id, &sql_link_pause); }
struct err *link_resume(struct ctx *c, int64_t link_id) { return link_turn(c, link_id, &sql_link_resume); }
/* The old address dies with all that was opened by it, calendars too. */
struct err *link_renew(struct ctx *c, int64_t link_id)
{
    TRY(link_turn(c, link_id, &sql_link_renew));
    return ctx_run_any(c, &sql_link_calendars_end, PARAMS(P_INT("of_link", link_id)), NULL);
}

struct err *link_ended(struct ctx *c, int64_t link_id) { return ctx_run_any(c, &sql_link_sessions_end, PARAMS(P_INT("of_link", link_id)), NULL); }

struct err *link_purge(struct ctx *c, int64_t waiting_before_ms, int64_t opened_before_ms, int most, int64_t *ret_gone)
{
    int64_t waiting = 0, opened = 0, browsers = 0;
    TRY(ctx_run_any(c, &sql_link_waiting_purge, PARAMS(P_INT("before", waiting_before_ms), P_INT("most", most)), &waiting));
    TRY(ctx_run_any(c, &sql_link_opening_purge, PARAMS(P_INT("before", opened_before_ms), P_INT("most", most)), &opened));
    TRY(ctx_run_any(c, &sql_link_browser_purge, PARAMS(P_INT("most", most)), &browsers));
    *ret_gone = waiting > opened ? waiting : opened;
    if (browsers > *ret_gone)
        *ret_gone = browsers;
    return NULL;
}
