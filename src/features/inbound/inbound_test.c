/* C-10, X-5: answers by e-mail, on both databases: who lands, and that nothing else does. */
#include "lib/world.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/inbound/inbound.h"
#include "features/queries.h"
#include "mail/mail.h"
#include "work/work.h"

#define CONTACT "claire.delmas@bellerive.example"
#define ADMIN "sabine.cozic@froid-atlantique.example"
#define AGENT "gaelle.riou@froid-atlantique.example"
#define TECHNICIAN "karim.benali@froid-atlantique.example"
#define DESK "/o/froid-atlantique"
#define FORG " org_id = (SELECT id FROM organization WHERE slug = 'froid-atlantique')"

/* ---- Help ---- */

static int64_t ticket_id(struct world_test *w) { return world_number(w, "SELECT id FROM ticket WHERE number = 1208 AND" FORG); }
static int64_t comments(struct world_test *w) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM comment WHERE ticket_id = %lld AND kind = 'answer'", (long long)ticket_id(w))); }
static int64_t asides(struct world_test *w, const char *reason) { return world_number(w, world_text(w, "SELECT COUNT(*) FROM inbound_mail WHERE reason = '%s'", reason)); }
static const char *comment_last(struct world_test *w, const char *column)
{
    return world_value(w, world_text(w, "SELECT %s FROM comment WHERE ticket_id = %lld AND kind = 'answer' ORDER BY id DESC LIMIT 1", column, (long long)ticket_id(w)));
}
static const char *status(struct world_test *w) { return world_value(w, world_text(w, "SELECT status FROM ticket WHERE id = %lld", (long long)ticket_id(w))); }

/* Where a contact, or a member, of Froid Atlantique answers the mails of T-1208. */
static const char *reply_of(struct world_test *w, const char *email, bool is_member)
{
    struct ctx c;
    world_ctx(w, &c);
    struct reply_to to = { .org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'"), .ticket_id = ticket_id(w) };
    if (is_member)
        to.member_id = world_number(w, world_text(w, "SELECT m.id FROM member m JOIN person p ON p.id = m.person_id WHERE p.email_key = '%s' AND m." FORG, email));
    else
        to.contact_id = world_number(w, world_text(w, "SELECT id FROM contact WHERE email_key = '%s' AND" FORG, email));
    return reply_address(&c, &to);
}

struct sent { enum inbound_end end; const char *why; };

static struct sent take_bytes(struct world_test *w, struct db *db, const char *bytes, size_t len, const char *recipient)
{
    struct ctx c;
    struct inbound mail;
    struct sent sent = { INBOUND_DROPPED, "" };
    world_ctx(w, &c);
    c.db = db;
    must(inbound_read(c.arena, bytes, len, world_app(w)->spool, &mail));
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(inbound_take(&c, &(struct inbound_ask){ &mail, bytes, len, recipient, false }, &sent.end, &sent.why));
    must(db_commit(c.db, c.arena));
    inbound_drop(&mail);
    assert_int_equal(world_files_left(w), 0);
    return sent;
}

static struct sent take(struct world_test *w, const char *message) { return take_bytes(w, world_db(w), message, strlen(message), NULL); }

/* A message as a mail program makes one; more: further headers, each with its end. */
static const char *message(struct world_test *w, const char *from, const char *to, const char *more, const char *text)
{
    static int number;
    return world_text(w, "From: Quelqu'un <%s>\r\nTo: <%s>\r\nSubject: Re: [T-1208] Chambre froide\r\nMessage-ID: <m%d@ailleurs.example>\r\n%s"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n\r\nLe dim. 22 nov. 2026 à 09:12, Froid Atlantique a écrit :\r\n> ## Répondez au-dessus de cette ligne ##\r\n> Bonjour\r\n",
        from, to, ++number, more, text);
}

static void landed(struct world_test *w, const char *text)
{
    struct sent sent = take(w, text);
    if (sent.end != INBOUND_LANDED)
        fail_msg("not landed: %s", sent.why);
}

/* ---- The address ---- */

WORLD_TEST(c_10_the_address_has_64_characters_and_only_ours_is_read)
{
    struct ctx c;
    struct reply_to to;
    bool has_form = false;
    world_ctx(w, &c);
    const char *address = reply_of(w, CONTACT, false), *at = strchr(address, '@');
    assert_int_equal(at - address, 64);
    assert_string_equal(at, "@reponses.example");
    assert_true(reply_read(&c, address, &to, NULL));
    assert_int_equal(to.ticket_id, ticket_id(w));
    char *upper = arena_text(c.arena, address);
    for (char *p = upper; *p; p++)
        *p = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
    assert_true(reply_read(&c, upper, &to, NULL));                  /* local parts lose their case */
    for (const char *p = address + 6; p < at; p++)                  /* each character of the token counts */
        for (const char *other = "abcdefghijklmnopqrstuvwxyz234567"; *other; other++) {
            char *forged = arena_text(c.arena, address);
            if (*other == *p)
                continue;
            forged[p - address] = *other;
            if (reply_read(&c, forged, &to, &has_form))
                fail_msg("read: %s for %s", forged, address);
            assert_true(has_form);
        }
    assert_false(reply_read(&c, "reply+abc@reponses.example", &to, NULL));
    assert_false(reply_read(&c, "claire@bellerive.example", &to, &has_form));
    assert_false(has_form);
    c.reply_domain = "";
    assert_string_equal(reply_address(&c, &to), "");
}

WORLD_TEST(c_10_a_quoted_message_id_names_the_mail_and_a_forged_one_none)
{
    struct ctx c;
    int64_t id = 0;
    world_ctx(w, &c);
    const char *word = reply_mail_word(&c, INT64_C(123456789012345678));
    assert_true(reply_mail_find(&c, world_text(w, "a.b 1.2 Message-ID: <%s@sillage.example>", word), &id));
    assert_int_equal(id, INT64_C(123456789012345678));
    char *forged = arena_text(c.arena, word);
    forged[0] = forged[0] == '1' ? '2' : '1';
    assert_false(reply_mail_find(&c, world_text(w, "<%s@sillage.example>", forged), &id));
    assert_false(reply_mail_find(&c, ".", &id));
    assert_false(reply_mail_find(&c, "1.", &id));
}

WORLD_TEST(c_10_mails_of_a_ticket_carry_marker_and_addressee)
{
    world_run_sql(w, "UPDATE mail SET state = 'sent' WHERE state = 'queued'");
    struct answer *done = world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/comments", (long long)ticket_id(w)), "body=Bonjour&kind=answer");
    assert_status(done, 303);
    const char *text = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_ticket_answer' ORDER BY m.id DESC LIMIT 1");
    assert_non_null(strstr(text, INBOUND_MARKER));
    assert_null(strstr(text, "reply+"));                            /* the address is derived when it is sent, and stands nowhere */
    assert_string_equal(world_value(w, "SELECT reply_ticket_id FROM mail WHERE kind = 'mail_ticket_answer' ORDER BY id DESC LIMIT 1"), world_text(w, "%lld", (long long)ticket_id(w)));
    assert_true(world_number(w, "SELECT reply_contact_id FROM mail WHERE kind = 'mail_ticket_answer' ORDER BY id DESC LIMIT 1") > 0);
    world_run_sql(w, "UPDATE contact SET lang = 'en'");
    world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/comments", (long long)ticket_id(w)), "body=Hello&kind=answer");
    text = world_value(w, "SELECT b.text FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.kind = 'mail_ticket_answer' ORDER BY m.id DESC LIMIT 1");
    assert_non_null(strstr(text, INBOUND_MARKER_EN));
}

/* ---- Who lands ---- */

WORLD_TEST(c_10_a_contacts_answer_is_a_comment_and_opens_the_ticket_again)
{
    int64_t before = comments(w), entries = world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'ticket_answer_mailed'");
    world_run_sql(w, world_text(w, "UPDATE ticket SET status = 'resolved' WHERE id = %lld", (long long)ticket_id(w)));
    int64_t mails = world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_ticket_comment'");
    landed(w, message(w, CONTACT, reply_of(w, CONTACT, false), "", "La porte est réparée."));
    assert_int_equal(comments(w), before + 1);
    assert_string_equal(comment_last(w, "body"), "La porte est réparée.");
    assert_string_equal(comment_last(w, "author_name"), "Claire Delmas");
    assert_string_not_equal(comment_last(w, "contact_id"), "");
    assert_string_equal(status(w), "open");
    assert_true(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_ticket_comment'") > mails);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM journal WHERE action = 'ticket_answer_mailed'"), entries + 1);
    assert_true(world_number(w, "SELECT mandate_id FROM journal WHERE action = 'ticket_answer_mailed'") > 0);
    const char *payload = world_value(w, "SELECT p.payload FROM journal j JOIN journal_payload p ON p.org_id = j.org_id AND p.number = j.number WHERE j.action = 'ticket_answer_mailed'");
    assert_non_null(strstr(payload, "e-mail"));
}

WORLD_TEST(c_10_a_members_answer_goes_to_the_contact)
{
    int64_t mails = world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_ticket_answer'");
    landed(w, message(w, AGENT, reply_of(w, AGENT, true), "", "Nous passons demain."));
    assert_string_not_equal(comment_last(w, "member_id"), "");
    assert_string_equal(status(w), "waiting");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_ticket_answer'"), mails + 1);
    struct sent sent = take(w, message(w, TECHNICIAN, reply_of(w, TECHNICIAN, true), "", "Moi aussi."));   /* a role without a desk */
    assert_int_equal(sent.end, INBOUND_ASIDE);
    assert_string_equal(sent.why, "access");
}

WORLD_TEST(c_10_attached_files_land_by_their_content)
{
    const char *text = world_text(w, "From: <%s>\r\nTo: <%s>\r\nMessage-ID: <f1@a>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nVoir.\r\n"
        "--x\r\nContent-Disposition: attachment; filename=releve.txt\r\n\r\n06h00 -12\r\n--x\r\nContent-Disposition: attachment; filename=facture.pdf\r\n\r\nMZ not a pdf\r\n--x--\r\n",
        CONTACT, reply_of(w, CONTACT, false));
    landed(w, text);
    assert_string_equal(world_value(w, "SELECT name FROM attachment ORDER BY id DESC LIMIT 1"), "releve.txt");
    assert_non_null(strstr(comment_last(w, "body"), "Pièce jointe écartée : facture.pdf"));
    assert_int_equal(asides(w, "cut"), 1);                          /* and the whole message is kept for the staff */
    const char *id = world_value(w, "SELECT id FROM inbound_mail WHERE reason = 'cut'");
    struct answer *file = world_get(w, AGENT, world_text(w, DESK "/mails/%s/file", id));
    assert_status(file, 200);
    assert_non_null(memmem(file->body, file->len, "MZ not a pdf", 12));
    assert_status(world_get(w, TECHNICIAN, world_text(w, DESK "/mails/%s/file", id)), 403);
    assert_status(world_get(w, CONTACT, world_text(w, DESK "/mails/%s/file", id)), 404);
}

WORLD_TEST(c_10_thirty_megabytes_lose_the_file_and_not_the_text)
{
    enum { MEGABYTES = 30 };
    size_t most = (size_t)(MEGABYTES + 1) << 20;
    char *big = malloc(most);
    assert_non_null(big);
    int len = snprintf(big, most, "From: <%s>\r\nTo: <%s>\r\nMessage-ID: <big@a>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nLa vidéo.\r\n"
        "--x\r\nContent-Disposition: attachment; filename=film.mp4\r\nContent-Type: video/mp4\r\n\r\n", CONTACT, reply_of(w, CONTACT, false));
    memset(big + len, 'v', (size_t)MEGABYTES << 20);
    size_t end = (size_t)len + ((size_t)MEGABYTES << 20);
    for (size_t i = (size_t)len + 76; i < end; i += 78)
        memcpy(big + i, "\r\n", 2);
    memcpy(big + end, "\r\n--x--\r\n", 9);
    struct sent sent = take_bytes(w, world_db(w), big, end + 9, NULL);
    assert_int_equal(sent.end, INBOUND_LANDED);
    assert_non_null(strstr(comment_last(w, "body"), "La vidéo."));
    assert_non_null(strstr(comment_last(w, "body"), "Pièce jointe écartée : film.mp4"));
    assert_int_equal(world_number(w, "SELECT f.size_bytes FROM inbound_mail m JOIN file f ON f.org_id = m.org_id AND f.hash = m.hash"), (int64_t)end + 9);
    free(big);
}

/* ---- Who does not ---- */

WORLD_TEST(c_10_another_address_writes_nothing_and_is_shown_to_the_staff)
{
    int64_t before = comments(w), mails = world_number(w, "SELECT COUNT(*) FROM mail");
    struct sent sent = take(w, message(w, "autre@bellerive.example", reply_of(w, CONTACT, false), "", "Je ne suis pas Claire."));
    assert_int_equal(sent.end, INBOUND_ASIDE);
    assert_int_equal(comments(w), before);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), mails);     /* and nobody is written to */
    struct answer *list = world_get(w, AGENT, DESK "/mails");
    assert_status(list, 200);
    assert_has(list, "Autre expéditeur que le destinataire");
    assert_has(list, "autre@bellerive.example");
    const char *id = world_value(w, "SELECT id FROM inbound_mail");
    struct answer *page = world_get(w, AGENT, world_text(w, DESK "/mails/%s", id));
    assert_has(page, "Je ne suis pas Claire.");
    assert_has(page, "Ajouter au ticket");
    assert_status(world_get(w, TECHNICIAN, DESK "/mails"), 403);
    struct answer *added = world_post(w, AGENT, world_text(w, DESK "/mails/%s/add", id), "");
    assert_status(added, 303);
    assert_non_null(strstr(comment_last(w, "body"), "E-mail reçu de autre@bellerive.example"));
    assert_non_null(strstr(comment_last(w, "body"), "Je ne suis pas Claire."));
    assert_string_equal(comment_last(w, "author_name"), "Gaëlle Riou");
    assert_int_equal(comments(w), before + 1);
    world_post(w, ADMIN, world_text(w, DESK "/mails/%s/add", id), "");          /* once */
    assert_int_equal(comments(w), before + 1);
    assert_has(world_get(w, AGENT, world_text(w, DESK "/mails/%s", id)), "Ajouté au ticket le");
}

WORLD_TEST(c_10_a_forged_address_is_known_by_nobody)
{
    int64_t before = comments(w);
    char *forged = arena_text(world_arena(w), reply_of(w, CONTACT, false));
    forged[20] = forged[20] == 'a' ? 'b' : 'a';
    struct sent sent = take(w, message(w, CONTACT, forged, "", "Devinez."));
    assert_int_equal(sent.end, INBOUND_DROPPED);
    assert_string_equal(sent.why, "signature");
    assert_int_equal(comments(w), before);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM inbound_mail"), 0);
    /* Where it answers a mail of ours by its signed Message-ID, those it was meant for see it. */
    world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/comments", (long long)ticket_id(w)), "body=Bonjour&kind=answer");
    struct ctx c;
    world_ctx(w, &c);
    const char *word = reply_mail_word(&c, world_number(w, "SELECT MAX(id) FROM mail WHERE kind = 'mail_ticket_answer'"));
    sent = take(w, message(w, CONTACT, forged, world_text(w, "In-Reply-To: <%s@sillage.example>\r\n", word), "Abîmée en route."));
    assert_int_equal(sent.end, INBOUND_ASIDE);
    assert_int_equal(asides(w, "signature"), 1);
    assert_int_equal(comments(w), before + 1);
}

WORLD_TEST(c_10_an_access_that_was_lost_in_between_counts_here_too)
{
    int64_t before = comments(w);
    const char *address = reply_of(w, CONTACT, false), *contact = world_value(w, "SELECT id FROM contact WHERE email_key = '" CONTACT "' AND" FORG);
    landed(w, message(w, CONTACT, address, "", "Encore là."));
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/contacts/%s/access/tickets/end", contact), ""), 303);
    struct sent sent = take(w, message(w, CONTACT, address, "", "Plus là."));
    assert_string_equal(sent.why, "access");
    take(w, message(w, CONTACT, address, "", "Toujours plus là."));
    assert_int_equal(comments(w), before + 1);
    assert_int_equal(asides(w, "access"), 2);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_inbound_refused'"), 1);   /* told, once a day */
    world_pass(w, CLOCK_DAY_MS + 1);
    take(w, message(w, CONTACT, address, "", "Le lendemain."));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_inbound_refused'"), 2);
}

/* T-7: one person, contact of two clients: an answer lands in the ticket of either, as the contact that was written to. */
WORLD_TEST(c_10_a_contact_of_two_clients_answers_for_the_one_written_to)
{
    const char *claire = world_value(w, "SELECT person_id FROM contact WHERE email = '" CONTACT "'");
    int64_t other = world_number(w, "SELECT MAX(t.contact_id) FROM ticket t JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id AND ct.client_id = t.client_id "
        "JOIN mandate m ON m.org_id = ct.org_id AND m.holder_contact_id = ct.id AND m.kind = 'access' AND m.detail = 'tickets' AND m.state = 'active' "
        "JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id WHERE t." FORG " AND cl.name <> 'Hôtel Bellerive' AND m.scope_client_id = ct.client_id");
    int64_t ticket = world_number(w, world_text(w, "SELECT MAX(id) FROM ticket WHERE contact_id = %lld", (long long)other));
    world_run_sql(w, world_text(w, "DELETE FROM mandate_holder WHERE mandate_id IN (SELECT id FROM mandate WHERE holder_contact_id = %lld)", (long long)other));
    world_run_sql(w, world_text(w, "UPDATE contact SET person_id = %s WHERE id = %lld", claire, (long long)other));
    world_run_sql(w, world_text(w, "UPDATE mandate SET holder_person_id = %s WHERE holder_contact_id = %lld", claire, (long long)other));
    world_run_sql(w, world_text(w, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) SELECT %s, org_id, id FROM mandate WHERE holder_contact_id = %lld AND state = 'active'",
        claire, (long long)other));
    struct ctx c;
    world_ctx(w, &c);
    struct reply_to to = { .org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'"), .ticket_id = ticket, .contact_id = other };
    const char *from = world_value(w, world_text(w, "SELECT email FROM contact WHERE id = %lld", (long long)other));
    landed(w, message(w, from, reply_address(&c, &to), "", "Pour l'autre client."));
    assert_int_equal(world_number(w, "SELECT contact_id FROM comment ORDER BY id DESC LIMIT 1"), other);
    landed(w, message(w, CONTACT, reply_of(w, CONTACT, false), "", "Pour le premier."));
}

WORLD_TEST(c_10_a_closed_portal_and_a_contact_who_moved_do_not_land)
{
    const char *address = reply_of(w, CONTACT, false);
    world_run_sql(w, "UPDATE organization SET is_portal_open = 0 WHERE slug = 'froid-atlantique'");
    assert_string_equal(take(w, message(w, CONTACT, address, "", "Fermé.")).why, "access");
    world_run_sql(w, "UPDATE organization SET is_portal_open = 1 WHERE slug = 'froid-atlantique'");
    world_run_sql(w, "UPDATE contact SET email = 'c@neuf.example', email_key = 'c@neuf.example' WHERE email_key = '" CONTACT "'");
    assert_string_equal(take(w, message(w, CONTACT, address, "", "Ancienne adresse.")).why, "sender");
    landed(w, message(w, "c@neuf.example", address, "", "Nouvelle adresse."));
    world_run_sql(w, "UPDATE contact SET client_id = (SELECT MAX(id) FROM client WHERE" FORG ") WHERE email_key = 'c@neuf.example'");
    assert_string_equal(take(w, message(w, "c@neuf.example", address, "", "Ailleurs.")).why, "access");
}

WORLD_TEST(c_10_programs_never_write_and_are_never_written_to)
{
    static const char *const marks[] = { "Auto-Submitted: auto-replied\r\n", "Auto-Submitted: auto-generated\r\n", "Precedence: bulk\r\n", "Precedence: auto_reply\r\n",
        "X-Auto-Response-Suppress: OOF\r\n", "Return-Path: <>\r\n", "X-Autoreply: yes\r\n" };
    int64_t before = comments(w), mails = world_number(w, "SELECT COUNT(*) FROM mail");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        assert_int_equal(take(w, message(w, CONTACT, reply_of(w, CONTACT, false), marks[i], "Je suis absente.")).end, INBOUND_DROPPED);
    assert_int_equal(take(w, message(w, "MAILER-DAEMON@mx.example", reply_of(w, CONTACT, false), "", "Erreur.")).end, INBOUND_DROPPED);
    assert_int_equal(comments(w), before);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail"), mails);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM inbound_mail"), 0);
    landed(w, message(w, CONTACT, reply_of(w, CONTACT, false), "Auto-Submitted: no\r\n", "Moi-même."));
}

WORLD_TEST(c_10_the_same_message_twice_is_one_comment)
{
    int64_t before = comments(w);
    const char *text = message(w, CONTACT, reply_of(w, CONTACT, false), "", "Une fois.");
    struct sent stranger = take(w, world_text(w, "From: <x@y.example>%s", strstr(text, "\r\nTo:")));   /* its Message-ID, by somebody else, first */
    assert_string_equal(stranger.why, "sender");
    landed(w, text);
    assert_string_equal(take(w, text).why, "twice");
    assert_int_equal(comments(w), before + 1);
}

WORLD_TEST(c_10_a_ticket_takes_twenty_an_hour)
{
    int64_t before = comments(w);
    for (int i = 0; i < 20; i++)
        landed(w, message(w, CONTACT, reply_of(w, CONTACT, false), "", "Encore."));
    assert_string_equal(take(w, message(w, CONTACT, reply_of(w, CONTACT, false), "", "De trop.")).why, "limit");
    assert_int_equal(comments(w), before + 20);
    assert_int_equal(asides(w, "limit"), 1);
    world_pass(w, CLOCK_HOUR_MS + 1);
    landed(w, message(w, CONTACT, reply_of(w, CONTACT, false), "", "Plus tard."));
}

WORLD_TEST(c_10_a_ticket_that_is_no_more_is_set_aside)
{
    struct ctx c;
    world_ctx(w, &c);
    struct reply_to to = { .org_id = world_number(w, "SELECT id FROM organization WHERE slug = 'froid-atlantique'"), .ticket_id = 777777777,
        .contact_id = world_number(w, "SELECT id FROM contact WHERE email_key = '" CONTACT "' AND" FORG) };
    assert_string_equal(take(w, message(w, CONTACT, reply_address(&c, &to), "", "Où ?")).why, "ticket");
    to.org_id = 888888888;                                                       /* nobody's */
    assert_int_equal(take(w, message(w, CONTACT, reply_address(&c, &to), "", "Où ?")).end, INBOUND_DROPPED);
    assert_string_equal(take(w, message(w, CONTACT, "contact@sillage.example", "", "Bonjour")).why, "unknown");
}

/* ---- Reports ---- */

static const char *report(struct world_test *w, const char *action, const char *id)
{
    return world_text(w, "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: mandat@sillage.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n"
        "--r\r\nContent-Type: text/plain\r\n\r\nDésolé.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: %s\r\nStatus: 5.1.1\r\n"
        "--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <%s@sillage.example>\r\n--r--\r\n", action, id);
}

WORLD_TEST(c_10_a_report_marks_the_address_until_mail_comes_from_it)
{
    struct ctx c;
    const char *contact = world_value(w, "SELECT id FROM contact WHERE email_key = '" CONTACT "' AND" FORG);
    world_ctx(w, &c);
    world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/comments", (long long)ticket_id(w)), "body=Bonjour&kind=answer");
    const char *to = world_value(w, "SELECT to_email FROM mail WHERE kind = 'mail_ticket_answer' ORDER BY id DESC LIMIT 1");
    const char *word = reply_mail_word(&c, world_number(w, "SELECT MAX(id) FROM mail WHERE kind = 'mail_ticket_answer'"));
    assert_string_equal(take(w, report(w, "delayed", word)).why, "report");
    assert_string_equal(take(w, report(w, "failed", "123456.aaaaaaaaaaaaaaaa")).why, "bounce_unknown");
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_bounce"), 0);
    assert_string_equal(take(w, report(w, "failed", word)).why, "bounce");
    assert_string_equal(world_value(w, "SELECT email_key FROM mail_bounce"), to);
    assert_has(world_get(w, ADMIN, world_text(w, DESK "/tickets/%lld", (long long)ticket_id(w))), "n’arrivent pas à cette adresse");
    if (strcmp(to, CONTACT) == 0)
        assert_has(world_get(w, ADMIN, world_text(w, DESK "/contacts/%s", contact)), "n’arrivent pas à cette adresse");
    int64_t mails = world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_inbound_refused'");
    assert_int_equal(mails, 0);
    landed(w, message(w, CONTACT, reply_of(w, CONTACT, false), "", "Je reçois."));
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail_bounce WHERE email_key = '" CONTACT "'"), 0);
}

/* ---- Its time ---- */

WORLD_TEST(c_10_after_thirty_days_nothing_is_left)
{
    struct ctx c;
    const char *text = world_text(w, "From: <%s>\r\nTo: <%s>\r\nMessage-ID: <p1@a>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nVoir.\r\n"
        "--x\r\nContent-Disposition: attachment; filename=a.exe\r\n\r\nMZ\r\n--x--\r\n", CONTACT, reply_of(w, CONTACT, false));
    landed(w, text);
    const char *hash = world_value(w, "SELECT hash FROM inbound_mail");
    for (int days = 29; days <= 31; days += 2) {
        world_pass(w, (days == 29 ? 29 : 2) * CLOCK_DAY_MS);
        world_ctx(w, &c);
        must(db_begin(c.db, c.arena, DB_WRITE));
        must(inbound_feature.works[0].run(&c, NULL));
        must(db_commit(c.db, c.arena));
        assert_int_equal(world_number(w, "SELECT COUNT(*) FROM inbound_mail"), days == 29);
        assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM file WHERE hash = '%s'", hash)), days == 29);
    }
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM inbound_seen") + world_number(w, "SELECT COUNT(*) FROM inbound_text"), 0);
}

/* ---- In the demonstration ---- */

WORLD_TEST(c_10_the_demonstration_answers_a_mail)
{
    int64_t before = comments(w);
    assert_status(world_post(w, ADMIN, world_text(w, DESK "/tickets/%lld/comments", (long long)ticket_id(w)), "body=Bonjour&kind=answer"), 303);
    const char *id = world_value(w, "SELECT MAX(id) FROM mail WHERE kind = 'mail_ticket_answer'");
    world_run_sql(w, world_text(w, "UPDATE mail SET to_email = '" CONTACT "', reply_contact_id = (SELECT id FROM contact WHERE email_key = '" CONTACT "' AND" FORG ") WHERE id = %s", id));
    assert_has(world_get(w, NULL, "/demo/mail"), "Répondre à cet e-mail");
    struct answer *done = world_post(w, NULL, world_text(w, "/demo/mail/%s/answer", id), "text=Merci+beaucoup");
    assert_status(done, 303);
    assert_non_null(strstr(done->location, "demo_answered"));
    assert_int_equal(comments(w), before + 2);
    assert_string_equal(comment_last(w, "body"), "Merci beaucoup");
}

WORLD_MAIN("inbound",
    WORLD_CASE(c_10_the_address_has_64_characters_and_only_ours_is_read),
    WORLD_CASE(c_10_a_quoted_message_id_names_the_mail_and_a_forged_one_none),
    WORLD_CASE(c_10_mails_of_a_ticket_carry_marker_and_addressee),
    WORLD_CASE(c_10_a_contacts_answer_is_a_comment_and_opens_the_ticket_again),
    WORLD_CASE(c_10_a_members_answer_goes_to_the_contact),
    WORLD_CASE(c_10_attached_files_land_by_their_content),
    WORLD_CASE(c_10_thirty_megabytes_lose_the_file_and_not_the_text),
    WORLD_CASE(c_10_another_address_writes_nothing_and_is_shown_to_the_staff),
    WORLD_CASE(c_10_a_forged_address_is_known_by_nobody),
    WORLD_CASE(c_10_an_access_that_was_lost_in_between_counts_here_too),
    WORLD_CASE(c_10_a_contact_of_two_clients_answers_for_the_one_written_to), WORLD_CASE(c_10_a_closed_portal_and_a_contact_who_moved_do_not_land),
    WORLD_CASE(c_10_programs_never_write_and_are_never_written_to),
    WORLD_CASE(c_10_the_same_message_twice_is_one_comment),
    WORLD_CASE(c_10_a_ticket_takes_twenty_an_hour),
    WORLD_CASE(c_10_a_ticket_that_is_no_more_is_set_aside),
    WORLD_CASE(c_10_a_report_marks_the_address_until_mail_comes_from_it),
    WORLD_CASE(c_10_after_thirty_days_nothing_is_left),
    WORLD_CASE(c_10_the_demonstration_answers_a_mail))
