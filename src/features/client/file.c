/* Files kept with a client: the team's own, or shared with the client. What is removed is let go of, and its bytes with it. */
#include "base/text.h"
#include "features/client/client.h"
#include "features/client/contact.h"
#include "features/queries.h"
#include "features/transfer/transfer.h"
#include "tpl/tpl.h"
#include "web/file.h"

static const struct choice file_audiences[] = { { "private", N_("Privé : l’équipe seule") }, { "shared", N_("Partagé avec le client") }, { 0 } };

const struct field client_file_form[] = {
    { "files", FIELD_FILES, N_("Fichiers"), REQUIRED, .max = 10, .hint = N_("Dix au plus, 20 Mo chacun : documents, images, archives.") },
    { "audience", FIELD_CHOICE, N_("Visible par"), REQUIRED, .choices = file_audiences },
    { 0 },
};

static struct param of_client(struct ctx *c) { return P_INT("of_client", path_id(c, "client")); }
static struct param of_file(struct ctx *c) { return P_INT("of_file", path_id(c, "attachment")); }

struct err *client_files(struct ctx *c)
{
    TRY(doc_row(c, "client", &sql_client_show, PARAMS(of_client(c))));
    TRY(doc_page(c, "attachments", &sql_client_file_list, "id", PARAMS(of_client(c))));
    doc_set_bool(web_page(c), "can_write", ctx_may(c, RIGHT_CLIENT_WRITE));
    client_tabs(c);
    form_show(c, client_file_form);
    form_value(c, "audience", "private");
    return NULL;
}

struct err *client_file_add(struct ctx *c)
{
    struct doc *client = NULL;
    int count = 0;
    bool is_shared = text_same(form_text(c, "audience"), "shared");
    TRY(ctx_row(c, &sql_client_show, PARAMS(of_client(c)), &client));
    for (const struct upload *u = form_files(c, "files"); u; u = u->next, count++) {
        const char *hash = NULL;
        TRY(file_keep(c, u, &hash));
        TRY(ctx_run(c, &sql_client_file_add, PARAMS(P_INT("id", ctx_id(c)), of_client(c), P_TEXT("hash", hash), P_TEXT("name", u->name),
            P_TEXT("type", u->type), P_INT("size_bytes", u->size_bytes), P_INT("is_shared", is_shared), P_TEXT("author_name", ctx_author(c)))));
    }
    journal_object(c, "client", path_id(c, "client"));
    journal_number(c, "files", count);
    journal_text(c, "audience", form_text(c, "audience"));
    reply_see(c, "client_file_added", "%s/clients/%lld/files", web_space(c), (long long)path_id(c, "client"));
    return NULL;
}

struct err *client_file(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_client_file_show, PARAMS(of_client(c), of_file(c)), &file));
    return reply_file(c, doc_text_of(file, "hash"), doc_text_of(file, "type"), doc_text_of(file, "name"));
}

static struct err *file_done(struct ctx *c, const struct doc *file, const char *notice)
{
    journal_object(c, "client", path_id(c, "client"));
    journal_text(c, "file", doc_text_of(file, "name"));
    reply_see(c, notice, "%s/clients/%lld/files", web_space(c), (long long)path_id(c, "client"));
    return NULL;
}

static struct err *file_show_to(struct ctx *c, bool is_shared)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_client_file_share, PARAMS(of_client(c), of_file(c), P_INT("is_shared", is_shared)), &file));
    return file_done(c, file, "client_file_shared");
}

struct err *client_file_share(struct ctx *c) { return file_show_to(c, true); }
struct err *client_file_hide(struct ctx *c) { return file_show_to(c, false); }

struct err *client_file_removing(struct ctx *c)
{
    TRY(doc_row(c, "client", &sql_client_show, PARAMS(of_client(c))));
    return doc_row(c, "file", &sql_client_file_show, PARAMS(of_client(c), of_file(c)));
}

struct err *client_file_remove(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_client_file_remove, PARAMS(of_client(c), of_file(c)), &file));
    TRY(file_let_go(c, doc_text_of(file, "hash")));
    return file_done(c, file, "client_file_removed");
}

/* ---- On the portal: what is shared, for contacts with « Gestion des tickets ». They see already whatever the team and the client's people
   send each other; personal data or invoices alone open no document of the company. ---- */

struct err *document_list(struct ctx *c) { return doc_page(c, "documents", &sql_document_list, "id", NULL); }

struct err *document_file(struct ctx *c)
{
    struct doc *file = NULL;
    TRY(ctx_row(c, &sql_document_file, PARAMS(of_file(c)), &file));
    return reply_file(c, doc_text_of(file, "hash"), doc_text_of(file, "type"), doc_text_of(file, "name"));
}
