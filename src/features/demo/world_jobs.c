/* Jobs of Froid Atlantique: ten weeks done, a day half done, a week ahead, and what waits to be planned. The last day has its jobs whatever weekday
   it is, so that there is always something to look at. */
#include <assert.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "features/demo/world.h"
#include "features/gallery/gallery.h"
#include "features/job/job.h"
#include "features/queries.h"
#include "web/file.h"

enum { KINDS = 5, LAST_NUMBER = 1192, PAST_DAYS = 70, AHEAD_DAYS = 7, ASKED_BEFORE_DAYS = 8, WAITING = 7, TECHNICIANS = 3, PHOTO_DAYS = 14 };

static const struct { const char *name; int minutes; } kinds[KINDS] = {
    { "Dépannage", 120 }, { "Entretien", 120 }, { "Installation", 240 }, { "Contrôle", 90 }, { "Visite avant devis", 60 },
};

static const struct work { int kind; const char *title, *report; } works[] = {
    { 0, "Alarme de température sur la chambre froide", "Sonde remplacée, consigne vérifiée. Température stable à l’arrivée comme au départ." },
    { 1, "Entretien des groupes extérieurs", "Condenseurs nettoyés, serrages et pressions vérifiés. Rien à signaler." },
    { 3, "Contrôle annuel d’étanchéité", "Aucune fuite trouvée. Certificat joint au dossier." },
    { 0, "Remplacement du joint de porte", "Joint changé, charnière réglée. La porte ferme seule." },
    { 2, "Pose d’une vitrine réfrigérée", "Vitrine posée et mise en service. Mode d’emploi remis." },
    { 0, "Machine à glaçons : débit insuffisant", "Filtre changé, vanne d’eau détartrée. Débit normal." },
    { 1, "Entretien, quatre meubles", "Quatre meubles nettoyés. Un ventilateur fatigué sur le deuxième : à prévoir." },
    { 3, "Relevé des températures", "Relevé remis. Deux consignes abaissées d’un degré." },
    { 4, "Visite avant devis, vitrine réfrigérée", "Mesures prises. Devis à suivre." },
    { 0, "Pose de la résistance de dégivrage", "Résistance posée, cycle de dégivrage essayé." },
};
enum { WORKS = sizeof works / sizeof *works };

static const struct { int client_of; int kind; const char *title, *how; bool is_urgent; int before_days; int asked_days, asked_minute; } waiting[WAITING] = {
    { 1, 1, "Entretien, date refusée par le client", "office", false, 0, 6, 10 * 60 },
    { 2, 3, "Contrôle à faire avant réouverture", "office", false, 12, 5, 11 * 60 + 20 },
    { 3, 4, "Visite avant devis, cave à vin", "portal", false, 0, 4, 15 * 60 + 5 },
    { 0, 1, "Entretien d’hiver, groupes extérieurs", "contract", false, 23, 3, 9 * 60 },
    { 4, 0, "Climatiseur de salle : bruit au démarrage", "portal", false, 0, 1, 16 * 60 + 40 },
    { 5, 0, "Meuble surgelés en alarme", "office", true, 0, 0, 11 * 60 + 2 },
    { 0, 0, "Vitrine à desserts : froid coupé", "link", false, 0, 0, 13 * 60 + 53 },
};

struct jobs { struct world *w; struct world_org *org; int64_t kind_ids[KINDS], visit_id; int number, count; struct world_member *technicians[TECHNICIANS]; };

/* One job as it stands at the end of the world. Times 0: not so far. */
struct made {
    const struct world_client *client;
    int kind;
    const char *title, *report, *state, *how, *reason;
    bool is_urgent;
    int64_t before_on, asked_ms, start_ms, end_ms, arrived_ms, finished_ms, cancelled_ms;
    const struct world_member *technician;
    int64_t id;
};

static struct param when(const char *name, int64_t at_ms) { return at_ms ? P_INT(name, at_ms) : P_NULL(name); }

static int64_t last_change(const struct made *m)
{
    return m->finished_ms ? m->finished_ms : m->cancelled_ms ? m->cancelled_ms : m->arrived_ms ? m->arrived_ms : m->asked_ms;
}

static struct err *make_texts(struct jobs *s, const struct made *m)
{
    struct world *w = s->w;
    bool is_signed = m->finished_ms && s->count % 7 != 3;
    return ctx_run(&w->at, &sql_demo_job_text_insert, PARAMS(P_INT("id", m->id), P_TEXT("description", m->title),
        P_TEXT("information", s->count % 5 ? "" : "Livraisons avant 10 h, quai arrière. Badge à retirer à la réception."), P_TEXT("report", m->finished_ms ? m->report : ""),
        P_TEXT("notes", s->count % 6 ? "" : "Prendre l’échelle longue."), P_TEXT("signed_name", is_signed ? m->client->contacts[0].name : ""),
        when("signed_at", is_signed ? m->finished_ms : 0)));
}

static struct err *make_job(struct jobs *s, struct made *m)
{
    struct world *w = s->w;
    struct doc *machines = NULL;
    fill_go(w, s->org, m->asked_ms);
    m->id = fill_id(w, m->asked_ms);
    TRY(ctx_rows(&w->at, &sql_demo_machines, PARAMS(P_INT("of_client", m->client->id)), &machines));
    const struct doc *machine = doc_count(machines) ? doc_at(machines, (size_t)s->count % doc_count(machines)) : NULL;
    TRY(ctx_run(&w->at, &sql_demo_job_insert, PARAMS(P_INT("id", m->id), P_INT("number", s->number++), P_INT("of_client", m->client->id), P_INT("of_type", s->kind_ids[m->kind]),
        P_ID("of_site", machine ? doc_int_of(machine, "site_id") : 0), P_TEXT("title", job_title(w->at.arena, m->title)), P_TEXT("in_state", m->state),
        P_INT("is_urgent", m->is_urgent), when("before_on", m->before_on), P_ID("of_technician", m->technician ? m->technician->id : 0), when("starts_at", m->start_ms),
        when("planned_end", m->end_ms), P_INT("plan_count", m->start_ms != 0), when("left_at", m->arrived_ms ? m->arrived_ms - 25 * CLOCK_MINUTE_MS : 0),
        when("arrived_at", m->arrived_ms), when("finished_at", m->finished_ms), when("cancelled_at", m->cancelled_ms), P_TEXT("reason", m->reason ? m->reason : ""),
        P_TEXT("asked_how", m->how), P_TEXT("asked_name", s->org->members[0].name), P_INT("of_contact", m->client->contacts[0].id),
        P_ID("of_visit", strcmp(m->how, "contract") == 0 ? s->visit_id : 0), P_INT("changed_at", last_change(m)))));
    TRY(make_texts(s, m));
    if (machine)
        TRY(ctx_run(&w->at, &sql_job_equipment_add, PARAMS(P_INT("id", m->id), P_INT("of_equipment", doc_int_of(machine, "id")))));
    TRY(job_words(&w->at, m->id));
    s->count++;
    w->rows += 3;
    return fill_step(w);
}

static struct err *make_rating(struct jobs *s, const struct made *m)
{
    static const char *const words[] = { "Rapide et soigné.", "", "Très bien, merci.", "À l’heure.", "Un peu de retard, mais bien fait." };
    if (!m->finished_ms || s->count % 4 || m->finished_ms + CLOCK_HOUR_MS > s->w->end_ms)
        return NULL;
    fill_go(s->w, s->org, m->finished_ms + CLOCK_HOUR_MS);
    return ctx_run(&s->w->at, &sql_demo_job_rating_insert, PARAMS(P_INT("id", m->id), P_INT("stars", s->count % 5 == 4 ? 3 : 4 + s->count % 2),
        P_TEXT("word", words[s->count % 5]), P_TEXT("by_name", m->client->contacts[0].name)));
}

/* Two pictures with the report; made small when the demonstration runs. */
static struct err *make_photos(struct jobs *s, const struct made *m)
{
    static const char *const names[] = { "afficheur à l’arrivée.png", "joint de porte.png" };
    struct world *w = s->w;
    fill_go(w, s->org, m->finished_ms);
    for (int i = 0; i < 2; i++) {
        struct world_file file;
        const char *hash = NULL;
        int64_t id = fill_id(w, m->finished_ms);
        bool is_known = fill_file(w->at.arena, names[i], &file);
        assert(is_known);
        TRY(file_put(&w->at, file.data, file.len, file.type, &hash));
        TRY(ctx_run(&w->at, &sql_job_file_add, PARAMS(P_INT("id", id), P_INT("of_job", m->id), P_TEXT("kind", "photo"), P_TEXT("hash", hash), P_TEXT("name", names[i]),
            P_TEXT("type", file.type), P_INT("size_bytes", file.len), P_INT("is_private", 0), P_TEXT("added_name", m->technician->name))));
        TRY(job_picture_added(&w->at, id));
    }
    return NULL;
}

/* ---- Days ---- */

static const struct world_client *client_at(const struct jobs *s, int n)
{
    const struct world_client *c = NULL;
    for (int i = 0; i < s->org->client_count; i++)      /* those without a contact ask for nothing */
        if ((c = &s->org->clients[(n + i) % s->org->client_count])->contact_count)
            break;
    return c;
}

static const struct world_client *bellerive(const struct jobs *s)
{
    for (int i = 0; i < s->org->client_count; i++)
        if (strcmp(s->org->clients[i].name, "Hôtel Bellerive") == 0)
            return &s->org->clients[i];
    return client_at(s, 0);
}

/* What has come of a job by the end of the world. */
static void come_of(const struct jobs *s, struct made *m, bool is_late)
{
    int64_t now_ms = s->w->end_ms;
    m->state = "planned";
    if (m->start_ms > now_ms || is_late)
        return;
    if (s->count % 23 == 11) {
        m->state = "cancelled";
        m->cancelled_ms = m->start_ms - 20 * CLOCK_HOUR_MS;
        m->reason = "Le client a demandé l’annulation.";
        return;
    }
    m->arrived_ms = m->start_ms + (s->count % 9 - 3) * 2 * CLOCK_MINUTE_MS;
    m->state = m->end_ms <= now_ms ? "done" : "started";
    m->finished_ms = m->end_ms <= now_ms ? m->end_ms - (s->count % 4) * 5 * CLOCK_MINUTE_MS : 0;
}

static struct err *make_planned(struct jobs *s, int days_ago, int who, int minute)
{
    int n = s->count;
    const struct work *k = &works[(n * 7 + n / WORKS) % WORKS];
    bool is_today_late = days_ago == 0 && who == 1 && minute < 12 * 60;
    struct made m = { .client = n % 9 == 4 ? bellerive(s) : client_at(s, n * 5), .kind = k->kind, .title = k->title, .report = k->report, .technician = s->technicians[who],
        .how = n % 4 == 1 ? "portal" : "office", .start_ms = fill_time(s->w, days_ago, minute), .asked_ms = fill_time(s->w, days_ago + ASKED_BEFORE_DAYS, 8 * 60 + n % 500) };
    m.end_ms = m.start_ms + kinds[m.kind].minutes * CLOCK_MINUTE_MS;
    come_of(s, &m, is_today_late);
    TRY(make_job(s, &m));
    if (m.finished_ms && days_ago <= PHOTO_DAYS && m.client == bellerive(s))
        TRY(make_photos(s, &m));
    return make_rating(s, &m);
}

static struct err *make_day(struct jobs *s, int days_ago)
{
    static const int starts[] = { 8 * 60, 10 * 60, 9 * 60, 13 * 60 + 30, 14 * 60 + 30, 13 * 60 };
    int64_t weekday = (s->w->last_day - days_ago + 3) % 7;      /* 0 is Monday */
    if (weekday > 4 && days_ago != 0)
        return NULL;
    for (int who = 0; who < TECHNICIANS; who++) {
        TRY(make_planned(s, days_ago, who, starts[(who + days_ago + PAST_DAYS) % 3]));
        if ((who + days_ago + PAST_DAYS) % 3 != 2 || days_ago == 0)
            TRY(make_planned(s, days_ago, who, starts[3 + who]));
    }
    return NULL;
}

static struct err *make_waiting(struct jobs *s, int i)
{
    struct world *w = s->w;
    struct made m = { .client = waiting[i].client_of ? client_at(s, waiting[i].client_of) : bellerive(s), .kind = waiting[i].kind, .title = waiting[i].title, .report = "",
        .state = "to_plan", .how = waiting[i].how, .is_urgent = waiting[i].is_urgent, .before_on = waiting[i].before_days ? w->last_day + waiting[i].before_days : 0,
        .asked_ms = fill_time(w, waiting[i].asked_days, waiting[i].asked_minute) };
    TRY(make_job(s, &m));
    if (i > 0)
        return NULL;
    fill_go(w, s->org, m.asked_ms + CLOCK_DAY_MS);
    return ctx_run(&w->at, &sql_demo_job_wish_insert, PARAMS(P_INT("id", fill_id(w, m.asked_ms + CLOCK_DAY_MS)), P_INT("of_job", m.id), P_NULL("wanted_on"),
        P_TEXT("reason", "Un mardi matin de préférence : le restaurant est fermé."), P_TEXT("by_name", m.client->contacts[0].name)));
}

/* ---- Around ---- */

static struct err *make_kinds(struct jobs *s)
{
    struct world *w = s->w;
    fill_go(w, s->org, fill_time(w, 300, 9 * 60));
    TRY(ctx_run(&w->at, &sql_demo_job_counter_insert, PARAMS(P_INT("last", LAST_NUMBER))));
    TRY(ctx_run(&w->at, &sql_demo_option_insert, PARAMS(P_TEXT("name", "gallery"))));
    for (int i = 0; i < KINDS; i++) {
        s->kind_ids[i] = fill_id(w, w->at.now_ms);
        TRY(ctx_run(&w->at, &sql_demo_job_type_insert, PARAMS(P_INT("id", s->kind_ids[i]), P_TEXT("name", kinds[i].name), P_TEXT("name_key", text_name_key(w->at.arena, kinds[i].name)),
            P_INT("minutes", kinds[i].minutes), P_INT("position", i + 1))));
    }
    return NULL;
}

static struct err *make_technicians(struct jobs *s)
{
    static const char *const names[TECHNICIANS] = { "Karim", "Élodie", "Théo" }, *const phones[TECHNICIANS] = { "06 39 98 22 60", "06 39 98 22 61", "06 39 98 22 62" };
    struct world *w = s->w;
    for (int i = 0; i < TECHNICIANS; i++) {
        s->technicians[i] = fill_member(s->org, names[i]);
        TRY(ctx_run(&w->at, &sql_demo_technician_insert, PARAMS(P_INT("of_technician", s->technicians[i]->id), P_INT("minutes", 35 * 60), P_TEXT("phone", phones[i]))));
    }
    int64_t starts_at = fill_time(w, -2, 8 * 60);
    return ctx_run(&w->at, &sql_demo_absence_insert, PARAMS(P_INT("id", fill_id(w, w->at.now_ms)), P_INT("of_technician", s->technicians[2]->id), P_INT("starts_at", starts_at),
        P_INT("planned_end", starts_at + 9 * CLOCK_HOUR_MS), P_TEXT("label", "Formation")));
}

static struct err *make_visits(struct jobs *s)
{
    struct world *w = s->w;
    const struct world_client *clients[] = { bellerive(s), client_at(s, 6), client_at(s, 12) };
    for (int i = 0; i < 3; i++) {
        int64_t id = fill_id(w, w->at.now_ms);
        s->visit_id = i ? s->visit_id : id;
        TRY(ctx_run(&w->at, &sql_demo_visit_insert, PARAMS(P_INT("id", id), P_INT("of_client", clients[i]->id), P_NULL("of_site"), P_INT("of_type", s->kind_ids[i ? 3 : 1]),
            P_TEXT("title", i ? "Contrôle annuel d’étanchéité" : "Entretien d’hiver, groupes extérieurs"),
            P_TEXT("description", i ? "Contrôle annuel d’étanchéité" : "Entretien d’hiver, groupes extérieurs"), P_INT("every_months", i == 1 ? 12 : 6),
            P_INT("next_on", w->last_day + 40 + i * 50))));
    }
    return NULL;
}

struct err *fill_make_jobs(struct world *w)
{
    struct jobs s = { .w = w, .org = fill_org(w, "froid-atlantique"), .number = LAST_NUMBER };
    int planned = 0;
    w->random = 51;   /* its own draws: what is made before and behind stays as it is */
    TRY(make_kinds(&s));
    TRY(make_technicians(&s));
    TRY(make_visits(&s));
    for (int days_ago = PAST_DAYS; days_ago >= -AHEAD_DAYS; days_ago--)     /* how many there will be: the last one has the last number */
        for (int who = 0; who < TECHNICIANS && ((w->last_day - days_ago + 3) % 7 <= 4 || days_ago == 0); who++)
            planned += 1 + ((who + days_ago + PAST_DAYS) % 3 != 2 || days_ago == 0);
    s.number = LAST_NUMBER + 1 - planned - WAITING;
    for (int days_ago = PAST_DAYS; days_ago >= -AHEAD_DAYS; days_ago--)
        TRY(make_day(&s, days_ago));
    for (int i = 0; i < WAITING; i++)
        TRY(make_waiting(&s, i));
    return NULL;
}
