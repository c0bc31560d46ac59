#pragma once
/* Mandates: who may do what, for whom, on what, from when until when. Kinds and rights are two lists (kinds.def,
   rights.def); what a kind gives is one table (mandate.c). Rows are kept by this folder alone: features ask here. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mandate_kind {
#define KIND(name, word, label, sentence) MANDATE_##name,
#include "mandate/kinds.def"
#undef KIND
    MANDATE_KINDS
};

enum right {
#define RIGHT(name, word, sentence) RIGHT_##name,
#include "mandate/rights.def"
#undef RIGHT
    RIGHTS
};

typedef uint64_t rights_set;   /* bit n is right n */
#define RIGHT_BIT(right) (UINT64_C(1) << (right))
_Static_assert(RIGHTS <= 64, "rights fit one word");

const char *right_word(enum right right);
const char *right_sentence(enum right right);             /* French; translate with tpl_text */
const char *mandate_word(enum mandate_kind kind);
const char *mandate_label(enum mandate_kind kind);
const char *mandate_sentence(enum mandate_kind kind);
enum mandate_kind mandate_kind_read(const char *word);    /* MANDATE_KINDS where there is no such kind */

/* What a mandate gives. detail: the role of a membership ("administrator", "manager", "accountant", "technician",
   "support_agent"), the level of a support mandate ("read", "management", "accounting"), the part of an access
   ("personal", "tickets", "invoices", "jobs", "services", "orders", "contacts", "all"). Unknown detail: nothing. */
rights_set mandate_gives(enum mandate_kind kind, const char *detail);
/* What an organization has to give at all: a mandate never gives more than its grantor has now (M-5). */
rights_set mandate_ground(bool is_partner, bool is_operator);
/* The details of a kind one by one, for documents: false where there is no more. */
bool mandate_gives_at(enum mandate_kind kind, size_t index, const char **ret_detail, rights_set *ret_rights);

/* Who acts, for whom, under which mandate, with which rights: worked out by the gate for every request, the only
   thing a handler's queries are bound to. */
struct authority {
    int64_t session_id;        /* 0: nobody signed in */
    int64_t person_id;         /* 0: nobody */
    const char *person_name;
    const char *person_email;
    int64_t org_id;            /* 0: no organization's space (sign-in, own account) */
    int64_t client_id;         /* the client acted for; 0: the whole organization */
    int64_t site_id;           /* of the client's sites this one alone; 0: all */
    int64_t job_id;            /* of the client's jobs this one alone; 0: all */
    int64_t link_id;           /* whoever has a secure link (link.h), whose session session_id is then; 0: a person */
    int64_t contact_id;        /* as which contact; 0: as a member */
    int64_t member_id;         /* as which member; 0: as a contact */
    int64_t mandate_id;        /* the mandate that gives the right the route asks for; 0: none needed */
    enum mandate_kind kind;
    int64_t granted_at;        /* since when, and by whom ("" where not known) */
    const char *granted_by;
    rights_set rights;         /* everything this person may do in this space now */
    /* Somebody of a partner, inside a support session (support.h): always themself, acting for the organization. */
    bool is_delegating;        /* this session of the browser has support sessions open somewhere */
    int64_t support_id;        /* the session; 0: none */
    int64_t partner_id;
    const char *partner_name;
    const char *support_reason;
    int64_t support_ends_at;
};

/* The server itself, acting in an organization's log; 0: in none. */
struct authority authority_nobody(int64_t org_id);
