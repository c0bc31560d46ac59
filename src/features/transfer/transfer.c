#include "features/transfer/transfer.h"
#include "features/queries.h"
#include "features/transfer/page.h"
#include "mandate/access.h"
#include "tpl/tpl.h"
#include "web/file.h"
#include "work/work.h"

/* The row goes now, the bytes behind the commit: were they gone before it, and it failed, a row would name nothing. */
struct err *file_let_go(struct ctx *c, const char *hash)
{
    int64_t dropped = 0;
    struct doc *data = doc_map(c->arena);
    TRY(file_lock(c, hash));
    TRY(ctx_run_any(c, &sql_transfer_file_drop, PARAMS(P_TEXT("hash", hash)), &dropped));
    if (!dropped)
        return NULL;
    doc_set_text(data, "hash", hash);
    return work_queue(c, c->who.org_id, "file_drop", data, c->now_ms);
}

struct err *support_over(struct ctx *c, const struct doc *data, bool *ret_is_over)
{
    struct authority nobody = c->who;
    c->who.mandate_id = doc_int_of(data, "mandate");
    struct err *e = authority_hold(c);
    c->who = nobody;
    *ret_is_over = e && e->code == ERR_NOT_FOUND;
    return *ret_is_over ? NULL : e;
}

static const struct route transfer_routes[] = {
    GET ("/o/:org/clients/import",          CLIENT_WRITE, import_clients),
    POST("/o/:org/clients/import",          CLIENT_WRITE, import_clients_look, .form = import_form, AGAIN(import_clients)),
    GET ("/o/:org/contacts/import",         CLIENT_WRITE, import_contacts),
    POST("/o/:org/contacts/import",         CLIENT_WRITE, import_contacts_look, .form = import_form, AGAIN(import_contacts)),
    GET ("/o/:org/sites/import",            JOB_MANAGE,   import_sites),
    POST("/o/:org/sites/import",            JOB_MANAGE,   import_sites_look, .form = import_form, AGAIN(import_sites)),
    GET ("/o/:org/equipment/import",        JOB_MANAGE,   import_equipment),
    POST("/o/:org/equipment/import",        JOB_MANAGE,   import_equipment_look, .form = import_form, AGAIN(import_equipment)),
    GET ("/o/:org/jobs/import",             JOB_MANAGE,   import_jobs),
    POST("/o/:org/jobs/import",             JOB_MANAGE,   import_jobs_look, .form = import_form, AGAIN(import_jobs)),
    GET ("/o/:org/imports/:import",         CLIENT_WRITE, import_show),
    GET ("/o/:org/imports/:import/errors",  CLIENT_WRITE, import_errors, .is_raw = true),
    POST("/o/:org/imports/:import/go",      CLIENT_WRITE, import_go, .form = import_go_form, AGAIN(import_show)),
    POST("/o/:org/imports/:import/cancel",  CLIENT_WRITE, import_cancel, .prepare = import_cancel_prepare),
    GET ("/o/:org/exports",                 CLIENT_READ,  export_list),
    POST("/o/:org/exports",                 CLIENT_READ,  export_create, .form = export_form, AGAIN(export_list)),
    GET ("/o/:org/exports/:export/file",    CLIENT_READ,  export_file, .is_raw = true),
    { 0 },
};

static const struct work_kind transfer_works[] = {
    { "import_look", import_look_run, .tries = 5 },
    { "import_write", import_write_run, .tries = 5 },
    { "import_end", import_end_run },
    { "export_write", export_write_run },
    { "export_end", export_end_run },
    { 0 },
};

const struct feature transfer_feature = { .name = "transfer", .routes = transfer_routes, .works = transfer_works };
