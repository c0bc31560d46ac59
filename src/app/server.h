#pragma once
/* The server put together: database, templates, keys, features, transport, worker. One a process. */
#include "app/setting.h"
#include "web/app.h"

struct server;

/* Opens everything but the transport: data folder, database (migrated), key, templates. What fails is said in the error. */
struct err *server_open(struct arena *a, const struct settings *s, struct server **ret_server) MUST_CHECK;
/* Serves until a signal (TERM, INT) comes, then ends what runs. */
struct err *server_run(struct server *v, struct arena *a) MUST_CHECK;
void server_close(struct server *v);

const struct app *server_app(const struct server *server);
struct store *server_store(const struct server *server);
/* A context without a request on a connection of its own: for commands and jobs. */
struct err *server_ctx(struct server *v, struct arena *a, struct db *db, struct ctx *ret_ctx) MUST_CHECK;
