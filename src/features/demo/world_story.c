/* The tickets of « Hôtel Bellerive » that are told by hand, line by line: what the demonstration opens first. */
#include "features/demo/world.h"
#include <assert.h>
#include <string.h>
#include "base/text.h"

struct story { int number; const char *title, *type; char tone; const char *status, *assignee; };

static const struct story stories[] = {
    { 1209, "Badge d’accès à remettre au technicien", "Question", 'n', "new", NULL },
    { 1208, "Chambre froide négative : alarme de température", "Panne", 'u', "open", "Sabine" },
    { 1205, "Bruit du groupe extérieur, annexe Les Pins", "Panne", 'n', "waiting", "Sabine" },
    { 1199, "Devis pour le remplacement de la vitrine réfrigérée", "Devis", 'l', "open", "Yann" },
    { 1197, "Facture F-2026-0391 : nom du site à corriger", "Facturation", 'n', "resolved", "Gaëlle" },
    { 1188, "Attestation annuelle de contrôle d’étanchéité", "Entretien", 'h', "waiting", "Sabine" },
    { 1176, "Machine à glaçons : débit insuffisant au bar", "Panne", 'h', "open", "Yann" },
    { 1163, "Nouveau contact pour le site Restaurant de plage", "Question", 'l', "resolved", "Gaëlle" },
    { 1151, "Fuite d’eau sous l’armoire de la plonge", "Panne", 'u', "resolved", "Sabine" },
    { 1149, "Dates des visites d’entretien d’hiver", "Entretien", 'n', "resolved", "Sabine" },
    { 1138, "Joint de porte à remplacer, chambre positive", "Panne", 'n', "resolved", "Yann" },
    { 1121, "Écart entre l’afficheur et la sonde, laboratoire pâtisserie", "Panne", 'h', "resolved", "Sabine" },
};

/* days before the last day, hour and minute; kind as in the table comment; a change has its two values for text. */
struct story_line { int number, days, hour, minute; const char *kind, *who, *text, *more; };

static const struct story_line lines[] = {
    { 1209, 0, 14, 2, "opening", "Claire", "Bonjour,\n\nle badge de la réserve est à la réception, au nom de Karim Benali. Merci de nous le rendre demain, après l’intervention.", NULL },

    { 1208, 0, 7, 42, "opening", "Claire", "Bonjour, l’alarme haute de la chambre froide négative sonne depuis 6 h 50. L’afficheur indique −11 °C au lieu de −18 °C. "
        "La porte ferme bien et le ventilateur tourne.\n\nIl y a environ 300 kg de marchandises dedans. Pouvez-vous passer ce matin ?",
        "afficheur-06h55.png releve-temperatures.csv" },
    { 1208, 0, 7, 48, "assignee", "Sabine", NULL, NULL },
    { 1208, 0, 7, 49, "priority", "Sabine", "Haute", "Urgente" },
    { 1208, 0, 7, 52, "note", "Sabine", "Intervention I-1187 planifiée : Karim, ce matin à 9 h. Remorque froide réservée jusqu’à midi, au cas où.", NULL },
    { 1208, 0, 7, 58, "answer", "Sabine", "Bonjour Madame Delmas, Karim Benali arrive entre 9 h et 9 h 30. Gardez la porte fermée : à −11 °C, la chambre tient encore quatre "
        "à cinq heures sans risque.\n\nSi l’afficheur passe au-dessus de −8 °C avant son arrivée, appelez le 02 61 91 40 12, nous ferons partir une remorque froide.", NULL },
    { 1208, 0, 11, 20, "answer", "Karim", "La résistance de dégivrage est hors service et l’évaporateur était pris en glace. Dégivrage forcé fait : −14 °C à mon départ, "
        "la température redescend. La pièce est au dépôt, je la pose demain matin à 8 h.", "rapport-I-1187.pdf" },
    { 1208, 0, 13, 52, "answer", "Bruno", "−17 °C à 13 h 45. Merci, nous avons pu faire le service du midi.", NULL },

    { 1205, 1, 16, 10, "opening", "Bruno", "Bonjour,\n\nle groupe derrière l’annexe Les Pins siffle au démarrage, surtout le soir. Les clients du rez-de-chaussée l’entendent.", NULL },
    { 1205, 1, 16, 30, "assignee", "Sabine", NULL, NULL },
    { 1205, 1, 17, 2, "answer", "Sabine", "Bonjour Monsieur Aubry, le bruit dure-t-il quelques secondes ou tant que le groupe tourne ?", NULL },
    { 1205, 1, 18, 40, "answer", "Bruno", "Une dizaine de secondes, à chaque démarrage.", NULL },
    { 1205, 0, 9, 17, "answer", "Sabine", "C’est sans doute la courroie. Yann peut passer vendredi entre 15 h et 17 h : cela vous convient-il, et quelqu’un pourra-t-il ouvrir la cour ?", NULL },

    { 1199, 3, 10, 5, "opening", "Claire", "Bonjour,\n\nla vitrine réfrigérée du salon de thé a quatorze ans. Pouvez-vous chiffrer son remplacement, avec reprise de l’ancienne ?", NULL },
    { 1199, 3, 11, 15, "assignee", "Yann", NULL, NULL },
    { 1199, 3, 14, 30, "answer", "Yann", "Bonjour, souhaitez-vous garder la même façade (1,80 m) et un froid ventilé ?", NULL },
    { 1199, 2, 9, 20, "answer", "Claire", "La même façade, oui. Ventilé, et si possible moins bruyant.", NULL },
    { 1199, 2, 15, 0, "note", "Yann", "Deux modèles possibles ; demander une remise au fournisseur avant d’envoyer.", NULL },
    { 1199, 1, 11, 45, "answer", "Yann", "Merci. Deux modèles conviennent, je vous envoie le comparatif demain.", NULL },
    { 1199, 1, 17, 40, "answer", "Claire", "Parfait. La direction décide le 1er du mois.", NULL },

    { 1197, 3, 9, 12, "opening", "Sophie", "Bonjour,\n\nla facture F-2026-0391 indique « Annexe Les Pins » ; l’intervention a eu lieu au Restaurant de plage.", NULL },
    { 1197, 3, 10, 30, "assignee", "Gaëlle", NULL, NULL },
    { 1197, 2, 10, 40, "answer", "Gaëlle", "Bonjour Madame Lemoine, vous avez raison. La facture corrigée vous parvient aujourd’hui.", NULL },
    { 1197, 2, 11, 3, "answer", "Sophie", "Bien reçue, merci.", NULL },
    { 1197, 2, 11, 5, "status", "Sophie", "open", "resolved" },

    { 1188, 5, 9, 0, "opening", "Claire", "Bonjour,\n\nnotre assureur demande l’attestation annuelle de contrôle d’étanchéité des six groupes.", NULL },
    { 1188, 5, 9, 40, "assignee", "Sabine", NULL, NULL },
    { 1188, 5, 10, 5, "answer", "Sabine", "Bonjour Madame Delmas, cinq attestations sont prêtes. Le groupe de l’annexe n’était pas accessible lors du passage.", NULL },
    { 1188, 4, 8, 50, "answer", "Claire", "La cour était fermée ce jour-là, désolée.", NULL },
    { 1188, 4, 14, 12, "answer", "Sabine", "Pas de souci. Théo repasse jeudi pour celui-là.", NULL },
    { 1188, 3, 15, 31, "answer", "Sabine", "Pouvez-vous confirmer que la cour sera ouverte jeudi de 8 h à 9 h ?", NULL },

    { 1176, 8, 17, 20, "opening", "Bruno", "Bonjour,\n\nla machine à glaçons du bar ne remplit plus qu’un bac par jour au lieu de trois.", NULL },
    { 1176, 7, 8, 30, "assignee", "Yann", NULL, NULL },
    { 1176, 7, 9, 10, "answer", "Yann", "Bonjour, l’arrivée d’eau est-elle bien ouverte en grand ? Et de quand date le filtre ?", NULL },
    { 1176, 7, 15, 45, "answer", "Bruno", "Ouverte en grand. Le filtre, je ne sais pas.", "filtre-machine-a-glacons.png" },
    { 1176, 6, 14, 30, "answer", "Yann", "Élodie est passée : filtre entartré, électrovanne fatiguée. Le filtre est changé, l’électrovanne est commandée.", NULL },
    { 1176, 6, 18, 22, "answer", "Bruno", "Deux bacs ce soir, c’est déjà mieux.", NULL },

    { 1163, 9, 14, 0, "opening", "Sophie", "Bonjour,\n\nau Restaurant de plage, le contact est désormais Bruno Aubry.", NULL },
    { 1163, 9, 15, 10, "assignee", "Gaëlle", NULL, NULL },
    { 1163, 7, 10, 45, "answer", "Gaëlle", "C’est noté sur la fiche du site, merci.", NULL },
    { 1163, 7, 10, 48, "status", "Gaëlle", "open", "resolved" },

    { 1151, 12, 7, 5, "opening", "Bruno", "Bonjour,\n\nde l’eau coule sous l’armoire de la plonge, cela gagne le couloir.", NULL },
    { 1151, 12, 7, 20, "assignee", "Sabine", NULL, NULL },
    { 1151, 12, 7, 25, "answer", "Sabine", "Bonjour Monsieur Aubry, coupez l’armoire au tableau. Karim est chez vous avant 10 h.", NULL },
    { 1151, 12, 7, 31, "answer", "Bruno", "Coupée. Nous épongeons.", NULL },
    { 1151, 12, 12, 15, "answer", "Karim", "Siphon d’évacuation fendu, remplacé. J’ai laissé un bac sous l’armoire pour contrôle.", NULL },
    { 1151, 11, 9, 5, "answer", "Bruno", "Le bac est sec ce matin.", NULL },
    { 1151, 10, 8, 12, "status", "Bruno", "open", "resolved" },

    { 1149, 14, 10, 30, "opening", "Claire", "Bonjour,\n\nquelles sont les dates prévues pour les visites d’hiver ?", NULL },
    { 1149, 14, 11, 0, "assignee", "Sabine", NULL, NULL },
    { 1149, 13, 9, 45, "answer", "Sabine", "Bonjour Madame Delmas, nous proposons les 1er et 2 décembre, l’annexe le second jour.", NULL },
    { 1149, 13, 14, 10, "answer", "Claire", "Ces dates conviennent.", NULL },
    { 1149, 13, 14, 25, "answer", "Sabine", "C’est planifié. Vous recevrez un rappel la veille.", NULL },
    { 1149, 13, 14, 26, "status", "Sabine", "waiting", "resolved" },

    { 1138, 19, 11, 20, "opening", "Bruno", "Bonjour,\n\nle joint de la porte de la chambre positive se décolle en bas.", NULL },
    { 1138, 19, 13, 40, "assignee", "Yann", NULL, NULL },
    { 1138, 19, 14, 15, "answer", "Yann", "Bonjour, pouvez-vous nous donner la largeur de la porte ?", NULL },
    { 1138, 18, 8, 5, "answer", "Bruno", "94 cm, et voici le joint.", "joint-de-porte.png" },
    { 1138, 17, 10, 15, "answer", "Karim", "Joint remplacé, charnière du bas resserrée.", NULL },
    { 1138, 16, 9, 55, "status", "Bruno", "waiting", "resolved" },

    { 1121, 26, 8, 40, "opening", "Claire", "Bonjour,\n\nau laboratoire pâtisserie, l’afficheur donne +2 °C et notre sonde +5 °C. Laquelle croire ?", NULL },
    { 1121, 26, 9, 15, "assignee", "Sabine", NULL, NULL },
    { 1121, 26, 9, 50, "answer", "Sabine", "Bonjour Madame Delmas, ni l’une ni l’autre sans étalon. Théo passe demain avec le sien.", NULL },
    { 1121, 25, 11, 30, "answer", "Sabine", "Mesure faite : +4,6 °C. La sonde de régulation dérive, elle est commandée.", NULL },
    { 1121, 24, 17, 0, "answer", "Claire", "Nous avons baissé la consigne de deux degrés en attendant.", "releve-temperatures.csv" },
    { 1121, 22, 15, 58, "answer", "Sabine", "La sonde est remplacée, la consigne remise. L’écart est de 0,2 °C.", NULL },
    { 1121, 22, 16, 3, "status", "Claire", "waiting", "resolved" },
};

static const struct world_contact *contact_named(const struct world_client *client, const char *first_name)
{
    for (int i = 0; i < client->contact_count; i++)
        if (strcmp(client->contacts[i].first_name, first_name) == 0)
            return &client->contacts[i];
    return NULL;
}

static void line_tell(struct world *w, const struct world_org *o, const struct story_line *s, struct world_ticket *t)
{
    assert(t->line_count < LINES_MOST);
    struct world_line *line = &t->lines[t->line_count++];
    bool is_event = strcmp(s->kind, "priority") == 0 || strcmp(s->kind, "status") == 0;
    line->kind = s->kind;
    line->is_internal = strcmp(s->kind, "note") == 0;
    line->contact = contact_named(t->client, s->who);
    line->member = line->contact ? NULL : fill_member(fill_org(w, o->seed->slug), s->who);
    line->at_ms = fill_time(w, s->days, s->hour * 60 + s->minute);
    line->body = is_event ? NULL : s->text;
    line->old_value = is_event ? s->text : NULL;
    line->new_value = is_event ? s->more : NULL;
    char *rest = is_event ? NULL : arena_text(&w->keep, s->more);
    for (int i = 0; i < 2; i++)
        line->files[i] = strsep(&rest, " ");
}

bool story_ticket(struct world *w, const struct world_org *o, const struct world_client *bellerive, int number, struct world_ticket *ret_ticket)
{
    const struct story *s = NULL;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
        if (stories[i].number == number)
            s = &stories[i];
    if (!s)
        return false;
    ret_ticket->title = s->title;
    ret_ticket->type = s->type;
    ret_ticket->tone = s->tone;
    ret_ticket->status = s->status;
    ret_ticket->client = bellerive;
    ret_ticket->assignee = s->assignee ? fill_member(fill_org(w, o->seed->slug), s->assignee) : NULL;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].number == number)
            line_tell(w, o, &lines[i], ret_ticket);
    ret_ticket->contact = ret_ticket->lines[0].contact;
    return true;
}
