/* C-10, X-5: reading messages as strangers send them. The corpus in tests/corpus/mail has the odd ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <stdlib.h>
#include <cmocka.h>
#include "base/buf.h"
#include "base/secret.h"
#include "mail/inbound.h"

static struct arena a;

static int setup(void **state)
{
    (void)state;
    secret_init();
    arena_init(&a, (size_t)1 << 30);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

static struct inbound read_bytes(const char *bytes, size_t len)
{
    struct inbound mail;
    struct err *e = inbound_read(&a, bytes, len, NULL, &mail);
    if (e)
        fail_msg("%s", e->detail);
    return mail;
}

static struct inbound read_corpus(const char *name)
{
    static char data[1 << 20];
    FILE *f = fopen(arena_printf(&a, TESTS_FOLDER "/corpus/mail/%s", name), "rb");
    assert_non_null(f);
    size_t len = fread(data, 1, sizeof data, f);
    fclose(f);
    return read_bytes(arena_copy(&a, data, len), len);
}

static int file_count(const struct inbound *mail)
{
    int count = 0;
    for (const struct inbound_file *file = mail->files; file; file = file->next)
        count++;
    return count;
}

static void c_10_an_answer_in_plain_text(void **state)
{
    (void)state;
    struct inbound mail = read_corpus("plain.eml");
    assert_string_equal(mail.from_email, "claire@bellerive.example");
    assert_string_equal(mail.from_name, "Claire Delmas");
    assert_string_equal(mail.subject, "Re: [T-1208] Chambre froide");
    assert_string_equal(mail.message_id, "abc.1@bellerive.example");
    assert_string_equal(mail.to[0], "reply+abc@reponses.example");
    assert_null(mail.to[1]);
    assert_string_equal(inbound_answer(&a, mail.text), "C’est réparé, merci.");
    assert_false(mail.is_auto || mail.is_from_nobody || mail.is_report || mail.is_cut);
}

static void c_10_html_becomes_text_and_nothing_of_it_runs(void **state)
{
    (void)state;
    struct inbound mail = read_corpus("html-only.eml");
    assert_string_equal(inbound_answer(&a, mail.text), "C'est réparé : merci <script>\n\nDeuxième ligne\nTrois");
    assert_null(strstr(mail.text, "alert"));
    assert_null(strstr(mail.text, "color"));
}

static void c_10_the_plain_form_is_preferred_and_pictures_stay(void **state)
{
    (void)state;
    struct inbound mail = read_corpus("alternative.eml");
    assert_string_equal(mail.text, "En texte.");
    assert_int_equal(file_count(&mail), 1);
    assert_string_equal(mail.files->name, "capture.png");
}

static void c_10_attached_files_have_names_without_folders(void **state)
{
    (void)state;
    struct inbound mail = read_corpus("attachments.eml");
    assert_string_equal(mail.text, "Voici le relevé.");
    assert_int_equal(file_count(&mail), 2);
    assert_string_equal(mail.files->name, "releve.csv");
    assert_string_equal(mail.files->next->name, "rapport été.pdf");
}

static void c_10_attached_files_are_written_to_the_spool_and_removed(void **state)
{
    (void)state;
    static const char bytes[] = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nBonjour\r\n--x\r\nContent-Disposition: attachment; filename=a.txt\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nQm9uam91cg==\r\n--x--\r\n";
    char folder[] = "/tmp/mandat-inbound-XXXXXX", text[20] = "";
    struct inbound mail;
    assert_non_null(mkdtemp(folder));
    assert_null(inbound_read(&a, bytes, sizeof bytes - 1, folder, &mail));
    FILE *f = fopen(mail.files->path, "rb");
    assert_non_null(f);
    assert_int_equal(fread(text, 1, sizeof text - 1, f), 7);
    fclose(f);
    assert_string_equal(text, "Bonjour");
    assert_int_equal(mail.files->size_bytes, 7);
    inbound_drop(&mail);
    assert_int_equal(rmdir(folder), 0);
    assert_non_null(inbound_read(&a, bytes, sizeof bytes - 1, "/tmp/not/there", &mail));
}

static void c_10_charsets(void **state)
{
    (void)state;
    assert_string_equal(read_corpus("no-charset.eml").text, "Sans en-tête de type, en 8 bits : été.");
    assert_string_equal(read_corpus("utf-16.eml").text, "Température : −18 °C");
    assert_string_equal(read_corpus("utf-7.eml").text, "<script>alert(1)</script> Café");   /* a text: templates escape it */
    assert_non_null(strstr(read_corpus("unknown-charset.eml").text, "Qapla"));
    struct inbound mail = read_corpus("encoded-headers.eml");
    assert_string_equal(mail.subject, "Réponse à");
    assert_string_equal(mail.from_name, "Éloïse");
    assert_string_equal(read_corpus("8bit-headers.eml").from_email, "eloise@bellerive.example");
    assert_string_equal(read_corpus("nul.eml").from_email, "a@b.example");
}

static void c_10_auto_replies_and_reports_are_known(void **state)
{
    (void)state;
    assert_true(read_corpus("vacation.eml").is_auto);
    assert_true(read_corpus("exchange-auto.eml").is_auto);
    struct inbound bounce = read_corpus("bounce.eml");
    assert_true(bounce.is_report && bounce.is_failure && bounce.is_from_nobody);
    assert_string_equal(bounce.status, "5.1.1 smtp; 550 5.1.1 User unknown");
    assert_non_null(strstr(bounce.report, "1234567890123.aaaaaaaaaaaaaaaa@sillage.example"));
    struct inbound delayed = read_corpus("delayed.eml");
    assert_true(delayed.is_report && !delayed.is_failure);
}

static void c_10_what_is_quoted_is_cut_and_never_all_of_it(void **state)
{
    (void)state;
    static const struct { const char *text, *answer; } cases[] = {
        { "Oui.\n\n## Répondez au-dessus de cette ligne ##\nBonjour", "Oui." },
        { "Yes.\n\n> ## Reply above this line ##\n> Hello", "Yes." },
        { "Oui.\n\nOn Sun, 22 Nov 2026 at 09:12, Froid <a@b.example> wrote:\n> Hi", "Oui." },
        { "Oui.\n\nLe 22 nov. 2026 à 09:12, Froid\nAtlantique <a@b.example>\na écrit\u00a0:\n\n> Bonjour", "Oui." },
        { "Oui.\n-----Message d'origine-----\nDe : Froid", "Oui." },
        { "Le café a écrit son nom.\nFin.", "Le café a écrit son nom.\nFin." },
        { "## Répondez au-dessus de cette ligne ##", "## Répondez au-dessus de cette ligne ##" },
        { "Le 22 nov., Froid a écrit :\n> Une question\nMa réponse.\n> Une autre\nDeux.", "Le 22 nov., Froid a écrit :\n> Une question\nMa réponse.\n> Une autre\nDeux." },
        { "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(inbound_answer(&a, cases[i].text), cases[i].answer);
    struct inbound below = read_corpus("bottom-posted.eml");
    assert_non_null(strstr(inbound_answer(&a, below.text), "Oui, elle ferme."));
    struct inbound outlook = read_corpus("outlook.eml");
    assert_string_equal(inbound_answer(&a, outlook.text), "Merci, vu.");
}

static void c_10_thousands_of_nested_parts_end(void **state)
{
    (void)state;
    static const char *const kinds[] = { "Content-Type: message/rfc822\n\n", "Content-Type: multipart/mixed; boundary=\"n%d\"\n\n--n%d\n", "Content-Type: multipart/mixed\n\n--\n" };
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        struct buf out;
        struct inbound mail;
        buf_init(&out, &a, 4 << 20);
        buf_text(&out, "From: a@b.example\nSubject: poupées\n");
        for (int i = 0; i < 10000; i++)
            if (kind == 1)
                buf_printf(&out, "Content-Type: multipart/mixed; boundary=\"n%d\"\n\n--n%d\n", i, i);
            else
                buf_text(&out, kinds[kind]);
        buf_text(&out, "Au fond.\n");
        struct err *e = inbound_read(&a, buf_end(&out), out.len, NULL, &mail);
        assert_true(!e || e->code == ERR_BAD);
    }
    struct inbound nested = read_corpus("nested.eml");
    assert_true(nested.is_cut);                        /* forty deep is said, not hidden */
}

static void c_10_no_message_is_refused(void **state)
{
    (void)state;
    struct inbound mail;
    assert_int_equal(inbound_read(&a, "", 0, NULL, &mail)->code, ERR_BAD);
    assert_int_equal(inbound_read(&a, "From MAILER\n", 12, NULL, &mail)->code, ERR_BAD);
    assert_int_equal(inbound_read(&a, "x", (size_t)INBOUND_MOST_BYTES + 1, NULL, &mail)->code, ERR_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(c_10_an_answer_in_plain_text, setup, teardown),
        cmocka_unit_test_setup_teardown(c_10_html_becomes_text_and_nothing_of_it_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(c_10_the_plain_form_is_preferred_and_pictures_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(c_10_attached_files_have_names_without_folders, setup, teardown),
        cmocka_unit_test_setup_teardown(c_10_attached_files_are_written_to_the_spool_and_removed, setup, teardown),
        cmocka_unit_test_setup_teardown(c_10_charsets, setup, teardown),
        cmocka_unit_test_setup_teardown(c_10_auto_replies_and_reports_are_known, setup, teardown),
        cmocka_unit_test_setup_teardown(c_10_what_is_quoted_is_cut_and_never_all_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(c_10_thousands_of_nested_parts_end, setup, teardown),
        cmocka_unit_test_setup_teardown(c_10_no_message_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests_name("inbound-read", tests, NULL, NULL);
}
