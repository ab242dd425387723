/*
 * A number that was read from a study cannot be read anew by a program, so it is forgotten as a
 * whole, and what is known of numbers of its kind stands in: the distribution of one number more
 * of those in the same slot (such as "emission none") of the same card, or where fewer than four
 * are there, of the same group, then kind, then of all cards. Slots of tables mean something on
 * their own card only; spreads are alike everywhere.
 *
 * Of n such numbers with mean m, variance s^2 between them and mean variance u of each, one more
 * has mean m and variance s^2 (1 + 1/n) (n - 1)/(n - 3) + u, as a further value of a normal sample
 * follows Student's distribution of n - 1 degrees of freedom. Probabilities get the Beta
 * distribution with these moments (no shape below 1/2), positive quantities the normal distribution
 * of the logarithm, any others the normal distribution. Where no four are found, a probability is
 * Beta(1/2, 1/2), and a measured value may lie anywhere within the range of its card.
 */
#include "leave_out.h"

#include <math.h>
#include <string.h>

#include "beta.h"
#include "number_list.h"

const char ag_stand_in_reason[] = "numbers of its kind, as the study that it rests on is left out";

static const double HALF_WIDTH_IN_SD = 1.96; /* of a 95 % interval */
static const double LEAST_SHAPE = 0.5;
static const double LEAST_SHARE = 1e-3; /* of the end of a range that begins at 0 */
enum { LEAST_KIN = 4 };                 /* with fewer the variance of one more is infinite */

typedef enum nearness { SAME_CARD, SAME_GROUP, SAME_KIND, ANY_CARD, NEARNESSES } nearness;

typedef struct leaving_out {
    const ag_knowledge *knowledge;
    ag_number_list numbers;
    bool *touched; /* of the numbers: it names a record that is left out */
} leaving_out;

/* ---- which numbers ---- */

static bool is_left_out(const ag_knowledge *k, int record, const ag_texts *ids) {
    for (int i = 0; i < ids->count; i++)
        if (strcmp(k->evidence[record].id, ids->items[i]) == 0)
            return true;
    return false;
}

static int left_out_count(const ag_knowledge *k, const ag_parameter *p, const ag_texts *ids) {
    int count = 0;
    for (int e = 0; e < p->evidence.count; e++)
        count += is_left_out(k, p->evidence.items[e], ids);
    return count;
}

/* ---- numbers of its kind ---- */

static bool same(const char *a, const char *b) {
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool is_near(const ag_knowledge *k, ag_card a, ag_card b, nearness how) {
    if (a.kind != b.kind)
        return false;
    if (how == ANY_CARD || a.index == b.index)
        return how == ANY_CARD || how == SAME_CARD;
    if (a.kind == AG_CARD_CAUSE) {
        const ag_cause *x = &k->causes[a.index], *y = &k->causes[b.index];
        return how == SAME_GROUP ? same(x->group, y->group)
                                 : how == SAME_KIND && x->kind == y->kind;
    }
    if (a.kind == AG_CARD_TREATMENT) {
        const ag_treatment *x = &k->treatments[a.index], *y = &k->treatments[b.index];
        return how == SAME_GROUP ? same(x->group, y->group)
                                 : how == SAME_KIND && x->kind == y->kind;
    }
    return false;
}

static bool is_spread(const ag_number *number) {
    size_t length = strlen(number->slot), tail = strlen("spread");
    return length >= tail && strcmp(number->slot + length - tail, "spread") == 0;
}

/* The spread of a time between men, which stands beside its median. */
static double *spread_of_time(const ag_knowledge *k, const ag_number *number) {
    const ag_parameter *p = number->parameter;
    if (number->card.kind == AG_CARD_CAUSE) {
        ag_cause *cause = (ag_cause *)&k->causes[number->card.index];
        return p == &cause->onset_days    ? &cause->onset_spread
               : p == &cause->offset_days ? &cause->offset_spread
                                          : NULL;
    }
    if (number->card.kind == AG_CARD_TREATMENT) {
        ag_treatment *treatment = (ag_treatment *)&k->treatments[number->card.index];
        return p == &treatment->days ? &treatment->days_spread : NULL;
    }
    return NULL;
}

typedef struct moments {
    int count;
    double sum, squares, variances;
} moments;

static void add(moments *m, const ag_number *number, const double *spread) {
    const ag_parameter *p = number->parameter;
    double x = p->value, variance = p->b * p->b;
    if (p->kind == AG_PARAMETER_BETA)
        variance = p->a * p->b / ((p->a + p->b) * (p->a + p->b) * (p->a + p->b + 1));
    else if (p->kind == AG_PARAMETER_LOGNORMAL)
        x = p->a;
    else if (spread != NULL) {
        x = log(p->value);
        variance = *spread * *spread;
    }
    m->count++;
    m->sum += x;
    m->squares += x * x;
    m->variances += variance;
}

static moments kin_of(const leaving_out *l, int index, nearness how) {
    const ag_number *own = &l->numbers.items[index];
    moments m = {0};
    for (int i = 0; i < l->numbers.count; i++) {
        const ag_number *other = &l->numbers.items[i];
        if (!l->touched[i] && other->parameter->kind == own->parameter->kind &&
            strcmp(other->slot, own->slot) == 0 &&
            is_near(l->knowledge, own->card, other->card, how))
            add(&m, other, spread_of_time(l->knowledge, other));
    }
    return m;
}

/* The nearest numbers of its kind that are enough; none: a count below LEAST_KIN. */
static moments nearest_kin(const leaving_out *l, int index) {
    const ag_number *own = &l->numbers.items[index];
    bool table = own->card.kind == AG_CARD_EJACULATE || own->card.kind == AG_CARD_FINDING;
    moments m = kin_of(l, index, SAME_CARD);
    for (int how = SAME_GROUP; how < NEARNESSES && m.count < LEAST_KIN; how++)
        if (!table || is_spread(own))
            m = kin_of(l, index, (nearness)how);
    return m;
}

/* ---- what stands in ---- */

static void set_beta(ag_parameter *p, double mean, double variance) {
    double least = LEAST_SHAPE / fmin(mean, 1 - mean);
    double size = fmax(mean * (1 - mean) / variance - 1, least);
    p->value = mean;
    p->a = mean * size;
    p->b = (1 - mean) * size;
    p->low = ag_beta_quantile(p->a, p->b, 0.025);
    p->high = ag_beta_quantile(p->a, p->b, 0.975);
}

static void set_normal(ag_parameter *p, double mean, double sd) {
    bool logs = p->kind == AG_PARAMETER_LOGNORMAL;
    p->a = mean;
    p->b = sd;
    p->value = logs ? exp(mean) : mean;
    p->low = mean - HALF_WIDTH_IN_SD * sd;
    p->high = mean + HALF_WIDTH_IN_SD * sd;
    if (logs) {
        p->low = exp(p->low);
        p->high = exp(p->high);
    }
}

static void set_by_kin(ag_parameter *p, const moments *m, double *spread) {
    double n = m->count, mean = m->sum / n;
    double between = fmax(0, (m->squares - n * mean * mean) / (n - 1));
    double variance = between * (1 + 1 / n) * (n - 1) / (n - 3) + m->variances / n;
    if (p->kind == AG_PARAMETER_BETA) {
        set_beta(p, mean, variance);
    } else if (spread != NULL) {
        p->value = p->low = p->high = exp(mean);
        *spread = sqrt(variance);
    } else {
        set_normal(p, mean, sqrt(variance));
    }
}

/* False where nothing says how large it could be. */
static bool set_by_range(const ag_knowledge *k, const ag_number *number, ag_parameter *p) {
    if (p->kind == AG_PARAMETER_BETA) {
        set_beta(p, 0.5, 0.125); /* the variance of Beta(1/2, 1/2) */
        return true;
    }
    if (number->card.kind != AG_CARD_FINDING || is_spread(number))
        return false;
    const ag_finding *finding = &k->findings[number->card.index];
    double low = finding->range_low, high = finding->range_high;
    if (p->kind == AG_PARAMETER_LOGNORMAL) {
        low = log(fmax(low, LEAST_SHARE * high));
        high = log(high);
    }
    set_normal(p, (low + high) / 2, (high - low) / (2 * HALF_WIDTH_IN_SD));
    return true;
}

static void stand_in(const leaving_out *l, int index) {
    const ag_number *number = &l->numbers.items[index];
    ag_parameter *p = (ag_parameter *)number->parameter; /* the tables are still being made */
    moments kin = nearest_kin(l, index);
    if (kin.count >= LEAST_KIN)
        set_by_kin(p, &kin, spread_of_time(l->knowledge, number));
    else if (!set_by_range(l->knowledge, number, p))
        return;
    p->reason = ag_stand_in_reason;
    p->assumption = true;
}

static void stand_in_all(leaving_out *l, const ag_texts *ids) {
    for (int i = 0; i < l->numbers.count; i++)
        l->touched[i] = left_out_count(l->knowledge, l->numbers.items[i].parameter, ids) > 0;
    for (int i = 0; i < l->numbers.count; i++) {
        const ag_parameter *p = l->numbers.items[i].parameter;
        bool pooled = p->reason == NULL;
        if (l->touched[i] && (!pooled || left_out_count(l->knowledge, p, ids) == p->evidence.count))
            stand_in(l, i);
    }
}

bool ag_leave_out(ag_knowledge *knowledge, const ag_texts *ids) {
    leaving_out l = {.knowledge = knowledge};
    ag_arena *arena = ag_arena_new();
    bool good = arena != NULL &&
                ag_number_list_make(&l.numbers, knowledge, (ag_card){AG_CARD_KINDS, 0}, arena);
    if (good)
        l.touched = ag_arena_array(arena, (size_t)l.numbers.count + 1, sizeof *l.touched);
    good = good && l.touched != NULL;
    if (good)
        stand_in_all(&l, ids);
    ag_arena_free(arena);
    return good;
}
