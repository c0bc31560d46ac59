#pragma once
/* Support by consent at « Froid Atlantique », which has rows of every kind: a dossier of « Cabinet Lanterne », asked for, agreed to, entered and
   ended through the pages, by people of the demonstration. For the tests of what support reaches. */
#include "lib/routes.h"

#define SUPPORT_INES "ines.rolland@lanterne.example"        /* collaborators of the partner */
#define SUPPORT_HUGO "hugo.marchetti@lanterne.example"
#define SUPPORT_SOLENE "solene.kerbrat@lanterne.example"    /* its administrator */
#define SUPPORT_SABINE "sabine.cozic@froid-atlantique.example"   /* the client's */
#define SUPPORT_ORG "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
#define SUPPORT_PARTNER "(SELECT id FROM organization WHERE slug = 'cabinet-lanterne')"

struct support_scene {
    struct world_test *w;
    struct side side;           /* the client's: « Hôtel Bellerive » and what belongs to it */
    const char *dossier;        /* id at the partner's */
    const char *mandate;        /* the last that was asked for */
};

void support_scene_open(struct world_test *w, struct support_scene *ret_scene);      /* a dossier, and nothing asked for */
const char *support_scene_member(struct support_scene *s, const char *who);         /* a collaborator's id at the partner's */
const char *support_scene_at(struct support_scene *s, const char *act);              /* address of an act on the dossier: "ask", "enter", "detach", … */
void support_scene_ask(struct support_scene *s, const char *who, const char *level);
void support_scene_grant(struct support_scene *s, const char *level, int hours);
void support_scene_enter(struct support_scene *s, const char *who);                 /* their cookie from now on is the one that entering gave */
void support_scene_inside(struct support_scene *s, const char *who, const char *level);   /* all three, for a day */
void support_scene_withdraw(struct support_scene *s);                                /* by the client, on its page */
void support_scene_put(struct support_scene *s, const char *name, const char *value); /* what stands for a name in an address */

/* One and the same answer, to the byte. */
void answers_same(const char *what, const struct answer *one, const struct answer *other);
