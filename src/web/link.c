/* Behind a secure link: the cookie of its narrow session, and what the gate makes of it. */
#include "mandate/link.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "tpl/tpl.h"
#include "web/inside.h"
#include "web/queries.h"

enum { COOKIE_CHARS = 43, AGENT_MOST = 300 };   /* 256 bits as base64url */

bool link_is_space(const struct route *r) { return text_starts(r->pattern, "/l/:link"); }

/* "__Host-mandat-link": neither the person's cookie nor read where the person's is. */
static const char *cookie_name(struct ctx *c) { return arena_printf(c->arena, "%s-link", c->app->cookie); }

static const char *cookie_hash(struct ctx *c)
{
    const char *cookie = request_cookie(&c->web->request, c->arena, cookie_name(c));
    unsigned char hash[SECRET_HASH];
    if (strlen(cookie) != COOKIE_CHARS)
        return NULL;
    secret_sha256(hash, cookie, COOKIE_CHARS);
    return text_hex(c->arena, hash, sizeof hash);
}

struct err *link_browser(struct ctx *c, int64_t *ret_browser_id)
{
    const char *hash = cookie_hash(c);
    *ret_browser_id = 0;
    return hash ? link_browser_find(c, hash, ret_browser_id) : NULL;
}

struct err *link_browser_renew(struct ctx *c, int64_t *browser_id)
{
    const char *hash = NULL, *cookie = cookie_new(c, &hash);
    TRY(link_browser_put(c, browser_id, hash));
    cookie_set(c, cookie_name(c), cookie, LINK_BROWSER_DAYS * CLOCK_DAY_MS / 1000);
    return NULL;
}

/* "192.0.2.0/24", "2001:db8:1::/48": enough to know a place again, and nobody's own address. */
const char *link_network(struct ctx *c)
{
    const char *remote = web_remote(c), *at = remote;
    bool is_four = strchr(remote, '.') != NULL;
    for (int parts = 0; *at && parts < 3; at++)
        parts += *at == (is_four ? '.' : ':');
    if (!*at)
        return *remote ? "::/48" : "";
    return arena_printf(c->arena, is_four ? "%.*s0/24" : "%.*s:/48", (int)(at - remote), remote);
}

const char *link_agent(struct ctx *c)
{
    char *agent = arena_text(c->arena, request_header(&c->web->request, "user-agent"));
    if (strlen(agent) > AGENT_MOST)
        agent[AGENT_MOST] = '\0';
    return agent;
}

struct err *link_is_open(struct ctx *c, int64_t link_id, bool *ret_is_open)
{
    const char *hash = cookie_hash(c);
    struct authority before = c->who;
    struct err *e = hash ? link_authority(c, link_id, hash, RIGHT_SPACE_OPEN) : NULL;
    *ret_is_open = !e && hash && c->who.org_id;
    c->who = before;
    return e;
}

/* Nobody is known at the door; behind it the narrow session alone counts. An address that is none and one that is closed answer alike. */
struct err *gate_link(struct ctx *c)
{
    enum right right = c->web->route->right;
    const char *hash = c->web->bearer ? NULL : cookie_hash(c);
    c->who = (struct authority){ .person_name = "", .person_email = "", .granted_by = "" };
    if (right == RIGHT_PUBLIC)
        return NULL;
    if (hash)
        TRY(link_authority(c, path_id(c, "link"), hash, right));
    if (!c->who.org_id)
        return ERR(c->arena, ERR_SIGN_IN, "no session of this link");
    TRY(ctx_row(c, &sql_organization_by_id, PARAMS(P_INT("at_org", c->who.org_id)), &c->web->org));
    c->web->space = 'l';
    return ctx_may(c, right) ? NULL : ERR(c->arena, ERR_NOT_FOUND, "the link does not give %s", right_word(right));
}

struct doc *shell_link(struct ctx *c)
{
    struct doc *row = NULL, *rights = doc_list(c->arena);
    if (!c->who.link_id || c->web->space != 'l' || !db_in_transaction(c->db) || ctx_maybe(c, &sql_link_shell, NULL, &row) || !row)
        return NULL;
    int64_t end = doc_int_of(row, "ends_at"), start = doc_int_of(row, "starts_at");
    doc_push(rights, doc_text(c->arena, web_text(c, N_("Consulter"))));
    if (ctx_may(c, RIGHT_JOB_ASK))
        doc_push(rights, doc_text(c->arena, web_text(c, N_("Créer une intervention"))));
    doc_set(row, "rights", rights);
    doc_set_int(row, "id", c->who.link_id);
    doc_set_int(row, "left_days", end > c->now_ms ? (end - c->now_ms + CLOCK_DAY_MS - 1) / CLOCK_DAY_MS : 0);
    doc_set_int(row, "past_percent", end > start ? 100 * (c->now_ms - start) / (end - start) : 0);
    return row;
}
