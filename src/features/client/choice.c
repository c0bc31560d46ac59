/* For whom one acts: a person who is a contact of several clients of one organization chooses, at the top of the portal. */
#include "features/client/contact.h"
#include "mandate/access.h"
#include "tpl/tpl.h"

const struct field client_choose_form[] = {
    { "contact", FIELD_ID, N_("Client"), REQUIRED },
    { "back", FIELD_HIDDEN, N_("Retour"), .max = 200 },
    { 0 },
};

struct err *client_choose(struct ctx *c)
{
    int64_t contact_id = form_id(c, "contact");
    TRY(authority_choose(c, contact_id));
    journal_object(c, "contact", contact_id);
    reply_see(c, "client_chosen", "%s", web_back(c));
    return NULL;
}
