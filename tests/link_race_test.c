/* Openings at once (L-1): however many browsers press « Ouvrir » in the same moment, a link opens as often as it may and no more, on both databases.
   Each thread has a connection of its own and a browser of its own. That this can fail was seen: with the limit looked at before it is counted, PostgreSQL lets several in. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "lib/links.h"

enum { BROWSERS = 6, MOST = 2, ROUNDS = 5 };

struct opener {
    struct world_test *w;
    struct arena arena;
    struct db *db;
    struct world_request ask;
    pthread_barrier_t *start;
    int status;
};

static void *opener_run(void *arg)
{
    struct opener *o = arg;
    pthread_barrier_wait(o->start);
    o->status = world_ask(o->w, &o->arena, o->db, &o->ask)->status;
    return NULL;
}

static void round_run(struct world_test *w, struct opener openers[BROWSERS], int64_t link)
{
    pthread_barrier_t start;
    pthread_t threads[BROWSERS];
    int opened = 0;
    struct ctx c;
    world_ctx(w, &c);
    const char *body = world_text(w, "form_token=%s&secret=%s", form_token(&c), link_made_secret(w, link));
    assert_int_equal(pthread_barrier_init(&start, NULL, BROWSERS), 0);
    for (int i = 0; i < BROWSERS; i++) {
        openers[i].start = &start;
        openers[i].ask = (struct world_request){ .cookie = "", .method = METHOD_POST, .target = world_text(w, "/l/%lld/open", (long long)link), .type = "application/x-www-form-urlencoded",
            .body = body, .len = strlen(body), .remote = world_text(w, "198.51.100.%d", i) };
        assert_int_equal(pthread_create(&threads[i], NULL, opener_run, &openers[i]), 0);
    }
    for (int i = 0; i < BROWSERS; i++) {
        pthread_join(threads[i], NULL);
        if (openers[i].status != 303 && openers[i].status != 403)
            fail_msg("an opening answered %d", openers[i].status);
        opened += openers[i].status == 303;
    }
    pthread_barrier_destroy(&start);
    assert_int_equal(opened, MOST);
    assert_int_equal(world_number(w, world_text(w, "SELECT openings FROM link WHERE mandate_id = %lld", (long long)link)), MOST);
    assert_int_equal(world_number(w, world_text(w, "SELECT COUNT(*) FROM link_opening WHERE mandate_id = %lld AND opened_at IS NOT NULL", (long long)link)), MOST);
}

WORLD_TEST(l_1_at_once_a_link_opens_as_often_as_it_may)
{
    struct opener openers[BROWSERS];
    int64_t client = world_number(w, "SELECT MIN(cl.id) FROM client cl JOIN organization o ON o.id = cl.org_id WHERE o.slug = 'froid-atlantique'");
    for (int i = 0; i < BROWSERS; i++) {
        openers[i].w = w;
        arena_init(&openers[i].arena, (size_t)16 * 1024 * 1024);
        openers[i].db = world_db_new(w, &openers[i].arena);
    }
    for (int i = 0; i < ROUNDS; i++)
        round_run(w, openers, link_made(w, &(struct link_wish){ .client_id = client, .can_ask = true, .most_openings = MOST }));
    for (int i = 0; i < BROWSERS; i++) {
        db_close(openers[i].db);
        arena_free(&openers[i].arena);
    }
    world_sound(w);
}

WORLD_MAIN("link race", WORLD_CASE(l_1_at_once_a_link_opens_as_often_as_it_may))
