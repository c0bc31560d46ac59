#include "mandate/mandate.h"
#include <stddef.h>
#include <string.h>
#include "tpl/tpl.h"

static const struct { const char *word; const char *sentence; } rights[RIGHTS] = {
#define RIGHT(name, word_, sentence_) [RIGHT_##name] = { word_, sentence_ },
#include "mandate/rights.def"
#undef RIGHT
};

static const struct { const char *word; const char *label; const char *sentence; } kinds[MANDATE_KINDS] = {
#define KIND(name, word_, label_, sentence_) [MANDATE_##name] = { word_, label_, sentence_ },
#include "mandate/kinds.def"
#undef KIND
};

const char *right_word(enum right right) { return rights[right].word; }
const char *right_sentence(enum right right) { return rights[right].sentence; }
const char *mandate_word(enum mandate_kind kind) { return kinds[kind].word; }
const char *mandate_label(enum mandate_kind kind) { return kinds[kind].label; }
const char *mandate_sentence(enum mandate_kind kind) { return kinds[kind].sentence; }

enum mandate_kind mandate_kind_read(const char *word)
{
    for (int kind = 0; kind < MANDATE_KINDS; kind++)
        if (strcmp(kinds[kind].word, word) == 0)
            return (enum mandate_kind)kind;
    return MANDATE_KINDS;
}

#define B(name) RIGHT_BIT(RIGHT_##name)

/* What a member of the staff needs for daily work, whatever else. */
#define STAFF (B(SPACE_OPEN) | B(CLIENT_READ))
#define DESK (B(TICKET_READ) | B(TICKET_WRITE) | B(TICKET_MANAGE))
#define SALES (B(INVOICE_READ) | B(INVOICE_WRITE) | B(PURCHASE_READ) | B(PURCHASE_WRITE))
#define FIELD_WORK (B(JOB_READ) | B(JOB_WORK))
#define MANAGEMENT (STAFF | DESK | FIELD_WORK | B(CLIENT_WRITE) | B(ACCESS_GRANT) | B(JOB_MANAGE) | B(LINK_MANAGE) \
    | B(SERVICE_READ) | B(SERVICE_MANAGE) | B(PRIVACY_MANAGE) | B(MEMBER_READ) | B(MANDATE_READ) | B(EMAIL_WRITE))
#define ADMINISTRATION (B(MEMBER_MANAGE) | B(ORGANIZATION_MANAGE) | B(MANDATE_MANAGE) | B(JOURNAL_READ) | B(SUBSCRIPTION_READ) \
    | B(SUBSCRIPTION_MANAGE) | B(BANK_WRITE) | B(EXPORT_ALL) | B(ERASE) | B(TOKEN_MANAGE))

/* S-7: a support session never holds credentials, e-mail addresses, members, mandates, subscription, bank details, exports of everything, erasure. */
#define SUPPORT_READ (STAFF | B(TICKET_READ) | B(JOB_READ) | B(SERVICE_READ) | B(SUPPORT_SESSION))
#define SUPPORT_MANAGEMENT (SUPPORT_READ | DESK | FIELD_WORK | B(CLIENT_WRITE) | B(JOB_MANAGE) | B(SERVICE_MANAGE))

static const struct { enum mandate_kind kind; const char *detail; rights_set rights; } gives[] = {
    { MANDATE_MEMBERSHIP, "administrator", MANAGEMENT | SALES | ADMINISTRATION | B(PARTNER_MANAGE) | B(DOSSIER_READ) | B(OPERATE) },
    { MANDATE_MEMBERSHIP, "manager",       MANAGEMENT | B(INVOICE_READ) | B(INVOICE_WRITE) },
    { MANDATE_MEMBERSHIP, "accountant",    B(SPACE_OPEN) | SALES },
    { MANDATE_MEMBERSHIP, "technician",    STAFF | FIELD_WORK },
    { MANDATE_MEMBERSHIP, "support_agent", STAFF | DESK | B(SERVICE_READ) },
    { MANDATE_MEMBERSHIP, "collaborator",  B(SPACE_OPEN) | B(DOSSIER_READ) | B(DOSSIER_ENTER) },
    { MANDATE_SUPPORT, "read",       SUPPORT_READ },
    { MANDATE_SUPPORT, "management", SUPPORT_MANAGEMENT },
    { MANDATE_SUPPORT, "accounting", SUPPORT_MANAGEMENT | SALES },
    { MANDATE_PAYER, "", B(SUBSCRIPTION_READ) | B(SUBSCRIPTION_MANAGE) },
    { MANDATE_LINK, "see", B(SPACE_OPEN) | B(JOB_READ) },
    { MANDATE_LINK, "ask", B(SPACE_OPEN) | B(JOB_READ) | B(JOB_ASK) },
    { MANDATE_ACCESS, "personal", B(SPACE_OPEN) | B(PERSONAL_READ) | B(PERSONAL_WRITE) },
    { MANDATE_ACCESS, "tickets",  B(SPACE_OPEN) | B(TICKET_READ) | B(TICKET_WRITE) },
    { MANDATE_ACCESS, "invoices", B(SPACE_OPEN) | B(INVOICE_READ) },
    { MANDATE_ACCESS, "jobs",     B(SPACE_OPEN) | B(JOB_READ) | B(JOB_ASK) },
    { MANDATE_ACCESS, "services", B(SPACE_OPEN) | B(SERVICE_READ) | B(SERVICE_RENEW) | B(SERVICE_SUPPORT) | B(SERVICE_MAIL) },
    { MANDATE_ACCESS, "orders",   B(SPACE_OPEN) | B(ORDER_PLACE) },
    { MANDATE_ACCESS, "contacts", B(SPACE_OPEN) | B(CONTACT_NAME) },
    { MANDATE_ACCESS, "all",      B(SPACE_OPEN) | B(TICKET_READ) | B(TICKET_WRITE) | B(INVOICE_READ) | B(JOB_READ) | B(JOB_ASK)
        | B(SERVICE_READ) | B(SERVICE_RENEW) | B(SERVICE_SUPPORT) | B(SERVICE_MAIL) | B(ORDER_PLACE) | B(CONTACT_NAME)
        | B(MANDATE_READ) | B(MANDATE_MANAGE) },
    { MANDATE_TECHNICAL, "",      B(SERVICE_READ) | B(SERVICE_RENEW) | B(SERVICE_SUPPORT) | B(SERVICE_MAIL) },
    { MANDATE_ADMINISTRATIVE, "", B(ORDER_FOR) },
    { MANDATE_RENEWAL, "",        B(RENEWAL_PAY) },
};

/* M-5: what only an organization that is a partner, or the operator, has to give. */
#define PARTNERS (B(PARTNER_MANAGE) | B(DOSSIER_READ) | B(DOSSIER_ENTER))

rights_set mandate_ground(bool is_partner, bool is_operator)
{
    return ~((is_partner ? 0 : PARTNERS) | (is_operator ? 0 : B(OPERATE)));
}

rights_set mandate_gives(enum mandate_kind kind, const char *detail)
{
    for (size_t i = 0; i < sizeof gives / sizeof *gives; i++)
        if (gives[i].kind == kind && strcmp(gives[i].detail, detail) == 0)
            return gives[i].rights;
    return 0;
}

bool mandate_gives_at(enum mandate_kind kind, size_t index, const char **ret_detail, rights_set *ret_rights)
{
    for (size_t i = 0; i < sizeof gives / sizeof *gives; i++) {
        if (gives[i].kind != kind || index-- > 0)
            continue;
        *ret_detail = gives[i].detail;
        *ret_rights = gives[i].rights;
        return true;
    }
    return false;
}

struct authority authority_nobody(int64_t org_id)
{
    return (struct authority){ .org_id = org_id, .person_name = "", .person_email = "", .granted_by = "" };
}
