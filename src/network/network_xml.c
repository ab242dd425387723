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

/* ---- XDSL ----
 * A noisy-MAX node lists its states and those of its parents from the strongest to the one without
 * effect, ours run the other way: where a network has such nodes, the states of all variables are
 * written backwards, and with them every table. */

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

static void add_head(const ag_network *network, int variable, const char *tag, bool backwards,
                     ag_text *out) {
    const ag_variable *v = &network->variables[variable];
    ag_text_add(out, "    <%s id=\"", tag);
    add_identifier(out, v->name, "v", variable);
    ag_text_add(out, "\">\n");
    for (int i = 0; i < v->state_count; i++) {
        int s = backwards ? v->state_count - 1 - i : i;
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

static void add_backwards(ag_text *out, const ag_values *values) {
    for (size_t i = values->entries; i-- > 0;) {
        ag_text_add_number(out, ag_values_at(values, i, 0));
        ag_text_add(out, i ? " " : "");
    }
}

static void write_noisy_max(const ag_network *network, int variable, ag_text *out) {
    const ag_variable *v = &network->variables[variable];
    add_head(network, variable, "noisymax", true, out);
    if (v->parent_count)
        ag_text_add(out, "      <strengths>");
    for (int i = 0; i < v->parent_count; i++)
        for (int s = 0; s < network->variables[v->parents[i]].state_count; s++)
            ag_text_add(out, i + s ? " %d" : "%d", s);
    ag_text_add(out, "%s      <parameters>", v->parent_count ? "</strengths>\n" : "");
    for (int i = 0; i < v->parent_count; i++) {
        add_backwards(out, &v->links[i].effect);
        ag_text_add(out, " ");
    }
    for (int s = v->state_count - 1; !v->has_leak && s >= 0; s--)
        ag_text_add(out, s ? "0 " : "1");
    if (v->has_leak)
        add_backwards(out, &v->leak.effect);
    ag_text_add(out, "</parameters>\n    </noisymax>\n");
}

/* The format takes a parent's weakest state to be without effect. */
static bool is_noisy_max_there(const ag_variable *v) {
    for (int i = 0; i < v->parent_count; i++)
        if (v->links && v->links[i].effect.data[0] != 1)
            return false;
    return v->family == AG_FAMILY_NOISY_MAX;
}

static ag_status write_node(const ag_network *network, int variable, bool backwards, ag_text *out,
                            ag_error *error) {
    double *values;
    size_t count;
    if (is_noisy_max_there(&network->variables[variable])) {
        write_noisy_max(network, variable, out);
        return AG_OK;
    }
    ag_status status = ag_format_table(network, variable, &values, &count, error);
    if (status)
        return status;
    for (size_t i = 0; backwards && i < count / 2; i++) {
        double x = values[i];
        values[i] = values[count - 1 - i];
        values[count - 1 - i] = x;
    }
    add_head(network, variable, "cpt", backwards, out);
    ag_text_add(out, "      <probabilities>");
    add_values(out, values, count);
    ag_text_add(out, "</probabilities>\n    </cpt>\n");
    free(values);
    return AG_OK;
}

ag_status ag_xdsl_write(const ag_network *network, ag_text *out, ag_error *error) {
    ag_text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<smile version=\"1.0\" "
                     "id=\"network\">\n  <nodes>\n");
    int *order = malloc(((size_t)network->count + 1) * sizeof *order);
    if (!order)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the text of a network");
    ag_status status = ag_network_topological(network, order, error);
    bool backwards = false;
    for (int i = 0; i < network->count; i++)
        backwards = backwards || is_noisy_max_there(&network->variables[i]);
    for (int i = 0; i < network->count && !status; i++) /* parents must come first */
        status = write_node(network, order[i], backwards, out, error);
    ag_text_add(out, "  </nodes>\n</smile>\n");
    free(order);
    return status;
}
