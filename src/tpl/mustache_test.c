/* Cases of our own for each chapter of Mustache: template, data, partials, what must come out. */
#include <stdio.h>
#include <string.h>
#include "tpl/tpl_test.h"

struct case_ { const char *template, *data, *partials, *expected; };

static void run(const struct case_ *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = test_once(cases[i].template, cases[i].data, cases[i].partials);
        if (strcmp(got, cases[i].expected) != 0)
            fail_msg("template %s\n  expected %s\n  got      %s", cases[i].template, cases[i].expected, got);
    }
}
#define RUN(cases) run((cases), sizeof(cases) / sizeof *(cases))

static void interpolation(void **state)
{
    (void)state;
    static const struct case_ cases[] = {
        { "Bonjour {{name}} !", "{\"name\":\"Claire\"}", NULL, "Bonjour Claire !" },
        { "{{x}}|{{{x}}}|{{& x}}", "{\"x\":\"<a href=\\\"'&\\\">\"}", NULL, "&lt;a href=&quot;&#39;&amp;&quot;&gt;|<a href=\"'&\">|<a href=\"'&\">" },
        { "{{n}} {{m}} {{t}} {{f}} {{z}}.", "{\"n\":85,\"m\":-9223372036854775808,\"t\":true,\"f\":false,\"z\":null}", NULL, "85 -9223372036854775808 true false ." },
        { "({{missing}}{{a.missing}}{{n.x.y}})", "{\"a\":{},\"n\":1}", NULL, "()" },
        { "{{ a . b }}", "{}", NULL, "error: template:1: white space in the name a . b" },
        { "{{a.b.c}} {{#a}}{{b.c}}{{/a}}", "{\"a\":{\"b\":{\"c\":\"deep\"}},\"b\":{\"c\":\"outer\"}}", NULL, "deep deep" },
        { "{{#a}}({{b.c}}){{/a}}", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"outer\"}}", NULL, "()" },
        { "{{a.b}}", "{\"a.b\":\"a key with a dot\"}", NULL, "" },
        { "| {{\n x \n}} |", "{\"x\":\"y\"}", NULL, "| y |" },
        { "  {{x}}\n", "{\"x\":\"y\"}", NULL, "  y\n" },
        { "{{.}}", "\"whole\"", NULL, "whole" },
        { "{{x}}", "{\"x\":\"{{y}}\",\"y\":\"once only\"}", NULL, "{{y}}" },
        { "{ {x} } {x}}", "{}", NULL, "{ {x} } {x}}" },
        { "é{{x}}é", "{\"x\":\"🙂\"}", NULL, "é🙂é" },
        { "{{price}} {{{price}}} {{&price}} {{big}}", "{\"price\":1.21,\"big\":1.5e300}", NULL, "1.21 1.21 1.21 1.5e+300" },
        { "{{{ x }}}{{&  x  }}{{{x}}}", "{\"x\":\"&\"}", NULL, "&&&" },
        { "({{{missing}}}{{&missing}}{{{a.missing.b}}})", "{\"a\":null}", NULL, "()" },
        { "|{{x}}| {{{x}}} |{{&x}}|\n", "{\"x\":\" - \"}", NULL, "| - |  -  | - |\n" },       /* white space outside and inside stays */
        { "\t{{x}}\n\n {{{x}}}\n", "{\"x\":1}", NULL, "\t1\n\n 1\n" },                          /* never a line of its own */
        { "{{a.b.c.d.e}} {{{a.b.c.d.e}}} {{&a.b.c.d.e}}", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":\"<\"}}}}}", NULL, "&lt; < <" },
        { "{{#a}}{{b.c}}{{/a}}", "{\"a\":{\"x\":1},\"b\":{\"c\":\"from outside\"}}", NULL, "from outside" },
        { "{{#a}}{{b.c}}{{/a}}", "{\"a\":{\"b\":\"a text\"},\"b\":{\"c\":\"never\"}}", NULL, "" },   /* the first part was found; no way back */
        { "{{.}}|{{{.}}}|{{&.}}", "\"<\"", NULL, "&lt;|<|<" },
        { "{{.}}", "1.5", NULL, "1.5" },
        { "{{clé}} {{日本}}", "{\"clé\":\"é\",\"日本\":\"語\"}", NULL, "é 語" },
        { "}}{{x}}{{", "{\"x\":1}", NULL, "error: template:1: a tag is not closed by }}" },
        { "}}{{x}}}", "{\"x\":1}", NULL, "}}1}" },
    };
    RUN(cases);
}

static void sections(void **state)
{
    (void)state;
    static const struct case_ cases[] = {
        { "{{#t}}yes{{/t}}{{#f}}no{{/f}}{{#n}}no{{/n}}{{#e}}no{{/e}}{{#l}}no{{/l}}{{#z}}no{{/z}}{{#missing}}no{{/missing}}",
          "{\"t\":true,\"f\":false,\"n\":null,\"e\":\"\",\"l\":[],\"z\":0}", NULL, "yes" },
        { "{{#m}}a map{{/m}}{{#s}} {{.}}{{/s}}", "{\"m\":{},\"s\":\"text\"}", NULL, "a map text" },
        { "{{#rows}}{{n}}{{^is_last}}, {{/is_last}}{{/rows}}.", "{\"rows\":[{\"n\":1},{\"n\":2},{\"n\":3,\"is_last\":true}]}", NULL, "1, 2, 3." },
        { "{{#list}}[{{#.}}{{.}}{{/.}}]{{/list}}", "{\"list\":[[1,2],[\"a\"],[]]}", NULL, "[12][a][]" },
        { "{{#a}}{{x}}{{#b}}{{x}}{{y}}{{/b}}{{/a}}", "{\"x\":0,\"y\":9,\"a\":{\"x\":1,\"b\":{\"x\":2}}}", NULL, "129" },
        { "{{#a}}{{x}}{{/a}}", "{\"x\":\"outer\",\"a\":{\"x\":null}}", NULL, "" },
        { "{{#a.b}}{{c}}{{/a.b}}", "{\"a\":{\"b\":[{\"c\":1},{\"c\":2}]}}", NULL, "12" },
        { "{{#rows.0}}some{{/rows.0}}{{#none.0}}x{{/none.0}}{{^rows.2}}two{{/rows.2}} {{rows.1.n}}", "{\"rows\":[{},{\"n\":5}],\"none\":[]}", NULL, "sometwo 5" },
        { "{{#zeros}}{{.}}{{/zeros}}", "{\"zeros\":[0,0,1]}", NULL, "001" },
        { "<\n{{#t}}\n-\n{{/t}}\n>", "{\"t\":true}", NULL, "<\n-\n>" },
        { "<\r\n  {{#t}}  \r\n-\r\n\t{{/t}}\r\n>", "{\"t\":true}", NULL, "<\r\n-\r\n>" },
        { "{{#t}}\na\n{{/t}}", "{\"t\":true}", NULL, "a\n" },
        { " {{#t}} a\n {{/t}} b\n", "{\"t\":true}", NULL, "  a\n  b\n" },
        { " {{#t}}{{/t}}\n", "{\"t\":true}", NULL, " \n" },
        { "{{#a}}", "{}", NULL, "error: template:1: a is not closed" },
        { "\n\n{{#a}}\n{{/b}}", "{}", NULL, "error: template:4: b is closed, but a, opened in line 3, is open" },
        { "{{/a}}", "{}", NULL, "error: template:1: a is closed and was not opened" },
        { "{{#l}}{{.}},{{/l}}", "{\"l\":[1.1,\"b\",-3,true,\"<\"]}", NULL, "1.1,b,-3,true,&lt;," },
        { "{{#l}}{{{.}}}{{&.}}{{/l}}", "{\"l\":[\"<\"]}", NULL, "<<" },
        { "{{#l}}({{#.}}{{n}}{{/.}}){{/l}}", "{\"l\":[[{\"n\":1},{\"n\":2}],[{\"n\":3}]]}", NULL, "(12)(3)" },
        { "{{#.}}{{n}}{{/.}}", "[{\"n\":1},{\"n\":2}]", NULL, "12" },
        { "{{#l}}{{n}}{{#inner}}{{n}}{{m}}{{/inner}}{{/l}}", "{\"m\":\"m\",\"l\":[{\"n\":1,\"inner\":[{\"n\":2},{}]},{\"n\":3,\"inner\":[]}]}", NULL, "12m1m3" },
        { "{{#a}}{{#b}}{{#c}}{{#d}}{{x}}{{y}}{{z}}{{/d}}{{/c}}{{/b}}{{/a}}", "{\"x\":1,\"a\":{\"y\":2,\"b\":{\"c\":{\"z\":3,\"d\":{}}}}}", NULL, "123" },
        { "{{#a.b.c}}in{{/a.b.c}}{{#a.x.c}}no{{/a.x.c}}", "{\"a\":{\"b\":{\"c\":true}}}", NULL, "in" },
        { "{{# a }}{{x}}{{/ a }}{{#\na\n}}{{x}}{{/\ta\t}}", "{\"a\":{\"x\":1}}", NULL, "11" },
        { "{{#b}}1{{/b}} {{#b}}2{{/b}}", "{\"b\":true}", NULL, "1 2" },
        { "| {{#b}}\t|\t{{/b}} | \n", "{\"b\":true}", NULL, "| \t|\t | \n" },
        { "| {{#b}} {{! why }}\n {{/b}} |\n", "{\"b\":true}", NULL, "|  \n  |\n" },
        { "  {{#b}}\nx\n  {{/b}}", "{\"b\":true}", NULL, "x\n" },
        { "{{#b}}\n\nx\n\n{{/b}}\n", "{\"b\":true}", NULL, "\nx\n\n" },                           /* an empty line inside stays */
        { "a\n{{#l}}\n- {{.}}\n{{/l}}\nz\n", "{\"l\":[]}", NULL, "a\nz\n" },
        { "a\n{{#l}}\n- {{.}}\n{{/l}}\nz\n", "{\"l\":[1,2]}", NULL, "a\n- 1\n- 2\nz\n" },
        { "{{#b}}\n{{#b}}\n-\n{{/b}}\n{{/b}}\n", "{\"b\":true}", NULL, "-\n" },
        { "{{#t}}{{x}}{{/t}}", "{\"t\":\"text\",\"x\":1}", NULL, "1" },
    };
    RUN(cases);
}

static void inverted(void **state)
{
    (void)state;
    static const struct case_ cases[] = {
        { "{{^f}}no{{/f}}{{^t}}yes{{/t}}{{^missing}} none{{/missing}}{{^l}} empty{{/l}}", "{\"f\":false,\"t\":true,\"l\":[]}", NULL, "no none empty" },
        { "{{^m}}x{{/m}}{{^l}}x{{/l}}", "{\"m\":{},\"l\":[0]}", NULL, "" },
        { "{{^a.b}}nothing{{/a.b}}", "{\"a\":{}}", NULL, "nothing" },
        { "|\n{{^f}}\n{{^f}}-{{/f}}\n{{/f}}\n|", "{\"f\":false}", NULL, "|\n-\n|" },
        { "{{^l}}none{{/l}}{{^m}}no m{{/m}}", "{\"l\":[false],\"m\":\"\"}", NULL, "no m" },
        { "{{^a.b.c}}1{{/a.b.c}}{{^a.b.d}}2{{/a.b.d}}", "{\"a\":{\"b\":{\"c\":true}}}", NULL, "2" },
        { "{{#b}}{{^c}}{{x}}{{/c}}{{/b}}", "{\"b\":{\"x\":1},\"c\":false}", NULL, "1" },
        { "{{^t}}a{{/t}}{{#t}}b{{/t}}{{^t}}c{{/t}}", "{\"t\":true}", NULL, "b" },
        { "|\r\n{{^b}}\r\n{{/b}}\r\n|", "{\"b\":false}", NULL, "|\r\n|" },
        { "  {{^b}}\n^\n{{/b}}", "{\"b\":false}", NULL, "^\n" },
        { "| {{^b}} | {{/b}} |", "{\"b\":false}", NULL, "|  |  |" },
        { "{{^ b }}x{{/ b }}", "{}", NULL, "x" },
    };
    RUN(cases);
}

static void comments(void **state)
{
    (void)state;
    static const struct case_ cases[] = {
        { "12{{! a comment with {{ in it }}345", "{}", NULL, "12345" },
        { "a\n  {{! alone\n  on two lines }}\nb", "{}", NULL, "a\nb" },
        { "  12 {{! 34 }}\n", "{}", NULL, "  12 \n" },
        { "{{!a}}\n{{!}}", "{}", NULL, "" },
        { "a {{! not closed", "{}", NULL, "error: template:1: a tag is not closed by }}" },
        { "a\n{{! alone }}\nb\n", "{}", NULL, "a\nb\n" },
        { "|\r\n  {{! alone }}\r\n|", "{}", NULL, "|\r\n|" },
        { "  {{! first }}\nx\n  {{! last }}", "{}", NULL, "x\n" },
        { "a {{! many\nlines\n}} b\n", "{}", NULL, "a  b\n" },
        { "{{! x }}{{x}}{{!x}}", "{\"x\":1,\" x \":2,\"! x\":3}", NULL, "1" },
        { "  {{! one }} {{! two }}\n", "{}", NULL, "   \n" },                                      /* two share the line: it stays */
    };
    RUN(cases);
}

static void delimiters(void **state)
{
    (void)state;
    static const struct case_ cases[] = {
        { "{{=<% %>=}}<% x %> {{x}}", "{\"x\":1}", NULL, "1 {{x}}" },
        { "{{= | | =}}|x|", "{\"x\":1}", NULL, "1" },
        { "{{=[ ]=}}[{x}] [&x] [#t]{{x}}[/t] [={{ }}=]{{x}}", "{\"x\":\"<\",\"t\":true}", NULL, "< < {{x}} &lt;" },
        { "a\n  {{=<% %>=}}\nb<%={{ }}=%>{{x}}", "{\"x\":1}", NULL, "a\nb1" },
        { "{{>p}} {{=| |=}}|>p|", "{\"x\":1}", "{\"p\":\"{{x}} |x|\"}", "1 |x| 1 |x|" },
        { "{{=<%=}}", "{}", NULL, "error: template:1: not two delimiters: <%" },
        { "{{=a b c=}}", "{}", NULL, "error: template:1: not two delimiters: a b c" },
        { "{{=<% %>}}", "{}", NULL, "error: template:1: a tag is not closed by =}}" },
        { "{{=<% %>=}}<%{x}%> <%&x%>", "{\"x\":\"<\"}", NULL, "< <" },
        { "{{#s}}{{=| |=}}|x||/s| |x|{{x}}", "{\"s\":true,\"x\":1}", NULL, "1 1{{x}}" },              /* they last beyond the section */
        { "{{= @   @ =}}@x@", "{\"x\":1}", NULL, "1" },
        { "| {{=@ @=}} |\n", "{}", NULL, "|  |\n" },                                                /* shares its line */
        { "|\r\n{{= @ @ =}}\r\n|", "{}", NULL, "|\r\n|" },
        { "  {{=@ @=}}\n=", "{}", NULL, "=" },
        { "=\n  {{=@ @=}}", "{}", NULL, "=\n" },
        { "{{>p}}{{=| |=}}|#s||x||/s|", "{\"s\":{\"x\":2},\"x\":1}", "{\"p\":\"{{=[ ]=}}[x]\"}", "12" },  /* each text begins with {{ }} */
    };
    RUN(cases);
}

static void partials(void **state)
{
    (void)state;
    static const struct case_ cases[] = {
        { "\"{{>p}}\" {{> missing }}.", "{\"x\":1}", "{\"p\":\"{{x}}\"}", "\"1\" ." },
        { "{{#rows}}{{>row}}{{/rows}}", "{\"rows\":[{\"n\":1},{\"n\":2}]}", "{\"row\":\"<{{n}}>\"}", "<1><2>" },
        { "{{>node}}", "{\"n\":1,\"in\":[{\"n\":2,\"in\":[]},{\"n\":3,\"in\":[{\"n\":4,\"in\":[]}]}]}", "{\"node\":\"{{n}}({{#in}}{{>node}}{{/in}})\"}", "1(2()3(4()))" },
        { "a\n  {{>p}}\nb", "{\"x\":\"1\\n2\"}", "{\"p\":\"|\\n{{x}}\\n\\n|\\n\"}", "a\n  |\n  1\n2\n  \n  |\nb" },
        { " {{>p}} x\n", "{}", "{\"p\":\"a\\nb\"}", " a\nb x\n" },
        { "  {{>p}}\n", "{\"l\":[1,2]}", "{\"p\":\"{{#l}}\\n{{.}}\\n  {{>q}}\\n{{/l}}\\n\",\"q\":\"- {{.}}\\n\"}", "  1\n    - 1\n  2\n    - 2\n" },
        { "{{>a}}", "{}", "{\"a\":\"{{>b}}\",\"b\":\"{{>a}}\"}", "error: b:1: more than 32 templates inside each other" },
        { "{{>template}}", "{}", NULL, "" },
        { "{{> p }}|{{>\tp\t}}", "{}", "{\"p\":\"x\"}", "x|x" },
        { "{{#s}}{{>p}}{{/s}}", "{\"x\":1,\"s\":{\"x\":2}}", "{\"p\":\"{{x}}\"}", "2" },
        { "a\n{{>missing}}\nb", "{}", NULL, "a\nb" },
        { "|\r\n{{>p}}\r\n|", "{}", "{\"p\":\">\"}", "|\r\n>|" },
        { "  {{>p}}\n>", "{}", "{\"p\":\">\\n>\"}", "  >\n  >>" },
        { ">\n  {{>p}}", "{}", "{\"p\":\">\\n>\"}", ">\n  >\n  >" },
        { "\t{{>p}}\n", "{}", "{\"p\":\"{{#l}}{{/l}}a\\n\\nb\\n\"}", "\ta\n\t\n\tb\n" },
        { " {{>p}}\n", "{\"x\":\"1\\n2\"}", "{\"p\":\"{{{x}}}\\n{{x}}\\n\"}", " 1\n2\n 1\n2\n" },      /* lines of a value are not the template's */
        { " {{>a}}\n", "{}", "{\"a\":\"a\\n {{>b}}\\n\",\"b\":\"b\\n {{>c}}\\n\",\"c\":\"c\\n\"}", " a\n  b\n   c\n" },
        { "  {{x}}  {{>p}}\n", "{\"x\":\"|\"}", "{\"p\":\">\\n>\"}", "  |  >\n>\n" },
        { "{{>p}}", "{}", "{\"p\":\"{{#a}}\"}", "error: p:1: a is not closed" },
    };
    RUN(cases);
}

static void inheritance(void **state)
{
    (void)state;
    static const struct case_ cases[] = {
        { "{{$title}}Sans titre{{/title}}", "{\"title\":\"data\"}", NULL, "Sans titre" },
        { "{{<page}}{{$title}}{{x}}{{/title}}ignored{{/page}}", "{\"x\":\"T\"}", "{\"page\":\"<{{$title}}-{{/title}}>{{$main}}m{{/main}}\"}", "<T>m" },
        { "{{<page}}{{/page}} {{<page}}{{$a}}2{{/a}}{{/page}}", "{}", "{\"page\":\"{{$a}}1{{/a}}\"}", "1 2" },
        { "{{<list}}{{$row}}[{{n}}]{{/row}}{{/list}}", "{\"rows\":[{\"n\":1},{\"n\":2}]}", "{\"list\":\"{{#rows}}{{$row}}{{/row}}{{/rows}}\"}", "[1][2]" },
        { "{{<b}}{{$x}}first{{/x}}{{/b}}", "{}", "{\"b\":\"{{<c}}{{$x}}second{{/x}}{{$y}}y of b{{/y}}{{/c}}\",\"c\":\"{{$x}}{{/x}} {{$y}}{{/y}} {{$z}}z of c{{/z}}\"}", "first y of b z of c" },
        { "{{<b}}{{$in}}inner{{/in}}{{/b}}", "{}", "{\"b\":\"{{<c}}{{$out}}<{{$in}}-{{/in}}>{{/out}}{{/c}}\",\"c\":\"{{$out}}{{/out}}\"}", "<inner>" },
        { "{{<p}}{{$a}}({{$a}}own{{/a}}){{/a}}{{/p}}", "{}", "{\"p\":\"{{$a}}{{/a}}\"}", "(own)" },   /* not for ever */
        { "{{<p}}{{$t}}T{{/t}}{{/p}}", "{}", "{\"p\":\"{{>head}}\",\"head\":\"{{$t}}-{{/t}}\"}", "T" },
        { "{{<missing}}{{$t}}T{{/t}}{{/missing}}.", "{}", NULL, "." },
        { "  {{<p}}{{/p}}\nend", "{}", "{\"p\":\"a\\nb\\n\"}", "  a\n  b\nend" },
        { "{{<p}}\n{{$b}}\n      a\n      b\n{{/b}}\n{{/p}}\n", "{}", "{\"p\":\"<\\n  {{$b}}\\n  {{/b}}\\n>\\n\"}", "<\n  a\n  b\n>\n" },
        { "{{<a}}{{/b}}", "{}", NULL, "error: template:1: b is closed, but a, opened in line 1, is open" },
        { "{{<p}}{{/p}}", "{}", "{\"p\":\"{{$a}}\\n{{/a}}{{$b}}B{{/b}}\"}", "B" },
        { "{{<p}}{{$a}}1{{/a}}{{/p}} {{<p}}{{$a}}2{{/a}}{{/p}} {{>p}}", "{}", "{\"p\":\"{{$a}}0{{/a}}{{$a}}0{{/a}}\"}", "11 22 00" },
        { "{{<p}}{{$b}}{{#l}}{{.}}{{/l}}{{/b}}{{/p}}", "{\"l\":[1,2]}", "{\"p\":\"<{{$b}}{{/b}}>\"}", "<12>" },
        { "{{#s}}{{<p}}{{$b}}{{x}}{{/b}}{{/p}}{{/s}}", "{\"x\":1,\"s\":{\"x\":2}}", "{\"p\":\"{{$b}}{{/b}}{{x}}\"}", "22" },
        { "{{<p}}{{$b}}{{x}}{{/b}}{{/p}}", "{\"x\":1,\"s\":{\"x\":2}}", "{\"p\":\"{{#s}}{{$b}}-{{/b}}{{/s}}\"}", "2" },   /* it sees what is around its place */
        { "{{<p}}{{$b}}{{<q}}{{$c}}C{{/c}}{{/q}}{{/b}}{{/p}}", "{}", "{\"p\":\"({{$b}}{{/b}})\",\"q\":\"[{{$c}}{{/c}}]\"}", "([C])" },
        { "{{<p}}{{$a}}A{{/a}}{{/p}}", "{}", "{\"p\":\"{{<q}}{{$a}}P{{/a}}{{/q}}\",\"q\":\"{{<r}}{{/r}}\",\"r\":\"{{$a}}R{{/a}}\"}", "A" },
        { "{{<p}}{{/p}}", "{}", "{\"p\":\"{{<q}}{{$a}}P{{/a}}{{/q}}\",\"q\":\"{{<r}}{{/r}}\",\"r\":\"{{$a}}R{{/a}}\"}", "P" },
        { "{{<p}}{{$new}}never{{/new}}{{/p}}", "{}", "{\"p\":\"{{$old}}old{{/old}}\"}", "old" },
        { "{{<p}}text {{x}} {{#l}}{{$a}}no{{/a}}{{/l}}{{/p}}", "{\"x\":1,\"l\":[1]}", "{\"p\":\"{{$a}}a{{/a}}\"}", "a" },   /* only blocks right inside count */
        { "{{$a}}{{$b}}{{x}}{{/b}}{{/a}}", "{\"x\":1}", NULL, "1" },
        { "{{=<% %>=}}<%<p%><%$a%>1<%/a%><%/p%>", "{}", "{\"p\":\"{{$a}}0{{/a}}\"}", "1" },
        { "{{<p}}{{$b}}one\ntwo\n{{/b}}{{/p}}", "{}", "{\"p\":\"<\\n  {{$b}}\\n  {{/b}}\\n>\\n\"}", "<\n  one\n  two\n>\n" },
        { "{{<p}}\n  {{$b}}\n    a\n      b\n  {{/b}}\n{{/p}}\n", "{}", "{\"p\":\"{{$b}}{{/b}}\\n\"}", "a\n  b\n\n" },
        { "  {{<p}}\n  {{$b}}x\n{{/b}}\n  {{/p}}\nend\n", "{}", "{\"p\":\"{{$b}}-\\n{{/b}}\\ny\\n\"}", "  x\n  y\nend\n" },
        { "Hi{{<p}}{{$b}}there{{/b}}{{/p}}.", "{}", "{\"p\":\", {{$b}}{{/b}}\"}", "Hi, there." },
    };
    RUN(cases);
}

static void names_that_a_text_asks_for(void **state)
{
    (void)state;
    struct doc *names = doc_list(&test_arena);
    assert_null(tpl_names(&test_arena, "{{>a}}{{#s}}{{> b/c }}{{/s}}{{<a}}{{$x}}{{>d}}{{/x}}{{/a}}{{x}}{{=| |=}}|>e| {{>f}}", names));
    static const char *const expected[] = { "a", "b/c", "d", "e" };
    assert_int_equal(doc_count(names), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(doc_as_text(doc_at(names, i)), expected[i]);
    assert_non_null(tpl_names(&test_arena, "{{#open}}", names));
}

static void ceilings(void **state)
{
    (void)state;
    char text[2000] = "";
    for (int i = 0; i < 65; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "{{#a}}");
    assert_string_equal(test_once(text, "{}", NULL), "error: template:1: more than 64 sections inside each other");
    static const char nested[] = "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{^x}}{{/x}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}";
    assert_string_equal(test_once(nested, "{\"l\":[1,1,1,1,1,1,1,1,1,1]}", NULL), "error: template:1: no end in sight after 2000000 steps");
    assert_string_equal(test_once("{{#l}}{{#l}}{{t}}{{/l}}{{/l}}", "{\"l\":[1,1,1,1,1,1,1,1,1,1,1,1],\"t\":\"a long text, a long text, a long text, a long text\"}", NULL),
                        "error: template: more than 4000 bytes");
}

int mustache_tests(void)
{
    const struct CMUnitTest tests[] = {
        T(interpolation), T(sections), T(inverted), T(comments), T(delimiters), T(partials), T(inheritance), T(names_that_a_text_asks_for), T(ceilings),
    };
    return cmocka_run_group_tests_name("mustache", tests, NULL, NULL);
}
