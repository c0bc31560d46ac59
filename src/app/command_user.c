#include "app/command_user.h"
#include <stdio.h>
#include <string.h>
#include "app/command.h"
#include "app/server.h"
#include "base/text.h"
#include "features/account/account.h"
#include "features/member/member.h"
#include "features/organization/organization.h"
#include "mandate/journal.h"
#include "tpl/tpl.h"
#include "web/queries.h"

struct order {
    struct settings settings;
    const char *subject;                                /* the name of an organization, the address of a person */
    const char *siren, *email;
    const char *org, *role, *first_name, *last_name, *lang;
    bool is_operator, is_password, is_off;
};

static int organization_help(void)
{
    fputs("mandat organization NAME [--operator] [--siren SIREN] [--email EMAIL] [--data DIR | --database ADDRESS]\n"
          "    makes an organization and prints the name it has in addresses; nobody is in it yet: mandat user invites\n"
          "    --operator          it runs this server; there is one\n", stderr);
    return 2;
}

static int option_help(void)
{
    fputs("mandat option NAME --org SLUG [--off] [--data DIR | --database ADDRESS]\n"
          "    puts a paid option into the plan of an organization, or takes it out: gallery, photos of jobs for its clients\n", stderr);
    return 2;
}

static int user_help(void)
{
    fputs("mandat user EMAIL --org SLUG --first-name NAME --last-name NAME [--role ROLE] [--lang fr|en] [--data DIR | --database ADDRESS]\n"
          "    invites a member, by mail; prints the link as well, for where mail does not arrive. It works once, for 7 days\n"
          "    --role              administrator (without it), manager, accountant, technician, support_agent\n"
          "mandat user EMAIL --password\n"
          "    prints a link by which a person who has a login chooses another password\n", stderr);
    return 2;
}

/* There is exactly one word without a name. */
static bool order_read(struct order *o, const struct word *words, int argc, char **argv)
{
    return words_read(words, argc, argv, &o->subject, 1) && o->subject && *o->subject;
}

/* ---- The acts: in the caller's transaction, whose journal entry they write ---- */

typedef struct err *act(struct ctx *c, const struct order *o, const char **ret_text);

static struct err *organization_act(struct ctx *c, const struct order *o, const char **ret_text)
{
    struct doc *operator = NULL;
    int64_t org_id = 0;
    TRY(organization_operator(c, &operator));
    if (o->is_operator && operator)
        return ERR(c->arena, ERR_CONFLICT, "%s runs this server", doc_text_of(operator, "name"));
    if (*o->siren && !organization_siren_checks(o->siren))
        return ERR(c->arena, ERR_INVALID, "%s is no SIREN: nine digits, the last one a check digit", o->siren);
    TRY(organization_create(c, &(struct organization_new){ .name = o->subject, .legal_name = o->subject, .siren = o->siren, .street = "",
        .postcode = "", .city = "", .email = o->email, .phone = "", .is_operator = o->is_operator }, &org_id));
    c->who.org_id = org_id;
    c->journal = (struct journal_draft){ .action = "organization_add", .is_wanted = true };
    journal_object(c, "organization", org_id);
    journal_text(c, "name", o->subject);
    TRY(organization_slug(c, org_id, ret_text));
    return journal_write(c);
}

/* Whose address name --org is: from here on the server itself acts there. */
static struct err *org_enter(struct ctx *c, const struct order *o)
{
    struct doc *org = NULL;
    TRY(ctx_maybe(c, &sql_organization_by_slug, PARAMS(P_TEXT("slug", o->org)), &org));
    if (!org)
        return ERR(c->arena, ERR_NOT_FOUND, "no organization has the address name %s", o->org);
    c->who.org_id = doc_int_of(org, "id");
    return NULL;
}

static struct err *option_act(struct ctx *c, const struct order *o, const char **ret_text)
{
    TRY(org_enter(c, o));
    TRY(organization_option(c, o->subject, !o->is_off));
    c->journal = (struct journal_draft){ .action = o->is_off ? "option_end" : "option_give", .is_wanted = true };
    journal_object(c, "organization", c->who.org_id);
    journal_text(c, "option", o->subject);
    *ret_text = o->is_off ? "off" : "on";
    return journal_write(c);
}

static bool role_is_known(const char *role)
{
    const struct choice *known = member_roles;
    while (known->value && strcmp(known->value, role) != 0)
        known++;
    return known->value;
}

static struct err *user_act(struct ctx *c, const struct order *o, const char **ret_text)
{
    int64_t member_id = 0;
    TRY(org_enter(c, o));
    if (!role_is_known(o->role))
        return ERR(c->arena, ERR_INVALID, "%s is no role: mandat user names them", o->role);
    c->who.person_name = tpl_text(c->tpl, o->lang, N_("L’exploitant de ce serveur"));
    c->journal = (struct journal_draft){ .action = "member_invite", .is_wanted = true };
    TRY(invitation_send(c, &(struct invitation){ o->first_name, o->last_name, o->subject, "", o->role }, &member_id, NULL));
    TRY(invitation_address(c, member_id, ret_text));
    return journal_write(c);
}

static struct err *password_act(struct ctx *c, const struct order *o, const char **ret_text)
{
    TRY(password_link(c, text_email_key(c->arena, o->subject), ret_text));
    c->journal = (struct journal_draft){ .action = "password_link", .is_wanted = true };
    return journal_write(c);
}

/* ---- Run beside a server that may be running ---- */

static struct err *act_within(struct server *server, struct arena *a, struct db *db, const struct order *o, act *do_it, const char **ret_text)
{
    struct ctx c;
    TRY(server_ctx(server, a, db, &c));
    c.lang = o->lang;
    TRY(db_begin(db, a, DB_WRITE));
    struct err *e = do_it(&c, o, ret_text);
    if (!e)
        e = db_commit(db, a);
    db_rollback(db);
    return e;
}

static int run(struct arena *a, const struct order *o, act *do_it)
{
    struct server *server = NULL;
    struct db *db = NULL;
    const char *text = "";
    struct err *e = server_open(a, &o->settings, &server);
    if (!e)
        e = db_open(server_store(server), a, &db);
    if (!e)
        e = act_within(server, a, db, o, do_it, &text);
    int status = e ? command_fail(e) : puts(text) < 0;
    if (db)
        db_close(db);
    server_close(server);
    return status;
}

int command_organization(struct arena *a, int argc, char **argv)
{
    struct order o = { .siren = "", .email = "", .lang = "fr" };
    const struct word words[] = {
        { "--operator", .is_set = &o.is_operator }, { "--siren", &o.siren }, { "--email", &o.email }, { "--data", &o.settings.data },
        { "--database", &o.settings.database }, { 0 },
    };
    struct err *e = settings_read(a, &o.settings);
    if (e)
        return command_fail(e);
    return order_read(&o, words, argc, argv) ? run(a, &o, organization_act) : organization_help();
}

int command_user(struct arena *a, int argc, char **argv)
{
    struct order o = { .role = "administrator", .lang = "fr" };
    const struct word words[] = {
        { "--org", &o.org }, { "--role", &o.role }, { "--first-name", &o.first_name }, { "--last-name", &o.last_name }, { "--lang", &o.lang },
        { "--password", .is_set = &o.is_password }, { "--data", &o.settings.data }, { "--database", &o.settings.database }, { 0 },
    };
    struct err *e = settings_read(a, &o.settings);
    if (e)
        return command_fail(e);
    if (!order_read(&o, words, argc, argv) || !text_is_email(o.subject) || (strcmp(o.lang, "fr") != 0 && strcmp(o.lang, "en") != 0)
        || (!o.is_password && (!o.org || !o.first_name || !o.last_name)))
        return user_help();
    return run(a, &o, o.is_password ? password_act : user_act);
}

int command_option(struct arena *a, int argc, char **argv)
{
    struct order o = { .lang = "fr" };
    const struct word words[] = {
        { "--org", &o.org }, { "--off", .is_set = &o.is_off }, { "--data", &o.settings.data }, { "--database", &o.settings.database }, { 0 },
    };
    struct err *e = settings_read(a, &o.settings);
    if (e)
        return command_fail(e);
    return order_read(&o, words, argc, argv) && o.org ? run(a, &o, option_act) : option_help();
}
