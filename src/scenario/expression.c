/* Recursive descent over the text: sum, product, power, atom. */
#include "expression.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "random.h"

enum { DEEPEST = 40, LONGEST = 1000 };

typedef struct reader {
    const char *text, *at;
    ag_scope *scope;
    ag_error *error;
    ag_status status;
    int depth;
} reader;

static double sum(reader *r);

static double refuse(reader *r, ag_status status, const char *why) {
    if (r->status == AG_OK)
        r->status = ag_fail(r->error, status, "in \"%s\", at character %d: %s", r->text,
                            (int)(r->at - r->text) + 1, why);
    return 0;
}

static int accept(reader *r, char c) {
    while (*r->at == ' ' || *r->at == '\n')
        r->at++;
    if (*r->at != c || c == '\0')
        return 0;
    r->at++;
    return 1;
}

/* The quantile of the next draw: one half when typical. */
static double next_uniform(reader *r) {
    ag_scope *s = r->scope;
    uint64_t index = s->index++;
    return s->typical ? 0.5 : ag_random_uniform(s->seed, s->man, index);
}

static double next_normal(reader *r) {
    double u = next_uniform(r);
    return u == 0.5 ? 0 : ag_normal_quantile(u);
}

static double logistic(double x) {
    return 1 / (1 + exp(-x));
}

typedef enum verb {
    LOGNORMAL,
    NORMAL,
    LOGITNORMAL,
    UNIFORM,
    CHANCE,
    MIN,
    MAX,
    CLAMP,
    EXP,
    LN,
    ODDS,
    SHARE,
    LOGIT,
    LOGISTIC,
    VERBS
} verb;

static const struct {
    const char *name;
    int arguments;
} verbs[VERBS] = {{"lognormal", 2}, {"normal", 2},  {"logitnormal", 2}, {"uniform", 2},
                  {"chance", 1},    {"min", 2},     {"max", 2},         {"clamp", 3},
                  {"exp", 1},       {"ln", 1},      {"odds", 1},        {"share", 1},
                  {"logit", 1},     {"logistic", 1}};

static double perform(reader *r, verb v, const double a[3]) {
    switch (v) {
    case LOGNORMAL:
        return a[0] * exp(a[1] * next_normal(r));
    case NORMAL:
        return a[0] + a[1] * next_normal(r);
    case LOGITNORMAL:
        return logistic(log(a[0] / (1 - a[0])) + a[1] * next_normal(r));
    case UNIFORM:
        return a[0] + (a[1] - a[0]) * next_uniform(r);
    case CHANCE:
        return next_uniform(r) < a[0];
    case MIN:
        return fmin(a[0], a[1]);
    case MAX:
        return fmax(a[0], a[1]);
    case CLAMP:
        return fmin(fmax(a[0], a[1]), a[2]);
    case EXP:
        return exp(a[0]);
    case LN:
        return log(a[0]);
    case ODDS:
        return a[0] / (1 - a[0]);
    case SHARE:
        return a[0] / (1 + a[0]);
    case LOGIT:
        return log(a[0] / (1 - a[0]));
    case LOGISTIC:
        return logistic(a[0]);
    case VERBS:
        break;
    }
    return refuse(r, AG_ERROR_NAME, "no such function");
}

static double call(reader *r, const char *name, size_t length) {
    double arguments[3] = {0};
    int v = 0, count = 0;
    while (v < VERBS &&
           !(strlen(verbs[v].name) == length && strncmp(verbs[v].name, name, length) == 0))
        v++;
    if (v == VERBS)
        return refuse(r, AG_ERROR_NAME, "no such function");
    do
        arguments[count++] = sum(r);
    while (count < verbs[v].arguments && accept(r, ','));
    if (count < verbs[v].arguments || !accept(r, ')'))
        return refuse(r, AG_ERROR_SYNTAX, "wrong number of arguments, or \")\" is missing");
    return perform(r, (verb)v, arguments);
}

static double atom(reader *r) {
    double value = 0;
    if (accept(r, '(')) {
        value = sum(r);
        return accept(r, ')') ? value : refuse(r, AG_ERROR_SYNTAX, "\")\" is missing");
    }
    if (accept(r, '-'))
        return -atom(r);
    accept(r, ' ');
    if (isdigit((unsigned char)*r->at)) {
        char *end;
        value = strtod(r->at, &end);
        r->at = end;
        return value;
    }
    const char *name = r->at;
    while (isalnum((unsigned char)*r->at) || *r->at == '_')
        r->at++;
    size_t length = (size_t)(r->at - name);
    if (length == 0)
        return refuse(r, AG_ERROR_SYNTAX, "a number, a name or \"(\" is missing");
    if (accept(r, '('))
        return call(r, name, length);
    if (!r->scope->find(r->scope->user, name, length, &value))
        return refuse(r, AG_ERROR_NAME, "no such name");
    return value;
}

static double power(reader *r) {
    double base = atom(r);
    return accept(r, '^') ? pow(base, power(r)) : base;
}

static double product(reader *r) {
    double value = power(r);
    for (;;) {
        if (accept(r, '*'))
            value *= power(r);
        else if (accept(r, '/'))
            value /= power(r);
        else
            return value;
    }
}

static double sum(reader *r) {
    if (r->status != AG_OK || ++r->depth > DEEPEST)
        return refuse(r, AG_ERROR_SYNTAX, "nested too deeply");
    double value = product(r);
    for (;;) {
        if (accept(r, '+'))
            value += product(r);
        else if (accept(r, '-'))
            value -= product(r);
        else
            break;
    }
    r->depth--;
    return value;
}

ag_status ag_expression_value(double *out, const char *text, ag_scope *scope, ag_error *error) {
    reader r = {.text = text, .at = text, .scope = scope, .error = error, .status = AG_OK};
    if (strlen(text) > LONGEST)
        return ag_fail(error, AG_ERROR_TOO_LARGE, "an expression is longer than %d characters",
                       LONGEST);
    *out = sum(&r);
    accept(&r, ' ');
    if (r.status == AG_OK && *r.at != '\0')
        refuse(&r, AG_ERROR_SYNTAX, "nothing more was expected");
    if (r.status == AG_OK && !isfinite(*out))
        refuse(&r, AG_ERROR_VALUE, "the result is not a finite number");
    return r.status;
}
