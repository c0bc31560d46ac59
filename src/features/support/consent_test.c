/* The letter and the page that answers it (S-5, S-6): nothing but its forms grants, by who may; and the client's own page of accesses (S-9, S-11). */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "features/support/support.h"
#include "lib/world.h"
#include "mail/mail.h"
#include "mandate/support.h"

#define INES "ines.rolland@lanterne.example"
#define SOLENE "solene.kerbrat@lanterne.example"
#define NADIA "nadia.ferrand@tivoli.example"
#define MALO "malo.briand@tivoli.example"               /* a manager: no administrator */
#define MATHILDE "mathilde.morin@morin.example"         /* administrator of another organization */
#define TIVOLI "(SELECT id FROM organization WHERE slug = 'boulangerie-tivoli')"
#define LANTERNE "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"
#define YES "level=management&term=until&hours=24"

/* Solène asks for Inès; the request's mandate. */
static int64_t ask(struct world_test *w)
{
    struct ctx c;
    int64_t org_id = 0, mandate_id = 0;
    int64_t dossier = world_number(w, "SELECT id FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " TIVOLI);
    int64_t member = world_number(w, "SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = (SELECT id FROM person WHERE email = '" INES "')");
    world_ctx(w, &c);
    c.who.person_id = world_person(w, SOLENE);
    c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'cabinet-lanterne'");
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(support_ask(&c, &(struct support_wish){ dossier, member, "management", 168, "écart de TVA" }, &org_id, &mandate_id));
    must(support_letters(&c, org_id, mandate_id, NULL));
    must(db_commit(c.db, c.arena));
    return mandate_id;
}

/* The path of the letter to this administrator. */
static const char *letter(struct world_test *w, const char *email)
{
    struct ctx c;
    world_ctx(w, &c);
    int64_t link_id = world_number(w, world_text(w, "SELECT MAX(link_id) FROM mail WHERE kind = 'mail_support_asked' AND to_email = '%s'", email));
    return world_text(w, "%s", mail_link_address_of(&c, "support", link_id) + strlen(c.address));
}

static const char *code(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    return world_text(w, "%s", mail_link_address_of(&c, "code", world_number(w, "SELECT code_id FROM support_letter WHERE code_id IS NOT NULL ORDER BY link_id DESC LIMIT 1")));
}

static const char *state(struct world_test *w, int64_t mandate_id)
{
    return world_value(w, world_text(w, "SELECT state FROM mandate WHERE org_id = " TIVOLI " AND id = %lld", (long long)mandate_id));
}

/* Nobody's form, as from a browser that is not signed in. */
static struct answer *post_nobody(struct world_test *w, const char *target, const char *form) { return world_post(w, NULL, target, form); }

WORLD_TEST(the_letter_names_the_partner_in_full_S5)
{
    ask(w);
    assert_string_equal(world_value(w, "SELECT subject FROM mail WHERE kind = 'mail_support_asked'"), "Demande d'accès à votre compte pour l'assistance");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_asked'"), 1);        /* one administrator, one letter */
    static const char *const named[] = { "Cabinet Lanterne SARL", "27 rue du Phare", "SIREN 531 829 40", "02 61 91 77 30", "support@lanterne.example", "Inès Rolland", "Solène Kerbrat",
        "OUI, J'AUTORISE L'ACCÈS", NULL };
    for (const char *const *text = named; *text; text++)
        if (!strstr(world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_support_asked'"), *text)
            || (**text != 'S' && !strstr(world_value(w, "SELECT replace(b.html, '&#39;', '''') FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_support_asked'"), *text)))
            fail_msg("the letter does not say %s", *text);
}

WORLD_TEST(opening_the_page_grants_and_burns_nothing_S6)
{
    int64_t id = ask(w);
    const char *path = letter(w, NADIA);
    for (int i = 0; i < 3; i++) {
        struct answer *a = world_get(w, NULL, path);
        assert_status(a, 200);
        assert_has(a, "Inès Rolland");
        assert_has(a, "Cabinet Lanterne SARL");
        assert_status(world_get(w, NULL, world_text(w, "%s.json", path)), 200);
    }
    assert_string_equal(state(w, id), "requested");
    assert_status(post_nobody(w, path, YES), 422);                          /* a form without a code, by nobody: nothing */
    assert_string_equal(state(w, id), "requested");
    assert_status(world_post(w, NADIA, path, YES), 303);                    /* the human's click still works */
    assert_string_equal(state(w, id), "active");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_granted'"), 3);      /* client, who asked, collaborator */
    assert_has(world_get(w, NULL, path), "Nadia Ferrand a accordé");
    assert_non_null(strstr(world_value(w, world_text(w, "SELECT wording FROM mandate WHERE id = %lld", (long long)id)), "SIREN 531 829 40"));   /* M-6 */
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " TIVOLI " ORDER BY number DESC LIMIT 1"), "consent_grant");
}

WORLD_TEST(only_an_administrator_answers_S6)
{
    int64_t id = ask(w);
    const char *path = letter(w, NADIA);
    static const char *const others[] = { MALO, MATHILDE, INES, SOLENE, NULL };
    for (const char *const *who = others; *who; who++) {
        assert_status(world_post(w, *who, path, YES), 422);
        assert_string_equal(state(w, id), "requested");
        assert_status(world_post(w, *who, world_text(w, "%s/refuse", path), "note=non"), 422);
        assert_string_equal(state(w, id), "requested");
    }
    assert_status(world_post(w, MALO, world_text(w, "/o/boulangerie-tivoli/support/requests/%lld", (long long)id), YES), 403);
    assert_status(world_post(w, MATHILDE, world_text(w, "/o/boulangerie-tivoli/support/requests/%lld", (long long)id), YES), 404);
    assert_status(world_post(w, MATHILDE, world_text(w, "/o/atelier-morin/support/requests/%lld", (long long)id), YES), 404);
    assert_string_equal(state(w, id), "requested");
    assert_status(world_get(w, NULL, "/account/support/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 404);
}

WORLD_TEST(the_code_in_the_mailbox_answers_once_S6)
{
    int64_t id = ask(w);
    const char *path = letter(w, NADIA);
    assert_status(post_nobody(w, world_text(w, "%s/code", path), ""), 303);
    assert_null(strstr(world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_support_code'"), code(w)));   /* in no row */
    assert_status(post_nobody(w, path, YES "&code=000000x"), 422);
    assert_status(post_nobody(w, path, world_text(w, YES "&code=%s", code(w))), 303);
    assert_string_equal(state(w, id), "active");
    assert_string_equal(world_value(w, world_text(w, "SELECT agreed_how FROM mandate WHERE id = %lld", (long long)id)), "code");
    assert_int_equal(world_number(w, world_text(w, "SELECT agreed_by FROM mandate WHERE id = %lld", (long long)id)), world_person(w, NADIA));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM session WHERE person_id = (SELECT id FROM person WHERE email = '" NADIA "')"), 0);   /* a code signs nobody in */
}

WORLD_TEST(three_wrong_codes_and_no_more_while_the_request_lives_S6)
{
    int64_t id = ask(w);
    const char *path = letter(w, NADIA);
    assert_status(post_nobody(w, world_text(w, "%s/code", path), ""), 303);
    const char *right = code(w);
    for (int i = 0; i < 3; i++)
        assert_status(post_nobody(w, path, YES "&code=12345"), 422);
    assert_status(post_nobody(w, path, world_text(w, YES "&code=%s", right)), 422);
    assert_status(post_nobody(w, world_text(w, "%s/code", path), ""), 422);                /* nor another one */
    assert_string_equal(state(w, id), "requested");
    assert_status(world_post(w, NADIA, path, YES), 303);
    assert_string_equal(state(w, id), "active");
}

WORLD_TEST(less_is_granted_and_never_more_S6)
{
    int64_t id = ask(w);
    const char *path = letter(w, NADIA);
    assert_status(world_post(w, NADIA, path, "level=accounting&term=until&hours=24"), 422);
    assert_status(world_post(w, NADIA, path, "level=management&term=until&hours=720"), 422);
    assert_status(world_post(w, NADIA, path, "level=management&term=lasting"), 422);
    assert_status(world_post(w, NADIA, path, "level=owner&term=until&hours=24"), 422);
    assert_status(world_post(w, NADIA, path, "level=read&term=until"), 422);
    assert_string_equal(state(w, id), "requested");
    assert_status(world_post(w, NADIA, path, "level=read&term=until&hours=3"), 303);
    assert_string_equal(world_value(w, world_text(w, "SELECT detail FROM mandate WHERE id = %lld", (long long)id)), "read");
}

/* S-6: a date chosen beside « Durable » counts, for of two answers the lesser one is agreed to. */
WORLD_TEST(a_date_beside_lasting_is_the_end_S6)
{
    int64_t id = ask(w);
    const char *path = letter(w, NADIA), *ends = world_text(w, "SELECT ends_at - starts_at FROM mandate WHERE id = %lld", (long long)id);
    world_run_sql(w, world_text(w, "UPDATE support_request SET hours = 0 WHERE mandate_id = %lld", (long long)id));
    assert_has(world_get(w, NADIA, path), "<option value=\"\">Choisir une date</option>");
    assert_status(world_post(w, NADIA, path, "level=management&term=until&hours="), 422);
    assert_status(world_post(w, NADIA, path, "level=management&term=lasting&hours=24"), 303);
    assert_in_range(world_number(w, ends), 23 * CLOCK_HOUR_MS, 25 * CLOCK_HOUR_MS);
}

/* S-6: dead after 20 days, whether or not the job that says so has run. */
WORLD_TEST(a_request_past_its_day_is_granted_by_nobody_S6)
{
    int64_t id = ask(w);
    const char *path = letter(w, NADIA);
    world_pass(w, REQUEST_DAYS * CLOCK_DAY_MS + 1);
    assert_status(world_post(w, NADIA, path, YES), 422);
    assert_string_equal(state(w, id), "requested");
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/support/requests/%lld", (long long)id), YES), 422);
    assert_string_equal(state(w, id), "requested");
}

WORLD_TEST(a_refusal_has_its_reason_and_is_passed_on_S6)
{
    int64_t id = ask(w);
    const char *path = letter(w, NADIA);
    assert_status(world_post(w, NADIA, world_text(w, "%s/refuse", path), "note="), 422);
    assert_status(world_post(w, NADIA, world_text(w, "%s/refuse", path), "note=pas+avant+la+cl%C3%B4ture"), 303);
    assert_string_equal(state(w, id), "refused");
    assert_status(world_post(w, NADIA, path, YES), 422);
    assert_string_equal(state(w, id), "refused");
    assert_string_equal(world_value(w, "SELECT to_email FROM mail WHERE kind = 'mail_support_refused' AND org_id = " LANTERNE), SOLENE);
    assert_string_equal(world_value(w, "SELECT note FROM dossier WHERE client_org_id = " TIVOLI), "pas avant la clôture");
}

WORLD_TEST(the_client_sees_the_access_and_ends_it_S9_S11)
{
    int64_t id = ask(w);
    struct answer *a = world_get(w, NADIA, "/o/boulangerie-tivoli/support");
    assert_status(a, 200);
    assert_has(a, "Inès Rolland");
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/support/requests/%lld", (long long)id), YES), 303);
    assert_not(world_get(w, NADIA, "/o/boulangerie-tivoli/members"), "Inès Rolland");
    assert_status(world_get(w, NADIA, world_text(w, "/o/boulangerie-tivoli/support/%lld/end", (long long)id)), 200);
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/support/%lld/end", (long long)id), ""), 303);
    assert_string_equal(state(w, id), "ended");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_ended'"), 3);
}

WORLD_TEST(a_letter_to_who_is_no_administrator_any_more_opens_nothing_S6)
{
    ask(w);
    const char *path = letter(w, "nadia.ferrand@tivoli.example");
    assert_status(world_get(w, NULL, path), 200);
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE kind = 'membership' AND org_id = " TIVOLI " AND holder_person_id = (SELECT id FROM person WHERE email = 'nadia.ferrand@tivoli.example')");
    assert_status(world_get(w, NULL, path), 404);
    assert_status(post_nobody(w, world_text(w, "%s/code", path), ""), 404);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_code'"), 0);
}

WORLD_MAIN("consent", WORLD_CASE(the_letter_names_the_partner_in_full_S5), WORLD_CASE(opening_the_page_grants_and_burns_nothing_S6),
    WORLD_CASE(only_an_administrator_answers_S6), WORLD_CASE(the_code_in_the_mailbox_answers_once_S6),
    WORLD_CASE(three_wrong_codes_and_no_more_while_the_request_lives_S6), WORLD_CASE(less_is_granted_and_never_more_S6), WORLD_CASE(a_date_beside_lasting_is_the_end_S6),
    WORLD_CASE(a_request_past_its_day_is_granted_by_nobody_S6), WORLD_CASE(a_refusal_has_its_reason_and_is_passed_on_S6), WORLD_CASE(a_letter_to_who_is_no_administrator_any_more_opens_nothing_S6),
    WORLD_CASE(the_client_sees_the_access_and_ends_it_S9_S11))
