/*
 * How a treatment can turn out. Its responses are events that are independent of all else, and
 * those that restore the same states are one: it happens with p = 1 - prod (1 - p_i). Which of k
 * different ones happen makes 2^k branches; in a branch it is certain what is brought back to
 * normal, and branches in which that is the same are one.
 */
#include <assert.h>
#include <string.h>

#include "plan_work.h"

enum { MOST_APPLIED = 16, MOST_DIFFERENT = 5 };

static_assert(1 << MOST_DIFFERENT <= AG_MOST_BRANCHES, "each set of responses is a branch");

uint32_t ag_plan_state_bits(const ag_knowledge *knowledge, int variable, ag_texts words) {
    ag_texts states = knowledge->variables[variable].states;
    uint32_t bits = 0;
    for (int w = 0; w < words.count; w++)
        for (int s = 0; s < states.count; s++)
            if (strcmp(states.items[s], words.items[w]) == 0)
                bits |= 1u << s;
    return bits;
}

static uint32_t claimed_before(const ag_applied *applied, int count, int function) {
    uint32_t claimed = 0;
    for (int i = 0; i < count; i++)
        for (int r = 0; r < applied[i].response->restore_count && r < 4; r++)
            if (applied[i].response->restores[r].function == function)
                claimed |= applied[i].states[r];
    return claimed;
}

/* The first response that applies to a function's state is used. */
int ag_plan_applied(const ag_planning *p, const ag_response *responses, int count, ag_applied *out,
                    int most) {
    int used = 0;
    for (int i = 0; i < count && used < most; i++) {
        if (!ag_plan_all(p, responses[i].when, responses[i].when_count))
            continue;
        ag_applied applied = {.response = &responses[i]};
        bool left = false;
        for (int r = 0; r < responses[i].restore_count && r < 4; r++) {
            const ag_restored *restored = &responses[i].restores[r];
            uint32_t states =
                ag_plan_state_bits(p->knowledge, restored->function, restored->states);
            applied.states[r] = states & ~claimed_before(out, used, restored->function);
            left = left || applied.states[r] != 0;
        }
        if (left)
            out[used++] = applied;
    }
    return used;
}

/* ---- what is restored ---- */

static ag_restoration *restoration_of(ag_branch *branch, int function) {
    int at = 0;
    while (at < branch->restored_count && branch->restored[at].function < function)
        at++;
    ag_restoration *item = &branch->restored[at];
    if (at < branch->restored_count && item->function == function)
        return item;
    if (branch->restored_count == AG_MOST_RESTORED)
        return NULL;
    memmove(item + 1, item, (size_t)(branch->restored_count++ - at) * sizeof *item);
    item->function = function;
    for (int s = 0; s < AG_MAX_STATES; s++)
        item->to[s] = (uint8_t)s;
    return item;
}

/* Kept in the order of the functions, so that equal sets are equal lists; of two ways the better
 * one counts. */
static void restore(ag_branch *branch, int function, uint32_t states, int to) {
    ag_restoration *item = states != 0 ? restoration_of(branch, function) : NULL;
    for (int s = 0; item != NULL && s < AG_MAX_STATES; s++)
        if (states >> s & 1 && to < item->to[s])
            item->to[s] = (uint8_t)to;
}

static void restore_all(ag_branch *branch, const ag_branch *other) {
    for (int r = 0; r < other->restored_count; r++)
        for (int s = 0; s < AG_MAX_STATES; s++)
            if (other->restored[r].to[s] != s)
                restore(branch, other->restored[r].function, 1u << s, other->restored[r].to[s]);
}

static bool same_restored(const ag_branch *a, const ag_branch *b) {
    bool same = a->restored_count == b->restored_count;
    for (int i = 0; same && i < a->restored_count; i++)
        same = a->restored[i].function == b->restored[i].function &&
               memcmp(a->restored[i].to, b->restored[i].to, sizeof a->restored[i].to) == 0;
    return same;
}

static bool same_causes(const int *a, int a_count, const int *b, int b_count) {
    return a_count == b_count && (a_count == 0 || memcmp(a, b, (size_t)a_count * sizeof *a) == 0);
}

bool ag_plan_same_branch(const ag_branch *a, const ag_branch *b) {
    const ag_imagination *x = a->imagined, *y = b->imagined;
    return same_restored(a, b) &&
           same_causes(x->withdrawn, x->withdrawn_count, y->withdrawn, y->withdrawn_count) &&
           same_causes(x->added, x->added_count, y->added, y->added_count);
}

bool ag_plan_changes_nothing(const ag_branch *branch) {
    return branch->restored_count == 0 && branch->imagined->withdrawn_count == 0 &&
           branch->imagined->added_count == 0;
}

/* ---- branches ---- */

/* What is restored becomes normal, unless the card says how far. */
static int state_restored(const ag_planning *p, const ag_restored *restored) {
    int to = 0;
    if (restored->to == NULL)
        return to;
    uint32_t bits =
        ag_plan_state_bits(p->knowledge, restored->function, (ag_texts){&restored->to, 1});
    while (bits >> to > 1)
        to++;
    return to;
}

/* Responses that restore the same are one; `p` is then the chance of any of them. */
static ag_status add_different(ag_planning *p, const ag_applied *applied, int draws,
                               ag_branch *different, int *count) {
    ag_branch one = {.restored_count = 0};
    const double *chance =
        ag_parameter_cache_draws(p->session->cache, &applied->response->p, draws);
    if (chance == NULL)
        return ag_plan_no_memory(p);
    for (int r = 0; r < applied->response->restore_count && r < AG_MOST_RESTORED; r++)
        restore(&one, applied->response->restores[r].function, applied->states[r],
                state_restored(p, &applied->response->restores[r]));
    int i = 0;
    while (i < *count && !same_restored(&different[i], &one))
        i++;
    if (i == MOST_DIFFERENT)
        return ag_fail(p->error, AG_ERROR_VALUE, "too many changes at once; leave some out");
    if (i == *count)
        different[(*count)++] = one;
    for (int d = 0; d < draws; d++)
        different[i].p[d] = 1 - (1 - different[i].p[d]) * (1 - chance[d]);
    return AG_OK;
}

static ag_status all_different(ag_planning *p, const ag_imagination *imagined, int draws,
                               ag_branch *different, int *count) {
    ag_applied applied[MOST_APPLIED];
    ag_status status = AG_OK;
    for (int i = 0; i < imagined->treatment_count; i++) {
        const ag_treatment *t = &p->knowledge->treatments[imagined->treatments[i]];
        int used = ag_plan_applied(p, t->responses, t->response_count, applied, MOST_APPLIED);
        for (int r = 0; r < used && status == AG_OK; r++)
            status = add_different(p, &applied[r], draws, different, count);
    }
    return status;
}

/* The branch in which those in `happening` happen and the others do not. */
static void set_branch(const ag_branch *different, int count, unsigned happening, int draws,
                       ag_branch *out) {
    for (int d = 0; d < draws; d++)
        out->p[d] = 1;
    for (int i = 0; i < count; i++) {
        bool happens = happening >> i & 1;
        if (happens)
            restore_all(out, &different[i]);
        for (int d = 0; d < draws; d++)
            out->p[d] *= happens ? different[i].p[d] : 1 - different[i].p[d];
    }
}

ag_status ag_plan_branches(ag_planning *p, const ag_imagination *imagined, int draws,
                           ag_branch *out, int *count) {
    ag_branch different[MOST_DIFFERENT] = {{.restored_count = 0}};
    int kinds = 0;
    *count = 0;
    ag_status status = all_different(p, imagined, draws, different, &kinds);
    for (unsigned happening = 0; happening < 1u << kinds && status == AG_OK; happening++) {
        ag_branch one = {.imagined = imagined};
        set_branch(different, kinds, happening, draws, &one);
        int b = 0;
        while (b < *count && !same_restored(&out[b], &one))
            b++;
        if (b == *count)
            out[(*count)++] = one;
        else
            for (int d = 0; d < draws; d++)
                out[b].p[d] += one.p[d];
    }
    return status;
}
