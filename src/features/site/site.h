#pragma once
/* Sites of clients and the equipment there, in the back office: lists, sheets, what a client's sheet shows of both. Who sees jobs sees
   them, who manages jobs changes them. The portal and what is done there come on this ground. */
#include "web/web.h"

extern const struct feature site_feature;

/* Takes the next number: "S-00042". */
struct err *site_number(struct ctx *c, const char **ret_number) MUST_CHECK;
