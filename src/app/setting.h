#pragma once
/* Settings: one table (setting.c) says name, meaning, default and check of each; read from the environment (MANDAT_…) or
   from a file of NAME=VALUE lines that MANDAT_CONFIG names, the environment first. `mandat config` explains them from it. */
#include <stdbool.h>
#include <stdio.h>
#include "base/err.h"

struct settings {
    const char *address, *listen, *data, *database, *key_file;
    const char *smtp_url, *smtp_user, *smtp_password, *mail_from, *mail_reply_domain;
    const char *hosts;             /* further allowed Host values, separated by commas */
    long workers, connections, hash_queue, mail_keep_days, trace_keep_days;
    bool behind_proxy, sandbox;
    bool is_demo;                  /* set by the command, not by a setting */
    bool shows_makers;             /* the same */
};

struct err *settings_read(struct arena *a, struct settings *ret_settings) MUST_CHECK;   /* ERR_INVALID names the setting */
void settings_print(const struct settings *s, FILE *out);                               /* each with its meaning; secrets are not shown */
const char *settings_database(struct arena *a, const struct settings *s);              /* its address: SQLite's file in the data folder where nothing is said */
