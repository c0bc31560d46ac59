/* The paper itself: what stands where. */
#include <string.h>
#include "features/job/job.h"
#include "features/sheet/inside.h"
#include "tpl/tpl.h"
#include "web/app.h"

static const char *say(const struct sheet *s, const char *french) { return web_text(s->c, french); }
static const char *of(const struct sheet *s, const char *key) { return doc_text_of(s->job, key); }

/* Those that say something, one a line. */
static const char *lines(const struct sheet *s, const char *const *texts, size_t count)
{
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        if (texts[i] && *texts[i])
            all = *all ? arena_printf(s->c->arena, "%s\n%s", all, texts[i]) : texts[i];
    return all;
}
#define LINES(s, ...) lines((s), (const char *const[]){ __VA_ARGS__ }, sizeof (const char *const[]){ __VA_ARGS__ } / sizeof(const char *))

static const char *place(const struct sheet *s, const char *postcode, const char *city)
{
    return *postcode && *city ? arena_printf(s->c->arena, "%s %s", postcode, city) : *postcode ? postcode : city;
}

static const char *when(const struct sheet *s, const char *key)
{
    struct tpl_reader reader = { s->c->lang, doc_text_of(s->org, "zone"), s->c->now_ms };
    int64_t at_ms = doc_int_of(s->job, key);
    return at_ms ? tpl_datetime(s->c->arena, &reader, at_ms) : "";
}

static const char *state_text(const struct sheet *s)
{
    static const struct { const char *state, *label; } states[] = {
        { "to_plan", N_("À planifier") }, { "planned", N_("Planifiée") }, { "started", N_("En cours") }, { "done", N_("Terminée") }, { "cancelled", N_("Annulée") },
    };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(of(s, "state"), states[i].state) == 0)
            return say(s, states[i].label);
    return "";
}

static const char *initials(const struct sheet *s)
{
    const char *name = doc_text_of(s->org, "name");
    char two[16] = "";
    size_t len = 0;
    for (int words = 0; *name && words < 2; words++) {
        size_t size = (unsigned char)*name < 0x80 ? 1 : (unsigned char)*name < 0xe0 ? 2 : (unsigned char)*name < 0xf0 ? 3 : 4;
        memcpy(two + len, name, strnlen(name, size));
        len += strnlen(name, size);
        name += strcspn(name, " ");
        name += strspn(name, " ");
    }
    return arena_text(s->c->arena, two);
}

static void head_draw(struct draw *d, const struct sheet *s)
{
    const struct doc *org = s->org;
    const char *lead = LINES(s, doc_text_of(org, "street"), place(s, doc_text_of(org, "postcode"), doc_text_of(org, "city")), doc_text_of(org, "phone"), doc_text_of(org, "email"));
    const char *at = of(s, "state"), *key = strcmp(at, "done") == 0 ? "finished_at" : strcmp(at, "cancelled") == 0 ? "cancelled_at" : "planned_start";
    const char *under = *when(s, key) ? arena_printf(s->c->arena, "%s · %s", state_text(s), when(s, key)) : state_text(s);
    draw_letterhead(d, &(struct draw_letterhead){ s->has_logo ? &s->logo : NULL, initials(s), doc_text_of(org, "name"), lead, say(s, N_("Bon d’intervention")),
        job_number_text(s->c->arena, doc_int_of(s->job, "number")), under });
}

static void whom_draw(struct draw *d, const struct sheet *s)
{
    struct arena *a = s->c->arena;
    const char *site = *of(s, "site_name") ? arena_printf(a, "%s (%s)", of(s, "site_name"), of(s, "site_number")) : "";
    const struct draw_pair pairs[] = {
        { say(s, N_("Client")), LINES(s, of(s, "client_name"), of(s, "client_number"), of(s, "client_street"), place(s, of(s, "client_postcode"), of(s, "client_city"))) },
        { say(s, N_("Adresse de l’intervention")), LINES(s, site, of(s, "street"), place(s, of(s, "postcode"), of(s, "city"))) },
        { say(s, N_("Contact")), LINES(s, of(s, "contact_name"), of(s, "contact_phone"), of(s, "contact_email")) },
        { say(s, N_("Type")), *of(s, "type_name") && doc_int_of(s->job, "is_urgent") ? arena_printf(a, "%s · %s", of(s, "type_name"), say(s, N_("Urgente"))) : of(s, "type_name") },
    };
    draw_pairs(d, pairs, sizeof pairs / sizeof *pairs);
}

static void times_draw(struct draw *d, const struct sheet *s)
{
    const char *until = *when(s, "planned_end") ? when(s, "planned_end") : "";
    const struct draw_pair pairs[] = {
        { say(s, N_("Demandée le")), when(s, "created_at") }, { say(s, N_("Technicien")), of(s, "technician_name") },
        { say(s, N_("Prévue")), *until ? arena_printf(s->c->arena, "%s – %s", when(s, "planned_start"), until) : "" }, { say(s, N_("En route")), when(s, "left_at") },
        { say(s, N_("Arrivée")), when(s, "arrived_at") }, { say(s, N_("Fin")), when(s, "finished_at") },
        { say(s, N_("Annulée le")), LINES(s, when(s, "cancelled_at"), of(s, "cancel_reason")) },
    };
    draw_heading(d, say(s, N_("Déroulement")));
    draw_pairs(d, pairs, sizeof pairs / sizeof *pairs);
}

static void equipment_draw(struct draw *d, const struct sheet *s)
{
    enum { COLUMNS = 3, ROWS = 50 };
    const struct draw_column columns[COLUMNS] = { { say(s, N_("Équipement")), 2 }, { say(s, N_("Modèle")), 1.4 }, { say(s, N_("N° de série")), 1.2 } };
    const char *cells[COLUMNS * ROWS];
    size_t rows = doc_count(s->equipment) < ROWS ? doc_count(s->equipment) : ROWS;
    for (size_t i = 0; i < rows; i++) {
        const struct doc *row = doc_at(s->equipment, i);
        cells[COLUMNS * i] = doc_text_of(row, "name");
        cells[COLUMNS * i + 1] = doc_text_of(row, "model");
        cells[COLUMNS * i + 2] = doc_text_of(row, "serial");
    }
    if (rows) {
        draw_heading(d, say(s, N_("Équipements")));
        draw_table(d, columns, COLUMNS, cells, rows);
    }
}

static void photos_draw(struct draw *d, const struct sheet *s)
{
    enum { IN_A_ROW = 3, HEIGHT = 112 };
    if (!s->photo_count && !s->photos_left)
        return;
    draw_heading(d, say(s, N_("Photos")));
    draw_pictures(d, s->photos, s->photo_count, IN_A_ROW, HEIGHT);
    if (s->photos_left)
        draw_small(d, arena_printf(s->c->arena, "%s : %zu", say(s, N_("Photos non reproduites ici")), s->photos_left));
}

static void signature_draw(struct draw *d, const struct sheet *s)
{
    enum { HEIGHT = 80 };
    if (*of(s, "refused_reason"))
        draw_pairs(d, (const struct draw_pair[]){ { say(s, N_("Pas de signature")), of(s, "refused_reason") } }, 1);
    if (!*of(s, "signed_name") && !s->has_signature)
        return;
    draw_heading(d, say(s, N_("Signature du client")));
    draw_pairs(d, (const struct draw_pair[]){ { say(s, N_("Signé par")), of(s, "signed_name") }, { say(s, N_("Le")), when(s, "signed_at") } }, 2);
    if (s->has_signature)
        draw_pictures(d, &s->signature, 1, 3, HEIGHT);
}

static void sheet_draw(struct draw *d, void *arg)
{
    const struct sheet *s = arg;
    head_draw(d, s);
    whom_draw(d, s);
    times_draw(d, s);
    equipment_draw(d, s);
    draw_heading(d, say(s, N_("Demande")));
    draw_text(d, of(s, "description"));
    if (*of(s, "information"))
        draw_pairs(d, &(struct draw_pair){ say(s, N_("Informations complémentaires")), of(s, "information") }, 1);
    if (s->has_report && *of(s, "report")) {
        draw_heading(d, say(s, N_("Rapport")));
        draw_text(d, of(s, "report"));
    }
    photos_draw(d, s);
    signature_draw(d, s);
}

/* Who answers for it, as a letter must say. */
static const char *legal_line(const struct sheet *s)
{
    const struct doc *org = s->org;
    const char *name = *doc_text_of(org, "legal_name") ? doc_text_of(org, "legal_name") : doc_text_of(org, "name"), *siren = doc_text_of(org, "siren");
    return arena_printf(s->c->arena, "%s%s%s · %s, %s", name, *siren ? " · SIREN " : "", siren, doc_text_of(org, "street"), place(s, doc_text_of(org, "postcode"), doc_text_of(org, "city")));
}

/* It says it was made when its job last changed: the same job gives the same bytes. */
struct err *paper_draw(struct sheet *s, const void **ret_data, size_t *ret_len)
{
    struct ctx *c = s->c;
    const char *title = arena_printf(c->arena, "%s %s", say(s, N_("Bon d’intervention")), job_number_text(c->arena, doc_int_of(s->job, "number")));
    const struct draw_about about = { title, doc_text_of(s->org, "name"), c->lang, doc_int_of(s->job, "changed_at"), doc_text_of(s->org, "brand_color"), legal_line(s),
        say(s, N_("Page %d sur %d")) };
    return draw_pdf(c->app->desk, c->arena, &about, sheet_draw, s, ret_data, ret_len);
}
