#pragma once
/* One line of JSON an event, to standard error, written by one write call (lines of threads do not mix). No secret,
   no body, no address behind /l/ is ever given to it.

       log_event("request", LOG_TEXT("route", name), LOG_INT("status", 200), LOG_INT("us", took));  */
#include <stdint.h>

struct log_item { const char *key; const char *text; int64_t number; int is_text; };
#define LOG_TEXT(k, v) ((struct log_item){ (k), (v), 0, 1 })
#define LOG_INT(k, v) ((struct log_item){ (k), 0, (int64_t)(v), 0 })

void log_write(const char *event, const struct log_item *items);   /* ends at an item without key */
void log_quiet(int is_quiet);                                      /* tests: say nothing */
_Noreturn void log_die(const char *why);                           /* says why and ends the process with status 70: started again by its keeper */
#define log_event(event, ...) log_write((event), (struct log_item[]){ __VA_ARGS__ __VA_OPT__(,) { 0 } })
