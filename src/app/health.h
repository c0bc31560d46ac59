#pragma once
/* What machines ask: GET /health (200 once it serves and the database answers), GET /metrics (Prometheus' text format). And what keeps the data folder in order:
   the jobs that remove bytes which no row names (any more). */
#include "web/web.h"

extern const struct feature health_feature;
void health_count(int status, int64_t took_us);   /* one request answered; any thread */
