/* « Votre espace client », to all contacts at once (C-0): counted by a job, shown, agreed to, then sent by a job. Each stretch is a
   transaction of its own and goes on behind the last contact of the one before, so that none is written to twice or left out. */
#include "features/organization/portal_invite.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "tpl/tpl.h"
#include "work/work.h"

enum { LOOK_STRETCH = 2000, SEND_STRETCH = 200, REST_DAYS = 30, MAIL_TEXT_BYTES = 64 * 1024 };

static const struct choice audiences[] = { { "given", N_("Ceux qui ont déjà un accès") }, { "all", N_("Tous les contacts qui ont une adresse e-mail") }, { 0 } };

const struct field portal_invitation_form[] = {
    { "audience", FIELD_CHOICE, N_("À qui écrire"), REQUIRED, .choices = audiences },
    { "is_again", FIELD_BOOL, N_("Aussi à ceux qui ont été invités il y a moins de 30 jours") },
    { 0 },
};

static const struct field nothing_form[] = { { 0 } };   /* « Envoyer » and « Annuler » ask nothing, and can be refused */

static int64_t of_run(const struct ctx *c) { return path_id(c, "run"); }

/* ---- Pages ---- */

static bool is_at_work(const struct doc *run)
{
    return strcmp(doc_text_of(run, "state"), "counting") == 0 || strcmp(doc_text_of(run, "state"), "sending") == 0;
}

struct err *portal_invitations(struct ctx *c)
{
    TRY(doc_row(c, "organization", &sql_organization_show, NULL));
    TRY(doc_rows(c, "invitations", &sql_portal_invitation_list, NULL));
    form_show(c, portal_invitation_form);
    form_value(c, "audience", "given");
    return NULL;
}

/* The mail as somebody with a password reads it, in the language of who asks. */
static struct err *mail_preview(struct ctx *c)
{
    struct buf out;
    struct doc *org = NULL, *data = doc_map(c->arena);
    TRY(ctx_row(c, &sql_organization_show, NULL, &org));
    doc_set_text(org, "address", "");
    doc_set(data, "org", org);
    doc_set_text(data, "base", web_address(c));
    doc_set_text(data, "to_name", "");
    doc_set_text(data, "lang", c->lang);
    doc_set_text(data, "stop", "…");
    doc_set_bool(data, "has_reply", false);
    doc_set_bool(data, "has_password", true);
    doc_set_bool(data, "has_access", true);
    buf_init(&out, c->arena, MAIL_TEXT_BYTES);
    TRY(tpl_render(c->tpl, &(struct tpl_reader){ c->lang, "Europe/Paris", c->now_ms }, "mail_portal_invitation.txt", data, &out));
    doc_set_text(web_page(c), "mail_text", text_trim(c->arena, buf_end(&out) + strlen("Subject: ")));
    return NULL;
}

struct err *portal_invitation_show(struct ctx *c)
{
    TRY(doc_row(c, "invitation", &sql_portal_invitation_show, PARAMS(P_INT("of_run", of_run(c)))));
    const struct doc *run = doc_get(c->doc, "invitation");
    bool is_counted = strcmp(doc_text_of(run, "state"), "counted") == 0;
    doc_set_bool(web_page(c), "is_running", is_at_work(run));
    doc_set_bool(web_page(c), "can_cancel", is_at_work(run) || is_counted);
    doc_set_bool(web_page(c), "can_go", is_counted && doc_int_of(run, "wanted"));
    form_show(c, nothing_form);
    if (is_at_work(run))
        reply_header(c, "Refresh", "2");
    return mail_preview(c);
}

/* ---- Asked for, agreed to, given up ---- */

static struct err *job_queue(struct ctx *c, const char *kind, int64_t run_id)
{
    struct doc *data = doc_map(c->arena);
    doc_set_int(data, "run", run_id);
    return work_queue(c, c->who.org_id, kind, data, c->now_ms);
}

static struct err *portal_check(struct ctx *c)
{
    struct doc *org = NULL;
    TRY(ctx_row(c, &sql_organization_show, NULL, &org));
    return doc_bool_of(org, "is_portal_open") ? NULL : form_error(c, "page", N_("L’espace client n’est pas ouvert : ouvrez-le d’abord dans les réglages."));
}

struct err *portal_invitation_create(struct ctx *c)
{
    int64_t id = ctx_id(c), added = 0;
    TRY(portal_check(c));
    TRY(ctx_run_any(c, &sql_portal_invitation_add, PARAMS(P_INT("id", id), P_TEXT("audience", form_text(c, "audience")), P_INT("is_again", form_bool(c, "is_again")),
        P_TEXT("by_name", c->who.person_name)), &added));
    if (!added)
        return form_error(c, "page", N_("Un envoi est déjà en cours : attendez qu’il soit fini, ou annulez-le."));
    TRY(job_queue(c, "portal_invitation_look", id));
    journal_object(c, "portal_invitation", id);
    journal_text(c, "audience", form_text(c, "audience"));
    reply_see(c, NULL, "%s/settings/invitations/%lld", web_space(c), (long long)id);
    return NULL;
}

/* The state, changed once. */
static struct err *run_move(struct ctx *c, const char *was, const char *state, int64_t *ret_moved)
{
    return ctx_run_any(c, &sql_portal_invitation_state, PARAMS(P_INT("of_run", of_run(c)), P_TEXT("was", was), P_TEXT("state", state), P_INT("cursor_id", 0)), ret_moved);
}

static struct err *run_done(struct ctx *c, const struct doc *run, const char *notice)
{
    journal_object(c, "portal_invitation", of_run(c));
    journal_text(c, "audience", doc_text_of(run, "audience"));
    journal_number(c, "wanted", doc_int_of(run, "wanted"));
    reply_see(c, notice, "%s/settings/invitations/%lld", web_space(c), (long long)of_run(c));
    return NULL;
}

struct err *portal_invitation_go(struct ctx *c)
{
    struct doc *run = NULL;
    int64_t moved = 0;
    TRY(ctx_row(c, &sql_portal_invitation_show, PARAMS(P_INT("of_run", of_run(c))), &run));
    TRY(portal_check(c));
    TRY(run_move(c, "counted", "sending", &moved));
    if (!moved)
        return form_error(c, "page", N_("Cet envoi a déjà commencé, ou il a été annulé."));
    TRY(job_queue(c, "portal_invitation_send", of_run(c)));
    return run_done(c, run, NULL);
}

/* What has left has left; the rest does not. */
struct err *portal_invitation_cancel(struct ctx *c)
{
    static const char *const from[] = { "counting", "counted", "sending" };
    struct doc *run = NULL;
    int64_t moved = 0;
    TRY(ctx_row(c, &sql_portal_invitation_show, PARAMS(P_INT("of_run", of_run(c))), &run));
    for (size_t i = 0; i < sizeof from / sizeof *from && !moved; i++)
        TRY(run_move(c, from[i], "cancelled", &moved));
    if (!moved)
        return form_error(c, "page", N_("Cet envoi est déjà terminé."));
    return run_done(c, run, "portal_invitation_cancelled");
}

/* ---- A stretch ---- */

struct stretch {
    int64_t run_id, since;
    bool is_given, is_again, is_sending;
    int64_t last_id, seen, wanted, without_email, without_access, recent, muted, doubled, sent;
};

/* One of the counters: why this contact is not written to, or that it is. */
static int64_t *contact_counter(struct stretch *s, const struct doc *contact)
{
    if (!text_is_email(doc_text_of(contact, "email")))
        return &s->without_email;
    if (s->is_given && !doc_bool_of(contact, "has_access"))
        return &s->without_access;
    if (doc_bool_of(contact, "is_muted"))
        return &s->muted;
    if (doc_bool_of(contact, "is_doubled"))
        return &s->doubled;
    return doc_bool_of(contact, "is_recent") && !s->is_again ? &s->recent : &s->wanted;
}

static struct err *contact_write_to(struct ctx *c, struct stretch *s, const struct doc *contact)
{
    int64_t is_new = 0;
    struct doc *data = doc_map(c->arena);
    TRY(ctx_run_any(c, &sql_portal_invitation_mark, PARAMS(P_TEXT("email_key", doc_text_of(contact, "email_key")), P_INT("of_run", s->run_id),
        P_INT("since", s->is_again ? c->now_ms : s->since)), &is_new));
    if (!is_new)
        return NULL;
    s->sent++;
    doc_set_bool(data, "has_password", doc_bool_of(contact, "has_password"));
    doc_set_bool(data, "has_access", doc_bool_of(contact, "has_access"));
    doc_set_text(data, "stop", "@LINK@");
    return mail_queue(c, &(struct mail){ .template = "mail_portal_invitation", .to_email = doc_text_of(contact, "email"), .to_name = doc_text_of(contact, "name"),
        .lang = doc_text_of(contact, "lang"), .org_id = c->who.org_id, .links_itself = true, .link_kind = MAIL_MUTE_LINK }, data);
}

static struct err *stretch_rows(struct ctx *c, struct stretch *s, int64_t after, int most, bool *ret_is_end)
{
    struct doc *contacts = NULL;
    TRY(ctx_rows(c, &sql_portal_invitation_contacts, PARAMS(P_INT("after", after), P_INT("since", s->since), P_INT("page_limit", most),
        P_ANY("given", s->is_given, P_INT("given", 1))), &contacts));
    for (size_t i = 0; i < doc_count(contacts); i++) {
        const struct doc *contact = doc_at(contacts, i);
        int64_t *counter = contact_counter(s, contact);
        s->last_id = doc_int_of(contact, "id");
        s->seen++;
        ++*counter;
        if (s->is_sending && counter == &s->wanted)
            TRY(contact_write_to(c, s, contact));
    }
    *ret_is_end = doc_count(contacts) < (size_t)most;
    return NULL;
}

/* Counting fills the counters; sending adds to `sent` alone. */
static struct err *stretch_keep(struct ctx *c, const struct stretch *s, const char *state)
{
    struct stretch kept = s->is_sending ? (struct stretch){ .run_id = s->run_id, .last_id = s->last_id, .sent = s->sent } : *s;
    return ctx_run(c, &sql_portal_invitation_count, PARAMS(P_INT("of_run", kept.run_id), P_TEXT("state", state), P_INT("cursor_id", kept.last_id), P_INT("seen", kept.seen),
        P_INT("wanted", kept.wanted), P_INT("without_email", kept.without_email), P_INT("without_access", kept.without_access), P_INT("recent", kept.recent),
        P_INT("muted", kept.muted), P_INT("doubled", kept.doubled), P_INT("sent", kept.sent)));
}

static struct err *stretch_run(struct ctx *c, const struct doc *data, bool is_sending)
{
    const char *at = is_sending ? "sending" : "counting";
    struct stretch s = { .run_id = doc_int_of(data, "run"), .since = c->now_ms - REST_DAYS * CLOCK_DAY_MS, .is_sending = is_sending };
    struct doc *run = NULL, *org = NULL;
    bool is_end = false;
    TRY(ctx_maybe(c, &sql_portal_invitation_take, PARAMS(P_INT("of_run", s.run_id), P_TEXT("state", at)), &run));
    if (!run)
        return NULL;
    s.last_id = doc_int_of(run, "cursor_id");
    s.is_given = strcmp(doc_text_of(run, "audience"), "given") == 0;
    s.is_again = doc_bool_of(run, "is_again");
    TRY(ctx_row(c, &sql_organization_show, NULL, &org));
    if (!doc_bool_of(org, "is_portal_open"))
        return stretch_keep(c, &s, "cancelled");
    TRY(stretch_rows(c, &s, s.last_id, is_sending ? SEND_STRETCH : LOOK_STRETCH, &is_end));
    TRY(stretch_keep(c, &s, !is_end ? at : is_sending ? "done" : "counted"));
    return is_end ? NULL : job_queue(c, is_sending ? "portal_invitation_send" : "portal_invitation_look", s.run_id);
}

struct err *portal_invitation_look_run(struct ctx *c, const struct doc *data) { return stretch_run(c, data, false); }
struct err *portal_invitation_send_run(struct ctx *c, const struct doc *data) { return stretch_run(c, data, true); }
