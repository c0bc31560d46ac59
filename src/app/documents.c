#include "app/documents.h"
#include <string.h>

/* What the columns do not say; "" where there is nothing. */
static const char *route_note(const struct route *r, struct arena *a)
{
    bool takes_files = false;
    for (const struct field *f = r->form; f && f->name; f++)
        takes_files |= f->kind == FIELD_FILES;
    return arena_printf(a, "%s%s%s%s", r->is_raw ? "bytes, no page" : "", takes_files ? "takes files" : "", takes_files && r->prepare ? ", " : "", r->prepare ? "prepared before its transaction" : "");
}

static void feature_write(const struct feature *f, struct buf *out)
{
    buf_printf(out, "\n## %s\n\n| method | address | right | handler | |\n| --- | --- | --- | --- | --- |\n", f->name);
    for (const struct route *r = f->routes; r->pattern; r++)
        buf_printf(out, "| %s | `%s` | %s | `%s` | %s |\n", r->method == METHOD_POST ? "POST" : "GET", r->pattern, right_word(r->right), r->name,
            route_note(r, out->arena));
}

void routes_write(const struct feature *const *features, struct buf *out)
{
    buf_text(out, "# Routes\n\nMade by `mandat routes --markdown` from the tables of the features; `documents_test` holds it to the program. The same address with "
        "`.json`, or under\n`/api/1`, is the document of a page. A right is explained in [mandates.md](mandates.md); who has it, in `tests/matrix.txt`.\n");
    for (const struct feature *const *f = features; *f; f++)
        feature_write(*f, out);
}

/* ---- Kinds and rights ---- */

static const char *english(const struct tpl_set *tpl, const char *french) { return tpl_text(tpl, "en", french); }

static void rights_words(rights_set rights, struct buf *out)
{
    bool is_first = true;
    for (int right = 0; right < RIGHTS; right++) {
        if (!(rights & RIGHT_BIT(right)))
            continue;
        buf_printf(out, "%s%s", is_first ? "" : ", ", right_word((enum right)right));
        is_first = false;
    }
}

static void kind_write(enum mandate_kind kind, const struct tpl_set *tpl, struct buf *out)
{
    const char *detail;
    rights_set rights;
    bool is_first = true;
    buf_printf(out, "\n## %s\n\n« %s ». %s\n", mandate_word(kind), mandate_label(kind), english(tpl, mandate_sentence(kind)));
    for (size_t i = 0; mandate_gives_at(kind, i, &detail, &rights); i++) {
        if (is_first)
            buf_text(out, "\n| | gives |\n| --- | --- |\n");
        is_first = false;
        buf_printf(out, "| %s | ", *detail ? detail : "always");
        rights_words(rights, out);
        buf_text(out, " |\n");
    }
    if (is_first)
        buf_text(out, "\nGives what was chosen for each.\n");
}

void mandates_write(const struct tpl_set *tpl, struct buf *out)
{
    buf_text(out, "# Mandates\n\nMade by `mandat mandates` from `src/mandate/kinds.def`, `rights.def` and the table in `mandate.c`; `documents_test` holds it to the "
        "program. What a person may\ndo now is what their mandates give and the grantor has; [ARCHITECTURE.md](../ARCHITECTURE.md) says how that is worked out.\n");
    for (int kind = 0; kind < MANDATE_KINDS; kind++)
        kind_write((enum mandate_kind)kind, tpl, out);
    buf_text(out, "\n## Rights\n\n| right | what |\n| --- | --- |\n");
    for (int right = 0; right < RIGHTS; right++)
        buf_printf(out, "| %s | %s |\n", right_word((enum right)right), english(tpl, right_sentence((enum right)right)));
}
