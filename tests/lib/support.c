#include "lib/support.h"
#include <string.h>
#include "mandate/dossier.h"

#define SPACE "/o/froid-atlantique"

void support_scene_open(struct world_test *w, struct support_scene *ret_scene)
{
    struct ctx c;
    int64_t dossier_id = 0, mandate_id = 0;
    *ret_scene = (struct support_scene){ .w = w, .side = side_make(w, "froid-atlantique", "Hôtel Bellerive"), .mandate = "" };
    world_ctx(w, &c);
    c.who.person_id = world_number(w, "SELECT id FROM person WHERE email = '" SUPPORT_SOLENE "'");
    c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'cabinet-lanterne'");
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(dossier_new(&c, ret_scene->side.org_id, "born", "", &dossier_id, &mandate_id));
    must(db_commit(c.db, c.arena));
    ret_scene->dossier = world_text(w, "%lld", (long long)dossier_id);
}

void support_scene_put(struct support_scene *s, const char *name, const char *value)
{
    for (int i = 0; s->side.values[i].name; i++)
        if (strcmp(s->side.values[i].name, name) == 0)
            s->side.values[i].value = value;
}

const char *support_scene_member(struct support_scene *s, const char *who)
{
    return world_value(s->w, world_text(s->w, "SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = " SUPPORT_PARTNER " AND p.email = '%s'", who));
}

const char *support_scene_at(struct support_scene *s, const char *act)
{
    return world_text(s->w, "/partner/cabinet-lanterne/dossiers/%s/%s", s->dossier, act);
}

void support_scene_ask(struct support_scene *s, const char *who, const char *level)
{
    assert_status(world_post(s->w, SUPPORT_SOLENE, support_scene_at(s, "ask"), world_text(s->w, "member_id=%s&level=%s&hours=168&reason=TVA", support_scene_member(s, who), level)), 303);
    s->mandate = world_value(s->w, "SELECT mandate_id FROM support_request WHERE org_id = " SUPPORT_ORG " AND partner_id = " SUPPORT_PARTNER " AND answer = ''");
    support_scene_put(s, "request", s->mandate);
    support_scene_put(s, "support", s->mandate);
}

void support_scene_grant(struct support_scene *s, const char *level, int hours)
{
    assert_status(world_post(s->w, SUPPORT_SABINE, world_text(s->w, SPACE "/support/requests/%s", s->mandate), world_text(s->w, "level=%s&term=until&hours=%d", level, hours)), 303);
}

void support_scene_enter(struct support_scene *s, const char *who)
{
    struct answer *answer = world_post(s->w, who, support_scene_at(s, "enter"), "reason=TVA+d%27octobre");
    assert_status(answer, 303);
    world_cookie_keep(s->w, who, answer);
    support_scene_put(s, "visit", world_value(s->w, "SELECT MAX(id) FROM support_session WHERE org_id = " SUPPORT_ORG));
}

void support_scene_inside(struct support_scene *s, const char *who, const char *level)
{
    support_scene_ask(s, who, level);
    support_scene_grant(s, level, 24);
    support_scene_enter(s, who);
}

void support_scene_withdraw(struct support_scene *s)
{
    assert_status(world_post(s->w, SUPPORT_SABINE, world_text(s->w, SPACE "/support/%s/end", s->mandate), ""), 303);
}

void answers_same(const char *what, const struct answer *one, const struct answer *other)
{
    if (one->status != other->status || strcmp(one->type, other->type) != 0 || strcmp(one->location, other->location) != 0 || one->len != other->len
        || memcmp(one->body, other->body, one->len) != 0)
        fail_msg("%s: told apart: %d %s\n%.2000s\n---- %d %s\n%.2000s", what, one->status, one->location, one->body, other->status, other->location, other->body);
}
