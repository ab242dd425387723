/* The drawing of a report shows the man's own flow: the ways, and how probable each is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../support/builtin_session.h"
#include "antegrade/report.h"
#include "drawing.h"

typedef struct man {
    ag_patient *patient;
    ag_assessment *assessment;
    ag_arena *arena;
    ag_view view;
} man;

static man man_of(const char *text) {
    man m = {.arena = ag_arena_new()};
    ag_assess_options quick = ag_assess_options_defaults();
    ag_report_options options = ag_report_options_defaults();
    quick.explain = false;
    assert_int_equal(ag_patient_read_case(&m.patient, vocabulary, text, strlen(text), NULL, NULL),
                     AG_OK);
    assert_int_equal(ag_assess(&m.assessment, session, m.patient, &quick, NULL), AG_OK);
    m.view = ag_view_of(m.assessment, m.patient, ag_knowledge_builtin(), &options, m.arena);
    return m;
}

static void discard(man *m) {
    ag_assessment_free(m->assessment);
    ag_patient_free(m->patient);
    ag_arena_free(m->arena);
}

static double share(const man *m, ag_semen_route route) {
    return ag_assessment_route(m->assessment, route).value;
}

static void ways_sum_to_one(void **state) {
    (void)state;
    static const char silodosin[] =
        "{\"age\": 60, \"medicines\": [\"silodosin\"], \"symptoms\": [\"dry orgasm\"]}";
    const char *const men[] = {"{\"age\": 30}", silodosin,
                               "{\"age\": 60, \"operations\": [\"TURP\"]}"};
    for (int i = 0; i < 3; i++) {
        man m = man_of(men[i]);
        double sum = 0;
        for (int r = 0; r < AG_SEMEN_ROUTES; r++) {
            ag_estimate p = ag_assessment_route(m.assessment, (ag_semen_route)r);
            assert_true(p.low <= p.value && p.value <= p.high);
            sum += p.value;
        }
        assert_true(fabs(sum - 1) < 1e-9);
        discard(&m);
    }
}

static void each_way_is_as_probable_as_assessed(void **state) {
    (void)state;
    man healthy = man_of("{\"age\": 30}"), dry = man_of("{\"age\": 60, \"operations\": [\"TURP\"], "
                                                        "\"symptoms\": [\"dry orgasm\"]}");
    assert_true(share(&healthy, AG_SEMEN_FORWARD) > share(&dry, AG_SEMEN_FORWARD));
    assert_true(share(&dry, AG_SEMEN_BACKWARD) > 0.5);
    double back = share(&dry, AG_SEMEN_BACKWARD) + share(&dry, AG_SEMEN_SPLIT) / 2;
    char percent[AG_PERCENT_TEXT], words[64];
    ag_report_percent(dry.view.language, back, percent);
    snprintf(words, sizeof words, "into the bladder %.*s&#160;%%", (int)strlen(percent) - 2,
             percent); /* the number and its sign are not parted */
    assert_non_null(strstr(ag_drawing(&dry.view, true), words));
    assert_null(strstr(ag_drawing(&dry.view, false), words));
    assert_null(strstr(ag_drawing(&healthy.view, true), "into the bladder"));
    discard(&healthy);
    discard(&dry);
}

/* A dry orgasm on tamsulosin: little is seen in front, so little is drawn there, and what is not
 * emitted is drawn as such. */
static void forward_is_drawn_where_it_is_seen(void **state) {
    (void)state;
    man dry = man_of("{\"age\": 60, \"medicines\": [\"tamsulosin\"], "
                     "\"symptoms\": [\"dry orgasm\"]}");
    double forward = share(&dry, AG_SEMEN_FORWARD) + share(&dry, AG_SEMEN_SPLIT) / 2;
    double none = share(&dry, AG_SEMEN_NONE);
    assert_string_equal(ag_assessment_mechanism(dry.assessment, 0)->id, "emission-failure");
    assert_true(none > 3 * forward);
    assert_true(none >= ag_assessment_mechanism(dry.assessment, 0)->probability.low);
    assert_non_null(strstr(ag_drawing(&dry.view, true), "nothing, or only a drop"));
    discard(&dry);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_sum_to_one),
        cmocka_unit_test(each_way_is_as_probable_as_assessed),
        cmocka_unit_test(forward_is_drawn_where_it_is_seen),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
