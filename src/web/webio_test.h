#pragma once
/* The tests of the transport's pure parts, in several files and one program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

extern const struct CMUnitTest filter_tests[], body_tests[];
extern const size_t filter_tests_count, body_tests_count;
