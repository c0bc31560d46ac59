/* What the client thinks of a job that is done: one to five stars and a word, once, to be changed for a week. */
#include "base/clock.h"
#include "base/text.h"
#include "features/calendar/inside.h"
#include "features/portal/portal.h"
#include "features/queries.h"
#include "tpl/tpl.h"

static const struct choice stars[] = { { "5", N_("5 étoiles, très bien") }, { "4", N_("4 étoiles, bien") }, { "3", N_("3 étoiles, correct") }, { "2", N_("2 étoiles, décevant") },
    { "1", N_("1 étoile, mauvais") }, { 0 } };

const struct field rating_form[] = {
    { "stars", FIELD_CHOICE, N_("Votre note"), REQUIRED, .choices = stars },
    { "word", FIELD_LONG, N_("Un mot, si vous voulez"), .max = 500 },
    { 0 },
};

struct err *job_rating_new(struct ctx *c)
{
    struct doc *job = NULL;
    TRY(portal_need(c, PORTAL_RATING, NULL));
    TRY(voice_read(c, path_id(c, "job"), &job));
    doc_set(c->doc, "job", job);
    form_show(c, rating_form);
    if (doc_int_of(job, "stars"))
        form_value(c, "stars", arena_printf(c->arena, "%lld", (long long)doc_int_of(job, "stars")));
    form_value(c, "word", doc_text_of(job, "rating_word"));
    return NULL;
}

struct err *job_rate(struct ctx *c)
{
    struct doc *job = NULL;
    int64_t given = 0, id = path_id(c, "job");
    TRY(portal_need(c, PORTAL_RATING, NULL));
    TRY(voice_take(c, id, &job));
    if (!doc_bool_of(job, "can_rate"))
        return form_error(c, "page", doc_int_of(job, "stars") ? N_("Cet avis date de plus de sept jours : il ne change plus.") : N_("L’avis se donne une fois l’intervention terminée."));
    if (!text_int(form_text(c, "stars"), &given))
        return form_error(c, "stars", N_("Choisissez une note."));
    TRY(ctx_run(c, &sql_rating_put, PARAMS(P_INT("of_job", id), P_INT("stars", given), P_TEXT("word", form_text(c, "word")), P_TEXT("by_name", voice_name(c)),
        P_INT("since", c->now_ms - RATING_DAYS * CLOCK_DAY_MS))));
    journal_object(c, "job", id);
    journal_number(c, "stars", given);
    reply_see(c, "job_rated", "%s/jobs/%lld", web_space(c), (long long)id);
    return NULL;
}
