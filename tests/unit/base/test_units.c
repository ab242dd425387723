/* Units: factors from the definitions of the metric system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "units.h"

static void units_of_one_kind_convert(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
        double factor;
    } cases[] = {{"mL", "mL", 1},
                 {"ml", "mL", 1},
                 {"L", "mL", 1000},
                 {"cc", "mL", 1},
                 {"\xC2\xB5L", "mL", 0.001},
                 {"\xCE\xBCL", "mL", 0.001},
                 {"uL", "mL", 0.001},
                 {"mcg", "mg", 0.001},
                 {"mg/d", "mg/day", 1},
                 {"mg per day", "mg/day", 1},
                 {"ug/h", "mg/day", 0.024},
                 {"10*6/mL", "million/mL", 1},
                 {"10*9/L", "10^6/mL", 1},
                 {"/uL", "10*6/mL", 1e-3},
                 {"million sperm/mL", "10*6/mL", 1},
                 {"x10^6/mL", "10*6/mL", 1},
                 {"10*6/{ejaculate}", "million", 1},
                 {"{sperm}/mL", "1/mL", 1},
                 {"ng/dL", "ng/mL", 0.01},
                 {"nmol/L", "pmol/mL", 1},
                 {"mIU/mL", "IU/L", 1},
                 {"m[IU]/mL", "IU/L", 1},
                 {"m[iU]/mL", "[iU]/L", 1},
                 {"%", "1", 0.01},
                 {"cGy", "Gy", 0.01},
                 {"weeks", "d", 7},
                 {"h", "day", 1.0 / 24},
                 {"mm", "cm", 0.1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double factor;
        if (!ag_unit_factor(cases[i].from, cases[i].to, &factor))
            fail_msg("%s is not converted to %s", cases[i].from, cases[i].to);
        if (factor < cases[i].factor * (1 - 1e-12) || factor > cases[i].factor * (1 + 1e-12))
            fail_msg("%s to %s gives %g", cases[i].from, cases[i].to, factor);
    }
}

static void other_kinds_and_unknown_units_do_not(void **state) {
    (void)state;
    static const char *pairs[][2] = {{"mL", "mg"},     {"nmol/L", "ng/mL"},
                                     {"ML", "mL"},     {"foo", "foo"},
                                     {"mg", "mg/day"}, {"", "mL"},
                                     {"1", "mL"},      {"10*6", "10*6/mL"},
                                     {"{x", "1"},      {"10*99999/mL", "1/mL"},
                                     {"kday", "day"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        double factor;
        if (ag_unit_factor(pairs[i][0], pairs[i][1], &factor))
            fail_msg("%s is converted to %s", pairs[i][0], pairs[i][1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(units_of_one_kind_convert),
                                       cmocka_unit_test(other_kinds_and_unknown_units_do_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
