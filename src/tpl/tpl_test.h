#pragma once
/* The tests of this folder: one program, a group a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tpl/tpl.h"

extern struct arena test_arena;                         /* fresh for each test */
int test_setup(void **state);
int test_teardown(void **state);
struct doc *test_json(const char *json);
const char *test_once(const char *text, const char *json, const char *partials);   /* the text, or "error: …" */

#define T(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)

int mustache_tests(void);
int format_tests(void);
