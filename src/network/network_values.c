/* Storing parameters: checked, normalised, padded to lanes; and tables that networks share. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "network_model.h"
#include "pages.h"

/* Divide a row by its sum unless the sum is 1 within the rounding of `states` additions. */
static bool normalise_row(double *row, int states, size_t stride) {
    double sum = 0;
    for (int s = 0; s < states; s++) {
        double p = row[(size_t)s * stride];
        if (!(p >= 0) || p > DBL_MAX)
            return false;
        sum += p;
    }
    if (!(sum > 0) || sum > DBL_MAX)
        return false;
    if (fabs(sum - 1) > (states + 2) * DBL_EPSILON)
        for (int s = 0; s < states; s++)
            row[(size_t)s * stride] /= sum;
    return true;
}

void ag_values_find_least(ag_values *values) {
    double least = 1;
    for (size_t i = 0; i < values->entries * (size_t)values->draws; i++) {
        double p = fabs(values->data[i]);
        if (p > 0 && p < least)
            least = p;
    }
    values->log2_min = log2(least);
}

int ag_network_padded_draws(int draw_count) {
    return draw_count == 1 ? 1 : (draw_count + AG_LANES - 1) / AG_LANES * AG_LANES;
}

double ag_values_at(const ag_values *values, size_t entry, int draw) {
    if (values->draws == 1)
        return values->data[entry];
    size_t group = (size_t)draw / AG_LANES, lane = (size_t)draw % AG_LANES;
    return values->data[(group * values->entries + entry) * AG_LANES + lane];
}

/* Copy values into groups of lanes, padding the draws with copies of the last one. */
static void copy_values(ag_values *out, const double *source, size_t draws) {
    size_t lanes = out->draws > 1 ? AG_LANES : 1;
    double *to = out->data;
    for (size_t first = 0; first < (size_t)out->draws; first += lanes)
        for (size_t i = 0; i < out->entries; i++)
            for (size_t l = 0; l < lanes; l++) {
                size_t draw = first + l < draws ? first + l : draws - 1;
                *to++ = source[i * draws + draw];
            }
}

/* Store `rows` rows of `states` values. */
static ag_status copy_rows(ag_values *out, const char *name, int states, size_t rows,
                           const double *source, int draws, ag_error *error) {
    size_t stored = (size_t)ag_network_padded_draws(draws), lanes = stored > 1 ? AG_LANES : 1;
    size_t row_size = (size_t)states * lanes;
    *out = (ag_values){.entries = rows * (size_t)states, .draws = (int)stored};
    if (out->entries > SIZE_MAX / sizeof(double) / stored ||
        !(out->data = ag_pages_alloc(out->entries * stored * sizeof(double))))
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the table of '%s'", name);
    copy_values(out, source, (size_t)draws);
    for (size_t r = 0; r < rows * (stored / lanes); r++)
        for (size_t l = 0; l < lanes; l++)
            if (!normalise_row(out->data + r * row_size + l, states, lanes))
                return ag_fail(error, AG_ERROR_VALUE,
                               "row %zu of '%s' (draw %zu) is not a distribution: its values must "
                               "be finite, not negative and not all zero",
                               r % rows, name, r / rows * lanes + l);
    ag_values_find_least(out);
    return AG_OK;
}

ag_status ag_values_store(ag_values *out, const ag_network *network, const ag_variable *v,
                          const double *source, size_t rows, int draws, ag_error *error) {
    if (draws != 1 && draws != network->draw_count)
        return ag_fail(error, AG_ERROR_VALUE,
                       "'%s' is given %d parameter draws; the network has %d (give 1 or %d)",
                       v->name, draws, network->draw_count, network->draw_count);
    return copy_rows(out, v->name, v->state_count, rows, source, draws, error);
}

void ag_values_free(ag_values *values) {
    if (!values->borrowed)
        free(values->data);
    values->data = NULL;
}

/* ---- Shared tables ---- */

/* Does each entry have one value for all draws? */
static bool is_constant(const double *values, size_t entries, int draws) {
    for (size_t i = 0; i < entries; i++)
        for (int d = 1; d < draws; d++)
            if (values[i * (size_t)draws + (size_t)d] != values[i * (size_t)draws])
                return false;
    return true;
}

static ag_status fill_table(ag_network_table *table, size_t rows, const double *values,
                            ag_error *error) {
    size_t entries = rows * (size_t)table->state_count, draws = (size_t)table->draw_count;
    if (!is_constant(values, entries, table->draw_count))
        return copy_rows(&table->values, "a shared table", table->state_count, rows, values,
                         table->draw_count, error);
    double *once = malloc((entries + 1) * sizeof *once);
    if (!once)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a shared table");
    for (size_t i = 0; i < entries; i++)
        once[i] = values[i * draws];
    ag_status status =
        copy_rows(&table->values, "a shared table", table->state_count, rows, once, 1, error);
    free(once);
    return status;
}

ag_status ag_network_table_new(ag_network_table **out, int state_count, size_t rows,
                               const double *values, int draw_count, ag_error *error) {
    *out = NULL;
    ag_network_table *table = calloc(1, sizeof *table);
    if (!table)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a shared table");
    table->state_count = state_count;
    table->draw_count = draw_count;
    ag_status status = fill_table(table, rows, values, error);
    if (status) {
        ag_network_table_free(table);
        return status;
    }
    table->values.borrowed = true;
    *out = table;
    return AG_OK;
}

void ag_network_table_free(ag_network_table *table) {
    if (!table)
        return;
    free(table->values.data);
    free(table);
}

ag_status ag_values_share(const ag_network_table *table, const ag_network *network,
                          const ag_variable *v, size_t rows, ag_error *error) {
    if (table->draw_count != 1 && table->draw_count != network->draw_count)
        return ag_fail(error, AG_ERROR_VALUE,
                       "'%s' is given a table of %d parameter draws; the network has %d", v->name,
                       table->draw_count, network->draw_count);
    if (table->state_count != v->state_count ||
        table->values.entries != rows * (size_t)v->state_count)
        return ag_fail(error, AG_ERROR_VALUE, "the shared table does not fit '%s'", v->name);
    return AG_OK;
}
