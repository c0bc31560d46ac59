#pragma once
/* The page « Pourquoi ? » (M-2), for register.c's routes. */
#include "mandate/ctx.h"

struct err *why_show(struct ctx *c);
