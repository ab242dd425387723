/* Unknown entries are sorted by kind and name, counted, and listed or summed up. */
#include "fhir_unknown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { NAMED_IN_SUM = 3 };

typedef struct unknown {
    const char *kind; /* in the plural, for people */
    const char *text;
} unknown;

/* A name with the number of its entries. */
typedef struct group {
    unknown of;
    int count;
} group;

static const char *kind_of(const char *type) {
    if (strcmp(type, "Condition") == 0)
        return "conditions";
    if (strcmp(type, "Procedure") == 0)
        return "procedures";
    return strcmp(type, "Observation") == 0 ? "observations" : "medicines";
}

static int compare(const void *left, const void *right) {
    const unknown *a = left, *b = right;
    int order = strcmp(a->kind, b->kind);
    return order != 0 ? order : strcmp(a->text, b->text);
}

/* Observations of other fields are many, and spelling alone says little: only those that speak of
 * semen or ejaculation are worth a line. */
static bool may_matter(const group *g) {
    static const char *const words[] = {"semen", "sperm", "ejac", "orgasm", "semin", "esperm"};
    char folded[256];
    if (strcmp(g->of.kind, "observations") != 0)
        return true;
    ag_text_fold(g->of.text, strlen(g->of.text), folded, sizeof folded);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(folded, words[i]) != NULL)
            return true;
    return false;
}

static ag_status list_one(const ag_vocabulary *vocabulary, const group *g, ag_patient *patient,
                          bool *listed) {
    char where[64];
    ag_unused entry = {.text = g->of.text,
                       .where = where,
                       .why = AG_SAID("it is not known"),
                       .reason = AG_UNUSED_UNKNOWN};
    snprintf(where, sizeof where, g->count > 1 ? "%s (%d entries)" : "%s", g->of.kind, g->count);
    ag_vocabulary_nearest(vocabulary, AG_TERM_CAUSE | AG_TERM_FINDING, g->of.text, entry.nearest);
    bool observation = strcmp(g->of.kind, "observations") == 0;
    *listed = entry.nearest[0] != NULL || observation;
    return *listed ? ag_patient_add_unused(patient, &entry) : AG_OK;
}

/* "14 other conditions (Viral sinusitis, Fracture of forearm, ...)". */
typedef struct sum {
    const char *kind;
    int names, entries;
    ag_buffer text;
} sum;

static ag_status list_sum(const sum *s, ag_patient *patient) {
    char text[600];
    const char *why = AG_SAID("they are not known");
    if (s->names == 0)
        return AG_OK;
    ag_buffer names = s->text;
    const char *list = ag_buffer_text(&names);
    if (list == NULL)
        return AG_ERROR_MEMORY;
    if (s->names == 1) {
        snprintf(text, sizeof text, "%.400s", list);
        why = AG_SAID("it is not known");
    } else {
        snprintf(text, sizeof text, "%d other %s of %d kinds: %.400s%s", s->entries, s->kind,
                 s->names, list, s->names > NAMED_IN_SUM ? ", ..." : "");
    }
    return ag_patient_add_unused(
        patient,
        &(ag_unused){.text = text, .where = s->kind, .why = why, .reason = AG_UNUSED_UNKNOWN});
}

static void add_to_sum(sum *s, const group *g) {
    if (s->names < NAMED_IN_SUM)
        ag_buffer_format(&s->text, "%s%.48s", s->names > 0 ? ", " : "", g->of.text);
    s->names++;
    s->entries += g->count;
}

static ag_status list_groups(const ag_fhir_converter *c, const unknown *list, int count,
                             ag_patient *patient) {
    sum s = {.kind = ""};
    ag_status status = AG_OK;
    for (int from = 0; from < count && status == AG_OK;) {
        group g = {.of = list[from]};
        while (from < count && compare(&list[from], &g.of) == 0) {
            g.count++;
            from++;
        }
        if (strcmp(s.kind, g.of.kind) != 0) {
            status = list_sum(&s, patient);
            s = (sum){.kind = g.of.kind, .text = ag_buffer_start(c->arena)};
        }
        bool listed = false;
        if (status == AG_OK && may_matter(&g))
            status = list_one(c->vocabulary, &g, patient, &listed);
        if (!listed)
            add_to_sum(&s, &g);
    }
    return status == AG_OK ? list_sum(&s, patient) : status;
}

static ag_status list_documents(const ag_fhir_record *record, ag_patient *patient) {
    static const char *const types[] = {"DocumentReference", "Composition", "QuestionnaireResponse",
                                        "ClinicalImpression"};
    int count = 0;
    for (int i = 0; i < record->count; i++)
        for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
            count += strcmp(record->entries[i].type, types[t]) == 0;
    if (count == 0)
        return AG_OK;
    char text[64];
    snprintf(text, sizeof text, "%d documents and questionnaires", count);
    return ag_patient_add_unused(
        patient,
        &(ag_unused){.text = text, .where = "documents", .why = AG_SAID("free text is not read")});
}

ag_status ag_fhir_list_unknown(const ag_fhir_converter *converter, const ag_fhir_record *record,
                               ag_patient *patient) {
    size_t count = 0;
    for (const ag_fhir_fact *fact = converter->first; fact != NULL; fact = fact->next)
        count += fact->kind == AG_FHIR_UNKNOWN;
    unknown *list = ag_arena_array(converter->arena, count + 1, sizeof *list);
    if (list == NULL)
        return AG_ERROR_MEMORY;
    count = 0;
    for (const ag_fhir_fact *fact = converter->first; fact != NULL; fact = fact->next)
        if (fact->kind == AG_FHIR_UNKNOWN)
            list[count++] = (unknown){kind_of(fact->type), fact->text};
    if (count > 1)
        qsort(list, count, sizeof *list, compare);
    ag_status status = list_groups(converter, list, (int)count, patient);
    return status == AG_OK ? list_documents(record, patient) : status;
}
