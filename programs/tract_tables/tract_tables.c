/*
 * Tables for the network from the tract: what becomes of the semen in every combination of states
 * of functions.
 *
 *     tract_tables DIR          write DIR/tract-cells.csv and DIR/tract-nodes.yaml
 *     tract_tables DIR --check N SEED     compute N cells again and compare with the file
 *
 * A cell is one combination; the same MEN virtual men go through every cell, each with his own
 * draws of what a state means for him (knowledge/tract/functions.yaml). What a state of a node
 * means in terms of volumes: emitted, forward-volume   what comes out (of emitted: would come out
 * by a normal passage): none below 0.02 mL, trace below 0.2, scant below 0.7, low below 1.4, else
 * usual vesicle-output            of his own healthy amount: none below 0.03, little below 0.25,
 * reduced below 0.7 prostate-output           of his own healthy amount: none below 0.1, reduced
 * below 0.7 constitution              his healthy ejaculate: small below 1.5 mL, large above 5 mL
 *   route                     none when nothing is emitted; retained when less than half of what a
 * normal passage would bring out leaves the urethra; else by the share that goes back: forward
 *                             below 0.05, split below 0.6, backward
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "antegrade/scenario.h"

enum { MEN = 48, SEED = 20261, FUNCTIONS = 8, MOST_STATES = 4 };

/* Functions of the glands first, then of the passage; the first state of each is the healthy one.
 */
static const struct {
    const char *name;
    int count;
    const char *states[MOST_STATES];
} functions[FUNCTIONS] = {
    {"emission", 3, {"full", "reduced", "none"}},
    {"ejaculatory-ducts", 4, {"open", "one-side", "partial", "blocked"}},
    {"seminal-vesicles", 3, {"full", "reduced", "absent"}},
    {"prostate", 3, {"full", "reduced", "absent"}},
    {"androgens", 3, {"adequate", "low", "severely-low"}},
    {"bladder-neck", 3, {"closes", "weak", "open"}},
    {"expulsion", 4, {"full", "weak", "absent", "dyssynergic"}},
    {"urethra", 2, {"open", "narrowed"}},
};
enum { GLAND_CELLS = 3 * 4 * 3 * 3 * 3, PASSAGES = 3 * 4 * 2, CELLS = GLAND_CELLS * PASSAGES };

enum { VOLUMES = 5, ROUTES = 5, VESICLES = 4, PROSTATES = 3, CONSTITUTIONS = 3 };
static const char *const volume_states[] = {"usual", "low", "scant", "trace", "none"};
static const char *const route_states[] = {"forward", "split", "backward", "retained", "none"};
static const char *const vesicle_states[] = {"full", "reduced", "little", "none"};
static const char *const prostate_states[] = {"full", "reduced", "none"};
static const char *const constitution_states[] = {"small", "usual", "large"};

typedef struct counts {
    double vesicle[3][4][3][3][VESICLES], prostate[3][3][3][PROSTATES];
    double emitted[VESICLES][PROSTATES][CONSTITUTIONS][VOLUMES];
    double route[VOLUMES][3][4][2][ROUTES], forward[VOLUMES][ROUTES][VOLUMES];
} counts;

typedef struct generator {
    ag_scenarios *rules;
    ag_tract_options run;
    ag_tract_outcome healthy[MEN];
    ag_tract_man men[PASSAGES * MEN];
    ag_tract_outcome out[PASSAGES * MEN];
    counts seen;
} generator;

static void stop(const char *what, const ag_error *error) {
    fprintf(stderr, "tract_tables: %s: %s %s\n", what, error->where, error->message);
    exit(1);
}

static int volume_class(double ml) {
    return ml >= 1.4 ? 0 : ml >= 0.7 ? 1 : ml >= 0.2 ? 2 : ml >= 0.02 ? 3 : 4;
}

static int route_class(const ag_tract_outcome *o, double normal_ml) {
    double left = o->antegrade_ml + o->retrograde_ml;
    if (volume_class(normal_ml) == 4)
        return 4;
    if (left < 0.5 * normal_ml)
        return 3;
    double back = o->retrograde_ml / left;
    return back < 0.05 ? 0 : back < 0.6 ? 1 : 2;
}

static int share_class(double part, double whole, const double limits[], int count) {
    int i = 0;
    while (i < count && part < limits[i] * whole)
        i++;
    return i;
}

/* The digits of a cell's number: a state of each function. */
static void states_of(int cell, int state[FUNCTIONS]) {
    for (int f = FUNCTIONS - 1; f >= 0; f--) {
        state[f] = cell % functions[f].count;
        cell /= functions[f].count;
    }
}

static void make_man(const generator *g, ag_tract_man *man, const int state[FUNCTIONS],
                     int number) {
    ag_error error = {0};
    ag_tract_virtual_man(man, SEED, (uint64_t)number);
    for (int f = 0; f < FUNCTIONS; f++) {
        char text[64];
        ag_scenario_use use;
        snprintf(text, sizeof text, "%s=%s", functions[f].name, functions[f].states[state[f]]);
        if (ag_scenario_read(&use, g->rules, AG_SCENARIO_FUNCTION, text, &error) != AG_OK ||
            ag_scenario_apply(&use, man, SEED, (uint64_t)number, 0, &error) != AG_OK)
            stop(text, &error);
    }
}

static void run(generator *g, ag_tract_outcome *out, int count) {
    ag_error error = {0};
    if (ag_tract_run(out, g->men, (size_t)count, &g->run, &error) != AG_OK)
        stop("run", &error);
}

/* All passages for one combination of gland states; passage 0 is the normal one. */
static void run_glands(generator *g, int gland_cell) {
    int state[FUNCTIONS];
    for (int passage = 0; passage < PASSAGES; passage++)
        for (int i = 0; i < MEN; i++) {
            states_of(gland_cell * PASSAGES + passage, state);
            make_man(g, &g->men[passage * MEN + i], state, i);
        }
    run(g, g->out, PASSAGES * MEN);
}

static void count_glands(generator *g, int gland_cell, int i, int constitution) {
    static const double vesicle_limits[] = {0.7, 0.25, 0.03}, prostate_limits[] = {0.7, 0.1};
    const ag_tract_outcome *o = &g->out[i], *h = &g->healthy[i];
    int s[FUNCTIONS];
    states_of(gland_cell * PASSAGES, s);
    int vesicle = share_class(o->emitted_fluid_ml[AG_TRACT_VESICLE_FLUID],
                              h->emitted_fluid_ml[AG_TRACT_VESICLE_FLUID], vesicle_limits, 3);
    int prostate = share_class(o->emitted_fluid_ml[AG_TRACT_PROSTATE_FLUID],
                               h->emitted_fluid_ml[AG_TRACT_PROSTATE_FLUID], prostate_limits, 2);
    g->seen.vesicle[s[0]][s[1]][s[2]][s[4]][vesicle]++;
    g->seen.prostate[s[0]][s[3]][s[4]][prostate]++;
    g->seen.emitted[vesicle][prostate][constitution][volume_class(o->antegrade_ml)]++;
}

static void count(generator *g, int gland_cell) {
    int s[FUNCTIONS];
    for (int i = 0; i < MEN; i++) {
        double own = g->healthy[i].antegrade_ml, normal = g->out[i].antegrade_ml;
        count_glands(g, gland_cell, i, own < 1.5 ? 0 : own > 5 ? 2 : 1);
        for (int passage = 0; passage < PASSAGES; passage++) {
            const ag_tract_outcome *o = &g->out[passage * MEN + i];
            int emitted = volume_class(normal), route = route_class(o, normal);
            states_of(gland_cell * PASSAGES + passage, s);
            g->seen.route[emitted][s[5]][s[6]][s[7]][route]++;
            g->seen.forward[emitted][route][volume_class(o->antegrade_ml)]++;
        }
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One row: states; shares of emitted volume and route; centiles; means of composition and urinary
 * sperm share. */
static void cell_row(char *out, size_t size, const generator *g, int cell) {
    int passage = cell % PASSAGES, s[FUNCTIONS];
    double volume[MEN], routes[ROUTES] = {0}, volumes[VOLUMES] = {0};
    double parts[4] = {0}, sperm = 0, wet = 0, with_sperm = 0;
    for (int i = 0; i < MEN; i++) {
        const ag_tract_outcome *o = &g->out[passage * MEN + i];
        volume[i] = o->antegrade_ml;
        volumes[volume_class(g->out[i].antegrade_ml)] += 1.0 / MEN;
        routes[route_class(o, g->out[i].antegrade_ml)] += 1.0 / MEN;
        double all = o->post_ejaculatory_urine_sperm_million + o->antegrade_sperm_million;
        if (all > 0) {
            sperm += o->post_ejaculatory_urine_sperm_million / all;
            with_sperm++;
        }
        if (o->antegrade_ml >= 0.02) {
            for (int j = 0; j < 4; j++)
                parts[j] += o->antegrade_fluid_ml[j] / o->antegrade_ml;
            wet++;
        }
    }
    qsort(volume, MEN, sizeof *volume, ascending);
    states_of(cell, s);
    int n = 0;
    for (int f = 0; f < FUNCTIONS; f++)
        n += snprintf(out + n, size - (size_t)n, "%s,", functions[f].states[s[f]]);
    for (int i = 0; i < VOLUMES; i++)
        n += snprintf(out + n, size - (size_t)n, "%.3f,", volumes[i]);
    for (int i = 0; i < ROUTES; i++)
        n += snprintf(out + n, size - (size_t)n, "%.3f,", routes[i]);
    n += snprintf(out + n, size - (size_t)n, "%.3f,%.3f,%.3f", volume[MEN / 20], volume[MEN / 2],
                  volume[MEN - 1 - MEN / 20]);
    for (int j = 0; j < 4; j++)
        n += snprintf(out + n, size - (size_t)n, wet > 0 ? ",%.3f" : ",", parts[j] / wet);
    snprintf(out + n, size - (size_t)n, with_sperm > 0 ? ",%.3f\n" : ",\n", sperm / with_sperm);
}

/* ---- the file for the network ---- */

static double total_of(const double *seen, int states) {
    double sum = 0;
    for (int i = 0; i < states; i++)
        sum += seen[i];
    return sum;
}

/* "then": shares with half a man added to each state, so that nothing is impossible by chance
 * alone. */
static void node_row(FILE *out, const double *seen, int states, const char *const names[]) {
    double n = total_of(seen, states);
    fprintf(out, "}\n    men: %.0f\n    then: {", n);
    for (int i = 0; i < states; i++)
        fprintf(out, "%s%s: %.4f", i == 0 ? "" : ", ", names[i],
                (seen[i] + 0.5) / (n + 0.5 * states));
    fprintf(out, "}\n");
}

static void node(FILE *out, const char *name, const char *parents) {
    fprintf(out, "- node: %s\n  parents: [%s]\n  rows:\n", name, parents);
}

static void write_vesicles(FILE *out, const generator *g) {
    node(out, "vesicle-output", "emission-event, ejaculatory-ducts, seminal-vesicles, androgens");
    for (int e = 0; e < 3; e++)
        for (int d = 0; d < 4; d++)
            for (int v = 0; v < 3; v++)
                for (int a = 0; a < 3; a++) {
                    fprintf(out,
                            "  - when: {emission-event: %s, ejaculatory-ducts: %s, "
                            "seminal-vesicles: %s, androgens: %s",
                            functions[0].states[e], functions[1].states[d], functions[2].states[v],
                            functions[4].states[a]);
                    node_row(out, g->seen.vesicle[e][d][v][a], VESICLES, vesicle_states);
                }
    node(out, "prostate-output", "emission-event, prostate, androgens");
    for (int e = 0; e < 3; e++)
        for (int p = 0; p < 3; p++)
            for (int a = 0; a < 3; a++) {
                fprintf(out, "  - when: {emission-event: %s, prostate: %s, androgens: %s",
                        functions[0].states[e], functions[3].states[p], functions[4].states[a]);
                node_row(out, g->seen.prostate[e][p][a], PROSTATES, prostate_states);
            }
}

static void write_volumes(FILE *out, const generator *g) {
    node(out, "emitted", "vesicle-output, prostate-output, constitution");
    for (int v = 0; v < VESICLES; v++)
        for (int p = 0; p < PROSTATES; p++)
            for (int c = 0; c < CONSTITUTIONS; c++)
                if (total_of(g->seen.emitted[v][p][c], VOLUMES) >= 20) {
                    fprintf(out,
                            "  - when: {vesicle-output: %s, prostate-output: %s, constitution: %s",
                            vesicle_states[v], prostate_states[p], constitution_states[c]);
                    node_row(out, g->seen.emitted[v][p][c], VOLUMES, volume_states);
                }
    node(out, "forward-volume", "emitted, route");
    for (int e = 0; e < VOLUMES; e++)
        for (int r = 0; r < ROUTES; r++)
            if (total_of(g->seen.forward[e][r], VOLUMES) >= 20) {
                fprintf(out, "  - when: {emitted: %s, route: %s", volume_states[e],
                        route_states[r]);
                node_row(out, g->seen.forward[e][r], VOLUMES, volume_states);
            }
}

static void write_routes(FILE *out, const generator *g) {
    node(out, "route", "emitted, bladder-neck, expulsion, urethra");
    for (int e = 0; e < VOLUMES; e++)
        for (int b = 0; b < 3; b++)
            for (int x = 0; x < 4; x++)
                for (int u = 0; u < 2; u++)
                    if (total_of(g->seen.route[e][b][x][u], ROUTES) >= 20) {
                        fprintf(
                            out,
                            "  - when: {emitted: %s, bladder-neck: %s, expulsion: %s, urethra: %s",
                            volume_states[e], functions[5].states[b], functions[6].states[x],
                            functions[7].states[u]);
                        node_row(out, g->seen.route[e][b][x][u], ROUTES, route_states);
                    }
}

/* ---- input, files ---- */

static uint64_t mix(uint64_t hash, const void *data, size_t size) {
    const unsigned char *byte = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * 0x100000001B3u;
    return hash;
}

static uint64_t mix_text(uint64_t hash, const char *text) {
    return mix(hash, text, strlen(text) + 1);
}

/* Of all that the tables are computed from: parameters, rules, number of men and seed. */
static uint64_t hash_of_input(const generator *g) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (int i = 0; i < AG_TRACT_PARAMETERS; i++) {
        const ag_tract_parameter_info *p = ag_tract_parameter_of((ag_tract_parameter)i);
        const double numbers[] = {p->normal, p->low, p->high, p->sd, (double)p->spread};
        hash = mix(mix_text(hash, p->name), numbers, sizeof numbers);
    }
    for (size_t i = 0; i < ag_scenarios_count(g->rules); i++) {
        const ag_scenario *s = ag_scenarios_at(g->rules, i);
        if (s->kind != AG_SCENARIO_FUNCTION)
            continue;
        hash = mix_text(mix_text(hash, s->name), s->state);
        for (int r = 0; r < s->rule_count; r++)
            hash = mix_text(mix_text(hash, s->rules[r].name), s->rules[r].expression);
    }
    const uint64_t sizes[] = {MEN, SEED};
    return mix(hash, sizes, sizeof sizes);
}

static void heading(FILE *out, const generator *g) {
    fprintf(out,
            "# Made by tract_tables; do not edit. Input %016llx: parameters, functions.yaml, %d "
            "men a cell, "
            "seed %d.\n# Standard error of a share p in one cell: sqrt(p (1 - p) / %d), at most "
            "%.3f. Pooled rows count a man once for each cell: he is the same man in all.\n",
            (unsigned long long)hash_of_input(g), MEN, SEED, MEN, 0.5 / sqrt(MEN));
}

static void csv_heading(FILE *out) {
    for (int f = 0; f < FUNCTIONS; f++)
        fprintf(out, "%s,", functions[f].name);
    for (int i = 0; i < VOLUMES; i++)
        fprintf(out, "emitted_%s,", volume_states[i]);
    for (int i = 0; i < ROUTES; i++)
        fprintf(out, "route_%s,", route_states[i]);
    fprintf(out, "volume_p5_ml,volume_p50_ml,volume_p95_ml,vesicle_share,prostate_share,vas_share,"
                 "cowper_share,urine_sperm_share\n");
}

static FILE *open_file(const char *directory, const char *name, const char *mode) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, mode);
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void write_tables(generator *g, const char *directory) {
    FILE *cells = open_file(directory, "tract-cells.csv", "w");
    char row[1024];
    heading(cells, g);
    csv_heading(cells);
    for (int gland_cell = 0; gland_cell < GLAND_CELLS; gland_cell++) {
        run_glands(g, gland_cell);
        count(g, gland_cell);
        for (int passage = 0; passage < PASSAGES; passage++) {
            cell_row(row, sizeof row, g, gland_cell * PASSAGES + passage);
            fputs(row, cells);
        }
        if (isatty(2))
            fprintf(stderr, "\r%d of %d", gland_cell + 1, GLAND_CELLS);
    }
    FILE *nodes = open_file(directory, "tract-nodes.yaml", "w");
    heading(nodes, g);
    write_vesicles(nodes, g);
    write_volumes(nodes, g);
    write_routes(nodes, g);
    if (fclose(cells) != 0 || fclose(nodes) != 0) {
        perror(directory);
        exit(1);
    }
}

/* Row `cell` of the file, after its three lines of heading. */
static void stored_row(char *out, size_t size, const char *directory, int cell) {
    FILE *file = open_file(directory, "tract-cells.csv", "r");
    for (int line = 0; line < cell + 4; line++)
        if (fgets(out, (int)size, file) == NULL)
            out[0] = '\0';
    fclose(file);
}

static int check(generator *g, const char *directory, int number, unsigned seed) {
    char row[1024], stored[1024];
    int wrong = 0;
    srand(seed);
    for (int i = 0; i < number; i++) {
        int cell = rand() % CELLS;
        run_glands(g, cell / PASSAGES);
        cell_row(row, sizeof row, g, cell);
        stored_row(stored, sizeof stored, directory, cell);
        printf("cell %d: %s\n", cell, strcmp(row, stored) == 0 ? "same" : "DIFFERS");
        wrong += strcmp(row, stored) != 0;
    }
    return wrong > 0;
}

int main(int argc, char **argv) {
    static generator g;
    ag_error error = {0};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (argc != 2 && !(argc == 5 && strcmp(argv[2], "--check") == 0)) {
        fprintf(stderr, "usage: tract_tables DIR [--check N SEED]\n");
        return 2;
    }
    if (ag_scenarios_open(&g.rules, NULL, &error) != AG_OK)
        stop("rules", &error);
    ag_tract_defaults(&g.run);
    g.run.threads = cores > 1 ? (int)cores : 1;
    const int healthy[FUNCTIONS] = {0};
    for (int i = 0; i < MEN; i++)
        make_man(&g, &g.men[i], healthy, i);
    run(&g, g.healthy, MEN);
    int status = 0;
    if (argc == 5)
        status = check(&g, argv[1], atoi(argv[3]), (unsigned)strtoul(argv[4], NULL, 10));
    else
        write_tables(&g, argv[1]);
    ag_scenarios_free(g.rules);
    return status;
}
