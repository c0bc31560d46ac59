/* « Créer une entreprise » (S-15): the organization, its dossier, its administrator's invitation; who is inside when, and who never is. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "lib/world.h"
#include "mail/mail.h"

#define SOLENE "solene.kerbrat@lanterne.example"       /* administrator of the partner */
#define INES "ines.rolland@lanterne.example"           /* its collaborator */
#define SABINE "sabine.cozic@froid-atlantique.example" /* of another organization */
#define NADIA "nadia.ferrand@tivoli.example"           /* has a login */
#define NEW_FOLK "leo.tanguy@tanguy-bois.example"      /* has none */
#define LANTERNE "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"
#define TANGUY "(SELECT id FROM organization WHERE name = 'Tanguy Bois')"
#define FORM "/partner/cabinet-lanterne/dossiers/new"
#define SIREN "732829320"
#define COMPANY "name=Tanguy+Bois&street=3+rue+du+Port&postcode=29200&city=Brest&email=contact%%40tanguy-bois.example&phone=02+98+00+11+22&admin_first_name=L%%C3%%A9o&admin_last_name=Tanguy"

static struct answer *create(struct world_test *w, const char *siren, const char *email)
{
    return world_post(w, SOLENE, FORM, world_text(w, COMPANY "&siren=%s&admin_email=%s", siren, email));
}

/* The link in the last invitation. */
static const char *link_of(struct world_test *w, const char *email)
{
    struct ctx c;
    world_ctx(w, &c);
    c.key = &world_app(w)->key;
    c.address = "";
    return mail_link_address_of(&c, "invitation", world_number(w, world_text(w, "SELECT link_id FROM mail WHERE to_email = '%s' AND kind = 'mail_organization_created' ORDER BY created_at DESC, id DESC LIMIT 1", email)));
}

static const char *created(struct world_test *w, const char *email)
{
    struct answer *a = create(w, SIREN, email);
    assert_status(a, 303);
    char *page = arena_text(world_arena(w), a->location);
    page[strcspn(page, "?")] = '\0';
    return page;
}

static const char *state(struct world_test *w)
{
    return world_value(w, "SELECT state FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " TANGUY);
}

WORLD_TEST(created_with_its_dossier_nobody_inside_before_its_administrator_S15)
{
    const char *page = created(w, NEW_FOLK);
    assert_string_equal(state(w), "invited");
    assert_string_equal(world_value(w, "SELECT siren FROM organization WHERE id = " TANGUY), SIREN);
    assert_string_equal(world_value(w, "SELECT agreed_how FROM mandate WHERE kind = 'dossier' AND state = 'active' AND org_id = " TANGUY), "born");   /* M-5 */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'membership' AND state = 'active' AND org_id = " TANGUY), 0);
    struct answer *shown = world_get(w, SOLENE, page);
    assert_has(shown, "Invitation envoyée");
    assert_has(shown, NEW_FOLK);
    assert_not(shown, "/ask\"");
    assert_status(world_get(w, SOLENE, "/o/tanguy-bois"), 404);
    assert_status(world_get(w, INES, "/o/tanguy-bois/clients"), 404);
    assert_status(world_post(w, SOLENE, world_text(w, "%s/ask", page), world_text(w, "member_id=%s&level=read&hours=24&reason=TVA",
        world_value(w, "SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = (SELECT id FROM person WHERE email = '" INES "')"))), 422);
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " LANTERNE " ORDER BY number DESC LIMIT 1"), "dossier_create");
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " TANGUY " ORDER BY number DESC LIMIT 1"), "organization_created");
    const char *text = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.to_email = '" NEW_FOLK "'");
    assert_non_null(strstr(text, "Cabinet Lanterne SARL"));
    assert_non_null(strstr(text, "Tanguy Bois"));
    assert_non_null(strstr(text, "Définir mon mot de passe"));
    assert_non_null(strstr(text, "@LINK@"));
}

WORLD_TEST(the_link_sets_the_password_once_and_the_dossier_opens_S15)
{
    const char *page = created(w, NEW_FOLK), *link = link_of(w, NEW_FOLK);
    for (int i = 0; i < 2; i++)
        assert_has(world_get(w, NULL, link), "Cabinet Lanterne a créé cet espace");
    assert_string_equal(state(w), "invited");                                    /* opening grants nothing */
    struct answer *in = world_post(w, NULL, world_text(w, "%s/password", link), "password=quatre-lampes-et-un-hibou");
    assert_status(in, 303);
    assert_string_equal(state(w), "none");
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " LANTERNE " ORDER BY number DESC LIMIT 1"), "dossier_joined");
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " TANGUY " ORDER BY number DESC LIMIT 1"), "invitation_join");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_organization_joined' AND to_email = '" SOLENE "'"), 1);
    assert_not(world_get(w, NULL, link), "Rejoindre");
    assert_status(world_post(w, NULL, world_text(w, "%s/password", link), "password=quatre-lampes-et-deux-hiboux"), 422);
    struct answer *register_page = world_get(w, NEW_FOLK, "/o/tanguy-bois/mandates");
    assert_has(register_page, "Cabinet Lanterne");
    assert_has(register_page, "né avec l’entreprise");                            /* M-5: named so */
    assert_status(world_post(w, SOLENE, world_text(w, "%s/invitation", page), ""), 404);
    assert_status(world_post(w, SOLENE, world_text(w, "%s/invitation/withdraw", page), ""), 404);
    assert_status(world_get(w, SOLENE, "/o/tanguy-bois"), 404);
    const char *id = world_value(w, "SELECT mandate_id FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " TANGUY);
    assert_status(world_post(w, NEW_FOLK, world_text(w, "/o/tanguy-bois/mandates/%s/end", id), ""), 303);
    assert_string_equal(state(w), "left");
}

WORLD_TEST(who_has_a_login_accepts_by_form_and_nobody_else_does_S15)
{
    created(w, NADIA);
    const char *link = link_of(w, NADIA);
    assert_status(world_post(w, NULL, world_text(w, "%s/password", link), "password=quatre-lampes-et-un-hibou"), 422);
    assert_status(world_post(w, SOLENE, link, ""), 422);
    assert_status(world_post(w, SABINE, link, ""), 422);
    assert_string_equal(state(w), "invited");
    assert_status(world_post(w, NADIA, link, ""), 303);
    assert_string_equal(state(w), "none");
    assert_status(world_get(w, NADIA, "/o/tanguy-bois"), 200);
    assert_status(world_post(w, NADIA, link, ""), 422);                         /* once */
}

WORLD_TEST(refused_the_dossier_is_closed_S15)
{
    created(w, NEW_FOLK);
    assert_status(world_post(w, NULL, world_text(w, "%s/decline", link_of(w, NEW_FOLK)), ""), 303);
    assert_string_equal(state(w), "left");
    assert_string_equal(world_value(w, "SELECT ended_why FROM mandate WHERE kind = 'dossier' AND org_id = " TANGUY), "refused");
    assert_status(world_post(w, NULL, world_text(w, "%s/password", link_of(w, NEW_FOLK)), "password=quatre-lampes-et-un-hibou"), 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_organization_joined' AND subject LIKE '%refusée%'"), 1);
}

WORLD_TEST(sent_again_the_first_link_is_dead_and_there_is_a_limit_S15)
{
    const char *page = created(w, NEW_FOLK), *first = link_of(w, NEW_FOLK);
    world_pass(w, 1000);
    assert_status(world_post(w, SOLENE, world_text(w, "%s/invitation", page), ""), 303);
    assert_status(world_post(w, NULL, world_text(w, "%s/password", first), "password=quatre-lampes-et-un-hibou"), 422);
    for (int i = 0; i < 4; i++)
        assert_status(world_post(w, SOLENE, world_text(w, "%s/invitation", page), ""), 303);
    assert_status(world_post(w, SOLENE, world_text(w, "%s/invitation", page), ""), 429);
    world_pass(w, 2 * CLOCK_HOUR_MS);
    world_run_sql(w, "UPDATE member_invitation SET expires_at = 1 WHERE org_id = " TANGUY);         /* died of its age: the offer too, where the job has come by */
    world_run_sql(w, "UPDATE mandate SET state = 'expired' WHERE kind = 'membership' AND state = 'requested' AND org_id = " TANGUY);
    assert_status(world_post(w, NULL, world_text(w, "%s/password", link_of(w, NEW_FOLK)), "password=quatre-lampes-et-un-hibou"), 422);
    assert_has(world_get(w, SOLENE, page), "Invitation expirée");
    assert_status(world_post(w, SOLENE, world_text(w, "%s/invitation", page), ""), 303);
    assert_string_equal(state(w), "invited");
    assert_status(world_post(w, NULL, world_text(w, "%s/password", link_of(w, NEW_FOLK)), "password=quatre-lampes-et-un-hibou"), 303);
    assert_string_equal(state(w), "none");
}

WORLD_TEST(taken_back_nothing_is_left_to_accept_S15)
{
    const char *page = created(w, NEW_FOLK), *link = link_of(w, NEW_FOLK);
    assert_status(world_post(w, SOLENE, world_text(w, "%s/invitation/withdraw", page), ""), 303);
    assert_string_equal(state(w), "left");
    assert_status(world_post(w, NULL, world_text(w, "%s/password", link), "password=quatre-lampes-et-un-hibou"), 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate WHERE state = 'active' AND org_id = " TANGUY), 0);
    world_run_sql(w, "UPDATE organization SET name = 'Tanguy Bois (close)' WHERE name = 'Tanguy Bois'");
    created(w, NEW_FOLK);                                                        /* again, under the same address */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM organization WHERE slug = 'tanguy-bois'"), 1);
}

/* Whether an organization is here already is told to nobody: the same answer for a number that is known and one that is not. */
WORLD_TEST(a_siren_that_is_known_is_answered_like_any_other_S15)
{
    const char *known = world_value(w, "SELECT siren FROM organization WHERE slug = 'froid-atlantique'");
    struct answer *a = create(w, known, NEW_FOLK);
    assert_status(a, 303);
    assert_not(world_get(w, SOLENE, a->location), "Froid");
    assert_status(create(w, SIREN, "autre@tanguy-bois.example"), 303);
    assert_has(world_get(w, SOLENE, FORM), "inviter une entreprise existante");
    struct answer *own = create(w, world_value(w, "SELECT siren FROM organization WHERE slug = 'boulangerie-tivoli'"), NEW_FOLK);
    assert_status(own, 422);                                                     /* its own dossier, which it knows */
    assert_has(own, "Vous suivez déjà");
}

WORLD_TEST(wrong_inputs_at_their_fields_and_nobody_else_creates_S15)
{
    struct answer *a = create(w, "123456789", NEW_FOLK);
    assert_status(a, 422);
    assert_has(a, "Ce n’est pas un SIREN");
    assert_has(a, "Tanguy Bois");                                                 /* what was typed stays */
    assert_status(create(w, "732+829+320", INES), 422);                          /* the partner's own people are no client's administrator */
    assert_status(create(w, SIREN, SOLENE), 422);
    assert_status(create(w, SIREN, "pas-une-adresse"), 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM organization WHERE name = 'Tanguy Bois'"), 0);
    assert_status(world_get(w, INES, FORM), 403);
    assert_status(world_get(w, SABINE, FORM), 404);
    assert_status(world_get(w, SABINE, "/partner/froid-atlantique/dossiers/new"), 404);   /* is no partner */
    const char *page = created(w, NEW_FOLK), *id = strrchr(page, '/') + 1;
    world_run_sql(w, "UPDATE organization SET is_partner = 1 WHERE slug = 'froid-atlantique'");
    assert_status(world_post(w, SABINE, world_text(w, "/partner/froid-atlantique/dossiers/%s/invitation", id), ""), 404);
    assert_status(world_post(w, SABINE, world_text(w, "/partner/froid-atlantique/dossiers/%s/invitation/withdraw", id), ""), 404);
    world_run_sql(w, "UPDATE organization SET is_partner = 0 WHERE slug = 'cabinet-lanterne'");
    assert_status(world_post(w, SOLENE, world_text(w, "%s/invitation", page), ""), 404);
    assert_status(create(w, SIREN, NEW_FOLK), 404);
}

/* Who is named by many organizations in a day is somebody who is written to, not somebody who runs them all. */
WORLD_TEST(an_address_is_named_for_so_many_a_day_S15)
{
    int made = 0;
    for (int i = 0; i < 40; i++) {
        char siren[10];
        int sum = 0;
        snprintf(siren, sizeof siren, "4%07d0", 1234 + i * 17);
        for (int at = 0; at < 8; at++) {
            int digit = (siren[at] - '0') * (at % 2 ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
        }
        siren[8] = (char)('0' + (10 - sum % 10) % 10);
        made += create(w, siren, NEW_FOLK)->status == 303;
    }
    if (made < 3 || made > 20)
        fail_msg("%d letters to one address", made);
}

/* S-0: the partner is none any more, the dossier has ended: who was asked to be the administrator answers as they like, and the partner hears nothing of it. */
WORLD_TEST(an_answer_after_the_partner_has_left_S0)
{
    created(w, NEW_FOLK);
    const char *link = link_of(w, NEW_FOLK);
    assert_status(world_post(w, "herve.lannuzel@sillage.example", world_text(w, "/operator/sillage/organizations/%s/withdraw", world_value(w, "SELECT " LANTERNE)), "note=Fin"), 303);
    world_work(w);
    assert_string_equal(state(w), "left");
    assert_status(world_post(w, NULL, world_text(w, "%s/decline", link), ""), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_organization_joined'"), 0);
}

/* A direction turned round, a line inside a name: the letter to the administrator and the pages of others would show another name. */
WORLD_TEST(a_name_that_reads_as_another_is_refused_S15)
{
    static const char *const names[] = { "%E2%80%AEsioB", "Bois%E2%80%A8Banque", "Bois%E2%81%A6x", "Bois%0D%0ABcc:+a@b.example", "Bois%00x", NULL };
    for (int i = 0; names[i]; i++) {
        struct answer *a = world_post(w, SOLENE, FORM, world_text(w, "name=%s&siren=" SIREN "&admin_first_name=L&admin_last_name=T&admin_email=" NEW_FOLK, names[i]));
        if (a->status != 422 && a->status != 400)
            fail_msg("%s: status %d", names[i], a->status);
    }
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE to_email = '" NEW_FOLK "'"), 0);
    assert_status(world_post(w, SOLENE, FORM, "name=Bois+%E2%80%AF%E2%80%99&siren=" SIREN "&admin_first_name=L&admin_last_name=T&admin_email=" NEW_FOLK), 303);
}

WORLD_MAIN("create", WORLD_CASE(created_with_its_dossier_nobody_inside_before_its_administrator_S15), WORLD_CASE(the_link_sets_the_password_once_and_the_dossier_opens_S15),
    WORLD_CASE(who_has_a_login_accepts_by_form_and_nobody_else_does_S15), WORLD_CASE(refused_the_dossier_is_closed_S15),
    WORLD_CASE(sent_again_the_first_link_is_dead_and_there_is_a_limit_S15), WORLD_CASE(taken_back_nothing_is_left_to_accept_S15),
    WORLD_CASE(a_siren_that_is_known_is_answered_like_any_other_S15), WORLD_CASE(an_address_is_named_for_so_many_a_day_S15), WORLD_CASE(an_answer_after_the_partner_has_left_S0), WORLD_CASE(a_name_that_reads_as_another_is_refused_S15), WORLD_CASE(wrong_inputs_at_their_fields_and_nobody_else_creates_S15))
