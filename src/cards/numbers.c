/*
 * The numbers of the cards. A probability is Beta(events + 1/2, total - events + 1/2) from counts
 * (Jeffreys prior), several studies being pooled by random effects (random_effects.h); the Beta
 * with mean `value` and sd = (high - low) / 3.92 otherwise, narrowed where it must be so that no
 * shape falls below 1/2 (a Beta with less would pile up at 0 and 1). A positive quantity is
 * log-normal with median `value` and sigma = ln(high / low) / 3.92, any other normal.
 *
 * What rests only on figures that could not be confirmed is made twice as wide: counts by a fourth
 * of the men (a power prior: Ibrahim and Chen 2000, doi 10.1214/ss/1009212673), intervals by twice
 * the distance of their ends from the value, on the logit scale for probabilities and on the
 * logarithmic scale for positive quantities.
 */
#include <math.h>
#include <string.h>

#include "beta.h"
#include "random_effects.h"
#include "reader.h"

static const double WIDTH_IN_SD = 3.92; /* of a 95 % interval */
static const double LEAST_SHAPE = 0.5;
static const double DOUBT = 2; /* so much wider is what rests on figures not found again */

ag_parameter ag_parameter_exact(double value) {
    return (ag_parameter){.kind = AG_PARAMETER_EXACT, .value = value, .low = value, .high = value};
}

/* The random stream of a number hangs on where it stands, not on the order of files. */
static uint64_t stream_of(const ag_reader *reader) {
    uint64_t hash = ag_text_hash(AG_HASH_START, reader->source->name, strlen(reader->source->name));
    return ag_text_hash(hash, reader->path, reader->path_length);
}

static void check_words(ag_reader *reader, const ag_node *node, ag_parameter *p) {
    const ag_node *because = ag_node_get(node, "because");
    const ag_node *assumption = ag_node_get(node, "assumption");
    if (because != NULL && assumption != NULL)
        ag_reader_problem(reader, because, AG_ERROR_VALUE,
                          "\"because\" says how evidence was read and \"assumption\" that there is "
                          "none; write one of them");
    if (assumption != NULL)
        p->assumption = ag_read_text(reader, assumption, &p->reason);
    else if (because != NULL)
        ag_read_text(reader, because, &p->reason);
}

/* ---- counts ---- */

/* A record of the list that counts the same men as record `i` of it does; NULL where none does. */
static const ag_evidence *twin(const ag_reader *reader, const ag_indices *list, int i) {
    const ag_evidence *all = reader->knowledge->evidence;
    for (int j = 0; j < i; j++)
        if (ag_evidence_same_study(&all[list->items[i]], &all[list->items[j]]))
            return &all[list->items[j]];
    return NULL;
}

static bool has_counts(ag_reader *reader, const ag_node *node, const ag_evidence *record) {
    if (record->events < 0 || record->total <= 0 || record->events > record->total) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the record \"%s\" gives no events and total to count; add value, "
                          "interval and because, which say how it is read",
                          record->id);
        return false;
    }
    if (record->confidence == AG_REMEMBERED) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the record \"%s\" is only remembered, and such a figure sets no number; "
                          "find its source, or write an assumption with its reason",
                          record->id);
        return false;
    }
    return true;
}

static void set_beta(ag_parameter *p, double a, double b) {
    p->kind = AG_PARAMETER_BETA;
    p->a = a;
    p->b = b;
}

/* The counts of a record, as far as they are trusted; false where they must not be added. */
static bool counts_of(ag_reader *reader, const ag_node *node, const ag_indices *list, int i,
                      double *events, double *total) {
    const ag_evidence *record = &reader->knowledge->evidence[list->items[i]];
    const ag_evidence *other = twin(reader, list, i);
    if (!has_counts(reader, node, record))
        return false;
    if (other != NULL) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "\"%s\" and \"%s\" count the same men, who would be counted twice; keep "
                          "one of them",
                          other->id, record->id);
        return false;
    }
    double trust = record->audit == AG_AUDIT_NOT_CONFIRMABLE ? 1 / (DOUBT * DOUBT) : 1;
    *events = record->events * trust;
    *total = record->total * trust;
    return true;
}

static void pool(ag_reader *reader, const ag_node *node, ag_parameter *p) {
    double *events = ag_reader_array(reader, p->evidence.count, sizeof *events);
    double *totals = ag_reader_array(reader, p->evidence.count, sizeof *totals);
    double pooled_events, pooled_total;
    int count = 0;
    if (events == NULL || totals == NULL)
        return;
    for (int i = 0; i < p->evidence.count; i++) {
        const ag_evidence *record = &reader->knowledge->evidence[p->evidence.items[i]];
        if (!counts_of(reader, node, &p->evidence, i, &events[count], &totals[count]))
            return;
        count += ag_texts_find(&reader->left_out, record->id) < 0;
    }
    if (count == 0 && reader->left_out.count == 0)
        return;
    ag_pool_counts(events, totals, count, &pooled_events, &pooled_total);
    set_beta(p, pooled_events + 0.5, pooled_total - pooled_events + 0.5);
    p->value = p->a / (p->a + p->b);
    p->low = ag_beta_quantile(p->a, p->b, 0.025);
    p->high = ag_beta_quantile(p->a, p->b, 0.975);
}

/* ---- a value with its interval ---- */

static void set_distribution(ag_parameter *p, ag_number_role role) {
    double sd = (p->high - p->low) / WIDTH_IN_SD, mean = p->value;
    switch (role) {
    case AG_NUMBER_PROBABILITY: {
        double least = LEAST_SHAPE / fmin(mean, 1 - mean);
        double size = fmax(mean * (1 - mean) / (sd * sd) - 1, least);
        set_beta(p, mean * size, (1 - mean) * size);
        break;
    }
    case AG_NUMBER_POSITIVE:
        p->kind = AG_PARAMETER_LOGNORMAL;
        p->a = log(mean);
        p->b = log(p->high / p->low) / WIDTH_IN_SD;
        break;
    case AG_NUMBER_REAL:
        p->kind = AG_PARAMETER_NORMAL;
        p->a = mean;
        p->b = sd;
        break;
    }
}

/* Says what is wrong with value and interval, or NULL. */
static const char *fault_of(const ag_parameter *p, ag_number_role role) {
    if (p->value < p->low || p->value > p->high)
        return "the value lies outside its interval";
    if (p->low == p->high)
        return "the interval has no width; say how uncertain the value is";
    if (role == AG_NUMBER_PROBABILITY &&
        (p->low < 0 || p->high > 1 || p->value <= 0 || p->value >= 1))
        return "a probability lies between 0 and 1; write 0 or 1 alone when it is certain by "
               "definition";
    if (role == AG_NUMBER_POSITIVE && p->low <= 0)
        return "the value and its interval must be greater than 0";
    return NULL;
}

static void check_support(ag_reader *reader, const ag_node *node, ag_parameter *p) {
    bool sound = false;
    for (int i = 0; i < p->evidence.count; i++)
        sound =
            sound || reader->knowledge->evidence[p->evidence.items[i]].confidence != AG_REMEMBERED;
    if (ag_node_get(node, "evidence") == NULL && ag_node_get(node, "assumption") == NULL)
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "nothing supports this number; add evidence: [ids] and because, or "
                          "assumption: \"the reason\"");
    else if (p->evidence.count > 0 && !sound && !p->assumption)
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "all evidence of this number is only remembered, and such figures set no "
                          "number; add a checked record, or replace because by assumption");
    else if (ag_node_get(node, "evidence") != NULL && p->reason == NULL)
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "add because: \"how the evidence gives this value\"; only counts need "
                          "none");
}

static double spread_out(double value, double end, ag_number_role role) {
    if (role == AG_NUMBER_REAL)
        return value + DOUBT * (end - value);
    if (role == AG_NUMBER_POSITIVE)
        return value * pow(end / value, DOUBT);
    double odds = value / (1 - value), own = end / (1 - end);
    if (end <= 0 || end >= 1)
        return end;
    odds *= pow(own / odds, DOUBT);
    return odds / (1 + odds);
}

/* Whether there is evidence, and none of it could be found again. */
static bool doubted(const ag_reader *reader, const ag_parameter *p) {
    bool all = p->evidence.count > 0 && !p->assumption;
    for (int i = 0; i < p->evidence.count; i++)
        all = all &&
              reader->knowledge->evidence[p->evidence.items[i]].audit == AG_AUDIT_NOT_CONFIRMABLE;
    return all;
}

static void read_value(ag_reader *reader, const ag_node *node, ag_number_role role,
                       const ag_node *value, ag_parameter *p) {
    const ag_node *interval = ag_node_get(node, "interval");
    ag_parameter read = *p;
    check_support(reader, node, p);
    if (interval == NULL) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the interval is missing; add interval: [low, high], 95 %%");
        return;
    }
    if (!ag_read_number(reader, value, &read.value) ||
        !ag_read_interval(reader, interval, &read.low, &read.high))
        return;
    const char *fault = fault_of(&read, role);
    if (fault != NULL) {
        ag_reader_problem(reader, value, AG_ERROR_VALUE, "%s (%g, [%g, %g])", fault, read.value,
                          read.low, read.high);
        return;
    }
    *p = read;
    if (doubted(reader, p)) {
        p->low = spread_out(p->value, p->low, role);
        p->high = spread_out(p->value, p->high, role);
    }
    set_distribution(p, role);
}

/* ---- all forms ---- */

/* What stands for a number that could not be read: any legal value, as the folder is refused. */
static ag_parameter harmless(ag_number_role role) {
    return ag_parameter_exact(role == AG_NUMBER_POSITIVE ? 1 : 0);
}

static ag_parameter read_plain(ag_reader *reader, const ag_node *node, ag_number_role role) {
    double number;
    if (role == AG_NUMBER_PROBABILITY && node->kind == AG_NODE_TEXT &&
        ag_text_number(node->text, &number) && (number == 0 || number == 1))
        return ag_parameter_exact(number);
    ag_reader_problem(reader, node, AG_ERROR_VALUE,
                      "a number is written {value: 0.3, interval: [0.2, 0.4], evidence: [id], "
                      "because: \"…\"} or with assumption: \"the reason\"; %s",
                      role == AG_NUMBER_PROBABILITY
                          ? "only the certain 0 and 1, and rest within a row, stand alone"
                          : "it cannot stand alone");
    return harmless(role);
}

ag_parameter ag_read_parameter(ag_reader *reader, const ag_node *node, ag_number_role role,
                               const char *value_key) {
    const char *const known[] = {value_key, "interval", "evidence", "because", "assumption", NULL};
    if (node->kind != AG_NODE_MAP)
        return read_plain(reader, node, role);
    ag_parameter p = harmless(role);
    p.stream = stream_of(reader);
    ag_reader_keys(reader, node, known);
    const ag_node *evidence = ag_node_get(node, "evidence");
    if (evidence != NULL)
        p.evidence = ag_read_indices(reader, evidence, AG_SPACE_EVIDENCE);
    if (evidence != NULL && evidence->kind == AG_NODE_LIST && evidence->count == 0)
        ag_reader_problem(reader, evidence, AG_ERROR_VALUE,
                          "the list of evidence is empty; name a record, or write an assumption");
    check_words(reader, node, &p);
    const ag_node *value = ag_node_get(node, value_key);
    if (value != NULL)
        read_value(reader, node, role, value, &p);
    else if (evidence != NULL && role == AG_NUMBER_PROBABILITY &&
             ag_node_get(node, "interval") == NULL && !p.assumption)
        pool(reader, evidence, &p);
    else
        ag_reader_problem(reader, node, AG_ERROR_VALUE, "\"%s\" is missing; add it%s", value_key,
                          role == AG_NUMBER_PROBABILITY
                              ? ", or leave only evidence: [ids] of records with counts"
                              : "");
    return p;
}

void ag_read_probability(ag_reader *reader, const ag_node *node, const ag_field *field,
                         void *owner) {
    ag_parameter *p = (ag_parameter *)(void *)((char *)owner + field->offset);
    *p = ag_read_parameter(reader, node, AG_NUMBER_PROBABILITY, "value");
}
