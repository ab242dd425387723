/*
 * HL7 Infobutton, the request in an address: "what is there for a reader on this code?". The answer
 * is the leaflet itself (HTML), or the knowledge response as an Atom feed in XML or, in the shape
 * that such feeds have in JSON, with "_value" for text.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "antegrade/antegrade.h"
#include "hooks_work.h"
#include "phrase.h"
#include "vocabulary.h"

typedef struct wanted {
    const char *code, *system, *name; /* as asked */
    bool clinician;
    ag_language language;
    int leaflet;         /* -1: none */
    const char *card_id; /* of the card that the code means; NULL where it means none */
} wanted;

/* ---- the question ---- */

static const struct {
    const char *name; /* OID, or the address that FHIR uses */
    ag_code_system system;
} systems[] = {
    {"2.16.840.1.113883.6.90", AG_CODE_ICD10CM},
    {"2.16.840.1.113883.6.96", AG_CODE_SNOMED},
    {"2.16.840.1.113883.6.88", AG_CODE_RXNORM},
    {"2.16.840.1.113883.6.1", AG_CODE_LOINC},
    {"http://hl7.org/fhir/sid/icd-10-cm", AG_CODE_ICD10CM},
    {"http://snomed.info/sct", AG_CODE_SNOMED},
    {"http://www.nlm.nih.gov/research/umls/rxnorm", AG_CODE_RXNORM},
    {"http://loinc.org", AG_CODE_LOINC},
};

static bool code_term(const ag_call *call, const wanted *w, ag_term *out) {
    const char *system =
        w->system != NULL && strncmp(w->system, "urn:oid:", 8) == 0 ? w->system + 8 : w->system;
    for (size_t i = 0; w->code != NULL && system != NULL && i < sizeof systems / sizeof systems[0];
         i++)
        if (strcmp(systems[i].name, system) == 0)
            return ag_vocabulary_find_code(call->hooks->vocabulary, systems[i].system, w->code,
                                           out);
    return false;
}

/* By name where the code says nothing: the whole name, or of a medicine the name within it. */
static bool name_term(const ag_call *call, const wanted *w, ag_term *out) {
    ag_phrase phrase;
    if (w->name == NULL)
        return false;
    if (ag_vocabulary_find(call->hooks->vocabulary, AG_TERM_ANY, w->name, out))
        return true;
    if (!ag_phrase_read(call->hooks->vocabulary, w->name, &phrase) || phrase.negated)
        return false;
    *out = (ag_term){AG_TERM_CAUSE, phrase.causes[0]};
    return true;
}

static const char *term_id(const ag_knowledge *k, ag_term term) {
    return term.kind == AG_TERM_CAUSE     ? k->causes[term.index].id
           : term.kind == AG_TERM_FINDING ? k->variables[k->findings[term.index].variable].id
                                          : k->variables[k->mechanisms[term.index].variable].id;
}

static const char *first_query(const ag_call *call, const char *a, const char *b) {
    const char *value = ag_call_query(call, a);
    return value != NULL ? value : ag_call_query(call, b);
}

static bool is(const char *text, const char *word) {
    return text != NULL && strcasecmp(text, word) == 0;
}

/* The leaflets are for men and about men. */
static bool for_a_man(const ag_call *call) {
    return !is(ag_call_query(call, "patientPerson.administrativeGenderCode.c"), "F");
}

static wanted read_question(ag_call *call) {
    wanted w = {.code = ag_call_query(call, "mainSearchCriteria.v.c"),
                .system = ag_call_query(call, "mainSearchCriteria.v.cs"),
                .name = ag_call_query(call, "mainSearchCriteria.v.dn"),
                .leaflet = -1};
    if (w.name == NULL)
        w.name = ag_call_query(call, "mainSearchCriteria.v.ot");
    const char *language =
        first_query(call, "informationRecipient.languageCode.c", "performer.languageCode.c");
    w.language = language != NULL
                     ? ag_language_of(strncasecmp(language, "es", 2) == 0 ? "es" : "en")
                     : call->language;
    w.clinician = is(ag_call_query(call, "informationRecipient"), "PROV");
    call->language = w.language;
    ag_term term;
    if (!for_a_man(call) || (!code_term(call, &w, &term) && !name_term(call, &w, &term)))
        return w;
    w.card_id = term_id(call->hooks->knowledge, term);
    w.leaflet = ag_leaflet_find(call->hooks->knowledge, w.card_id);
    return w;
}

/* ---- entries ---- */

typedef struct entry {
    const char *title, *address, *summary; /* the summary is HTML */
} entry;

enum { MOST_ENTRIES = 2 };

/* What the reader is given; copies in the arena. */
static const char *keep(ag_call *call, char *report) {
    const char *text = report != NULL ? ag_arena_copy(call->arena, report) : NULL;
    ag_report_free(report);
    return text;
}

static void escape(ag_buffer *out, const char *text) {
    for (; text != NULL && *text != '\0'; text++)
        if (*text == '<')
            ag_buffer_add(out, "&lt;");
        else if (*text == '>')
            ag_buffer_add(out, "&gt;");
        else if (*text == '&')
            ag_buffer_add(out, "&amp;");
        else if (*text == '"')
            ag_buffer_add(out, "&quot;");
        else if ((unsigned char)*text >= ' ')
            ag_buffer_add_char(out, *text);
        else
            ag_buffer_add_char(out, ' ');
}

static const char *paragraph(ag_call *call, const char *text) {
    ag_buffer out = ag_buffer_start(call->arena);
    ag_buffer_add(&out, "<p>");
    escape(&out, text);
    ag_buffer_add(&out, "</p>");
    return ag_buffer_text(&out);
}

static const char *summary_of(const ag_knowledge *k, const char *id, ag_language language) {
    int cause = ag_knowledge_cause(k, id), variable = ag_knowledge_variable(k, id);
    return cause >= 0      ? ag_localized_text(k->causes[cause].summary, language)
           : variable >= 0 ? ag_localized_text(k->variables[variable].summary, language)
                           : NULL;
}

static const char *page_address(ag_call *call, const char *kind, const char *id) {
    return ag_arena_format(call->arena, "%s/#/%s/%s", call->hooks->options.base_url, kind, id);
}

/* For clinicians the card with its figures and studies, then the leaflet; for others the leaflet.
 */
static int list_entries(ag_call *call, const wanted *w, entry out[MOST_ENTRIES]) {
    const ag_knowledge *k = call->hooks->knowledge;
    const char *summary = w->card_id != NULL ? summary_of(k, w->card_id, w->language) : NULL;
    const char *language = ag_language_code(w->language);
    ag_card card;
    int count = 0;
    if (w->clinician && w->card_id != NULL && ag_card_find(k, w->card_id, &card))
        out[count++] =
            (entry){ag_card_name(k, card, language), page_address(call, "card", w->card_id),
                    paragraph(call, summary != NULL ? summary : "")};
    if (w->leaflet >= 0)
        out[count++] = (entry){keep(call, ag_leaflet_name(w->leaflet, language)),
                               page_address(call, "leaflet", ag_leaflet_id(w->leaflet)),
                               paragraph(call, summary != NULL ? summary : "")};
    return count;
}

/* ---- forms ---- */

typedef struct feed {
    ag_call *call;
    const wanted *w;
    entry entries[MOST_ENTRIES];
    int count;
    char updated[32];
    const char *id;
} feed;

static const char TITLE[] = AG_SAID("Leaflets on semen and ejaculation");

/* What was asked, as the categories of the feed. */
static const char *const categories[] = {
    "mainSearchCriteria.v.c",
    "mainSearchCriteria.v.cs",
    "mainSearchCriteria.v.dn",
    "taskContext.c.c",
    "informationRecipient",
    "informationRecipient.languageCode.c",
    "patientPerson.administrativeGenderCode.c",
};
enum { CATEGORIES = sizeof categories / sizeof categories[0] };

static void element(ag_buffer *out, const char *name, const char *attributes, const char *text) {
    ag_buffer_format(out, "<%s%s>", name, attributes);
    escape(out, text);
    ag_buffer_format(out, "</%s>", name);
}

static void write_xml_entry(ag_buffer *out, const feed *f, const entry *e) {
    ag_buffer_add(out, "<entry>");
    element(out, "title", "", e->title);
    ag_buffer_add(out, "<link rel=\"alternate\" type=\"text/html\" href=\"");
    escape(out, e->address);
    ag_buffer_add(out, "\"/>");
    element(out, "id", "", e->address);
    element(out, "updated", "", f->updated);
    element(out, "summary", " type=\"html\"", e->summary);
    ag_buffer_add(out, "</entry>");
}

static void write_xml(ag_buffer *out, const feed *f) {
    ag_buffer_format(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\" xml:base=\"%s/\">",
        ag_language_code(f->w->language), f->call->hooks->options.base_url);
    element(out, "title", " type=\"text\"", ag_call_say(f->call, TITLE));
    element(out, "id", "", f->id);
    element(out, "updated", "", f->updated);
    ag_buffer_add(out, "<author><name>Antegrade</name></author>");
    for (int i = 0; i < CATEGORIES; i++)
        if (ag_call_query(f->call, categories[i]) != NULL) {
            ag_buffer_format(out, "<category scheme=\"%s\" term=\"", categories[i]);
            escape(out, ag_call_query(f->call, categories[i]));
            ag_buffer_add(out, "\"/>");
        }
    for (int i = 0; i < f->count; i++)
        write_xml_entry(out, f, &f->entries[i]);
    ag_buffer_add(out, "</feed>\n");
}

static void value(ag_json *json, const char *key, const char *type, const char *text) {
    ag_json_object(json, key);
    if (type != NULL)
        ag_json_text(json, "type", type);
    ag_json_text(json, "_value", text);
    ag_json_end(json);
}

static void write_json_entry(ag_json *json, const feed *f, const entry *e) {
    ag_json_object(json, NULL);
    value(json, "title", "text", e->title);
    ag_json_array(json, "link");
    ag_json_object(json, NULL);
    ag_json_text(json, "rel", "alternate");
    ag_json_text(json, "type", "text/html");
    ag_json_text(json, "href", e->address);
    ag_json_end(json);
    ag_json_end(json);
    value(json, "id", NULL, e->address);
    value(json, "updated", NULL, f->updated);
    value(json, "summary", "html", e->summary);
    ag_json_end(json);
}

static void write_json(ag_buffer *out, const feed *f) {
    ag_json json = ag_json_start(out, 0);
    ag_json_object(&json, NULL);
    ag_json_object(&json, "feed");
    ag_json_text(&json, "base", f->call->hooks->options.base_url);
    ag_json_text(&json, "lang", ag_language_code(f->w->language));
    value(&json, "title", "text", ag_call_say(f->call, TITLE));
    value(&json, "id", NULL, f->id);
    value(&json, "updated", NULL, f->updated);
    ag_json_object(&json, "author");
    value(&json, "name", NULL, "Antegrade");
    ag_json_end(&json);
    ag_json_array(&json, "category");
    for (int i = 0; i < CATEGORIES; i++)
        if (ag_call_query(f->call, categories[i]) != NULL) {
            ag_json_object(&json, NULL);
            ag_json_text(&json, "scheme", categories[i]);
            ag_json_text(&json, "term", ag_call_query(f->call, categories[i]));
            ag_json_end(&json);
        }
    ag_json_end(&json);
    ag_json_array(&json, "entry");
    for (int i = 0; i < f->count; i++)
        write_json_entry(&json, f, &f->entries[i]);
    ag_json_end(&json);
    ag_json_end(&json);
    ag_json_end(&json);
}

static void answer_html(ag_call *call, const wanted *w) {
    ag_report_options options = ag_report_options_defaults();
    options.language = ag_language_code(w->language);
    if (w->leaflet >= 0) {
        ag_call_answer(call, 200, "text/html; charset=utf-8",
                       keep(call, ag_leaflet_write(w->leaflet, call->hooks->knowledge,
                                                   AG_LEAFLET_HTML, &options)));
        return;
    }
    ag_buffer out = ag_buffer_start(call->arena);
    ag_buffer_format(&out, "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\"><title>",
                     ag_language_code(w->language));
    escape(&out, ag_call_say(call, TITLE));
    ag_buffer_add(&out, "</title><p>");
    escape(&out, ag_call_say(call, "There is no leaflet on this."));
    ag_buffer_add(&out, "</p></html>\n");
    ag_call_answer(call, 404, "text/html; charset=utf-8", ag_buffer_text(&out));
}

typedef enum form { FORM_XML, FORM_JSON, FORM_HTML, FORM_UNKNOWN } form;

/* What the request names counts, else what its reader accepts, else XML. */
static form form_of(const ag_call *call) {
    static const struct {
        const char *type;
        form form;
    } types[] = {{"application/json", FORM_JSON},
                 {"text/html", FORM_HTML},
                 {"application/atom+xml", FORM_XML},
                 {"text/xml", FORM_XML},
                 {"application/xml", FORM_XML}};
    const char *named = ag_call_query(call, "knowledgeResponseType");
    const char *accepted = call->request->accept;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (named != NULL ? strcasecmp(named, types[i].type) == 0
                          : accepted != NULL && strstr(accepted, types[i].type) != NULL)
            return types[i].form;
    return named != NULL ? FORM_UNKNOWN : FORM_XML;
}

void ag_serve_infobutton(ag_call *call) {
    form asked = form_of(call);
    wanted w = read_question(call);
    if (asked == FORM_UNKNOWN) {
        ag_call_outcome(call, 400, "not-supported",
                        "knowledgeResponseType can be text/xml, application/json or text/html");
        return;
    }
    if (w.code == NULL && w.name == NULL) {
        ag_call_outcome(call, 400, "required",
                        "mainSearchCriteria.v.c (a code, with its system in "
                        "mainSearchCriteria.v.cs) or mainSearchCriteria.v.dn (a name) is missing");
        return;
    }
    if (asked == FORM_HTML) {
        answer_html(call, &w);
        return;
    }
    feed f = {.call = call, .w = &w};
    char uuid[AG_UUID_TEXT];
    time_t now = (time_t)call->now;
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(f.updated, sizeof f.updated, "%Y-%m-%dT%H:%M:%SZ", &utc);
    ag_uuid_new(uuid);
    f.id = ag_arena_format(call->arena, "urn:uuid:%s", uuid);
    f.count = list_entries(call, &w, f.entries);
    ag_buffer out = ag_buffer_start(call->arena);
    if (asked == FORM_JSON)
        write_json(&out, &f);
    else
        write_xml(&out, &f);
    ag_call_answer(call, 200,
                   asked == FORM_JSON ? "application/json" : "application/atom+xml; charset=utf-8",
                   ag_buffer_text(&out));
}
