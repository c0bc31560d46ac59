/* « Lien sécurisé »: the folder's table of routes. */
#include "features/link/inside.h"

static const struct route link_routes[] = {
    GET ("/l/:link",       PUBLIC,     link_door),
    POST("/l/:link/open",  PUBLIC,     link_opening, .form = link_door_form, .prepare = link_opening_prepare),
    GET ("/l/:link/code",  PUBLIC,     link_code_show),
    POST("/l/:link/code",  PUBLIC,     link_code, .form = link_code_form, .prepare = link_code_prepare, AGAIN(link_code_show)),
    GET ("/l/:link/ask",   PUBLIC,     link_ask_show),
    POST("/l/:link/ask",   PUBLIC,     link_ask, .form = link_ask_form, .prepare = link_ask_prepare, AGAIN(link_ask_show)),
    POST("/l/:link/close", SPACE_OPEN, link_closing),
    { 0 },
};

const struct feature link_feature = { .name = "link", .routes = link_routes };
