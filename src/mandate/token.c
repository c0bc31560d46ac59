#include "mandate/token.h"
#include <string.h>
#include "base/text.h"
#include "mandate/access.h"
#include "mandate/queries.h"

static const char prefix[] = "mdt_";
enum { PREFIX = sizeof prefix - 1, SECRET_BYTES = 32, SECRET_TEXT = 43 };   /* 256 bits as base64url */

const char *token_rights_words(struct arena *a, rights_set rights)
{
    const char *words = "";
    for (int right = 0; right < RIGHTS; right++)
        if (rights & RIGHT_BIT(right))
            words = arena_printf(a, "%s%s%s", words, *words ? " " : "", right_word((enum right)right));
    return words;
}

rights_set token_rights_read(const char *words)
{
    rights_set rights = 0;
    for (size_t len; *words; words += len + (words[len] == ' ')) {
        len = strcspn(words, " ");
        for (int right = 0; right < RIGHTS; right++)
            if (strlen(right_word((enum right)right)) == len && strncmp(right_word((enum right)right), words, len) == 0)
                rights |= RIGHT_BIT(right);
    }
    return rights & TOKEN_RIGHTS;
}

static const char *secret_hash(struct arena *a, const char *secret)
{
    unsigned char hash[SECRET_HASH];
    secret_sha256(hash, secret, strlen(secret));
    return text_hex(a, hash, sizeof hash);
}

struct err *token_find(struct ctx *c, const char *secret, struct token **ret_token)
{
    struct doc *row = NULL;
    *ret_token = NULL;
    if (!text_starts(secret, prefix) || strlen(secret) != PREFIX + SECRET_TEXT)
        return NULL;
    TRY(ctx_maybe(c, &sql_token_find, PARAMS(P_TEXT("hash", secret_hash(c->arena, secret))), &row));
    if (!row)
        return NULL;
    struct token *t = ARENA_NEW(c->arena, struct token);
    *t = (struct token){ .id = doc_int_of(row, "mandate_id"), .org_id = doc_int_of(row, "org_id"), .person_id = doc_int_of(row, "person_id"),
        .member_id = doc_int_of(row, "member_id"), .contact_id = doc_int_of(row, "contact_id"), .client_id = doc_int_of(row, "client_id"),
        .person_name = doc_text_of(row, "name"), .person_email = doc_text_of(row, "email"), .lang = doc_text_of(row, "lang"),
        .starts_at = doc_int_of(row, "starts_at"), .rights = token_rights_read(doc_text_of(row, "rights")) };
    *ret_token = t;
    return NULL;
}

struct err *token_authority(struct ctx *c, struct token *t, enum right right)
{
    struct authority *who = &c->who;
    TRY(authority_load(c, t->org_id, t->contact_id != 0, t->contact_id, right));
    if (who->member_id != t->member_id || who->contact_id != t->contact_id || who->client_id != t->client_id) {
        who->org_id = who->client_id = who->contact_id = who->member_id = who->mandate_id = 0;
        who->rights = 0;
        return NULL;
    }
    t->under_id = who->mandate_id;
    who->rights &= t->rights;
    who->mandate_id = t->id;
    who->kind = MANDATE_TOKEN;
    who->granted_by = t->person_name;
    who->granted_at = t->starts_at;
    return NULL;
}

struct err *token_hold(struct ctx *c, const struct token *t)
{
    c->who.mandate_id = t->under_id;
    TRY(authority_hold(c));
    c->who.mandate_id = t->id;
    struct err *e = authority_hold(c);
    return e && e->code == ERR_NOT_FOUND ? ERR(c->arena, ERR_SIGN_IN, "the token has ended") : e;
}

struct err *token_give(struct ctx *c, const struct token_wish *wish, const char **ret_secret, int64_t *ret_id)
{
    unsigned char bits[SECRET_BYTES];
    secret_random(bits, sizeof bits);
    const char *secret = arena_printf(c->arena, "%s%s", prefix, text_base64url(c->arena, bits, sizeof bits));
    rights_set rights = wish->rights & c->who.rights & TOKEN_RIGHTS;
    if (!c->who.org_id || !rights)
        return ERR(c->arena, ERR_FORBIDDEN, "nobody gives what they do not have");
    int64_t id = ctx_id(c);
    TRY(ctx_run(c, &sql_token_mandate_insert, PARAMS(P_INT("id", id), P_ID("of_member", c->who.member_id), P_ID("of_contact", c->who.contact_id),
        P_ID("of_client", c->who.client_id), P_TEXT("wording", wish->wording), P_INT("ends_at", wish->ends_at))));
    TRY(ctx_run(c, &sql_token_insert, PARAMS(P_INT("id", id), P_TEXT("hash", secret_hash(c->arena, secret)), P_TEXT("name", wish->name),
        P_TEXT("rights", token_rights_words(c->arena, rights)), P_INT("ends_on", wish->ends_on))));
    TRY(ctx_run(c, &sql_holder_insert, PARAMS(P_INT("holder_id", c->who.person_id), P_INT("org_id", c->who.org_id), P_INT("mandate_id", id))));
    *ret_secret = secret;
    *ret_id = id;
    return NULL;
}

struct err *token_take(struct ctx *c, int64_t token_id, int64_t *ret_org_id)
{
    struct doc *row = NULL;
    TRY(ctx_row(c, &sql_token_end, PARAMS(P_INT("token_id", token_id)), &row));
    *ret_org_id = doc_int_of(row, "org_id");
    return ctx_run(c, &sql_token_holder_drop, PARAMS(P_INT("org_id", *ret_org_id), P_INT("token_id", token_id)));
}

struct err *token_list(struct ctx *c, struct doc **ret_rows) { return ctx_rows(c, &sql_token_list, NULL, ret_rows); }
