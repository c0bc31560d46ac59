#include "app/feature_list.h"
#include "app/health.h"
#include "features/account/account.h"
#include "features/accounting/accounting.h"
#include "features/calendar/calendar.h"
#include "features/client/client.h"
#include "features/demo/demo.h"
#include "features/gallery/gallery.h"
#include "features/help/help.h"
#include "features/inbound/inbound.h"
#include "features/job/job.h"
#include "features/link/link.h"
#include "features/member/member.h"
#include "features/operator/operator.h"
#include "features/organization/organization.h"
#include "features/partner/partner.h"
#include "features/planning/planning.h"
#include "features/portal/portal.h"
#include "features/register/register.h"
#include "features/sheet/sheet.h"
#include "features/site/site.h"
#include "features/support/support.h"
#include "features/ticket/ticket.h"
#include "features/token/token.h"
#include "features/transfer/transfer.h"
#include "features/visit/visit.h"

#define ALL &health_feature, &account_feature, &token_feature, &member_feature, &organization_feature, &client_feature, &job_feature, &visit_feature, &site_feature, &gallery_feature, &sheet_feature, &link_feature, &portal_feature, &planning_feature, &ticket_feature, &accounting_feature, &transfer_feature, &register_feature, \
    &support_feature, &partner_feature, &operator_feature, &inbound_feature, &help_feature, &calendar_feature

const struct feature *const features[] = { ALL, NULL };
/* The demonstration first: its "/" comes before the server's own. */
const struct feature *const demo_features[] = { &demo_feature, ALL, NULL };
