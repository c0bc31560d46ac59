/* Photos of jobs: what is made of them, what hostile ones do, and who sees them where (L-5, L-6, L-7). The darkroom is the program's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/clock.h"
#include "features/gallery/gallery.h"
#include "features/queries.h"
#include "lib/links.h"
#include "picture/picture.h"
#include "web/app.h"
#include "web/file.h"
#include "work/work.h"

#define ADMIN "sabine.cozic@froid-atlantique.example"
#define KARIM "karim.benali@froid-atlantique.example"
#define CLAIRE "claire.delmas@bellerive.example"
#define FROID "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define BELLERIVE "(SELECT MIN(id) FROM client WHERE org_id = " FROID " AND name = 'Hôtel Bellerive')"
#define SECRET_PLACE "47.2184,-1.5536 chez Delmas"

/* ---- Pictures made by another program, once ---- */

static char folder[] = "/tmp/gallery-test-XXXXXX";

static int pictures_make(void)
{
    char line[256];
    if (!mkdtemp(folder))
        return -1;
    snprintf(line, sizeof line, "python3 %s/hostile_pictures.py %s", TESTS_FOLDER, folder);
    return system(line);
}

static int pictures_remove(void)
{
    char line[256];
    snprintf(line, sizeof line, "rm -rf %s", folder);
    return system(line);
}

static const char *picture(struct world_test *w, const char *name, size_t *ret_len)
{
    enum { MOST = 2 * 1024 * 1024 };
    char *data = arena_alloc(world_arena(w), MOST);
    FILE *f = fopen(world_text(w, "%s/%s", folder, name), "re");
    assert_non_null(f);
    *ret_len = fread(data, 1, MOST, f);
    fclose(f);
    return data;
}

static void darkroom_begin(struct world_test *w)
{
    must(darkroom_open(world_arena(w), MANDAT_PROGRAM, &world_app(w)->darkroom));
}

static void darkroom_stop(struct world_test *w)
{
    darkroom_close(world_app(w)->darkroom);
    world_app(w)->darkroom = NULL;
}

/* ---- Photos of a job ---- */

static int64_t job_of(struct world_test *w, const char *client)
{
    return world_number(w, world_text(w, "SELECT MIN(id) FROM job WHERE org_id = " FROID " AND client_id = %s AND state = 'done' AND site_id IS NOT NULL", client));
}

/* A file as it would have been attached; queued where it is a picture. */
static int64_t photo_put(struct world_test *w, int64_t job, const void *data, size_t len, const char *type, bool is_private)
{
    struct ctx c;
    const char *hash = NULL;
    world_ctx(w, &c);
    c.who.org_id = world_number(w, "SELECT " FROID);
    int64_t id = ctx_id(&c);
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(file_put(&c, data, len, type, &hash));
    must(db_commit(c.db, c.arena));
    world_run_sql(w, world_text(w, "INSERT INTO job_file (org_id, id, job_id, kind, hash, name, type, size_bytes, is_private, added_name, created_at) "
        "VALUES (" FROID ", %lld, %lld, 'photo', '%s', 'IMG_0042.HEIC', '%s', %lld, %d, 'Karim Benali', 1795000000000)", (long long)id, (long long)job, hash, type, (long long)len, is_private));
    must(db_begin(c.db, c.arena, DB_WRITE));
    must(job_picture_added(&c, id));
    must(db_commit(c.db, c.arena));
    return id;
}

static int64_t photo_file(struct world_test *w, int64_t job, const char *name, const char *type, bool is_private)
{
    size_t len = 0;
    const char *data = picture(w, name, &len);
    return photo_put(w, job, data, len, type, is_private);
}

static const char *state_of(struct world_test *w, int64_t photo) { return world_value(w, world_text(w, "SELECT picture_state FROM job_file WHERE id = %lld", (long long)photo)); }
static const char *in_office(struct world_test *w, int64_t job, const char *rest) { return world_text(w, "/o/froid-atlantique/jobs/%lld/photos%s", (long long)job, rest); }
static const char *in_portal(struct world_test *w, int64_t job, const char *rest) { return world_text(w, "/p/froid-atlantique/jobs/%lld/photos%s", (long long)job, rest); }
static const char *of_photo(struct world_test *w, int64_t photo, const char *rest) { return world_text(w, "/%lld%s", (long long)photo, rest); }
static int64_t bellerive_job(struct world_test *w) { return job_of(w, BELLERIVE); }

/* ---- What is made ---- */

/* A JPEG as a phone writes it: where it was taken, and that it lies on its side (orientation 6). */
static const char *phone_jpeg(struct world_test *w, size_t *ret_len)
{
    static const unsigned char exif[] = "Exif\0\0MM\0*\0\0\0\10\0\2" "\1\16\0\2\0\0\0\40\0\0\0\46" "\1\22\0\3\0\0\0\1\0\6\0\0" "\0\0\0\0";
    size_t png_len = 0, len = 0;
    const char *png = picture(w, "photo.png", &png_len);
    const void *jpeg = NULL;
    char path[] = "/tmp/gallery-phone-XXXXXX", segment[200];
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, png, png_len) == (ssize_t)png_len);
    unlink(path);
    assert_int_equal(darkroom_make(world_app(w)->darkroom, world_arena(w), fd, PICTURE_SHOWN, &jpeg, &len), PICTURE_MADE);
    close(fd);
    size_t exif_len = sizeof exif - 1, place_len = 32, all = exif_len + place_len + 2;
    memset(segment, 0, sizeof segment);
    memcpy(segment, exif, exif_len);
    memcpy(segment + exif_len, SECRET_PLACE, sizeof SECRET_PLACE);
    char *out = arena_alloc(world_arena(w), len + all + 2);
    memcpy(out, jpeg, 2);
    out[2] = (char)0xff, out[3] = (char)0xe1, out[4] = (char)(all >> 8), out[5] = (char)all;
    memcpy(out + 6, segment, all - 2);
    memcpy(out + 4 + all, (const char *)jpeg + 2, len - 2);
    *ret_len = len + all + 2;
    return out;
}

static bool has_bytes(const struct answer *answer, const char *bytes) { return memmem(answer->body, answer->len, bytes, strlen(bytes)) != NULL; }

WORLD_TEST(l7_a_photo_is_shown_upright_and_without_where_it_was_taken)
{
    darkroom_begin(w);
    size_t len = 0;
    const char *jpeg = phone_jpeg(w, &len);
    assert_non_null(memmem(jpeg, len, SECRET_PLACE, strlen(SECRET_PLACE)));
    int64_t job = bellerive_job(w), photo = photo_put(w, job, jpeg, len, "image/jpeg", false);
    assert_string_equal(state_of(w, photo), "queued");
    assert_has(world_get(w, KARIM, in_office(w, job, "")), "Photo en préparation");
    world_work(w);
    darkroom_stop(w);
    assert_string_equal(state_of(w, photo), "ready");
    static const struct { const char *rest; int width, height; } sizes[] = { { "/small", 360, 480 }, { "/large", 480, 640 } };     /* 640 × 480, turned */
    for (int i = 0; i < 2; i++) {
        struct answer *answer = world_get(w, KARIM, in_office(w, job, of_photo(w, photo, sizes[i].rest)));
        assert_status(answer, 200);
        assert_string_equal(answer->type, "image/jpeg");
        struct picture_about about = picture_look((const unsigned char *)answer->body, answer->len);
        assert_int_equal(about.width, sizes[i].width);
        assert_int_equal(about.height, sizes[i].height);
        assert_false(has_bytes(answer, "Exif"));
        assert_false(has_bytes(answer, "47.2184"));
    }
    struct answer *original = world_get(w, KARIM, in_office(w, job, of_photo(w, photo, "/original")));
    assert_true(has_bytes(original, SECRET_PLACE));
    assert_non_null(strstr(answer_header(original, "Content-Disposition"), "attachment"));
    struct answer *sheet = world_get(w, KARIM, world_text(w, "/o/froid-atlantique/jobs/%lld/sheet", (long long)job));
    assert_status(sheet, 200);
    assert_true(has_bytes(sheet, "/DCTDecode"));            /* the picture as it is, in the paper */
    assert_false(has_bytes(sheet, "47.2184"));
}

/* Each has its state, nothing hangs, the server's own process decodes nothing and does not grow. */
WORLD_TEST(l6_hostile_pictures_have_a_clear_state)
{
    static const struct { const char *name, *type, *state; } hostile[] = {
        { "header.png", "image/png", "refused" }, { "huge.png", "image/png", "refused" }, { "bomb.png", "image/png", "ready" }, { "words.png", "image/png", "ready" },
        { "cut.png", "image/png", "refused" }, { "gif.gif", "image/gif", "ready" }, { "script.svg", "image/svg+xml", "none" }, { "svg.png", "image/png", "refused" },
        { "fake.heic", "image/heic", "refused" }, { "noise.jpg", "image/jpeg", "refused" }, { "photo.png", "image/jpeg", "ready" },
    };
    enum { COUNT = sizeof hostile / sizeof *hostile };
    int64_t photos[COUNT], job = bellerive_job(w), from_us = clock_monotonic_us();
    struct rusage before, after;
    darkroom_begin(w);
    getrusage(RUSAGE_SELF, &before);
    for (int i = 0; i < COUNT; i++)
        photos[i] = photo_file(w, job, hostile[i].name, hostile[i].type, false);
    size_t len = 0;
    const char *jpeg = phone_jpeg(w, &len);
    int64_t cut = photo_put(w, job, jpeg, len / 2, "image/jpeg", false);
    char *joined = arena_alloc(world_arena(w), len + 100);       /* a picture and an archive at once */
    memcpy(joined, jpeg, len);
    memcpy(joined + len, "PK\3\4<script>alert(1)</script>", 30);
    int64_t both = photo_put(w, job, joined, len + 30, "image/jpeg", false);
    world_work(w);
    getrusage(RUSAGE_SELF, &after);
    darkroom_stop(w);
    for (int i = 0; i < COUNT; i++)
        if (strcmp(state_of(w, photos[i]), hostile[i].state) != 0)
            fail_msg("%s: %s, wanted %s", hostile[i].name, state_of(w, photos[i]), hostile[i].state);
    assert_string_equal(state_of(w, cut), "refused");
    assert_string_equal(state_of(w, both), "ready");
    assert_false(has_bytes(world_get(w, KARIM, in_office(w, job, of_photo(w, both, "/large"))), "script"));
    assert_true(clock_monotonic_us() - from_us < 120 * INT64_C(1000000));
    assert_true(after.ru_maxrss - before.ru_maxrss < 400 * 1024);       /* of KiB: the test's own copies of the files; decoded they were 500 MB and more */
    struct answer *page = world_get(w, KARIM, in_office(w, job, ""));
    assert_has(page, "Image illisible ou trop grande");
    assert_has(page, "/original");
}

/* 200 at once wait in a queue of their own: what is quick does not wait behind them. */
WORLD_TEST(l6_two_hundred_photos_keep_nobody_waiting)
{
    int64_t job = bellerive_job(w);
    size_t len = 0;
    const char *data = picture(w, "gif.gif", &len);
    world_run_sql(w, "UPDATE work SET state = 'done' WHERE state = 'queued'");
    for (int i = 0; i < 200; i++) {
        char *own = arena_copy(world_arena(w), data, len + 4);
        memcpy(own + len, &i, sizeof i);
        photo_put(w, job, own, len + 4, "image/gif", false);
    }
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM work WHERE state = 'queued' AND is_slow = 1"), 200);
    assert_int_equal(world_work(w), 0);                     /* no darkroom here: none of the quick queue is theirs */
    assert_int_equal(world_number(w, "SELECT COUNT(*) FROM work WHERE state = 'queued' AND is_slow = 1 AND tries = 0"), 200);
    assert_status(world_get(w, KARIM, in_office(w, job, "")), 200);
}

/* The darkroom is gone: the photo waits, and comes again. */
WORLD_TEST(l6_without_a_darkroom_a_photo_waits)
{
    struct ctx c;
    bool ran = false;
    static const struct work_kind *kind;
    kind = gallery_feature.works;
    world_run_sql(w, "UPDATE work SET state = 'done' WHERE state = 'queued'");
    int64_t photo = photo_file(w, bellerive_job(w), "photo.png", "image/png", false);
    world_ctx(w, &c);
    must(work_run_slow(&c, &kind, 1, &ran));
    assert_true(ran);
    assert_string_equal(state_of(w, photo), "queued");
    assert_int_equal(world_number(w, "SELECT tries FROM work WHERE state = 'queued'"), 1);
}

/* ---- Who sees them ---- */

static void jobs_give(struct world_test *w)
{
    world_run_sql(w, "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_contact_id, scope_client_id, agreed_by, starts_at, created_at) "
        "SELECT m.org_id, m.id + 1000003, 'access', 'jobs', 'active', ct.person_id, m.holder_contact_id, m.scope_client_id, m.agreed_by, m.starts_at, m.created_at FROM mandate m "
        "JOIN contact ct ON ct.org_id = m.org_id AND ct.id = m.holder_contact_id WHERE ct.email = '" CLAIRE "' AND m.kind = 'access' AND m.state = 'active' "
        "AND NOT EXISTS (SELECT 1 FROM mandate o WHERE o.org_id = m.org_id AND o.holder_contact_id = m.holder_contact_id AND o.detail = 'jobs' AND o.state = 'active') ORDER BY m.id LIMIT 1");
    world_run_sql(w, "INSERT INTO mandate_holder (person_id, org_id, mandate_id) SELECT holder_person_id, org_id, id FROM mandate WHERE kind = 'access' AND detail = 'jobs' AND state = 'active' "
        "ON CONFLICT DO NOTHING");
    world_run_sql(w, "INSERT INTO organization_option (org_id, name, since_at) VALUES (" FROID ", 'gallery', 1) ON CONFLICT DO NOTHING");
}

/* Pictures that were made, without making any. */
static int64_t photo_ready(struct world_test *w, int64_t job, bool is_private)
{
    int64_t id = photo_file(w, job, "photo.png", "image/png", is_private);
    world_run_sql(w, world_text(w, "UPDATE job_file SET picture_state = 'ready', shown_hash = hash, small_hash = hash WHERE id = %lld", (long long)id));
    return id;
}

static void all_are(struct world_test *w, int64_t job, int64_t photo, int status)
{
    assert_status(world_get(w, CLAIRE, in_portal(w, job, of_photo(w, photo, ""))), status);
    assert_status(world_get(w, CLAIRE, in_portal(w, job, of_photo(w, photo, "/small"))), status);
    assert_status(world_get(w, CLAIRE, in_portal(w, job, of_photo(w, photo, "/large"))), status);
}

WORLD_TEST(l6_a_client_sees_what_is_shared_and_no_more)
{
    jobs_give(w);
    int64_t job = bellerive_job(w), one = photo_ready(w, job, false), two = photo_ready(w, job, false), private = photo_ready(w, job, true);
    struct answer *page = world_get(w, CLAIRE, in_portal(w, job, ""));
    assert_status(page, 200);
    assert_has(page, world_text(w, "photos/%lld/small", (long long)one));
    assert_not(page, world_text(w, "photos/%lld", (long long)private));
    assert_not(page, "/original");
    all_are(w, job, one, 200);
    all_are(w, job, private, 404);
    assert_status(world_get(w, CLAIRE, in_portal(w, job, of_photo(w, one, "/original"))), 404);
    struct answer *large = world_get(w, CLAIRE, in_portal(w, job, of_photo(w, one, "")));
    assert_has(large, "Photo 1 sur 2");
    assert_has(large, world_text(w, "rel=\"next\" href=\"/p/froid-atlantique/jobs/%lld/photos/%lld\"", (long long)job, (long long)two));
    assert_not(large, "rel=\"prev\"");
    int64_t other = job_of(w, "(SELECT MIN(client_id) FROM job WHERE org_id = " FROID " AND state = 'done' AND site_id IS NOT NULL AND client_id <> " BELLERIVE ")"), theirs = photo_ready(w, other, false);
    all_are(w, other, theirs, 404);
    all_are(w, job, theirs, 404);                           /* another's photo at one's own job */
    assert_status(world_get(w, CLAIRE, in_portal(w, other, "")), 404);
    struct answer *office = world_get(w, ADMIN, in_office(w, job, ""));
    assert_has(office, world_text(w, "photos/%lld/small", (long long)private));
    assert_has(office, "privé");
}

WORLD_TEST(l6_without_the_option_or_the_plan_there_is_no_gallery)
{
    jobs_give(w);
    int64_t job = bellerive_job(w), photo = photo_ready(w, job, false);
    static const char *const off[] = { "INSERT INTO portal_option (org_id, client_id, name, is_on) VALUES (" FROID ", 0, 'photos', 0)",
        "INSERT INTO portal_option (org_id, client_id, name, is_on) VALUES (" FROID ", " BELLERIVE ", 'photos', 0)", "DELETE FROM organization_option WHERE name = 'gallery'" };
    static const char *const on[] = { "DELETE FROM portal_option", "DELETE FROM portal_option", "SELECT 1" };
    for (int i = 0; i < 3; i++) {
        assert_status(world_get(w, CLAIRE, in_portal(w, job, "")), 200);
        world_run_sql(w, off[i]);
        assert_status(world_get(w, CLAIRE, in_portal(w, job, "")), 404);
        assert_status(world_get(w, CLAIRE, world_text(w, "%s.json", in_portal(w, job, ""))), 404);
        all_are(w, job, photo, 404);
        assert_status(world_get(w, KARIM, in_office(w, job, "")), 200);     /* the team's is no option */
        world_run_sql(w, on[i]);
    }
    world_run_sql(w, "INSERT INTO organization_option (org_id, name, since_at) VALUES (" FROID ", 'gallery', 1)");
    world_run_sql(w, off[0]);                               /* off for all, on for this client */
    world_run_sql(w, "INSERT INTO portal_option (org_id, client_id, name, is_on) VALUES (" FROID ", " BELLERIVE ", 'photos', 1)");
    all_are(w, job, photo, 200);
}

WORLD_TEST(l2_a_link_shows_the_photos_of_what_it_opens)
{
    jobs_give(w);
    int64_t job = bellerive_job(w), photo = photo_ready(w, job, false), private = photo_ready(w, job, true);
    int64_t other = world_number(w, world_text(w, "SELECT MIN(id) FROM job WHERE org_id = " FROID " AND client_id = " BELLERIVE " AND id <> %lld", (long long)job)), theirs = photo_ready(w, other, false);
    struct link_wish wish = { .client_id = world_number(w, "SELECT " BELLERIVE), .job_id = job };
    int64_t link = link_made(w, &wish);
    struct visitor v = { w }, nobody = { w };
    visitor_open(&v, link, link_made_secret(w, link));
    const char *here = world_text(w, "/l/%lld/jobs/%lld/photos", (long long)link, (long long)job), *there = world_text(w, "/l/%lld/jobs/%lld/photos", (long long)link, (long long)other);
    struct answer *page = visitor_get(&v, here);
    assert_status(page, 200);
    assert_has(page, world_text(w, "href=\"%s/%lld\"", here, (long long)photo));
    assert_status(visitor_get(&v, world_text(w, "%s/%lld/large", here, (long long)photo)), 200);
    assert_status(visitor_get(&v, world_text(w, "%s/%lld/large", here, (long long)private)), 404);
    assert_status(visitor_get(&v, there), 404);
    assert_status(visitor_get(&v, world_text(w, "%s/%lld/large", there, (long long)theirs)), 404);
    assert_status(visitor_get(&v, world_text(w, "%s/%lld/large", here, (long long)theirs)), 404);
    assert_status(visitor_get(&nobody, world_text(w, "%s/%lld/large", here, (long long)photo)), 303);
}

int main(void)
{
    static const struct world_case cases[] = {
        WORLD_CASE(l7_a_photo_is_shown_upright_and_without_where_it_was_taken), WORLD_CASE(l6_hostile_pictures_have_a_clear_state), WORLD_CASE(l6_two_hundred_photos_keep_nobody_waiting),
        WORLD_CASE(l6_without_a_darkroom_a_photo_waits), WORLD_CASE(l6_a_client_sees_what_is_shared_and_no_more), WORLD_CASE(l6_without_the_option_or_the_plan_there_is_no_gallery),
        WORLD_CASE(l2_a_link_shows_the_photos_of_what_it_opens),
    };
    if (pictures_make() != 0)
        return 1;
    int failed = world_main("gallery", cases, sizeof cases / sizeof *cases);
    return failed | pictures_remove();
}
