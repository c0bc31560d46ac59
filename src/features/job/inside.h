#pragma once
/* What the files of this folder share; for it alone. */
#include "features/job/job.h"

extern const struct field job_form[], job_plan_form[], job_finish_form[], job_cancel_form[], job_file_form[], job_type_form[], job_type_move_form[], job_type_state_form[];
extern const struct choice job_states[];

handler job_list, client_jobs, site_jobs, equipment_jobs;                                             /* list.c */
handler job_show, job_history;                                                                        /* show.c */
handler job_pick, job_new, job_create, job_edit, job_update, job_duplicate;                           /* edit.c */
handler job_planning, job_planned, job_unplanned, job_left, job_arrived, job_finishing, job_finished, job_cancelling, job_cancelled, job_reopened;   /* state.c */
handler job_file_add, job_file, job_file_share, job_file_hide, job_file_removing, job_file_remove;    /* file.c */
handler job_types, job_type_new, job_type_create, job_type_edit, job_type_update, job_type_move, job_type_state, job_type_again, job_types_usual;                    /* type.c */

/* The job of the address into the document, with what the pages here say of it. */
struct err *job_load(struct ctx *c, struct doc **ret_job) MUST_CHECK;
/* What the pages show by one’s rights: can_write, can_work. */
void job_rights(struct ctx *c);
struct err *job_done(struct ctx *c, int64_t id, const char *notice) MUST_CHECK;
