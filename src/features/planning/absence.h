#pragma once
/* When technicians are not there, and how long their weeks are: for this folder alone. */
#include "web/web.h"

extern const struct field absence_form[], technician_form[];

struct err *absence_list(struct ctx *c) MUST_CHECK;
struct err *absence_create(struct ctx *c) MUST_CHECK;
struct err *absence_remove(struct ctx *c) MUST_CHECK;
struct err *technician_edit(struct ctx *c) MUST_CHECK;
struct err *technician_update(struct ctx *c) MUST_CHECK;
