#include "features/calendar/entry.h"
#include "base/buf.h"
#include "base/text.h"
#include "tpl/tpl.h"

enum { DESCRIPTION_MOST = 4000 };

static const char *place_of(struct ctx *c, const struct doc *job)
{
    const char *street = doc_text_of(job, "street"), *city = text_trim(c->arena, arena_printf(c->arena, "%s %s", doc_text_of(job, "postcode"), doc_text_of(job, "city")));
    return *street && *city ? arena_printf(c->arena, "%s, %s", street, city) : *street ? street : city;
}

struct err *entry_event(struct ctx *c, struct doc *job, enum entry_reader reader, const char *lang, struct event *ret_event)
{
    struct buf out;
    const char *template = reader == ENTRY_CLIENT ? "entry_client.txt" : "entry_technician.txt";
    const char *other = doc_text_of(job, reader == ENTRY_CLIENT ? "org_name" : "client_name");
    struct doc *data = doc_map(c->arena);
    doc_set(data, "job", job);
    doc_set_text(data, "base", c->address);
    buf_init(&out, c->arena, DESCRIPTION_MOST);
    TRY(tpl_render(c->tpl, &(struct tpl_reader){ lang, NULL, c->now_ms }, template, data, &out));
    *ret_event = (struct event){
        .uid = arena_printf(c->arena, "mandat-job-%lld", (long long)doc_int_of(job, "id")), .sequence = doc_int_of(job, "plan_count"),
        .start_ms = doc_int_of(job, "planned_start"), .end_ms = doc_int_of(job, "planned_end"), .changed_ms = doc_int_of(job, "changed_at"),
        .summary = arena_printf(c->arena, "%s · %s", other, doc_text_of(job, "title")), .location = place_of(c, job),
        .description = text_trim(c->arena, buf_end(&out)), .is_cancelled = text_same(doc_text_of(job, "state"), "cancelled"),
    };
    return NULL;
}
