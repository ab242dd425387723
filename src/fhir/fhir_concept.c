/*
 * What a CodeableConcept means. A code that a card carries decides. Else the text and the displays
 * are looked up as names; how much of them must be a name depends on what is described.
 */
#include <string.h>

#include "fhir_facts.h"
#include "phrase.h"

static bool code_system(const char *uri, ag_code_system *out) {
    static const struct {
        const char *uri;
        ag_code_system system;
    } systems[] = {{"http://snomed.info/sct", AG_CODE_SNOMED},
                   {"urn:oid:2.16.840.1.113883.6.96", AG_CODE_SNOMED},
                   {"http://hl7.org/fhir/sid/icd-10-cm", AG_CODE_ICD10CM},
                   {"http://hl7.org/fhir/sid/icd-10", AG_CODE_ICD10CM},
                   {"urn:oid:2.16.840.1.113883.6.90", AG_CODE_ICD10CM},
                   {"http://www.nlm.nih.gov/research/umls/rxnorm", AG_CODE_RXNORM},
                   {"urn:oid:2.16.840.1.113883.6.88", AG_CODE_RXNORM},
                   {"http://www.whocc.no/atc", AG_CODE_ATC},
                   {"http://loinc.org", AG_CODE_LOINC},
                   {"urn:oid:2.16.840.1.113883.6.1", AG_CODE_LOINC}};
    for (size_t i = 0; uri != NULL && i < sizeof systems / sizeof systems[0]; i++)
        if (strcmp(uri, systems[i].uri) == 0) {
            *out = systems[i].system;
            return true;
        }
    return false;
}

const char *ag_fhir_code(const ag_json_value *concept) {
    return ag_json_get_text(ag_json_items(ag_json_get(concept, "coding")), "code");
}

const char *ag_fhir_concept_text(const ag_json_value *concept) {
    const char *text = ag_json_get_text(concept, "text");
    const ag_json_value *coding = ag_json_items(ag_json_get(concept, "coding"));
    for (; (text == NULL || *text == '\0') && coding != NULL; coding = coding->next)
        text = ag_json_get_text(coding, "display");
    return text != NULL && *text != '\0' ? text : ag_fhir_code(concept);
}

static void add_term(ag_fhir_meaning *meaning, ag_term term) {
    for (int i = 0; i < meaning->count; i++)
        if (meaning->terms[i].kind == term.kind && meaning->terms[i].index == term.index)
            return;
    if (meaning->count < AG_FHIR_TERMS)
        meaning->terms[meaning->count++] = term;
}

/* Attributes and strength that the words of a phrase give to the term that is already known. */
static void take_details(ag_fhir_meaning *meaning, const ag_phrase *phrase) {
    if (meaning->strength_mg == 0 && phrase->cause_count == 1)
        meaning->strength_mg = phrase->strength_mg;
    if (meaning->attribute_count > 0 || meaning->count == 0 ||
        meaning->terms[0].kind != AG_TERM_CAUSE || meaning->terms[0].index != phrase->causes[0])
        return;
    for (int i = 0; i < phrase->attribute_count && meaning->attribute_count < 4; i++)
        meaning->attributes[meaning->attribute_count++] = phrase->attributes[i];
}

/* "Hypertension (disorder)" without the kind of concept that SNOMED CT adds. */
static void without_kind(const char *text, char *out, size_t size) {
    size_t length = strlen(text);
    const char *open = strrchr(text, '(');
    if (open != NULL && open > text && text[length - 1] == ')')
        length = (size_t)(open - text);
    if (length >= size)
        length = size - 1;
    memcpy(out, text, length);
    out[length] = '\0';
}

/* "Volume" alone may be the volume of anything: of a sample, one word does not tell. */
static bool too_short(const ag_fhir_converter *c, ag_fhir_match match, ag_term term,
                      const char *text) {
    ag_words words;
    ag_words_read(&words, text);
    return match == AG_FHIR_RESULT && term.kind == AG_TERM_FINDING && words.count == 1 &&
           c->knowledge->findings[term.index].sample != AG_SAMPLE_NONE;
}

static void read_text(const ag_fhir_converter *c, const char *text, ag_fhir_match match,
                      bool details_only, ag_fhir_meaning *meaning) {
    char plain[512];
    ag_phrase phrase;
    ag_term term;
    if (text == NULL || *text == '\0')
        return;
    without_kind(text, plain, sizeof plain);
    unsigned first = match == AG_FHIR_RESULT ? AG_TERM_FINDING : AG_TERM_CAUSE;
    if (!details_only &&
        (ag_vocabulary_find(c->vocabulary, first, plain, &term) ||
         ag_vocabulary_find(c->vocabulary, AG_TERM_ANY | AG_TERM_ABSENCE, plain, &term))) {
        if (too_short(c, match, term, plain))
            return;
        add_term(meaning, term);
        details_only = true;
    }
    if (!ag_phrase_read(c->vocabulary, plain, &phrase) || phrase.negated)
        return;
    bool fits =
        match == AG_FHIR_PRODUCT || (phrase.rest[0] == '\0' && !phrase.ended && !phrase.turned);
    for (int i = 0; fits && !details_only && i < phrase.cause_count; i++)
        add_term(meaning, (ag_term){AG_TERM_CAUSE, phrase.causes[i]});
    take_details(meaning, &phrase);
}

ag_fhir_meaning ag_fhir_read_concept(const ag_fhir_converter *converter,
                                     const ag_json_value *concept, ag_fhir_match match) {
    ag_fhir_meaning meaning = {.count = 0};
    const ag_fhir_meaning *before = converter->recall != NULL
                                        ? converter->recall(converter->recall_data, concept, match)
                                        : NULL;
    if (before != NULL)
        return *before;
    const ag_json_value *codings = ag_json_items(ag_json_get(concept, "coding"));
    bool coded = false;
    ag_term term;
    for (const ag_json_value *coding = codings; coding != NULL; coding = coding->next) {
        ag_code_system system;
        const char *code = ag_json_get_text(coding, "code");
        if (code == NULL || !code_system(ag_json_get_text(coding, "system"), &system))
            continue;
        coded = true;
        if (meaning.count == 0 &&
            ag_vocabulary_find_code(converter->vocabulary, system, code, &term))
            add_term(&meaning, term);
    }
    const char *text = ag_fhir_concept_text(concept);
    meaning.text = text != NULL ? text : "an entry without a name";
    if (match == AG_FHIR_RESULT && coded)
        return meaning;
    bool found = meaning.count > 0;
    read_text(converter, ag_json_get_text(concept, "text"), match, found, &meaning);
    for (const ag_json_value *coding = codings; coding != NULL; coding = coding->next)
        read_text(converter, ag_json_get_text(coding, "display"), match, found || meaning.count > 0,
                  &meaning);
    return meaning;
}
