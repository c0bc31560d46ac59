/* The demonstration's pages: who there is to be, and how to become them. */
#include "features/demo/demo.h"
#include <string.h>
#include "base/text.h"
#include "features/demo/mailbox.h"
#include "features/queries.h"
#include "mandate/link.h"
#include "tpl/tpl.h"

/* Who can be tried, in the order of /demo. The e-mail finds the person; `home` is where their day begins. */
static const struct persona {
    const char *key, *name, *email, *org, *role, *home, *hint;
} personas[] = {
    { "contact", "Claire Delmas", "claire.delmas@bellerive.example", "Hôtel Bellerive", N_("Contact, dans l’espace client de Froid Atlantique"),
        "/p/froid-atlantique", N_("Ouvrez un ticket avec une pièce jointe, répondez, marquez-le comme résolu.") },
    { "froid-admin", "Sabine Cozic", "sabine.cozic@froid-atlantique.example", "Froid Atlantique", N_("Administratrice"),
        "/o/froid-atlantique", N_("Répondez aux tickets ; sur la fiche de Bruno Aubry, donnez-lui l’accès aux tickets.") },
    { "technician", "Karim Benali", "karim.benali@froid-atlantique.example", "Froid Atlantique", N_("Technicien"),
        "/o/froid-atlantique", N_("Consultez les clients ; les tickets et les réglages lui sont fermés.") },
    { "host-admin", "Camille Vasseur", "camille.vasseur@hexanode.example", "Hexanode", N_("Administratrice"),
        "/o/hexanode", N_("Un autre métier, d’autres couleurs : les mêmes pages.") },
    { "webmaster", "Léo Fabre", "leo.fabre@studio-pixel.example", "Studio Pixel", N_("Contact, dans l’espace client d’Hexanode"),
        "/p/hexanode", N_("Le webmaster d’autres clients d’Hexanode.") },
    { "owner", "Martine Duval", "martine.duval@garage-duval.example", "Garage Duval", N_("Contact, dans l’espace client d’Hexanode"),
        "/p/hexanode", N_("Propriétaire de ses prestations, suivies par Studio Pixel.") },
    { "operator", "Hervé Lannuzel", "herve.lannuzel@sillage.example", "Sillage", N_("Administrateur de l’éditeur"),
        "/o/sillage", N_("Les entreprises de ce serveur sont ses clients.") },
    { "partner-admin", "Solène Kerbrat", "solene.kerbrat@lanterne.example", "Cabinet Lanterne", N_("Administratrice du partenaire"),
        "/partner/cabinet-lanterne/dossiers", N_("Ses dossiers ; une collaboratrice, Maëlle Guyader, n’est encore qu’invitée.") },
    { "support", "Inès Rolland", "ines.rolland@lanterne.example", "Cabinet Lanterne", N_("Support technique du partenaire"),
        "/partner/cabinet-lanterne/dossiers", N_("N’entre chez personne sans son accord.") },
    { "tivoli-admin", "Nadia Ferrand", "nadia.ferrand@tivoli.example", "Boulangerie Tivoli", N_("Administratrice"),
        "/o/boulangerie-tivoli", N_("Dossier du Cabinet Lanterne, elle n’a encore rien accordé.") },
    { "morin-admin", "Mathilde Morin", "mathilde.morin@morin.example", "Atelier Morin", N_("Gérante"),
        "/o/atelier-morin", N_("Quelqu’un d’autre paie son abonnement.") },
    { "payer", "Gwenaëlle Tanguy", "gwenaelle.tanguy@tanguy-gestion.example", "Atelier Morin", N_("Gestionnaire de Paiement"),
        "/account", N_("N’a que son propre compte, tant que rien n’est à payer.") },
};
enum { PERSONAS = sizeof personas / sizeof *personas };

static const struct field demo_form[] = {
    { "persona", FIELD_HIDDEN, "", REQUIRED, .max = 40 },   /* the button's own value: no label */
    { 0 },
};
static const struct field demo_answer_form[] = {
    { "text", FIELD_LONG, N_("Votre réponse"), REQUIRED, .max = 5000 },
    { 0 },
};

/* The one door of this world that is nobody's: its address, as who gives it out sees it. */
static struct err *link_offer(struct ctx *c)
{
    struct doc *link = NULL;
    TRY(ctx_maybe(c, &sql_demo_link, NULL, &link));
    if (link)
        doc_set_text(c->doc, "link", link_address(c, doc_int_of(link, "id"), doc_int_of(link, "generation")));
    else
        doc_set_null(c->doc, "link");
    return NULL;
}

static struct err *demo_index(struct ctx *c)
{
    struct doc *rows = doc_list(c->arena);
    for (size_t i = 0; i < PERSONAS; i++) {
        struct doc *row = doc_map(c->arena);
        doc_set_text(row, "key", personas[i].key);
        doc_set_text(row, "name", personas[i].name);
        doc_set_text(row, "email", personas[i].email);
        doc_set_text(row, "org", personas[i].org);
        doc_set_text(row, "role", web_text(c, personas[i].role));
        doc_set_text(row, "hint", web_text(c, personas[i].hint));
        doc_push(rows, row);
    }
    doc_set(c->doc, "personas", rows);
    doc_set_text(c->doc, "password", DEMO_PASSWORD);
    return link_offer(c);
}

/* Signs in as somebody without a password: what makes this folder fit for nothing but a demonstration. */
static struct err *demo_enter(struct ctx *c)
{
    const char *key = form_text(c, "persona");
    for (size_t i = 0; i < PERSONAS; i++) {
        if (strcmp(personas[i].key, key) != 0)
            continue;
        struct doc *person = NULL;
        TRY(ctx_row(c, &sql_demo_person, PARAMS(P_TEXT("email_key", text_email_key(c->arena, personas[i].email))), &person));
        journal_object(c, "person", doc_int_of(person, "id"));
        TRY(session_start(c, doc_int_of(person, "id")));
        reply_see(c, NULL, "%s", personas[i].home);
        return NULL;
    }
    return ERR(c->arena, ERR_NOT_FOUND, "nobody of the demonstration is called %s", key);
}

static struct err *demo_root(struct ctx *c)
{
    reply_see(c, NULL, "/demo");
    return NULL;
}

static const struct route demo_routes[] = {
    GET("/", PUBLIC, demo_root),
    GET("/demo", PUBLIC, demo_index),
    POST("/demo/sign-in", PUBLIC, demo_enter, .form = demo_form),
    GET("/demo/mail", PUBLIC, demo_mail),
    POST("/demo/mail/:mail/answer", PUBLIC, demo_mail_answer, .form = demo_answer_form),
    GET("/demo/mail/:mail/html", PUBLIC, demo_mail_html, .is_raw = true),
    GET("/demo/mail/:mail/file", PUBLIC, demo_mail_file, .is_raw = true),
    { 0 },
};

const struct feature demo_feature = { .name = "demo", .routes = demo_routes };
