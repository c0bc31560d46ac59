/* The secret of a link after a whole story (L-8): given, shown, mailed and sent, opened, refused, renewed, withdrawn. It stands in no row, no page of the
   database or its log, no backup, no line of our log, no journal and no letter that waits; and no answer to whoever opens it carries it in an address. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/backup.h"
#include "base/log.h"
#include "base/text.h"
#include "lib/links.h"
#include "mail/mail.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define FORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define BELLERIVE "(SELECT MIN(id) FROM client WHERE org_id = " FORG " AND name = 'Hôtel Bellerive')"

enum { SECRETS = 2 };
static const char *secrets[SECRETS];
static int looked_files;

static bool bytes_have(const char *data, size_t len, const char *text)
{
    return memmem(data, len, text, strlen(text)) != NULL;
}

/* The secret as it is, and its bytes, before they were written as text. */
static bool file_has(const char *path, const char *secret)
{
    struct arena a;
    struct stat st;
    unsigned char *raw = NULL;
    size_t raw_len = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        return false;
    char *data = malloc((size_t)st.st_size + 1);
    ssize_t len = data ? read(fd, data, (size_t)st.st_size) : -1;
    close(fd);
    arena_init(&a, 1024 * 1024);
    assert_true(len == st.st_size && text_base64url_read(&a, secret, &raw, &raw_len) && raw_len == 24);
    bool has = bytes_have(data, (size_t)len, secret) || memmem(data, (size_t)len, raw, raw_len);
    arena_free(&a);
    free(data);
    return has;
}

static int file_look(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)at;
    for (int i = 0; type == FTW_F && i < SECRETS; i++)
        if (secrets[i] && file_has(path, secrets[i]))
            fail_msg("%s holds the secret", path);
    looked_files += type == FTW_F;
    return 0;
}

static int file_drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

/* What our own log says meanwhile goes to a file. */
static int log_begin(const char *path)
{
    fflush(stderr);
    int kept = dup(2), fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(kept >= 0 && fd >= 0 && dup2(fd, 2) == 2);
    close(fd);
    return kept;
}

static void log_end(int kept)
{
    fflush(stderr);
    dup2(kept, 2);
    close(kept);
}

static void visitor_story(struct world_test *w, int64_t link)
{
    struct visitor v = { w }, wrong = { w };
    visitor_get(&v, world_text(w, "/l/%lld", (long long)link));
    visitor_open(&wrong, link, world_text(w, "%.31s-", secrets[0]));
    struct answer *opened = visitor_open(&v, link, link_made_address(w, link));
    assert_status(opened, 303);
    for (const struct pair *p = opened->headers; p; p = p->next)
        assert_null(strstr(p->value, secrets[0]));
    struct answer *page = visitor_get(&v, opened->location);
    assert_status(page, 200);
    assert_not(page, secrets[0]);
    assert_string_equal(answer_header(page, "Referrer-Policy"), "no-referrer");
}

static void letters_send(struct world_test *w)
{
    struct ctx c;
    int handled = 0;
    const struct mail_settings kept = { .smtp_url = "", .smtp_user = "", .smtp_password = "", .from_email = "m@mandat.example" };
    world_ctx(w, &c);
    must(mail_send_due(&c, &kept, 100, &handled));
    assert_true(handled > 0);
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM mail WHERE kind = 'mail_link_given' AND state = 'sent'"), 1);
}

static int64_t story(struct world_test *w)
{
    const char *client = world_value(w, "SELECT " BELLERIVE);
    struct answer *created = world_post(w, ADMIN, world_text(w, "/o/froid-atlantique/clients/%s/links", client), "scope=client&can_ask=1");
    assert_status(created, 303);
    int64_t link = strtoll(strrchr(created->location, '/') + 1, NULL, 10);
    const char *at = world_text(w, "/o/froid-atlantique/links/%lld", (long long)link);
    secrets[0] = link_made_secret(w, link);
    assert_has(world_get(w, ADMIN, at), secrets[0]);         /* the one place where it stands: the page of who hands it out */
    const char *contact = world_value(w, "SELECT MIN(id) FROM contact WHERE org_id = " FORG " AND client_id = " BELLERIVE " AND email <> ''");
    assert_status(world_post(w, ADMIN, world_text(w, "%s/mail", at), world_text(w, "contact_id=%s", contact)), 303);
    letters_send(w);
    visitor_story(w, link);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/renew", at), ""), 303);
    secrets[1] = link_made_secret(w, link);
    assert_status(world_post(w, ADMIN, world_text(w, "%s/withdraw", at), ""), 303);
    return link;
}

/* PostgreSQL's pages are the cluster's: there every column of text is asked. */
static void rows_look(struct world_test *w)
{
    const char *columns = world_value(w, "SELECT string_agg(table_name || '.' || column_name, ' ') FROM information_schema.columns WHERE table_schema = current_schema() AND data_type IN ('text', 'bytea')");
    char *rest = arena_text(world_arena(w), columns), *column;
    int looked = 0;
    while ((column = strsep(&rest, " "))) {
        char *dot = strchr(column, '.');
        *dot = '\0';
        for (int i = 0; i < SECRETS; i++, looked++)
            if (world_number(w, world_text(w, "SELECT COUNT(*) FROM %s x WHERE x.%s::text LIKE '%%%s%%'", column, dot + 1, secrets[i])))
                fail_msg("%s.%s holds the secret", column, dot + 1);
    }
    assert_true(looked > 200);
}

WORLD_TEST(l_8_after_the_story_the_secret_stands_nowhere)
{
    char folder[] = "/tmp/mandat-secret-XXXXXX";
    struct doc *report = NULL;
    struct stat st;
    assert_non_null(mkdtemp(folder));
    looked_files = 0;
    log_quiet(0);
    int kept = log_begin(world_text(w, "%s/log", folder));
    story(w);
    log_end(kept);
    log_quiet(getenv("MANDAT_TEST_LOG") == NULL);
    bool is_sqlite = world_kind(w) == DB_SQLITE;
    if (is_sqlite) {
        must(backup_make(world_arena(w), &(struct backup_ask){ world_address(w), world_app(w)->files, world_text(w, "%s/backup", folder), world_now(w) }, &report));
        static const char *const parts[] = { "", "-wal", "-shm" };
        for (int i = 0; i < 3; i++) {
            const char *path = world_text(w, "%s%s", world_address(w), parts[i]);
            if (access(path, R_OK) == 0)
                file_look(path, NULL, FTW_F, NULL);
        }
    } else {
        rows_look(w);
    }
    assert_int_equal(nftw(folder, file_look, 8, FTW_PHYS), 0);
    assert_true(stat(world_text(w, "%s/log", folder), &st) == 0 && st.st_size > 500);     /* it did say something meanwhile */
    assert_true(looked_files >= (is_sqlite ? 4 : 1));
    int fd = open(world_text(w, "%s/planted", folder), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);         /* the search finds what is there */
    assert_true(fd >= 0 && write(fd, secrets[1], strlen(secrets[1])) == (ssize_t)strlen(secrets[1]));
    close(fd);
    assert_true(file_has(world_text(w, "%s/planted", folder), secrets[1]));
    nftw(folder, file_drop, 8, FTW_DEPTH | FTW_PHYS);
}

WORLD_MAIN("link secret", WORLD_CASE(l_8_after_the_story_the_secret_stands_nowhere))
