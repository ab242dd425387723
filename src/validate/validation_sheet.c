/* A validation in words: what was tried, how it went, where the model is no better. */
#include <math.h>
#include <string.h>

#include "stress.h"
#include "validation.h"

static const double FELT = 0.05; /* log odds: what moves less is not shown */
static const char *const forecaster_names[AG_FORECASTERS] = {"the model", "base rates only",
                                                             "the flow chart"};

static bool used(const ag_validation *v, int who) {
    return who != AG_CHART || v->has_chart;
}

/* ---- scores ---- */

static void score_cell(ag_sheet *sheet, ag_scored s) {
    ag_sheet_cell(sheet, "%.2f (%.2f–%.2f)", s.value, s.low, s.high);
}

static void share_cell(ag_sheet *sheet, ag_scored s) {
    ag_sheet_cell(sheet, "%s", ag_percent_text(sheet->arena, s.value, s.low, s.high));
}

static int known_so(const ag_validation *v, int mechanism, const char *by) {
    int count = 0;
    for (int i = 0; i < v->case_count; i++) {
        const ag_resolved *r = v->cases[i].resolved;
        count += mechanism >= 0 ? r->mechanisms.items[0] == mechanism
                                : r->by != NULL && strcmp(r->by, by) == 0;
    }
    return count;
}

/* What kind of cases these are: a score holds for such a mixture only. */
static void mixture(ag_sheet *sheet, const ag_validation *v) {
    ag_buffer text = ag_buffer_start(sheet->arena);
    ag_buffer_add(&text, "They are not a sample of any clinic. By the first of the diagnoses that "
                         "are right:");
    for (int m = 0, first = 1; m < v->knowledge->mechanism_count; m++) {
        int count = known_so(v, m, NULL);
        if (count > 0)
            ag_buffer_format(&text, "%s %s %d", first ? "" : ",",
                             ag_mechanism_name(v->knowledge, m), count);
        first = first && count == 0;
    }
    ag_buffer_format(
        &text,
        ". The diagnosis was settled by a test in %d, by an operation in %d, by the "
        "response to a change of treatment in %d, and by the clinical picture alone in "
        "%d.",
        known_so(v, -1, "test"), known_so(v, -1, "operation"), known_so(v, -1, "treatment"),
        known_so(v, -1, "clinical"));
    ag_sheet_text(sheet, "%s", ag_buffer_text(&text));
}

static void scores(ag_sheet *sheet, const ag_validation *v) {
    static const char *const head[] = {"", "first", "first or second", "log score", "Brier score"};
    ag_sheet_heading(sheet, "Scores");
    ag_sheet_text(
        sheet,
        "%d cases. First: the most probable mechanism (normal ejaculation is one) is the "
        "known one; second: it is one of the two most probable. Log and Brier score are "
        "summed over the mechanisms of a case, as these overlap; 0 is perfect, less is "
        "better. In brackets 95 %% intervals: Wilson for shares, 2000 bootstrap samples of "
        "the cases for scores.",
        v->case_count);
    ag_sheet_table(sheet, 5);
    for (int i = 0; i < 5; i++)
        ag_sheet_cell(sheet, "%s", head[i]);
    for (int who = 0; who < AG_FORECASTERS; who++) {
        if (!used(v, who))
            continue;
        ag_sheet_cell(sheet, "%s", forecaster_names[who]);
        share_cell(sheet, v->summary[who].top1);
        share_cell(sheet, v->summary[who].top2);
        score_cell(sheet, v->summary[who].log);
        score_cell(sheet, v->summary[who].brier);
    }
}

static const char *verdict(ag_scored less) {
    if (less.high < 0)
        return "better";
    return less.low > 0 ? "worse" : "not told apart by these cases";
}

static void against_baselines(ag_sheet *sheet, const ag_validation *v) {
    for (int who = AG_BASE_RATES; who < AG_FORECASTERS; who++) {
        const ag_summary *s = &v->summary[who];
        if (used(v, who))
            ag_sheet_item(sheet,
                          "Against %s the model is, by the log score, %s (difference %.2f, %.2f to "
                          "%.2f), and by the Brier score %s (%.2f, %.2f to %.2f).",
                          forecaster_names[who], verdict(s->log_less), s->log_less.value,
                          s->log_less.low, s->log_less.high, verdict(s->brier_less),
                          s->brier_less.value, s->brier_less.low, s->brier_less.high);
    }
    ag_sheet_text(sheet, "Base rates: the share of each diagnosis among the other cases.%s",
                  v->has_chart
                      ? " The flow chart answers by plain rules; its answers are given the "
                        "rate at which they were right in the other cases, so that it can "
                        "be scored."
                      : "");
    if (v->has_chart)
        ag_sheet_text(sheet, "The chart: %s.", ag_publication_text(&v->chart.source, sheet->arena));
}

static void no_better(ag_sheet *sheet, const ag_validation *v) {
    int worse = 0;
    for (int i = 0; i < v->case_count; i++) {
        const ag_forecast *f = v->cases[i].by;
        worse += fmin(f[AG_BASE_RATES].log, used(v, AG_CHART) ? f[AG_CHART].log : INFINITY) <
                 f[AG_MODEL].log;
    }
    ag_sheet_heading(sheet, "Where it is no better");
    ag_sheet_text(sheet, "In %d of %d cases a baseline gave a better log score:", worse,
                  v->case_count);
    for (int i = 0; i < v->case_count; i++) {
        const ag_forecast *f = v->cases[i].by;
        for (int who = AG_BASE_RATES; who < AG_FORECASTERS; who++)
            if (used(v, who) && f[who].log < f[AG_MODEL].log) {
                ag_sheet_item(sheet, "%s: %s gave the known diagnosis %.0f %%, the model %.0f %%",
                              v->cases[i].resolved->id, forecaster_names[who], 100 * f[who].p[0],
                              100 * f[AG_MODEL].p[0]);
                break;
            }
    }
}

/* ---- reliability ---- */

static void reliability(ag_sheet *sheet, const ag_validation *v) {
    ag_sheet_heading(sheet, "Reliability");
    ag_sheet_picture(sheet, ag_reliability_svg(v, sheet->arena), "pictures/reliability.svg",
                     "How often a mechanism was there, against the probability that it was given. "
                     "On the dashed line both agree.");
    ag_sheet_table(sheet, 4);
    ag_sheet_cell(sheet, "given probability");
    ag_sheet_cell(sheet, "mean");
    ag_sheet_cell(sheet, "it was so");
    ag_sheet_cell(sheet, "share");
    for (int b = 0; b < AG_BINS; b++) {
        if (v->bins[b].count == 0)
            continue;
        ag_sheet_cell(sheet, "%.0f–%.0f %%", 100 * ag_bin_edges[b], 100 * ag_bin_edges[b + 1]);
        ag_sheet_cell(sheet, "%.1f %%", 100 * v->bins[b].mean);
        ag_sheet_cell(sheet, "%d of %d", v->bins[b].happened, v->bins[b].count);
        share_cell(sheet, ag_score_share(v->bins[b].happened, v->bins[b].count));
    }
}

/* ---- counts ---- */

typedef struct held {
    int rows, without, with; /* held without and with their own study */
    double *gains;
} held;

static bool forgot(const ag_cohort_result *c) {
    return c->stood_in + c->shaped > 0;
}

/* The rows whose numbers could do without the study (`stood_in` false), or those that could not. */
static held held_rows(const ag_validation *v, bool stood_in, ag_arena *arena) {
    held h = {.gains = ag_arena_array(arena, (size_t)v->cohort_count + 1, sizeof *h.gains)};
    for (int i = 0; i < v->cohort_count && h.gains != NULL; i++) {
        const ag_cohort_result *c = &v->cohorts[i];
        if (forgot(c) != stood_in)
            continue;
        h.without += c->covered;
        h.with += c->covered_in_use;
        h.gains[h.rows++] = c->predicted.log_gain;
    }
    return h;
}

static void held_cells(ag_sheet *sheet, const char *name, const held *h) {
    if (h->rows == 0)
        return;
    ag_sheet_cell(sheet, "%s", name);
    ag_sheet_cell(sheet, "%d", h->rows);
    share_cell(sheet, ag_score_share(h->without, h->rows));
    score_cell(sheet, ag_score_mean(h->gains, h->rows, 2026));
    share_cell(sheet, ag_score_share(h->with, h->rows));
}

static void coverage(ag_sheet *sheet, const ag_validation *v) {
    static const char *const head[] = {"", "rows", "held", "gain", "held with their study"};
    held own = held_rows(v, false, sheet->arena), forgotten = held_rows(v, true, sheet->arena);
    int new = 0, shaped = 0;
    for (int i = 0; i < v->cohort_count; i++) {
        new += v->cohorts[i].left_out == 0;
        shaped += v->cohorts[i].shaped > 0;
    }
    ag_sheet_text(
        sheet,
        "%d published counts, each predicted without the study that it comes from; %d come from "
        "studies that the evidence does not know. Held: the 95 %% predictive interval (a binomial "
        "count, mixed over the draws of the model's numbers) holds the count. Gain: ln of the "
        "probability given to the very count, less that of a guess to which every count is as "
        "probable; above 0 the prediction says more than nothing, which a wide interval does not.",
        v->cohort_count, new);
    ag_sheet_table(sheet, 5);
    for (int i = 0; i < 5; i++)
        ag_sheet_cell(sheet, "%s", head[i]);
    held_cells(sheet, "numbers from other studies", &own);
    held_cells(sheet, "stand-ins for numbers read from the study", &forgotten);
    if (forgotten.rows > 0)
        ag_sheet_text(sheet,
                      "A number that a person read from the study, alone or with others, is "
                      "forgotten as a whole, and the spread of numbers of its kind stands in for "
                      "it: such a row tests what the model would say of a medicine or operation "
                      "that nobody had studied.");
    if (shaped > 0)
        ag_sheet_text(sheet,
                      "In %d rows (marked *) such a number is the only one of its kind, and stays.",
                      shaped);
}

static void counts(ag_sheet *sheet, const ag_validation *v) {
    static const char *const head[] = {"count", "published", "predicted", "95 % interval", "held",
                                       "gain",  "stand-ins", "with it",   "source"};
    enum { COLUMNS = sizeof head / sizeof head[0] };
    ag_sheet_heading(sheet, "Published counts");
    coverage(sheet, v);
    ag_sheet_text(sheet, "Stand-ins: so many numbers in use gave way to those of their kind. With "
                         "it: what the model says with the study in use.");
    ag_sheet_table(sheet, COLUMNS);
    for (int i = 0; i < COLUMNS; i++)
        ag_sheet_cell(sheet, "%s", head[i]);
    for (int i = 0; i < v->cohort_count; i++) {
        const ag_cohort_result *c = &v->cohorts[i];
        ag_sheet_cell(sheet, "%s%s", c->cohort->id, c->shaped > 0 ? " *" : "");
        ag_sheet_cell(sheet, "%d of %d", c->cohort->events, c->cohort->total);
        ag_sheet_cell(sheet, "%.0f %%", 100 * c->mean);
        ag_sheet_cell(sheet, "%d–%d", c->predicted.low, c->predicted.high);
        ag_sheet_cell(sheet, "%s", c->covered ? "yes" : "NO");
        ag_sheet_cell(sheet, "%.1f", c->predicted.log_gain);
        ag_sheet_cell(sheet, "%d", c->stood_in);
        ag_sheet_cell(sheet, "%.0f %%%s", 100 * c->mean_in_use, c->covered_in_use ? "" : ", NO");
        ag_sheet_cell(sheet, "%s", ag_publication_text(&c->cohort->source, sheet->arena));
    }
}

/* ---- misses and cases ---- */

static void miss_findings(ag_sheet *sheet, const ag_miss *miss) {
    for (int i = 0; i < miss->finding_count; i++) {
        const ag_miss_finding *f = &miss->findings[i];
        if (fabs(f->for_leading) < FELT && !(fabs(f->for_known) >= FELT))
            continue;
        if (isnan(f->for_known))
            ag_sheet_item(sheet, "%s: × %.2g on the odds of what it held most probable", f->text,
                          exp(f->for_leading));
        else
            ag_sheet_item(sheet, "%s: × %.2g on the odds of what leads, × %.2g on the known one",
                          f->text, exp(f->for_leading), exp(f->for_known));
    }
}

static void misses(ag_sheet *sheet, const ag_validation *v) {
    ag_sheet_heading(sheet, "The worst misses");
    if (v->miss_count == 0)
        ag_sheet_text(sheet, "None: the known diagnosis came first in every case.");
    for (int i = 0; i < v->miss_count; i++) {
        const ag_case_result *r = v->misses[i].result;
        ag_sheet_text(sheet,
                      "%s: known %s, which was given %.1f %%; held most probable: %s, %.0f %%. %s",
                      r->resolved->id,
                      ag_mechanism_names(v->knowledge, r->resolved->mechanisms, sheet->arena),
                      100 * r->by[AG_MODEL].p[0], ag_mechanism_name(v->knowledge, r->leading),
                      100 * r->leading_p, r->resolved->how != NULL ? r->resolved->how : "");
        miss_findings(sheet, &v->misses[i]);
    }
}

static void cases(ag_sheet *sheet, const ag_validation *v) {
    static const char *const head[] = {"case", "given", "first", "settled",
                                       "known diagnosis, and source"};
    ag_sheet_heading(sheet, "The cases");
    ag_sheet_text(sheet, "Given: the probability of the known diagnosis before the finding that "
                         "settled it, where a report tells them apart. Settled: its probability "
                         "with that finding, which tests only how the case was read. Numbers that "
                         "had been read from the same report are forgotten, and those of their "
                         "kind stand in for them: so in the cases that end with their count.");
    ag_sheet_table(sheet, 5);
    for (int i = 0; i < 5; i++)
        ag_sheet_cell(sheet, "%s", head[i]);
    for (int i = 0; i < v->case_count; i++) {
        const ag_case_result *r = &v->cases[i];
        const char *counted =
            r->stood_in > 0 ? ag_arena_format(sheet->arena, " (%d stand-ins)", r->stood_in) : "";
        ag_sheet_cell(sheet, "%s%s%s", r->resolved->id, r->shaped > 0 ? " *" : "",
                      counted != NULL ? counted : "");
        ag_sheet_cell(sheet, "%.0f %%", 100 * r->by[AG_MODEL].p[0]);
        ag_sheet_cell(sheet, "%s",
                      r->by[AG_MODEL].top1   ? "yes"
                      : r->by[AG_MODEL].top2 ? "second"
                                             : "no");
        if (r->has_settled)
            ag_sheet_cell(sheet, "%.0f %%", 100 * r->settled_p);
        else
            ag_sheet_cell(sheet, "–");
        const char *source = ag_publication_text(&r->resolved->source, sheet->arena);
        ag_sheet_cell(sheet, "%s%s%s%s",
                      ag_mechanism_names(v->knowledge, r->resolved->mechanisms, sheet->arena),
                      source[0] != '\0' ? " (" : "", source, source[0] != '\0' ? ")" : "");
    }
    for (int i = 0; i < v->case_count; i++)
        if (v->cases[i].unused != NULL)
            ag_sheet_item(sheet, "%s: not used: %s", v->cases[i].resolved->id, v->cases[i].unused);
}

void ag_validation_sheet(ag_sheet *sheet, const ag_validation *v) {
    ag_sheet_text(sheet, "Knowledge %s of %s.", v->knowledge->version, v->knowledge->date);
    if (v->cards == NULL)
        ag_sheet_text(sheet,
                      "The folder of its cards is not at hand, so that no study was left out "
                      "while it was predicted: name it with --knowledge.");
    else
        ag_sheet_text(sheet,
                      "While a case or a count is predicted, the study that it comes from is left "
                      "out of the evidence.");
    if (v->case_count > 0) {
        scores(sheet, v);
        mixture(sheet, v);
        against_baselines(sheet, v);
        no_better(sheet, v);
        reliability(sheet, v);
        misses(sheet, v);
    }
    if (v->cohort_count > 0)
        counts(sheet, v);
    if (v->case_count > 0)
        cases(sheet, v);
    if (v->stress != NULL)
        ag_stress_sheet(sheet, v->stress, v->knowledge);
}
