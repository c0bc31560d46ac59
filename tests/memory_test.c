/* Memory is refused at one allocation after the other of a request's life. Each time in a process of its own, as the server's: it answers properly, or it
   ends with status 70 and « no memory » in its log, to be started again; never by a crash, never with a false success, and the database is whole afterwards.
   MANDAT_FAULT_ROUNDS: every allocation; else the first ones and a sample. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/id.h"
#include "lib/memory.h"
#include "lib/world.h"


enum { FIRST_ALL = 40, SAMPLES = 60, NO_MEMORY = 70, PATIENCE_S = 60 };

struct outcome { int status; long count; bool was_refused; };

static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

/* The child's whole life: a connection, the request, what came of it. */
_Noreturn static void child_run(struct world_test *w, const struct world_request *ask, long nth, int to)
{
    struct outcome outcome = { 0 };
    alarm(PATIENCE_S);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        signal(deadly[i], SIG_DFL);      /* cmocka's own handlers would go on with the tests */
    id_init((uint32_t)(nth + 100));      /* each of these servers has ids of its own */
    struct db *db = world_db_new(w, world_arena(w));
    memory_refuse(nth);
    struct answer *answer = world_ask(w, world_arena(w), db, ask);
    outcome = (struct outcome){ answer->status, memory_count(), memory_was_refused() };
    memory_refuse(0);
    if (outcome.status >= 500 && !strstr(answer->body, "Rien n’a été enregistré"))
        outcome.status = 1;              /* an answer that does not say so */
    _exit(write(to, &outcome, sizeof outcome) == (ssize_t)sizeof outcome ? 0 : 1);
}

/* The end of the process as wait() tells it. */
static int tried(struct world_test *w, const struct world_request *ask, long nth, struct outcome *ret_outcome)
{
    int ends[2], how = 0;
    *ret_outcome = (struct outcome){ 0 };
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        child_run(w, ask, nth, ends[1]);
    close(ends[1]);
    ssize_t got = read(ends[0], ret_outcome, sizeof *ret_outcome);
    close(ends[0]);
    assert_int_equal(waitpid(child, &how, 0), child);
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
        assert_int_equal(got, sizeof *ret_outcome);
    return how;
}

static void outcome_check(struct world_test *w, const char *title, long nth, int how, const struct outcome *outcome)
{
    if (WIFSIGNALED(how))
        fail_msg("allocation %ld refused: ended by signal %d", nth, WTERMSIG(how));
    if (WEXITSTATUS(how) != 0 && WEXITSTATUS(how) != NO_MEMORY)
        fail_msg("allocation %ld refused: ended with status %d", nth, WEXITSTATUS(how));
    bool is_answer = WEXITSTATUS(how) == 0;
    if (is_answer && outcome->status != 303 && outcome->status != 503 && outcome->status != 500)
        fail_msg("allocation %ld refused: answer %d", nth, outcome->status);
    int64_t made = world_number(w, world_text(w, "SELECT COUNT(*) FROM ticket t WHERE t.title = '%s'", title));
    int64_t whole = world_number(w, world_text(w, "SELECT COUNT(*) FROM ticket t WHERE t.title = '%s' AND 1 = (SELECT COUNT(*) FROM comment m WHERE m.org_id = t.org_id AND m.ticket_id = t.id)"
        " AND 1 = (SELECT COUNT(*) FROM journal j WHERE j.org_id = t.org_id AND j.object_kind = 'ticket' AND j.object_id = t.id)"
        " AND 1 = (SELECT COUNT(*) FROM attachment a WHERE a.org_id = t.org_id AND a.ticket_id = t.id)", title));
    if (made != whole || (is_answer && made != (outcome->status == 303)))
        fail_msg("allocation %ld refused: answer %d, %d tickets, %d of them whole", nth, outcome->status, (int)made, (int)whole);
}

WORLD_TEST(each_allocation_of_an_act_is_refused_in_turn)
{
    struct outcome outcome;
    struct world_request ask = world_ticket_ask(w, "Mémoire", "Mémoire");
    int answered = 0, ended = 0, survived = 0;
    world_pause(w);                      /* no connection is carried into a child */
    assert_int_equal(tried(w, &ask, -1, &outcome), 0);
    assert_int_equal(outcome.status, 303);
    long all = outcome.count, step = getenv("MANDAT_FAULT_ROUNDS") || all <= FIRST_ALL + SAMPLES ? 1 : (all - FIRST_ALL) / SAMPLES;
    /* On PostgreSQL what its library asks for is not counted, and a request's memory is used again: the few that are left are tried as well. */
    assert_true(all > (world_kind(w) == DB_SQLITE ? 100 : 0));
    for (long nth = 1; nth <= all; nth += nth < FIRST_ALL ? 1 : step) {
        const char *title = world_text(w, "Mémoire %ld", nth);
        ask = world_ticket_ask(w, title, title);
        world_pass(w, 1000);             /* ids are made of the time */
        int how = tried(w, &ask, nth, &outcome);
        outcome_check(w, title, nth, how, &outcome);
        ended += WEXITSTATUS(how) == NO_MEMORY;
        answered += WEXITSTATUS(how) == 0 && outcome.status >= 500;
        survived += WEXITSTATUS(how) == 0 && outcome.status == 303;
    }
    world_resume(w);
    world_sound(w);
    print_message("%ld allocations; of those tried %d answered that nothing was done, %d ended the process, %d were not needed\n", all, answered, ended, survived);
    assert_true(ended + answered > 0 && (ended > 0 || world_kind(w) == DB_POSTGRESQL));
    ask = world_ticket_ask(w, "Mémoire revenue", "Mémoire revenue");
    assert_status(world_ask(w, world_arena(w), world_db(w), &ask), 303);
}

int main(void)
{
    static const struct world_case cases[] = { WORLD_CASE(each_allocation_of_an_act_is_refused_in_turn) };
    memory_open();
    return world_main("memory", cases, sizeof cases / sizeof *cases);
}
