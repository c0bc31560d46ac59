#pragma once
/* What the files of this folder share. */
#include "features/client/client.h"
#include "features/portal/scope.h"

/* Option, scope and what every page of the portal draws: page keys sees, can_ask, is_link, is_site, is_job. */
struct err *portal_open(struct ctx *c, struct portal_options *ret_options) MUST_CHECK;
/* Head of the lists: the client or the site, contact, information, shared files, tabs with their counts. */
struct err *portal_head(struct ctx *c, const struct portal_options *options) MUST_CHECK;

/* What is off is not in the document: the named texts (ending with NULL) become empty. */
void portal_off(struct doc *row, bool is_on, const char *const *names);

/* A list that can be searched: all of it, or what the words find within stretches of it. */
struct portal_list { const char *key, *column; const struct query *list, *search, *end; };
struct err *portal_list_page(struct ctx *c, const struct portal_list *of, const struct param *params) MUST_CHECK;
/* Jobs of one site (a query that takes :in_site) or one piece of equipment onto an entry's page. */
struct err *portal_jobs_of_site(struct ctx *c, const struct portal_options *options, int64_t site_id) MUST_CHECK;
struct err *portal_jobs_of_equipment(struct ctx *c, const struct portal_options *options, int64_t equipment_id) MUST_CHECK;

#define JOB_HREF "%s/jobs/%lld"   /* web_space, id */

handler portal_job_list, portal_job_show, portal_job_file, portal_shared_file;
handler portal_site_list, portal_site_show, portal_equipment_list, portal_equipment_show;
handler portal_job_new, portal_job_create;
handler portal_settings, portal_settings_update, portal_client_settings, portal_client_settings_update;
extern const struct field portal_job_form[], portal_settings_form[], portal_client_form[];
