#include "features/calendar/event.h"
#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FOLLOW_HOURS = 1 };   /* how often a calendar that follows may look */

static struct icaltimetype time_utc(int64_t at_ms)
{
    time_t seconds = (time_t)(at_ms / 1000);
    struct tm t;
    gmtime_r(&seconds, &t);
    return (struct icaltimetype){ .year = t.tm_year + 1900, .month = t.tm_mon + 1, .day = t.tm_mday, .hour = t.tm_hour, .minute = t.tm_min, .second = t.tm_sec,
        .zone = icaltimezone_get_utc_timezone() };
}

/* Lines stay lines; any other control character is a space: the library would write some that no program may send. */
static const char *words(struct arena *a, const char *text)
{
    char *clean = arena_text(a, text), *to = clean;
    for (const char *p = clean; *p; p++)
        if (*p != '\r')
            *to++ = *p == '\n' || ((unsigned char)*p >= 0x20 && *p != 0x7f) ? *p : ' ';
    *to = '\0';
    return clean;
}

static void text_add(icalcomponent *to, icalproperty *(*make)(const char *), struct arena *a, const char *text)
{
    if (text && *text)
        icalcomponent_add_property(to, make(words(a, text)));
}

static icalcomponent *event_make(struct arena *a, const struct event *e)
{
    icalcomponent *event = icalcomponent_new_vevent();
    text_add(event, icalproperty_new_uid, a, e->uid);
    icalcomponent_add_property(event, icalproperty_new_dtstamp(time_utc(e->changed_ms)));
    icalcomponent_add_property(event, icalproperty_new_lastmodified(time_utc(e->changed_ms)));
    icalcomponent_add_property(event, icalproperty_new_sequence((int)e->sequence));
    icalcomponent_add_property(event, icalproperty_new_dtstart(time_utc(e->start_ms)));
    icalcomponent_add_property(event, icalproperty_new_dtend(time_utc(e->end_ms)));
    text_add(event, icalproperty_new_summary, a, e->summary);
    text_add(event, icalproperty_new_location, a, e->location);
    text_add(event, icalproperty_new_description, a, e->description);
    icalcomponent_add_property(event, icalproperty_new_status(e->is_cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
    return event;
}

static void other_add(icalcomponent *to, const char *name, const char *value)
{
    icalproperty *property = icalproperty_new(ICAL_X_PROPERTY);
    icalproperty_set_x_name(property, name);
    icalproperty_set_value(property, icalvalue_new_text(value));   /* as text: what new_x takes is written as it is, line ends and all */
    icalcomponent_add_property(to, property);
}

static icalcomponent *calendar_make(struct arena *a, const struct event_list *list)
{
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Mandat//Interventions//FR"));
    icalcomponent_add_property(calendar, icalproperty_new_calscale("GREGORIAN"));
    icalcomponent_add_property(calendar, icalproperty_new_method(strcmp(list->method, "CANCEL") == 0 ? ICAL_METHOD_CANCEL : ICAL_METHOD_PUBLISH));
    if (list->name) {
        other_add(calendar, "X-WR-CALNAME", words(a, list->name));
        text_add(calendar, icalproperty_new_name, a, list->name);
        icalcomponent_add_property(calendar, icalproperty_new_refreshinterval((struct icaldurationtype){ .hours = FOLLOW_HOURS }));
    }
    for (size_t i = 0; i < list->count; i++)
        icalcomponent_add_component(calendar, event_make(a, &list->events[i]));
    return calendar;
}

struct err *event_write(struct arena *a, const struct event_list *list, const char **ret_text)
{
    icalcomponent *calendar = calendar_make(a, list);
    char *text = icalcomponent_as_ical_string_r(calendar);
    if (text)
        *ret_text = arena_text(a, text);
    free(text);
    icalcomponent_free(calendar);
    return text ? NULL : ERR(a, ERR_INTERNAL, "libical wrote nothing");
}
