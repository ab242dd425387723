/* Every kernel that this processor has gives what the scalar one gives, at every length and
 * alignment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "random.h"
#include "scan_kernels.h"

enum { LONGEST = 600, ROUNDS = 3000, ROOM = 8 };

static const ag_scan_key CODE = {"\"code\"", 6, 'y'}, DATED = {"\"dated at\"", 10, 'x'};

/* Text of few different bytes, so that what is looked for is often nearly there. */
static void fill(char *text, size_t length, uint64_t round) {
    static const char letters[] = "\"code\n}{\\xy";
    for (size_t i = 0; i < length; i++) {
        uint32_t bits[4];
        ag_random_bits(7, round, i, bits);
        uint32_t draw = bits[0];
        text[i] = draw % 3 == 0 ? letters[draw / 3 % (sizeof letters - 1)] : 'a';
        if (draw % 97 == 0 && i + 6 < length) {
            memcpy(text + i, "\"code\"", 6);
            i += 5;
        } else if (draw % 701 == 0 && i + 10 < length) {
            memcpy(text + i, "\"dated at\"", 10);
            i += 9;
        }
    }
}

static void compare_lines(const ag_scan_kernels *kernel, const char *text, size_t length) {
    const ag_scan_kernels *scalar = ag_scan_kernels_at(0);
    ag_scan_line lines[ROOM], expected[ROOM];
    int count = kernel->lines(text, length, lines, ROOM);
    assert_int_equal(count, scalar->lines(text, length, expected, ROOM));
    for (int i = 0; i < count; i++) {
        assert_int_equal(lines[i].end, expected[i].end);
        assert_int_equal(lines[i].joint, expected[i].joint);
    }
}

static void compare_finds(const ag_scan_kernels *kernel, const ag_scan_key *key, const char *text,
                          size_t length) {
    const ag_scan_kernels *scalar = ag_scan_kernels_at(0);
    ag_scan_seen seen = {false, false}, expected_seen = {false, false};
    size_t places[ROOM] = {0}, expected_places[ROOM] = {0};
    int count = kernel->find(text, length, key, places, ROOM, &seen);
    assert_int_equal(count, scalar->find(text, length, key, expected_places, ROOM, &expected_seen));
    assert_int_equal(seen.backslash, expected_seen.backslash);
    assert_int_equal(seen.mark, expected_seen.mark);
    for (int i = 0; i < count && i < ROOM; i++)
        assert_int_equal(places[i], expected_places[i]);
}

static void all_kernels_agree(void **state) {
    (void)state;
    char text[64 + LONGEST + AG_SCAN_PADDING];
    for (int k = 1; ag_scan_kernels_at(k) != NULL; k++)
        for (uint64_t round = 0; round < ROUNDS; round++) {
            size_t start = round % 64, length = (round * 7919) % LONGEST;
            memset(text, round % 2 == 0 ? '"' : '{', sizeof text); /* outside: must not be seen */
            fill(text + start, length, round);
            compare_lines(ag_scan_kernels_at(k), text + start, length);
            compare_finds(ag_scan_kernels_at(k), &CODE, text + start, length);
            compare_finds(ag_scan_kernels_at(k), &DATED, text + start, length);
        }
}

/* The text at the beginning of what can be read. */
static const char *padded(const char *text) {
    static char room[64 + AG_SCAN_PADDING];
    memset(room, '"', sizeof room);
    memcpy(room, text, strlen(text));
    return room;
}

static int find_lines(const ag_scan_kernels *kernel, const char *text, ag_scan_line out[2]) {
    return kernel->lines(padded(text), strlen(text), out, 2);
}

static int find_code(const ag_scan_kernels *kernel, const char *text, size_t places[2],
                     ag_scan_seen *seen) {
    *seen = (ag_scan_seen){false, false};
    return kernel->find(padded(text), strlen(text), &CODE, places, 2, seen);
}

static void what_is_found(void **state) {
    (void)state;
    for (int k = 0; ag_scan_kernels_at(k) != NULL; k++) {
        const ag_scan_kernels *kernel = ag_scan_kernels_at(k);
        ag_scan_line lines[2];
        ag_scan_seen seen;
        size_t places[2];
        assert_int_equal(find_lines(kernel, "{}{}\n", lines), 1);
        assert_int_equal(lines[0].end, 4);
        assert_true(lines[0].joint);
        assert_int_equal(find_lines(kernel, "{}\n}{", lines), 2);
        assert_int_equal(lines[0].end, 2);
        assert_false(lines[0].joint);
        assert_int_equal(lines[1].end, 5);
        assert_true(lines[1].joint);
        assert_int_equal(find_lines(kernel, "}\n{", lines), 2);
        assert_false(lines[0].joint || lines[1].joint);
        assert_int_equal(find_lines(kernel, "\n\n\n", lines), 2); /* there is no room for more */
        assert_int_equal(lines[1].end, 1);
        assert_int_equal(find_lines(kernel, "", lines), 0);
        assert_int_equal(find_code(kernel, "x\"code\"\"code\"", places, &seen), 2);
        assert_int_equal(places[0], 1);
        assert_int_equal(places[1], 7);
        assert_int_equal(find_code(kernel, "\"code\"\"code\"\"code\"", places, &seen), 3);
        assert_false(seen.backslash || seen.mark);
        assert_int_equal(find_code(kernel, "\"cod\\", places, &seen), 0);
        assert_true(seen.backslash && !seen.mark);
        assert_int_equal(find_code(kernel, "{y\"code\"", places, &seen), 1);
        assert_true(seen.mark);
        assert_int_equal(find_code(kernel, "{\"code\":\"code\"}", places, &seen), 1);
        assert_int_equal(places[0], 8); /* not the key: a text follows it */
        assert_int_equal(find_code(kernel, "{\"code\" : {\"code\":{", places, &seen), 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_kernels_agree),
                                       cmocka_unit_test(what_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
