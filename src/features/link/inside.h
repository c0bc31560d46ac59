#pragma once
/* What the files of this folder share. */
#include "features/link/link.h"
#include "mandate/link.h"

/* ---- door.c: anybody, before and behind the button ---- */
handler link_door, link_opening, link_code_show, link_code, link_ask_show, link_ask, link_closing;
handler link_opening_prepare, link_code_prepare, link_ask_prepare;
extern const struct field link_door_form[], link_code_form[], link_ask_form[];

/* ---- office.c: the back office ---- */
handler client_links, link_create, link_show, link_update, link_mailing, link_send, link_list;
handler link_pausing, link_resuming, link_renewing, link_withdrawing;
extern const struct field link_create_form[], link_update_form[], link_mail_form[];
