#include "lib/queries.h"
#include <string.h>
#include "base/text.h"
#include "features/queries.h"
#include "lib/routes.h"
#include "mail/queries.h"
#include "mandate/queries.h"
#include "web/queries.h"
#include "work/queries.h"

const struct query **queries_all(struct world_test *w)
{
    static const struct query *const *const tables[] = { mandate_queries, web_queries, mail_queries, work_queries, feature_queries };
    const struct query **all = ARENA_ARRAY(world_arena(w), const struct query *, QUERIES_MOST + 1);
    int count = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct query *const *q = tables[i]; *q; q++) {
            assert_true(count < QUERIES_MOST);
            all[count++] = *q;
        }
    return all;
}

unsigned query_variants(const struct query *q)
{
    unsigned count = 1;
    for (int i = 0; q->clauses[i]; i++)
        count *= 2;
    return count;
}

/* ---- Values ---- */

#define ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define CLIENT "(SELECT MIN(id) FROM client WHERE org_id = " ORG " AND name = 'Hôtel Bellerive')"
#define CONTACT "(SELECT MIN(id) FROM contact WHERE org_id = " ORG " AND email_key = 'claire.delmas@bellerive.example')"
#define PERSON "(SELECT id FROM person WHERE email_key = 'claire.delmas@bellerive.example')"
#define SABINE "(SELECT id FROM person WHERE email_key = 'sabine.cozic@froid-atlantique.example')"
#define MEMBER "(SELECT MIN(id) FROM member WHERE org_id = " ORG " AND person_id = " SABINE ")"
#define TICKET "(SELECT id FROM ticket WHERE org_id = " ORG " AND number = 1208)"
#define TOKENLESS "MIN(id) FROM mandate WHERE org_id = " ORG " AND kind = 'access'"   /* a mandate that is no token yet */
#define LANTERNE "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"      /* a partner */
#define TIVOLI "(SELECT id FROM organization WHERE slug = 'boulangerie-tivoli')"        /* a dossier of its */
#define DOSSIER "(SELECT id FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " TIVOLI ")"
#define DOSSIER_MANDATE "(SELECT mandate_id FROM dossier WHERE org_id = " LANTERNE " AND client_org_id = " TIVOLI ")"
#define INES "(SELECT id FROM person WHERE email_key = 'ines.rolland@lanterne.example')"
#define INES_MEMBER "(SELECT id FROM member WHERE org_id = " LANTERNE " AND person_id = " INES ")"
#define LASTING " FROM dossier d JOIN support_request r ON r.org_id = d.client_org_id AND r.mandate_id = d.support_id " \
    "WHERE d.request_id IS NULL AND r.is_lasting = 1 AND r.answer = 'granted' ORDER BY d.support_id LIMIT 1"
#define TIVOLI_MEMBER "(SELECT MIN(id) FROM member WHERE org_id = " TIVOLI ")"
#define SPARE "4343"            /* rows of queries_fill: a message without a body, a client without texts, an organization with nothing */
#define LATE "9000000000000000000"
#define NEW "9100000000000000001"

#define SITE "(SELECT MIN(id) FROM site WHERE org_id = " ORG " AND name = 'Cuisine centrale' AND client_id = " CLIENT ")"
#define MACHINE "(SELECT MIN(id) FROM equipment WHERE org_id = " ORG " AND site_id = " SITE ")"

#define FITTER "SELECT MIN(member_id) FROM technician WHERE org_id = " ORG
#define WIDE_JOB "SELECT MIN(id) FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND site_id = " SITE   /* one within reach of a link to the site */
#define JOB(state) "SELECT MIN(id) FROM job WHERE org_id = " ORG " AND id > 4380 AND state = '" state "'"

/* Of the client, on a site, done; and its photo (queries_fill). */
#define DONE_JOB(what) "SELECT " what " FROM job WHERE org_id = " ORG " AND id = (SELECT MIN(id) FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND state = 'done' AND site_id IS NOT NULL)"
#define PHOTO "4382"

enum value_kind { V_INT, V_TEXT, V_BYTES, V_NULL };

/* What a parameter is given. A query's own value goes before that of its file (a name with a dot), and that before the one for all of them. SQL, or the value itself. */
static const struct value_row { const char *query, *name; enum value_kind kind; const char *value; } values[] = {
    /* whose */
    { NULL, "org", V_INT, "SELECT " ORG }, { NULL, "org_id", V_INT, "SELECT " ORG }, { NULL, "at_org", V_INT, "SELECT " ORG },
    { NULL, "log", V_INT, "SELECT " ORG }, { NULL, "organization_id", V_INT, "SELECT " ORG },
    { "journal_head_make", "log", V_INT, SPARE }, { "client_number_begin", "org", V_INT, SPARE }, { "site_number_begin", "org", V_INT, SPARE },
    { "demo_ticket_counter_insert", "org", V_INT, SPARE }, { "demo_client_counter_insert", "org", V_INT, SPARE },
    { NULL, "client", V_INT, "SELECT " CLIENT }, { NULL, "of_client", V_INT, "SELECT " CLIENT }, { NULL, "client_id", V_INT, "SELECT " CLIENT },
    { NULL, "scope_id", V_INT, "SELECT " CLIENT }, { "demo_client_text_insert", "client_id", V_INT, SPARE },
    { NULL, "contact", V_INT, "SELECT " CONTACT }, { NULL, "of_contact", V_INT, "SELECT " CONTACT }, { NULL, "contact_id", V_INT, "SELECT " CONTACT },
    { NULL, "by_contact", V_INT, "SELECT " CONTACT }, { NULL, "by_member", V_NULL, "" }, { "demo_comment_insert", "member_id", V_NULL, "" },
    { NULL, "person", V_INT, "SELECT " PERSON }, { NULL, "person_id", V_INT, "SELECT " PERSON }, { NULL, "holder_id", V_INT, "SELECT " PERSON },
    { NULL, "of_person", V_INT, "SELECT " PERSON }, { NULL, "agreed_by", V_INT, "SELECT " SABINE }, { NULL, "ended_by", V_INT, "SELECT " SABINE },
    { "authority_of_member", "person", V_INT, "SELECT " SABINE },
    { NULL, "member", V_INT, "SELECT " MEMBER }, { NULL, "member_id", V_INT, "SELECT " MEMBER }, { NULL, "assignee", V_INT, "SELECT " MEMBER },
    { NULL, "assignee_id", V_INT, "SELECT " MEMBER },
    { NULL, "session", V_INT, "SELECT MIN(id) FROM session WHERE person_id = " PERSON }, { NULL, "session_id", V_INT, "SELECT MIN(id) FROM session WHERE person_id = " PERSON },
    { NULL, "but_id", V_INT, "0" },
    { NULL, "mandate", V_INT, "SELECT MIN(id) FROM mandate WHERE org_id = " ORG " AND holder_contact_id = " CONTACT " AND detail = 'tickets'" },
    { NULL, "mandate_id", V_INT, "SELECT MIN(id) FROM mandate WHERE org_id = " ORG " AND holder_contact_id = " CONTACT " AND detail = 'tickets'" },
    { "holder_insert", "mandate_id", V_INT, NEW }, { "membership_insert", "member_id", V_INT, NEW },
    { "membership_accept", "mandate_id", V_INT, "4345" }, { "membership_drop", "mandate_id", V_INT, "4346" }, { "membership_drop", "state", V_TEXT, "expired" },
    { "administrators_take", "member_id", V_INT, NEW },
    { NULL, "of_member", V_INT, "SELECT " MEMBER }, { NULL, "of_org", V_INT, "SELECT " ORG }, { "account_organizations", "person", V_INT, "SELECT " SABINE },
    { "member_of_person", "person_id", V_INT, "SELECT " SABINE }, { "invitation_open", "link_id", V_INT, "4350" }, { "invitation_take", "link_id", V_INT, "4350" },
    { "invitation_link", "of_member", V_INT, "SELECT MIN(member_id) FROM member_invitation WHERE org_id = " ORG " AND answered_at IS NULL" }, { "invitation_renew", "link_id", V_INT, NEW }, { "invitation_add", "link_id", V_INT, NEW }, { "invitation_add", "mandate_id", V_INT, "4346" },
    { "invitation_renew", "mandate_id", V_INT, "4345" }, { "invitation_end", "mandate_id", V_INT, "4345" },
    { "register_list", "state", V_TEXT, "active" }, { "register_list", "kind", V_TEXT, "access" }, { NULL, "ended_why", V_TEXT, "withdrawn" },
    { NULL, "of_mandate", V_INT, "SELECT MIN(id) FROM mandate WHERE org_id = " ORG " AND holder_contact_id = " CONTACT " AND detail = 'tickets'" },
    { "register_journal", "of_mandate", V_INT, "0" }, { NULL, "of_ticket", V_INT, "SELECT " TICKET },
    { NULL, "token_id", V_INT, "4347" }, { NULL, "of_member", V_NULL, "" }, { NULL, "ends_at", V_INT, LATE }, { NULL, "ends_on", V_INT, "30000" },
    { "token_find", "hash", V_TEXT, "t" }, { "token_insert", "hash", V_TEXT, "u" }, { "token_insert", "id", V_INT, "SELECT " TOKENLESS },
    { NULL, "follower", V_INT, "4371" }, { NULL, "tie", V_INT, "4372" }, { "tie_add", "kind", V_TEXT, "ticket" }, { NULL, "relation", V_TEXT, "related" },
    { NULL, "other", V_INT, "SELECT id FROM ticket WHERE org_id = " ORG " AND number = 1209" }, { "tie_find", "number", V_INT, "1207" },
    { "tie_add", "object_id", V_INT, "SELECT id FROM ticket WHERE org_id = " ORG " AND number = 1206" },
    { "follower_add", "of_member", V_NULL, "" }, { "follower_add", "ticket", V_INT, "SELECT id FROM ticket WHERE org_id = " ORG " AND number = 1206" },
    { NULL, "template_id", V_INT, "4370" }, { NULL, "due_at", V_INT, "5" }, { NULL, "due_from_at", V_INT, "5" }, { NULL, "due_paused_at", V_NULL, "" },
    { NULL, "is_due_by_hand", V_INT, "0" }, { NULL, "due_hours", V_INT, "4" }, { NULL, "is_open", V_INT, "1" }, { NULL, "stretch", V_INT, "2000" },
    { NULL, "today", V_INT, "SELECT due_at + 1 FROM ticket WHERE org_id = " ORG " AND due_at IS NOT NULL ORDER BY due_at, id LIMIT 1 OFFSET 12" },
    { NULL, "until", V_INT, "5" }, { "desk_due_list", "until", V_INT, "SELECT due_at + 1 FROM ticket WHERE org_id = " ORG " AND due_at IS NOT NULL ORDER BY due_at, id LIMIT 1 OFFSET 12" },
    { "desk_due_list", "page_after", V_INT, "0" }, { "desk_mine", "of_member", V_INT, "SELECT " MEMBER }, { "desk_counts", "of_member", V_INT, "SELECT " MEMBER },
    { "desk_next_mine", "of_member", V_INT, "SELECT " MEMBER },
    /* rows */
    { NULL, "ticket", V_INT, "SELECT " TICKET }, { NULL, "ticket_id", V_INT, "SELECT " TICKET }, { NULL, "object_id", V_INT, "SELECT " TICKET },
    { NULL, "comment_id", V_INT, "SELECT MIN(id) FROM comment WHERE org_id = " ORG " AND ticket_id = " TICKET },
    { NULL, "file", V_INT, "SELECT MIN(id) FROM attachment WHERE org_id = " ORG " AND ticket_id = " TICKET },
    { NULL, "first_id", V_INT, "0" }, { NULL, "last_id", V_INT, LATE },
    { NULL, "type_id", V_INT, "SELECT type_id FROM ticket WHERE org_id = " ORG " AND id = " TICKET },
    { NULL, "priority_id", V_INT, "SELECT priority_id FROM ticket WHERE org_id = " ORG " AND id = " TICKET },
    { NULL, "priority", V_INT, "SELECT priority_id FROM ticket WHERE org_id = " ORG " AND id = " TICKET },
    { NULL, "link_id", V_INT, "SELECT MIN(id) FROM mail_link WHERE person_id = " PERSON }, { NULL, "mail_id", V_INT, "SELECT MIN(mail_id) FROM mail_body" },
    { NULL, "id", V_INT, NEW }, { "mail_take", "id", V_INT, SPARE }, { "mail_sent", "id", V_INT, SPARE }, { "mail_put_off", "id", V_INT, SPARE },
    { "mail_body", "id", V_INT, "SELECT MIN(mail_id) FROM mail_body" }, { "mail_body_insert", "id", V_INT, SPARE },
    { "mail_file_insert", "id", V_INT, SPARE }, { "mail_file_purge", "of_state", V_TEXT, "sent" },
    { "work_done", "id", V_INT, SPARE }, { "work_put_off", "id", V_INT, SPARE }, { "word_remove", "id", V_INT, "SELECT " TICKET },
    { "word_of_show", "id", V_INT, "SELECT " TICKET }, { "word_of_put", "id", V_INT, "SELECT " TICKET },
    { "client_put", "id", V_INT, "SELECT " CLIENT }, { "client_text_put", "id", V_INT, "SELECT " CLIENT },
    { "contact_put", "id", V_INT, "SELECT " CONTACT }, { "contact_unbind", "id", V_INT, "SELECT " CONTACT },
    { NULL, "number", V_INT, "99999999" }, { "client_add", "number", V_TEXT, "C-99999" }, { "demo_client_insert", "number", V_TEXT, "C-99999" },
    { "journal_payload_delete", "number", V_INT, "SELECT MAX(number) FROM journal_payload WHERE org_id = " ORG },
    { "journal_payload_insert", "number", V_INT, "99999998" }, { "journal_erasure", "number", V_INT, "1" }, { "journal_erasures", "number", V_INT, "1" },
    { NULL, "start", V_INT, "0" }, { NULL, "upto", V_INT, "2" }, { NULL, "seeds", V_INT, "1" }, { NULL, "clients", V_INT, "1" }, { NULL, "first_seed", V_INT, "482" },
    { NULL, "first_client_id", V_INT, "SELECT " CLIENT }, { NULL, "start_at", V_INT, "5" }, { NULL, "step_ms", V_INT, "1" }, { "demo_scale_tickets", "last", V_INT, "1209" }, { "demo_scale_tickets", "upto", V_INT, "1" },
    { "demo_scale_tickets", "first_id", V_INT, NEW }, { "demo_scale_clients", "first_id", V_INT, NEW }, { "demo_scale_client_texts", "first_id", V_INT, SPARE },
    { "demo_scale_contacts", "first_id", V_INT, SPARE }, { "demo_scale_client_words", "first_id", V_INT, SPARE }, { "demo_scale_openings", "first_id", V_INT, "SELECT " TICKET },
    { "demo_scale_ticket_words", "first_id", V_INT, "SELECT id FROM ticket WHERE org_id = " ORG " AND number = 1205" },
    { NULL, "of_message", V_INT, "4371" }, { "inbound_seen_add", "hash", V_TEXT, "m9" }, { "inbound_seen_landed", "hash", V_TEXT, "m1" }, { "inbound_aside_add", "hash", V_TEXT, "" },
    { "inbound_aside_add", "reason", V_TEXT, "sender" }, { "inbound_aside_add", "id", V_INT, NEW }, { "inbound_text_add", "id", V_INT, "4372" }, { "inbound_drop", "of_message", V_INT, "4372" },
    { "inbound_file", "of_message", V_INT, "4372" }, { NULL, "since", V_INT, "0" }, { NULL, "before", V_INT, LATE }, { NULL, "file_count", V_INT, "1" },
    { NULL, "reply_ticket_id", V_NULL, "" }, { NULL, "reply_contact_id", V_NULL, "" }, { NULL, "reply_member_id", V_NULL, "" }, { "inbound_of_mail", "mail_id", V_INT, SPARE },
    { NULL, "floor", V_INT, "0" }, { NULL, "count", V_INT, "1" }, { NULL, "of_import", V_INT, "4351" }, { NULL, "of_export", V_INT, "4352" },
    { "import_client_find", "number", V_TEXT, "C-00482" }, { "import_client_named", "name_key", V_TEXT, "SELECT name_key FROM client WHERE id = " CLIENT },
    { "import_contact_find", "name_key", V_TEXT, "SELECT name_key FROM contact WHERE id = " CONTACT }, { "import_client_put", "id", V_INT, "SELECT " CLIENT },
    { "import_client_text_begin", "id", V_INT, SPARE }, { "import_client_text_put", "id", V_INT, "SELECT " CLIENT }, { "import_contact_put", "id", V_INT, "SELECT " CONTACT },
    { "import_start", "id", V_INT, "4351" }, { "import_cancel", "id", V_INT, "4351" }, { "import_take", "id", V_INT, "4351" }, { "import_take", "state", V_TEXT, "checked" }, { "import_progress", "id", V_INT, "4351" },
    { "import_progress", "state", V_TEXT, "checked" }, { "import_end", "id", V_INT, "4351" }, { "import_end", "state", V_TEXT, "done" }, { "import_error_add", "id", V_INT, "4351" },
    { "import_error_clear", "id", V_INT, "4351" }, { "import_let_go", "id", V_INT, "4351" }, { "transfer_file_drop", "hash", V_TEXT, "f1" }, { NULL, "own", V_INT, "SELECT " PERSON },
    { NULL, "since", V_INT, "0" }, { "import_stop", "id", V_INT, "4351" },
    { NULL, "of_run", V_INT, "4364" }, { "portal_invitation_add", "audience", V_TEXT, "all" }, { NULL, "was", V_TEXT, "counted" }, { NULL, "by_name", V_TEXT, "a" }, { "portal_invitation_mark", "email_key", V_TEXT, "neuf@exemple.example" }, { NULL, "is_again", V_INT, "0" },
    { "portal_invitation_state", "state", V_TEXT, "cancelled" }, { "portal_invitation_take", "state", V_TEXT, "counted" }, { "portal_invitation_count", "state", V_TEXT, "counting" },
    { NULL, "cursor_id", V_INT, "0" }, { NULL, "seen", V_INT, "1" }, { NULL, "wanted", V_INT, "1" }, { NULL, "without_email", V_INT, "1" }, { NULL, "without_access", V_INT, "1" },
    { NULL, "recent", V_INT, "1" }, { NULL, "muted", V_INT, "1" }, { NULL, "doubled", V_INT, "1" }, { NULL, "sent", V_INT, "1" }, { NULL, "given", V_INT, "1" },
    { "mail_mute_find", "mail_id", V_INT, "4365" }, { "portal_invitation_contacts", "page_limit", V_INT, "200" },
    { "export_take", "id", V_INT, "4353" }, { "export_progress", "id", V_INT, "4353" }, { "export_finish", "id", V_INT, "4353" }, { "export_remove", "id", V_INT, "4352" },
    { "word_cut", "kind", V_TEXT, "client" }, { "import_list", "kind", V_TEXT, "clients" }, { "import_add", "kind", V_TEXT, "clients" }, { "export_add", "kind", V_TEXT, "clients" }, { NULL, "mode", V_TEXT, "good" },
    { "import_client_put", "kind", V_TEXT, "company" }, { NULL, "orphans", V_INT, "1" }, { "contact_place", "of_contact", V_INT, "4354" }, { "import_error_list", "page_after", V_INT, "-1" },
    { NULL, "line", V_INT, "2" }, { NULL, "is_update", V_INT, "0" }, { NULL, "is_all", V_INT, "0" }, { NULL, "row_count", V_INT, "1" }, { NULL, "row_done", V_INT, "1" },
    { NULL, "changed", V_INT, "1" }, { NULL, "refused", V_INT, "1" }, { NULL, "error_count", V_INT, "1" }, { NULL, "byte_count", V_INT, "1" }, { NULL, "cursor_at", V_INT, "1" },
    { NULL, "cursor_id", V_INT, "1" },
    /* times, counts */
    { NULL, "at", V_INT, "5" }, { NULL, "said_at", V_INT, "5" }, { NULL, "changed_at", V_INT, "5" }, { NULL, "password_at", V_INT, "5" },
    { NULL, "run_at", V_INT, "5" }, { NULL, "next_at", V_INT, "5" }, { NULL, "used_at", V_INT, "5" },
    { NULL, "seen_at", V_INT, LATE }, { NULL, "expires_at", V_INT, LATE }, { NULL, "before", V_INT, "1000" }, { NULL, "idle_since", V_INT, "0" },
    { "mail_body_purge", "of_state", V_TEXT, "sent" }, { "mail_purge", "of_state", V_TEXT, "queued" },   /* the spare one, which has no body */
    { "work_purge", "of_state", V_TEXT, "done" }, { NULL, "window_since", V_INT, "0" },
    { "sign_in_place", "remote", V_TEXT, "192.0.2.1" }, { "sign_in_place", "since", V_INT, "0" }, { NULL, "after", V_INT, "0" }, { NULL, "most", V_INT, "500" }, { NULL, "lock", V_INT, "1" },
    { NULL, "added", V_INT, "1" }, { NULL, "comment_count", V_INT, "0" }, { NULL, "is_default", V_INT, "0" }, { NULL, "is_internal", V_INT, "0" },
    { NULL, "is_operator", V_INT, "0" }, { NULL, "is_partner", V_INT, "0" }, { NULL, "is_portal_open", V_INT, "1" }, { NULL, "last", V_INT, "7" },
    { NULL, "backup_at", V_INT, "5" }, { "epoch_insert", "number", V_INT, "9" },
    { NULL, "position", V_INT, "9" }, { NULL, "size_bytes", V_INT, "10" },
    { NULL, "of_calendar", V_INT, "4366" }, { "link_calendars_end", "of_link", V_INT, "SELECT mandate_id FROM calendar WHERE id = 4366" }, { NULL, "in_site", V_INT, "SELECT " SITE }, { NULL, "in_job", V_INT, WIDE_JOB }, { "wish_add", "part", V_TEXT, "any" }, { "word_cut", "kind", V_TEXT, "client" }, { "wish_answer", "in_state", V_TEXT, "declined" }, { "voice_job", "of_job", V_INT, WIDE_JOB }, { "voice_take", "of_job", V_INT, WIDE_JOB },
    { "wish_count", "of_job", V_INT, "SELECT MIN(job_id) FROM job_wish WHERE org_id = " ORG }, { "wish_answer", "of_job", V_INT, "SELECT MIN(job_id) FROM job_wish WHERE state = 'open' AND org_id = " ORG },
    { "wish_add", "of_job", V_INT, "SELECT MIN(j.id) FROM job j WHERE j.org_id = " ORG " AND 0 = (SELECT COUNT(*) FROM job_wish w WHERE w.job_id = j.id)" },
    { "rating_put", "of_job", V_INT, JOB("planned") }, { "calendar_client_past", "upto", V_INT, LATE }, { "calendar_member_past", "upto", V_INT, LATE },
    { "calendar_member_ahead", "of_member", V_INT, "SELECT member_id FROM job WHERE org_id = " ORG " AND member_id IS NOT NULL ORDER BY id LIMIT 1" },
    { "calendar_member_past", "of_member", V_INT, "SELECT member_id FROM job WHERE org_id = " ORG " AND member_id IS NOT NULL ORDER BY id LIMIT 1" }, { "calendar_add", "of_member", V_NULL, "" },
    { NULL, "many", V_INT, "0" }, { "tell_muted", "email_key", V_TEXT, "x@y.example" },
    /* jobs: one in each state */
    { "word_cut", "kind", V_TEXT, "client" }, { NULL, "of_link", V_INT, "4500" }, { "link_claim_job", "of_job", V_INT, "4307" }, { NULL, "of_state", V_TEXT, "active" }, { "link_openings", "page_after", V_INT, LATE }, { "link_list", "page_after", V_INT, LATE }, { "link_list_paused", "page_after", V_INT, LATE }, { "link.sql", "mandate", V_INT, "4500" }, { "link.sql", "session", V_INT, "4503" }, { NULL, "browser_id", V_INT, "4502" }, { NULL, "generation", V_INT, "1" },
    { "link_browser_find", "hash", V_TEXT, "lb" }, { "authority_of_link", "hash", V_TEXT, "lb" }, { "link_browser_insert", "hash", V_TEXT, "ld" }, { "link_browser_renew", "hash", V_TEXT, "le" },
    { "link_browser_renew", "id", V_INT, "4502" }, { NULL, "opened_at", V_INT, "5" }, { "link.sql", "session_id", V_INT, "4503" }, { "link_code_try", "session_id", V_INT, "4504" }, { "link_proved", "session_id", V_INT, "4504" },
    { NULL, "idle_since", V_INT, "0" }, { "link_resume", "of_link", V_INT, "4501" }, { NULL, "most_openings", V_INT, "5" }, { NULL, "asks_code", V_INT, "1" }, { "link_insert", "id", V_INT, "4505" },
    { "link_shell", "mandate", V_INT, "4500" }, { NULL, "detail", V_TEXT, "ask" }, { "link.sql", "of_site", V_INT, "SELECT " SITE }, { NULL, "code_until", V_INT, LATE },
    { "gallery_photos", "of_job", V_INT, DONE_JOB("id") }, { "gallery_photo", "of_job", V_INT, DONE_JOB("id") }, { "gallery_client_job", "of_job", V_INT, DONE_JOB("id") },
    { "gallery_client_job", "in_job", V_INT, DONE_JOB("id") }, { "gallery_client_job", "in_site", V_INT, DONE_JOB("site_id") }, { NULL, "of_photo", V_INT, PHOTO }, { NULL, "shared", V_INT, "0" },
    { "picture_type", "of_file", V_INT, "4381" }, { "picture_wait", "of_file", V_INT, "4381" }, { "picture_source", "of_file", V_INT, "4383" }, { "picture_ready", "of_file", V_INT, "4383" },
    { "picture_refuse", "of_file", V_INT, "4383" }, { NULL, "shown_hash", V_TEXT, "SELECT MIN(hash) FROM file WHERE org_id = " ORG }, { NULL, "small_hash", V_TEXT, "SELECT MIN(hash) FROM file WHERE org_id = " ORG },
    { NULL, "is_slow", V_INT, "0" }, { "work_lease", "id", V_INT, SPARE },
    { "sheet_client_job", "of_job", V_INT, DONE_JOB("id") }, { "sheet_client_job", "only_job", V_INT, DONE_JOB("id") }, { "sheet_client_job", "only_site", V_INT, DONE_JOB("site_id") },
    { "sheet_equipment", "of_job", V_INT, "SELECT MIN(job_id) FROM job_equipment WHERE org_id = " ORG },
    { "sheet_pictures", "of_job", V_INT, DONE_JOB("id") }, { "sheet_pictures", "of_kind", V_TEXT, "photo" },
    /* what a client sees of its field work: the parameters of scope are a job that is done, its site, and what stands there */
    { NULL, "only_site", V_INT, "SELECT " SITE }, { "portal_job_show", "in_job", V_INT, DONE_JOB("id") }, { "portal_job_file", "in_job", V_INT, DONE_JOB("id") }, { NULL, "is_on", V_INT, "1" },
    { NULL, "sees_sites", V_INT, "1" }, { NULL, "sees_equipment", V_INT, "1" }, { NULL, "sees_reports", V_INT, "1" }, { NULL, "sees_photos", V_INT, "1" }, { NULL, "day_starts", V_INT, "0" }, { NULL, "day_ends", V_INT, LATE },
    { NULL, "asked_since", V_INT, "0" }, { NULL, "hour_since", V_INT, "0" }, { NULL, "day_since", V_INT, "0" }, { NULL, "offered", V_INT, "1" }, { "portal_job_list", "state", V_TEXT, "done" }, { "portal_job_search", "state", V_TEXT, "done" }, { "portal_job_search_end", "state", V_TEXT, "done" },
    { "portal_job_list", "in_site", V_INT, DONE_JOB("site_id") }, { "portal_job_search", "in_site", V_INT, DONE_JOB("site_id") }, { "portal_job_search_end", "in_site", V_INT, DONE_JOB("site_id") },
    { "portal_job_of_equipment", "of_equipment", V_INT, "SELECT MIN(equipment_id) FROM job_equipment WHERE org_id = " ORG " AND job_id = (" DONE_JOB("id") ")" }, { "portal_job_of_equipment", "in_site", V_INT, DONE_JOB("site_id") },
    { "portal_job_show", "of_job", V_INT, DONE_JOB("id") }, { "portal_job_show", "in_site", V_INT, DONE_JOB("site_id") }, { "portal_job_asked", "of_job", V_INT, DONE_JOB("id") },
    { "portal_job_equipment", "of_job", V_INT, DONE_JOB("id") }, { "portal_job_equipment", "in_site", V_INT, DONE_JOB("site_id") },
    { "portal_job_files", "of_job", V_INT, DONE_JOB("id") }, { "portal_job_file", "of_job", V_INT, DONE_JOB("id") }, { "portal_job_file", "in_site", V_INT, DONE_JOB("site_id") }, { "portal_job_file", "of_file", V_INT, "4387" },
    { "portal_site_list", "page_after", V_TEXT, "a" }, { "portal_site_search", "page_after", V_TEXT, "a" }, { "portal_site_search_end", "page_after", V_TEXT, "a" },
    { "portal_equipment_list", "page_after", V_TEXT, "a" }, { "portal_equipment_search", "page_after", V_TEXT, "a" }, { "portal_equipment_search_end", "page_after", V_TEXT, "a" },
    { "portal_site_search", "word", V_TEXT, "cuisine" }, { "portal_site_search", "word2", V_TEXT, "cuisine" }, { "portal_site_search", "word3", V_TEXT, "centrale" },
    { "portal_equipment_search", "word", V_TEXT, "boreal" }, { "portal_equipment_search", "word2", V_TEXT, "boreal" }, { "portal_equipment_search", "word3", V_TEXT, "chambre" },
    { "portal_job_search", "word2", V_TEXT, "bellerive" }, { "portal_job_search", "word3", V_TEXT, "hotel" }, { "portal_type_of", "of_type", V_INT, "SELECT MIN(id) FROM job_type WHERE org_id = " ORG " AND is_offered = 1" },
    { NULL, "of_job", V_INT, JOB("to_plan") }, { NULL, "of_type", V_INT, "SELECT MIN(id) FROM job_type WHERE org_id = " ORG }, { "job_number_begin", "org", V_INT, SPARE },
    { "job_leave", "of_job", V_INT, JOB("planned") }, { "job_arrive", "of_job", V_INT, JOB("planned") }, { "job_unplan", "of_job", V_INT, JOB("planned") },
    { "job_finish", "of_job", V_INT, JOB("started") }, { "job_reopen_done", "of_job", V_INT, JOB("done") }, { "job_reopen_cancelled", "of_job", V_INT, JOB("cancelled") },
    { NULL, "starts_at", V_INT, "1000" }, { NULL, "planned_end", V_INT, LATE }, { "job_technician_of", "of_member", V_INT, "SELECT " MEMBER }, { "job_plan", "of_member", V_INT, "SELECT " MEMBER },
    { "job_equipment_of", "of_equipment", V_INT, "SELECT " MACHINE }, { "job_equipment_add", "id", V_INT, JOB("to_plan") " AND NOT EXISTS (SELECT 1 FROM job_equipment e WHERE e.job_id = job.id AND e.equipment_id = " MACHINE ")" },
    { "job_text_add", "id", V_INT, "4380" }, { "import_job_text_add", "id", V_INT, "4380" }, { NULL, "is_urgent", V_INT, "0" }, { NULL, "before_on", V_NULL, "" }, { NULL, "asked_how", V_TEXT, "office" }, { NULL, "asked_contact", V_NULL, "" },
    { NULL, "asked_mandate", V_NULL, "" }, { NULL, "of_visit", V_NULL, "" },
    { "organization_option_drop", "name", V_TEXT, "gallery" }, { "demo_job_counter_insert", "org", V_INT, SPARE }, { "demo_job_text_insert", "id", V_INT, "4380" }, { "demo_job_rating_insert", "id", V_INT, JOB("planned") }, { NULL, "minutes", V_INT, "60" },
    { "demo_job_insert", "in_state", V_TEXT, "to_plan" }, { NULL, "of_technician", V_INT, "SELECT " MEMBER }, { NULL, "plan_count", V_INT, "1" }, { NULL, "left_at", V_NULL, "" },
    { NULL, "arrived_at", V_NULL, "" }, { NULL, "finished_at", V_NULL, "" }, { NULL, "cancelled_at", V_NULL, "" }, { NULL, "changed_at", V_INT, "5" }, { NULL, "signed_at", V_NULL, "" },
    { NULL, "stars", V_INT, "4" }, { NULL, "wanted_on", V_NULL, "" }, { "demo_job_wish_insert", "of_job", V_INT, "SELECT MAX(id) FROM job WHERE org_id = " ORG " AND state = 'planned'" }, { NULL, "every_months", V_INT, "6" }, { NULL, "next_on", V_INT, "30000" },
    /* planning */
    { "planning_day", "of_member", V_INT, FITTER }, { "planning_day_equipment", "of_member", V_INT, FITTER }, { "planning_left", "of_member", V_INT, FITTER }, { "planning_clashes", "of_member", V_INT, FITTER },
    { "planning_technician", "of_member", V_INT, "SELECT " MEMBER }, { "planning_waiting_count", "most", V_INT, "51" }, { "planning_late_count", "most", V_INT, "51" },
    { "planning_week_count", "most", V_INT, "200" }, { "planning_tickets", "most", V_INT, "51" }, { "planning_rating", "most", V_INT, "200" }, { "planning_load", "most", V_INT, "501" },
    { "planning_clashes", "starts_at", V_INT, "SELECT MIN(planned_start) FROM job WHERE org_id = " ORG " AND state = 'planned' AND member_id = (" FITTER ")" },
    { "planning_clashes", "ends_at", V_INT, "SELECT MIN(planned_end) FROM job WHERE org_id = " ORG " AND state = 'planned' AND member_id = (" FITTER ")" },
    { "planning_clashing_absences", "of_member", V_INT, "SELECT MAX(member_id) FROM absence WHERE org_id = " ORG }, { "planning_week_count", "in_state", V_TEXT, "planned" },
    { NULL, "of_absence", V_INT, "SELECT MIN(id) FROM absence WHERE org_id = " ORG }, { "planning_ending", "until", V_INT, LATE },
    { "planning_technician_put", "of_member", V_INT, FITTER },
    { "planning_photo_count", "of_job", V_INT, "SELECT job_id FROM job_file WHERE org_id = " ORG " AND id = 4382" }, { "planning_absence_add", "of_member", V_INT, "SELECT " MEMBER },
    { NULL, "kept_client", V_INT, "0" }, { NULL, "kept_site", V_INT, "0" }, { NULL, "kept_state", V_TEXT, "" }, { NULL, "kept_technician", V_INT, "0" }, { NULL, "kept_type", V_INT, "0" },
    { NULL, "kept_urgent", V_INT, "0" }, { NULL, "from_ms", V_INT, "0" }, { NULL, "upto_ms", V_INT, "0" }, { NULL, "first_ms", V_INT, "0" }, { NULL, "last_ms", V_INT, LATE },
    { "recurrence_add", "of_site", V_NULL, "" }, { "recurrence_put", "of_site", V_NULL, "" }, { NULL, "lead_days", V_INT, "30" }, { NULL, "day_of_month", V_INT, "31" }, { NULL, "most_days", V_INT, "120" },
    { "recurrence_due", "today", V_INT, "90000" }, { "recurrence_take", "was_on", V_INT, "SELECT next_on FROM visit WHERE org_id = " ORG " ORDER BY id LIMIT 1" }, { "recurrence_state", "is_active", V_INT, "0" },
    { "recurrence_show", "of_visit", V_INT, "SELECT MIN(id) FROM visit WHERE org_id = " ORG }, { "recurrence_put", "of_visit", V_INT, "SELECT MIN(id) FROM visit WHERE org_id = " ORG },
    { "recurrence_state", "of_visit", V_INT, "SELECT MIN(id) FROM visit WHERE org_id = " ORG }, { "recurrence_end", "of_visit", V_INT, "SELECT MIN(id) FROM visit WHERE org_id = " ORG },
    { "recurrence_take", "of_visit", V_INT, "SELECT MIN(id) FROM visit WHERE org_id = " ORG },
    { "job_list", "in_state", V_TEXT, "done" }, { "job_list_end", "in_state", V_TEXT, "done" }, { "job_by_date", "in_state", V_TEXT, "done" }, { "job_by_date_end", "in_state", V_TEXT, "done" },
    { "job_search", "word", V_TEXT, "hotel" }, { "job_search", "word_end", V_TEXT, "hotem" }, { "job_search", "word2", V_TEXT, "hotel" }, { "job_search", "word3", V_TEXT, "hotel" },
    { "job_show", "of_job", V_INT, JOB("done") }, { "job_files", "of_job", V_INT, JOB("to_plan") }, { "job_file_show", "of_file", V_INT, "4381" }, { "job_file_share", "of_file", V_INT, "4381" },
    { "job_file_remove", "of_file", V_INT, "4381" }, { "job_file_add", "kind", V_TEXT, "attachment" }, { NULL, "is_private", V_INT, "1" }, { NULL, "is_offered", V_INT, "1" }, { NULL, "is_active", V_INT, "1" },
    { "job_machines_of", "of_job", V_INT, "SELECT MIN(job_id) FROM job_equipment WHERE org_id = " ORG }, { "job_equipment_clear", "of_job", V_INT, "SELECT MIN(job_id) FROM job_equipment WHERE org_id = " ORG },
    { "job_put", "of_site", V_NULL, "" }, { "job_put", "of_contact", V_NULL, "" }, { "job_late", "now", V_INT, LATE }, { "job_late_end", "now", V_INT, LATE }, { "job_contacts_named", "name", V_TEXT, "Claire Delmas" },
    { "journal_of_object", "object_id", V_INT, "SELECT object_id FROM journal WHERE org_id = " ORG " AND object_kind = 'ticket' ORDER BY number LIMIT 1" }, { "journal_of_object", "object_kind", V_TEXT, "ticket" },
    /* sites and equipment */
    { NULL, "of_site", V_INT, "SELECT " SITE }, { "site_contact", "of_choice", V_INT, "SELECT " CONTACT }, { "equipment_site", "of_choice", V_INT, "SELECT " SITE }, { NULL, "of_equipment", V_INT, "SELECT " MACHINE }, { NULL, "at_city", V_TEXT, "la baule escoublac" },
    { NULL, "in_state", V_TEXT, "in_service" }, { NULL, "warranty", V_TEXT, "ended" }, { NULL, "installed_on", V_INT, "19000" }, { NULL, "warranty_on", V_INT, "19500" },
    { "import_job_type", "name_key", V_TEXT, "entretien" }, { "import_job_technician", "name_key", V_TEXT, "SELECT name_key FROM member WHERE id = " MEMBER },
    { "import_job_machine", "serial_key", V_TEXT, "SELECT serial_key FROM equipment WHERE id = " MACHINE }, { "import_job_find", "number", V_INT, "SELECT MIN(number) FROM job" },
    { "import_job_done", "finished_at", V_INT, "SELECT finished_at FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND state = 'done' ORDER BY id LIMIT 1" }, { "import_job_done", "of_type", V_INT, "SELECT type_id FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND state = 'done' ORDER BY id LIMIT 1" },
    { "import_job_done", "title", V_TEXT, "SELECT title FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND state = 'done' ORDER BY id LIMIT 1" }, { "import_job_done", "of_site", V_INT, "SELECT site_id FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND state = 'done' ORDER BY id LIMIT 1" },
    { "import_job_waiting", "of_type", V_INT, "SELECT type_id FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND state = 'to_plan' ORDER BY id LIMIT 1" }, { "import_job_waiting", "title", V_TEXT, "SELECT title FROM job WHERE org_id = " ORG " AND client_id = " CLIENT " AND state = 'to_plan' ORDER BY id LIMIT 1" },
    { "import_job_waiting", "of_site", V_NULL, "" }, { "import_job_add", "created_at", V_INT, "5" }, { "import_job_add", "in_state", V_TEXT, "to_plan" },
    { "import_site_find", "number", V_TEXT, "SELECT number FROM site WHERE id = " SITE }, { "import_site_named", "name_key", V_TEXT, "SELECT name_key FROM site WHERE id = " SITE },
    { "import_site_put", "id", V_INT, "SELECT " SITE }, { "import_site_text_put", "id", V_INT, "SELECT " SITE }, { "import_contact_named", "name_key", V_TEXT, "SELECT name_key FROM contact WHERE id = " CONTACT },
    { "import_site_text_begin", "id", V_INT, SPARE }, { "import_equipment_text_begin", "id", V_INT, SPARE },
    { "import_equipment_find", "serial_key", V_TEXT, "SELECT serial_key FROM equipment WHERE id = " MACHINE }, { "import_equipment_find", "model", V_TEXT, "SELECT model FROM equipment WHERE id = " MACHINE },
    { "import_equipment_named", "name_key", V_TEXT, "rien" }, { "import_equipment_named", "model", V_TEXT, "Rien" }, { "import_equipment_named", "of_site", V_NULL, "" }, { "import_equipment_put", "id", V_INT, "SELECT " MACHINE },
    { "import_equipment_text_put", "id", V_INT, "SELECT " MACHINE },
    { "site_add", "number", V_TEXT, "S-9" }, { "site_put", "id", V_INT, "SELECT " SITE }, { "site_text_put", "id", V_INT, "SELECT " SITE },
    { "equipment_put", "id", V_INT, "SELECT " MACHINE }, { "equipment_text_put", "id", V_INT, "SELECT " MACHINE },
    { "equipment_same", "serial_key", V_TEXT, "SELECT serial_key FROM equipment WHERE id = " MACHINE }, { "equipment_same", "model", V_TEXT, "SELECT model FROM equipment WHERE id = " MACHINE },
    { "equipment_same", "id", V_INT, "0" },
    { "site_list", "page_after", V_TEXT, "a" }, { "equipment_list", "page_after", V_TEXT, "a" }, { "site_search", "page_after", V_TEXT, "a" }, { "equipment_search", "page_after", V_TEXT, "a" },
    { "site_search", "word", V_TEXT, "cuisine" }, { "site_search", "word_end", V_TEXT, "cuisinf" }, { "site_search", "word2", V_TEXT, "centrale" }, { "site_search", "word3", V_TEXT, "la" },
    { "site_search_by_changed", "word", V_TEXT, "cuisine" }, { "site_search_by_changed", "word_end", V_TEXT, "cuisinf" }, { "site_search_by_changed", "word2", V_TEXT, "centrale" },
    { "site_search_by_changed", "word3", V_TEXT, "la" },
    { "equipment_search", "word", V_TEXT, "boreal" }, { "equipment_search", "word_end", V_TEXT, "boream" }, { "equipment_search", "word2", V_TEXT, "chambre" }, { "equipment_search", "word3", V_TEXT, "froide" },
    { "equipment_search_by_changed", "word", V_TEXT, "boreal" }, { "equipment_search_by_changed", "word_end", V_TEXT, "boream" }, { "equipment_search_by_changed", "word2", V_TEXT, "chambre" },
    { "equipment_search_by_changed", "word3", V_TEXT, "froide" },
    /* pages */
    { NULL, "page_limit", V_INT, "51" }, { NULL, "page_id", V_INT, "0" }, { NULL, "page_after", V_INT, LATE },
    { "ticket_list", "page_after", V_INT, "SELECT changed_at FROM ticket WHERE org_id = " ORG " AND client_id = " CLIENT " ORDER BY changed_at DESC LIMIT 1 OFFSET 3" },
    { "desk_list", "page_after", V_INT, "SELECT changed_at FROM ticket WHERE org_id = " ORG " ORDER BY changed_at DESC LIMIT 1 OFFSET 60" },
    { "client_list", "page_after", V_TEXT, "SELECT name_key FROM client WHERE org_id = " ORG " ORDER BY name_key LIMIT 1 OFFSET 60" },
    { "contact_list", "page_after", V_TEXT, "SELECT name_key FROM contact WHERE org_id = " ORG " ORDER BY name_key LIMIT 1 OFFSET 60" },
    { "desk_by_due", "page_after", V_INT, "0" }, { "desk_by_due_end", "page_after", V_INT, "0" },
    { "member_list", "page_after", V_TEXT, "a" }, { "member_search", "page_after", V_TEXT, "a" }, { "client_search", "page_after", V_TEXT, "a" }, { "contact_search", "page_after", V_TEXT, "a" },
    /* words */
    { NULL, "word", V_TEXT, "bellerive" }, { NULL, "word_end", V_TEXT, "bellerivf" }, { NULL, "word2", V_TEXT, "hotel" }, { NULL, "word2_end", V_TEXT, "hotem" },
    { NULL, "word3", V_TEXT, "00482" }, { NULL, "word3_end", V_TEXT, "00483" },
    { "contact_search", "word2", V_TEXT, "claire" }, { "contact_search", "word2_end", V_TEXT, "clairf" },
    { "contact_search", "word3", V_TEXT, "delmas" }, { "contact_search", "word3_end", V_TEXT, "delmat" },
    { "desk_contacts", "word2", V_TEXT, "claire" }, { "desk_contacts", "word2_end", V_TEXT, "clairf" },
    { "desk_contacts", "word3", V_TEXT, "delmas" }, { "desk_contacts", "word3_end", V_TEXT, "delmat" },
    { "member_search", "word", V_TEXT, "cozic" }, { "member_search", "word_end", V_TEXT, "cozid" }, { "member_search", "word2", V_TEXT, "sabine" },
    { "member_search", "word2_end", V_TEXT, "sabinf" }, { "member_search", "word3", V_TEXT, "froid" }, { "member_search", "word3_end", V_TEXT, "froie" },
    { "member_search_by_created", "word", V_TEXT, "cozic" }, { "member_search_by_created", "word_end", V_TEXT, "cozid" }, { "member_search_by_created", "word2", V_TEXT, "sabine" },
    { "member_search_by_created", "word2_end", V_TEXT, "sabinf" }, { "member_search_by_created", "word3", V_TEXT, "froid" }, { "member_search_by_created", "word3_end", V_TEXT, "froie" },
    { "contact_search_by_changed", "word2", V_TEXT, "claire" }, { "contact_search_by_changed", "word3", V_TEXT, "delmas" },
    { "contact_search_by_created", "word2", V_TEXT, "claire" }, { "contact_search_by_created", "word3", V_TEXT, "delmas" },
    { "contact_unmute", "email_key", V_TEXT, "x@y.example" },
    { "word_add", "word", V_TEXT, "zzz" }, { NULL, "of_file", V_INT, "4361" }, { NULL, "is_shared", V_INT, "0" }, { "word_remove", "word", V_TEXT, "SELECT MIN(word) FROM word WHERE kind = 'ticket' AND id = " TICKET },
    /* choices */
    { NULL, "status", V_TEXT, "open" }, { NULL, "tone", V_TEXT, "normal" }, { NULL, "role", V_TEXT, "manager" }, { NULL, "part", V_TEXT, "tickets" },
    { "access_insert", "part", V_TEXT, "orders" }, { NULL, "lang", V_TEXT, "fr" }, { "mail_put_off", "state", V_TEXT, "failed" }, { "work_put_off", "state", V_TEXT, "failed" },
    { NULL, "state", V_TEXT, "active" }, { NULL, "link_kind", V_TEXT, "password" }, { "mail_insert", "kind", V_TEXT, "mail_password" }, { "work_insert", "kind", V_TEXT, "session_purge" }, { "schedule_add", "kind", V_TEXT, "another" },
    { "schedule_take", "kind", V_TEXT, "due" }, { "schedule_due", "kind", V_TEXT, "later" }, { "word_remove", "kind", V_TEXT, "ticket" }, { "word_add", "kind", V_TEXT, "ticket" },
    { "word_add_many", "kind", V_TEXT, "ticket" }, { "word_of_show", "kind", V_TEXT, "ticket" }, { "word_cut", "kind", V_TEXT, "ticket" }, { "word_of_put", "kind", V_TEXT, "ticket" },
    { "client_add", "kind", V_TEXT, "company" }, { "client_put", "kind", V_TEXT, "company" },
    { "demo_client_insert", "kind", V_TEXT, "company" }, { "demo_comment_insert", "kind", V_TEXT, "answer" }, { "comment_add", "kind", V_TEXT, "answer" },
    /* the end of mandates, and the register: 4390 is a dossier that this organization holds at another one, 4391 one that another holds here */
    { "mandate_ending_soon", "until", V_INT, LATE }, { NULL, "walk_at", V_INT, "0" }, { NULL, "walk_org", V_INT, "0" }, { NULL, "walk_mandate", V_INT, "0" },
    { NULL, "walk", V_TEXT, "warning 7" }, { NULL, "answer_by", V_INT, LATE }, { NULL, "days", V_INT, "7" }, { NULL, "of_kind", V_TEXT, "access" },
    { "mandate_answer_put", "of_mandate", V_INT, "4346" }, { "mandate_expire", "of_mandate", V_INT, "4346" }, { NULL, "of_token", V_INT, "4347" },
    { "register_holder_house", "of_mandate", V_INT, "4391" }, { NULL, "portal", V_INT, "1" }, { "register_show", "own", V_INT, "1" }, { "register_search", "state", V_TEXT, "active" },
    { "register_search", "kind", V_TEXT, "access" }, { "register_people", "word2", V_TEXT, "claire" }, { "register_people", "word2_end", V_TEXT, "clairf" },
    { "register_people", "word3", V_TEXT, "delmas" }, { "register_people", "word3_end", V_TEXT, "delmat" },
    { "register_elsewhere", "page_after", V_INT, "0" },
    /* support by consent: 4370 is active, with a session 4371; 4372 is asked for; 4373 and 4374 are dossiers asked for and closed */
    { "support.sql", "org", V_INT, "SELECT " TIVOLI }, { "support.sql", "at_org", V_INT, "SELECT " TIVOLI }, { "support.sql", "partner_id", V_INT, "SELECT " LANTERNE },
    { "support.sql", "person", V_INT, "SELECT " INES }, { "support.sql", "holder_id", V_INT, "SELECT " INES }, { "support.sql", "session", V_INT, "SELECT 1000000 + " INES },
    { "support.sql", "of_mandate", V_INT, "4370" }, { "support.sql", "member_id", V_INT, "SELECT " INES_MEMBER }, { "support.sql", "dossier_id", V_INT, "SELECT " DOSSIER },
    { "support.sql", "member", V_INT, "SELECT " TIVOLI_MEMBER }, { "support.sql", "of_member", V_INT, "SELECT " TIVOLI_MEMBER }, { NULL, "every", V_TEXT, "day" }, { NULL, "next_at", V_INT, LATE },
    { "support_lasting", "at_org", V_INT, "SELECT d.client_org_id" LASTING }, { "support_lasting", "of_mandate", V_INT, "SELECT d.support_id" LASTING },
    { "support_request_sent", "org", V_INT, "SELECT " LANTERNE }, { "support_request_sent", "of_mandate", V_INT, "4372" },
    { "support_act_add", "number", V_INT, "4399" }, { "support_act_add", "partner_number", V_INT, "4399" }, { "partner_session_list", "org", V_INT, "SELECT " LANTERNE },
    { "partner_session_show", "org", V_INT, "SELECT " LANTERNE }, { "partner_session_acts", "org", V_INT, "SELECT " LANTERNE }, { "partner_dossier_name", "org", V_INT, "SELECT " LANTERNE },
    { NULL, "since", V_INT, "0" },
    { "partner_session_list", "collaborator", V_INT, "SELECT " INES_MEMBER }, { "support.sql", "dossier", V_INT, "SELECT " DOSSIER }, { "support.sql", "before", V_INT, LATE },
    { "support_digest_told", "since_at", V_INT, "1" }, { "support_digest_visits", "since_at", V_INT, "0" },
    { NULL, "support_id", V_INT, "4371" }, { "support_dossier", "org", V_INT, "SELECT " LANTERNE }, { "support_collaborator", "org", V_INT, "SELECT " LANTERNE },
    { "support_mandate_insert", "org", V_INT, "SELECT " LANTERNE }, { "support_request_insert", "org", V_INT, "SELECT " LANTERNE }, { "support_request_insert", "id", V_INT, "4375" },
    { "support_request_close", "of_mandate", V_INT, "4372" }, { "support_mandate_drop", "of_mandate", V_INT, "4372" }, { "support_mandate_begin", "of_mandate", V_INT, "4375" },
    { "support_mandate_drop", "state", V_TEXT, "expired" }, { "support_of_member", "org", V_INT, "SELECT " LANTERNE }, { "support_session_insert", "session", V_INT, SPARE },
    { "support_mandate_begin", "level", V_TEXT, "read" },
    { "dossier_insert", "org", V_INT, "SELECT " LANTERNE }, { "dossier_insert", "at_org", V_INT, SPARE }, { "dossier_word_add", "org", V_INT, "SELECT " LANTERNE },
    { "dossier_partner_take", "org", V_INT, "SELECT " LANTERNE }, { "dossier_word_add", "word", V_TEXT, "zzz" }, { "dossier_mandate_insert", "at_org", V_INT, SPARE }, { "dossier_accept", "of_mandate", V_INT, "4373" },
    { "dossier_decline", "of_mandate", V_INT, "4373" }, { "dossier_mandate_end", "of_mandate", V_INT, "SELECT " DOSSIER_MANDATE }, { "dossier_mandate", "of_mandate", V_INT, "SELECT " DOSSIER_MANDATE },
    { "dossier_insert", "state", V_TEXT, "none" }, { "dossier_put", "state", V_TEXT, "active" }, { "dossier_mandate_insert", "state", V_TEXT, "requested" },
    { "dossier_put", "ends_at", V_INT, LATE }, { NULL, "level", V_TEXT, "management" }, { NULL, "hours", V_INT, "24" }, { NULL, "answer", V_TEXT, "refused" }, { NULL, "in_time", V_INT, "5" },
    { NULL, "answered_by", V_INT, "SELECT " SABINE }, { NULL, "is_lasting", V_INT, "0" }, { NULL, "asked_at", V_INT, "5" }, { NULL, "dies_at", V_INT, LATE },
    { NULL, "replaces_id", V_NULL, "" }, { NULL, "request_id", V_NULL, "" }, { NULL, "request_member_id", V_NULL, "" }, { "dossier_put", "support_id", V_INT, "4370" },
    { "support_session_close", "why", V_TEXT, "time" }, { "support_administrators", "at_org", V_INT, "SELECT " TIVOLI }, { "support_letter_add", "link_id", V_INT, NEW },
    { "support.sql", "link_id", V_INT, "4377" }, { NULL, "code_id", V_INT, "4378" }, { NULL, "tries_most", V_INT, "3" }, { NULL, "codes_most", V_INT, "5" },
    { "support_code_right", "link_id", V_INT, "4379" }, { "support_request_resend", "of_mandate", V_INT, "4372" }, { "support_request_resend", "org", V_INT, "SELECT " LANTERNE },
    { NULL, "sent_before", V_INT, LATE }, { NULL, "dossier", V_INT, "SELECT " DOSSIER }, { NULL, "support", V_INT, "SELECT " INES_MEMBER },
    { "dossier_list", "org", V_INT, "SELECT " LANTERNE }, { "dossier_ending", "org", V_INT, "SELECT " LANTERNE }, { "dossier_search", "org", V_INT, "SELECT " LANTERNE },
    { "dossier_show", "org", V_INT, "SELECT " LANTERNE }, { "dossier_ids", "org", V_INT, "SELECT " LANTERNE }, { "partner_collaborators", "org", V_INT, "SELECT " LANTERNE },
    { "dossier_list", "page_after", V_TEXT, "a" }, { "dossier_search", "page_after", V_TEXT, "a" }, { "dossier_ending", "page_after", V_INT, "0" }, { "dossier_ending", "until", V_INT, LATE },
    { "dossier_search", "word", V_TEXT, "boulangerie" }, { "dossier_search", "word_end", V_TEXT, "boulangerif" }, { "dossier_search", "word2", V_TEXT, "tivoli" },
    { "dossier_search", "word2_end", V_TEXT, "tivolj" }, { "dossier_search", "word3", V_TEXT, "saint" }, { "dossier_search", "word3_end", V_TEXT, "sainu" }, { "collaborator_show", "org", V_INT, "SELECT " LANTERNE }, { "collaborator_show", "of_member", V_INT, "SELECT " INES_MEMBER },
    { "collaborator_list", "org", V_INT, "SELECT " LANTERNE }, { "collaborator_list", "page_after", V_TEXT, "a" }, { "collaborator_search", "org", V_INT, "SELECT " LANTERNE },
    { "collaborator_search", "page_after", V_TEXT, "a" }, { "collaborator_search", "word", V_TEXT, "rolland" }, { "collaborator_search", "word_end", V_TEXT, "rollane" },
    { "collaborator_search", "word2", V_TEXT, "ines" }, { "collaborator_search", "word2_end", V_TEXT, "inet" }, { "collaborator_search", "word3", V_TEXT, "ines" }, { "collaborator_search", "word3_end", V_TEXT, "inet" },
    { "collaborator_phone_put", "org", V_INT, "SELECT " LANTERNE }, { "collaborator_phone_put", "of_member", V_INT, "SELECT " INES_MEMBER },
    { "collaborator_dossiers", "org", V_INT, "SELECT " LANTERNE }, { "collaborator_dossiers", "of_member", V_INT, "SELECT " INES_MEMBER },
    { "collaborator_dossier_count", "org", V_INT, "SELECT " LANTERNE }, { "collaborator_dossier_count", "of_member", V_INT, "SELECT " INES_MEMBER },
    { "collaborator_of_person", "org", V_INT, "SELECT " LANTERNE }, { "collaborator_of_person", "person_id", V_INT, "SELECT " INES },
    { "member_standing", "holder_id", V_INT, "SELECT " SABINE },
    { NULL, "brand_org_id", V_INT, "SELECT " LANTERNE }, { "organization_brand", "at_org", V_INT, "SELECT " TIVOLI }, { "mail_brand", "org_id", V_INT, "SELECT " TIVOLI },
    { "white_label_put", "is_white_label", V_INT, "1" }, { "dossier_brand_lend", "at_org", V_INT, SPARE },
    /* organizations invited: 4396 is open, 4397 was accepted, 4398 refused, 4399 is past its time */
    { "dossier_invite_list", "org", V_INT, "SELECT " LANTERNE }, { "dossier_invite_list", "page_after", V_INT, LATE }, { "dossier_invite_show", "org", V_INT, "SELECT " LANTERNE },
    { "dossier_invite_standing", "org", V_INT, "SELECT " LANTERNE }, { "dossier_invite_standing", "email_key", V_TEXT, "open@invite.example" }, { "dossier_invite_clear", "org", V_INT, "SELECT " LANTERNE },
    { "dossier_invite_clear", "email_key", V_TEXT, "past@invite.example" }, { "dossier_invite_add", "org", V_INT, "SELECT " LANTERNE }, { "dossier_invite_add", "link_id", V_INT, NEW },
    { "dossier_invite_add", "email_key", V_TEXT, "new@invite.example" }, { "dossier_invite_renew", "org", V_INT, "SELECT " LANTERNE }, { "dossier_invite_renew", "link_id", V_INT, NEW },
    { "dossier_invite_withdraw", "org", V_INT, "SELECT " LANTERNE }, { "dossier_invite_find", "link_id", V_INT, "4396" }, { "dossier_invite_answer", "link_id", V_INT, "4396" },
    { "dossier_invite_answer", "answer", V_TEXT, "declined" }, { "dossier_invite_became", "link_id", V_INT, "4397" }, { NULL, "invite", V_INT, "4396" },
    { "dossier_invite_became", "dossier_id", V_INT, "5" }, { "dossier_invite_organizations", "person", V_INT, "SELECT " SABINE }, { "dossier_invite_organizations", "partner_id", V_INT, "SELECT " LANTERNE },
    /* an organization that a partner made: 4395 waits for the answer to 4345 */
    { "dossier_waiting", "org", V_INT, "SELECT " LANTERNE }, { "dossier_waiting", "dossier", V_INT, "4395" }, { "dossier_take", "org", V_INT, "SELECT " LANTERNE },
    { "dossier_joining_of", "at_org", V_INT, "SELECT " ORG }, { "dossier_joining_of", "of_mandate", V_INT, "4345" }, { NULL, "joining_id", V_INT, "4345" },
    { "dossier_joining_put", "org", V_INT, "SELECT " LANTERNE }, { "dossier_organization_drop", "at_org", V_INT, SPARE }, { "dossier_of_siren", "siren", V_TEXT, "s15" },
    { "dossier_of_siren", "org", V_INT, "SELECT " LANTERNE }, { "partner_person", "org", V_INT, "SELECT " LANTERNE }, { "partner_person", "email_key", V_TEXT, "ines.rolland@lanterne.example" },
    { "collaborator_end", "org", V_INT, "SELECT " LANTERNE }, { "collaborator_end", "member_id", V_INT, "SELECT " INES_MEMBER },
    { NULL, "entry_number", V_INT, "0" }, { "support_session_acts", "page_after", V_INT, "0" }, { "support_session_acts", "started_at", V_INT, "0" }, { NULL, "over_at", V_INT, LATE },
    /* becoming a partner, and the operator's list */
    { "partner_ask_put", "org", V_INT, SPARE }, { NULL, "organization_id", V_INT, "SELECT " ORG }, { "partner_set", "is_partner", V_INT, "1" }, { NULL, "partners", V_INT, "1" },
    { NULL, "ask_state", V_TEXT, "asked" }, { NULL, "what", V_TEXT, "asked" }, { "partner_ask_take", "asked_at", V_INT, "1" }, { NULL, "before_at", V_INT, LATE },
    { "operator_organizations", "page_after", V_TEXT, "a" }, { "operator_search", "page_after", V_TEXT, "a" }, { "operator_asks", "page_after", V_INT, "0" },
    { "operator_search", "word", V_TEXT, "hexanode" }, { "operator_search", "word_end", V_TEXT, "hexanodf" }, { "operator_search", "word2", V_TEXT, "rennes" },
    { "operator_search", "word2_end", V_TEXT, "rennet" }, { "operator_search", "word3", V_TEXT, "rennes" }, { "operator_search", "word3_end", V_TEXT, "rennet" },
    { "partner_left_dossiers", "partner_id", V_INT, "SELECT " LANTERNE }, { "partner_left_letters", "partner_id", V_INT, "SELECT " LANTERNE },
    { "partner_left_letter", "partner_id", V_INT, "SELECT " LANTERNE }, { "partner_left_letter", "id", V_INT, "4496" },
    { "partner_touched", "organization_id", V_INT, "SELECT " LANTERNE }, { "partner_touched_list", "organization_id", V_INT, "SELECT " LANTERNE },
    { "organization_word_add", "of_org", V_INT, SPARE }, { "organization_word_add", "word", V_TEXT, "zzz" }, { NULL, "of_org", V_INT, "SELECT " ORG }, { NULL, "at_once", V_INT, "5" },
    { "dossier_mandate_drop", "of_mandate", V_INT, "4373" },
    { "support_prolong", "ends_at", V_INT, "9000000000000000001" }, { "session_renew", "hash", V_TEXT, "r0" },
    /* what finds one row */
    { NULL, "slug", V_TEXT, "froid-atlantique" }, { "demo_organization_insert", "slug", V_TEXT, "neuve" }, { "organization_add", "is_operator", V_INT, "0" }, { "organization_add", "slug", V_TEXT, "neuve" }, { NULL, "once", V_TEXT, "n" }, { "form_once_put", "once", V_TEXT, "m" },
    { NULL, "key", V_TEXT, "k" }, { NULL, "email_key", V_TEXT, "claire.delmas@bellerive.example" }, { "contact_person_add", "email_key", V_TEXT, "neuf@exemple.example" },
    { "member_person_add", "email_key", V_TEXT, "neuf@exemple.example" },
    { "demo_person_insert", "email_key", V_TEXT, "dix@exemple.example" }, { "demo_person_insert", "id", V_INT, "9100000000000000002" },
    { NULL, "hash", V_TEXT, "SELECT MIN(hash) FROM file WHERE org_id = " ORG }, { "file_put", "hash", V_TEXT, "f0" }, { "session_insert", "hash", V_TEXT, "s0" },
    { "session_find", "hash", V_TEXT, "SELECT MIN(hash) FROM session WHERE person_id = " PERSON }, { "journal_insert", "hash", V_BYTES, "" },
    { "journal_head_put", "hash", V_BYTES, "" }, { NULL, "salt", V_BYTES, "" }, { NULL, "zero", V_BYTES, "" },
};

/* Texts that only fill a column. */
static const char *const plain[] = {
    "network", "asked_name", "added_name", "report", "description", "signed_name", "label", "contact_name", "contact_phone", "contact_email", "action", "agent", "author_name", "body", "brand_color", "city", "column_name", "cursor_text", "data", "email", "entry", "dpo_email", "filters", "first_name", "from_email", "from_name", "how", "html",
    "information", "job_title", "last_error", "last_name", "legal_name", "location", "logo", "manifest", "message", "name", "name_key", "new_value", "note", "notes", "object_kind", "old_value",
    "password_hash", "path", "payload", "personal_intro", "phone", "postcode", "reason", "remote", "rights", "route", "said", "siren", "city_key", "model", "serial", "serial_key", "street", "subject", "tagline", "text", "title", "to_email", "to_name", "type", "why", "wording", "words", NULL };

/* Values looked up in one world, each once; and what a test has set instead. */
static struct { const char *found[sizeof values / sizeof *values]; struct { const char *name; int64_t number; } set[20]; int set_count; } known;


void query_param_set(const char *name, int64_t number)
{
    assert_true(known.set_count < 20);
    known.set[known.set_count].name = name;
    known.set[known.set_count++].number = number;
}

/* How closely a value is meant: for this query, for its file, for all. */
static int value_rank(const struct value_row *row, const struct query *q)
{
    if (!row->query)
        return 1;
    if (strcmp(row->query, q->name) == 0)
        return 3;
    const char *file = strrchr(q->file, '/');
    size_t len = file ? strcspn(file + 1, ":") : 0;
    return len && strlen(row->query) == len && strncmp(row->query, file + 1, len) == 0 ? 2 : 0;
}

static const struct value_row *value_find(const struct query *q, const char *name)
{
    const struct value_row *found = NULL;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i].name, name) == 0 && value_rank(&values[i], q) > (found ? value_rank(found, q) : 0))
            found = &values[i];
    return found;
}

static struct param value_param(struct world_test *w, const struct query *q, const char *name, const struct value_row *row)
{
    const char *value = row->value;
    size_t at = (size_t)(row - values);
    if (text_starts(value, "SELECT ")) {
        if (!known.found[at])
            known.found[at] = world_value(w, value);
        value = known.found[at];
        if (!*value)
            fail_msg("tests/lib/queries.c: nothing is found for :%s of %s: %s", name, q->name, row->value);
    }
    int64_t number = 0;
    if (row->kind == V_INT && !text_int(value, &number))
        fail_msg("tests/lib/queries.c: :%s of %s is no number: %s", name, q->name, value);
    return row->kind == V_INT ? P_INT(name, number) : row->kind == V_TEXT ? P_TEXT(name, value) : row->kind == V_BYTES ? P_BYTES(name, "0123456789abcdef0123456789abcdef", 32) : P_NULL(name);
}

static struct param param_make(struct world_test *w, const struct query *q, const char *name)
{
    for (int i = known.set_count; i-- > 0;)
        if (strcmp(known.set[i].name, name) == 0)
            return P_INT(name, known.set[i].number);
    const struct value_row *row = value_find(q, name);
    if (row)
        return value_param(w, q, name, row);
    if (strcmp(name, "now") == 0)
        return P_INT(name, world_now(w));
    for (const char *const *text = plain; *text; text++)
        if (strcmp(*text, name) == 0)
            return P_TEXT(name, "texte");
    if (text_starts(name, "word_"))                  /* of many rows at once: word_7 and id_7 */
        return P_TEXT(name, name);
    if (text_starts(name, "id_"))
        return P_INT(name, 1);
    fail_msg("tests/lib/queries.c knows no value for :%s of the query %s (%s)", name, q->name, q->file);
    return P_NULL(name);
}

static bool is_left_out(const struct query *q, const char *name, unsigned clauses)
{
    for (int i = 0; q->clauses[i]; i++)
        if (strcmp(q->clauses[i], name) == 0)
            return !(clauses >> i & 1);
    return false;
}

const struct param *query_params(struct world_test *w, const struct query *q, unsigned clauses)
{
    struct param *params = ARENA_ARRAY(world_arena(w), struct param, QUERY_PARAMS + 1);
    for (int i = 0; q->params[i]; i++) {
        assert_true(i < QUERY_PARAMS);
        params[i] = is_left_out(q, q->params[i], clauses) ? P_ABSENT(q->params[i]) : param_make(w, q, q->params[i]);
    }
    return params;
}

/* ---- Rows ---- */

/* Rows where the demonstration has none: one for each person, or for each ticket. */
static const char *const first_rows[] = {
    /* a job asked through a link, and nobody's yet */
    "INSERT INTO job (org_id, id, number, client_id, type_id, title, state, asked_how, asked_name, contact_email, created_at, changed_at) SELECT " ORG ", 4307, 4307, " CLIENT ", MIN(id), 'a', 'to_plan', 'link', 'b', 'c', 1, 1 "
        "FROM job_type WHERE org_id = " ORG,
    /* links: one that opens, one that is paused; a browser, a session of it, and one that waits for its code */
    "INSERT INTO mandate (org_id, id, kind, detail, state, scope_client_id, agreed_by, starts_at, ends_at, created_at) SELECT " ORG ", 4500, 'link', 'ask', 'active', " CLIENT ", " SABINE ", 1, " LATE ", 1",
    "INSERT INTO mandate (org_id, id, kind, detail, state, scope_client_id, agreed_by, starts_at, created_at) SELECT " ORG ", 4501, 'link', 'ask', 'active', " CLIENT ", " SABINE ", 1, 1",
    "INSERT INTO mandate (org_id, id, kind, detail, state, scope_client_id, agreed_by, starts_at, created_at) SELECT " ORG ", 4505, 'link', 'ask', 'active', " CLIENT ", " SABINE ", 1, 1",
    "INSERT INTO link (org_id, mandate_id, contact_id, opened_at) SELECT " ORG ", 4500, " CONTACT ", 1",
    "INSERT INTO link (org_id, mandate_id, paused_at) SELECT " ORG ", 4501, 1",
    "INSERT INTO link_browser (id, hash, created_at, expires_at) VALUES (4502, 'lb', 1, " LATE ")",
    "INSERT INTO link_browser (id, hash, created_at, expires_at) VALUES (4506, 'lc', 1, 2)",
    "INSERT INTO link_opening (org_id, id, mandate_id, generation, browser_id, network, agent, created_at, opened_at, seen_at, expires_at) SELECT " ORG ", 4503, 4500, 1, 4502, 'texte', 'b', 1, 1, 1, " LATE,
    "INSERT INTO link_opening (org_id, id, mandate_id, generation, browser_id, network, agent, created_at, seen_at, expires_at, code_id, code_until) SELECT " ORG ", 4504, 4500, 1, 4502, 'texte', 'b', 1, 1, " LATE ", 4378, " LATE,
    /* a photo that is ready */
    "INSERT INTO job_file (org_id, id, job_id, kind, hash, shown_hash, small_hash, picture_state, name, type, size_bytes, added_name, created_at) "
        "SELECT " ORG ", " PHOTO ", (" DONE_JOB("id") "), 'photo', MIN(hash), MIN(hash), MIN(hash), 'ready', 'a.jpg', 'image/jpeg', 1, 'B', 1 FROM file WHERE org_id = " ORG,
    "INSERT INTO job_file (org_id, id, job_id, kind, hash, picture_state, name, type, size_bytes, added_name, created_at) "
        "SELECT " ORG ", 4383, (" DONE_JOB("id") "), 'photo', MIN(hash), 'queued', 'b.jpg', 'image/jpeg', 1, 'B', 1 FROM file WHERE org_id = " ORG,
    /* asked for on the portal, with a file; a part that is switched off */
    "UPDATE job SET asked_mandate_id = (SELECT MIN(id) FROM mandate WHERE org_id = " ORG " AND holder_contact_id = " CONTACT " AND detail = 'tickets') WHERE org_id = " ORG " AND id = (" DONE_JOB("id") ")",
    "INSERT INTO job_file (org_id, id, job_id, kind, hash, name, type, size_bytes, added_name, created_at) SELECT " ORG ", 4387, (" DONE_JOB("id") "), 'attachment', MIN(hash), 'plan.pdf', "
        "'application/pdf', 1, 'Claire', 1 FROM file WHERE org_id = " ORG,
    "INSERT INTO portal_option (org_id, client_id, name, is_on) SELECT " ORG ", " CLIENT ", 'texte', 1",
    /* a job without texts */
    "INSERT INTO job (org_id, id, number, client_id, type_id, title, state, asked_how, asked_name, created_at, changed_at) SELECT " ORG ", 4380, 4380, " CLIENT ", MIN(id), 'a', 'to_plan', 'office', 'b', 1, 1 "
        "FROM job_type WHERE org_id = " ORG,
    "INSERT INTO job_file (org_id, id, job_id, kind, hash, name, type, size_bytes, added_name, created_at) SELECT " ORG ", 4381, (" JOB("to_plan") "), 'attachment', MIN(hash), 'plan.pdf', "
        "'application/pdf', 1, 'Sabine', 1 FROM file WHERE org_id = " ORG,
    "INSERT INTO job_wish (org_id, id, job_id, part, state, by_name, mandate_id, created_at) SELECT " ORG ", 4383, (" JOB("planned") "), 'any', 'open', 'Claire', 0, 1",
    "INSERT INTO ticket_follower (org_id, id, ticket_id, contact_id, created_at) SELECT " ORG ", 4371, " TICKET ", MIN(id), 1 FROM contact WHERE org_id = " ORG " AND email_key = 'sophie.lemoine@bellerive.example'",
    "INSERT INTO ticket_follower (org_id, id, ticket_id, contact_id, created_at) SELECT " ORG ", 4374, " TICKET ", " CONTACT ", 1",
    "INSERT INTO ticket_follower (org_id, id, ticket_id, member_id, created_at) SELECT " ORG ", 4373, " TICKET ", " MEMBER ", 1",
    "INSERT INTO ticket_tie (org_id, id, ticket_id, kind, object_id, relation, created_at) SELECT " ORG ", 4372, " TICKET ", 'ticket', id, 'related', 1 FROM ticket WHERE org_id = " ORG " AND number = 1209",
    "INSERT INTO answer_template (org_id, id, name, name_key, body, changed_at) SELECT " ORG ", 4370, 'a', 'aaa', 'b', 1",
    "INSERT INTO session (id, hash, person_id, remote, agent, created_at, seen_at, expires_at) SELECT id + 1000000, 'h' || id, id, '192.0.2.1', 'Firefox', 1, 2, " LATE " FROM person",
    "INSERT INTO session (id, hash, person_id, remote, agent, created_at, seen_at, expires_at, ended_at) SELECT id + 2000000, 'o' || id, id, '192.0.2.1', 'Firefox', 1, 2, 3, 4 FROM person",
    "INSERT INTO session_client (session_id, org_id, contact_id) SELECT id + 1000000, " ORG ", " CONTACT " FROM person",
    "INSERT INTO mail_link (id, kind, person_id, created_at, expires_at) SELECT id + 1000000, 'password', id, 1, " LATE " FROM person",
    "INSERT INTO mail_link (id, kind, person_id, created_at, expires_at, used_at) SELECT id + 2000000, 'password', id, 1, 2, 3 FROM person",
    "INSERT INTO client_attachment (org_id, id, client_id, hash, name, type, size_bytes, is_shared, author_name, created_at) SELECT " ORG ", 4361, " CLIENT ", MIN(hash), 'plan.pdf', 'application/pdf', 1, 1, 'Sabine', 1 FROM file WHERE org_id = " ORG,
    "INSERT INTO attempt (key, window_at, count) SELECT 'k' || id, 1, 1 FROM person",
    "INSERT INTO form_seen (session_id, nonce, location, created_at) SELECT id + 1000000, 'n', '', 1 FROM person",
    "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_contact_id, starts_at, created_at, ended_at) SELECT " ORG ", 4343, 'access', 'orders', 'ended', " PERSON ", " CONTACT ", 1, 1, 2",
    "INSERT INTO mandate_holder (person_id, org_id, mandate_id) SELECT " PERSON ", " ORG ", 4343",
    "INSERT INTO mandate (org_id, id, kind, detail, state, holder_contact_id, starts_at, created_at) SELECT " ORG ", 4344, 'access', 'services', 'active', " CONTACT ", 1, 1",
    "INSERT INTO mandate (org_id, id, kind, detail, state, holder_contact_id, starts_at, ends_at, created_at) SELECT " ORG ", 4360, 'access', 'contacts', 'active', " CONTACT ", 1, 2, 1",
    "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_member_id, starts_at, created_at) SELECT " ORG ", 4345, 'membership', 'manager', 'requested', " PERSON ", 4345, 1, 1",
    "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_member_id, starts_at, created_at) SELECT " ORG ", 4346, 'membership', 'manager', 'requested', " PERSON ", 4346, 1, 1",
    "INSERT INTO member (org_id, id, person_id, name_key, created_at) SELECT " ORG ", 4345, " PERSON ", 'delmas claire', 1",
    "INSERT INTO member_invitation (org_id, mandate_id, member_id, person_id, link_id, email, email_key, first_name, last_name, sent_at, expires_at) "
        "SELECT " ORG ", 4345, 4345, " PERSON ", 4350, 'a', 'claire.delmas@bellerive.example', 'b', 'c', 1, " LATE,
    "INSERT INTO mandate (org_id, id, kind, state, holder_person_id, holder_contact_id, scope_client_id, starts_at, ends_at, created_at) SELECT " ORG ", 4347, 'token', 'active', " PERSON ", " CONTACT ", " CLIENT ", 1, " LATE ", 1",
    "INSERT INTO mandate_holder (person_id, org_id, mandate_id) SELECT " PERSON ", " ORG ", 4347",
    "INSERT INTO token (org_id, mandate_id, hash, name, rights, ends_on) SELECT " ORG ", 4347, 't', 'a', 'ticket_read', 30000",
    "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_org_id, starts_at, ends_at, created_at) SELECT " TIVOLI ", 4370, 'support', 'management', 'active', " INES ", " LANTERNE ", 1, " LATE ", 1",
    "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_org_id, starts_at, created_at) SELECT " TIVOLI ", 4372, 'support', 'management', 'requested', " INES ", " LANTERNE ", 1, 1",
    "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_org_id, starts_at, created_at) SELECT " TIVOLI ", 4375, 'support', 'management', 'requested', " INES ", " SPARE ", 1, 1",
    "INSERT INTO mandate_holder (person_id, org_id, mandate_id) SELECT " INES ", " TIVOLI ", 4370",
    "INSERT INTO mandate (org_id, id, kind, state, holder_org_id, starts_at, created_at) SELECT " TIVOLI ", 4373, 'dossier', 'requested', " SPARE ", 1, 1",
    "INSERT INTO support_request (org_id, mandate_id, partner_id, dossier_id, member_id, level, hours, reason, asked_by, asked_at, sent_at, dies_at, answer, answered_at) "
        "SELECT " TIVOLI ", 4370, " LANTERNE ", " DOSSIER ", " INES_MEMBER ", 'management', 24, 'a', " INES ", 1, 1, 2, 'granted', 1",
    "INSERT INTO support_request (org_id, mandate_id, partner_id, dossier_id, member_id, level, hours, reason, asked_by, asked_at, sent_at, dies_at) "
        "SELECT " TIVOLI ", 4372, " LANTERNE ", " DOSSIER ", " INES_MEMBER ", 'management', 24, 'a', " INES ", 1, 1, 2",
    "INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_org_id, starts_at, created_at) SELECT " TIVOLI ", 4380, 'support', 'management', 'requested', " INES ", " ORG ", 1, 1",
    "INSERT INTO support_request (org_id, mandate_id, partner_id, dossier_id, member_id, level, hours, reason, asked_by, asked_at, sent_at, dies_at) "
        "SELECT " TIVOLI ", 4380, " ORG ", 1, 1, 'management', 24, 'a', " INES ", 1, 1, " LATE,
    "INSERT INTO support_session (org_id, id, mandate_id, person_id, partner_id, session_id, reason, started_at, ends_at) SELECT " TIVOLI ", 4371, 4370, " INES ", " LANTERNE ", 1000000 + " INES ", 'a', 1, " LATE,
    "INSERT INTO support_session (org_id, id, mandate_id, person_id, partner_id, session_id, reason, started_at, ends_at) SELECT " TIVOLI ", 4376, 4370, " INES ", " LANTERNE ", 2000000 + " INES ", 'a', 1, 2",
    "INSERT INTO support_session (org_id, id, mandate_id, person_id, partner_id, session_id, reason, started_at, ends_at, ended_at) SELECT " TIVOLI ", 4377, 4370, " INES ", " LANTERNE ", 3000000 + " INES ", 'a', 1, 2, 2",
    "INSERT INTO support_act (org_id, support_session_id, number, partner_number, at, remote) SELECT " TIVOLI ", 4371, 4371, 4372, 1, 'c'",
    "INSERT INTO journal (org_id, number, at, action, object_kind, object_id, mandate_id, entry, hash) SELECT " LANTERNE ", 4372, 1, 'a', 'entry', 4371, 4370, 'b', {bytes}",
    "INSERT INTO support_digest (org_id, member_id, every, since_at, next_at) SELECT " TIVOLI ", " TIVOLI_MEMBER ", 'day', 1, 1",
    "INSERT INTO support_trace (org_id, id, support_session_id, at, route, path, remote) SELECT " TIVOLI ", 4371, 4371, 1, 'a', '/b', 'c'",
    "INSERT INTO journal (org_id, number, at, action, object_kind, object_id, mandate_id, entry, hash) SELECT " TIVOLI ", 4371, 1, 'a', 'support_session', 4371, 4370, 'b', {bytes}",
    "INSERT INTO support_letter (link_id, org_id, mandate_id, person_id, email_key, sent_at, code_id, code_until) SELECT 4377, " TIVOLI ", 4372, " INES ", 'ines.rolland@lanterne.example', 1, 4378, " LATE,
    "INSERT INTO support_letter (link_id, org_id, mandate_id, person_id, email_key, sent_at, code_tries) SELECT 4379, " TIVOLI ", 4372, " INES ", 'ines.rolland@lanterne.example', 1, 1",
    "UPDATE partner_ask SET state = 'asked', asked_at = 1 WHERE org_id = " ORG,
    "INSERT INTO dossier_invite (org_id, id, link_id, email, email_key, asked_by, asked_at, sent_at, expires_at) SELECT " LANTERNE ", 4496, 4496, 'a', 'zz', " INES ", 1, 1, " LATE,
    "UPDATE dossier SET state = 'active', ends_at = 5, support_id = 4370, member_id = " INES_MEMBER " WHERE id = " DOSSIER,
    "INSERT INTO mandate (org_id, id, kind, state, holder_org_id, starts_at, created_at) SELECT " TIVOLI ", 4390, 'dossier', 'active', " ORG ", 1, 1",
    "INSERT INTO mandate (org_id, id, kind, state, holder_org_id, starts_at, created_at) SELECT " ORG ", 4391, 'dossier', 'active', " LANTERNE ", 1, 1",
    "UPDATE mandate SET ends_at = " LATE " WHERE id = 4391",
    "INSERT INTO dossier (org_id, id, client_org_id, mandate_id, name, name_key, state, joining_id, created_at, changed_at) SELECT " LANTERNE ", 4395, " ORG ", 4391, 'a', 'zz', 'invited', 4345, 1, 1",
    "INSERT INTO dossier_invite (org_id, id, link_id, email, email_key, asked_by, asked_at, sent_at, expires_at) SELECT " LANTERNE ", 4396, 4396, 'a', 'open@invite.example', " INES ", 1, 1, " LATE,
    "INSERT INTO dossier_invite (org_id, id, link_id, email, email_key, asked_by, asked_at, sent_at, expires_at, answer, answered_at) SELECT " LANTERNE ", 4397, 4397, 'a', 'yes@invite.example', " INES ", 1, 1, 2, 'accepted', 2",
    "INSERT INTO dossier_invite (org_id, id, link_id, email, email_key, asked_by, asked_at, sent_at, expires_at, answer, answered_at) SELECT " LANTERNE ", 4398, 4398, 'a', 'no@invite.example', " INES ", 1, 1, 2, 'declined', 2",
    "INSERT INTO dossier_invite (org_id, id, link_id, email, email_key, asked_by, asked_at, sent_at, expires_at) SELECT " LANTERNE ", 4399, 4399, 'a', 'past@invite.example', " INES ", 1, 1, 2",
    "UPDATE organization SET is_white_label = 1 WHERE slug = 'cabinet-lanterne'",
    "UPDATE organization SET siren = 's15' WHERE slug = 'boulangerie-tivoli'",
    "INSERT INTO mandate_walk (walk, at, org_id, mandate_id) VALUES ('warning 7', 0, 0, 0)",
    "INSERT INTO mandate_trace (org_id, mandate_id, used_at) SELECT org_id, id, 1 FROM mandate",
    "INSERT INTO mail (id, org_id, kind, to_email, to_name, from_name, subject, state, next_at, created_at) SELECT id, org_id, 'a', 'b', 'c', 'd', 'e', 'sent', 1, changed_at FROM ticket",
    "INSERT INTO mail_body (mail_id, text, html) SELECT id, 'a', 'b' FROM mail",
    "INSERT INTO mail_file (mail_id, name, type, text) SELECT id, 'a.ics', 'text/calendar', 'b' FROM mail",
    "INSERT INTO mail (id, org_id, kind, to_email, to_name, from_name, subject, state, next_at, created_at) VALUES (" SPARE ", 0, 'a', 'b', 'c', 'd', 'e', 'queued', 1, 1)",
    "INSERT INTO work (id, org_id, kind, state, run_at, created_at) SELECT id, org_id, 'a', 'done', 1, 1 FROM ticket",
    "INSERT INTO work (id, org_id, kind, state, run_at, created_at) VALUES (" SPARE ", 0, 'a', 'queued', 1, 1)",
    "INSERT INTO schedule (kind, run_at) VALUES ('due', 1), ('later', " LATE ")",
    "INSERT INTO organization (id, slug, name, created_at) VALUES (" SPARE ", 'rien', 'Rien', 1)",
    "INSERT INTO client (org_id, id, number, kind, name, name_key, created_at, changed_at) VALUES (" ORG ", " SPARE ", 'C-0', 'company', 'Rien', 'rien', 1, 1)",
    "INSERT INTO site (org_id, id, client_id, number, name, name_key, created_at, changed_at) VALUES (" ORG ", " SPARE ", " SPARE ", 'Z-0', 'Rien', 'rien', 1, 1)",
    "INSERT INTO equipment (org_id, id, client_id, name, name_key, model, state, created_at, changed_at) SELECT " ORG ", " SPARE ", " CLIENT ", 'Rien', 'rien', 'Rien', 'stored', 1, 1",
    "INSERT INTO import_run (org_id, id, kind, state, lang, name, hash, person_id, mandate_id, created_at, changed_at) SELECT " ORG ", 4351, 'clients', 'checked', 'fr', 'a', 'b', " PERSON ", 1, 1, 1",
    "INSERT INTO import_error (org_id, run_id, number, line, column_name, message) SELECT " ORG ", 4351, 0, 2, 'a', 'b'",
    "INSERT INTO export_run (org_id, id, kind, state, filters, is_all, lang, hash, person_id, created_at, ends_at) SELECT " ORG ", 4352, 'clients', 'done', '', 1, 'fr', 'b', " PERSON ", 1, " LATE,
    "INSERT INTO export_run (org_id, id, kind, state, filters, is_all, lang, person_id, created_at, ends_at) SELECT " ORG ", 4353, 'clients', 'writing', '', 1, 'fr', " PERSON ", 1, " LATE,
    "INSERT INTO contact (org_id, id, first_name, last_name, name_key, created_at, changed_at) SELECT " ORG ", 4354, 'a', 'b', 'b a', 1, 1",
    "DELETE FROM word WHERE kind = 'ticket' AND word = '1205' AND org_id = " ORG,
    "INSERT INTO inbound_seen (org_id, hash, ticket_id, is_comment, seen_at) SELECT " ORG ", 'm1', " TICKET ", 1, 1",
    "INSERT INTO inbound_mail (org_id, id, reason, ticket_id, from_email, subject, created_at) SELECT " ORG ", 4371, 'sender', " TICKET ", 'a', 'b', 1",
    "INSERT INTO inbound_mail (org_id, id, reason, from_email, subject, hash, created_at) SELECT " ORG ", 4372, 'cut', 'a', 'b', 'm2', 1",
    "INSERT INTO inbound_text (org_id, mail_id, text) SELECT " ORG ", 4371, 'a'",
    "INSERT INTO portal_invitation_run (org_id, id, state, audience, person_id, mandate_id, by_name, created_at, changed_at) SELECT " ORG ", 4364, 'counted', 'given', 1, 1, 'a', 1, 1",
    "INSERT INTO portal_invitation (org_id, email_key, run_id, invited_at) SELECT " ORG ", 'claire.delmas@bellerive.example', 4364, 1",
    "INSERT INTO calendar (id, org_id, mandate_id, client_id, created_at) SELECT 4366, org_id, MIN(id), " CLIENT ", 1 FROM mandate WHERE org_id = " ORG " AND holder_contact_id = " CONTACT " AND detail = 'tickets' GROUP BY org_id",
    "INSERT INTO job_mute (org_id, email_key, created_at) SELECT " ORG ", 'x@y.example', 1",
    "INSERT INTO job_told (org_id, job_id, planned_start, planned_end, told_at) SELECT " ORG ", id, 1, 2, 1 FROM job WHERE org_id = " ORG " AND id > 4380 AND state = 'to_plan'",
    "INSERT INTO mail_mute (org_id, email_key, why, created_at) SELECT " ORG ", 'x@y.example', 'unsubscribed', 1",
    "INSERT INTO mail (id, org_id, kind, to_email, to_name, from_name, subject, state, next_at, created_at) SELECT 4365, " ORG ", 'mail_portal_invitation', 'b', 'c', 'd', 'e', 'sent', 1, 1",
    "INSERT INTO mail_bounce (org_id, email_key, bounced_at) SELECT " ORG ", 'claire.delmas@bellerive.example', 1",
    "INSERT INTO file (org_id, hash, size_bytes, type, created_at) SELECT " ORG ", 'f1', 1, 'text/csv', 1",
    "INSERT INTO journal (org_id, number, at, action, object_kind, object_id, mandate_id, entry, hash) SELECT org_id, number + 1000, 1, 'a', 'ticket', id, 0, 'b', {bytes} FROM ticket",
    "INSERT INTO journal (org_id, number, at, action, object_kind, object_id, mandate_id, entry, hash) SELECT " ORG ", 999, 1, 'journal_erase', 'journal', 1, 0, 'b', {bytes}",
    "INSERT INTO journal_payload (org_id, number, salt, payload) SELECT org_id, number + 1000, {bytes}, 'a' FROM ticket",
    "INSERT INTO journal_payload (org_id, number, salt, payload) SELECT " ORG ", 9999, {bytes}, 'a'",
    NULL,
};

#define FAR "+ n.n * 400000000000000000"   /* behind every id of the first rows */

/* What differs in a copy; every other column is the same, so that the copies stand beside the first rows. */
static const struct { const char *table; struct { const char *column, *more; } changes[8]; } copies[] = {
    { "organization", { { "id", FAR }, { "slug", "|| '-' || n.n" } } },
    { "person", { { "id", FAR }, { "email", "|| n.n" }, { "email_key", "|| n.n" } } },
    { "session", { { "id", FAR }, { "hash", "|| '-' || n.n" }, { "person_id", FAR } } },
    { "mail_link", { { "id", FAR }, { "person_id", FAR } } },
    { "attempt", { { "key", "|| '-' || n.n" } } },
    { "form_seen", { { "session_id", FAR } } },
    { "client", { { "id", FAR }, { "number", "|| '-' || n.n" }, { "name_key", "|| n.n" } } },
    { "client_text", { { "client_id", FAR } } },
    { "contact", { { "id", FAR }, { "name_key", "|| n.n" }, { "person_id", "* NULL" }, { "email_key", "|| n.n" } } },
    { "site", { { "id", FAR }, { "client_id", FAR }, { "number", "|| '-' || n.n" }, { "name_key", "|| n.n" }, { "city_key", "|| n.n" }, { "contact_id", "* NULL" } } },
    { "site_text", { { "site_id", FAR } } },
    { "equipment", { { "id", FAR }, { "client_id", FAR }, { "site_id", FAR }, { "name_key", "|| n.n" }, { "serial_key", "|| n.n" } } },
    { "equipment_text", { { "equipment_id", FAR } } },
    { "job_type", { { "id", FAR }, { "name_key", "|| n.n" } } },
    { "visit", { { "id", FAR }, { "client_id", FAR }, { "next_on", "+ n.n * 700" } } },
    /* in other weeks */
    { "job", { { "id", FAR }, { "number", "+ n.n * 1000000" }, { "client_id", FAR }, { "site_id", FAR }, { "contact_id", "* NULL" }, { "planned_start", "- n.n * 30000000000" },
        { "planned_end", "- n.n * 30000000000" } } },
    { "job_text", { { "job_id", FAR } } },
    { "job_equipment", { { "job_id", FAR }, { "equipment_id", FAR } } },
    { "job_file", { { "id", FAR }, { "job_id", FAR } } },
    { "job_rating", { { "job_id", FAR } } },
    { "job_wish", { { "id", FAR }, { "job_id", FAR } } },
    { "absence", { { "id", FAR }, { "starts_at", "- n.n * 30000000000" }, { "ends_at", "- n.n * 30000000000" } } },
    { "member", { { "id", FAR }, { "person_id", FAR }, { "name_key", "|| n.n" } } },
    { "member_word", { { "member_id", FAR } } },
    { "mandate", { { "id", FAR }, { "holder_person_id", FAR }, { "holder_member_id", FAR }, { "holder_contact_id", FAR }, { "holder_org_id", FAR }, { "scope_client_id", FAR } } },
    { "mandate_holder", { { "person_id", FAR }, { "mandate_id", FAR } } },
    { "link", { { "mandate_id", FAR } } },
    { "link_opening", { { "id", FAR }, { "mandate_id", FAR } } },
    { "member_invitation", { { "mandate_id", FAR }, { "member_id", FAR }, { "person_id", FAR }, { "link_id", FAR } } },
    { "token", { { "mandate_id", FAR }, { "hash", "|| '-' || n.n" } } },
    { "mandate_trace", { { "mandate_id", FAR } } },
    { "dossier", { { "id", FAR }, { "client_org_id", FAR }, { "mandate_id", FAR }, { "member_id", FAR }, { "name_key", "|| n.n" } } },
    { "dossier_invite", { { "id", FAR }, { "link_id", FAR }, { "email_key", "|| n.n" } } },
    { "support_request", { { "mandate_id", FAR }, { "partner_id", FAR }, { "dossier_id", FAR } } },
    { "support_letter", { { "link_id", FAR }, { "mandate_id", FAR } } },
    { "support_trace", { { "id", FAR }, { "support_session_id", FAR } } },
    { "support_session", { { "id", FAR }, { "mandate_id", FAR }, { "session_id", FAR } } },
    { "mail", { { "id", FAR }, { "created_at", "- n.n * 61000" } } },
    { "mail_body", { { "mail_id", FAR } } }, { "mail_file", { { "mail_id", FAR } } },
    { "work", { { "id", FAR } } },
    { "file", { { "hash", "|| '-' || n.n" } } },
    { "ticket", { { "id", FAR }, { "number", "+ n.n * 1000000" }, { "changed_at", "- n.n * 61000" } } },
    { "comment", { { "id", FAR }, { "ticket_id", FAR } } },
    { "attachment", { { "id", FAR }, { "ticket_id", FAR }, { "comment_id", FAR } } },
    { "inbound_seen", { { "hash", "|| '-' || n.n" }, { "ticket_id", FAR } } },
    { "inbound_mail", { { "id", FAR }, { "hash", "|| n.n" } } },
    { "inbound_text", { { "mail_id", FAR } } },
    { "mail_bounce", { { "email_key", "|| n.n" } } },
    { "portal_invitation_run", { { "id", FAR } } },
    { "portal_invitation", { { "email_key", "|| n.n" } } },
    { "mail_mute", { { "email_key", "|| n.n" } } }, { "calendar", { { "id", FAR }, { "mandate_id", FAR } } }, { "job_mute", { { "email_key", "|| n.n" } } }, { "job_told", { { "job_id", FAR } } },
    { "import_run", { { "id", FAR } } },
    { "import_error", { { "run_id", FAR } } },
    { "export_run", { { "id", FAR } } },
    { "journal", { { "number", "+ n.n * 1000000" }, { "object_id", FAR } } },
    { "journal_payload", { { "number", "+ n.n * 1000000" } } },
};

static bool is_postgresql(struct world_test *w) { return store_kind(world_app(w)->store) == DB_POSTGRESQL; }

/* "{bytes}" is 32 of them. */
static void bytes_run(struct world_test *w, const char *sql)
{
    static const char sqlite[] = "zeroblob(32)", postgresql[] = "decode(repeat('00', 32), 'hex')";
    const char *mark = strstr(sql, "{bytes}");
    world_run_sql(w, !mark ? sql : world_text(w, "%.*s%s%s", (int)(mark - sql), sql, is_postgresql(w) ? postgresql : sqlite, mark + 7));
}

static void table_copy(struct world_test *w, size_t which, int times)
{
    const char *table = copies[which].table;
    char *rest = arena_text(world_arena(w), world_value(w, world_text(w, is_postgresql(w)
        ? "SELECT string_agg(column_name, ' ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '%s'"
        : "SELECT group_concat(name, ' ') FROM pragma_table_info('%s')", table)));
    struct buf names, columns;
    buf_init(&names, world_arena(w), 5000);
    buf_init(&columns, world_arena(w), 5000);
    for (char *name; (name = strsep(&rest, " "));) {
        const char *more = "";
        for (int i = 0; i < 6 && copies[which].changes[i].column; i++)
            if (strcmp(copies[which].changes[i].column, name) == 0)
                more = copies[which].changes[i].more;
        buf_printf(&names, "%s%s", names.len ? ", " : "", name);
        buf_printf(&columns, "%st.%s %s", columns.len ? ", " : "", name, more);
    }
    world_run_sql(w, world_text(w, "WITH RECURSIVE n(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM n WHERE n < %d) INSERT INTO %s (%s) SELECT %s FROM %s t CROSS JOIN n",
        times, table, buf_end(&names), buf_end(&columns), table));
}

void queries_fill(struct world_test *w, int times)
{
    if (!times)
        memset(&known, 0, sizeof known);   /* those of another world */
    for (const char *const *sql = first_rows; !times && *sql; sql++)
        bytes_run(w, *sql);
    for (size_t i = 0; times && i < sizeof copies / sizeof *copies; i++)
        table_copy(w, i, times);
    /* The words of copies begin otherwise: what is searched for is the same, the rest of the index larger. */
    static const char *const words[] = { "word (org_id, kind, word, id) SELECT t.org_id, t.kind, n.n || t.word, t.id", "word_of (org_id, kind, words, id) SELECT t.org_id, t.kind, t.words, t.id" };
    for (size_t i = 0; times && i < sizeof words / sizeof *words; i++)
        world_run_sql(w, world_text(w, "WITH RECURSIVE n(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM n WHERE n < %d) "
            "INSERT INTO %s " FAR " FROM %s t CROSS JOIN n", times, words[i], i ? "word_of" : "word"));
    if (is_postgresql(w))
        world_run_sql(w, "ANALYZE");   /* autovacuum would, a little later */
}
