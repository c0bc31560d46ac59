/* Sets of templates: languages, translations, strictness, where errors point. */
#include "tpl/tpl_test.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "tpl/mo.h"

struct arena test_arena;

int test_setup(void **state)
{
    (void)state;
    arena_init(&test_arena, (size_t)1 << 30);
    return 0;
}

int test_teardown(void **state)
{
    (void)state;
    arena_free(&test_arena);
    return 0;
}

struct doc *test_json(const char *json)
{
    struct doc *value = NULL;
    assert_null(doc_read_json_any(&test_arena, json, strlen(json), &value));
    return value;
}

const char *test_once(const char *text, const char *json, const char *partials)
{
    struct buf out;
    buf_init(&out, &test_arena, 4000);
    struct err *e = tpl_once(&test_arena, text, test_json(json), partials ? test_json(partials) : NULL, &out);
    return e ? arena_printf(&test_arena, "error: %s", e->detail) : buf_end(&out);
}

/* --- a catalogue, written as msgfmt does --- */

static const char *const english[][2] = {
    { "", "Content-Type: text/plain; charset=UTF-8\n" },
    { "Bonjour {{name}}, il est {{at|time}}", "It is {{at|time}}, hello {{name}}" },
    { "Nouveau ticket", "New ticket" },
    { "Vide", "" },
    { "{{n}} site|{{n}} sites", "{{n}} place|{{n}} places" },
};
enum { TEXTS = sizeof english / sizeof *english };

static void put(char *data, size_t at, size_t number)
{
    uint32_t small = (uint32_t)number;
    memcpy(data + at, &small, 4);
}

static size_t mo_write(char *ret_data)
{
    size_t len = 28 + 16 * TEXTS;
    put(ret_data, 0, 0x950412de), put(ret_data, 4, 0), put(ret_data, 8, TEXTS), put(ret_data, 12, 28), put(ret_data, 16, 28 + 8 * TEXTS);
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < TEXTS; i++) {
            size_t text_len = strlen(english[i][side]);
            put(ret_data, 28 + 8 * (side * TEXTS + i), text_len);
            put(ret_data, 28 + 8 * (side * TEXTS + i) + 4, len);
            memcpy(ret_data + len, english[i][side], text_len + 1);
            len += text_len + 1;
        }
    }
    return len;
}

static struct tpl_set *set_of(const struct tpl_source *sources)
{
    static char mo[1000];
    struct tpl_set *set = NULL;
    struct tpl_lang langs[] = { { "fr", NULL, 0 }, { "en", mo, mo_write(mo) }, { 0 } };
    struct err *e = tpl_set_new(&test_arena, sources, langs, &set);
    if (e)
        fail_msg("%s", e->detail);
    return set;
}

static const char *set_error(const struct tpl_source *sources)
{
    struct tpl_set *set = NULL;
    struct err *e = tpl_set_new(&test_arena, sources, NULL, &set);
    return e ? e->detail : "";
}

static const char *render(const struct tpl_set *set, const char *lang, const char *name, const char *json)
{
    struct buf out;
    struct tpl_reader reader = { lang, "Europe/Paris", 0 };
    buf_init(&out, &test_arena, 4000);
    struct err *e = tpl_render(set, &reader, name, test_json(json), &out);
    return e ? arena_printf(&test_arena, "error: %s", e->detail) : buf_end(&out);
}

#define SOURCE(name, text) { name, text, sizeof text - 1 }

static void texts_are_translated(void **state)
{
    (void)state;
    static const struct tpl_source sources[] = {
        SOURCE("a.html", "<a>{{#_}}\n    Nouveau\n    ticket {{/_}}</a>"),
        SOURCE("b.txt", "{{#_}}Bonjour {{name}}, il est {{at|time}}{{/_}}"),
        SOURCE("c.html", "{{#_ n}}{{n}} site|{{n}} sites{{/_}} {{#_ l}}un|des{{/_}} {{#_}}Non traduit{{/_}} {{#_}}Vide{{/_}}"),
        { 0 } };
    const struct tpl_set *set = set_of(sources);
    assert_string_equal(render(set, "fr", "a.html", "{}"), "<a>Nouveau ticket</a>");
    assert_string_equal(render(set, "en", "a.html", "{}"), "<a>New ticket</a>");
    assert_string_equal(render(set, "xx", "a.html", "{}"), "<a>Nouveau ticket</a>");
    assert_string_equal(render(set, "en", "b.txt", "{\"name\":\"D'Arc\",\"at\":0}"), "It is 01:00, hello D'Arc");
    assert_string_equal(render(set, "fr", "c.html", "{\"n\":0,\"l\":[1]}"), "0 site un Non traduit Vide");
    assert_string_equal(render(set, "en", "c.html", "{\"n\":0,\"l\":[1,2]}"), "0 places des Non traduit Vide");
    assert_string_equal(render(set, "en", "c.html", "{\"n\":1,\"l\":[]}"), "1 place des Non traduit Vide");
    assert_string_equal(render(set, "fr", "c.html", "{\"n\":2,\"l\":[1]}"), "2 sites un Non traduit Vide");
    assert_string_equal(tpl_text(set, "en", N_("Nouveau ticket")), "New ticket");
    assert_string_equal(tpl_text(set, "fr", "Nouveau ticket"), "Nouveau ticket");
    assert_string_equal(tpl_text(set, "en", "Inconnu"), "Inconnu");
    assert_string_equal(tpl_text(set, "en", ""), "");
    assert_string_equal(tpl_text(set, NULL, "Nouveau ticket"), "Nouveau ticket");
}

static void texts_that_cannot_be_translated(void **state)
{
    (void)state;
    static const struct { const char *text, *error; } cases[] = {
        { "{{#_}}a{{#b}}c{{/b}}{{/_}}", "error: template:1: in a text to translate only {{name}} may stand: {{#b}}c{{/b}}" },
        { "{{#_}}a", "error: template:1: a text to translate is not closed" },
        { "{{#_}} \n {{/_}}", "error: template:1: nothing to translate" },
        { "{{#_ n}}un{{/_}}", "error: template:1: two forms with | between them are needed: un" },
        { "{{#_ n}}a|b|c{{/_}}", "error: template:1: more than two forms: a|b|c" },
        { "{{#_}}{{x|nope}}{{/_}}", "error: template:1: there is no filter nope" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(test_once(cases[i].text, "{}", NULL), cases[i].error);
}

static void catalogues_are_checked(void **state)
{
    (void)state;
    char good[1000], bad[1000];
    struct mo mo;
    size_t len = mo_write(good);
    assert_true(mo_open(&mo, good, len));
    assert_string_equal(mo_find(&mo, "Nouveau ticket"), "New ticket");
    assert_null(mo_find(&mo, "Nouveau"));
    assert_null(mo_find(&mo, ""));
    assert_false(mo_open(&mo, NULL, 0));
    for (size_t cut = 0; cut < len; cut++) {
        memcpy(bad, good, len);
        assert_false(mo_open(&mo, bad, cut));
    }
    static const size_t numbers[] = { 0, 8, 12, 16, 28, 32, 28 + 8 * TEXTS };   /* each made absurd in turn */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        memcpy(bad, good, len);
        put(bad, numbers[i], UINT32_MAX);
        assert_false(mo_open(&mo, bad, len));
    }
    struct tpl_set *set = NULL;
    struct err *e = tpl_set_new(&test_arena, (struct tpl_source[]){ { 0 } }, (struct tpl_lang[]){ { "en", "nothing", 7 }, { 0 } }, &set);
    assert_non_null(e);
    assert_string_equal(e->detail, "the catalogue of en is no .mo file");
}

static void sections_by_word(void **state)
{
    (void)state;
    static const char text[] = "{{#status=open}}O{{/status=open}}{{^status=open}}C{{/status=open}}{{#n=-2}}N{{/n=-2}}{{#b=true}}B{{/b=true}}";
    assert_string_equal(test_once(text, "{\"status\":\"open\",\"n\":-2,\"b\":true}", NULL), "ONB");
    assert_string_equal(test_once(text, "{\"status\":\"opened\",\"n\":2,\"b\":false}", NULL), "C");
    assert_string_equal(test_once(text, "{\"status\":null}", NULL), "C");
    assert_string_equal(test_once("{{#l}}{{#s=x}}{{n}}{{/s=x}}{{/l}}", "{\"l\":[{\"s\":\"x\",\"n\":1},{\"s\":\"y\",\"n\":2}]}", NULL), "1");
    assert_string_equal(test_once("{{#a=b}}{{/a}}", "{}", NULL), "error: template:1: a is closed, but a=b, opened in line 1, is open");
}

static void pages_and_texts(void **state)
{
    (void)state;
    static const struct tpl_source sources[] = {
        SOURCE("page.html", "{{<layout}}\n{{$main}}\n  {{x}}\n    {{>row}}\n{{/main}}\n{{/layout}}\n"), SOURCE("layout.html", "<main>\n{{$main}}{{/main}}\n</main>\n"),
        SOURCE("row.html", "<b>\n</b>\n"), SOURCE("row.txt", "-\n-\n"), SOURCE("mail.txt", "{{x}}\n  {{>row}}\n{{>row.html}}"), { 0 } };
    const struct tpl_set *set = set_of(sources);
    assert_string_equal(render(set, "fr", "page.html", "{\"x\":\"<\"}"), "<main>\n  &lt;\n<b>\n</b>\n\n</main>\n");
    assert_string_equal(render(set, "fr", "mail.txt", "{\"x\":\"<&'\"}"), "<&'\n  -\n  -\n<b>\n</b>\n");
    assert_true(tpl_has(set, "row.txt"));
    assert_false(tpl_has(set, "row"));
    assert_string_equal(render(set, "fr", "none.html", "{}"), "error: there is no template none.html");
}

/* A small partial becomes part of the template that names it: what is seen stays the same, and errors name its own file. */
static void partials_are_merged(void **state)
{
    (void)state;
    static const struct tpl_source sources[] = {
        SOURCE("list.html", "{{#l}}{{>row}}{{/l}}{{^l}}{{>none}}{{/l}}{{>none}}."), SOURCE("none.html", "-"),
        SOURCE("row.html", "{{#s=a}}A{{>cell}}{{/s=a}}{{#s=b}}B{{>cell}}{{/s=b}}{{#_ n}}{{n}} site|{{n}} sites{{/_}};"), SOURCE("cell.html", "\n({{x.y}}{{s}})"),
        SOURCE("tree.html", "<{{s}}{{#l}}{{>tree}}{{/l}}>"),
        SOURCE("out.html", "{{<frame}}{{>inner}}{{/frame}}"), SOURCE("frame.html", "[{{$b}}own{{/b}}]"), SOURCE("inner.html", "{{$b}}other{{/b}}"), { 0 } };
    struct tpl_set *set = set_of(sources);
    const char *list = "{\"x\":{\"y\":1},\"l\":[{\"s\":\"a\",\"n\":1},{\"s\":\"b\",\"n\":2},{\"s\":\"c\",\"n\":0}]}";
    tpl_set_strict(set, true);
    assert_string_equal(render(set, "fr", "list.html", list), "A\n(1a)1 site;B\n(1b)2 sites;0 site;-.");
    assert_string_equal(render(set, "en", "list.html", list), "A\n(1a)1 place;B\n(1b)2 places;0 places;-.");
    assert_string_equal(render(set, "fr", "list.html", "{\"l\":[]}"), "--.");
    assert_string_equal(render(set, "fr", "list.html", "{\"l\":[{\"s\":\"b\",\"n\":1}]}"), "error: cell.html:2: no document has x");
    assert_string_equal(render(set, "fr", "list.html", "{\"l\":[{\"s\":\"c\"}]}"), "error: row.html:1: no document has n");
    assert_string_equal(render(set, "fr", "tree.html", "{\"s\":1,\"l\":[{\"s\":2,\"l\":[]},{\"s\":3,\"l\":[{\"s\":4,\"l\":[]}]}]}"), "<1<2><3<4>>>");
    assert_string_equal(render(set, "fr", "out.html", "{}"), "[own]");   /* a block that a partial has is none of the parent's */
}

/* Rows that share their keys ask for what lies further out, which another round of the outer list has otherwise, or only the page. */
static void rows_find_what_lies_further_out(void **state)
{
    (void)state;
    static const char *const names[] = { "id" };
    static const struct doc_keys keys = { 1, names };
    static const struct tpl_source sources[] = { SOURCE("a.txt", "{{#outer}}{{#rows}}{{id}}:{{own.word}}{{far}}{{#own.word=b}}!{{/own.word=b}} {{/rows}}{{/outer}}{{#rows}}{{id}}:{{own.word}}{{far}} {{/rows}}"), { 0 } };
    struct doc *data = test_json("{\"far\":\"-\",\"own\":{\"word\":\"page\"},\"outer\":[{\"own\":{\"word\":\"a\"}},{\"own\":{\"word\":\"b\"},\"far\":\"+\"},{}]}");
    struct doc *rows = doc_list(&test_arena), *outer = doc_get_mut(data, "outer");
    for (int i = 1; i <= 2; i++) {
        struct doc *row = doc_record(&test_arena, &keys, 0);
        doc_put_int(row, 0, i);
        doc_push(rows, row);
    }
    doc_set(data, "rows", rows);
    for (size_t i = 0; i < doc_count(outer); i++)
        doc_set(doc_at_mut(outer, i), "rows", rows);
    struct tpl_set *set = set_of(sources);
    struct buf out;
    buf_init(&out, &test_arena, 4000);
    assert_null(tpl_render(set, NULL, "a.txt", data, &out));
    assert_string_equal(buf_end(&out), "1:a- 2:a- 1:b+! 2:b+! 1:page- 2:page- 1:page- 2:page- ");
}

static void a_set_refuses_what_is_wrong(void **state)
{
    (void)state;
    assert_string_equal(set_error((struct tpl_source[]){ SOURCE("a.html", "\n{{>missing}}"), { 0 } }), "a.html:2: there is no template missing");
    assert_string_equal(set_error((struct tpl_source[]){ SOURCE("a.html", ""), SOURCE("b", ""), SOURCE("a.html", ""), { 0 } }), "two templates are named a.html");
    assert_string_equal(set_error((struct tpl_source[]){ SOURCE("a.html", "x\r\n{{#a}}\n\n{{}}"), { 0 } }), "a.html:4: a tag without a name");
    assert_string_equal(set_error((struct tpl_source[]){ SOURCE("a.html", "{{a..b}}"), { 0 } }), "a.html:1: not a name: a..b");
    assert_string_equal(set_error((struct tpl_source[]){ { "a.html", "{{a}}{{b", 8 }, { 0 } }), "a.html:1: a tag is not closed by }}");
}

static void a_strict_set_knows_every_name(void **state)
{
    (void)state;
    static const struct tpl_source sources[] = {
        SOURCE("value.html", "\n{{x}}"), SOURCE("section.html", "{{#x}}{{/x}}"), SOURCE("inverted.html", "{{^x}}{{/x}}"), SOURCE("equal.html", "{{#x=1}}{{/x=1}}"),
        SOURCE("plural.html", "{{#_ x}}a|b{{/_}}"), SOURCE("dotted.html", "{{x.y.z}}"), SOURCE("filter.html", "{{x|date}}"), SOURCE("in.html", "{{#l}}{{x}}{{/l}}"), { 0 } };
    static const char *const names[] = { "value.html", "section.html", "inverted.html", "equal.html", "plural.html", "dotted.html", "filter.html" };
    struct tpl_set *set = set_of(sources);
    assert_string_equal(render(set, "fr", "value.html", "{}"), "\n");
    tpl_set_strict(set, true);
    assert_string_equal(render(set, "fr", "value.html", "{}"), "error: value.html:2: no document has x");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_memory_equal(render(set, "fr", names[i], "{}"), "error: ", 7);
        assert_memory_not_equal(render(set, "fr", names[i], "{\"x\":null}"), "error: ", 1);   /* known, and nothing */
    }
    assert_string_equal(render(set, "fr", "dotted.html", "{\"x\":{}}"), "error: dotted.html:1: no document has y (in x)");
    assert_string_equal(render(set, "fr", "dotted.html", "{\"x\":{\"y\":null}}"), "");
    assert_string_equal(render(set, "fr", "filter.html", "{\"x\":\"text\"}"), "error: filter.html:1: x is nothing that can be written by the filter date");
    assert_string_equal(render(set, "fr", "value.html", "{\"x\":[]}"), "error: value.html:2: x is nothing that can be written");
    assert_string_equal(render(set, "fr", "in.html", "{\"x\":\"outer\",\"l\":[{}]}"), "outer");
    assert_string_equal(render(set, "fr", "in.html", "{\"l\":[]}"), "");
}

struct shared { const struct tpl_set *set; const struct doc *data; int failed; };

static void *render_often(void *given)
{
    struct shared *shared = given;
    struct tpl_reader reader = { "en", "America/New_York", 0 };
    for (int i = 0; i < 200; i++) {
        struct arena a;
        struct buf out;
        arena_init(&a, 1 << 20);
        buf_init(&out, &a, 4000);
        struct err *e = tpl_render(shared->set, &reader, "b.txt", shared->data, &out);
        shared->failed += e || strcmp(buf_end(&out), "It is 19:00, hello Ann") != 0;
        arena_free(&a);
    }
    return NULL;
}

static void threads_share_a_set(void **state)
{
    (void)state;
    static const struct tpl_source sources[] = { SOURCE("b.txt", "{{#_}}Bonjour {{name}}, il est {{at|time}}{{/_}}"), { 0 } };
    struct shared shared[4];
    pthread_t threads[4];
    const struct tpl_set *set = set_of(sources);
    const struct doc *data = test_json("{\"name\":\"Ann\",\"at\":0}");
    for (int i = 0; i < 4; i++) {
        shared[i] = (struct shared){ set, data, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, render_often, &shared[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(shared[i].failed, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(texts_are_translated), T(texts_that_cannot_be_translated), T(catalogues_are_checked), T(sections_by_word), T(pages_and_texts),
        T(partials_are_merged), T(rows_find_what_lies_further_out), T(a_set_refuses_what_is_wrong), T(a_strict_set_knows_every_name), T(threads_share_a_set),
    };
    return cmocka_run_group_tests_name("tpl", tests, NULL, NULL) + mustache_tests() + format_tests();
}
