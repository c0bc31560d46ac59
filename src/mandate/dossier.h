#pragma once
/* Dossiers (S-4, S-15): one client organization as its partner sees it. The mandate of kind 'dossier' lies with the client and opens nothing;
   the row in `dossier` is the partner's copy for its lists, set from the mandates by dossier_sync in the transaction that changes them. */
#include "mandate/ctx.h"

/* A dossier of this partner (c->who.org_id) with an organization: `how` "born" is active at once (the partner created the organization, S-15), "asked" waits for
   its administrator. There already, or this partner's own organization: ERR_CONFLICT; no partner any more: ERR_NOT_FOUND. */
struct err *dossier_new(struct ctx *c, int64_t client_org_id, const char *how, const char *wording, int64_t *ret_dossier_id, int64_t *ret_mandate_id) MUST_CHECK;
/* In the partner's space: the organization it made waits for the answer to this offer of a membership, and the dossier says so. */
struct err *dossier_joining(struct ctx *c, int64_t client_org_id, int64_t offer_id) MUST_CHECK;
/* The offer was answered. Where it was such a one: ret_row { partner_id, partner_slug, dossier_id, mandate_id, client_name }, and the dossier follows; else NULL. */
struct err *dossier_joined(struct ctx *c, int64_t client_org_id, int64_t offer_id, bool is_accepted, struct doc **ret_row) MUST_CHECK;
/* Ends the dossier of an organization that nobody will enter any more. why: "refused", "taken back". */
struct err *dossier_drop(struct ctx *c, int64_t client_org_id, int64_t mandate_id, const char *why) MUST_CHECK;
/* In the client's space: its administrator accepts or declines. Not asked any more: ERR_CONFLICT. */
struct err *dossier_answer(struct ctx *c, int64_t mandate_id, bool is_accepted) MUST_CHECK;
/* Ends the dossier and what support there is with it; from either side. why: "withdrawn" (client), "detached" (partner), "partner left" (it is a partner no more). */
struct err *dossier_end(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why) MUST_CHECK;
/* Takes back one that its client has not answered. Answered, or taken back already: ERR_CONFLICT. */
struct err *dossier_unask(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why) MUST_CHECK;
/* What the end of a dossier's mandate, by whatever way, takes along. Called by mandate_end. */
struct err *dossier_ended(struct ctx *c, int64_t org_id, int64_t mandate_id, const char *why) MUST_CHECK;
/* Writes the partner's copy anew from the mandates. */
struct err *dossier_sync(struct ctx *c, int64_t partner_id, int64_t org_id) MUST_CHECK;
