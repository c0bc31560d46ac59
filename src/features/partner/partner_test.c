/* « Espace partenaire »: a support asked for from its pages, entered with one click, detached (S-1, S-4, S-8, S-10). */
#include <string.h>
#include "base/clock.h"
#include "lib/world.h"

#define INES "ines.rolland@lanterne.example"
#define HUGO "hugo.marchetti@lanterne.example"
#define SOLENE "solene.kerbrat@lanterne.example"
#define NADIA "nadia.ferrand@tivoli.example"
#define TIVOLI "(SELECT id FROM organization WHERE slug = 'boulangerie-tivoli')"
#define LANTERNE "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"
#define SABINE "sabine.cozic@froid-atlantique.example"  /* of no partner */
#define ELSEWHERE "/partner/froid-atlantique"
#define HOME "/partner/cabinet-lanterne/dossiers"

static const char *dossier(struct world_test *w, const char *slug)
{
    return world_value(w, world_text(w, "SELECT d.id FROM dossier d JOIN organization o ON o.id = d.client_org_id WHERE d.org_id = " LANTERNE " AND o.slug = '%s'", slug));
}

static const char *member(struct world_test *w, const char *email)
{
    return world_value(w, world_text(w, "SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = (SELECT id FROM person WHERE email = '%s')", email));
}

static struct answer *ask(struct world_test *w, const char *slug, const char *email)
{
    return world_post(w, SOLENE, world_text(w, HOME "/%s/ask", dossier(w, slug)), world_text(w, "member_id=%s&level=management&hours=168&reason=TVA", member(w, email)));
}

static void grant(struct world_test *w)
{
    const char *id = world_value(w, "SELECT mandate_id FROM support_request WHERE org_id = " TIVOLI " AND answer = ''");
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/support/requests/%s", id), "level=management&term=until&hours=24"), 303);
}

static struct answer *enter(struct world_test *w, const char *who)
{
    return world_post(w, who, world_text(w, HOME "/%s/enter", dossier(w, "boulangerie-tivoli")), "reason=TVA+d%27octobre");
}

WORLD_TEST(the_story_of_a_dossier_S4_S8)
{
    assert_has(world_get(w, SOLENE, HOME), "Boulangerie Tivoli");
    assert_status(world_get(w, SOLENE, "/partner/cabinet-lanterne"), 303);
    assert_status(enter(w, INES), 404);                                     /* S-8: nothing before consent */
    assert_status(ask(w, "boulangerie-tivoli", INES), 303);
    assert_has(world_get(w, SOLENE, HOME), "Demande envoyée");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_asked'"), 1);
    assert_status(world_post(w, SOLENE, world_text(w, HOME "/%s/resend", dossier(w, "boulangerie-tivoli")), ""), 422);   /* sent within the last 24 hours */
    grant(w);
    assert_status(enter(w, HUGO), 404);
    assert_status(enter(w, SOLENE), 403);
    struct answer *a = enter(w, INES);
    assert_status(a, 303);
    assert_non_null(strstr(a->location, "/o/boulangerie-tivoli"));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_session' AND to_email = '" NADIA "'"), 1);
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " TIVOLI " ORDER BY number DESC LIMIT 1"), "support_entered");
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " LANTERNE " ORDER BY number DESC LIMIT 1"), "dossier_enter");
}

/* Without a script « Affecter un support » is a page of its own: what was ticked and typed stays until all of it is there. */
WORLD_TEST(a_support_is_assigned_to_many_from_a_page_of_its_own_S4)
{
    const char *two = world_text(w, "dossier_ids=%s&dossier_ids=%s&level=read&hours=168", dossier(w, "boulangerie-tivoli"), dossier(w, "boulangerie-tivoli"));
    struct answer *a = world_get(w, SOLENE, HOME);
    assert_has(a, "formaction=\"/partner/cabinet-lanterne/dossiers/assign\"");
    assert_has(world_get(w, SOLENE, HOME "?state=none"), "/dossiers/assign?state=none\"");
    assert_has(a, "<dialog");
    a = world_post(w, SOLENE, HOME "/assign", "level=read&hours=168");
    assert_status(a, 422);
    assert_has(a, "Cochez d’abord");
    a = world_post(w, SOLENE, HOME "/assign", world_text(w, "%s&is_begun=1", two));
    assert_status(a, 200);
    assert_has(a, "Affecter un support à 1 dossier<");
    assert_not(a, "Rien n’est encore enregistré");            /* nobody did anything wrong yet */
    assert_not(a, "is_begun");
    a = world_post(w, SOLENE, HOME "/assign", two);
    assert_status(a, 422);
    assert_has(a, "Affecter un support à 1 dossier<");
    assert_has(a, "Choisissez le collaborateur");
    assert_has(a, world_text(w, "name=\"dossier_ids\" value=\"%s\"", dossier(w, "boulangerie-tivoli")));
    assert_has(a, "Invitation envoyée");
    a = world_post(w, SOLENE, HOME "/assign", world_text(w, "%s&member_id=%s", two, member(w, HUGO)));
    assert_status(a, 422);
    assert_has(a, "Donnez la raison");
    assert_has(a, world_text(w, "name=\"member_id\" value=\"%s\" checked", member(w, HUGO)));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request WHERE org_id = " TIVOLI), 0);
    assert_status(world_post(w, SOLENE, HOME "/assign", world_text(w, "%s&member_id=%s&reason=TVA", two, member(w, HUGO))), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request WHERE org_id = " TIVOLI " AND level = 'read' AND hours = 168"), 1);
    assert_status(world_post(w, INES, HOME "/assign", two), 403);
}

static struct answer *opened(struct world_test *w, const char *who)
{
    return world_post(w, who, world_text(w, HOME "/%s/open", dossier(w, "boulangerie-tivoli")), "");
}

#define LETTERS "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_asked'"
#define LEFT(word) assert_non_null(strstr(a->location, "notice=" word))

/* « Ouvrir »: nobody assigned, asked for, agreed to. Looking at the page sends nothing. */
WORLD_TEST(opening_a_dossier_asks_again_or_leads_in_S8)
{
    struct answer *a = opened(w, SOLENE);
    LEFT("dossier_assign_first");
    assert_has(world_get(w, SOLENE, a->location), "Affectez d’abord un collaborateur");
    assert_status(ask(w, "boulangerie-tivoli", INES), 303);
    assert_int_equal(world_number(w, LETTERS), 1);
    a = opened(w, SOLENE);
    LEFT("dossier_sent_lately");
    struct answer *page = world_get(w, SOLENE, a->location);
    assert_has(page, "elle peut repartir à partir du");
    assert_not(page, "redemander l’accord");
    assert_int_equal(world_number(w, LETTERS), 1);
    world_pass(w, 24 * CLOCK_HOUR_MS);
    world_run_sql(w, world_text(w, "UPDATE session SET seen_at = %lld, expires_at = %lld WHERE ended_at IS NULL", (long long)world_now(w), (long long)world_now(w) + CLOCK_DAY_MS));
    page = world_get(w, INES, world_text(w, HOME "/%s", dossier(w, "boulangerie-tivoli")));
    assert_has(page, "redemander l’accord");                                 /* whom it is asked for, too */
    assert_int_equal(world_number(w, LETTERS), 1);
    assert_null(strstr(opened(w, HUGO)->location, "notice="));               /* not his to ask */
    assert_int_equal(world_number(w, LETTERS), 1);
    a = opened(w, INES);
    LEFT("dossier_resent");
    assert_int_equal(world_number(w, LETTERS), 2);
    a = opened(w, SOLENE);
    LEFT("dossier_sent_lately");
    grant(w);
    assert_null(strstr(opened(w, SOLENE)->location, "/o/"));                 /* it is Inès that was agreed to */
    assert_null(strstr(opened(w, HUGO)->location, "/o/"));
    a = opened(w, INES);
    assert_non_null(strstr(a->location, "/o/boulangerie-tivoli"));
    world_cookie_keep(w, INES, a);
    assert_has(world_get(w, INES, "/o/boulangerie-tivoli"), "motif\u00a0: «\u00a0TVA\u00a0»");
    assert_int_equal(world_number(w, LETTERS), 2);
}

static int64_t told(struct world_test *w, const char *email)
{
    return world_number(w, world_text(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_ended' AND to_email = '%s'", email));
}

/* Ended from « Accès & mandats », by either side or with its dossier: the same word to both as from « Accès support ». */
WORLD_TEST(ended_from_the_register_both_sides_get_the_word_of_support_S11)
{
    const char *support = "SELECT MAX(id) FROM mandate WHERE kind = 'support' AND org_id = " TIVOLI;
    assert_status(ask(w, "boulangerie-tivoli", INES), 303);
    grant(w);
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/mandates/%s/end", world_value(w, support)), ""), 303);
    assert_int_equal(told(w, NADIA), 1);
    assert_int_equal(told(w, INES), 1);
    assert_int_equal(told(w, SOLENE), 1);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_mandate_ended'"), 0);
    assert_status(ask(w, "boulangerie-tivoli", INES), 303);
    grant(w);
    assert_status(world_post(w, INES, world_text(w, "/account/mandates/%s/end", world_value(w, support)), ""), 303);
    assert_int_equal(told(w, NADIA), 2);
    assert_int_equal(told(w, SOLENE), 2);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_body b JOIN mail m ON m.id = b.mail_id WHERE m.kind = 'mail_support_ended' AND b.text LIKE '%y a renoncé%'"), 3);
    assert_status(ask(w, "boulangerie-tivoli", INES), 303);
    grant(w);
    const char *mandate = world_value(w, "SELECT mandate_id FROM dossier WHERE client_org_id = " TIVOLI " AND org_id = " LANTERNE);
    assert_status(world_post(w, NADIA, world_text(w, "/o/boulangerie-tivoli/mandates/%s/end", mandate), ""), 303);
    assert_int_equal(told(w, NADIA), 3);
    assert_int_equal(told(w, INES), 3);
}

WORLD_TEST(entering_and_leaving_renew_the_cookie_S14)
{
    assert_status(ask(w, "boulangerie-tivoli", INES), 303);
    grant(w);
    const char *before = world_value(w, "SELECT hash FROM session WHERE ended_at IS NULL AND person_id = (SELECT id FROM person WHERE email = '" INES "')");
    assert_status(enter(w, INES), 303);
    const char *inside = world_value(w, "SELECT hash FROM session WHERE ended_at IS NULL AND person_id = (SELECT id FROM person WHERE email = '" INES "')");
    assert_string_not_equal(before, inside);
}

WORLD_TEST(many_at_once_are_all_or_none_S4)
{
    int64_t open = world_number(w, "SELECT COUNT(*) FROM support_request WHERE answer = ''"), all = world_number(w, "SELECT COUNT(*) FROM support_request");
    struct answer *a = world_post(w, SOLENE, HOME, world_text(w, "dossier_ids=%s&dossier_ids=%s&act=assign&member_id=%s&level=read&hours=24&reason=TVA",
        dossier(w, "boulangerie-tivoli"), dossier(w, "atelier-morin"), member(w, HUGO)));
    assert_status(a, 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request WHERE answer = ''"), open + 2);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_asked'"), 2);
    a = world_post(w, SOLENE, HOME, world_text(w, "dossier_ids=%s&dossier_ids=777&act=assign&member_id=%s&level=read&hours=24&reason=TVA", dossier(w, "boulangerie-tivoli"), member(w, INES)));
    assert_status(a, 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request"), all + 2);
    a = world_post(w, SOLENE, HOME "?state=asked", "is_all=1&act=detach");
    assert_status(a, 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request WHERE answer = ''"), 0);
}

WORLD_TEST(an_organization_that_never_chose_the_partner_is_out_of_reach_S4)
{
    const char *froid = world_value(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    const char *form = world_text(w, "member_id=%s&level=read&hours=24&reason=TVA", member(w, INES));
    assert_status(world_post(w, SOLENE, world_text(w, HOME "/%s/ask", froid), form), 404);
    assert_status(world_post(w, SOLENE, HOME, world_text(w, "dossier_ids=%s&act=assign&%s", froid, form)), 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_asked'"), 0);
    assert_status(world_get(w, NADIA, HOME), 404);
    assert_status(world_get(w, NADIA, "/partner/boulangerie-tivoli/dossiers"), 404);     /* S-0: it is no partner */
}

WORLD_TEST(detached_by_the_partner_it_is_over_S10)
{
    assert_status(ask(w, "boulangerie-tivoli", INES), 303);
    grant(w);
    assert_status(world_get(w, SOLENE, world_text(w, HOME "/%s/detach", dossier(w, "boulangerie-tivoli"))), 200);
    assert_status(world_post(w, SOLENE, world_text(w, HOME "/%s/detach", dossier(w, "boulangerie-tivoli")), ""), 303);
    assert_status(enter(w, INES), 404);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_ended'"), 3);
    assert_string_equal(world_value(w, "SELECT action FROM journal WHERE org_id = " TIVOLI " ORDER BY number DESC LIMIT 1"), "support_detached");
}

/* Inès, inside: with the cookie that entering gave her. */
static struct answer *post_inside(struct world_test *w, const char *cookie, const char *target, const char *form)
{
    const char *body = world_text(w, "form_token=%s&%s", world_token(w, INES), form);
    return world_send(w, cookie, METHOD_POST, target, "application/x-www-form-urlencoded", body, strlen(body));
}

static const char *cookie_inside(struct world_test *w)
{
    world_token(w, INES);
    assert_status(ask(w, "boulangerie-tivoli", INES), 303);
    grant(w);
    struct answer *a = enter(w, INES);
    assert_status(a, 303);
    return a->cookie;
}

/* S-12: what an error shows of the client is a look as well. */
WORLD_TEST(a_page_shown_again_is_a_look_S12)
{
    const char *cookie = cookie_inside(w);
    int64_t before = world_number(w, "SELECT COUNT(*) FROM support_trace");
    struct answer *a = post_inside(w, cookie, "/o/boulangerie-tivoli/clients", "name=");
    assert_status(a, 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_trace"), before + 1);
}

/* M-5: what is lent for an hour is not made into a token that lasts a year. */
WORLD_TEST(no_token_is_made_of_a_support_session_S7)
{
    const char *cookie = cookie_inside(w);
    int64_t before = world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'token'");
    struct answer *a = post_inside(w, cookie, "/account/tokens", "space=o/boulangerie-tivoli&name=x&ends_on=2026-12-31&may_client_read=1&may_ticket_read=1");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mandate WHERE kind = 'token'"), before);
    assert_status(a, 422);
}

/* « Tous ceux du filtre » is what the list shows, or nothing at all. */
WORLD_TEST(all_of_the_filter_is_what_the_list_shows_S15)
{
    const char *form = world_text(w, "is_all=1&act=assign&member_id=%s&level=read&hours=24&reason=TVA", member(w, INES));
    struct answer *a = world_post(w, SOLENE, HOME "?search=personne-ne-porte-ce-nom", form);
    assert_status(a, 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request WHERE answer = '' AND reason = 'TVA'"), 0);
    a = world_post(w, SOLENE, HOME "?search=tivoli", form);
    assert_status(a, 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request WHERE answer = '' AND reason = 'TVA'"), 1);
    assert_status(world_post(w, SOLENE, HOME "?search=tivoli", "is_all=1&act=detach"), 303);
    int64_t soon = world_number(w, world_text(w, "SELECT COUNT(*) FROM dossier WHERE org_id = " LANTERNE " AND state = 'active' AND ends_at <= %lld", (long long)(world_now(w) + 86400000)));
    a = world_post(w, SOLENE, HOME "?ends=1", form);
    assert_status(a, soon ? 303 : 422);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request WHERE answer = '' AND reason = 'TVA'"), soon);
}

/* Another partner, with its own administrator: what is Lanterne's does not exist there, by any address or in a form. */
WORLD_TEST(one_partner_reaches_nothing_of_another_X2)
{
    static const char *const posts[] = { "ask", "resend", "detach", NULL };
    const char *id = dossier(w, "boulangerie-tivoli"), *ines = member(w, INES), *form = world_text(w, "member_id=%s&level=read&hours=24&reason=TVA", ines);
    world_run_sql(w, "UPDATE organization SET is_partner = 1 WHERE slug = 'froid-atlantique'");
    assert_status(world_get(w, SABINE, ELSEWHERE "/dossiers"), 200);
    assert_not(world_get(w, SABINE, ELSEWHERE "/dossiers"), "Tivoli");
    assert_not(world_get(w, SABINE, ELSEWHERE "/dossiers?search=tivoli"), "Boulangerie Tivoli");
    assert_status(world_get(w, SABINE, world_text(w, ELSEWHERE "/dossiers/%s", id)), 404);
    assert_status(world_get(w, SABINE, world_text(w, ELSEWHERE "/dossiers/%s.json", id)), 404);
    assert_status(world_get(w, SABINE, world_text(w, ELSEWHERE "/dossiers/%s/detach", id)), 404);
    for (const char *const *act = posts; *act; act++)
        assert_status(world_post(w, SABINE, world_text(w, ELSEWHERE "/dossiers/%s/%s", id, *act), form), 404);
    assert_status(world_post(w, SABINE, ELSEWHERE "/dossiers", world_text(w, "dossier_ids=%s&act=assign&%s", id, form)), 422);
    assert_status(world_get(w, SABINE, world_text(w, ELSEWHERE "/collaborators/%s", ines)), 404);
    assert_status(world_get(w, SABINE, world_text(w, ELSEWHERE "/collaborators/%s/remove", ines)), 404);
    assert_status(world_post(w, SABINE, world_text(w, ELSEWHERE "/collaborators/%s/remove", ines), ""), 404);
    assert_status(world_post(w, SABINE, world_text(w, ELSEWHERE "/collaborators/%s/resend", ines), ""), 404);
    assert_status(world_get(w, SABINE, HOME), 404);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_request r WHERE r.org_id = " TIVOLI), 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind LIKE 'mail_support%'"), 0);
}

/* S-8: what may not be sent again is not asked anew instead: requests that replace one another are counted, taken back or not. */
WORLD_TEST(s_8_asking_anew_is_no_way_round_the_limit)
{
    int sent = 0;
    for (int i = 0; i < 12; i++) {
        world_pass(w, 1000);
        int status = ask(w, "boulangerie-tivoli", i % 2 ? INES : HUGO)->status;
        sent += status == 303;
        if (i % 3 == 0)
            world_post(w, SOLENE, world_text(w, HOME "/%s/detach", dossier(w, "boulangerie-tivoli")), "");
    }
    if (sent > 6)
        fail_msg("%d requests in a quarter of a minute", sent);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_asked' AND to_email = 'nadia.ferrand@tivoli.example'"), sent);
    world_run_sql(w, "UPDATE support_request SET answered_at = answered_at - 86400000 WHERE answer = 'withdrawn'");
    assert_status(ask(w, "boulangerie-tivoli", INES), 303);
}

WORLD_MAIN("partner", WORLD_CASE(one_partner_reaches_nothing_of_another_X2), WORLD_CASE(the_story_of_a_dossier_S4_S8), WORLD_CASE(opening_a_dossier_asks_again_or_leads_in_S8), WORLD_CASE(a_support_is_assigned_to_many_from_a_page_of_its_own_S4),
    WORLD_CASE(ended_from_the_register_both_sides_get_the_word_of_support_S11), WORLD_CASE(entering_and_leaving_renew_the_cookie_S14), WORLD_CASE(many_at_once_are_all_or_none_S4),
    WORLD_CASE(an_organization_that_never_chose_the_partner_is_out_of_reach_S4), WORLD_CASE(detached_by_the_partner_it_is_over_S10), WORLD_CASE(a_page_shown_again_is_a_look_S12),
    WORLD_CASE(no_token_is_made_of_a_support_session_S7), WORLD_CASE(s_8_asking_anew_is_no_way_round_the_limit), WORLD_CASE(all_of_the_filter_is_what_the_list_shows_S15))
