/* Numbers are written as printf writes them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "number_text.h"
#include "random.h"

static void check(double number) {
    char expected[AG_NUMBER_TEXT], text[AG_NUMBER_TEXT];
    snprintf(expected, sizeof expected, "%.17g", number);
    assert_string_equal(ag_number_write(number, text), expected);
}

static void as_printf_writes_them(void **state) {
    (void)state;
    static const double NUMBERS[] = {0,
                                     1,
                                     -1,
                                     0.1,
                                     6.4,
                                     7.2620227440845646,
                                     9.9999999999999999,
                                     99999999999999999.0,
                                     1e16,
                                     1e17,
                                     1e22,
                                     1e-4,
                                     1e-5,
                                     123456789,
                                     0.5,
                                     1.5e300,
                                     -0.3,
                                     2.5,
                                     3e-7,
                                     1e9,
                                     5e-324,
                                     1.7976931348623157e308};
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++)
        check(NUMBERS[i]);
    for (uint64_t i = 0; i < 20000; i++) {
        uint32_t bits[4];
        uint64_t all;
        double any;
        ag_random_bits(3, 1, i, bits);
        all = (uint64_t)bits[0] << 32 | bits[1];
        memcpy(&any, &all, sizeof any);
        if (isfinite(any))
            check(any);
        check(bits[2] / (1.0 + bits[3] % 1000000));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_printf_writes_them)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
