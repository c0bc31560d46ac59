#include "lib/links.h"
#include <string.h>
#include "base/text.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"

int64_t link_made(struct world_test *w, const struct link_wish *wish)
{
    struct ctx c;
    struct link_wish given = *wish;
    int64_t id = 0;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    c.who.person_id = world_person(w, ADMIN);
    given.wording = wish->wording ? wish->wording : "Un lien";
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(link_give(&c, &given, &id));
    must(db_commit(c.db, c.arena));
    return id;
}

const char *link_made_address(struct world_test *w, int64_t link_id)
{
    struct ctx c;
    world_ctx(w, &c);
    return world_text(w, "%s", link_address(&c, link_id, world_number(w, world_text(w, "SELECT generation FROM link WHERE mandate_id = %lld", (long long)link_id))));
}

const char *link_made_secret(struct world_test *w, int64_t link_id) { return strchr(link_made_address(w, link_id), '#') + 1; }

/* Beside the cookie of the person, which the world sends by itself. */
static struct answer *ask(struct visitor *v, enum method method, const char *target, const char *body)
{
    struct world_test *w = v->w;
    const char *cookie = world_text(w, "%s; %s-link=%s", v->person ? world_cookie(w, v->person) : "", world_app(w)->cookie, v->cookie ? v->cookie : "");
    struct answer *answer = world_ask(w, world_arena(w), world_db(w), &(struct world_request){ .cookie = cookie, .method = method, .target = target, .remote = v->remote,
        .type = method == METHOD_POST ? "application/x-www-form-urlencoded" : "", .body = body, .len = strlen(body) });
    if (*answer->cookie && strstr(answer_header(answer, "Set-Cookie"), "-link="))
        v->cookie = answer->cookie;
    return answer;
}

struct answer *visitor_get(struct visitor *v, const char *target) { return ask(v, METHOD_GET, target, ""); }

struct answer *visitor_post(struct visitor *v, int64_t session_id, const char *target, const char *form)
{
    struct ctx c;
    world_ctx(v->w, &c);
    c.who.session_id = session_id;
    return ask(v, METHOD_POST, target, world_text(v->w, "form_token=%s&%s", form_token(&c), form));
}

struct answer *visitor_open(struct visitor *v, int64_t link_id, const char *secret)
{
    return visitor_post(v, 0, world_text(v->w, "/l/%lld/open", (long long)link_id), world_text(v->w, "secret=%s", text_url_encode(world_arena(v->w), secret)));
}

int64_t visitor_session(struct visitor *v, int64_t link_id)
{
    return world_number(v->w, world_text(v->w, "SELECT MAX(id) FROM link_opening WHERE mandate_id = %lld", (long long)link_id));
}
