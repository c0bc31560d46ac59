#include "features/accounting/accounting.h"
#include "tpl/tpl.h"

/* Nothing is kept here yet: the lists are there, and empty. */
static struct err *sale_list(struct ctx *c)
{
    doc_set(c->doc, "sales", doc_list(c->arena));
    return NULL;
}

static struct err *purchase_list(struct ctx *c)
{
    doc_set(c->doc, "purchases", doc_list(c->arena));
    return NULL;
}

static const struct route accounting_routes[] = {
    GET("/o/:org/sales",     INVOICE_READ,  sale_list),
    GET("/o/:org/purchases", PURCHASE_READ, purchase_list),
    { 0 },
};

static const struct place accounting_places[] = {
    { 'o', RIGHT_INVOICE_READ, "/sales", N_("Ventes") },
    { 'o', RIGHT_PURCHASE_READ, "/purchases", N_("Achats") },
    { 0 },
};

const struct feature accounting_feature = { .name = "accounting", .routes = accounting_routes, .places = accounting_places };
