#pragma once
/* What the transport calls for each request: a unit of work from head to end. */
#include "web/http.h"

extern const struct http_calls server_calls;

struct shelf;
struct shelf *shelf_open(void);
void shelf_close(struct shelf *shelf);   /* once libmicrohttpd has ended */
