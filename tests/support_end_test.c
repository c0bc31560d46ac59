/* Support withdrawn in the middle of something (S-11): of an upload, of a list, of an export, of an import. What was under way comes to nothing, and
   the answer is that of an organization that does not exist. */
#include <string.h>
#include "base/text.h"
#include "lib/support.h"

#define SPACE "/o/froid-atlantique"
#define NOWHERE "/o/nulle-part"

enum { FILE_BYTES = 30000 };

/* ---- Uploads ---- */

static bool takes_files(const struct route *r)
{
    bool takes = false;
    for (const struct field *f = r->form; f && f->name; f++)
        takes |= f->kind == FIELD_FILES;
    return takes && route_is_of(r, 'o') && r->method == METHOD_POST;
}

static void part_add(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, "--edge\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", name, value);
}

/* The form that route_form makes, as parts, and a file that only this one carries. */
static void body_make(struct support_scene *s, const struct route *r, const char *mark, struct world_request *ask)
{
    struct buf out;
    char *rest = arena_text(world_arena(s->w), route_form(s->w, r, &s->side, &s->side, -1)), *filling = arena_alloc(world_arena(s->w), FILE_BYTES + 1);
    buf_init(&out, world_arena(s->w), 2 * FILE_BYTES);
    part_add(&out, "form_token", world_token(s->w, SUPPORT_INES));
    for (char *pair; (pair = strsep(&rest, "&")) && *pair;) {
        char *value = strchr(pair, '=');
        *value++ = '\0';
        part_add(&out, pair, value);
    }
    memset(filling, ';', FILE_BYTES);
    filling[FILE_BYTES] = '\0';
    buf_printf(&out, "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"%s.csv\"\r\nContent-Type: text/csv\r\n\r\nNom;Ville\n%s %s %d%s\n\r\n--edge--\r\n",
        mark, mark, r->name, (int)world_kind(s->w), filling);
    ask->type = "multipart/form-data; boundary=edge";
    ask->body = buf_end(&out);
    ask->len = out.len;
}

static struct answer *upload(struct support_scene *s, const struct route *r, const char *target, const char *mark, void (*between)(void *))
{
    struct world_request ask = { .cookie = world_cookie(s->w, SUPPORT_INES), .method = METHOD_POST, .target = target, .between = between, .between_arg = s };
    body_make(s, r, mark, &ask);
    return world_ask(s->w, world_arena(s->w), world_db(s->w), &ask);
}

static void withdrawn_now(void *arg) { support_scene_withdraw(arg); }

/* What an upload could leave. */
static const char *kept(struct world_test *w)
{
    static const char *const tables[] = { "comment", "ticket", "attachment", "file", "client", "client_attachment", "contact", "import_run", "word", NULL };
    const char *text = world_text(w, "%d files, %d in the spool", world_files_kept(w), world_files_left(w));
    for (const char *const *table = tables; *table; table++)
        text = world_text(w, "%s, %s %s", text, world_value(w, world_text(w, "SELECT COUNT(*) FROM %s", *table)), *table);
    return text;
}

WORLD_TEST(s_11_withdrawn_in_the_middle_of_an_upload)
{
    struct support_scene s;
    int tried = 0;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "accounting");
    for (const struct route **r = routes_all(w); *r; r++) {
        if (!takes_files(*r) || !(mandate_gives(MANDATE_SUPPORT, "accounting") & RIGHT_BIT((*r)->right)))
            continue;
        struct side none = s.side;
        none.slug = "nulle-part";
        const char *target = route_address(w, *r, &s.side, &s.side, 0), *before = kept(w);
        struct answer *answer = upload(&s, *r, target, "coupe", withdrawn_now);
        assert_string_equal(before, kept(w));
        answers_same(target, answer, upload(&s, *r, route_address(w, *r, &none, &none, 0), "coupe", NULL));
        assert_status(answer, 404);
        support_scene_inside(&s, SUPPORT_INES, "accounting");
        int status = upload(&s, *r, target, "entier", NULL)->status;
        if (status == 403 && strcmp((*r)->name, "help_office_ask") == 0)
            continue;                                                       /* help is a member's to ask for */
        if (status == 422 && strcmp((*r)->name, "planning_finish") == 0)
            continue;                                                       /* takes pictures alone */
        assert_string_not_equal(before, kept(w));                           /* left alone it would have been done */
        tried++;
    }
    assert_true(tried >= 5);
}

/* The hour over in the middle of an upload, while the consent stands: what was typed is not lost (S-14). */
static void hour_over(void *arg)
{
    struct support_scene *s = arg;
    world_run_sql(s->w, "UPDATE support_session SET ends_at = started_at WHERE ended_at IS NULL AND org_id = " SUPPORT_ORG);
}

WORLD_TEST(s_14_the_hour_over_in_the_middle_of_an_upload)
{
    struct support_scene s;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "management");
    for (const struct route **r = routes_all(w); *r; r++) {
        if (strcmp((*r)->name, "desk_create") != 0 || (*r)->method != METHOD_POST)
            continue;
        const char *before = kept(w);
        struct answer *answer = upload(&s, *r, route_address(w, *r, &s.side, &s.side, 0), "Fourneau", hour_over);
        assert_status(answer, 404);
        assert_has(answer, "Votre session d’assistance est terminée.");
        assert_has(answer, world_text(w, "/dossiers/%s", s.dossier));
        assert_has(answer, "Essai");                                        /* what was typed */
        assert_not(answer, "m-banner");
        assert_string_equal(before, kept(w));
    }
}

/* ---- Lists ---- */

WORLD_TEST(s_11_withdrawn_between_two_pages_of_a_list)
{
    static const char *const lists[] = { "/clients", "/contacts", "/tickets", NULL }, *const ends[] = { "", ".json", ".csv", NULL };
    struct support_scene s;
    const char *next[3] = { NULL };
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "management");
    for (int i = 0; lists[i]; i++) {
        struct answer *first = world_get(w, SUPPORT_INES, world_text(w, SPACE "%s.json", lists[i]));
        assert_status(first, 200);
        next[i] = doc_text_of(doc_get(first->doc, "page"), "next");
        assert_true(*next[i] == '?' || strchr(next[i], '='));
        assert_status(world_get(w, SUPPORT_INES, world_text(w, SPACE "%s.json%s%s", lists[i], *next[i] == '?' ? "" : "?", next[i])), 200);
    }
    support_scene_withdraw(&s);
    for (int i = 0; lists[i]; i++)
        for (const char *const *end = ends; *end; end++) {
            const char *rest = world_text(w, "%s%s%s%s", lists[i], *end, *next[i] == '?' ? "" : "?", next[i]);
            struct answer *answer = world_get(w, SUPPORT_INES, world_text(w, SPACE "%s", rest));
            answers_same(rest, answer, world_get(w, SUPPORT_INES, world_text(w, NOWHERE "%s", rest)));
            assert_status(answer, 404);
        }
}

/* ---- Exports and imports ---- */

/* S-12: what the job wrote says who and of whom, in both logs, and is among the acts of the session that asked for it, over as it is by then. */
static void import_names(struct support_scene *s)
{
    struct world_test *w = s->w;
    const char *line = "SELECT p.payload FROM journal j JOIN journal_payload p ON p.org_id = j.org_id AND p.number = j.number WHERE j.action = 'import_clients' AND j.org_id = " SUPPORT_ORG
        " ORDER BY j.number DESC LIMIT 1";
    assert_non_null(strstr(world_value(w, line), "\"by\":\"Inès Rolland\""));
    assert_non_null(strstr(world_value(w, line), "\"of\":\"Cabinet Lanterne\""));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'import_clients' AND org_id = " SUPPORT_PARTNER), 1);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM support_act a JOIN journal j ON j.org_id = a.org_id AND j.number = a.number "
        "WHERE j.action = 'import_clients' AND a.support_session_id = %s", side_value(&s->side, "visit"))), 1);
}

static const char *export_new(struct support_scene *s)
{
    assert_status(world_post(s->w, SUPPORT_INES, SPACE "/exports", "kind=clients&search=bellerive"), 303);
    return world_value(s->w, "SELECT MAX(id) FROM export_run WHERE org_id = " SUPPORT_ORG);
}

WORLD_TEST(s_11_withdrawn_while_an_export_is_written)
{
    struct support_scene s;
    support_scene_open(w, &s);
    world_work(w);
    support_scene_inside(&s, SUPPORT_INES, "management");
    const char *done = export_new(&s), *file = world_text(w, "/exports/%s/file", done);
    world_work(w);
    assert_status(world_get(w, SUPPORT_INES, world_text(w, SPACE "%s", file)), 200);
    const char *running = export_new(&s);
    int before = world_files_kept(w);
    support_scene_withdraw(&s);
    world_work(w);
    assert_string_equal(world_value(w, world_text(w, "SELECT state FROM export_run WHERE id = %s", running)), "");      /* it has ended, and wrote nothing */
    assert_int_equal(world_files_kept(w), before);
    answers_same(file, world_get(w, SUPPORT_INES, world_text(w, SPACE "%s", file)), world_get(w, SUPPORT_INES, world_text(w, NOWHERE "%s", file)));
    world_pass(w, 1);
    support_scene_inside(&s, SUPPORT_INES, "management");                   /* consent anew gives nothing of before */
    assert_status(world_get(w, SUPPORT_INES, world_text(w, SPACE "%s", file)), 404);
    assert_not(world_get(w, SUPPORT_INES, SPACE "/exports.json"), done);
    const char *again = export_new(&s);
    world_work(w);
    assert_status(world_get(w, SUPPORT_INES, world_text(w, SPACE "/exports/%s/file", again)), 200);
}

WORLD_TEST(s_11_withdrawn_before_an_import_is_written)
{
    static const struct world_part parts[] = { { "files", "clients.csv", "Nom;Ville\nMoulin Neuf;Brest\n", 0 }, { 0 } };
    struct support_scene s;
    support_scene_open(w, &s);
    support_scene_inside(&s, SUPPORT_INES, "management");
    for (int round = 0; round < 2; round++) {
        assert_status(world_post_parts(w, SUPPORT_INES, SPACE "/clients/import", parts), 303);
        world_work(w);
        const char *id = world_value(w, "SELECT MAX(id) FROM import_run WHERE org_id = " SUPPORT_ORG);
        assert_status(world_post(w, SUPPORT_INES, world_text(w, SPACE "/imports/%s/go", id), "mode=all"), 303);
        if (round) {
            struct answer *left = world_post(w, SUPPORT_INES, SPACE "/support/leave", "");
            assert_status(left, 303);
            world_cookie_keep(w, SUPPORT_INES, left);
        } else {
            support_scene_withdraw(&s);
        }
        world_work(w);
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM client WHERE name = 'Moulin Neuf' AND org_id = " SUPPORT_ORG), round);
        assert_string_equal(world_value(w, world_text(w, "SELECT state FROM import_run WHERE id = %s", id)), round ? "done" : "refused");
        if (!round)
            support_scene_inside(&s, SUPPORT_INES, "management");
    }
    import_names(&s);
}

WORLD_MAIN("support end", WORLD_CASE(s_11_withdrawn_in_the_middle_of_an_upload), WORLD_CASE(s_14_the_hour_over_in_the_middle_of_an_upload),
    WORLD_CASE(s_11_withdrawn_between_two_pages_of_a_list), WORLD_CASE(s_11_withdrawn_while_an_export_is_written), WORLD_CASE(s_11_withdrawn_before_an_import_is_written))
