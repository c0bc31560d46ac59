#pragma once
/* Inside transfer: the handlers and jobs of imports and exports, for the tables in transfer.c. */
#include "features/transfer/transfer.h"

extern const struct field import_form[], import_go_form[], export_form[];

handler import_clients, import_contacts, import_sites, import_equipment, import_jobs, import_clients_look, import_contacts_look, import_sites_look, import_equipment_look, import_jobs_look;
handler import_show, import_errors, import_go, import_cancel_prepare, import_cancel;
struct err *import_look_run(struct ctx *c, const struct doc *data) MUST_CHECK;
struct err *import_write_run(struct ctx *c, const struct doc *data) MUST_CHECK;
struct err *import_end_run(struct ctx *c, const struct doc *data) MUST_CHECK;

handler export_list, export_create, export_file;
struct err *export_write_run(struct ctx *c, const struct doc *data) MUST_CHECK;
struct err *export_end_run(struct ctx *c, const struct doc *data) MUST_CHECK;

/* A job that somebody of a partner asked for, named in its data as "mandate": has that access ended meanwhile (S-11)? Else it waits until the job is done. */
struct err *support_over(struct ctx *c, const struct doc *data, bool *ret_is_over) MUST_CHECK;

enum { FILES_LAST_DAYS = 7 };
