#pragma once
/* The register (M-1): « Accès & mandats », « Pourquoi ? », the end of mandates. Handlers run in one thread of a request, the job in the worker's. */
#include "web/web.h"

extern const struct feature register_feature;

/* What a contact may, as cards on the page under `key` (partial mandate_card): for the contact's sheet. */
struct err *register_contact_cards(struct ctx *c, const char *key, int64_t contact_id) MUST_CHECK;
