#pragma once
/* The week of an organization's technicians, read once and put into rows: for this folder alone. At most WEEK_MOST jobs of a week are read; `is_cut`
   says that there are more. Everything lives in the context's arena. */
#include "features/planning/week.h"
#include "web/web.h"

enum { WEEK_MOST = 500, ABSENCES_MOST = 200, TODOS_FIRST = 6, TODOS_MOST = 50, COUNT_MOST = 50 };

struct board {
    const struct zone *zone;
    struct week week;
    int64_t today;
    int64_t starts_at, ends_at;     /* of the week */
    bool is_cut;
    struct doc *technicians;        /* rows of job_technicians, with planned_minutes, free_minutes */
    struct doc *jobs, *absences;
};

/* week: NULL for the one of today. */
struct err *board_read(struct ctx *c, const struct week *week, struct board *ret_board) MUST_CHECK;
/* The document: "technicians", "jobs" and "absences" of the week. The page: "columns", the days shown (Saturday and Sunday where something is, or where
   they are today), and "rows", a technician each with a cell a day. `chosen`: the day a narrow window shows. */
void board_show(struct ctx *c, struct board *b, int64_t chosen);
/* The same row once more, for what only the page says in its reader's language. */
struct doc *row_copy(struct ctx *c, struct doc *row);
/* What a line needs to say how a job stands: is_done, is_live, is_late, is_off, is_on_way, is_planned. */
void job_mark(struct ctx *c, struct doc *job);

/* Whom a job can be given, with the hours still free that week: { value, label, is_selected }. chosen 0: who has most. *ret_chosen may be NULL. */
struct doc *board_technicians(struct ctx *c, const struct board *b, int64_t chosen, int64_t *ret_chosen);
