/* An organization made: its row, a slug of its own, and what a ticket can be from its first day. */
#include <string.h>
#include "base/text.h"
#include "features/organization/organization.h"
#include "features/queries.h"

enum { SLUG_MOST = 60, SLUG_TRIES = 50 };

/* "hotel-bellerive"; a name without a letter that an address can carry is "espace". */
static char *slug_of(struct ctx *c, const char *name)
{
    char *slug = text_name_key(c->arena, name);
    for (char *ch = slug; *ch; ch++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789", *ch))
            *ch = '-';
    if (strlen(slug) > SLUG_MOST)
        slug[SLUG_MOST] = '\0';
    return *slug && *slug != '-' ? slug : arena_text(c->arena, "espace");
}

/* The first of "nom", "nom-2", "nom-3" … that is free; after many, one with the id behind. */
static struct err *organization_row(struct ctx *c, const struct organization_new *new, int64_t id)
{
    const char *slug = slug_of(c, new->name);
    int64_t made = 0;
    for (int i = 1; i <= SLUG_TRIES && !made; i++) {
        const char *word = i == 1 ? slug : i == SLUG_TRIES ? arena_printf(c->arena, "%s-%lld", slug, (long long)id) : arena_printf(c->arena, "%s-%d", slug, i);
        TRY(ctx_run_any(c, &sql_organization_add, PARAMS(P_INT("id", id), P_TEXT("slug", word), P_TEXT("name", new->name),
            P_TEXT("name_key", text_name_key(c->arena, new->name)), P_TEXT("legal_name", new->legal_name), P_TEXT("siren", new->siren),
            P_TEXT("street", new->street), P_TEXT("postcode", new->postcode), P_TEXT("city", new->city), P_TEXT("email", new->email),
            P_TEXT("phone", new->phone), P_TEXT("lang", c->lang && *c->lang ? c->lang : "fr"), P_INT("is_operator", new->is_operator)), &made));
    }
    return made ? NULL : ERR(c->arena, ERR_CONFLICT, "no slug is free: %s", slug);
}

static struct err *ticket_lists(struct ctx *c, int64_t org_id)
{
    static const char *const types[] = { "Question", "Anomalie", "Facturation", "Évolution" };
    static const struct { const char *name, *tone; } priorities[] = { { "Basse", "low" }, { "Normale", "normal" }, { "Haute", "high" }, { "Urgente", "urgent" } };
    for (int i = 0; i < 4; i++) {
        TRY(ctx_run(c, &sql_organization_type_add, PARAMS(P_INT("at_org", org_id), P_INT("id", ctx_id(c)), P_TEXT("name", types[i]), P_INT("position", i + 1))));
        TRY(ctx_run(c, &sql_organization_priority_add, PARAMS(P_INT("at_org", org_id), P_INT("id", ctx_id(c)), P_TEXT("name", priorities[i].name),
            P_TEXT("tone", priorities[i].tone), P_INT("position", i + 1), P_INT("is_default", i == 1))));
    }
    return NULL;
}

/* What a job can be from the first day; a company without field work never sees them. */
static struct err *job_lists(struct ctx *c, int64_t org_id)
{
    static const struct { const char *name; int minutes; } types[] = { { "Dépannage", 120 }, { "Entretien", 120 }, { "Installation", 240 } };
    for (int i = 0; i < 3; i++)
        TRY(ctx_run(c, &sql_organization_job_type_add, PARAMS(P_INT("at_org", org_id), P_INT("id", ctx_id(c)), P_TEXT("name", types[i].name),
            P_TEXT("name_key", text_name_key(c->arena, types[i].name)), P_INT("minutes", types[i].minutes), P_INT("position", i + 1))));
    return NULL;
}

bool organization_siren_checks(const char *digits)
{
    int sum = 0;
    for (int i = 0; i < 9; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        int twice = (digits[i] - '0') * 2;
        sum += i % 2 ? twice / 10 + twice % 10 : twice / 2;
    }
    return !digits[9] && sum % 10 == 0;
}

struct err *organization_operator(struct ctx *c, struct doc **ret_row) { return ctx_maybe(c, &sql_organization_operator, NULL, ret_row); }

struct err *organization_slug(struct ctx *c, int64_t org_id, const char **ret_slug)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_organization_slug, PARAMS(P_INT("of_org", org_id)), &row));
    *ret_slug = doc_text_of(row, "slug");
    return NULL;
}

struct err *organization_create(struct ctx *c, const struct organization_new *new, int64_t *ret_id)
{
    *ret_id = ctx_id(c);
    TRY(organization_row(c, new, *ret_id));
    TRY(organization_words(c, *ret_id));
    TRY(ticket_lists(c, *ret_id));
    return job_lists(c, *ret_id);
}

struct err *organization_option(struct ctx *c, const char *name, bool is_on)
{
    if (!text_same(name, "gallery"))
        return ERR(c->arena, ERR_INVALID, "%s is no option of a plan: gallery is", name);
    return ctx_run_any(c, is_on ? &sql_organization_option_put : &sql_organization_option_drop, PARAMS(P_TEXT("name", name)), NULL);
}
