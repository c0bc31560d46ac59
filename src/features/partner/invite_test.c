/* « Inviter une entreprise existante » (S-15): the same for every address; who accepts, for which of theirs, once; what the partner learns, and when. */
#include <pthread.h>
#include <string.h>
#include "base/clock.h"
#include "lib/world.h"
#include "mail/mail.h"

#define SOLENE "solene.kerbrat@lanterne.example"       /* administrator of the partner */
#define INES "ines.rolland@lanterne.example"           /* its collaborator */
#define SABINE "sabine.cozic@froid-atlantique.example" /* administers an organization that is no dossier */
#define CLAIRE "claire.delmas@bellerive.example"       /* a contact: administers nothing */
#define NADIA "nadia.ferrand@tivoli.example"           /* administers a dossier */
#define UNKNOWN "personne@nulle-part.example"
#define LANTERNE "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"
#define FROID "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define TIVOLI "(SELECT id FROM organization WHERE slug = 'boulangerie-tivoli')"
#define HEXANODE "(SELECT id FROM organization WHERE slug = 'hexanode')"
#define PAGES "/partner/cabinet-lanterne/invitations"

static struct answer *invite(struct world_test *w, const char *email)
{
    return world_post(w, SOLENE, PAGES, world_text(w, "email=%s", email));
}

static const char *link_of(struct world_test *w, const char *email)
{
    struct ctx c;
    world_ctx(w, &c);
    c.key = &world_app(w)->key;
    c.address = "";
    return mail_link_address_of(&c, "dossier", world_number(w, world_text(w, "SELECT link_id FROM mail WHERE to_email = '%s' AND kind = 'mail_dossier_invited' ORDER BY created_at DESC, id DESC LIMIT 1", email)));
}

static const char *invited(struct world_test *w, const char *email)
{
    assert_status(invite(w, email), 303);
    return link_of(w, email);
}

static const char *choose(struct world_test *w, const char *org)
{
    return world_text(w, "client_org_id=%s", world_value(w, world_text(w, "SELECT %s", org)));
}

static int64_t dossiers(struct world_test *w, const char *org)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'dossier' AND state = 'active' AND holder_org_id = " LANTERNE " AND org_id = %s", org));
}

WORLD_TEST(a_known_address_and_an_unknown_one_are_answered_alike_S15)
{
    struct answer *known = invite(w, SABINE), *unknown = invite(w, UNKNOWN);
    assert_status(known, 303);
    assert_status(unknown, 303);
    assert_string_equal(known->location, unknown->location);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_dossier_invited'"), 2);
    struct answer *page = world_get(w, SOLENE, PAGES);
    assert_has(page, SABINE);
    assert_has(page, UNKNOWN);
    assert_not(page, "Froid Atlantique");
    const char *text = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.to_email = '" SABINE "' AND m.kind = 'mail_dossier_invited'");
    assert_string_equal(text, world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.to_email = '" UNKNOWN "'"));
    assert_non_null(strstr(text, "Cabinet Lanterne SARL"));
    assert_non_null(strstr(text, "@LINK@"));
}

WORLD_TEST(opening_grants_nothing_the_form_does_once_for_the_organization_chosen_S15)
{
    const char *link = invited(w, SABINE);
    for (int i = 0; i < 2; i++) {
        assert_not(world_get(w, NULL, link), "Froid Atlantique");            /* nothing of the reader before they are proved */
        assert_has(world_get(w, SABINE, link), "Froid Atlantique");
    }
    assert_int_equal(dossiers(w, FROID), 0);
    assert_status(world_post(w, SABINE, link, choose(w, HEXANODE)), 422);   /* somebody else's */
    assert_status(world_post(w, SABINE, link, "client_org_id=777777777777777777"), 422);
    assert_status(world_post(w, SABINE, link, ""), 422);
    assert_int_equal(dossiers(w, HEXANODE), 0);
    struct answer *a = world_post(w, SABINE, link, choose(w, FROID));
    assert_status(a, 303);
    assert_int_equal(dossiers(w, FROID), 1);
    assert_string_equal(world_value(w, "SELECT agreed_how FROM mandate WHERE kind = 'dossier' AND org_id = " FROID), "form");
    assert_string_equal(world_value(w, "SELECT state FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " FROID), "none");
    assert_has(world_get(w, SABINE, a->location), "Cabinet Lanterne");        /* in its register, to end there */
    assert_has(world_get(w, SOLENE, PAGES), "Froid Atlantique");              /* and now the partner knows */
    assert_has(world_get(w, SOLENE, "/partner/cabinet-lanterne/dossiers?search=froid"), "Froid Atlantique");
    assert_status(world_get(w, SOLENE, "/o/froid-atlantique"), 404);          /* it opens nothing */
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " FROID " ORDER BY number DESC LIMIT 1"), "dossier_invite_accept");
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " LANTERNE " ORDER BY number DESC LIMIT 1"), "dossier_joined");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_dossier_answered' AND to_email = '" SOLENE "'"), 1);
    assert_true(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_dossier_accepted' AND to_email = '" SABINE "'") == 1);
    assert_status(world_post(w, SABINE, link, choose(w, FROID)), 422);       /* once */
    const char *id = world_value(w, "SELECT mandate_id FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " FROID);
    assert_status(world_post(w, SABINE, world_text(w, "/o/froid-atlantique/mandates/%s/end", id), ""), 303);
    assert_string_equal(world_value(w, "SELECT state FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " FROID), "left");
}

WORLD_TEST(nobody_but_the_administrator_of_that_address_accepts_S15)
{
    const char *link = invited(w, SABINE);
    assert_status(world_post(w, NADIA, link, choose(w, TIVOLI)), 422);
    assert_status(world_post(w, NADIA, link, choose(w, FROID)), 422);
    assert_status(world_post(w, SOLENE, link, choose(w, FROID)), 422);
    assert_status(world_post(w, NADIA, world_text(w, "%s/decline", link), ""), 422);
    assert_status(world_post(w, NULL, link, choose(w, FROID)), 401);
    assert_int_equal(dossiers(w, FROID), 0);
    const char *claire = invited(w, CLAIRE);
    assert_has(world_get(w, CLAIRE, claire), "aucune entreprise");
    assert_status(world_post(w, CLAIRE, claire, choose(w, FROID)), 422);
    const char *nadia = invited(w, NADIA);
    assert_has(world_get(w, NADIA, nadia), "aucune entreprise");          /* the one she has is one already */
    assert_status(world_post(w, NADIA, nadia, choose(w, TIVOLI)), 422);
    char *made_up = arena_text(world_arena(w), link);
    made_up[strlen("/account/dossier/") + 4] ^= 1;
    assert_status(world_get(w, SABINE, made_up), 404);
}

static void administers_both(struct world_test *w)
{
    world_run_sql(w, "INSERT INTO member (org_id, id, person_id, created_at) SELECT " HEXANODE ", 4711, id, 1 FROM person WHERE email = '" SABINE "'");
    world_run_sql(w, "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_member_id, starts_at, created_at) "
        "SELECT " HEXANODE ", 4711, 'membership', 'administrator', 'active', id, 4711, 1, 1 FROM person WHERE email = '" SABINE "'");
    world_run_sql(w, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) SELECT id, " HEXANODE ", 4711 FROM person WHERE email = '" SABINE "'");
}

WORLD_TEST(several_organizations_one_is_chosen_S15)
{
    administers_both(w);
    const char *link = invited(w, SABINE);
    struct answer *page = world_get(w, SABINE, link);
    assert_has(page, "Froid Atlantique");
    assert_has(page, "Hexanode");
    assert_not(page, " checked");
    assert_status(world_post(w, SABINE, link, choose(w, HEXANODE)), 303);
    assert_int_equal(dossiers(w, HEXANODE), 1);
    assert_int_equal(dossiers(w, FROID), 0);
    assert_status(world_post(w, SABINE, link, choose(w, FROID)), 422);       /* the second of two is told so */
}

/* ---- Two at once ---- */

struct sender { struct world_test *w; struct db *db; struct arena arena; pthread_t thread; struct world_request ask; pthread_barrier_t *start; int status; };

static void *sender_run(void *arg)
{
    struct sender *s = arg;
    pthread_barrier_wait(s->start);
    s->status = world_ask(s->w, &s->arena, s->db, &s->ask)->status;
    arena_reset(&s->arena);
    return NULL;
}

static struct world_request acceptance(struct world_test *w, const char *link, const char *org)
{
    struct world_request ask = { .cookie = world_cookie(w, SABINE), .method = METHOD_POST, .target = link, .type = "application/x-www-form-urlencoded" };
    ask.body = world_text(w, "form_token=%s&%s", world_token(w, SABINE), choose(w, org));
    ask.len = strlen(ask.body);
    return ask;
}

/* One invitation accepted in two windows at the same moment, for two organizations of theirs or for the same: one wins, there is one mandate. */
static void accepted_twice(struct world_test *w, struct sender s[2], int round)
{
    world_run_sql(w, "DELETE FROM attempt");                /* the limit of letters to one address has its own test */
    const char *link = invited(w, SABINE), *orgs[] = { FROID, round % 2 ? FROID : HEXANODE };
    int64_t told = world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_dossier_answered'");
    for (int i = 0; i < 2; i++) {
        s[i].ask = acceptance(w, link, orgs[i]);
        assert_int_equal(pthread_create(&s[i].thread, NULL, sender_run, &s[i]), 0);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(s[i].thread, NULL);
    if ((s[0].status != 303 || s[1].status != 422) && (s[0].status != 422 || s[1].status != 303))
        fail_msg("round %d: %d and %d", round, s[0].status, s[1].status);
    assert_int_equal(dossiers(w, FROID) + dossiers(w, HEXANODE), 1);
    assert_int_equal(dossiers(w, orgs[s[0].status == 303 ? 0 : 1]), 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_dossier_answered'"), told + 1);
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE kind = 'dossier' AND holder_org_id = " LANTERNE " AND org_id IN (" FROID ", " HEXANODE ")");
}

WORLD_TEST(one_invitation_accepted_twice_at_once_is_one_dossier_S15)
{
    enum { ROUNDS = 20 };
    struct sender s[2] = { 0 };
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 2);
    administers_both(w);
    for (int i = 0; i < 2; i++) {
        s[i] = (struct sender){ .w = w, .db = world_db_new(w, world_arena(w)), .start = &start };
        arena_init(&s[i].arena, (size_t)64 << 20);
    }
    for (int round = 0; round < ROUNDS; round++)
        accepted_twice(w, s, round);
    for (int i = 0; i < 2; i++) {
        db_close(s[i].db);
        arena_free(&s[i].arena);
    }
    pthread_barrier_destroy(&start);
}

WORLD_TEST(refused_taken_back_expired_and_sent_again_S15)
{
    const char *link = invited(w, UNKNOWN);
    assert_status(invite(w, UNKNOWN), 422);                                   /* one at a time */
    assert_status(world_post(w, NULL, world_text(w, "%s/decline", link), ""), 303);
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " LANTERNE " ORDER BY number DESC LIMIT 1"), "dossier_invite_decline");
    assert_has(world_get(w, SOLENE, PAGES), "Refusée");
    assert_status(invite(w, UNKNOWN), 422);                                   /* not again so soon */
    link = invited(w, SABINE);
    const char *id = world_value(w, "SELECT id FROM dossier_invite WHERE email = '" SABINE "'"), *page = world_text(w, PAGES "/%s", id);
    assert_status(world_post(w, SOLENE, world_text(w, "%s/resend", page), ""), 422);     /* within 24 hours */
    world_run_sql(w, "UPDATE dossier_invite SET sent_at = 1 WHERE email = '" SABINE "'");
    assert_status(world_post(w, SOLENE, world_text(w, "%s/resend", page), ""), 303);
    assert_status(world_post(w, SABINE, link, choose(w, FROID)), 422);       /* the link before is dead */
    link = world_text(w, "%s", link_of(w, SABINE));
    world_run_sql(w, "UPDATE dossier_invite SET expires_at = 1 WHERE email = '" SABINE "'");
    assert_status(world_post(w, SABINE, link, choose(w, FROID)), 422);
    assert_has(world_get(w, SOLENE, PAGES), "Invitation expirée");
    link = invited(w, SABINE);
    id = world_value(w, "SELECT id FROM dossier_invite WHERE answer = '' AND email = '" SABINE "'");
    assert_status(world_post(w, SOLENE, world_text(w, PAGES "/%s/withdraw", id), ""), 303);
    assert_status(world_post(w, SABINE, link, choose(w, FROID)), 422);
    assert_status(world_post(w, SOLENE, world_text(w, PAGES "/%s/withdraw", id), ""), 422);
    assert_int_equal(dossiers(w, FROID), 0);
}

WORLD_TEST(another_partner_a_status_withdrawn_and_who_may_invite_S15)
{
    const char *link = invited(w, SABINE), *id = world_value(w, "SELECT id FROM dossier_invite WHERE email = '" SABINE "'");
    assert_status(world_get(w, INES, PAGES), 200);
    assert_status(world_get(w, INES, PAGES "/new"), 403);
    assert_status(world_post(w, INES, PAGES, "email=a@b.example"), 403);
    assert_status(invite(w, INES), 422);                                      /* the partner's own people */
    world_run_sql(w, "UPDATE organization SET is_partner = 1 WHERE slug = 'boulangerie-tivoli'");
    assert_not(world_get(w, NADIA, "/partner/boulangerie-tivoli/invitations"), SABINE);
    assert_status(world_post(w, NADIA, world_text(w, "/partner/boulangerie-tivoli/invitations/%s/withdraw", id), ""), 404);
    assert_status(world_post(w, NADIA, world_text(w, "/partner/boulangerie-tivoli/invitations/%s/resend", id), ""), 404);
    world_run_sql(w, "UPDATE organization SET is_partner = 0 WHERE slug = 'cabinet-lanterne'");
    assert_not(world_get(w, SABINE, link), "Froid Atlantique</span>");
    assert_status(world_post(w, SABINE, link, choose(w, FROID)), 422);
    assert_status(invite(w, UNKNOWN), 404);
    assert_int_equal(dossiers(w, FROID), 0);
}

WORLD_TEST(fifty_a_day_S15)
{
    for (int i = 0; i < 50; i++)
        assert_status(invite(w, world_text(w, "un%d@loin.example", i)), 303);
    assert_status(invite(w, UNKNOWN), 429);
}

/* Taken back and invited again is sent again: an address gets so many letters of a partner a day and no more. */
WORLD_TEST(taking_back_is_no_way_round_the_limit_of_an_address_S15)
{
    for (int i = 0; i < 12; i++) {
        world_pass(w, 1000);
        if (invite(w, UNKNOWN)->status == 303)
            assert_status(world_post(w, SOLENE, world_text(w, PAGES "/%s/withdraw", world_value(w, "SELECT MAX(id) FROM dossier_invite")), ""), 303);
    }
    assert_true(world_number(w, "SELECT COUNT(*) FROM mail WHERE to_email = '" UNKNOWN "'") <= 5);
    assert_status(invite(w, SABINE), 303);                                    /* another address */
}

WORLD_MAIN("invite", WORLD_CASE(a_known_address_and_an_unknown_one_are_answered_alike_S15), WORLD_CASE(opening_grants_nothing_the_form_does_once_for_the_organization_chosen_S15),
    WORLD_CASE(nobody_but_the_administrator_of_that_address_accepts_S15), WORLD_CASE(several_organizations_one_is_chosen_S15), WORLD_CASE(one_invitation_accepted_twice_at_once_is_one_dossier_S15),
    WORLD_CASE(refused_taken_back_expired_and_sent_again_S15), WORLD_CASE(another_partner_a_status_withdrawn_and_who_may_invite_S15), WORLD_CASE(taking_back_is_no_way_round_the_limit_of_an_address_S15), WORLD_CASE(fifty_a_day_S15))
