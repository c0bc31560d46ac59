/* C-0: « Votre espace client » to all contacts: counted, looked at, sent once to each, left off by who asks for it. On both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "mail/mail.h"
#include "web/app.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define HOST "camille.vasseur@hexanode.example"
#define CLAIRE "claire.delmas@bellerive.example"
#define BRUNO "bruno.aubry@bellerive.example"
#define PAGES "/o/froid-atlantique/settings/invitations"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define SENT "SELECT COUNT(*) FROM mail WHERE kind = 'mail_portal_invitation'"
#define GIVEN "SELECT COUNT(DISTINCT ct.email_key) FROM contact ct JOIN mandate m ON m.org_id = ct.org_id AND m.holder_contact_id = ct.id WHERE ct.org_id = " FORG \
    " AND m.kind = 'access' AND m.state = 'active' AND ct.email_key <> ''"
#define EVERYBODY "SELECT COUNT(DISTINCT email_key) FROM contact WHERE org_id = " FORG " AND email_key <> ''"

/* Asked for and counted; the page of the run. */
static const char *counted(struct world_test *w, const char *form)
{
    struct answer *asked = world_post(w, ADMIN, PAGES, form);
    assert_status(asked, 303);
    while (world_work(w)) {}
    return asked->location;
}

static int64_t number_in(struct world_test *w, const char *page, const char *key)
{
    struct answer *json = world_get(w, ADMIN, world_text(w, "%s.json", page));
    assert_status(json, 200);
    return doc_int_of(doc_get(json->doc, "invitation"), key);
}

static void go(struct world_test *w, const char *page)
{
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", page), ""), 303);
    while (world_work(w)) {}
}

static int64_t mails_to(struct world_test *w, const char *email) { return world_number(w, world_text(w, SENT " AND to_email = '%s'", email)); }

static const char *mail_text(struct world_test *w, const char *email)
{
    return world_value(w, world_text(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_portal_invitation' AND m.to_email = '%s' ORDER BY m.id DESC LIMIT 1", email));
}

/* The page of the link at the foot of the newest message to somebody. */
static const char *foot(struct world_test *w, const char *email)
{
    struct ctx c;
    world_ctx(w, &c);
    int64_t id = world_number(w, world_text(w, "SELECT MAX(id) FROM mail WHERE kind = 'mail_portal_invitation' AND to_email = '%s'", email));
    return world_text(w, "%s", mail_link_address_of(&c, "mute", id) + strlen(c.address));
}

WORLD_TEST(c_0_nothing_leaves_before_the_count_was_seen_and_agreed_to)
{
    assert_has(world_get(w, ADMIN, "/o/froid-atlantique/settings"), "Inviter les contacts");
    const char *page = counted(w, "audience=given");
    struct answer *shown = world_get(w, ADMIN, page);
    assert_has(shown, "Votre espace client chez Froid Atlantique");       /* the mail's text */
    assert_has(shown, "Envoyer");
    assert_int_equal(number_in(w, page, "wanted"), world_number(w, GIVEN));
    assert_int_equal(number_in(w, page, "seen"), world_number(w, "SELECT COUNT(*) FROM contact WHERE org_id = " FORG));
    assert_int_equal(world_number(w, SENT), 0);
    go(w, page);
    assert_int_equal(world_number(w, SENT), world_number(w, GIVEN));
    assert_int_equal(number_in(w, page, "sent"), world_number(w, GIVEN));
    assert_has(world_get(w, ADMIN, page), "Envoyé");
    assert_int_equal(mails_to(w, BRUNO), 0);                              /* has been given nothing */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action IN ('portal_invitation_create', 'portal_invitation_go')"), 2);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", page), "again=1"), 422);
}

WORLD_TEST(c_0_all_contacts_in_several_stretches_each_address_once)
{
    world_run_sql(w, "INSERT INTO contact (org_id, id, first_name, last_name, name_key, email, email_key, created_at, changed_at) "
        "SELECT t.org_id, t.id, 'Double', 'D', 'd', '" CLAIRE "', '" CLAIRE "', 1, 1 FROM ticket t WHERE t.org_id = " FORG " AND t.number <= 1206 AND t.number >= 1201");
    world_run_sql(w, "WITH RECURSIVE n(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM n WHERE n < 450) "
        "INSERT INTO contact (org_id, id, first_name, last_name, name_key, email, email_key, created_at, changed_at) "
        "SELECT o.id, n.n, 'Un', 'Autre', 'autre un', 'un' || n.n || '@loin.example', 'un' || n.n || '@loin.example', 1, 1 FROM n CROSS JOIN organization o WHERE o.slug = 'froid-atlantique'");
    const char *page = counted(w, "audience=all");
    assert_int_equal(number_in(w, page, "wanted"), world_number(w, EVERYBODY));
    assert_true(number_in(w, page, "doubled") > 0);
    assert_int_equal(number_in(w, page, "without_email"), world_number(w, "SELECT COUNT(*) FROM contact WHERE email_key = '' AND org_id = " FORG));
    go(w, page);
    assert_int_equal(mails_to(w, CLAIRE), 1);
    assert_int_equal(world_number(w, SENT), world_number(w, EVERYBODY));
    assert_int_equal(world_number(w, "SELECT COUNT(DISTINCT to_email) FROM mail WHERE kind = 'mail_portal_invitation'"), world_number(w, SENT));
}

WORLD_TEST(c_0_never_twice_within_thirty_days_unless_asked)
{
    int64_t given = world_number(w, GIVEN);
    go(w, counted(w, "audience=given"));
    const char *again = counted(w, "audience=given");
    assert_int_equal(number_in(w, again, "recent"), given);
    assert_not(world_get(w, ADMIN, again), ">Envoyer<");
    assert_status(world_post(w, ADMIN, world_text(w, "%s/cancel", again), ""), 303);
    go(w, counted(w, "audience=given&is_again=1"));
    assert_int_equal(mails_to(w, CLAIRE), 2);
    world_run_sql(w, world_text(w, "UPDATE portal_invitation SET invited_at = invited_at - %lld", (long long)(31 * CLOCK_DAY_MS)));
    go(w, counted(w, "audience=given"));
    assert_int_equal(mails_to(w, CLAIRE), 3);
}

WORLD_TEST(c_0_what_is_cancelled_or_closed_does_not_leave_and_one_goes_at_a_time)
{
    assert_status(world_post(w, ADMIN, PAGES, "audience=given"), 303);
    struct answer *second = world_post(w, ADMIN, PAGES, "audience=all");
    assert_status(second, 422);
    assert_has(second, "déjà en cours");
    while (world_work(w)) {}
    const char *page = counted(w, "audience=given");
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", page), ""), 303);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/cancel", page), ""), 303);
    while (world_work(w)) {}
    assert_int_equal(world_number(w, SENT), 0);
    assert_has(world_get(w, ADMIN, page), "Annulé");
    page = counted(w, "audience=given");
    world_run_sql(w, "UPDATE organization SET is_portal_open = 0 WHERE slug = 'froid-atlantique'");
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", page), ""), 422);
    assert_status(world_post(w, ADMIN, PAGES, "audience=given&again=1"), 422);
    assert_int_equal(world_number(w, SENT), 0);
}

WORLD_TEST(c_0_each_mail_leads_where_its_reader_can_go)
{
    world_run_sql(w, "UPDATE contact SET lang = 'en' WHERE email = '" BRUNO "'");
    go(w, counted(w, "audience=all"));
    const char *claire = mail_text(w, CLAIRE), *bruno = mail_text(w, BRUNO);
    assert_non_null(strstr(claire, "http://localhost:8080/p/froid-atlantique"));
    assert_non_null(strstr(claire, "mot de passe habituel"));
    assert_non_null(strstr(claire, "@LINK@"));                            /* the secret of the foot is in no row */
    assert_non_null(strstr(bruno, "ask Froid Atlantique"));
    assert_null(strstr(bruno, "espace client"));
    world_run_sql(w, "UPDATE person SET password_hash = NULL WHERE email = '" CLAIRE "'");
    go(w, counted(w, "audience=given&is_again=1"));
    claire = mail_text(w, CLAIRE);
    assert_non_null(strstr(claire, "/account/password/forgot?portal=froid-atlantique"));
}

WORLD_TEST(c_0_the_link_at_the_foot_shows_by_get_and_mutes_by_post)
{
    go(w, counted(w, "audience=given"));
    const char *link = foot(w, CLAIRE);
    assert_has(world_get(w, NULL, link), CLAIRE);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_mute"), 0);
    struct answer *muted = world_post(w, NULL, link, "");
    assert_status(muted, 303);
    assert_has(world_get(w, NULL, muted->location), "C’est noté");
    assert_string_equal(world_value(w, "SELECT email_key FROM mail_mute"), CLAIRE);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'mail_mute' AND org_id = " FORG), 1);
    const char *page = counted(w, "audience=given&is_again=1");
    assert_int_equal(number_in(w, page, "muted"), 1);
    go(w, page);
    assert_int_equal(mails_to(w, CLAIRE), 1);
    char *made_up = arena_text(world_arena(w), link);
    made_up[strlen("/account/mute/") + 4] ^= 1;
    assert_status(world_get(w, NULL, made_up), 404);
}

WORLD_TEST(c_0_an_address_that_bounced_is_left_out_and_nobody_else_invites)
{
    world_run_sql(w, "INSERT INTO mail_bounce (org_id, email_key, bounced_at, said) SELECT id, '" CLAIRE "', 1, '550' FROM organization WHERE slug = 'froid-atlantique'");
    const char *page = counted(w, "audience=given");
    assert_int_equal(number_in(w, page, "muted"), 1);
    assert_status(world_get(w, AGENT, PAGES), 403);
    assert_status(world_post(w, AGENT, PAGES, "audience=all"), 403);
    assert_status(world_get(w, HOST, page), 404);
    const char *id = strrchr(page, '/') + 1;
    assert_status(world_get(w, HOST, world_text(w, "/o/hexanode/settings/invitations/%s", id)), 404);
    assert_status(world_post(w, HOST, world_text(w, "/o/hexanode/settings/invitations/%s/go", id), ""), 404);
}

WORLD_MAIN("portal_invite",
    WORLD_CASE(c_0_nothing_leaves_before_the_count_was_seen_and_agreed_to), WORLD_CASE(c_0_all_contacts_in_several_stretches_each_address_once),
    WORLD_CASE(c_0_never_twice_within_thirty_days_unless_asked), WORLD_CASE(c_0_what_is_cancelled_or_closed_does_not_leave_and_one_goes_at_a_time),
    WORLD_CASE(c_0_each_mail_leads_where_its_reader_can_go), WORLD_CASE(c_0_the_link_at_the_foot_shows_by_get_and_mutes_by_post),
    WORLD_CASE(c_0_an_address_that_bounced_is_left_out_and_nobody_else_invites))
