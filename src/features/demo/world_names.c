/* Invented names to draw from. */
#include "features/demo/world.h"

const char *const world_first_names[] = {
    "Adèle", "Alban", "Anouk", "Armel", "Aubin", "Bérénice", "Blaise", "Capucine", "Céleste", "Clovis", "Corentin", "Damien", "Delphine", "Edmée",
    "Émile", "Enora", "Fabrice", "Fanny", "Florent", "Gaspard", "Gwendal", "Hélène", "Honoré", "Ivan", "Joséphine", "Jules", "Katell", "Lénaïg",
    "Léonie", "Loïc", "Maëva", "Marceau", "Margaux", "Mériadec", "Nolwenn", "Octave", "Odile", "Pauline", "Quentin", "Raphaël", "Rozenn", "Samuel",
    "Servane", "Tanguy", "Thaïs", "Tristan", "Ursule", "Victoire", "Yvette", "Zélie", NULL
};
const char *const world_last_names[] = {
    "Abgrall", "Alanic", "Bellec", "Berthou", "Bizien", "Bouvier", "Cadiou", "Calvez", "Chabot", "Cochard", "Coroller", "Daniélou", "Derrien",
    "Dutertre", "Évenou", "Falhun", "Floch", "Fouquet", "Gallou", "Garrec", "Goasdoué", "Grall", "Gourvennec", "Hamon", "Hénaff", "Jaouen", "Kerjean",
    "Lagadec", "Larvor", "Le Bihan", "Le Dantec", "Le Meur", "Madec", "Marrec", "Ménez", "Nédélec", "Ollivier", "Pennec", "Poulain", "Quéré",
    "Rannou", "Rivoal", "Salaün", "Sanquer", "Tanneau", "Thomas-Roux", "Urvoas", "Vaillant", "Vigouroux", "Yvon", NULL
};
const char *const world_streets[] = {
    "rue du Vieux Quai", "avenue des Ajoncs", "impasse du Lavoir", "rue des Deux Ponts", "boulevard de l’Océan", "chemin des Salines", "place du Puits",
    "rue de la Corderie", "quai des Sabliers", "allée des Mouettes", "rue du Four à Chaux", "venelle du Guet", "rue des Tonneliers", "route de la Lande", NULL
};
const char *const world_places[] = {
    "du Port", "des Dunes", "Armor", "de l’Estuaire", "Guivarch", "du Môle", "Le Grand Large", "des Halles", "Penhoët", "du Rempart", "Saint-Clair",
    "des Tilleuls", "du Ponant", "Lumière", "de la Digue", "Quéméner", "des Korrigans", "du Phare", "Hélias", "de la Cale", "Maelan", "des Embruns",
    "du Bourg", "Rothéneuf", "des Genêts", "Traouen", "de l’Écluse", "du Vieux Moulin", "Kerlann", "des Trois Rivières", "Bellanger", "du Belvédère",
    "Sainte-Barbe", "de la Presqu’île", "Morgane", "des Ardoises", "du Grand Pré", NULL
};
const char *const world_jobs[] = {
    "Gérante", "Gérant", "Comptabilité", "Chef de cuisine", "Responsable technique", "Directrice", "Directeur", "Secrétariat", "Achats", "Responsable du site", NULL
};
const char *const world_cities[][2] = {
    { "44500", "La Baule-Escoublac" }, { "44600", "Saint-Nazaire" }, { "44380", "Pornichet" }, { "44350", "Guérande" }, { "44490", "Le Croisic" },
    { "44420", "La Turballe" }, { "44510", "Le Pouliguen" }, { "44740", "Batz-sur-Mer" }, { "56130", "La Roche-Bernard" }, { "56760", "Pénestin" },
    { "44160", "Pontchâteau" }, { "44210", "Pornic" }, { "44250", "Saint-Brevin-les-Pins" }, { "44570", "Trignac" }, { "44550", "Montoir-de-Bretagne" },
    { NULL, NULL },
};
