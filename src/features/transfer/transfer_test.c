/* Imports and exports by CSV (X-4), and contacts without a client (C-4), on both databases. The files are made here: 20,000 clients and
   40,000 contacts on SQLite, a tenth of it on PostgreSQL, 50 rows of each wrong in different ways. */
#include "lib/world.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/transfer/page.h"
#include "features/transfer/transfer.h"
#include "web/app.h"
#include "web/file.h"
#include "work/work.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"         /* sees clients, changes none */
#define HOST "camille.vasseur@hexanode.example"
#define OFFICE "/o/froid-atlantique"
#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"

enum { WRONG = 50, WAYS = 13 };

struct wrong_row { int64_t line; const char *column; };
struct made { struct buf text; int64_t rows; struct wrong_row wrong[WRONG]; int count; };

static int64_t clients_of(struct world_test *w) { return world_number(w, "SELECT COUNT(*) FROM client WHERE org_id = " ORG); }
static int64_t contacts_of(struct world_test *w) { return world_number(w, "SELECT COUNT(*) FROM contact WHERE org_id = " ORG); }
static int64_t scale(struct world_test *w) { return world_kind(w) == DB_SQLITE ? 20000 : 2000; }

/* ---- Files ---- */

static const char *siren(struct world_test *w, int64_t number)
{
    int sum = 0;
    char *digits = arena_printf(world_arena(w), "%08lld0", (long long)(40000000 + number));
    for (int i = 0; i < 8; i++) {
        int digit = (digits[i] - '0') * (i % 2 ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    digits[8] = (char)('0' + (10 - sum % 10) % 10);
    return digits;
}

static bool is_wrong(int64_t i, int64_t rows) { return i % (rows / WRONG) == 7; }

/* Cells of one client, one of them spoilt in the way that is its turn; the column that must be named. */
static const char *client_line(struct world_test *w, struct made *made, int64_t i, int way)
{
    const char *number = world_text(w, "X-%lld", (long long)i), *name = world_text(w, "Société Nº %lld", (long long)i), *siren_ = siren(w, i);
    const char *kind = "entreprise", *email = world_text(w, "contact@client-%lld.example", (long long)i), *city = "Guingamp", *phone = "02 96 00 00 00", *postcode = "22200";
    const char *column = "", *rest = "";
    char *longer = arena_alloc(world_arena(w), 202);
    memset(longer, 'x', 201);
    switch (way) {
    case 0: name = ""; column = "Nom"; break;
    case 1: siren_ = "123456789"; column = "SIREN"; break;
    case 2: siren_ = "12345678"; column = "SIREN"; break;
    case 3: email = "pas une adresse"; column = "E-mail"; break;
    case 4: number = "X-1"; column = "N° client"; break;
    case 5: number = "C-00482"; column = "N° client"; break;
    case 6: kind = "mairie"; column = "Type"; break;
    case 7: name = longer; column = "Nom"; break;
    case 8: name = "\"ouvert"; column = "Nom"; break;
    case 9: phone = "demander"; column = "Téléphone"; break;
    case 10: city = "Gu\xff" "ingamp"; column = "Ville"; break;
    case 11: rest = ";de trop"; column = "Téléphone"; break;
    case 12: postcode = "Bretagne"; column = "Code postal"; break;
    }
    buf_printf(&made->text, "%s;%s;%s;%s;%s;%s;%s;%s%s\r\n", number, name, kind, siren_, email, postcode, city, phone, rest);
    return column;
}

static struct made *clients_make(struct world_test *w, int64_t rows)
{
    struct made *made = ARENA_NEW(world_arena(w), struct made);
    buf_init(&made->text, world_arena(w), (size_t)32 * 1024 * 1024);
    made->rows = rows;
    buf_text(&made->text, "N° client;Nom;Type;SIREN;E-mail;Code postal;Ville;Téléphone\r\n");
    for (int64_t i = 0; i < rows; i++) {
        int way = is_wrong(i, rows) ? made->count % WAYS : -1;
        const char *column = client_line(w, made, i, way);
        if (way >= 0)
            made->wrong[made->count++] = (struct wrong_row){ i + 2, column };
    }
    return made;
}

static const char *contact_line(struct world_test *w, struct made *made, int64_t i, int way, int64_t clients)
{
    const char *first = "Anne", *last = world_text(w, "Lemoine %lld", (long long)i), *email = world_text(w, "anne.%lld@client.example", (long long)i);
    const char *lang = "français", *client = world_text(w, "X-%lld", (long long)(i * clients / made->rows)), *column = "", *job = "Gérante";
    if (is_wrong(i * clients / made->rows, clients))
        client = "X-0";                                  /* that client is one of the wrong ones */
    switch (way >= 0 ? way % 7 : -1) {
    case 0: client = "X-999999"; column = "Customer number"; break;
    case 1: first = ""; column = "First name"; break;
    case 2: last = ""; column = "Last name"; break;
    case 3: email = "anne@"; column = "Email"; break;
    case 4: lang = "breton"; column = "Language"; break;
    case 5: last = "Lemoine 0", email = "anne.0@client.example", client = "X-0"; column = "Email"; break;
    case 6: job = "\"ligne\nligne\""; column = "Job title"; break;
    }
    buf_printf(&made->text, "%s,%s,%s,%s,%s,%s\n", first, last, job, email, lang, client);
    return column;
}

/* English headings, commas. One wrong row has a line break, so lines and rows part from there on. */
static struct made *contacts_make(struct world_test *w, int64_t rows, int64_t clients)
{
    struct made *made = ARENA_NEW(world_arena(w), struct made);
    int64_t line = 2;
    buf_init(&made->text, world_arena(w), (size_t)32 * 1024 * 1024);
    made->rows = rows;
    buf_text(&made->text, "First name,Last name,Job title,Email,Language,Customer number\n");
    for (int64_t i = 0; i < rows; i++, line++) {
        int way = is_wrong(i, rows) ? made->count : -1;
        const char *column = contact_line(w, made, i, way, clients);
        if (way >= 0)
            made->wrong[made->count++] = (struct wrong_row){ line, column };
        line += way >= 0 && way % 7 == 6;
    }
    return made;
}

/* ---- Running ---- */

static const struct doc *run(struct world_test *w, const char *kind, const struct made *made, enum import_mode mode)
{
    struct ctx c;
    struct doc *report = NULL;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    must(db_begin(c.db, c.arena, mode == IMPORT_DRY ? DB_READ : DB_WRITE));
    must(import_run(&c, &(struct import_ask){ .kind = kind, .data = made->text.data, .len = made->text.len, .mode = mode, .errors_most = 1000 }, &report));
    if (doc_bool_of(report, "is_written")) {
        must(import_journal(&c, "clients.csv", report));
        must(db_commit(c.db, c.arena));
    }
    db_rollback(c.db);
    return report;
}

static void assert_names(const struct doc *report, const struct made *made)
{
    const struct doc *errors = doc_get(report, "errors");
    for (size_t i = 0; i < doc_count(errors) && i < (size_t)made->count; i++)
        if (doc_int_of(doc_at(errors, i), "row") != made->wrong[i].line || strcmp(doc_text_of(doc_at(errors, i), "column"), made->wrong[i].column) != 0)
            fail_msg("error %zu is (%lld, %s: %s), wanted (%lld, %s)", i, (long long)doc_int_of(doc_at(errors, i), "row"), doc_text_of(doc_at(errors, i), "column"),
                doc_text_of(doc_at(errors, i), "message"), (long long)made->wrong[i].line, made->wrong[i].column);
    assert_int_equal(doc_count(errors), made->count);
    assert_int_equal(doc_int_of(report, "rows"), made->rows);
    assert_int_equal(doc_int_of(report, "refused"), made->count);
}

static struct answer *upload(struct world_test *w, const char *target, const char *name, const char *data, size_t len)
{
    return world_post_parts(w, ADMIN, target, (const struct world_part[]){ { "files", name, data, len }, { 0 } });
}

/* ---- X-4: imports ---- */

WORLD_TEST(x_4_a_dry_run_names_the_fifty_rows_and_columns_and_writes_nothing)
{
    struct made *made = clients_make(w, scale(w));
    int64_t before = clients_of(w);
    assert_int_equal(made->count, WRONG);
    const struct doc *report = run(w, "clients", made, IMPORT_DRY);
    assert_names(report, made);
    assert_int_equal(doc_int_of(report, "added"), made->rows - WRONG);
    assert_int_equal(clients_of(w), before);
}

WORLD_TEST(x_4_all_or_nothing_writes_none_and_the_good_ones_go_in_at_once)
{
    int64_t rows = scale(w), clients = clients_of(w), contacts = contacts_of(w);
    struct made *made = clients_make(w, rows), *people = contacts_make(w, 2 * rows, rows);
    assert_false(doc_bool_of(run(w, "clients", made, IMPORT_ALL), "is_written"));
    assert_int_equal(clients_of(w), clients);
    assert_true(doc_bool_of(run(w, "clients", made, IMPORT_GOOD), "is_written"));
    assert_int_equal(clients_of(w), clients + rows - WRONG);
    assert_names(run(w, "contacts", people, IMPORT_DRY), people);
    assert_false(doc_bool_of(run(w, "contacts", people, IMPORT_ALL), "is_written"));
    assert_int_equal(contacts_of(w), contacts);
    assert_int_equal(doc_int_of(run(w, "contacts", people, IMPORT_GOOD), "added"), 2 * rows - WRONG);
    assert_int_equal(contacts_of(w), contacts + 2 * rows - WRONG);
    assert_has(world_get(w, ADMIN, OFFICE "/clients?search=X-11"), "Société Nº 11");
    assert_has(world_get(w, ADMIN, OFFICE "/contacts?search=anne.11%40client"), "Anne Lemoine 11");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action IN ('import_clients', 'import_contacts')"), 2);
    world_sound(w);
}

static struct made *made_of(struct world_test *w, const char *text)
{
    struct made *made = ARENA_NEW(world_arena(w), struct made);
    buf_init(&made->text, world_arena(w), 1024 * 1024);
    buf_text(&made->text, text);
    return made;
}

WORLD_TEST(x_4_both_encodings_and_delimiters_say_the_same)
{
    run(w, "clients", made_of(w, "Num\xe9ro client;Nom;Ville;T\xe9l\xe9phone\nA-1;L\x92\xc9tal;Orl\xe9" "ans;02 38 00 00 00\n"), IMPORT_ALL);
    run(w, "clients", made_of(w, "\xef\xbb\xbfnumero CLIENT,NOM,ville,telephone\nA-2,\"L’Étal, bis\",Orléans,\n"), IMPORT_ALL);
    assert_string_equal(world_value(w, "SELECT name || '|' || city FROM client WHERE number = 'A-1'"), "L’Étal|Orléans");
    assert_string_equal(world_value(w, "SELECT name || '|' || city FROM client WHERE number = 'A-2'"), "L’Étal, bis|Orléans");
    assert_has(world_get(w, ADMIN, OFFICE "/clients?search=etal+orleans"), "A-1");
}

WORLD_TEST(x_4_what_makes_a_whole_file_unreadable_is_one_error_at_its_heading)
{
    static const struct { const char *text, *column; int64_t row; } files[] = {
        { "", "", 1 }, { "Ville;SIREN\nBrest;\n", "Nom", 1 }, { "Nom;nom\na;b\n", "nom", 1 }, { "\xff\xfeN\n", "", 1 },
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct doc *report = run(w, "clients", made_of(w, files[i].text), IMPORT_GOOD), *errors = doc_get(report, "errors");
        assert_int_equal(doc_count(errors), 1);
        assert_int_equal(doc_int_of(doc_at(errors, 0), "row"), files[i].row);
        assert_string_equal(doc_text_of(doc_at(errors, 0), "column"), files[i].column);
        assert_false(doc_bool_of(report, "is_written"));
    }
}

WORLD_TEST(x_4_counting_goes_on_behind_what_came_in)
{
    run(w, "clients", made_of(w, "N° client;Nom\nC-70000;Un\n;Deux\n"), IMPORT_ALL);
    assert_string_equal(world_value(w, "SELECT number FROM client WHERE name = 'Deux'"), "C-70001");
    assert_status(world_post(w, ADMIN, OFFICE "/clients", "kind=company&name=Trois"), 303);
    assert_string_equal(world_value(w, "SELECT number FROM client WHERE name = 'Trois'"), "C-70002");
}

/* ---- X-4: in the back office ---- */

WORLD_TEST(x_4_a_file_is_looked_at_by_a_job_and_written_when_asked)
{
    int64_t before = clients_of(w), rows = 12000;
    struct made *made = clients_make(w, rows);
    assert_has(world_get(w, ADMIN, OFFICE "/clients/import"), "Colonnes reconnues");
    struct answer *sent = upload(w, OFFICE "/clients/import", "clients.csv", made->text.data, made->text.len);
    assert_status(sent, 303);
    assert_has(world_get(w, ADMIN, sent->location), "Vérification en cours");
    world_work(w);
    struct answer *page = world_get(w, ADMIN, sent->location);
    assert_has(page, "Importer les lignes correctes");
    assert_has(page, "Ce numéro SIREN n’existe pas");
    assert_not(page, "tout ou rien");
    const struct doc *import = doc_get(world_get(w, ADMIN, world_text(w, "%s.json", sent->location))->doc, "import");
    assert_int_equal(doc_int_of(import, "refused"), WRONG);
    assert_int_equal(doc_int_of(import, "added"), rows - WRONG);
    struct answer *csv = world_get(w, ADMIN, world_text(w, "%s/errors", sent->location));
    assert_has(csv, "row;column;message");
    assert_has(csv, world_text(w, "\r\n%lld;%s;", (long long)made->wrong[WRONG - 1].line, made->wrong[WRONG - 1].column));
    assert_int_equal(clients_of(w), before);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", sent->location), "mode=good"), 303);
    world_work(w);
    assert_int_equal(clients_of(w), before + rows - WRONG);
    assert_has(world_get(w, ADMIN, sent->location), "Importé");
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", sent->location), "mode=good"), 409);
    assert_string_equal(world_value(w, "SELECT DISTINCT person_id FROM import_run"), world_value(w, "SELECT id FROM person WHERE email_key = '" ADMIN "'"));
}

WORLD_TEST(x_4_what_became_wrong_meanwhile_stops_all_or_nothing)
{
    const char *text = "N° client;Nom\nB-1;Un\nB-2;Deux\n";
    int64_t before = clients_of(w);
    struct answer *sent = upload(w, OFFICE "/clients/import", "clients.csv", text, strlen(text));
    world_work(w);
    run(w, "clients", made_of(w, "N° client;Nom\nB-2;Autre\n"), IMPORT_ALL);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", sent->location), "mode=all"), 303);
    world_work(w);
    assert_int_equal(clients_of(w), before + 1);
    assert_has(world_get(w, ADMIN, sent->location), "Rien n’a été importé");
    assert_has(world_get(w, ADMIN, sent->location), "Un client porte déjà ce numéro.");
}

/* As the worker does it, and rolled back as the worker does where it ends with an error. */
static struct err *write_by_hand(struct world_test *w, struct ctx *c)
{
    world_ctx(w, c);
    c->who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    struct doc *data = doc_map(c->arena);
    doc_set_int(data, "run", world_number(w, "SELECT MAX(id) FROM import_run"));
    must(db_begin(c->db, c->arena, DB_WRITE));
    struct err *e = import_write_run(c, data);
    db_rollback(c->db);
    return e;
}

/* By a program, with a token of somebody who imports. */
static struct answer *cancel_by_token(struct world_test *w, const char *location)
{
    struct answer *page = world_post(w, ADMIN, "/account/tokens", "space=o%2Ffroid-atlantique&name=Robot&ends_on=2026-12-31&may_client_write=1");
    const char *at = strstr(page->body, "value=\"mdt_");
    assert_non_null(at);
    struct pair bearer = { "authorization", world_text(w, "Bearer %.47s", at + strlen("value=\"")), NULL };
    return world_ask(w, world_arena(w), world_db(w), &(struct world_request){ .cookie = "", .method = METHOD_POST, .target = world_text(w, "/api/1%s/cancel", location),
        .type = "application/x-www-form-urlencoded", .body = "", .headers = &bearer });
}

WORLD_TEST(x_4_an_import_is_cancelled_while_it_is_written)
{
    int64_t before = clients_of(w);
    struct made *made = clients_make(w, 3000);
    struct answer *sent = upload(w, OFFICE "/clients/import", "clients.csv", made->text.data, made->text.len);
    world_work(w);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", sent->location), "mode=good"), 303);
    assert_has(world_get(w, ADMIN, sent->location), "Annuler cet import");
    struct ctx c;
    const char *stop = world_text(w, "%s/import-%s.stop", world_app(w)->drafts, world_value(w, "SELECT MAX(id) FROM import_run"));
    FILE *asked = fopen(stop, "we");                             /* what the act leaves before it waits for its turn */
    assert_non_null(asked);
    fclose(asked);
    struct err *e = write_by_hand(w, &c);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_CONFLICT);
    assert_int_equal(clients_of(w), before);
    assert_status(cancel_by_token(w, sent->location), 200);
    assert_int_not_equal(access(stop, F_OK), 0);
    world_work(w);                                               /* the job that was put off finds nothing to do */
    assert_int_equal(clients_of(w), before);
    assert_has(world_get(w, ADMIN, sent->location), "Annulé");
    assert_int_equal(doc_int_of(doc_get(world_get(w, ADMIN, world_text(w, "%s.json", sent->location))->doc, "import"), "added"), 0);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/cancel", sent->location), ""), 409);
    assert_int_not_equal(access(stop, F_OK), 0);
}

WORLD_TEST(x_4_an_import_is_cancelled_before_it_is_written_and_not_after)
{
    const char *text = "N° client;Nom\nB-1;Un\n";
    int64_t before = clients_of(w);
    struct answer *early = upload(w, OFFICE "/clients/import", "tot.csv", text, strlen(text));
    assert_status(world_post(w, ADMIN, world_text(w, "%s/cancel", early->location), ""), 303);   /* before any job has looked */
    world_work(w);
    assert_has(world_get(w, ADMIN, early->location), "Annulé");
    struct answer *sent = upload(w, OFFICE "/clients/import", "clients.csv", text, strlen(text));
    world_work(w);
    assert_has(world_get(w, ADMIN, sent->location), "Annuler cet import");
    assert_status(world_post(w, ADMIN, world_text(w, "%s/cancel", sent->location), ""), 303);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", sent->location), "mode=all"), 409);
    world_work(w);
    assert_int_equal(clients_of(w), before);
    struct answer *written = upload(w, OFFICE "/clients/import", "encore.csv", text, strlen(text));
    world_work(w);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/go", written->location), "mode=all"), 303);
    world_work(w);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/cancel", written->location), ""), 409);
    assert_int_equal(clients_of(w), before + 1);
    assert_not(world_get(w, ADMIN, written->location), "Annuler cet import");
}

static void rows_told(void *arg, int64_t done, int64_t count)
{
    int64_t *told = arg;
    if (done < told[0] || count < done)
        fail_msg("%lld of %lld after %lld", (long long)done, (long long)count, (long long)told[0]);
    told[0] = done;
    told[1] = count;
}

WORLD_TEST(x_4_how_far_the_writing_is_is_told_on_the_way)
{
    struct made *made = clients_make(w, 3000);
    int64_t told[2] = { 0, 0 };
    struct ctx c;
    struct doc *report = NULL;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'");
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(import_run(&c, &(struct import_ask){ .kind = "clients", .data = buf_end(&made->text), .len = made->text.len, .mode = IMPORT_GOOD, .errors_most = 10,
        .progress = rows_told, .progress_arg = told }, &report));
    must(db_commit(c.db, c.arena));
    assert_int_equal(told[0], 2000);
    assert_int_equal(told[1], 3000);
}

WORLD_TEST(x_4_what_is_no_csv_is_refused_at_its_field)
{
    assert_has(upload(w, OFFICE "/clients/import", "photo.png", "\x89PNG\r\n\x1a\n", 8), "pas un CSV");
    assert_status(upload(w, OFFICE "/contacts/import", "vide.pdf", "%PDF-1.4", 8), 422);
    assert_int_equal(world_files_left(w), 0);
}

WORLD_TEST(x_2_imports_and_exports_of_others_do_not_exist)
{
    const char *text = "Nom\nUn\n";
    struct answer *sent = upload(w, OFFICE "/clients/import", "clients.csv", text, strlen(text));
    const char *id = world_value(w, "SELECT id FROM import_run");
    world_work(w);
    assert_status(world_get(w, HOST, world_text(w, "/o/hexanode/imports/%s", id)), 404);
    assert_status(world_get(w, HOST, world_text(w, "/o/hexanode/imports/%s/errors", id)), 404);
    assert_status(world_post(w, HOST, world_text(w, "/o/hexanode/imports/%s/go", id), "mode=good"), 404);
    assert_status(world_get(w, AGENT, sent->location), 403);
    assert_status(world_post(w, ADMIN, OFFICE "/exports", "kind=clients"), 303);
    world_work(w);
    id = world_value(w, "SELECT id FROM export_run");
    assert_status(world_get(w, HOST, world_text(w, "/o/hexanode/exports/%s/file", id)), 404);
    assert_status(world_get(w, AGENT, world_text(w, OFFICE "/exports/%s/file", id)), 404);   /* inside, but somebody else's */
    assert_not(world_get(w, HOST, "/o/hexanode/exports"), id);
}

/* ---- X-4: exports ---- */

static struct answer *exported(struct world_test *w, const char *who, const char *form)
{
    assert_status(world_post(w, who, OFFICE "/exports", form), 303);
    world_work(w);
    return world_get(w, who, world_text(w, OFFICE "/exports/%s/file", world_value(w, "SELECT id FROM export_run ORDER BY id DESC LIMIT 1")));
}

static int64_t lines_of(const struct answer *answer)
{
    int64_t count = 0;
    for (const char *p = answer->body; (p = strstr(p, "\r\n")); p += 2)
        count++;
    return count;
}

WORLD_TEST(x_4_an_export_has_every_row_and_no_formula_and_comes_back_in)
{
    run(w, "clients", made_of(w, "N° client;Nom;Téléphone\nF-1;=1+2;+33 2 98 00 00 00\n"), IMPORT_ALL);
    struct made *made = clients_make(w, 5000);
    run(w, "clients", made, IMPORT_GOOD);
    struct answer *file = exported(w, ADMIN, "kind=clients");
    assert_status(file, 200);
    assert_has(file, "N° client;Nom;Type;SIREN");
    assert_has(file, "F-1;\"'=1+2\";Entreprise;;;;;;\"'+33 2 98 00 00 00\"");
    assert_int_equal(lines_of(file), clients_of(w) + 1);
    world_run_sql(w, "DELETE FROM client WHERE number = 'F-1'");
    struct made *back = made_of(w, "");
    buf_init(&back->text, world_arena(w), (size_t)8 * 1024 * 1024);
    buf_add(&back->text, file->body, file->len);
    const struct doc *report = run(w, "clients", back, IMPORT_GOOD);
    assert_int_equal(doc_int_of(report, "added"), 1);
    assert_string_equal(world_value(w, "SELECT name FROM client WHERE number = 'F-1'"), "=1+2");
}

WORLD_TEST(x_4_an_export_keeps_the_filters_of_its_page)
{
    int64_t open = world_number(w, "SELECT COUNT(*) FROM ticket WHERE status = 'open' AND org_id = " ORG);
    struct answer *file = exported(w, AGENT, "kind=tickets&status=open");
    assert_int_equal(lines_of(file), open + 1);
    assert_has(exported(w, AGENT, "kind=clients&search=bellerive"), "Hôtel Bellerive");
    assert_int_equal(lines_of(exported(w, AGENT, "kind=clients&search=bellerive")), 2);
    assert_has(exported(w, AGENT, "kind=contacts&search=delmas"), "Claire;Delmas");
    assert_status(world_post(w, AGENT, OFFICE "/exports", "kind=clients"), 403);            /* everything asks for more */
    assert_status(world_post(w, AGENT, OFFICE "/exports", "kind=clients&search=++"), 403);
    static const char *const of_other_lists[] = { "kind=clients&status=open", "kind=clients&client=1", "kind=clients&orphans=1", "kind=clients&priority=1",
        "kind=clients&assignee=1", "kind=contacts&status=open", "kind=contacts&assignee=1", "kind=tickets&orphans=1" };
    for (size_t i = 0; i < sizeof of_other_lists / sizeof *of_other_lists; i++)             /* a filter that this list does not have leaves out nothing */
        assert_status(world_post(w, AGENT, OFFICE "/exports", of_other_lists[i]), 403);
}

WORLD_TEST(m_1_the_whole_register_is_exported_by_who_may)
{
    world_run_sql(w, "UPDATE mandate SET state = 'ended', ended_at = 1, ended_why = 'withdrawn' WHERE id = (SELECT MIN(id) FROM mandate WHERE kind = 'access' AND org_id = "
        "(SELECT id FROM organization WHERE slug = 'froid-atlantique'))");
    struct answer *file = exported(w, ADMIN, "kind=mandates&search=bellerive");                /* no filter narrows it */
    assert_status(file, 200);
    assert_int_equal(lines_of(file), 1 + world_number(w, "SELECT COUNT(*) FROM mandate WHERE org_id = (SELECT id FROM organization WHERE slug = 'froid-atlantique')"));
    assert_has(file, "Mandat;Nature;");
    assert_has(file, ";En vigueur;Claire Delmas;");
    assert_has(file, ";Terminé;");
    assert_has(file, ";retiré;");
    assert_has(file, ";Gestion des tickets;");
    static const char *const raw[] = { ";withdrawn;", ";tickets;", ";personal;", ";administrator;", ";active;", ";access;", NULL };
    for (const char *const *word = raw; *word; word++)                                         /* our words are not the reader's */
        assert_not(file, *word);
    assert_status(world_post(w, AGENT, OFFICE "/exports", "kind=mandates"), 403);
    assert_status(world_post(w, AGENT, OFFICE "/exports", "kind=mandates&search=bellerive"), 403);
}

WORLD_TEST(x_4_an_export_is_gone_after_a_week)
{
    assert_status(exported(w, ADMIN, "kind=contacts"), 200);
    const char *id = world_value(w, "SELECT id FROM export_run"), *hash = world_value(w, "SELECT hash FROM export_run");
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM file WHERE hash = '%s'", hash)), 1);
    world_pass(w, 7 * CLOCK_DAY_MS + 1);
    world_work(w);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM export_run"), 0);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM file WHERE hash = '%s'", hash)), 0);
    struct ctx c;
    const char *data = NULL;
    size_t len = 0;
    world_ctx(w, &c);
    assert_non_null(file_read(&c, hash, 1 << 20, &data, &len));
    assert_int_equal(world_files_left(w), 0);
    (void)id;
}

/* ---- C-4: contacts without a client ---- */

WORLD_TEST(c_4_contacts_without_a_client_are_listed_and_placed_once)
{
    run(w, "contacts", made_of(w, "Prénom;Nom;E-mail\nYann;Seul;yann@seul.example\n"), IMPORT_ALL);
    const char *id = world_value(w, "SELECT id FROM contact WHERE email = 'yann@seul.example'"), *client = world_value(w, "SELECT id FROM client WHERE name = 'Hôtel Bellerive'");
    struct answer *list = world_get(w, ADMIN, OFFICE "/contacts?orphans=1");
    assert_has(list, "Yann Seul");
    assert_not(list, "Claire Delmas");
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/contacts/%s", id)), "Rattacher à un client");
    assert_has(world_get(w, ADMIN, world_text(w, OFFICE "/contacts/%s/place?search=bellerive", id)), client);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/place", id), "client_id=4711"), 422);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/place", id), world_text(w, "client_id=%s", client)), 303);
    assert_string_equal(world_value(w, world_text(w, "SELECT client_id FROM contact WHERE id = %s", id)), client);
    const char *other = world_value(w, "SELECT MAX(id) FROM client WHERE org_id = " ORG);
    assert_status(world_post(w, ADMIN, world_text(w, OFFICE "/contacts/%s/place", id), world_text(w, "client_id=%s", other)), 422);
    assert_status(world_post(w, AGENT, world_text(w, OFFICE "/contacts/%s/place", id), world_text(w, "client_id=%s", client)), 403);
}

WORLD_TEST(m_5_an_export_opens_for_who_may_see_its_list_now)
{
    static const char *const kinds[] = { "mandates", "clients", "tickets", NULL };
    const char *files[3];
    for (int i = 0; kinds[i]; i++) {
        assert_status(exported(w, ADMIN, world_text(w, "kind=%s", kinds[i])), 200);
        files[i] = world_text(w, OFFICE "/exports/%s/file", world_value(w, "SELECT id FROM export_run ORDER BY id DESC LIMIT 1"));
    }
    world_run_sql(w, "UPDATE mandate SET detail = 'technician' WHERE kind = 'membership' AND state = 'active' AND org_id = " ORG " AND holder_person_id = (SELECT id FROM person WHERE email = '" ADMIN "')");
    for (int i = 0; kinds[i]; i++)
        assert_status(world_get(w, ADMIN, files[i]), 403);
}

WORLD_MAIN("transfer",
    WORLD_CASE(x_4_a_dry_run_names_the_fifty_rows_and_columns_and_writes_nothing),
    WORLD_CASE(x_4_all_or_nothing_writes_none_and_the_good_ones_go_in_at_once),
    WORLD_CASE(x_4_both_encodings_and_delimiters_say_the_same), WORLD_CASE(x_4_what_makes_a_whole_file_unreadable_is_one_error_at_its_heading),
    WORLD_CASE(x_4_counting_goes_on_behind_what_came_in), WORLD_CASE(x_4_a_file_is_looked_at_by_a_job_and_written_when_asked),
    WORLD_CASE(x_4_what_became_wrong_meanwhile_stops_all_or_nothing), WORLD_CASE(x_4_an_import_is_cancelled_before_it_is_written_and_not_after), WORLD_CASE(x_4_an_import_is_cancelled_while_it_is_written), WORLD_CASE(x_4_how_far_the_writing_is_is_told_on_the_way),
    WORLD_CASE(x_4_what_is_no_csv_is_refused_at_its_field),
    WORLD_CASE(x_2_imports_and_exports_of_others_do_not_exist), WORLD_CASE(x_4_an_export_has_every_row_and_no_formula_and_comes_back_in),
    WORLD_CASE(x_4_an_export_keeps_the_filters_of_its_page), WORLD_CASE(m_1_the_whole_register_is_exported_by_who_may),
    WORLD_CASE(x_4_an_export_is_gone_after_a_week),
    WORLD_CASE(m_5_an_export_opens_for_who_may_see_its_list_now), WORLD_CASE(c_4_contacts_without_a_client_are_listed_and_placed_once))
