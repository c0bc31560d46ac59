#include "lib/routes.h"
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "features/calendar/follow.h"
#include "mail/mail.h"

enum { ROUTES_MOST = 500, LINK_ID = 4242 };

/* ---- Sides ---- */

static void side_add(struct side *side, const char *name, const char *value)
{
    int i = 0;
    while (i < SIDE_VALUES - 1 && side->values[i].name && strcmp(side->values[i].name, name) != 0)
        i++;
    assert_true(i < SIDE_VALUES - 1);
    side->values[i].name = name;
    side->values[i].value = value;
}

const char *side_value(const struct side *side, const char *name)
{
    for (int i = 0; side->values[i].name; i++)
        if (strcmp(side->values[i].name, name) == 0)
            return side->values[i].value;
    fail_msg("tests/lib/routes.c: what stands for '%s'? side_make must say it", name);
    return "";
}

static void side_ask(struct world_test *w, struct side *side, const char *name, const char *sql)
{
    const char *value = world_value(w, sql);
    if (!*value)
        fail_msg("%s has no %s: %s", side->slug, name, sql);
    side_add(side, name, value);
}

/* A ticket of the world where none has a file: the bytes are those of another organization's, the rows its own. */
static void side_file(struct world_test *w, struct side *side)
{
    long long org = (long long)side->org_id;
    const char *ticket = side_value(side, "ticket");
    const char *find = world_text(w, "SELECT a.id FROM attachment a JOIN comment m ON m.org_id = a.org_id AND m.id = a.comment_id "
        "WHERE a.org_id = %lld AND a.ticket_id = %s AND m.is_internal = 0 ORDER BY a.id LIMIT 1", org, ticket);
    if (!*world_value(w, find)) {
        world_run_sql(w, world_text(w, "INSERT INTO file (org_id, hash, size_bytes, type, created_at) "
            "SELECT %lld, hash, size_bytes, type, created_at FROM file WHERE size_bytes > 0 ORDER BY hash LIMIT 1 ON CONFLICT DO NOTHING", org));
        world_run_sql(w, world_text(w, "INSERT INTO attachment (org_id, id, ticket_id, comment_id, hash, name, type, size_bytes) "
            "SELECT %lld, m.id, m.ticket_id, m.id, f.hash, 'a.txt', f.type, f.size_bytes FROM comment m JOIN file f ON f.org_id = m.org_id "
            "WHERE m.org_id = %lld AND m.ticket_id = %s AND m.kind = 'opening' LIMIT 1", org, org, ticket));
    }
    side_ask(w, side, "file", find);
}

/* The word of a link in a mail, still good. */
static void side_link(struct world_test *w, struct side *side)
{
    struct ctx c = { .arena = world_arena(w), .key = &world_app(w)->key, .address = "", .app = world_app(w) };
    world_run_sql(w, world_text(w, "INSERT INTO mail_link (id, kind, person_id, org_id, created_at, expires_at) "
        "SELECT %d, 'password', MIN(id), %lld, 1, %lld FROM person WHERE id > 0 ON CONFLICT DO NOTHING", LINK_ID, (long long)side->org_id, (long long)world_now(w) + 86400000));
    side_add(side, "password_link", strrchr(mail_link_address(&c, LINK_ID), '/') + 1);
    side_add(side, "invitation", strrchr(mail_link_address_of(&c, "invitation", LINK_ID), '/') + 1);   /* well made, and answered long ago */
}

/* An import that waits, and an export whose file is one that is there. */
static void side_transfer(struct world_test *w, struct side *side)
{
    long long org = (long long)side->org_id;
    world_run_sql(w, world_text(w, "INSERT INTO import_run (org_id, id, kind, state, lang, name, hash, person_id, mandate_id, created_at, changed_at) "
        "VALUES (%lld, %lld, 'clients', 'checked', 'fr', 'a.csv', 'a', 1, 1, 1, 1) ON CONFLICT DO NOTHING", org, org + 4361));
    world_run_sql(w, world_text(w, "INSERT INTO export_run (org_id, id, kind, state, filters, is_all, lang, hash, person_id, created_at, ends_at) "
        "SELECT %lld, %lld, 'clients', 'done', '{}', 1, 'fr', hash, 1, 1, 9000000000000000000 FROM file WHERE size_bytes > 0 ORDER BY hash LIMIT 1 ON CONFLICT DO NOTHING",
        org, org + 4362));
    side_ask(w, side, "import", world_text(w, "SELECT MIN(id) FROM import_run WHERE org_id = %lld", org));
    side_ask(w, side, "export", world_text(w, "SELECT MIN(id) FROM export_run WHERE org_id = %lld", org));
}

/* Support asked for and support given, with the letter of the one. */
static void side_support(struct world_test *w, struct side *side)
{
    struct ctx c = { .arena = world_arena(w), .key = &world_app(w)->key, .address = "", .app = world_app(w) };
    static const struct { const char *name, *state, *answer; int id; } kinds[] = { { "request", "requested", "", 4371 }, { "support", "active", "granted", 4372 } };
    long long org = (long long)side->org_id;
    for (int i = 0; i < 2; i++) {
        world_run_sql(w, world_text(w, "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_org_id, starts_at, ends_at, created_at) "
            "SELECT %lld, %lld, 'support', 'read', '%s', MIN(id), %lld, 1, 9000000000000000000, 1 FROM person WHERE id > 0 ON CONFLICT DO NOTHING", org, org + kinds[i].id,
            kinds[i].state, org));
        world_run_sql(w, world_text(w, "INSERT INTO support_request (org_id, mandate_id, partner_id, dossier_id, member_id, level, hours, reason, asked_by, asked_at, sent_at, dies_at, answer) "
            "SELECT %lld, %lld, %lld, 1, 1, 'read', 24, 'a', MIN(id), 1, 1, 9000000000000000000, '%s' FROM person WHERE id > 0 ON CONFLICT DO NOTHING", org, org + kinds[i].id, org,
            kinds[i].answer));
        side_add(side, kinds[i].name, world_text(w, "%lld", org + kinds[i].id));
    }
    world_run_sql(w, world_text(w, "INSERT INTO support_session (org_id, id, mandate_id, person_id, partner_id, session_id, reason, started_at, ends_at) "
        "SELECT %lld, %lld, %lld, MIN(id), %lld, %lld, 'a', 1, 2 FROM person WHERE id > 0 ON CONFLICT DO NOTHING", org, org + 4374, org + 4372, org, org + 4374));
    side_add(side, "visit", world_text(w, "%lld", org + 4374));
    world_run_sql(w, world_text(w, "INSERT INTO support_letter (link_id, org_id, mandate_id, person_id, email_key, sent_at) "
        "SELECT %d, %lld, %lld, p.id, p.email_key, 1 FROM mandate m JOIN person p ON p.id = m.holder_person_id "
        "WHERE m.org_id = %lld AND m.kind = 'membership' AND m.detail = 'administrator' AND m.state = 'active' ORDER BY m.id LIMIT 1 ON CONFLICT DO NOTHING",
        LINK_ID, org, org + 4371, org));
    world_run_sql(w, world_text(w, "INSERT INTO dossier (org_id, id, client_org_id, mandate_id, name, name_key, state, created_at, changed_at) "
        "VALUES (%lld, %lld, %lld, 1, 'a', 'a', 'none', 1, 1) ON CONFLICT DO NOTHING", org, org + 4373, org));
    side_add(side, "dossier", world_text(w, "%lld", org + 4373));
    side_add(side, "dossier_ids", side_value(side, "dossier"));
    world_run_sql(w, world_text(w, "INSERT INTO dossier_invite (org_id, id, link_id, email, email_key, asked_by, asked_at, sent_at, expires_at) "
        "SELECT %lld, %lld, %d, email, email_key, id, 1, 1, 9000000000000000000 FROM person WHERE id > 0 ORDER BY id LIMIT 1 ON CONFLICT DO NOTHING", org, org + 4375, LINK_ID));
    side_add(side, "invite", world_text(w, "%lld", org + 4375));
    side_add(side, "client_org_id", world_text(w, "%lld", org));
    side_add(side, "dossier_link", strrchr(mail_link_address_of(&c, "dossier", LINK_ID), '/') + 1);
    side_add(side, "support_link", strrchr(mail_link_address_of(&c, "support", LINK_ID), '/') + 1);
}

/* An answer by e-mail that was set aside. */
static void side_message(struct world_test *w, struct side *side)
{
    long long org = (long long)side->org_id;
    world_run_sql(w, world_text(w, "INSERT INTO inbound_mail (org_id, id, reason, ticket_id, from_email, subject, hash, created_at) "
        "SELECT %lld, %lld, 'sender', %s, 'a@b.example', 'Re', hash, 1 FROM file WHERE size_bytes > 0 ORDER BY hash LIMIT 1 ON CONFLICT DO NOTHING", org, org + 4371, side_value(side, "ticket")));
    world_run_sql(w, world_text(w, "INSERT INTO inbound_text (org_id, mail_id, text) VALUES (%lld, %lld, 'Bonjour') ON CONFLICT DO NOTHING", org, org + 4371));
    side_ask(w, side, "message", world_text(w, "SELECT MIN(id) FROM inbound_mail WHERE org_id = %lld", org));
}

/* Somebody who follows the ticket, and another ticket tied to it. */
static void side_ties(struct world_test *w, struct side *side)
{
    long long org = (long long)side->org_id;
    const char *ticket = side_value(side, "ticket");
    world_run_sql(w, world_text(w, "INSERT INTO ticket_follower (org_id, id, ticket_id, contact_id, created_at) VALUES (%lld, %s, %s, %s, 1) ON CONFLICT DO NOTHING",
        org, ticket, ticket, side_value(side, "contact_id")));
    world_run_sql(w, world_text(w, "INSERT INTO ticket_tie (org_id, id, ticket_id, kind, object_id, relation, created_at) "
        "SELECT %lld, %s, %s, 'ticket', MAX(id), 'related', 1 FROM ticket WHERE org_id = %lld AND id <> %s ON CONFLICT DO NOTHING", org, ticket, ticket, org, ticket));
    side_ask(w, side, "follower", world_text(w, "SELECT MAX(id) FROM ticket_follower WHERE org_id = %lld AND ticket_id = %s", org, ticket));
    side_ask(w, side, "tie", world_text(w, "SELECT MAX(id) FROM ticket_tie WHERE org_id = %lld AND ticket_id = %s", org, ticket));
}

/* A site of the client, and a machine there. */
static void side_site(struct world_test *w, struct side *side)
{
    long long org = (long long)side->org_id;
    const char *client = side_value(side, "client");
    world_run_sql(w, world_text(w, "INSERT INTO site (org_id, id, client_id, number, name, name_key, created_at, changed_at) VALUES (%lld, %s + 2, %s, 'Z-%s', 'A', 'zz', 1, 1) ON CONFLICT DO NOTHING",
        org, client, client, client));
    side_ask(w, side, "site", world_text(w, "SELECT MIN(id) FROM site WHERE org_id = %lld AND client_id = %s", org, client));
    side_add(side, "site_id", side_value(side, "site"));
    world_run_sql(w, world_text(w, "INSERT INTO equipment (org_id, id, client_id, site_id, name, name_key, state, created_at, changed_at) "
        "VALUES (%lld, %s + 3, %s, %s, 'A', 'zz', 'in_service', 1, 1) ON CONFLICT DO NOTHING", org, client, client, side_value(side, "site")));
    side_ask(w, side, "equipment", world_text(w, "SELECT MIN(id) FROM equipment WHERE org_id = %lld AND client_id = %s AND (site_id = %s OR site_id IS NULL)", org, client, side_value(side, "site")));
    side_add(side, "equipment_id", side_value(side, "equipment"));
}

/* A secure link to all of the client. */
static void side_secure_link(struct world_test *w, struct side *side)
{
    long long org = (long long)side->org_id;
    const char *client = side_value(side, "client");
    world_run_sql(w, world_text(w, "INSERT INTO mandate (org_id, id, kind, detail, state, scope_client_id, starts_at, created_at) "
        "VALUES (%lld, %s + 5, 'link', 'ask', 'active', %s, 1, 1) ON CONFLICT DO NOTHING", org, client, client));
    world_run_sql(w, world_text(w, "INSERT INTO link (org_id, mandate_id) VALUES (%lld, %s + 5) ON CONFLICT DO NOTHING", org, client));
    side_ask(w, side, "link", world_text(w, "SELECT %s + 5", client));
}

/* A job of the client that is planned, with a photo of it. */
static void side_job(struct world_test *w, struct side *side)
{
    long long org = (long long)side->org_id;
    const char *client = side_value(side, "client"), *member = side_value(side, "member_id");
    world_run_sql(w, world_text(w, "INSERT INTO job_type (org_id, id, name, name_key, position) VALUES (%lld, %lld, 'A', 'zz', 99) ON CONFLICT DO NOTHING", org, org + 4380));
    world_run_sql(w, world_text(w, "INSERT INTO job (org_id, id, number, client_id, type_id, site_id, title, state, member_id, planned_start, planned_end, asked_how, asked_name, created_at, changed_at) "
        "VALUES (%lld, %s + 4, 900000 + %s %% 90000, %s, %lld, %s, 'A', 'planned', %s, 1, 2, 'office', 'B', 1, 1) ON CONFLICT DO NOTHING", org, client, client, client, org + 4380, side_value(side, "site"), member));
    world_run_sql(w, world_text(w, "INSERT INTO job_text (org_id, job_id, description) VALUES (%lld, %s + 4, 'A') ON CONFLICT DO NOTHING", org, client));
    world_run_sql(w, world_text(w, "INSERT INTO job_file (org_id, id, job_id, kind, hash, shown_hash, small_hash, picture_state, name, type, size_bytes, added_name, created_at) "
        "SELECT org_id, %s + 5, %s + 4, 'photo', MIN(hash), MIN(hash), MIN(hash), 'ready', 'a.jpg', 'image/jpeg', 1, 'B', 1 FROM file WHERE org_id = %lld AND size_bytes > 0 GROUP BY org_id "
        "ON CONFLICT DO NOTHING", client, client, org));
    side_add(side, "job", world_text(w, "%lld", (long long)world_number(w, world_text(w, "SELECT %s + 4", client))));
    side_add(side, "job_id", side_value(side, "job"));
    side_add(side, "photo", world_text(w, "%lld", (long long)world_number(w, world_text(w, "SELECT %s + 5", client))));
    /* Types with the numbers of a ticket's, for forms of both say type_id. */
    const char *type = side_value(side, "type_id");
    for (int i = 0; i < 2; i++)
        world_run_sql(w, world_text(w, "INSERT INTO job_type (org_id, id, name, name_key, position) VALUES (%lld, %s + %d, 'Z%d', 'zz%d', 99) ON CONFLICT DO NOTHING", org, type, i, i, i));
    side_add(side, "jobtype", type);
    world_run_sql(w, world_text(w, "INSERT INTO visit (org_id, id, client_id, type_id, title, description, every_months, next_on, created_at, changed_at) "
        "VALUES (%lld, %s + 8, %s, %s, 'A', 'A', 12, 30000, 1, 1) ON CONFLICT DO NOTHING", org, client, client, type));
    side_add(side, "recurrence", world_text(w, "%lld", (long long)world_number(w, world_text(w, "SELECT %s + 8", client))));
    world_run_sql(w, world_text(w, "INSERT INTO job_file (org_id, id, job_id, kind, hash, name, type, size_bytes, added_name, created_at) "
        "SELECT org_id, %s + 7, %s + 4, 'attachment', MIN(hash), 'plan.txt', 'text/plain', 1, 'B', 1 FROM file WHERE org_id = %lld AND size_bytes > 0 GROUP BY org_id ON CONFLICT DO NOTHING", client, client, org));
    side_add(side, "jobfile", world_text(w, "%lld", (long long)world_number(w, world_text(w, "SELECT %s + 7", client))));
}

/* One to follow, of the organization's administrator. */
static void side_calendar(struct world_test *w, struct side *side, struct ctx *c)
{
    long long org = (long long)side->org_id;
    struct doc *calendar = doc_map(c->arena);
    world_run_sql(w, world_text(w, "INSERT INTO calendar (id, org_id, mandate_id, member_id, generation, created_at) SELECT %lld, org_id, id, holder_member_id, 1, 1 FROM mandate "
        "WHERE org_id = %lld AND kind = 'membership' AND detail = 'administrator' AND state = 'active' ORDER BY id LIMIT 1 ON CONFLICT DO NOTHING", org + 4366, org));
    doc_set_int(calendar, "id", org + 4366);
    doc_set_int(calendar, "generation", 1);
    side_add(side, "calendar_link", strrchr(follow_address(c, calendar), '/') + 1);
}

/* An absence of somebody who does jobs. */
static void side_absence(struct world_test *w, struct side *side)
{
    long long org = (long long)side->org_id;
    const char *client = side_value(side, "client"), *member = side_value(side, "member_id");
    world_run_sql(w, world_text(w, "INSERT INTO absence (org_id, id, member_id, starts_at, ends_at, label) VALUES (%lld, %s + 6, %s, 1000, 2000, 'A') ON CONFLICT DO NOTHING", org, client, member));
    side_ask(w, side, "absence", world_text(w, "SELECT MIN(id) FROM absence WHERE org_id = %lld AND ends_at = 2000", org));
    side_add(side, "technician", member);
}

struct side side_make(struct world_test *w, const char *slug, const char *client_name)
{
    struct side side = { .slug = slug };
    text_int(world_value(w, world_text(w, "SELECT id FROM organization WHERE slug = '%s'", slug)), &side.org_id);
    long long org = (long long)side.org_id;
    side_ask(w, &side, "client", world_text(w, "SELECT id FROM client WHERE org_id = %lld AND name = '%s'", org, client_name));
    const char *client = side_value(&side, "client");
    side_ask(w, &side, "contact", world_text(w, "SELECT id FROM contact WHERE org_id = %lld AND client_id = %s ORDER BY id LIMIT 1", org, client));
    side_ask(w, &side, "ticket", world_text(w, "SELECT t.id FROM ticket t LEFT JOIN attachment a ON a.org_id = t.org_id AND a.ticket_id = t.id "
        "WHERE t.org_id = %lld AND t.client_id = %s GROUP BY t.id ORDER BY COUNT(a.id) DESC, t.id LIMIT 1", org, client));
    side_file(w, &side);
    side_link(w, &side);
    side_secure_link(w, &side);
    world_run_sql(w, world_text(w, "INSERT INTO client_attachment (org_id, id, client_id, hash, name, type, size_bytes, is_shared, author_name, created_at) "
        "SELECT org_id, %s + 1, %s, MIN(hash), 'plan.txt', 'text/plain', 1, 1, 'Equipe', 1 FROM file WHERE org_id = %lld GROUP BY org_id ON CONFLICT DO NOTHING", client, client, org));
    side_ask(w, &side, "attachment", world_text(w, "SELECT MIN(id) FROM client_attachment WHERE org_id = %lld AND client_id = %s", org, client));
    side_ask(w, &side, "type_id", world_text(w, "SELECT MIN(id) FROM ticket_type WHERE org_id = %lld", org));
    side_ask(w, &side, "priority_id", world_text(w, "SELECT MIN(id) FROM ticket_priority WHERE org_id = %lld", org));
    world_run_sql(w, world_text(w, "INSERT INTO answer_template (org_id, id, name, name_key, body, changed_at) VALUES (%lld, %lld, 'A', 'zz', 'b', 1) ON CONFLICT DO NOTHING", org, org + 4363));
    side_ask(w, &side, "template", world_text(w, "SELECT MIN(id) FROM answer_template WHERE org_id = %lld", org));
    side_add(&side, "type", side_value(&side, "type_id"));
    side_add(&side, "priority", side_value(&side, "priority_id"));
    side_ask(w, &side, "member_id", world_text(w, "SELECT MIN(holder_member_id) FROM mandate WHERE org_id = %lld AND detail = 'administrator'", org));
    side_ask(w, &side, "member", world_text(w, "SELECT MIN(holder_member_id) FROM mandate WHERE org_id = %lld AND kind = 'membership' AND detail = 'support_agent'", org));
    side_ask(w, &side, "mandate", world_text(w, "SELECT MIN(id) FROM mandate WHERE org_id = %lld AND kind = 'access' AND state = 'active' AND scope_client_id = %s", org, client));
    side_ask(w, &side, "token", "SELECT COALESCE(MAX(mandate_id), 1) FROM token");
    side_ask(w, &side, "contact_id", world_text(w, "SELECT COALESCE((SELECT MIN(ct.id) FROM contact ct JOIN mandate d ON d.org_id = ct.org_id AND d.holder_contact_id = ct.id "
        "WHERE ct.org_id = %lld AND ct.client_id = %s AND d.detail = 'tickets' AND d.state = 'active'), "
        "(SELECT contact_id FROM ticket WHERE org_id = %lld AND id = %s))", org, client, org, side_value(&side, "ticket")));
    side_site(w, &side);
    side_job(w, &side);
    side_absence(w, &side);
    side_ties(w, &side);
    side_add(&side, "collaborator", side_value(&side, "member"));
    side_add(&side, "client_id", client);
    side_transfer(w, &side);
    side_support(w, &side);
    side_message(w, &side);
    world_run_sql(w, world_text(w, "INSERT INTO portal_invitation_run (org_id, id, state, audience, person_id, mandate_id, by_name, created_at, changed_at) "
        "VALUES (%lld, %lld, 'counted', 'given', 1, 1, 'a', 1, 1) ON CONFLICT DO NOTHING", org, org + 4364));
    struct ctx c = { .arena = world_arena(w), .key = &world_app(w)->key, .address = "", .app = world_app(w) };
    world_run_sql(w, world_text(w, "INSERT INTO mail (id, org_id, kind, to_email, to_name, from_name, subject, state, next_at, created_at) "
        "VALUES (%lld, %lld, 'mail_portal_invitation', 'a@b.example', 'c', 'd', 'e', 'sent', 1, 1) ON CONFLICT DO NOTHING", org + 4365, org));
    side_add(&side, "mute_link", strrchr(mail_link_address_of(&c, "mute", org + 4365), '/') + 1);
    side_calendar(w, &side, &c);
    side_ask(w, &side, "run", world_text(w, "SELECT MIN(id) FROM portal_invitation_run WHERE org_id = %lld", org));
    side_add(&side, "organization", world_text(w, "%lld", org));
    side_ask(w, &side, "session", "SELECT COALESCE(MAX(id), 1) FROM session");
    return side;
}

struct side side_unknown(const struct side *side)
{
    struct side unknown = *side;
    for (int i = 0; unknown.values[i].name; i++)
        if (!strstr(unknown.values[i].name, "_link") && strcmp(unknown.values[i].name, "invitation") != 0)
            unknown.values[i].value = "777777777777777777";
    return unknown;
}

/* ---- Addresses ---- */

const struct route **routes_all(struct world_test *w)
{
    const struct route **all = ARENA_ARRAY(world_arena(w), const struct route *, ROUTES_MOST + 1);
    int count = 0;
    for (const struct feature *const *f = world_app(w)->features; *f; f++)
        for (const struct route *r = (*f)->routes; r->pattern && strcmp((*f)->name, "demo") != 0; r++) {
            assert_true(count < ROUTES_MOST);
            all[count++] = r;
        }
    return all;
}

bool route_is_of(const struct route *r, char space)
{
    bool is_portal = text_starts(r->pattern, "/p/:portal"), is_office = text_starts(r->pattern, "/o/:org"), is_link = text_starts(r->pattern, "/l/:link");
    return space == 'p' ? is_portal : space == 'o' ? is_office : space == 'l' ? is_link : !is_portal && !is_office && !is_link;
}

/* A part that is no id: a slug or a word. */
static bool part_is_text(const char *name) { return strcmp(name, "org") == 0 || strcmp(name, "portal") == 0 || strcmp(name, "word") == 0; }

int route_ids(const struct route *r, const char *ret_names[ROUTE_IDS])
{
    static char kept[64][40];   /* names, since a pattern's parts end in no NUL */
    static int kept_count;
    int count = 0;
    for (const char *at = strchr(r->pattern, ':'); at; at = strchr(at + 1, ':')) {
        char name[40];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 1, "/"), at + 1);
        if (part_is_text(name))
            continue;
        int i = 0;
        while (i < kept_count && strcmp(kept[i], name) != 0)
            i++;
        assert_true(i < 64 && count < ROUTE_IDS);
        if (i == kept_count)
            strcpy(kept[kept_count++], name);
        ret_names[count++] = kept[i];
    }
    return count;
}

static const char *word_of(struct world_test *w, const struct route *r, const struct side *side)
{
    if (strstr(r->pattern, "/access/:word"))
        return "tickets";
    if (text_starts(r->pattern, "/brand/:word"))
        return world_text(w, "%s.css", side->slug);
    if (text_starts(r->pattern, "/account/password/:word"))
        return side_value(side, "password_link");
    if (text_starts(r->pattern, "/account/invitation/:word"))
        return side_value(side, "invitation");
    if (text_starts(r->pattern, "/account/support/:word"))
        return side_value(side, "support_link");
    if (text_starts(r->pattern, "/account/dossier/:word"))
        return side_value(side, "dossier_link");
    if (text_starts(r->pattern, "/account/mute/:word"))
        return side_value(side, "mute_link");
    if (text_starts(r->pattern, "/cal/:word"))
        return side_value(side, "calendar_link");
    fail_msg("tests/lib/routes.c: what word stands in %s? word_of must say it", r->pattern);
    return "";
}

const char *route_address(struct world_test *w, const struct route *r, const struct side *own, const struct side *other, unsigned mask)
{
    struct buf out;
    int number = 0;
    buf_init(&out, world_arena(w), 2000);
    for (const char *at = r->pattern; *at;) {
        if (*at != ':') {
            buf_add(&out, at++, 1);
            continue;
        }
        size_t len = strcspn(++at, "/");
        const char *name = arena_copy(world_arena(w), at, len);
        if (strcmp(name, "word") == 0)
            buf_text(&out, word_of(w, r, own));
        else if (part_is_text(name))
            buf_text(&out, own->slug);
        else
            buf_text(&out, side_value(mask >> number++ & 1 ? other : own, name));
        at += len;
    }
    return buf_end(&out);
}

/* ---- Forms ---- */

/* What a field must have, where any word will not do. */
static const struct { const char *name, *value; } field_texts[] = {
    { "day", "2027-06-15" }, { "start", "10:00" }, { "minutes", "60" }, { "first_day", "2027-06-15" }, { "last_day", "2027-06-16" }, { "hours", "35" }, { "length", "2 h" }, { "next_on", "2027-06-15" }, { "lead_days", "20" },
};

static const char *field_text(const struct field *f)
{
    for (size_t i = 0; i < sizeof field_texts / sizeof *field_texts; i++)
        if (f->kind == FIELD_TEXT && strcmp(f->name, field_texts[i].name) == 0)
            return field_texts[i].value;
    switch (f->kind) {
    case FIELD_EMAIL: return "nouveau@exemple.example";
    case FIELD_PASSWORD: case FIELD_NEW_PASSWORD: return "quatre-lampes-et-un-hibou";
    case FIELD_COLOR: return "#0b5563";
    case FIELD_CHOICE: return f->choices[0].value;
    default: return "Essai";
    }
}

int route_id_fields(const struct route *r)
{
    int count = 0;
    for (const struct field *f = r->form; f && f->name; f++)
        count += f->kind == FIELD_ID;
    return count;
}

const char *route_form(struct world_test *w, const struct route *r, const struct side *own, const struct side *other, int which)
{
    struct buf out;
    int number = 0;
    buf_init(&out, world_arena(w), 10000);
    for (const struct field *f = r->form; f && f->name; f++) {
        const char *value = "";
        if (f->kind == FIELD_ID)
            value = side_value(number++ == which ? other : own, f->name);
        else if (f->kind == FIELD_IDS)
            value = side_value(own, strcmp(f->name, "equipment_id") == 0 ? "equipment" : "ticket");
        else if (f->is_required && f->kind != FIELD_FILES)
            value = field_text(f);
        else if (strcmp(f->name, "body") == 0)   /* no field of a comment must be there, but one of them */
            value = "Essai";
        if (*value)
            buf_printf(&out, "%s%s=%s", out.len ? "&" : "", f->name, text_url_encode(world_arena(w), value));
    }
    return buf_end(&out);
}
