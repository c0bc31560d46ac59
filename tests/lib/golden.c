#include "lib/golden.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { LINES_SHOWN = 30 };

static const char *golden_path(struct arena *a, const char *name) { return arena_printf(a, "%s/%s", TESTS_FOLDER, name); }

const char *golden_read(struct arena *a, const char *name)
{
    FILE *file = fopen(golden_path(a, name), "re");
    if (!file)
        return "";
    size_t most = (size_t)4 * 1024 * 1024;
    char *text = arena_alloc(a, most + 1);
    text[fread(text, 1, most, file)] = '\0';
    fclose(file);
    return text;
}

static void golden_write(struct arena *a, const char *name, const char *text)
{
    FILE *file = fopen(golden_path(a, name), "we");
    if (!file || fputs(text, file) == EOF || fclose(file) != 0)
        fail_msg("%s: %s", golden_path(a, name), strerror(errno));
}

static void lines_print(char sign, const char *from, const char *end)
{
    for (int shown = 0; from < end; shown++) {
        size_t len = strcspn(from, "\n");
        if (shown == LINES_SHOWN) {
            print_message("%c …\n", sign);
            return;
        }
        print_message("%c %.*s\n", sign, (int)len, from);
        from += len + (from[len] == '\n');
    }
}

/* The lines between what both begin with and what both end with. */
static void difference_print(const char *old, const char *new)
{
    size_t start = 0, line = 0, old_len = strlen(old), new_len = strlen(new);
    for (size_t i = 0; old[i] && old[i] == new[i]; i++)
        if (old[i] == '\n') {
            start = i + 1;
            line++;
        }
    while (old_len > start && new_len > start && old[old_len - 1] == new[new_len - 1]) {
        old_len--;
        new_len--;
    }
    old_len += strcspn(old + old_len, "\n");
    new_len += strcspn(new + new_len, "\n");
    print_message("from line %zu:\n", line + 1);
    lines_print('-', old + start, old + old_len);
    lines_print('+', new + start, new + new_len);
}

void golden_check(struct arena *a, const char *name, const char *text, bool may_write)
{
    const char *mode = getenv("MANDAT_GOLDEN"), *old = golden_read(a, name);
    if (strcmp(old, text) == 0)
        return;
    if (may_write && mode && strcmp(mode, "write") == 0) {
        golden_write(a, name, text);
        return;
    }
    difference_print(old, text);
    fail_msg("tests/%s is not what comes now; where that is meant, MANDAT_GOLDEN=write writes it anew", name);
}
