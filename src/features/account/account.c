#include "features/account/account.h"

static const struct route account_routes[] = {
    { 0 },
};

const struct feature account_feature = { .name = "account", .routes = account_routes };
