/* C-5's first form, the page of invoices, and the files kept with a client, on both databases. */
#include "lib/world.h"
#include <string.h>
#include "base/text.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"         /* sees clients, changes none */
#define HOST "camille.vasseur@hexanode.example"
#define CLAIRE "claire.delmas@bellerive.example"
#define SOPHIE "sophie.lemoine@bellerive.example"            /* invoices alone */
#define OFFICE "/o/froid-atlantique"
#define PORTAL "/p/froid-atlantique"
#define SETTINGS "name=Froid+Atlantique&brand_color=%230d4f9c&is_portal_open=1&dpo_email=dpo%40froid-atlantique.example&personal_intro=Nous+gardons+peu."

WORLD_TEST(c_5_the_page_says_who_holds_what_and_whom_to_write_to)
{
    assert_status(world_post(w, ADMIN, OFFICE "/settings", SETTINGS), 303);
    struct answer *page = world_get(w, CLAIRE, PORTAL "/personal");
    assert_status(page, 200);
    assert_has(page, "Nous gardons peu.");
    assert_has(page, "mailto:dpo@froid-atlantique.example");
    assert_has(page, "claire.delmas@bellerive.example");
    assert_has(page, "06 39 98 51 08");
    assert_has(page, "Hôtel Bellerive");
    struct answer *json = world_get(w, CLAIRE, PORTAL "/personal.json");
    assert_string_equal(doc_text_of(doc_get(json->doc, "personal"), "first_name"), "Claire");
    assert_null(doc_get(doc_get(json->doc, "personal"), "notes"));
}

WORLD_TEST(c_5_a_contact_rectifies_their_own_data_and_nobody_elses)
{
    assert_status(world_post(w, CLAIRE, PORTAL "/personal", "first_name=Clara&last_name=Delmas-Roy&job_title=Directrice&phone=06+39+98+51+99"), 303);
    struct answer *page = world_get(w, ADMIN, OFFICE "/contacts?search=clara+delmas+roy");
    assert_has(page, "Clara Delmas-Roy");
    assert_string_equal(world_value(w, "SELECT phone FROM contact WHERE email = '" CLAIRE "'"), "06 39 98 51 99");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM contact WHERE first_name = 'Clara' AND last_name = 'Delmas-Roy'"), 1);
    const char *payload = world_value(w, "SELECT p.payload FROM journal j JOIN journal_payload p ON p.org_id = j.org_id AND p.number = j.number WHERE j.action = 'personal_update'");
    assert_non_null(strstr(payload, "first_name last_name job_title phone"));
    assert_null(strstr(payload, "06 39"));
    assert_status(world_post(w, CLAIRE, PORTAL "/personal", "first_name=&last_name=Delmas"), 422);
    assert_string_equal(world_value(w, "SELECT email FROM person WHERE email = '" CLAIRE "'"), CLAIRE);
}

WORLD_TEST(c_1_each_value_opens_its_own_page_and_no_other)
{
    assert_status(world_get(w, SOPHIE, PORTAL "/personal"), 403);
    assert_status(world_post(w, SOPHIE, PORTAL "/personal", "first_name=S&last_name=L"), 403);
    assert_status(world_get(w, SOPHIE, PORTAL "/tickets"), 403);
    struct answer *page = world_get(w, SOPHIE, PORTAL "/invoices");
    assert_status(page, 200);
    assert_has(page, "Aucune facture pour le moment");
    struct answer *home = world_get(w, SOPHIE, PORTAL);
    assert_has(home, PORTAL "/invoices");
    assert_not(home, PORTAL "/personal");
    assert_status(world_get(w, CLAIRE, PORTAL "/invoices"), 200);
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE detail = 'invoices' AND kind = 'access'");
    assert_status(world_get(w, CLAIRE, PORTAL "/invoices"), 403);
    assert_status(world_get(w, HOST, PORTAL "/personal"), 404);
}

/* ---- Files ---- */

static const char *bellerive(struct world_test *w) { return world_value(w, "SELECT id FROM client WHERE name = 'Hôtel Bellerive'"); }
static const char *files_of(struct world_test *w, const char *rest) { return world_text(w, OFFICE "/clients/%s/files%s", bellerive(w), rest); }

static struct answer *file_send(struct world_test *w, const char *who, const char *name, const char *data, const char *audience)
{
    const struct world_part parts[] = { { "audience", NULL, audience, 0 }, { "files", name, data, 0 }, { "files", "second.txt", "Deuxième fichier.", 0 }, { 0 } };
    return world_post_parts(w, who, files_of(w, ""), parts);
}

static const char *file_id(struct world_test *w, const char *name) { return world_value(w, world_text(w, "SELECT id FROM client_attachment WHERE name = '%s'", name)); }

WORLD_TEST(files_of_a_client_are_kept_private_unless_shared)
{
    world_run_sql(w, "DELETE FROM client_attachment");
    assert_has(world_get(w, ADMIN, files_of(w, "")), "value=\"private\" selected");
    assert_status(file_send(w, ADMIN, "contrat.txt", "Contrat d'entretien.", "private"), 303);
    struct answer *page = world_get(w, AGENT, files_of(w, ""));
    assert_status(page, 200);
    assert_has(page, "contrat.txt");
    assert_has(page, "second.txt");
    assert_has(page, "privé");
    assert_not(page, "partagé avec le client</span>");
    assert_not(page, "/remove");                                          /* an agent only looks */
    struct answer *bytes = world_get(w, AGENT, files_of(w, world_text(w, "/%s", file_id(w, "contrat.txt"))));
    assert_status(bytes, 200);
    assert_string_equal(world_value(w, "SELECT author_name FROM client_attachment WHERE name = 'contrat.txt'"), "Sabine Cozic");
    assert_status(world_post(w, ADMIN, files_of(w, world_text(w, "/%s/share", file_id(w, "contrat.txt"))), ""), 303);
    assert_has(world_get(w, AGENT, files_of(w, "")), "partagé avec le client</span>");
    assert_status(world_post(w, ADMIN, files_of(w, world_text(w, "/%s/hide", file_id(w, "contrat.txt"))), ""), 303);
    assert_not(world_get(w, AGENT, files_of(w, "")), "partagé avec le client</span>");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action IN ('client_file_add', 'client_file_share', 'client_file_hide')"), 3);
    assert_int_equal(world_files_left(w), 0);
}

WORLD_TEST(files_of_a_client_are_deleted_after_a_question)
{
    assert_status(file_send(w, ADMIN, "plan.txt", "Plan de la cuisine.", "shared"), 303);
    const char *address = files_of(w, world_text(w, "/%s/remove", file_id(w, "plan.txt")));
    const char *hash = world_value(w, "SELECT hash FROM client_attachment WHERE name = 'plan.txt'"), *other = world_value(w, "SELECT hash FROM client_attachment WHERE name = 'second.txt'");
    const char *second = files_of(w, world_text(w, "/%s/remove", file_id(w, "second.txt")));
    assert_has(world_get(w, ADMIN, address), "Supprimer plan.txt");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM client_attachment WHERE name = 'plan.txt'"), 1);
    assert_status(world_post(w, ADMIN, address, ""), 303);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM client_attachment WHERE name = 'plan.txt'"), 0);
    assert_status(world_post(w, ADMIN, address, "again=1"), 404);
    const char *payload = world_value(w, "SELECT p.payload FROM journal j JOIN journal_payload p ON p.org_id = j.org_id AND p.number = j.number WHERE j.action = 'client_file_remove'");
    assert_non_null(strstr(payload, "plan.txt"));
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM file WHERE hash = '%s'", hash)), 0);
    world_work(w);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM work WHERE kind = 'file_drop' AND state <> 'done'"), 0);
    world_run_sql(w, world_text(w, "UPDATE organization SET logo = '%s' WHERE slug = 'froid-atlantique'", other));      /* the same bytes, still wanted */
    assert_status(world_post(w, ADMIN, second, ""), 303);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM file WHERE hash = '%s'", other)), 1);
}

WORLD_TEST(files_of_a_client_are_checked_by_content_and_right)
{
    world_run_sql(w, "DELETE FROM client_attachment");
    assert_status(file_send(w, ADMIN, "virus.pdf", "MZ\x90\x03 this is no document at all", "private"), 422);
    assert_status(file_send(w, ADMIN, "contrat.txt", "x", "everybody"), 422);
    assert_status(file_send(w, AGENT, "contrat.txt", "x", "private"), 403);
    assert_status(file_send(w, HOST, "contrat.txt", "x", "private"), 404);
    assert_status(file_send(w, CLAIRE, "contrat.txt", "x", "private"), 404);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM client_attachment WHERE created_at > 1"), 0);
    assert_int_equal(world_files_left(w), 0);
}

/* What is shared, and nothing else, for whom « Gestion des tickets » is open. */
WORLD_TEST(files_of_a_client_that_are_shared_are_documents_on_the_portal)
{
    world_run_sql(w, "DELETE FROM client_attachment");
    assert_has(world_get(w, CLAIRE, PORTAL "/documents"), "Aucun document pour le moment");
    assert_status(file_send(w, ADMIN, "contrat.txt", "Contrat d'entretien.", "shared"), 303);
    world_run_sql(w, "UPDATE client_attachment SET is_shared = 0 WHERE name = 'second.txt'");
    struct answer *page = world_get(w, CLAIRE, PORTAL "/documents");
    assert_has(page, "contrat.txt");
    assert_not(page, "second.txt");
    assert_not(world_get(w, CLAIRE, PORTAL "/documents.json"), "author_name");
    struct answer *file = world_get(w, CLAIRE, world_text(w, PORTAL "/documents/%s", file_id(w, "contrat.txt")));
    assert_status(file, 200);
    assert_memory_equal(file->body, "Contrat d'entretien.", 20);
    assert_int_equal(strncmp(answer_header(file, "Content-Disposition"), "attachment", 10), 0);
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/documents/%s", file_id(w, "second.txt"))), 404);
    world_run_sql(w, "UPDATE client_attachment SET client_id = (SELECT MIN(id) FROM client WHERE name <> 'Hôtel Bellerive' AND client.org_id = client_attachment.org_id)");
    assert_not(world_get(w, CLAIRE, PORTAL "/documents"), "contrat.txt");                     /* another client's */
    assert_status(world_get(w, CLAIRE, world_text(w, PORTAL "/documents/%s", file_id(w, "contrat.txt"))), 404);
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1 WHERE kind = 'access' AND detail = 'tickets' AND state = 'active'");
    assert_status(world_get(w, CLAIRE, PORTAL "/documents"), 403);                            /* personal data and invoices open none */
}

WORLD_MAIN("personal",
    WORLD_CASE(c_5_the_page_says_who_holds_what_and_whom_to_write_to), WORLD_CASE(c_5_a_contact_rectifies_their_own_data_and_nobody_elses),
    WORLD_CASE(c_1_each_value_opens_its_own_page_and_no_other), WORLD_CASE(files_of_a_client_are_kept_private_unless_shared),
    WORLD_CASE(files_of_a_client_are_deleted_after_a_question), WORLD_CASE(files_of_a_client_are_checked_by_content_and_right),
    WORLD_CASE(files_of_a_client_that_are_shared_are_documents_on_the_portal))
