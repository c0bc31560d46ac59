#include "features/transfer/transfer.h"
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "features/queries.h"
#include "features/transfer/page.h"
#include "tpl/tpl.h"
#include "web/app.h"
#include "web/queries.h"
#include "work/work.h"

/* The hash's first digits as the number that file.c takes its lock by. */
static int64_t lock_number(const char *hash)
{
    unsigned char bytes[8] = { 0 };
    int64_t number = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        for (size_t half = 0; half < 2; half++) {
            char digit = hash[2 * i + half];
            bytes[i] = (unsigned char)(bytes[i] << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10));
        }
    memcpy(&number, bytes, sizeof number);
    return number;
}

struct err *file_let_go(struct ctx *c, const char *hash)
{
    struct doc *taken = NULL, *used = NULL;
    int64_t dropped = 0;
    if (strlen(hash) != 64 || hash[strspn(hash, "0123456789abcdef")])
        return NULL;
    TRY(ctx_rows(c, &sql_file_lock, PARAMS(P_TEXT("hash", hash), P_INT("lock", lock_number(hash))), &taken));
    TRY(ctx_run_any(c, &sql_transfer_file_drop, PARAMS(P_TEXT("hash", hash)), &dropped));
    TRY(ctx_maybe(c, &sql_file_used, PARAMS(P_TEXT("hash", hash)), &used));
    if (dropped && !used)
        unlink(arena_printf(c->arena, "%s/%.2s/%s", c->app->files, hash, hash));
    return NULL;
}

static const struct route transfer_routes[] = {
    GET ("/o/:org/clients/import",          CLIENT_WRITE, import_clients),
    POST("/o/:org/clients/import",          CLIENT_WRITE, import_clients_look, .form = import_form, AGAIN(import_clients)),
    GET ("/o/:org/contacts/import",         CLIENT_WRITE, import_contacts),
    POST("/o/:org/contacts/import",         CLIENT_WRITE, import_contacts_look, .form = import_form, AGAIN(import_contacts)),
    GET ("/o/:org/imports/:import",         CLIENT_WRITE, import_show),
    GET ("/o/:org/imports/:import/errors",  CLIENT_WRITE, import_errors, .is_raw = true),
    POST("/o/:org/imports/:import/go",      CLIENT_WRITE, import_go, .form = import_go_form, AGAIN(import_show)),
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
