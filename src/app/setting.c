#include "app/setting.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

enum setting_kind { SETTING_TEXT, SETTING_SECRET, SETTING_NUMBER, SETTING_SWITCH };

static const struct setting {
    const char *name;
    enum setting_kind kind;
    size_t at;
    const char *standard;
    long least, most;
    const char *meaning;
} table[] = {
    { "MANDAT_ADDRESS", SETTING_TEXT, offsetof(struct settings, address), "http://localhost:8080", 0, 0,
      "The address people type, without a slash at the end. Links in e-mails begin with it." },
    { "MANDAT_LISTEN", SETTING_TEXT, offsetof(struct settings, listen), "127.0.0.1:8080", 0, 0,
      "Where the server listens: ADDRESS:PORT, or unix:/PATH behind a proxy." },
    { "MANDAT_HOSTS", SETTING_TEXT, offsetof(struct settings, hosts), "", 0, 0,
      "Further names the server answers to (Host), separated by commas." },
    { "MANDAT_BEHIND_PROXY", SETTING_SWITCH, offsetof(struct settings, behind_proxy), "no", 0, 0,
      "yes: a proxy of yours stands in front and its X-Forwarded-For is believed." },
    { "MANDAT_DATA", SETTING_TEXT, offsetof(struct settings, data), "/var/lib/mandat", 0, 0,
      "Folder of the database and of kept files." },
    { "MANDAT_DATABASE", SETTING_TEXT, offsetof(struct settings, database), "", 0, 0,
      "Empty: SQLite, in the data folder. Or postgresql://…" },
    { "MANDAT_KEY_FILE", SETTING_TEXT, offsetof(struct settings, key_file), "", 0, 0,
      "File of the server's key; empty: server.key in the data folder. Keep it apart from backups: mailed links are derived from it." },
    { "MANDAT_SANDBOX", SETTING_SWITCH, offsetof(struct settings, sandbox), "yes", 0, 0,
      "yes: once all is open the server gives up every file but its data and every call it never makes (Landlock, seccomp)." },
    { "MANDAT_WORKERS", SETTING_NUMBER, offsetof(struct settings, workers), "4", 1, 64,
      "Threads that work on requests, each with a database connection of its own." },
    { "MANDAT_CONNECTIONS", SETTING_NUMBER, offsetof(struct settings, connections), "1000", 8, 20000,
      "Connections open at once." },
    { "MANDAT_HASH_QUEUE", SETTING_NUMBER, offsetof(struct settings, hash_queue), "50", 1, 1000,
      "Sign-ins that may wait for the one hashing thread; more get 429." },
    { "MANDAT_SMTP_URL", SETTING_TEXT, offsetof(struct settings, smtp_url), "", 0, 0,
      "smtp://HOST:PORT or smtps://HOST. Empty: messages are kept and none is sent." },
    { "MANDAT_SMTP_USER", SETTING_TEXT, offsetof(struct settings, smtp_user), "", 0, 0, "Name for the mail server, where it asks for one." },
    { "MANDAT_SMTP_PASSWORD", SETTING_SECRET, offsetof(struct settings, smtp_password), "", 0, 0, "And its password." },
    { "MANDAT_MAIL_FROM", SETTING_TEXT, offsetof(struct settings, mail_from), "mandat@localhost", 0, 0, "Sender of every message." },
    { "MANDAT_MAIL_KEEP_DAYS", SETTING_NUMBER, offsetof(struct settings, mail_keep_days), "90", 1, 3650,
      "How many days messages are kept that have left, or were given up." },
    { "MANDAT_TRACE_KEEP_DAYS", SETTING_NUMBER, offsetof(struct settings, trace_keep_days), "90", 1, 3650,
      "How many days the network and page addresses of support sessions are kept. Who came, when, why and what was done stays." },
    { "MANDAT_MAIL_REPLY_DOMAIN", SETTING_TEXT, offsetof(struct settings, mail_reply_domain), "", 0, 0,
      "Domain whose mail `mandat mail-in` gets: mails about a ticket are then answered at reply+…@DOMAIN. Empty: no answers by e-mail." },
};

enum { SETTINGS = sizeof table / sizeof *table, FILE_MOST = 64 * 1024 };

/* The value of NAME in the text of a settings file; NULL where it is not there. */
static const char *file_value(struct arena *a, const char *text, const char *name)
{
    size_t len = strlen(name);
    for (const char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, name, len) == 0 && line[len] == '=')
            return text_trim(a, arena_copy(a, line + len + 1, strcspn(line + len + 1, "\n")));
    return NULL;
}

static struct err *setting_put(struct arena *a, struct settings *s, const struct setting *row, const char *value)
{
    char *at = (char *)s + row->at;
    int64_t number = 0;
    if (row->kind == SETTING_NUMBER) {
        if (!text_int(value, &number) || number < row->least || number > row->most)
            return ERR(a, ERR_INVALID, "%s must be a number from %ld to %ld", row->name, row->least, row->most);
        *(long *)(void *)at = (long)number;
    } else if (row->kind == SETTING_SWITCH) {
        if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
            return ERR(a, ERR_INVALID, "%s must be yes or no", row->name);
        *(bool *)at = strcmp(value, "yes") == 0;
    } else {
        *(const char **)(void *)at = arena_text(a, value);
    }
    return NULL;
}

static struct err *file_read(struct arena *a, const char **ret_text)
{
    const char *path = getenv("MANDAT_CONFIG");
    *ret_text = "";
    if (!path || !*path)
        return NULL;
    AUTO(file) FILE *f = fopen(path, "re");
    char *text = arena_alloc(a, FILE_MOST);
    if (!f || fread(text, 1, FILE_MOST - 1, f) == FILE_MOST - 1)
        return ERR(a, ERR_INVALID, "MANDAT_CONFIG: %s cannot be read or is too long", path);
    *ret_text = text;
    return NULL;
}

struct err *settings_read(struct arena *a, struct settings *ret_settings)
{
    struct settings s = { 0 };
    const char *file = "";
    TRY(file_read(a, &file));
    for (size_t i = 0; i < SETTINGS; i++) {
        const char *value = getenv(table[i].name);
        if (!value)
            value = file_value(a, file, table[i].name);
        TRY(setting_put(a, &s, &table[i], value ? value : table[i].standard));
    }
    *ret_settings = s;
    return NULL;
}

void settings_print(const struct settings *s, FILE *out)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        const char *at = (const char *)s + table[i].at;
        fprintf(out, "# %s (default: %s)\n", table[i].meaning, *table[i].standard ? table[i].standard : "empty");
        if (table[i].kind == SETTING_NUMBER)
            fprintf(out, "%s=%ld\n\n", table[i].name, *(const long *)(const void *)at);
        else if (table[i].kind == SETTING_SWITCH)
            fprintf(out, "%s=%s\n\n", table[i].name, *(const bool *)at ? "yes" : "no");
        else if (table[i].kind == SETTING_SECRET)
            fprintf(out, "%s=%s\n\n", table[i].name, **(const char *const *)(const void *)at ? "(set)" : "");
        else
            fprintf(out, "%s=%s\n\n", table[i].name, *(const char *const *)(const void *)at);
    }
}

const char *settings_database(struct arena *a, const struct settings *s)
{
    return *s->database ? s->database : arena_printf(a, "%s/mandat.db", s->data);
}
