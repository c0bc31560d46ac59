#pragma once
/* The tests of this folder in several files and one program. Each list ends where its count says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

extern const struct CMUnitTest text_tests[];
extern const size_t text_tests_count;
