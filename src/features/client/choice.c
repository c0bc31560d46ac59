/* For whom one acts: a person who is a contact of several clients of one organization chooses, at the top of the portal. */
#include <string.h>
#include "base/text.h"
#include "features/client/contact.h"
#include "mandate/access.h"
#include "tpl/tpl.h"

const struct field client_choose_form[] = {
    { "contact", FIELD_ID, N_("Client"), REQUIRED },
    { "back", FIELD_HIDDEN, N_("Retour"), .max = 200 },
    { 0 },
};

/* Only within this portal. */
static const char *choice_back(struct ctx *c)
{
    const char *back = form_text(c, "back"), *space = web_space(c);
    size_t len = strlen(space);
    bool is_inside = text_starts(back, space) && (!back[len] || back[len] == '/') && !back[strspn(back, "abcdefghijklmnopqrstuvwxyz0123456789-/")];
    return is_inside && !strstr(back, "//") ? back : space;
}

struct err *client_choose(struct ctx *c)
{
    int64_t contact_id = form_id(c, "contact");
    TRY(authority_choose(c, contact_id));
    journal_object(c, "contact", contact_id);
    reply_see(c, "client_chosen", "%s", choice_back(c));
    return NULL;
}
