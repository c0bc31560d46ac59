/* The portal's page of personal data (C-5): what is held, about whom, by whom, and the form that rectifies it. Consents and requests come with
   the rights desk. The e-mail is not changed here: it is how somebody signs in, and proved anew. */
#include <string.h>
#include "base/text.h"
#include "features/client/contact.h"
#include "features/client/word.h"
#include "features/queries.h"
#include "tpl/tpl.h"

const struct field personal_form[] = {
    { "first_name", FIELD_TEXT, N_("Prénom"), REQUIRED, .max = 100, .autocomplete = "given-name" },
    { "last_name", FIELD_TEXT, N_("Nom"), REQUIRED, .max = 100, .autocomplete = "family-name" },
    { "job_title", FIELD_TEXT, N_("Fonction"), .max = 100, .autocomplete = "organization-title" },
    { "phone", FIELD_PHONE, N_("Téléphone"), .max = 30, .autocomplete = "tel" },
    { 0 },
};

struct err *personal_show(struct ctx *c)
{
    TRY(doc_row(c, "company", &sql_personal_company, NULL));
    TRY(doc_row(c, "personal", &sql_personal_show, NULL));
    doc_set_bool(web_page(c), "can_rectify", ctx_may(c, RIGHT_PERSONAL_WRITE));
    form_show(c, personal_form);
    for (const struct field *f = personal_form; f->name; f++)
        form_value(c, f->name, doc_text_of(doc_get(c->doc, "personal"), f->name));
    return NULL;
}

/* Which of the fields are another now: their names stand in the journal, what they say does not. */
static const char *personal_changes(struct ctx *c, const struct doc *before)
{
    const char *changes = "";
    for (const struct field *f = personal_form; f->name; f++)
        if (!text_same(doc_text_of(before, f->name), form_text(c, f->name)))
            changes = arena_printf(c->arena, "%s%s%s", changes, *changes ? " " : "", f->name);
    return changes;
}

struct err *personal_update(struct ctx *c)
{
    struct doc *before = NULL;
    const char *first = form_text(c, "first_name"), *last = form_text(c, "last_name");
    TRY(ctx_row(c, &sql_personal_show, NULL, &before));
    TRY(ctx_run(c, &sql_personal_put, PARAMS(P_TEXT("first_name", first), P_TEXT("last_name", last), P_TEXT("job_title", form_text(c, "job_title")),
        P_TEXT("phone", form_text(c, "phone")), P_TEXT("name_key", text_name_key(c->arena, arena_printf(c->arena, "%s %s", last, first))))));
    const char *words[] = { last, first, doc_text_of(before, "email"), NULL };
    TRY(word_put(c, "contact", c->who.contact_id, words));
    journal_object(c, "contact", c->who.contact_id);
    journal_text(c, "changed", personal_changes(c, before));
    reply_see(c, "personal_updated", "%s/personal", web_space(c));
    return NULL;
}

/* C-9 comes with invoices; until then the page says that there are none. */
struct err *invoice_list(struct ctx *c)
{
    doc_set(c->doc, "invoices", doc_list(c->arena));
    return NULL;
}
