#include "simulate_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double DRY_ML = 0.2; /* less than this a man would call nothing */

static const char *const pressure_names[] = {"bladder_neck_closure",
                                             "posterior_urethra",
                                             "sphincter_closure",
                                             "anterior_urethra",
                                             "vesicle_left",
                                             "vesicle_right",
                                             "bladder"};
static const char *const fluid_names[] = {"vesicles", "prostate", "vasa", "cowper", "urine"};

/* One of eight heights of bar; a dot for next to nothing. */
static const char *bar(double share) {
    static const char *const bars[] = {"\u2581", "\u2582", "\u2583", "\u2584",
                                       "\u2585", "\u2586", "\u2587", "\u2588"};
    int i = (int)(share * 8);
    return share < 0.01 ? "\u00b7" : bars[i > 7 ? 7 : i];
}

static void number(FILE *out, int width, double value, int digits, const char *unit) {
    char text[48];
    if (value == 0)
        digits = 0;
    snprintf(text, sizeof text, "%.*f%s%s", digits, value, *unit == '\0' ? "" : " ", unit);
    fprintf(out, "%*s", width, text);
}

/* ---- one man ---- */

typedef struct quantity {
    const char *name, *unit;
    int digits;
    double before, after, whole; /* whole: of which the bar is a share; 0 for no bar */
} quantity;

static void print_quantity(FILE *out, const quantity *q, int compared) {
    fprintf(out, "%-26s", q->name);
    number(out, 12, q->before, q->digits, q->unit);
    if (compared)
        number(out, 16, q->after, q->digits, q->unit);
    if (q->whole > 0)
        fprintf(out, "   %s%s", bar(q->before / q->whole),
                compared ? bar(q->after / q->whole) : "");
    fputc('\n', out);
}

static double urine_only(const ag_tract_outcome *o) {
    return o->post_ejaculatory_urine_sperm_million;
}

/* A row of blocks, a character for each quarter of a second, scaled to the row's own peak. */
static void strip(FILE *out, const char *name, const ag_tract_sample *samples, size_t count,
                  ag_tract_pressure pressure) {
    enum { COLUMNS = 48 };
    double top[COLUMNS] = {0}, peak = 1;
    for (size_t i = 0; i < count; i++) {
        int column = (int)(samples[i].time_s * COLUMNS / 15);
        if (column < COLUMNS) {
            top[column] = fmax(top[column], samples[i].pressure_cmh2o[pressure]);
            peak = fmax(peak, top[column]);
        }
    }
    fprintf(out, "  %-18s", name);
    for (int i = 0; i < COLUMNS; i++)
        fputs(bar(top[i] / peak), out);
    fprintf(out, " %4.0f\n", peak);
}

void ag_simulate_text(FILE *out, const char *title, const ag_tract_outcome *before,
                      const ag_tract_outcome *after, const ag_tract_sample *samples, size_t count) {
    int compared = *title != '\0';
    double whole = fmax(before->emitted_ml, after->emitted_ml);
    const quantity rows[] = {
        {"forward", "mL", 2, before->antegrade_ml, after->antegrade_ml, whole},
        {"into the bladder", "mL", 2, before->retrograde_ml, after->retrograde_ml, whole},
        {"stays in the urethra", "mL", 2, before->residual_ml, after->residual_ml, whole},
        {"of what came out", "", 0, NAN, NAN, 0},
        {"  from the vesicles", "mL", 2, before->antegrade_fluid_ml[0],
         after->antegrade_fluid_ml[0], 0},
        {"  from the prostate", "mL", 2, before->antegrade_fluid_ml[1],
         after->antegrade_fluid_ml[1], 0},
        {"  from the vasa", "mL", 2, before->antegrade_fluid_ml[2], after->antegrade_fluid_ml[2],
         0},
        {"  from Cowper's glands", "mL", 2, before->antegrade_fluid_ml[3],
         after->antegrade_fluid_ml[3], 0},
        {"sperm forward", "M", 0, before->antegrade_sperm_million, after->antegrade_sperm_million,
         0},
        {"sperm in the bladder", "M", 0, before->bladder_sperm_million,
         after->bladder_sperm_million, 0},
        {"sperm in the next urine", "M", 0, urine_only(before), urine_only(after), 0},
        {"bursts over 0.05 mL", "", 0, before->bursts, after->bursts, 0},
        {"fastest spurt", "m/s", 1, before->peak_speed_m_s, after->peak_speed_m_s, 0},
    };
    fprintf(out, "%-26s%12s", "", "normal");
    if (compared)
        fprintf(out, "%*s%s", strlen(title) < 14 ? 16 - (int)strlen(title) : 2, "", title);
    fputc('\n', out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (isnan(rows[i].before))
            fprintf(out, "%s\n", rows[i].name);
        else
            print_quantity(out, &rows[i], compared);
    }
    fprintf(out, "\n  %-18s0 to 15 s, each row to its own peak%*s\n", "pressures", 17,
            "cmH\u2082O");
    strip(out, "neck closure", samples, count, AG_TRACT_P_NECK);
    strip(out, "posterior urethra", samples, count, AG_TRACT_P_POSTERIOR);
    strip(out, "sphincter closure", samples, count, AG_TRACT_P_SPHINCTER);
    fprintf(out, "\n--format html draws it. A model, not a measurement; not for diagnosis.\n");
}

static void json_text(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            fprintf(out, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, out);
    }
    fputc('"', out);
}

static void json_fields(FILE *out, const ag_tract_outcome *o) {
    fprintf(
        out,
        "\"antegrade_ml\":%.9g,\"retrograde_ml\":%.9g,\"residual_ml\":%.9g,\"emitted_ml\":%.9g,",
        o->antegrade_ml, o->retrograde_ml, o->residual_ml, o->emitted_ml);
    fprintf(out,
            "\"antegrade_sperm_million\":%.9g,\"bladder_sperm_million\":%.9g,"
            "\"post_ejaculatory_urine_sperm_million\":%.9g,",
            o->antegrade_sperm_million, o->bladder_sperm_million,
            o->post_ejaculatory_urine_sperm_million);
    fprintf(out, "\"composition_ml\":{");
    for (int i = 0; i < AG_TRACT_FLUIDS; i++)
        fprintf(out, "%s\"%s\":%.9g", i == 0 ? "" : ",", fluid_names[i], o->antegrade_fluid_ml[i]);
    fprintf(out, "},\"bursts\":%d,\"first_burst\":%d,\"burst_ml\":[", o->bursts, o->first_burst);
    int last = AG_TRACT_BURSTS;
    while (last > 0 && o->burst_ml[last - 1] == 0)
        last--;
    for (int i = 0; i < last; i++)
        fprintf(out, "%s%.6g", i == 0 ? "" : ",", o->burst_ml[i]);
    fprintf(out, "],\"contractions\":%.6g,\"peak_pressures_cmh2o\":{", o->contractions);
    for (int i = 0; i < AG_TRACT_PRESSURES; i++)
        fprintf(out, "%s\"%s\":%.6g", i == 0 ? "" : ",", pressure_names[i], o->peak_cmh2o[i]);
    fprintf(out,
            "},\"peak_flow_ml_s\":%.6g,\"peak_speed_m_s\":%.6g,\"vesicle_ejection_fraction\":%.6g",
            o->peak_flow_ml_s, o->peak_speed_m_s, o->vesicle_ejection_fraction);
}

/* The outcome's own fields stand at the top; the same man without the causes under "normal". */
void ag_simulate_json(FILE *out, const char *title, const ag_tract_outcome *before,
                      const ag_tract_outcome *after) {
    fprintf(out, "{\"title\":");
    json_text(out, title);
    fputc(',', out);
    json_fields(out, after);
    fprintf(out, ",\"normal\":{");
    json_fields(out, before);
    fprintf(out, "}}\n");
}

void ag_simulate_csv(FILE *out, const ag_tract_sample *samples, size_t count) {
    static const char *const flows[] = {"vesicles",          "vasa", "prostate", "into_bladder",
                                        "through_sphincter", "out"};
    fprintf(out, "time_s");
    for (int i = 0; i < AG_TRACT_PRESSURES; i++)
        fprintf(out, ",%s_cmh2o", pressure_names[i]);
    for (int i = 0; i < AG_TRACT_FLOWS; i++)
        fprintf(out, ",%s_ml_s", flows[i]);
    fputc('\n', out);
    for (size_t n = 0; n < count; n++) {
        fprintf(out, "%g", samples[n].time_s);
        for (int i = 0; i < AG_TRACT_PRESSURES; i++)
            fprintf(out, ",%.6g", samples[n].pressure_cmh2o[i]);
        for (int i = 0; i < AG_TRACT_FLOWS; i++)
            fprintf(out, ",%.6g", samples[n].flow_ml_s[i]);
        fputc('\n', out);
    }
}

/* ---- many men ---- */

static double backward_share(const ag_tract_outcome *o) {
    return o->emitted_ml > 0 ? o->retrograde_ml / o->emitted_ml : 0;
}

static double forward_of(const ag_tract_outcome *o) {
    return o->antegrade_ml;
}
static double bladder_of(const ag_tract_outcome *o) {
    return o->retrograde_ml;
}
static double sperm_of(const ag_tract_outcome *o) {
    return o->antegrade_sperm_million;
}

static const struct {
    const char *name, *key;
    double (*value)(const ag_tract_outcome *o);
} measures[] = {{"forward, mL", "antegrade_ml", forward_of},
                {"into the bladder, mL", "retrograde_ml", bladder_of},
                {"sperm forward, M", "antegrade_sperm_million", sperm_of},
                {"sperm in next urine, M", "post_ejaculatory_urine_sperm_million", urine_only}};
enum { MEASURES = sizeof measures / sizeof measures[0], CENTILES = 5 };
static const int centiles[CENTILES] = {5, 25, 50, 75, 95};

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the two nearest men, as most statistics programs do. */
static double centile(const double *sorted, size_t count, int percent) {
    double at = (double)(count - 1) * percent / 100, below = floor(at);
    size_t i = (size_t)below;
    return i + 1 < count ? sorted[i] + (at - below) * (sorted[i + 1] - sorted[i]) : sorted[i];
}

static void centiles_of(double out[CENTILES], const ag_tract_outcome *men, size_t count,
                        int measure) {
    double *sorted = malloc(count * sizeof *sorted);
    for (size_t i = 0; sorted != NULL && i < count; i++)
        sorted[i] = measures[measure].value(&men[i]);
    if (sorted != NULL)
        qsort(sorted, count, sizeof *sorted, ascending);
    for (int i = 0; i < CENTILES; i++)
        out[i] = sorted == NULL ? NAN : centile(sorted, count, centiles[i]);
    free(sorted);
}

typedef struct shares {
    double dry, backward, some_backward;
} shares;

static shares shares_of(const ag_tract_outcome *men, size_t count) {
    shares s = {0};
    for (size_t i = 0; i < count; i++) {
        s.dry += men[i].antegrade_ml < DRY_ML;
        s.backward += backward_share(&men[i]) > 0.5;
        s.some_backward += backward_share(&men[i]) > 0.05;
    }
    double n = (double)count;
    return (shares){s.dry / n, s.backward / n, s.some_backward / n};
}

void ag_simulate_men_text(FILE *out, const char *title, const ag_tract_outcome *men, size_t count) {
    shares s = shares_of(men, count);
    fprintf(out, "%zu men%s%s\n\n%-26s", count, *title == '\0' ? ", healthy" : ", ", title,
            "centile");
    for (int i = 0; i < CENTILES; i++)
        fprintf(out, "%8d", centiles[i]);
    fputc('\n', out);
    for (int m = 0; m < MEASURES; m++) {
        double c[CENTILES];
        centiles_of(c, men, count, m);
        fprintf(out, "%-26s", measures[m].name);
        for (int i = 0; i < CENTILES; i++)
            fprintf(out, m < 2 ? "%8.2f" : "%8.0f", c[i]);
        fputc('\n', out);
    }
    fprintf(out,
            "\nless than %.1f mL forward    %5.1f %%\nmostly into the bladder    %5.1f %%\n"
            "partly into the bladder    %5.1f %%   more than a twentieth\n",
            DRY_ML, 100 * s.dry, 100 * s.backward, 100 * s.some_backward);
}

void ag_simulate_men_json(FILE *out, const char *title, const ag_tract_outcome *men, size_t count) {
    shares s = shares_of(men, count);
    fprintf(out, "{\"title\":");
    json_text(out, title);
    fprintf(out,
            ",\"men\":%zu,\"share_dry\":%.6g,\"share_mostly_retrograde\":%.6g,"
            "\"share_partly_retrograde\":%.6g,\"centiles\":[5,25,50,75,95]",
            count, s.dry, s.backward, s.some_backward);
    for (int m = 0; m < MEASURES; m++) {
        double c[CENTILES];
        centiles_of(c, men, count, m);
        fprintf(out, ",\"%s\":[", measures[m].key);
        for (int i = 0; i < CENTILES; i++)
            fprintf(out, "%s%.9g", i == 0 ? "" : ",", c[i]);
        fputc(']', out);
    }
    fprintf(out, "}\n");
}

void ag_simulate_men_csv(FILE *out, const ag_tract_outcome *men, size_t count) {
    fprintf(out, "man,antegrade_ml,retrograde_ml,residual_ml,antegrade_sperm_million,"
                 "bladder_sperm_million,post_ejaculatory_urine_sperm_million,bursts\n");
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%zu,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%d\n", i + 1, men[i].antegrade_ml,
                men[i].retrograde_ml, men[i].residual_ml, men[i].antegrade_sperm_million,
                men[i].bladder_sperm_million, men[i].post_ejaculatory_urine_sperm_million,
                men[i].bursts);
}

void ag_simulate_parameters(FILE *out, const ag_tract_man *man) {
    static const char *const spreads[] = {"fixed", "lognormal", "normal", "cube", "uniform"};
    for (int i = 0; i < AG_TRACT_PARAMETERS; i++) {
        const ag_tract_parameter_info *p = ag_tract_parameter_of((ag_tract_parameter)i);
        int assumed = strcmp(p->source, "assumption") == 0;
        fprintf(out, "- name: %s\n  value: %g\n  unit: \"%s\"\n  allowed: [%g, %g]\n  spread: %s",
                p->name, man->value[i], p->unit, p->low, p->high, spreads[p->spread]);
        if (p->spread != AG_TRACT_FIXED && p->spread != AG_TRACT_UNIFORM)
            fprintf(out, " %g", p->sd);
        fprintf(out, "\n  %s: \"%s\"\n", assumed ? "assumption" : "because", p->reason);
        if (!assumed) {
            fprintf(out, "  evidence: [");
            for (const char *c = p->source; *c != '\0'; c++)
                fputs(*c == ' ' ? ", " : (char[]){*c, '\0'}, out);
            fprintf(out, "]\n");
        }
    }
}
