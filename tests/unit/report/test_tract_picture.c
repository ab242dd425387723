#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/tract_picture.h"

enum { ROWS = 1300 };

typedef void (*drawer)(FILE *out, const ag_tract_picture *picture);

static char *drawn(drawer draw, double neck_strength, const char *title,
                   ag_tract_outcome *outcome) {
    static ag_tract_sample rows[ROWS];
    ag_tract_man man;
    size_t count, size;
    char *text = NULL;
    ag_tract_default(&man);
    man.value[AG_TRACT_NECK_STRENGTH] = man.value[AG_TRACT_VERU_STRENGTH] = neck_strength;
    assert_int_equal(ag_tract_trace(rows, ROWS, &count, outcome, &man, 0.02, NULL, NULL), AG_OK);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    draw(out,
         &(ag_tract_picture){.title = title, .samples = rows, .count = count, .outcome = outcome});
    fclose(out);
    return text;
}

/* Every element that opens is closed, in order; attributes are quoted. */
static void assert_well_formed(const char *text) {
    char open[64][16];
    int depth = 0;
    for (const char *at = strchr(text, '<'); at != NULL; at = strchr(at + 1, '<')) {
        const char *end = strchr(at, '>');
        assert_non_null(end);
        if (at[1] == '?' || at[1] == '!')
            continue;
        char name[16] = {0};
        int closing = at[1] == '/';
        for (int i = 0; i < 15 && isalnum((unsigned char)at[1 + closing + i]); i++)
            name[i] = at[1 + closing + i];
        if (closing) {
            assert_true(depth > 0);
            assert_string_equal(open[--depth], name);
        } else if (end[-1] != '/') {
            assert_true(depth < 64);
            strcpy(open[depth++], name);
        }
    }
    assert_int_equal(depth, 0);
}

static void svg_is_well_formed(void **state) {
    (void)state;
    const double strengths[] = {1, 0.1, 0};
    for (int i = 0; i < 3; i++) {
        ag_tract_outcome o;
        char *svg = drawn(ag_tract_picture_svg, strengths[i], "a <test> & \"more\"", &o);
        assert_well_formed(svg);
        assert_null(strstr(svg, "nan"));
        assert_null(strstr(svg, "<script"));
        assert_non_null(strstr(svg, "a &lt;test&gt; &amp; &quot;more&quot;"));
        assert_non_null(strstr(svg, "prefers-reduced-motion"));
        free(svg);
    }
}

/* The drop in the bladder is there when semen is, and the numbers are those of the run. */
static void picture_shows_the_outcome(void **state) {
    (void)state;
    ag_tract_outcome o;
    char *svg = drawn(ag_tract_picture_svg, 0, "open", &o), number[32];
    snprintf(number, sizeof number, "%.2f mL went into the bladder", o.retrograde_ml);
    assert_non_null(strstr(svg, "class='drop drop-bladder"));
    assert_non_null(strstr(svg, number));
    free(svg);
    svg = drawn(ag_tract_picture_svg, 1, "closed", &o);
    assert_null(strstr(svg, "class='drop drop-bladder"));
    assert_non_null(strstr(svg, "0.00 mL went into the bladder"));
    free(svg);
}

static void page_stands_alone(void **state) {
    (void)state;
    ag_tract_outcome o;
    char *page = drawn(ag_tract_picture_html, 1, "normal", &o);
    assert_null(strstr(page, "<link"));
    assert_null(strstr(page, "src="));
    assert_null(strstr(page, "<script"));
    assert_non_null(strstr(page, "not for diagnosis"));
    free(page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(svg_is_well_formed),
        cmocka_unit_test(picture_shows_the_outcome),
        cmocka_unit_test(page_stands_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
