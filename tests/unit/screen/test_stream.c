/* Packed files of several parts: whole, cut off at every byte, and with every byte changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>
#include <cmocka.h>

#include "stream.h"

enum { PART = 3000, ROOM = 8192 };

typedef struct packed {
    char bytes[ROOM];
    size_t length;
    size_t first; /* where its first part ends */
} packed;

typedef size_t pack_part(const char *text, size_t length, char *to, size_t room);

static size_t pack_gzip(const char *text, size_t length, char *to, size_t room) {
    z_stream z = {.next_in = (unsigned char *)text,
                  .avail_in = (uInt)length,
                  .next_out = (unsigned char *)to,
                  .avail_out = (uInt)room};
    gz_header header = {.name = (unsigned char *)"part.ndjson", .os = 3};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflateSetHeader(&z, &header), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

static size_t pack_zstandard(const char *text, size_t length, char *to, size_t room) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)));
    size_t size = ZSTD_compress2(context, to, room, text, length);
    assert_false(ZSTD_isError(size));
    ZSTD_freeCCtx(context);
    return size;
}

static void fill(char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        text[i] = (char)('a' + (i * i / 7 + i % 11) % 26);
}

static packed pack(pack_part *part, const char *text) {
    packed out;
    out.first = part(text, PART, out.bytes, ROOM);
    out.length = out.first + part(text + PART, PART, out.bytes + out.first, ROOM - out.first);
    return out;
}

/* What the file with these bytes reads as, in pieces of `step`; whether it is read to its end. */
static bool read_bytes(const char *bytes, size_t size, size_t step, char *out, size_t *length) {
    char path[] = "/tmp/test_stream-XXXXXX", message[256];
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    assert_int_equal(write(handle, bytes, size), size);
    close(handle);
    ag_stream *stream;
    const char *fault = ag_stream_open(&stream, path, message, sizeof message);
    size_t got = 1;
    for (*length = 0; fault == NULL && got > 0 && *length + step <= ROOM; *length += got)
        fault = ag_stream_read(stream, out + *length, step, &got);
    ag_stream_close(stream);
    unlink(path);
    return fault == NULL && got == 0;
}

static void check_packing(pack_part *part) {
    char text[2 * PART], read[ROOM];
    size_t length;
    fill(text, sizeof text);
    packed p = pack(part, text);
    static const size_t steps[] = {1, 13, 2048};
    for (int i = 0; i < 3; i++) {
        assert_true(read_bytes(p.bytes, p.length, steps[i], read, &length));
        assert_int_equal(length, sizeof text);
        assert_memory_equal(read, text, sizeof text);
    }
    for (size_t cut = 4; cut < p.length; cut++) {
        bool whole = read_bytes(p.bytes, cut, 2048, read, &length);
        assert_int_equal(whole, cut == p.first);
        assert_true(length <= sizeof text);
        assert_memory_equal(read, text, length); /* what comes before is good */
    }
    for (size_t at = 4; at < p.length; at++) { /* it is found, or says nothing */
        p.bytes[at] ^= 0x10;
        bool whole = read_bytes(p.bytes, p.length, 2048, read, &length);
        assert_true(!whole || (length == sizeof text && memcmp(read, text, length) == 0));
        p.bytes[at] ^= 0x10;
    }
}

static void gzip_parts(void **state) {
    (void)state;
    check_packing(pack_gzip);
}

static void zstandard_parts(void **state) {
    (void)state;
    check_packing(pack_zstandard);
}

static void check_lines(const char *text, const char *expected) {
    char read[ROOM];
    size_t length;
    static const size_t steps[] = {12, 13, 2048};
    for (int i = 0; i < 3; i++) {
        assert_true(read_bytes(text, strlen(text), steps[i], read, &length));
        assert_int_equal(length, strlen(expected));
        assert_memory_equal(read, expected, length);
    }
}

static void values_over_several_lines(void **state) {
    (void)state;
    check_lines("{\n  \"a\": [\n    1\n  ]\n}\n", "{   \"a\": [     1   ] }\n");
    check_lines("\xEF\xBB\xBF{ \r\n\"a\": 1}\n", "\xEF\xBB\xBF{ \r \"a\": 1}\n");
    check_lines("[\n {\"a\": 1},\n {}]", "[  {\"a\": 1},  {}]");
    check_lines("{\n\"a\": \"}\\\"{[\\\\\",\n\"b\": 1\n}\n\n{\n\"c\": \"]\"\n}\n{\"d\": 1}\n",
                "{ \"a\": \"}\\\"{[\\\\\", \"b\": 1 }\n\n{ \"c\": \"]\" }\n{\"d\": 1}\n");
    check_lines("{\n\"a\": 1}}\n{\n\"b\": 2\n}\n", "{ \"a\": 1}}\n{ \"b\": 2 }\n");
    check_lines("{\n\"a\": \"\n}\n", "{ \"a\": \" } "); /* cut off within a text */
    static const char *const lines[] = {"{\"a\": 1}\n{\"a\": 2}\n", "{\n{\"a\": 1}\n", "{\n",
                                        "[]\n{\"a\": 1}\n", "\n{\n\n"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        check_lines(lines[i], lines[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_over_several_lines),
                                       cmocka_unit_test(gzip_parts),
                                       cmocka_unit_test(zstandard_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
