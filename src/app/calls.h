#pragma once
/* What the transport calls for each request: a unit of work from head to end. */
#include "web/http.h"

extern const struct http_calls server_calls;
