/* « Lien sécurisé »: the folder's table of routes, and the job that throws away what has been over for long. */
#include "base/clock.h"
#include "features/link/inside.h"
#include "work/work.h"

enum { WAITING_DAYS = 1, OPENED_DAYS = 400, PURGED_MOST = 5000 };

static struct err *link_sweep(struct ctx *c, const struct doc *data)
{
    int64_t gone = PURGED_MOST;
    (void)data;
    while (gone == PURGED_MOST)
        TRY(link_purge(c, c->now_ms - WAITING_DAYS * CLOCK_DAY_MS, c->now_ms - OPENED_DAYS * CLOCK_DAY_MS, PURGED_MOST, &gone));
    return NULL;
}

static const struct work_kind link_works[] = { { "link_sweep", link_sweep, CLOCK_DAY_MS, 0 }, { 0 } };

static const struct route link_routes[] = {
    GET ("/l/:link",                       PUBLIC,      link_door),
    POST("/l/:link/open",                  PUBLIC,      link_opening, .form = link_door_form, .prepare = link_opening_prepare),
    GET ("/l/:link/code",                  PUBLIC,      link_code_show),
    POST("/l/:link/code",                  PUBLIC,      link_code, .form = link_code_form, .prepare = link_code_prepare, AGAIN(link_code_show)),
    GET ("/l/:link/ask",                   PUBLIC,      link_ask_show),
    POST("/l/:link/ask",                   PUBLIC,      link_ask, .form = link_ask_form, .prepare = link_ask_prepare, AGAIN(link_ask_show)),
    POST("/l/:link/close",                 SPACE_OPEN,  link_closing),
    GET ("/o/:org/links",                  LINK_MANAGE, link_list),
    GET ("/o/:org/clients/:client/links",  LINK_MANAGE, client_links),
    POST("/o/:org/clients/:client/links",  LINK_MANAGE, link_create, .form = link_create_form, AGAIN(client_links)),
    GET ("/o/:org/links/:link",            LINK_MANAGE, link_show),
    POST("/o/:org/links/:link",            LINK_MANAGE, link_update, .form = link_update_form, AGAIN(link_show)),
    GET ("/o/:org/links/:link/mail",       LINK_MANAGE, link_mailing),
    POST("/o/:org/links/:link/mail",       LINK_MANAGE, link_send, .form = link_mail_form, AGAIN(link_mailing)),
    POST("/o/:org/links/:link/pause",      LINK_MANAGE, link_pausing),
    POST("/o/:org/links/:link/resume",     LINK_MANAGE, link_resuming),
    POST("/o/:org/links/:link/renew",      LINK_MANAGE, link_renewing),
    POST("/o/:org/links/:link/withdraw",   LINK_MANAGE, link_withdrawing),
    { 0 },
};

const struct feature link_feature = { .name = "link", .routes = link_routes, .works = link_works };
