/*
 * document-evidence CASE.yaml...: writes docs/evidence.md to standard output. The cases are
 * vignettes (tests/cases): in each, every number is moved over its interval.
 */
#include <libfyaml.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/patient.h"
#include "number_list.h"
#include "sensitivity.h"

enum { MOST_SHOWN = 10, MOST_ON_A_LINE = 8 };

typedef struct influence {
    double mean, most; /* of the distance between the two ends, over the cases */
    int most_case;
} influence;

typedef struct document {
    const ag_knowledge *knowledge;
    ag_engine *engine;
    ag_session *session;
    ag_vocabulary *vocabulary;
    ag_arena *arena;
    ag_number_list numbers;
    const ag_parameter **parameters; /* of the numbers */
    int moved;                       /* so many of them come first and are of the network */
    influence *influences;
    char **cases;
    int case_count;
} document;

static int fail(const char *what, const ag_error *error) {
    fprintf(stderr, "document-evidence: %s: %s\n", what, error != NULL ? error->message : "");
    return 1;
}

/* ---- influence ---- */

static ag_patient *read_case(const document *d, const char *path) {
    struct fy_document *yaml = fy_document_build_from_file(NULL, path);
    struct fy_node *node = NULL;
    ag_patient *patient = NULL;
    ag_error error = {0};
    if (yaml != NULL)
        node = fy_node_by_path(fy_document_root(yaml), "/case", FY_NT, FYNWF_DONT_FOLLOW);
    char *text = node != NULL ? fy_emit_node_to_string(node, FYECF_MODE_JSON) : NULL;
    if (text == NULL)
        fail(path, NULL);
    else if (ag_patient_read_case(&patient, d->vocabulary, text, strlen(text), NULL, &error) !=
             AG_OK)
        fail(path, &error);
    free(text);
    fy_document_destroy(yaml);
    return patient;
}

static int leading_mechanism(const document *d, const ag_patient *patient) {
    ag_assessment *assessment;
    int found = -1;
    ag_assess_options options = ag_assess_options_defaults();
    options.explain = false;
    if (ag_assess(&assessment, d->session, patient, &options, NULL) != AG_OK)
        return -1;
    const char *id = ag_assessment_leading(assessment, 0)->id;
    for (int m = 0; m < d->knowledge->mechanism_count; m++)
        if (strcmp(d->knowledge->variables[d->knowledge->mechanisms[m].variable].id, id) == 0)
            found = m;
    ag_assessment_free(assessment);
    return found;
}

static void add_case(document *d, int index, const ag_swing *swings) {
    for (int i = 0; i < d->moved; i++) {
        double size = fabs(swings[i].high - swings[i].low);
        if (isnan(size))
            continue;
        d->influences[i].mean += size / d->case_count;
        if (size > d->influences[i].most) {
            d->influences[i].most = size;
            d->influences[i].most_case = index;
        }
    }
}

static bool move_numbers(document *d) {
    ag_swing *swings = ag_arena_array(d->arena, (size_t)d->numbers.count, sizeof *swings);
    bool good = swings != NULL;
    for (int i = 0; i < d->case_count && good; i++) {
        ag_error error = {0};
        double central;
        ag_patient *patient = read_case(d, d->cases[i]);
        int mechanism = patient != NULL ? leading_mechanism(d, patient) : -1;
        good =
            mechanism >= 0 && ag_assess_swings(d->session, patient, mechanism, d->parameters,
                                               d->numbers.count, &central, swings, &error) == AG_OK;
        if (good)
            add_case(d, i, swings);
        else
            fail(d->cases[i], &error);
        ag_patient_free(patient);
    }
    return good;
}

/* ---- text ---- */

/* In a cell of a table a bar would end the cell. */
static void print_cell(const char *text) {
    for (; *text != '\0'; text++)
        if (*text == '|')
            fputs("\\|", stdout);
        else
            putchar(*text == '\n' ? ' ' : *text);
}

static void print_value(const ag_parameter *p) {
    if (p->low != p->high)
        printf("%.3g [%.3g, %.3g]", p->value, p->low, p->high);
    else
        printf("%.3g", p->value);
}

static void print_records(const document *d, const ag_parameter *p) {
    for (int i = 0; i < p->evidence.count; i++)
        printf("%s%s", i == 0 ? "" : ", ", d->knowledge->evidence[p->evidence.items[i]].id);
}

static void print_head(const document *d) {
    int counts[AG_SUPPORT_FOUND + 1] = {0}, states[4] = {0};
    for (int i = 0; i < d->numbers.count; i++)
        counts[d->numbers.items[i].support]++;
    for (int i = 0; i < d->knowledge->evidence_count; i++)
        states[d->knowledge->evidence[i].audit]++;
    printf(
        "# What the numbers rest on\n\n"
        "Written by `tools/document-evidence` from `knowledge/`; how a number is read, pooled and "
        "widened stands in `knowledge.md`.\n`antegrade cards evidence NAME` shows the same of one "
        "card or one record.\n\n"
        "| numbers of the model | |\n|---|---|\n");
    for (int s = AG_SUPPORT_FOUND; s >= 0; s--)
        printf("| %s | %d |\n", ag_support_name((ag_support)s), counts[s]);
    printf("\n| records of evidence | |\n|---|---|\n");
    for (int s = 0; s < 4; s++)
        printf("| %s | %d |\n", ag_audit_name((ag_audit)s), states[s]);
}

/* ---- the weakest that matter most ---- */

typedef struct weak_number {
    const ag_number *number;
    const influence *influence;
} weak_number;

static int by_influence(const void *a, const void *b) {
    double x = ((const weak_number *)a)->influence->mean;
    double y = ((const weak_number *)b)->influence->mean;
    return (x < y) - (x > y);
}

static const char *case_name(const document *d, int index) {
    const char *slash = strrchr(d->cases[index], '/');
    const char *name = slash != NULL ? slash + 1 : d->cases[index];
    size_t length = strlen(name) > 5 ? strlen(name) - 5 : 0; /* without .yaml */
    const char *text = ag_arena_format(d->arena, "%.*s", (int)length, name);
    return text != NULL ? text : "";
}

static const char *study_for(const document *d, const ag_number *number) {
    const ag_parameter *p = number->parameter;
    if (p->reason != NULL && strncmp(p->reason, "simulated", 9) == 0)
        return "measurement of what this combination does in men, against the simulator";
    if (number->card.kind == AG_CARD_CAUSE && strncmp(number->place, "prior", 5) == 0)
        return "a survey of unselected men of this age, or a count in a register";
    if (number->card.kind == AG_CARD_CAUSE)
        return "exposed men asked directly and examined (volume, urine after orgasm) before and "
               "after, against unexposed men";
    if (number->card.kind == AG_CARD_FINDING &&
        d->knowledge
                ->variables[ag_card_variable(d->knowledge, number->card) - d->knowledge->variables]
                .parent_count == 0)
        return "how often it is recorded in men of this setting";
    if (number->card.kind == AG_CARD_FINDING)
        return "the finding, blindly recorded, in men whose mechanism was proven otherwise";
    if (number->card.kind == AG_CARD_EJACULATE)
        return "repeated samples of the same men with collection and time controlled";
    return "outcomes of a consecutive series by cause, with the failures counted";
}

/* To halve an interval takes three times the men that it is worth. */
static void print_size(const ag_parameter *p) {
    if (p->kind == AG_PARAMETER_BETA)
        printf("; about %.0f men halve the interval", ceil(3 * (p->a + p->b)));
}

static void print_weak(const document *d, const weak_number *weak) {
    const ag_number *n = weak->number;
    printf("| %s: ", ag_card_id(d->knowledge, n->card));
    print_cell(n->place);
    printf(" | ");
    print_value(n->parameter);
    printf(" | %s | %.3f | %s, %.2f | %s", ag_support_name(n->support), weak->influence->mean,
           case_name(d, weak->influence->most_case), weak->influence->most, study_for(d, n));
    print_size(n->parameter);
    printf(" |\n");
}

static bool print_weakest(document *d) {
    weak_number *weak = ag_arena_array(d->arena, (size_t)d->numbers.count + 1, sizeof *weak);
    int count = 0;
    if (weak == NULL)
        return false;
    for (int i = 0; i < d->numbers.count; i++)
        if (d->numbers.items[i].support != AG_SUPPORT_FOUND)
            weak[count++] = (weak_number){&d->numbers.items[i], &d->influences[i]};
    qsort(weak, (size_t)count, sizeof *weak, by_influence);
    printf(
        "\n## The ten weakest that matter most\n"
        "Each number was moved from one end of its 95 %% interval to the other, all others held at "
        "their central values, in the %d published cases of `tests/cases`; *moves* is how far the "
        "probability of the leading mechanism went, on average and in the case that it moves "
        "most. Numbers with a confirmed source are not listed.\n\n"
        "| number | value | rests on | moves | most in | what would help |\n"
        "|---|---|---|---|---|---|\n",
        d->case_count);
    for (int i = 0; i < count && i < MOST_SHOWN; i++)
        print_weak(d, &weak[i]);
    return true;
}

/* ---- all numbers ---- */

static bool alike(const ag_parameter *a, const ag_parameter *b) {
    if (a->evidence.count != b->evidence.count || a->assumption != b->assumption ||
        (a->reason == NULL) != (b->reason == NULL))
        return false;
    for (int i = 0; i < a->evidence.count; i++)
        if (a->evidence.items[i] != b->evidence.items[i])
            return false;
    return a->reason == NULL || strcmp(a->reason, b->reason) == 0;
}

static void print_group(const document *d, const ag_number *first, int count) {
    printf("| ");
    if (count > MOST_ON_A_LINE) {
        printf("%d numbers of its table | ", count);
    } else {
        for (int i = 0; i < count; i++) {
            printf("%s", i == 0 ? "" : "; ");
            print_cell(first[i].place);
        }
        printf(" | ");
        for (int i = 0; i < count; i++) {
            printf("%s", i == 0 ? "" : "; ");
            print_value(first[i].parameter);
        }
    }
    printf(" | %s | ", ag_support_name(first->support));
    print_records(d, first->parameter);
    if (first->parameter->evidence.count == 0 && first->parameter->reason != NULL)
        print_cell(first->parameter->reason);
    printf(" |\n");
}

static void print_numbers(const document *d) {
    const ag_number_list *list = &d->numbers;
    ag_card last = {AG_CARD_KINDS, -1};
    printf("\n## Every number\nNumbers of one card with one reason share a line; those of a table "
           "that the tract simulator fills are counted only: they stand on its card.\n");
    for (int i = 0; i < list->count;) {
        const ag_number *first = &list->items[i];
        int count = 1;
        if (first->card.kind != last.kind)
            printf("\n### %s\n", ag_card_kind_name(first->card.kind));
        if (first->card.kind != last.kind || first->card.index != last.index)
            printf("\n**%s**\n\n| number | value | rests on | evidence, or reason |\n"
                   "|---|---|---|---|\n",
                   ag_card_id(d->knowledge, first->card));
        last = first->card;
        while (i + count < list->count && first[count].card.kind == last.kind &&
               first[count].card.index == last.index &&
               alike(first[count].parameter, first->parameter))
            count++;
        print_group(d, first, count);
        i += count;
    }
}

/* ---- all records ---- */

static int users(const document *d, int record) {
    int count = 0;
    for (int i = 0; i < d->numbers.count; i++)
        for (int e = 0; e < d->parameters[i]->evidence.count; e++)
            count += d->parameters[i]->evidence.items[e] == record;
    return count;
}

static void print_source(const ag_evidence *e) {
    if (e->first_author != NULL)
        printf("%s. ", e->first_author);
    if (e->title != NULL) {
        print_cell(e->title);
        printf(". ");
    }
    if (e->journal != NULL)
        print_cell(e->journal);
    if (e->year > 0)
        printf(" %d", e->year);
    if (e->pmid != NULL)
        printf(", PMID %s", e->pmid);
    if (e->doi != NULL)
        printf(", doi %s", e->doi);
    if (e->first_author == NULL && e->title == NULL && e->journal == NULL)
        printf("no source");
}

static void print_evidence(const document *d) {
    static const char *const confidences[] = {"source itself", "quoted", "from memory"};
    printf("\n## Every record of evidence\n\n| record | state | read in | numbers | source |\n"
           "|---|---|---|---|---|\n");
    for (int i = 0; i < d->knowledge->evidence_count; i++) {
        const ag_evidence *e = &d->knowledge->evidence[i];
        printf("| %s | %s | %s | %d | ", e->id, ag_audit_name(e->audit), confidences[e->confidence],
               users(d, i));
        print_source(e);
        printf(" |\n");
    }
}

/* ---- all ---- */

static bool open_document(document *d) {
    d->knowledge = ag_knowledge_builtin();
    d->arena = ag_arena_new();
    if (d->knowledge == NULL || d->arena == NULL ||
        ag_engine_new(&d->engine, d->knowledge, NULL) != AG_OK ||
        ag_session_new(&d->session, d->engine, NULL) != AG_OK ||
        !ag_number_list_make(&d->numbers, d->knowledge, (ag_card){AG_CARD_KINDS, 0}, d->arena))
        return false;
    d->vocabulary = ag_vocabulary_new(d->knowledge);
    d->parameters = ag_arena_array(d->arena, (size_t)d->numbers.count + 1, sizeof *d->parameters);
    d->influences = ag_arena_array(d->arena, (size_t)d->numbers.count + 1, sizeof *d->influences);
    if (d->vocabulary == NULL || d->parameters == NULL || d->influences == NULL)
        return false;
    for (int i = 0; i < d->numbers.count; i++) {
        d->parameters[i] = d->numbers.items[i].parameter;
        d->moved += d->numbers.items[i].card.kind <= AG_CARD_CAUSE;
    }
    return true;
}

static void close_document(document *d) {
    ag_vocabulary_free(d->vocabulary);
    ag_session_free(d->session);
    ag_engine_free(d->engine);
    ag_arena_free(d->arena);
}

int main(int argc, char **argv) {
    document d = {.cases = argv + 1, .case_count = argc - 1};
    if (argc < 2) {
        fprintf(stderr, "usage: document-evidence CASE.yaml...\n");
        return 2;
    }
    bool good = open_document(&d) && move_numbers(&d);
    if (good) {
        print_head(&d);
        good = print_weakest(&d);
        print_numbers(&d);
        print_evidence(&d);
    }
    close_document(&d);
    return good ? 0 : 1;
}
