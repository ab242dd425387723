#include "finding_bits.h"

#include "next_tests.h"

/* One network for findings that hardly enlarge it together, one for each of the others. */
static ag_status add_bits(ag_planning *p, const int *findings, int count, const int *place,
                          double *out) {
    ag_testing group;
    ag_status status = ag_testing_open(p, NULL, findings, count, &group);
    if (status == AG_OK && group.asked_count > 0)
        status = ag_testing_run_mechanisms(&group);
    for (int i = 0; i < group.asked_count && status == AG_OK; i++)
        for (int f = 0; f < count; f++)
            if (findings[f] == group.asked[i].finding)
                out[place[f]] = group.asked[i].bits;
    ag_testing_close(&group);
    return status;
}

static ag_status rank(ag_planning *p, const int *findings, int count, double *out) {
    int *light = ag_arena_array(p->arena, (size_t)count + 1, sizeof *light);
    int *place = ag_arena_array(p->arena, (size_t)count + 1, sizeof *place);
    int lights = 0;
    ag_status status = AG_OK;
    if (light == NULL || place == NULL)
        return ag_plan_no_memory(p);
    for (int f = 0; f < count && status == AG_OK; f++) {
        out[f] = 0;
        if (ag_testing_is_light(p->knowledge, findings[f])) {
            light[lights] = findings[f];
            place[lights++] = f;
        } else {
            status = add_bits(p, &findings[f], 1, &f, out);
        }
    }
    return status == AG_OK && lights > 0 ? add_bits(p, light, lights, place, out) : status;
}

ag_status ag_plan_finding_bits(ag_session *session, const ag_patient *patient,
                               const ag_assessment *assessment, const int *findings, int count,
                               double *out, ag_error *error) {
    ag_planning p = {.session = session,
                     .knowledge = session->engine->knowledge,
                     .patient = patient,
                     .assessment = assessment,
                     .man = assessment->man,
                     .strata = {.cache = session->cache},
                     .arena = ag_arena_new(),
                     .error = error};
    if (p.arena == NULL || p.knowledge->mechanism_count > AG_MOST_MECHANISMS) {
        ag_arena_free(p.arena);
        return ag_plan_no_memory(&p);
    }
    ag_status status = rank(&p, findings, count, out);
    ag_arena_free(p.arena);
    return status;
}
