#pragma once
/* What the files of this folder share. */
#include "features/link/link.h"
#include "mandate/link.h"

/* ---- door.c: anybody, before and behind the button ---- */
handler link_door, link_opening, link_code_show, link_code, link_ask_show, link_ask, link_closing;
handler link_opening_prepare, link_code_prepare, link_ask_prepare;
extern const struct field link_door_form[], link_code_form[], link_ask_form[];
