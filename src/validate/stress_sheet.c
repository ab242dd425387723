#include <string.h>

#include "stress.h"
#include "validation.h"

/* The moves of one case that bring one mechanism to the lead: the first of them stands for all. */
static bool same_turn(const ag_stress_move *a, const ag_stress_move *b) {
    return a->because == NULL && b->because == NULL && strcmp(a->case_id, b->case_id) == 0 &&
           a->leading_after == b->leading_after;
}

static void turn(ag_sheet *sheet, const ag_stress *stress, const ag_knowledge *k, int first) {
    const ag_stress_move *best = &stress->moves[first];
    int count = 0;
    for (int i = first; i < stress->move_count; i++) {
        const ag_stress_move *m = &stress->moves[i];
        count += same_turn(m, best);
        if (same_turn(m, best) && m->p_after < best->p_after)
            best = m;
    }
    ag_sheet_cell(sheet, "%s", best->case_id);
    ag_sheet_cell(sheet, "%s, %.0f %%", ag_mechanism_name(k, best->leading_before),
                  100 * best->p_before);
    ag_sheet_cell(sheet, "%s", ag_mechanism_name(k, best->leading_after));
    ag_sheet_cell(sheet, "%d", count);
    ag_sheet_cell(sheet, "%s, %s: %.3g → %.3g", ag_card_id(k, best->at.card), best->at.place,
                  best->from, best->to);
}

static bool is_first_of_turn(const ag_stress *stress, int i) {
    for (int j = 0; j < i; j++)
        if (same_turn(&stress->moves[j], &stress->moves[i]))
            return false;
    return stress->moves[i].because == NULL;
}

static void moves(ag_sheet *sheet, const ag_stress *stress, const ag_knowledge *k) {
    static const char *const head[] = {"case", "leads", "leads then", "numbers that do it",
                                       "the strongest of them"};
    ag_sheet_text(
        sheet,
        "%d assumptions stand in the cards. In each of %d cases every assumption that "
        "matters there was moved to both ends of its 95 %% interval, alone, all other "
        "numbers at their central values: %d runs. With the numbers as they are the known "
        "mechanism leads in %d of these cases; cases that were at hand while the model "
        "was built are no test of it. Where another mechanism leads when one number is "
        "moved:",
        stress->assumption_count, stress->case_count, stress->tried, stress->right);
    ag_sheet_table(sheet, 5);
    for (int i = 0; i < 5; i++)
        ag_sheet_cell(sheet, "%s", head[i]);
    for (int i = 0; i < stress->move_count; i++)
        if (is_first_of_turn(stress, i))
            turn(sheet, stress, k, i);
}

static void source(ag_sheet *sheet, const ag_evidence *e) {
    ag_sheet_cell(sheet, "%s %d: %g of %g", e->first_author != NULL ? e->first_author : e->id,
                  e->year, e->events, e->total);
}

static void conflicts(ag_sheet *sheet, const ag_stress *stress, const ag_knowledge *k) {
    static const char *const head[] = {
        "number",         "pooled", "lowest source",
        "highest source", "φ",      "cases in which one alone leads elsewhere"};
    ag_sheet_heading(sheet, "Sources that conflict");
    if (stress->conflict_count == 0) {
        ag_sheet_text(sheet, "No pooled number has sources that differ by more than twice what "
                             "chance allows.");
        return;
    }
    ag_sheet_text(sheet,
                  "Pooled numbers whose sources differ by more than twice what chance allows "
                  "(φ, Pearson's chi-square by its degrees of freedom, above 2), shown both "
                  "ways.");
    ag_sheet_table(sheet, 6);
    for (int i = 0; i < 6; i++)
        ag_sheet_cell(sheet, "%s", head[i]);
    for (int i = 0; i < stress->conflict_count; i++) {
        const ag_conflict *c = &stress->conflicts[i];
        ag_sheet_cell(sheet, "%s, %s", ag_card_id(k, c->at.card), c->at.place);
        ag_sheet_cell(sheet, "%.0f %%", 100 * c->pooled);
        source(sheet, c->lowest);
        source(sheet, c->highest);
        ag_sheet_cell(sheet, "%.1f", c->phi);
        ag_sheet_cell(sheet, "%d", c->changes);
    }
}

void ag_stress_sheet(ag_sheet *sheet, const ag_stress *stress, const ag_knowledge *knowledge) {
    ag_sheet_heading(sheet, "What hangs on one number");
    moves(sheet, stress, knowledge);
    conflicts(sheet, stress, knowledge);
}
