/* Jobs in the back office: the table of routes. */
#include "features/job/inside.h"
#include "tpl/tpl.h"

static const struct route job_routes[] = {
    GET ("/o/:org/jobs",                                JOB_READ,   job_list),
    GET ("/o/:org/jobs/new",                            JOB_MANAGE, job_pick),
    GET ("/o/:org/jobs/:job",                           JOB_READ,   job_show),
    GET ("/o/:org/jobs/:job/history",                   JOURNAL_READ, job_history),
    GET ("/o/:org/jobs/:job/edit",                      JOB_MANAGE, job_edit),
    POST("/o/:org/jobs/:job/edit",                      JOB_MANAGE, job_update, .form = job_form, AGAIN(job_edit)),
    POST("/o/:org/jobs/:job/duplicate",                 JOB_MANAGE, job_duplicate),
    GET ("/o/:org/jobs/:job/plan",                      JOB_MANAGE, job_planning),
    POST("/o/:org/jobs/:job/plan",                      JOB_MANAGE, job_planned, .form = job_plan_form, AGAIN(job_planning)),
    POST("/o/:org/jobs/:job/unplan",                    JOB_MANAGE, job_unplanned),
    POST("/o/:org/jobs/:job/leave",                     JOB_WORK,   job_left),
    POST("/o/:org/jobs/:job/arrive",                    JOB_WORK,   job_arrived),
    GET ("/o/:org/jobs/:job/finish",                    JOB_WORK,   job_finishing),
    POST("/o/:org/jobs/:job/finish",                    JOB_WORK,   job_finished, .form = job_finish_form, AGAIN(job_finishing)),
    GET ("/o/:org/jobs/:job/cancel",                    JOB_MANAGE, job_cancelling),
    POST("/o/:org/jobs/:job/cancel",                    JOB_MANAGE, job_cancelled, .form = job_cancel_form, AGAIN(job_cancelling)),
    POST("/o/:org/jobs/:job/reopen",                    JOB_MANAGE, job_reopened),
    POST("/o/:org/jobs/:job/files",                     JOB_WORK,   job_file_add, .form = job_file_form, AGAIN(job_show)),
    GET ("/o/:org/jobs/:job/files/:jobfile",            JOB_READ,   job_file, .is_raw = true),
    POST("/o/:org/jobs/:job/files/:jobfile/share",      JOB_MANAGE, job_file_share),
    POST("/o/:org/jobs/:job/files/:jobfile/hide",       JOB_MANAGE, job_file_hide),
    GET ("/o/:org/jobs/:job/files/:jobfile/remove",     JOB_MANAGE, job_file_removing),
    POST("/o/:org/jobs/:job/files/:jobfile/remove",     JOB_MANAGE, job_file_remove),
    GET ("/o/:org/clients/:client/jobs",                JOB_READ,   client_jobs),
    GET ("/o/:org/clients/:client/jobs/new",            JOB_MANAGE, job_new),
    POST("/o/:org/clients/:client/jobs",                JOB_MANAGE, job_create, .form = job_form, AGAIN(job_new)),
    GET ("/o/:org/sites/:site/jobs",                    JOB_READ,   site_jobs),
    GET ("/o/:org/equipment/:equipment/jobs",           JOB_READ,   equipment_jobs),
    GET ("/o/:org/settings/jobs",                       JOB_MANAGE, job_types),
    POST("/o/:org/settings/jobs",                       JOB_MANAGE, job_type_create, .form = job_type_form, AGAIN(job_type_new)),
    POST("/o/:org/settings/jobs/usual",                 JOB_MANAGE, job_types_usual),
    GET ("/o/:org/settings/jobs/new",                   JOB_MANAGE, job_type_new),
    GET ("/o/:org/settings/jobs/:jobtype",              JOB_MANAGE, job_type_edit),
    POST("/o/:org/settings/jobs/:jobtype",              JOB_MANAGE, job_type_update, .form = job_type_form, AGAIN(job_type_edit)),
    POST("/o/:org/settings/jobs/:jobtype/move",         JOB_MANAGE, job_type_move, .form = job_type_move_form, .again = job_type_again, .again_name = "job_types"),
    POST("/o/:org/settings/jobs/:jobtype/state",        JOB_MANAGE, job_type_state, .form = job_type_state_form, .again = job_type_again, .again_name = "job_types"),
    { 0 },
};

static const char *const job_also[] = { "/settings/jobs", "/visits", NULL };
static const struct place job_places[] = { { 'o', RIGHT_JOB_READ, "/jobs", N_("Interventions"), job_also }, { 0 } };

const struct feature job_feature = { .name = "job", .routes = job_routes, .places = job_places };
