#pragma once
/* Memory that is refused: the nth allocation from a moment on gives NULL, once. Without sanitizers every allocation of the process counts, of all
   libraries and of the C library itself; with them (they bring their own malloc) those of this program, SQLite and ICU. Left out are libmagic's: 5.44 frees what it never had where memory ends
   within it, and the process ends by the C library's SIGABRT. One thread. The test is linked with --wrap of malloc, calloc, realloc, magic_load, magic_file. */
#include <stdbool.h>

void memory_open(void);                 /* before anything of SQLite or ICU is used */
void memory_refuse(long nth);           /* 0: none any more; counting begins anew */
long memory_count(void);                /* allocations since */
bool memory_was_refused(void);
