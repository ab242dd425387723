/*
 * The last step of reading a patient: facts that cannot be, that say the same twice, or that say
 * opposite things are settled here, once for all readers. What is taken out is listed in `unused`
 * or told as a contradiction; nothing vanishes. The rules stand in docs/case-file.md.
 */
#include <string.h>

#include "settling.h"
#include "text.h"

/* What a card puts outside the intended use is declined, however the record came to say it. */
static ag_status decline_outside(const ag_patient *patient, ag_error *error) {
    for (int i = 0; i < patient->cause_count; i++) {
        const ag_cause_fact *fact = &patient->causes[i];
        if (fact->present && !fact->planned && patient->knowledge->causes[fact->cause].outside)
            return ag_fail(
                error, AG_ERROR_DECLINED,
                ag_say(patient->language,
                       "\"%.120s\" (%.80s) is outside the intended use: only male anatomy that "
                       "was not operated on so is assessed"),
                ag_settling_text(fact->text), ag_settling_text(fact->where));
    }
    return AG_OK;
}

static void compact_facts(ag_settling *s) {
    ag_patient *patient = s->patient;
    int causes = 0, findings = 0;
    for (int i = 0; i < patient->cause_count; i++)
        if (!s->drop_cause[i])
            patient->causes[causes++] = patient->causes[i];
    for (int i = 0; i < patient->finding_count; i++)
        if (!s->drop_finding[i])
            patient->findings[findings++] = patient->findings[i];
    patient->cause_count = causes;
    patient->finding_count = findings;
}

static void sort_facts(ag_patient *patient) {
    ag_settling_sort_causes(patient);
    ag_settling_sort_findings(patient);
}

bool ag_finding_shows_semen(const ag_knowledge *knowledge, const ag_finding_fact *fact) {
    const ag_finding *finding = &knowledge->findings[fact->finding];
    bool nothing = finding->value == AG_VALUE_QUANTITY && fact->low <= 0;
    return finding->kind == AG_FINDING_SEMEN && !nothing;
}

/* What was found in a sample says that he could give one. Once, for the latest. */
static ag_status note_sample_given(ag_patient *patient) {
    const ag_knowledge *k = patient->knowledge;
    int given = ag_knowledge_variable(k, "semen-sample-given");
    const ag_finding_fact *latest = NULL;
    for (int i = 0; i < patient->finding_count && given >= 0; i++) {
        const ag_finding_fact *fact = &patient->findings[i];
        bool later = latest == NULL || fact->date.last > latest->date.last;
        if (ag_finding_shows_semen(k, fact) && later)
            latest = fact;
    }
    if (latest == NULL)
        return AG_OK;
    ag_finding_fact fact = {.finding = (int)(ag_knowledge_finding_of(k, given) - k->findings),
                            .state = 1,
                            .sample = -1,
                            .date = latest->sample >= 0 ? patient->samples[latest->sample].date
                                                        : latest->date,
                            .text = "a semen sample was given",
                            .where = latest->where};
    return ag_patient_add_finding(patient, &fact);
}

ag_status ag_patient_finish(ag_patient *patient, ag_error *error) {
    ag_settling s = {.patient = patient};
    ag_status declined = decline_outside(patient, error);
    if (declined != AG_OK)
        return declined;
    s.last_dropped = &s.dropped;
    s.drop_cause = ag_arena_array(patient->arena, (size_t)patient->cause_count + 1, sizeof(bool));
    s.drop_finding =
        ag_arena_array(patient->arena, (size_t)patient->finding_count + 1, sizeof(bool));
    patient->coarser = ag_arena_array(patient->arena, (size_t)patient->finding_count + 1,
                                      sizeof *patient->coarser);
    if (s.drop_cause == NULL || s.drop_finding == NULL || patient->coarser == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_settling_cause_dates(&s);
    ag_settling_finding_dates(&s);
    compact_facts(&s);
    memset(s.drop_cause, 0, (size_t)patient->cause_count);
    memset(s.drop_finding, 0, (size_t)patient->finding_count);
    sort_facts(patient);
    ag_settling_causes(&s);
    ag_settling_plans(&s);
    ag_settling_findings(&s);
    ag_settling_list(&s);
    compact_facts(&s);
    if (s.status == AG_OK)
        s.status = note_sample_given(patient);
    sort_facts(patient);
    if (s.status != AG_OK)
        return ag_fail(error, s.status, "out of memory");
    return AG_OK;
}
