#pragma once
/* The address of a calendar, read: its id, which is no secret, and its MAC, which is. */
#include "mandate/ctx.h"

const char *follow_address(struct ctx *c, const struct doc *calendar);                      /* { id, generation } */
int64_t follow_word_id(struct ctx *c, const char *word);                                    /* 0: this is no such word */
bool follow_word_fits(struct ctx *c, const char *word, const struct doc *calendar);         /* { id, generation }; in constant time */
