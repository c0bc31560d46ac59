#pragma once
/* Templates: Mustache (interpolation, sections, inverted, comments, partials, delimiters, inheritance), parsed once
   for each language, escaped by default. A set is made at start, read by every thread, never changed after.

   Ours on top of Mustache:
     {{#_}}Nouveau ticket{{/_}}            a text to translate: French is the key, po/LANG.po the rest. Chosen when
                                           parsed, so it costs nothing when rendered. {{name}} may stand in it.
     {{#_ count}}{{count}} site|{{count}} sites{{/_}}   by number: forms of the language, separated by |
     {{created_at|datetime}}               filters: date datetime time ago moment day money size number initials lines upper url json siren de
                                           (lines: text → escaped, paragraphs and line breaks kept; siren: by threes; de: « de Malo »,
                                           « d’Inès », in English the name alone)
     {{#status=open}}…{{/status=open}}     where the text of status is open (inverted with ^ too)
   Only `layout` files and mails may use {{{raw}}}; a check in the tests holds that.

   Falsy are null, false, 0, the empty text and the empty list; a map never is. A null may be written: it is empty.
   {{>name}} and {{<name}} mean the template `name`, or `name` with the ending (.html, .txt) of the one they stand in.
   Where such a tag has a line to itself its indentation is repeated in texts (.txt, tpl_once), not in pages: bytes
   nobody sees. A text to translate is the exact French between the tags, white space folded to one space, with
   {{name}} and {{name|filter}} in it and nothing else. */
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"
#include "doc/doc.h"

struct tpl_set;

struct tpl_source { const char *name; const char *text; size_t len; };   /* name: "ticket_list.html", "mail_welcome.txt"; ends with name NULL; texts are kept, not copied */

/* A catalogue is a .mo file as msgfmt writes it, in memory for the set's life. lang "fr" needs none. */
struct tpl_lang { const char *lang; const void *mo; size_t mo_len; };    /* ends with lang NULL */

/* How the reader writes dates and numbers. NULL: French, Paris, 1970. An unknown zone is UTC. */
struct tpl_reader { const char *lang; const char *zone; long long now_ms; };   /* "fr", "Europe/Paris" */

struct err *tpl_set_new(struct arena *a, const struct tpl_source *sources, const struct tpl_lang *langs, struct tpl_set **ret_set) MUST_CHECK;
bool tpl_has(const struct tpl_set *set, const char *name);

/* Errors of a template say where: "ticket_list.html:12: …".
   Writes template `name` with `data` to out; HTML escaping unless the name ends in .txt. A name that no document has
   is empty, or, in a strict set, an error (tests; what a section opens or a filter takes as well). */
struct err *tpl_render(const struct tpl_set *set, const struct tpl_reader *reader, const char *name, const struct doc *data, struct buf *out) MUST_CHECK;
void tpl_set_strict(struct tpl_set *set, bool is_strict);

/* A text of C code (marked N_("…")) in the reader's language; the French text where there is none. */
const char *tpl_text(const struct tpl_set *set, const char *lang, const char *french);
#define N_(text) text

/* One template as text, without a set: for `mandat tpl` and the Mustache cases. partials: a map name → text, or NULL. */
struct err *tpl_once(struct arena *a, const char *text, const struct doc *data, const struct doc *partials, struct buf *out) MUST_CHECK;

/* Adds to the list `names` what {{>name}} and {{<name}} in a text ask for, each once. */
struct err *tpl_names(struct arena *a, const char *text, struct doc *names) MUST_CHECK;

/* The formats that filters use, for C code (mails' subjects, CSV). The zone's offsets and names are cached. */
const char *tpl_date(struct arena *a, const struct tpl_reader *reader, long long time_ms);       /* 19 nov. 2026 */
const char *tpl_datetime(struct arena *a, const struct tpl_reader *reader, long long time_ms);   /* 19 nov. 2026 à 13:52 */
