/* Which records speak of ejaculation. */
#include "man_interest.h"

#include <math.h>
#include <string.h>

/* Complaints and diagnoses of it; other symptoms (of the bladder, of erection) are not. */
static const char *const complaints[] = {"dry-orgasm",
                                         "no-semen",
                                         "no-ejaculation",
                                         "low-volume",
                                         "hypospermia",
                                         "no-orgasm",
                                         "delayed-orgasm",
                                         "weak-expulsion",
                                         "dribbling-after",
                                         "cloudy-urine",
                                         "azoospermia",
                                         "oligozoospermia",
                                         "recorded-retrograde-diagnosis",
                                         "infertility"};

static bool is_complaint(const char *id) {
    for (size_t i = 0; i < sizeof complaints / sizeof complaints[0]; i++)
        if (strcmp(complaints[i], id) == 0)
            return true;
    return false;
}

bool ag_man_complains(const ag_patient *man) {
    const ag_knowledge *k = man->knowledge;
    for (int i = 0; i < man->finding_count; i++) {
        const ag_finding_fact *fact = &man->findings[i];
        const ag_finding *finding = &k->findings[fact->finding];
        if (finding->sample != AG_SAMPLE_NONE ||
            (fact->state != 0 && is_complaint(k->variables[finding->variable].id)))
            return true;
    }
    return false;
}

bool ag_cause_acts(const ag_cause *cause) {
    for (int v = 0; v < cause->variant_count; v++)
        if (cause->variants[v].action_count > 0)
            return true;
    return false;
}

static bool is_on(const ag_patient *man, const ag_cause_fact *fact) {
    return fact->present && (!fact->ended || fact->end.last >= man->as_of);
}

bool ag_man_exposed(const ag_patient *man) {
    for (int i = 0; i < man->cause_count; i++) {
        const ag_cause *cause = &man->knowledge->causes[man->causes[i].cause];
        if (man->causes[i].present && ag_cause_acts(cause) &&
            (cause->permanent || is_on(man, &man->causes[i])))
            return true;
    }
    return false;
}

bool ag_man_takes(const ag_patient *man, int cause) {
    for (int i = 0; i < man->cause_count; i++)
        if (man->causes[i].cause == cause && is_on(man, &man->causes[i]))
            return true;
    return false;
}

bool ag_man_wants_child(const ag_patient *man) {
    const ag_knowledge *k = man->knowledge;
    if (man->wish == AG_WISH_CHILD)
        return true;
    for (int i = 0; i < man->finding_count; i++)
        if (man->findings[i].state > 0 &&
            strcmp(k->variables[k->findings[man->findings[i].finding].variable].id,
                   "infertility") == 0)
            return true;
    return false;
}

bool ag_man_minds(const ag_patient *man, double below_age) {
    return isnan(man->age_years) || man->age_years < below_age;
}
