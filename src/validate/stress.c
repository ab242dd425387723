/*
 * One number at a time is moved while all others stay at their central values. The network carries
 * many versions of its numbers side by side (draws); here each version is one move, so that one run
 * answers for up to 256 of them.
 *
 * Conflict: sources whose counts differ more than chance allows, phi = X2 / (k - 1) > 2, X2 being
 * Pearson's chi-square of the k counts against their pooled share.
 */
#include "stress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "belief.h"
#include "case_node.h"
#include "validation.h"

static const double CONFLICT_LEAST = 2;
enum { LANES = 8, MOST_MOVES = 4000 }; /* lanes come in eights, as the kernels take them */

typedef struct change {
    int number; /* index into the numbers */
    double to;
    const ag_evidence *source; /* NULL: an end of the interval */
    int conflict;              /* index, or -1 */
} change;

typedef struct stressing {
    ag_stress *out;
    ag_arena *arena;
    const ag_knowledge *knowledge;
    ag_number_list numbers;
    ag_believer believer;
    ag_stress_move *moves;
    ag_conflict *conflicts;
    ag_error *error;
} stressing;

static ag_status no_memory(stressing *s) {
    return ag_fail(s->error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- conflicts ---- */

static bool counted(const ag_evidence *e) {
    return e->events >= 0 && e->total > 0 && e->confidence != AG_REMEMBERED;
}

static double share(const ag_evidence *e) {
    return (e->events + 0.5) / (e->total + 1);
}

/* Whether its sources conflict; sets the sources that say least and most. */
static bool conflicting(const ag_knowledge *k, const ag_parameter *p, ag_conflict *out) {
    double events = 0, total = 0, chi_square = 0;
    int count = 0;
    if (p->kind != AG_PARAMETER_BETA || p->reason != NULL)
        return false;
    for (int i = 0; i < p->evidence.count; i++) {
        const ag_evidence *e = &k->evidence[p->evidence.items[i]];
        if (!counted(e))
            return false;
        events += e->events;
        total += e->total;
        count++;
        if (out->lowest == NULL || share(e) < share(out->lowest))
            out->lowest = e;
        if (out->highest == NULL || share(e) > share(out->highest))
            out->highest = e;
    }
    double q = total > 0 ? events / total : 0;
    if (count < 2 || q <= 0 || q >= 1)
        return false;
    for (int i = 0; i < p->evidence.count; i++) {
        const ag_evidence *e = &k->evidence[p->evidence.items[i]];
        double difference = e->events - e->total * q;
        chi_square += difference * difference / (e->total * q * (1 - q));
    }
    out->phi = chi_square / (count - 1);
    return out->phi > CONFLICT_LEAST;
}

static ag_status find_conflicts(stressing *s) {
    s->conflicts = ag_arena_array(s->arena, (size_t)s->numbers.count + 1, sizeof *s->conflicts);
    if (s->conflicts == NULL)
        return no_memory(s);
    for (int i = 0; i < s->numbers.count; i++) {
        const ag_parameter *p = s->numbers.items[i].parameter;
        ag_conflict conflict = {.at = s->numbers.items[i], .pooled = p->value};
        s->out->assumption_count += p->assumption;
        if (conflicting(s->knowledge, p, &conflict))
            s->conflicts[s->out->conflict_count++] = conflict;
    }
    s->out->conflicts = s->conflicts;
    return AG_OK;
}

/* ---- one case ---- */

static int conflict_of(const stressing *s, const ag_parameter *p) {
    for (int c = 0; c < s->out->conflict_count; c++)
        if (s->conflicts[c].at.parameter == p)
            return c;
    return -1;
}

/* The changes to try in a man: of the numbers that his network asked for. */
static int changes_for(const stressing *s, change *out, int room) {
    int count = 0;
    for (int i = 0; i < s->numbers.count && count + 2 <= room; i++) {
        const ag_parameter *p = s->numbers.items[i].parameter;
        if (!ag_parameter_cache_has(s->believer.cache, p))
            continue;
        int conflict = conflict_of(s, p);
        if (p->assumption && p->kind != AG_PARAMETER_EXACT) {
            out[count++] = (change){i, p->low, NULL, -1};
            out[count++] = (change){i, p->high, NULL, -1};
        } else if (conflict >= 0) {
            const ag_conflict *c = &s->conflicts[conflict];
            out[count++] = (change){i, share(c->lowest), c->lowest, conflict};
            out[count++] = (change){i, share(c->highest), c->highest, conflict};
        }
    }
    return count;
}

static int first_of(const double *p, int mechanisms, int lanes, int lane) {
    int best = 0;
    for (int m = 1; m < mechanisms; m++)
        if (p[m * lanes + lane] > p[best * lanes + lane])
            best = m;
    return best;
}

/* P(mechanism) in every lane, [mechanism][lane]; lanes in which the findings are impossible are
 * NaN. */
static ag_status lane_beliefs(stressing *s, ag_belief *belief, double *p) {
    int lanes = s->believer.draw_count;
    for (int m = 0; m < s->knowledge->mechanism_count; m++) {
        double values[AG_DRAWS];
        int count, at = 0;
        ag_status status =
            ag_belief_any(belief, &s->believer, (ag_indices){&m, 1}, values, &count, s->error);
        if (status != AG_OK)
            return status;
        for (int d = 0; d < lanes; d++)
            p[m * lanes + d] = isinf(belief->posterior.log_evidence[d]) ? NAN : values[at++];
    }
    return AG_OK;
}

static void note_move(stressing *s, const ag_resolved *resolved, const change *c, const double *p,
                      int lane) {
    int mechanisms = s->knowledge->mechanism_count, lanes = s->believer.draw_count;
    int before = first_of(p, mechanisms, lanes, 0), after = first_of(p, mechanisms, lanes, lane);
    const ag_number *number = &s->numbers.items[c->number];
    if (before == after || isnan(p[before * lanes + lane]))
        return;
    if (c->conflict >= 0)
        s->conflicts[c->conflict].changes++;
    if (s->out->move_count < MOST_MOVES)
        s->moves[s->out->move_count++] =
            (ag_stress_move){.case_id = resolved->id,
                             .at = *number,
                             .from = number->parameter->value,
                             .to = c->to,
                             .because = c->source != NULL ? c->source->id : NULL,
                             .leading_before = before,
                             .leading_after = after,
                             .p_before = p[before * lanes],
                             .p_after = p[before * lanes + lane]};
}

/* Each change in a lane of its own; with `back`, all lanes at the central value again. */
static bool move_lanes(stressing *s, const change *changes, int count, bool back) {
    double draws[AG_DRAWS];
    for (int i = 0; i < count; i++) {
        const ag_parameter *p = s->numbers.items[changes[i].number].parameter;
        for (int d = 0; d < AG_DRAWS; d++)
            draws[d] = ag_parameter_draw(p, -1);
        for (int j = 0; j < count && !back; j++)
            if (changes[j].number == changes[i].number)
                draws[j + 1] = changes[j].to;
        if (!ag_parameter_cache_set(s->believer.cache, p, draws))
            return false;
    }
    return true;
}

/* Lane 0 holds the central values, each further lane one change. */
static ag_status try_changes(stressing *s, const ag_resolved *resolved, const ag_patient *patient,
                             const change *changes, int count) {
    ag_belief belief = {0};
    s->believer.draw_count = (count + 1 + LANES - 1) / LANES * LANES;
    double *p =
        calloc((size_t)s->knowledge->mechanism_count * (size_t)s->believer.draw_count, sizeof *p);
    ag_status status = p != NULL && move_lanes(s, changes, count, false) ? AG_OK : no_memory(s);
    if (status == AG_OK)
        status = ag_belief_of(&belief, &s->believer, patient, s->error);
    if (status == AG_OK)
        status = lane_beliefs(s, &belief, p);
    for (int i = 0; i < count && status == AG_OK; i++)
        note_move(s, resolved, &changes[i], p, i + 1);
    s->out->tried += count;
    ag_belief_close(&belief);
    free(p);
    return move_lanes(s, changes, count, true) ? status : no_memory(s);
}

static ag_status note_right(stressing *s, const ag_resolved *resolved, ag_belief *belief) {
    double p[AG_EVENTS * LANES];
    ag_status status = lane_beliefs(s, belief, p);
    if (status != AG_OK)
        return status;
    int first = first_of(p, s->knowledge->mechanism_count, LANES, 0);
    for (int m = 0; m < resolved->mechanisms.count; m++)
        s->out->right += resolved->mechanisms.items[m] == first;
    return AG_OK;
}

/* A cache of its own for each man, so that it knows what his network asks for. */
static ag_status stress_patient(stressing *s, const ag_resolved *resolved,
                                const ag_patient *patient) {
    ag_belief belief = {0};
    change *changes = calloc(MOST_MOVES, sizeof *changes);
    s->believer.draw_count = LANES;
    ag_status status = changes != NULL ? AG_OK : no_memory(s);
    if (status == AG_OK)
        status = ag_belief_of(&belief, &s->believer, patient, s->error);
    if (status == AG_OK)
        status = note_right(s, resolved, &belief);
    ag_belief_close(&belief);
    int count = status == AG_OK ? changes_for(s, changes, MOST_MOVES) : 0;
    for (int at = 0; at < count && status == AG_OK; at += AG_DRAWS - 1) {
        int some = count - at < AG_DRAWS - 1 ? count - at : AG_DRAWS - 1;
        status = try_changes(s, resolved, patient, changes + at, some);
    }
    free(changes);
    return status;
}

static ag_status stress_case(stressing *s, const ag_resolved *resolved) {
    ag_patient *patient = NULL;
    s->believer.cache = ag_parameter_cache_new();
    if (s->believer.cache != NULL)
        ag_parameter_cache_hold(s->believer.cache);
    ag_status status = s->believer.cache != NULL
                           ? ag_patient_read_node(&patient, s->believer.vocabulary, resolved->given,
                                                  NULL, s->error)
                           : no_memory(s);
    if (status == AG_OK)
        status = stress_patient(s, resolved, patient);
    ag_patient_free(patient);
    ag_parameter_cache_free(s->believer.cache);
    s->believer.cache = NULL;
    s->out->case_count++;
    if (status != AG_OK)
        ag_fault_where(s->error, resolved->path);
    return status;
}

ag_status ag_stress_of(const ag_stress **out, ag_arena *arena, const ag_knowledge *knowledge,
                       const ag_resolved_list *cases, ag_error *error) {
    stressing s = {.arena = arena, .knowledge = knowledge, .error = error};
    s.out = ag_arena_alloc(arena, sizeof *s.out);
    s.moves = ag_arena_array(arena, MOST_MOVES, sizeof *s.moves);
    s.believer = (ag_believer){.knowledge = knowledge, .vocabulary = ag_vocabulary_new(knowledge)};
    ag_status status =
        s.out != NULL && s.moves != NULL && s.believer.vocabulary != NULL ? AG_OK : no_memory(&s);
    if (status == AG_OK &&
        !ag_number_list_make(&s.numbers, knowledge, (ag_card){AG_CARD_KINDS, 0}, arena))
        status = no_memory(&s);
    if (status == AG_OK)
        status = find_conflicts(&s);
    for (int i = 0; i < cases->count && status == AG_OK; i++)
        status = stress_case(&s, &cases->items[i]);
    ag_vocabulary_free(s.believer.vocabulary);
    if (s.out != NULL)
        s.out->moves = s.moves;
    *out = s.out;
    return status;
}
