/* XMLBIF 0.3 and XDSL, written so that the model can be opened elsewhere. */
#include "network_format.h"

#include <stdlib.h>
#include <string.h>

static void add_element(ag_text *out, const char *tag, const char *value) {
    ag_text_add(out, "<%s>", tag);
    ag_text_add_xml(out, value);
    ag_text_add(out, "</%s>\n", tag);
}

static void add_values(ag_text *out, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        ag_text_add(out, i ? " " : "");
        ag_text_add_number(out, values[i]);
    }
}

static ag_status write_definition(const ag_network *network, int variable, ag_text *out,
                                  ag_error *error) {
    const ag_variable *v = &network->variables[variable];
    double *values;
    size_t count;
    ag_status status = ag_format_table(network, variable, &values, &count, error);
    if (status)
        return status;
    ag_text_add(out, "<DEFINITION>\n  ");
    add_element(out, "FOR", v->name);
    for (int i = 0; i < v->parent_count; i++) {
        ag_text_add(out, "  ");
        add_element(out, "GIVEN", network->variables[v->parents[i]].name);
    }
    ag_text_add(out, "  <TABLE>");
    add_values(out, values, count);
    ag_text_add(out, "</TABLE>\n</DEFINITION>\n");
    free(values);
    return AG_OK;
}

ag_status ag_xmlbif_write(const ag_network *network, ag_text *out, ag_error *error) {
    ag_text_add(out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<BIF VERSION=\"0.3\">\n<NETWORK>\n"
                "<NAME>unknown</NAME>\n");
    for (int i = 0; i < network->count; i++) {
        const ag_variable *v = &network->variables[i];
        ag_text_add(out, "<VARIABLE TYPE=\"nature\">\n  ");
        add_element(out, "NAME", v->name);
        for (int s = 0; s < v->state_count; s++) {
            ag_text_add(out, "  ");
            add_element(out, "OUTCOME", v->states[s]);
        }
        ag_text_add(out, "</VARIABLE>\n");
    }
    ag_status status = AG_OK;
    for (int i = 0; i < network->count && !status; i++)
        status = write_definition(network, i, out, error);
    ag_text_add(out, "</NETWORK>\n</BIF>\n");
    return status;
}

/* ---- XDSL ---- */

/* Identifiers there are letters, digits and underscores; `prefix` makes them start with a letter.
 * The number keeps them unique where the name had to be changed. */
static void add_identifier(ag_text *out, const char *name, const char *prefix, int number) {
    bool changed = !((name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z'));
    ag_text_add(out, "%s", changed ? prefix : "");
    for (const char *c = name; *c; c++) {
        bool plain = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                     (*c >= '0' && *c <= '9') || *c == '_';
        ag_text_add(out, "%c", plain ? *c : '_');
        changed = changed || !plain;
    }
    if (changed)
        ag_text_add(out, "_%d", number);
}

static void add_head(const ag_network *network, int variable, const char *tag, ag_text *out) {
    const ag_variable *v = &network->variables[variable];
    ag_text_add(out, "    <%s id=\"", tag);
    add_identifier(out, v->name, "v", variable);
    ag_text_add(out, "\">\n");
    for (int s = 0; s < v->state_count; s++) {
        ag_text_add(out, "      <state id=\"");
        add_identifier(out, v->states[s], "s", s);
        ag_text_add(out, "\" />\n");
    }
    if (v->parent_count == 0)
        return;
    ag_text_add(out, "      <parents>");
    for (int i = 0; i < v->parent_count; i++) {
        ag_text_add(out, i ? " " : "");
        add_identifier(out, network->variables[v->parents[i]].name, "v", v->parents[i]);
    }
    ag_text_add(out, "</parents>\n");
}

/* The format lists the strongest state first and the state without effect last, for the child and
 * in `strengths` for each parent; our states run the other way. */
static void add_effects(const ag_variable *v, const ag_values *effect, size_t rows, ag_text *out,
                        bool *first) {
    for (size_t r = 0; r < rows; r++)
        for (int s = 0; s < v->state_count; s++) {
            ag_text_add(out, *first ? "" : " ");
            *first = false;
            size_t at = r * (size_t)v->state_count + (size_t)s;
            ag_text_add_number(out, effect->data[at * (size_t)effect->stride]);
        }
}

static void write_noisy_max(const ag_network *network, int variable, ag_text *out) {
    const ag_variable *v = &network->variables[variable];
    bool first = true;
    add_head(network, variable, "noisymax", out);
    if (v->parent_count) {
        ag_text_add(out, "      <strengths>");
        for (int i = 0; i < v->parent_count; i++)
            for (int s = 0; s < network->variables[v->parents[i]].state_count; s++)
                ag_text_add(out, i + s ? " %d" : "%d", s);
        ag_text_add(out, "</strengths>\n");
    }
    ag_text_add(out, "      <parameters>");
    for (int i = 0; i < v->parent_count; i++)
        add_effects(v, &v->links[i].effect, (size_t)network->variables[v->parents[i]].state_count,
                    out, &first);
    if (v->has_leak) {
        add_effects(v, &v->leak.effect, 1, out, &first);
    } else {
        for (int s = 0; s < v->state_count; s++)
            ag_text_add(out, first && s == 0 ? "%d" : " %d", s == 0);
    }
    ag_text_add(out, "</parameters>\n    </noisymax>\n");
}

ag_status ag_xdsl_write(const ag_network *network, ag_text *out, ag_error *error) {
    ag_text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<smile version=\"1.0\" "
                     "id=\"network\">\n  <nodes>\n");
    int *order = malloc(((size_t)network->count + 1) * sizeof *order);
    if (!order)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the text of a network");
    ag_status status = ag_network_topological(network, order, error);
    for (int k = 0; k < network->count && !status; k++) {
        double *values;
        size_t count;
        int i = order[k]; /* parents must come first */
        if (network->variables[i].family == AG_FAMILY_NOISY_MAX) {
            write_noisy_max(network, i, out);
            continue;
        }
        status = ag_format_table(network, i, &values, &count, error);
        if (status)
            break;
        add_head(network, i, "cpt", out);
        ag_text_add(out, "      <probabilities>");
        add_values(out, values, count);
        ag_text_add(out, "</probabilities>\n    </cpt>\n");
        free(values);
    }
    ag_text_add(out, "  </nodes>\n</smile>\n");
    free(order);
    return status;
}
