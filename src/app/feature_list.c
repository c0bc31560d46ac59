#include "app/feature_list.h"
#include "app/health.h"
#include "features/account/account.h"
#include "features/client/client.h"
#include "features/demo/demo.h"
#include "features/organization/organization.h"
#include "features/ticket/ticket.h"

#define ALL &health_feature, &account_feature, &organization_feature, &client_feature, &ticket_feature

const struct feature *const features[] = { ALL, NULL };
const struct feature *const demo_features[] = { ALL, &demo_feature, NULL };
