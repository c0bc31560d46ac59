/* A session of support as people see it (S-8, S-12, S-14): the banner, who signs, the way out and what is left when the hour is over. */
#include <string.h>
#include "base/clock.h"
#include "features/support/support_inside.h"
#include "lib/world.h"
#include "mandate/support.h"

#define INES "ines.rolland@lanterne.example"
#define HUGO "hugo.marchetti@lanterne.example"
#define SOLENE "solene.kerbrat@lanterne.example"
#define NADIA "nadia.ferrand@tivoli.example"
#define TIVOLI "(SELECT id FROM organization WHERE slug = 'boulangerie-tivoli')"
#define LANTERNE "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"
#define OFFICE "/o/boulangerie-tivoli"
#define DOSSIERS "/partner/cabinet-lanterne/dossiers"

static const char *dossier(struct world_test *w)
{
    return world_value(w, "SELECT d.id FROM dossier d WHERE d.org_id = " LANTERNE " AND d.client_org_id = " TIVOLI);
}

static const char *mandate(struct world_test *w) { return world_value(w, "SELECT MAX(mandate_id) FROM support_request WHERE org_id = " TIVOLI); }

static void granted(struct world_test *w, const char *level)
{
    const char *member = world_value(w, "SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = (SELECT id FROM person WHERE email = '" INES "')");
    assert_status(world_post(w, SOLENE, world_text(w, DOSSIERS "/%s/ask", dossier(w)), world_text(w, "member_id=%s&level=%s&hours=168&reason=TVA", member, level)), 303);
    assert_status(world_post(w, NADIA, world_text(w, OFFICE "/support/requests/%s", mandate(w)), world_text(w, "level=%s&term=until&hours=168", level)), 303);
}

static void entered(struct world_test *w)
{
    struct answer *a = world_post(w, INES, world_text(w, DOSSIERS "/%s/enter", dossier(w)), "reason=TVA+d%27octobre");
    assert_status(a, 303);
    world_cookie_keep(w, INES, a);
}

static const char *ticket(struct world_test *w) { return world_value(w, "SELECT MAX(id) FROM ticket WHERE org_id = " TIVOLI); }

WORLD_TEST(every_page_of_a_session_carries_the_banner_S14)
{
    static const char *const pages[] = { "", "/tickets", "/clients", "/why", "/clients/777", "/members", NULL };
    granted(w, "management");
    entered(w);
    for (const char *const *page = pages; *page; page++) {
        struct answer *a = world_get(w, INES, world_text(w, OFFICE "%s", *page));
        assert_has(a, "Vous agissez pour Boulangerie Tivoli");
        assert_has(a, "Inès Rolland, Cabinet Lanterne");
        assert_has(a, "TVA d&#39;octobre");
        assert_has(a, "60\u00a0min");
        assert_has(a, "/support/leave");
    }
    assert_not(world_get(w, INES, "/account"), "m-banner");
    assert_not(world_get(w, NADIA, OFFICE), "m-banner");
    world_pass(w, 22 * CLOCK_MINUTE_MS + 1);
    assert_has(world_get(w, INES, OFFICE), "38\u00a0min");
    struct answer *a = world_post(w, INES, OFFICE "/support/prolong", "back=" OFFICE "/tickets");
    assert_status(a, 303);
    assert_non_null(strstr(a->location, OFFICE "/tickets?notice=support_prolonged"));
    assert_has(world_get(w, INES, OFFICE), "60\u00a0min");
    a = world_post(w, INES, OFFICE "/support/prolong", "back=//evil.example");
    assert_null(strstr(a->location, "evil"));
    a = world_post(w, INES, OFFICE "/support/leave", "");
    assert_non_null(strstr(a->location, DOSSIERS));
}

WORLD_TEST(an_hour_that_is_over_leads_back_to_the_dossier_S14)
{
    struct answer *unknown = world_get(w, INES, "/o/nowhere");
    assert_status(unknown, 404);
    assert_status(world_get(w, INES, OFFICE), 404);
    granted(w, "management");
    entered(w);
    world_pass(w, 61 * CLOCK_MINUTE_MS);
    struct answer *a = world_get(w, INES, OFFICE "/clients");
    assert_status(a, 303);
    assert_string_equal(a->location, world_text(w, DOSSIERS "/%s?notice=support_over", dossier(w)));
    assert_has(world_get(w, INES, a->location), "Votre session est terminée");
    assert_status(world_get(w, INES, OFFICE "/clients.json"), 404);
    a = world_post(w, INES, OFFICE "/clients", "name=Nouveau+client+Untel&email=a%40b.example");
    assert_status(a, 404);
    assert_has(a, "Nouveau client Untel");                                 /* what was typed is kept */
    assert_has(a, DOSSIERS);
    static const char *const others[] = { HUGO, SOLENE, NULL };
    for (const char *const *who = others; *who; who++)                      /* nobody else learns anything */
        assert_string_equal(world_get(w, *who, OFFICE "/clients")->body, world_get(w, *who, "/o/nowhere/clients")->body);
    entered(w);
    assert_status(world_get(w, INES, OFFICE "/clients"), 200);
    assert_status(world_post(w, NADIA, world_text(w, OFFICE "/support/%s/end", mandate(w)), ""), 303);
    assert_string_equal(world_get(w, INES, OFFICE "/clients")->body, world_get(w, INES, "/o/nowhere/clients")->body);
    assert_status(world_get(w, INES, OFFICE "/clients"), 404);             /* S-11: withdrawn, from the next request on */
    a = world_post(w, INES, OFFICE "/clients", "name=Nouveau+client+Untel&email=a%40b.example");
    assert_status(a, 404);
    assert_has(a, "Nouveau client Untel");                                  /* their own words, to copy; of the client nothing */
    assert_not(a, "<form method=\"post\" action=\"" OFFICE);
    assert_not(a, "Tivoli");
    assert_string_equal(a->body, world_post(w, INES, "/o/nowhere/clients", "name=Nouveau+client+Untel&email=a%40b.example")->body);
}

WORLD_TEST(both_names_stand_on_what_is_written_S12)
{
    granted(w, "management");
    entered(w);
    if (!*ticket(w))
        fail_msg("no ticket at the client's");
    const char *path = world_text(w, OFFICE "/tickets/%s", ticket(w));
    assert_status(world_get(w, INES, path), 200);
    assert_status(world_post(w, INES, world_text(w, "%s/comments", path), "body=Je+regarde&kind=answer"), 303);
    assert_string_equal(world_value(w, world_text(w, "SELECT author_name FROM comment WHERE ticket_id = %s AND body = 'Je regarde'", ticket(w))), "Inès Rolland, Cabinet Lanterne");
    assert_has(world_get(w, NADIA, path), "Inès Rolland, Cabinet Lanterne");
    assert_status(world_post(w, INES, world_text(w, "%s/follow", path), ""), 403);   /* following is a member’s */
    static const char *const pages[] = { "/tickets?tab=mine", "/tickets/next", "/tickets/new", "/why?what=ticket_read", NULL };
    for (const char *const *page = pages; *page; page++) {
        struct answer *a = world_get(w, INES, world_text(w, OFFICE "%s", *page));
        if (a->status != 200 && a->status != 303)
            fail_msg("%s: %d", *page, a->status);
    }
    assert_has(world_get(w, INES, path), "par l’accès que Nadia Ferrand a donné à Cabinet Lanterne");
}

WORLD_TEST(the_client_reads_what_was_done_and_seen_in_a_session_S12)
{
    granted(w, "management");
    entered(w);
    assert_status(world_get(w, INES, OFFICE "/clients"), 200);
    assert_status(world_post(w, INES, OFFICE "/clients", "kind=company&name=Moulin+du+Test&email=a%40moulin.example"), 303);
    struct answer *left = world_post(w, INES, OFFICE "/support/leave", "");
    assert_status(left, 303);
    world_cookie_keep(w, INES, left);
    const char *first = world_value(w, "SELECT MAX(id) FROM support_session WHERE org_id = " TIVOLI);
    world_pass(w, CLOCK_HOUR_MS);
    entered(w);
    assert_status(world_get(w, INES, OFFICE "/tickets"), 200);
    struct answer *a = world_get(w, NADIA, world_text(w, OFFICE "/support/sessions/%s", first));
    assert_status(a, 200);
    assert_has(a, "Session d’assistance\u00a0: Inès Rolland");
    assert_has(a, "a créé le client");
    assert_has(a, "Moulin du Test");
    assert_has(a, "<th scope=\"row\">Clients</th>");
    assert_not(a, "<th scope=\"row\">Tickets</th>");                                  /* of the other session */
    a = world_get(w, NADIA, world_text(w, OFFICE "/support/sessions/%s", world_value(w, "SELECT MAX(id) FROM support_session WHERE org_id = " TIVOLI)));
    assert_has(a, "En session");
    assert_has(a, "<th scope=\"row\">Tickets</th>");
    assert_not(a, "Moulin du Test");
    assert_status(world_get(w, INES, world_text(w, OFFICE "/support/sessions/%s", first)), 403);
    assert_status(world_get(w, NADIA, OFFICE "/support/sessions/777"), 404);
}

/* The line on every page of the client's own members: there while somebody is in, with what who reads it may do. */
WORLD_TEST(the_client_sees_it_live_S14)
{
    static const char *const pages[] = { "", "/tickets", "/clients", "/support", "/members", NULL };
    assert_not(world_get(w, NADIA, OFFICE), "data-live");                    /* nobody may come: nothing is looked for */
    granted(w, "management");
    assert_has(world_get(w, NADIA, OFFICE), "data-live=\"\"");
    entered(w);
    for (const char *const *page = pages; *page; page++) {
        struct answer *a = world_get(w, NADIA, world_text(w, OFFICE "%s", *page));
        assert_has(a, "Inès Rolland (Cabinet Lanterne) est dans votre espace depuis ");
        assert_has(a, "motif «\u00a0TVA d&#39;octobre\u00a0»");
        assert_has(a, world_text(w, "href=\"" OFFICE "/support/%s/end\"", mandate(w)));
    }
    struct answer *a = world_get(w, NADIA, OFFICE "/support/live.json");
    assert_status(a, 200);
    assert_string_equal(doc_text_of(doc_at(doc_get(a->doc, "visits"), 0), "reason"), "TVA d'octobre");
    const char *visit = world_value(w, "SELECT MAX(id) FROM support_session WHERE org_id = " TIVOLI);
    assert_has(world_get(w, NADIA, OFFICE), world_text(w, "data-live=\"%s\"", visit));
    assert_has(world_get(w, NADIA, OFFICE), world_text(w, "href=\"" OFFICE "/support/sessions/%s\"", visit));
    assert_not(world_get(w, NADIA, "/account"), "data-live");                /* no page of the organization */
    world_run_sql(w, "UPDATE mandate SET detail = 'accountant' WHERE kind = 'membership' AND org_id = " TIVOLI " AND holder_person_id = (SELECT id FROM person WHERE email = '" NADIA "')");
    a = world_get(w, NADIA, OFFICE);
    assert_has(a, "est dans votre espace depuis");                           /* told to all, ended by who may */
    assert_not(a, "/support/sessions/");
    assert_not(a, "/end\" data-dialog");
    assert_not(world_get(w, INES, OFFICE), "data-live");                     /* who is inside has the banner */
    assert_int_equal(doc_count(doc_get(world_get(w, INES, OFFICE "/support/live.json")->doc, "visits")), 0);
    world_cookie_keep(w, INES, world_post(w, INES, OFFICE "/support/leave", ""));
    assert_not(world_get(w, NADIA, OFFICE), "est dans votre espace depuis");
    assert_int_equal(doc_count(doc_get(world_get(w, NADIA, OFFICE "/support/live.json")->doc, "visits")), 0);
    assert_status(world_get(w, SOLENE, OFFICE "/support/live.json"), 404);
}

/* Two browsers of one collaborator at once: each session shows its own acts, here and at the partner's. */
WORLD_TEST(two_sessions_at_once_show_each_its_own_S12)
{
    granted(w, "management");
    entered(w);
    assert_status(world_post(w, INES, OFFICE "/clients", "kind=company&name=Moulin+du+Test&email=a%40moulin.example"), 303);
    const char *first = world_value(w, "SELECT MAX(id) FROM support_session WHERE org_id = " TIVOLI);
    world_run_sql(w, world_text(w, "UPDATE support_session SET session_id = session_id + 1 WHERE id = %s", first));     /* it was in another browser */
    entered(w);
    const char *second = world_value(w, "SELECT MAX(id) FROM support_session WHERE org_id = " TIVOLI);
    assert_string_not_equal(first, second);
    assert_status(world_post(w, INES, OFFICE "/clients", "kind=company&name=Four+du+Test&email=b%40four.example"), 303);
    struct answer *a = world_get(w, NADIA, world_text(w, OFFICE "/support/sessions/%s", first));
    assert_has(a, "Moulin du Test");
    assert_not(a, "Four du Test");
    a = world_get(w, NADIA, world_text(w, OFFICE "/support/sessions/%s", second));
    assert_has(a, "Four du Test");
    assert_not(a, "Moulin du Test");
    a = world_get(w, SOLENE, "/partner/cabinet-lanterne/sessions");
    assert_has(a, "Boulangerie Tivoli");
    assert_has(a, "TVA d&#39;octobre");
    const char *visit = world_text(w, DOSSIERS "/%s/sessions/%s", dossier(w), second);
    assert_has(a, visit);
    a = world_get(w, INES, world_text(w, DOSSIERS "/%s/sessions/%s", dossier(w), first));
    assert_status(a, 200);
    assert_has(a, "a créé le client");
    assert_not(a, "Moulin du Test");                                         /* the client's name for it is the client's */
    struct answer *json = world_get(w, SOLENE, world_text(w, "%s.json", visit));
    assert_int_equal(doc_count(doc_get(json->doc, "acts")), 1);
    const char *number = doc_text_of(doc_at(doc_get(json->doc, "acts"), 0), "action");
    assert_string_equal(number, "client_create");
    const char *hugo = world_value(w, "SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = (SELECT id FROM person WHERE email = '" HUGO "')");
    assert_not(world_get(w, SOLENE, world_text(w, "/partner/cabinet-lanterne/sessions?collaborator=%s", hugo)), visit);
    assert_has(world_get(w, SOLENE, world_text(w, "/partner/cabinet-lanterne/sessions?dossier=%s&period=7", dossier(w))), visit);
    assert_status(world_get(w, NADIA, "/partner/cabinet-lanterne/sessions"), 404);
    assert_status(world_get(w, SOLENE, world_text(w, DOSSIERS "/%s/sessions/777", dossier(w))), 404);
}

static void faded(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    assert_null(db_begin(c.db, c.arena, DB_WRITE));
    assert_null(support_traces_job(&c, NULL));
    assert_null(db_commit(c.db, c.arena));
}

WORLD_TEST(addresses_go_after_their_time_and_acts_stay_S12)
{
    const char *remotes = "SELECT (SELECT COUNT(*) FROM support_trace WHERE remote <> '' OR path <> '') + (SELECT COUNT(*) FROM support_act WHERE remote <> '')";
    granted(w, "management");
    entered(w);
    assert_status(world_get(w, INES, OFFICE "/clients"), 200);
    assert_status(world_post(w, INES, OFFICE "/clients", "kind=company&name=Moulin+du+Test&email=a%40moulin.example"), 303);
    const char *visit = world_text(w, OFFICE "/support/sessions/%s", world_value(w, "SELECT MAX(id) FROM support_session WHERE org_id = " TIVOLI));
    assert_int_equal(world_number(w, remotes), 2);
    assert_has(world_get(w, NADIA, visit), "<th scope=\"row\">Clients</th>");                          /* what was looked at, as people call it */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal j JOIN journal_payload p ON p.org_id = j.org_id AND p.number = j.number "
        "WHERE j.org_id = " TIVOLI " AND j.action = 'client_create' AND p.payload LIKE '%support_session%' AND p.payload LIKE '%\"from\"%'"), 0);
    world_pass(w, 89 * CLOCK_DAY_MS);
    faded(w);
    assert_int_equal(world_number(w, remotes), 2);
    world_pass(w, 2 * CLOCK_DAY_MS);
    world_app(w)->trace_keep_days = 100;
    faded(w);
    assert_int_equal(world_number(w, remotes), 2);                           /* as the operator sets it */
    world_app(w)->trace_keep_days = 0;
    faded(w);
    assert_int_equal(world_number(w, remotes), 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM support_trace WHERE org_id = " TIVOLI), 1);
    world_run_sql(w, world_text(w, "UPDATE session SET seen_at = %lld, expires_at = %lld WHERE ended_at IS NULL", (long long)world_now(w), (long long)world_now(w) + CLOCK_DAY_MS));
    struct answer *a = world_get(w, NADIA, visit);
    static const char *const stays[] = { "Inès Rolland", "TVA d&#39;octobre", "a créé le client", "Moulin du Test", "adresse effacée avec le temps", NULL };
    for (const char *const *part = stays; *part; part++)
        assert_has(a, *part);
    assert_not(a, OFFICE "/clients</th>");
}

/* Days later, everybody still signed in. */
static void later(struct world_test *w, int64_t ms)
{
    world_pass(w, ms);
    world_run_sql(w, world_text(w, "UPDATE session SET seen_at = %lld, expires_at = %lld WHERE ended_at IS NULL", (long long)world_now(w), (long long)world_now(w) + CLOCK_DAY_MS));
}

static int digests(struct world_test *w)
{
    struct ctx c;
    world_ctx(w, &c);
    assert_null(db_begin(c.db, c.arena, DB_WRITE));
    assert_null(support_digests_job(&c, NULL));
    assert_null(db_commit(c.db, c.arena));
    return (int)world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_support_digest'");
}

WORLD_TEST(a_summary_goes_to_who_wants_one_and_only_of_visits_S14)
{
    assert_has(world_get(w, NADIA, OFFICE "/support"), "Recevoir un résumé");
    struct answer *a = world_post(w, NADIA, OFFICE "/support/digest", "every=hourly");
    assert_status(a, 422);
    assert_status(world_post(w, NADIA, OFFICE "/support/digest", "every=day"), 303);
    assert_has(world_get(w, NADIA, OFFICE "/support"), "value=\"day\" selected");
    later(w, 25 * CLOCK_HOUR_MS);
    assert_int_equal(digests(w), 0);                                         /* nobody came */
    granted(w, "management");
    entered(w);
    assert_status(world_post(w, INES, OFFICE "/clients", "kind=company&name=Moulin+du+Test&email=a%40moulin.example"), 303);
    world_pass(w, 20 * CLOCK_MINUTE_MS);
    world_cookie_keep(w, INES, world_post(w, INES, OFFICE "/support/leave", ""));
    assert_int_equal(digests(w), 0);                                         /* not yet its hour */
    later(w, CLOCK_DAY_MS);
    assert_int_equal(digests(w), 1);
    assert_int_equal(digests(w), 1);                                         /* once */
    const char *text = world_value(w, "SELECT b.text FROM mail_body b JOIN mail m ON m.id = b.mail_id WHERE m.kind = 'mail_support_digest'");
    static const char *const said[] = { "Inès Rolland (Cabinet Lanterne)", "20 min", "TVA d'octobre", "/o/boulangerie-tivoli/support", NULL };
    for (const char *const *part = said; *part; part++)
        if (!strstr(text, *part))
            fail_msg("%s is not in: %s", *part, text);
    later(w, CLOCK_DAY_MS);
    assert_int_equal(digests(w), 1);                                         /* nobody came since */
    assert_status(world_post(w, NADIA, OFFICE "/support/digest", "every=never"), 303);
    entered(w);
    world_cookie_keep(w, INES, world_post(w, INES, OFFICE "/support/leave", ""));
    later(w, 8 * CLOCK_DAY_MS);
    assert_int_equal(digests(w), 1);
    assert_status(world_post(w, INES, OFFICE "/support/digest", "every=day"), 404);
}

WORLD_TEST(a_summary_is_due_before_work_begins_S14)
{
    (void)w;
    int64_t thursday = 0, monday = 4 * CLOCK_DAY_MS, five = 5 * CLOCK_HOUR_MS;
    assert_int_equal(support_digest_next(thursday, "day"), five);
    assert_int_equal(support_digest_next(thursday + five, "day"), CLOCK_DAY_MS + five);
    assert_int_equal(support_digest_next(thursday, "week"), monday + five);
    assert_int_equal(support_digest_next(monday + five - 1, "week"), monday + five);
    assert_int_equal(support_digest_next(monday + five, "week"), monday + 7 * CLOCK_DAY_MS + five);
}

/* A page that asks by itself is nobody's presence: a session that only does so ends like one that lies idle. */
WORLD_TEST(looking_for_who_is_here_keeps_no_session_alive_S14)
{
    granted(w, "read");
    assert_status(world_get(w, NADIA, OFFICE), 200);
    struct app *app = world_app(w);
    struct ctx c;
    const char *seen = "SELECT MAX(seen_at) FROM session WHERE person_id = (SELECT id FROM person WHERE email = '" NADIA "')";
    int64_t before = world_number(w, seen);
    world_ctx(w, &c);
    app->traces = traces_open();
    world_pass(w, CLOCK_HOUR_MS);
    assert_status(world_get(w, NADIA, OFFICE "/support/live.json"), 200);
    assert_null(traces_flush(app->traces, &c));
    assert_int_equal(world_number(w, seen), before);
    assert_status(world_get(w, NADIA, OFFICE), 200);
    assert_null(traces_flush(app->traces, &c));
    assert_true(world_number(w, seen) > before);
    traces_close(app->traces);
    app->traces = NULL;
}

WORLD_TEST(accounting_is_for_who_agreed_to_it_S13_S14)
{
    granted(w, "management");
    entered(w);
    assert_status(world_get(w, INES, OFFICE "/sales"), 403);
    assert_status(world_get(w, INES, OFFICE "/purchases"), 403);
    assert_not(world_get(w, INES, OFFICE), "Ventes");
    assert_status(world_post(w, NADIA, world_text(w, OFFICE "/support/%s/end", mandate(w)), ""), 303);
    granted(w, "accounting");
    entered(w);
    assert_has(world_get(w, INES, OFFICE "/sales"), "Aucune vente pour le moment");
    assert_has(world_get(w, INES, OFFICE "/purchases"), "Aucun achat pour le moment");
    assert_has(world_get(w, INES, OFFICE), "Achats");
}

/* In and out again and again: the client's administrators are not written to without end. */
WORLD_TEST(coming_and_going_is_no_flood_of_letters_S14)
{
    int entries = 0;
    granted(w, "management");
    for (int i = 0; i < 20; i++) {
        struct answer *a = world_post(w, INES, world_text(w, DOSSIERS "/%s/enter", dossier(w)), "reason=TVA");
        if (a->status != 303) {
            assert_status(a, 429);
            break;
        }
        entries++;
        world_cookie_keep(w, INES, a);
        a = world_post(w, INES, OFFICE "/support/leave", "");
        assert_status(a, 303);
        world_cookie_keep(w, INES, a);
    }
    if (entries < 3 || entries > 15)
        fail_msg("%d entries within an hour", entries);
    world_pass(w, CLOCK_HOUR_MS + 1);
    entered(w);
}

WORLD_MAIN("support session", WORLD_CASE(every_page_of_a_session_carries_the_banner_S14), WORLD_CASE(an_hour_that_is_over_leads_back_to_the_dossier_S14),
    WORLD_CASE(both_names_stand_on_what_is_written_S12), WORLD_CASE(the_client_reads_what_was_done_and_seen_in_a_session_S12), WORLD_CASE(accounting_is_for_who_agreed_to_it_S13_S14), WORLD_CASE(the_client_sees_it_live_S14),
    WORLD_CASE(looking_for_who_is_here_keeps_no_session_alive_S14), WORLD_CASE(a_summary_goes_to_who_wants_one_and_only_of_visits_S14),
    WORLD_CASE(a_summary_is_due_before_work_begins_S14), WORLD_CASE(two_sessions_at_once_show_each_its_own_S12), WORLD_CASE(coming_and_going_is_no_flood_of_letters_S14), WORLD_CASE(addresses_go_after_their_time_and_acts_stay_S12))
