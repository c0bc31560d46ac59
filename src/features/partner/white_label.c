/* « Marque blanche » (S-15): whether this partner's name, logo and colours stand on the back offices of its dossiers and on the mails these send. */
#include "features/partner/partner_inside.h"
#include "features/queries.h"
#include "mandate/journal.h"
#include "tpl/tpl.h"

const struct field white_label_form[] = { { "is_white_label", FIELD_BOOL, N_("Ma marque sur le back-office de mes clients") }, { 0 } };

struct err *white_label_show(struct ctx *c)
{
    TRY(doc_row(c, "partner", &sql_white_label_show, NULL));
    form_show(c, white_label_form);
    form_value(c, "is_white_label", doc_bool_of(doc_get(c->doc, "partner"), "is_white_label") ? "1" : "");
    return NULL;
}

struct err *white_label_update(struct ctx *c)
{
    bool is_on = form_bool(c, "is_white_label");
    TRY(ctx_run(c, &sql_white_label_put, PARAMS(P_INT("is_white_label", is_on))));
    journal_object(c, "organization", c->who.org_id);
    journal_text(c, "white_label", is_on ? "on" : "off");
    reply_see(c, "organization_updated", "%s/white-label", web_space(c));
    return NULL;
}
