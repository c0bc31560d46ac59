/* The routes, places and jobs of the operator's pages and of becoming a partner. */
#include "features/operator/operator.h"
#include "features/operator/operator_inside.h"
#include "tpl/tpl.h"
#include "work/work.h"

static struct err *operator_home(struct ctx *c)
{
    reply_see(c, NULL, "%s/organizations", web_space(c));
    return NULL;
}

static const struct route operator_routes[] = {
    GET ("/o/:org/partner",                                     ORGANIZATION_MANAGE, partner_profile),
    POST("/o/:org/partner",                                     ORGANIZATION_MANAGE, partner_ask, .form = partner_ask_form, AGAIN(partner_profile), .prepare = partner_ask_prepare),
    POST("/o/:org/partner/cancel",                              ORGANIZATION_MANAGE, partner_ask_cancel, AGAIN(partner_profile)),
    GET ("/operator/:org",                                      OPERATE, operator_home),
    GET ("/operator/:org/organizations",                        OPERATE, operator_list),
    GET ("/operator/:org/organizations/:organization",          OPERATE, operator_show),
    POST("/operator/:org/organizations/:organization/approve",  OPERATE, partner_approve, .form = partner_approve_form, AGAIN(operator_show)),
    POST("/operator/:org/organizations/:organization/refuse",   OPERATE, partner_refuse, .form = partner_answer_form, AGAIN(operator_show)),
    GET ("/operator/:org/organizations/:organization/withdraw", OPERATE, partner_withdraw_show),
    POST("/operator/:org/organizations/:organization/withdraw", OPERATE, partner_withdraw, .form = partner_answer_form, AGAIN(partner_withdraw_show)),
    { 0 },
};

static const struct place operator_places[] = {
    { 'o', RIGHT_ORGANIZATION_MANAGE, "/partner", N_("Partenariat"), .in_profile = true },
    { 'x', RIGHT_OPERATE, "/organizations", N_("Entreprises") },
    { 0 },
};

static const struct work_kind operator_works[] = { { "partner_left", partner_left_run, 0, 0 }, { 0 } };

const struct feature operator_feature = { .name = "operator", .routes = operator_routes, .places = operator_places, .works = operator_works };
