#include "mail/reply.h"
#include <string.h>
#include "base/text.h"

enum { IDS = 3, ID_BYTES = 8 * IDS, MAC_BYTES = 12, TOKEN_BYTES = ID_BYTES + MAC_BYTES, TOKEN_CHARS = 58, MAIL_MAC_BYTES = 10, MAIL_MAC_CHARS = 16, ID_DIGITS_MOST = 19 };

static const char PREFIX[] = "reply+";
static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";   /* RFC 4648, in lower case */

/* ---- Base32 without padding ---- */

static void base32_write(const unsigned char *data, size_t len, char *out)
{
    unsigned bits = 0;
    uint32_t held = 0;
    for (size_t i = 0; i < len; i++) {
        held = (held << 8 | data[i]) & 0xffff;
        for (bits += 8; bits >= 5; bits -= 5)
            *out++ = digits[held >> (bits - 5) & 31];
    }
    if (bits)
        *out++ = digits[held << (5 - bits) & 31];
    *out = '\0';
}

/* Strict: every digit counts, and what is left over of the last one is 0. Capitals are taken for what they were. */
static bool base32_read(const char *text, size_t chars, unsigned char *out, size_t len)
{
    unsigned bits = 0;
    uint32_t held = 0;
    size_t done = 0;
    for (size_t i = 0; i < chars; i++) {
        char ch = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
        const char *digit = ch ? strchr(digits, ch) : NULL;
        if (!digit)
            return false;
        held = (held << 5 | (uint32_t)(digit - digits)) & 0xffff;
        bits += 5;
        if (bits < 8)
            continue;
        bits -= 8;
        if (done == len)
            return false;
        out[done++] = (unsigned char)(held >> bits);
    }
    return done == len && !(held & ((1u << bits) - 1));
}

/* ---- Addresses ---- */

static void mac_make(struct ctx *c, const char *purpose, const unsigned char *data, size_t len, unsigned char ret_mac[SECRET_HASH])
{
    struct secret_key key;
    secret_derive(&key, c->key, purpose);
    secret_mac(ret_mac, &key, data, len);
}

static void id_write(unsigned char *out, uint64_t id)
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(id >> (56 - 8 * i));
}

static uint64_t id_read(const unsigned char *data)
{
    uint64_t id = 0;
    for (int i = 0; i < 8; i++)
        id = id << 8 | data[i];
    return id;
}

#define IS_MEMBER (UINT64_C(1) << 63)   /* ids have 63 bits */

const char *reply_address(struct ctx *c, const struct reply_to *r)
{
    unsigned char bytes[ID_BYTES + SECRET_HASH];
    char token[TOKEN_CHARS + 1];
    if (!r->ticket_id || !c->reply_domain || !*c->reply_domain)
        return "";
    id_write(bytes, (uint64_t)r->org_id);
    id_write(bytes + 8, (uint64_t)r->ticket_id);
    id_write(bytes + 16, r->member_id ? (uint64_t)r->member_id | IS_MEMBER : (uint64_t)r->contact_id);
    mac_make(c, "mail-reply", bytes, ID_BYTES, bytes + ID_BYTES);
    base32_write(bytes, TOKEN_BYTES, token);
    return arena_printf(c->arena, "%s%s@%s", PREFIX, token, c->reply_domain);
}

bool reply_read(struct ctx *c, const char *address, struct reply_to *ret_reply, bool *ret_has_form)
{
    unsigned char bytes[TOKEN_BYTES], mac[SECRET_HASH];
    size_t before = sizeof PREFIX - 1, local = strcspn(address, "@");
    bool has_form = strncasecmp(address, PREFIX, before) == 0 && address[local] == '@';
    if (ret_has_form)
        *ret_has_form = has_form;
    if (!has_form || local != before + TOKEN_CHARS || !base32_read(address + before, TOKEN_CHARS, bytes, sizeof bytes))
        return false;
    mac_make(c, "mail-reply", bytes, ID_BYTES, mac);
    if (!secret_same(mac, bytes + ID_BYTES, MAC_BYTES))
        return false;
    uint64_t who = id_read(bytes + 16);
    *ret_reply = (struct reply_to){ .org_id = (int64_t)id_read(bytes), .ticket_id = (int64_t)id_read(bytes + 8) };
    if (who & IS_MEMBER)
        ret_reply->member_id = (int64_t)(who & ~IS_MEMBER);
    else
        ret_reply->contact_id = (int64_t)who;
    return true;
}

struct reply_to reply_of_mail(const struct doc *mail)
{
    return (struct reply_to){ .org_id = doc_int_of(mail, "org_id"), .ticket_id = doc_int_of(mail, "reply_ticket_id"),
        .contact_id = doc_int_of(mail, "reply_contact_id"), .member_id = doc_int_of(mail, "reply_member_id") };
}

/* ---- Message-IDs ---- */

static void mail_mac(struct ctx *c, int64_t mail_id, char ret_text[MAIL_MAC_CHARS + 1])
{
    unsigned char id[8], mac[SECRET_HASH];
    id_write(id, (uint64_t)mail_id);
    mac_make(c, "mail-id", id, sizeof id, mac);
    base32_write(mac, MAIL_MAC_BYTES, ret_text);
}

const char *reply_mail_word(struct ctx *c, int64_t mail_id)
{
    char mac[MAIL_MAC_CHARS + 1];
    mail_mac(c, mail_id, mac);
    return arena_printf(c->arena, "%lld.%s", (long long)mail_id, mac);
}

/* "ID.MAC@" at this dot? */
static bool mail_word_at(struct ctx *c, const char *text, const char *dot, int64_t *ret_mail_id)
{
    char mac[MAIL_MAC_CHARS + 1];
    const char *start = dot;
    while (start > text && dot - start < ID_DIGITS_MOST && start[-1] >= '0' && start[-1] <= '9')
        start--;
    if (start == dot || strnlen(dot + 1, MAIL_MAC_CHARS + 1) <= MAIL_MAC_CHARS || dot[1 + MAIL_MAC_CHARS] != '@'
        || !text_int(arena_copy(c->arena, start, (size_t)(dot - start)), ret_mail_id))
        return false;
    mail_mac(c, *ret_mail_id, mac);
    return secret_same(mac, dot + 1, MAIL_MAC_CHARS);
}

bool reply_mail_find(struct ctx *c, const char *text, int64_t *ret_mail_id)
{
    enum { TRIES_MOST = 200 };   /* each costs a MAC */
    int tries = 0;
    for (const char *dot = text; (dot = strchr(dot, '.')) && tries < TRIES_MOST; dot++) {
        if (dot == text || dot[-1] < '0' || dot[-1] > '9' || strnlen(dot, MAIL_MAC_CHARS + 2) < MAIL_MAC_CHARS + 2 || dot[1 + MAIL_MAC_CHARS] != '@')
            continue;
        tries++;
        if (mail_word_at(c, text, dot, ret_mail_id))
            return true;
    }
    return false;
}
