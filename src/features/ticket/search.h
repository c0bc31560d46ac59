#pragma once
/* Search in the back office's tickets, by the words of a ticket and of its client. A word that few have is found by its index; where many
   have it, the newest tickets are walked through, a stretch for each page, and the page says that more may follow. */
#include "features/client/client.h"

enum { SEARCH_FEW = 1000, SEARCH_STRETCH = 2000 };

/* A page of "tickets"; page key "is_cut" where more may follow. filters: status, priority, assignee, of_client. */
struct err *desk_search(struct ctx *c, const struct word_search *words, const struct param *filters) MUST_CHECK;

/* The rows alone, `most` of them unless there are no more: for an export. params: those filters, page_after, page_id, page_limit. */
struct err *search_rows(struct ctx *c, const struct word_search *words, const struct param *filters, size_t most, struct doc **ret_rows) MUST_CHECK;
