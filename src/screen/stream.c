/* Reading through; the first bytes tell how a file is packed. Packed files may be several in one.
 */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum { INPUT = 1 << 17 };

typedef enum packing { UNKNOWN, PLAIN, GZIP, ZSTANDARD } packing;

struct ag_stream {
    int handle;
    bool own;
    packing packing;
    unsigned char input[INPUT];
    size_t at, held; /* of the input */
    bool ended;      /* the file has no more bytes */
    bool inside;     /* a packed part has begun and not ended */
    bool begun;      /* something was read */
    bool spans;      /* values are written over several lines */
    int depth;       /* of brackets, where they are */
    bool in_text, escaped;
    long long position;
    struct inflate_state gzip;
    ZSTD_DStream *zstandard;
    char message[128];
};

const char *ag_stream_open(ag_stream **out, const char *path, char *message, size_t size) {
    bool standard = strcmp(path, "-") == 0;
    *out = NULL;
    int handle = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ag_stream *s = handle >= 0 ? calloc(1, sizeof *s) : NULL;
    if (s == NULL) {
        snprintf(message, size, "it cannot be opened: %s", strerror(errno));
        if (handle >= 0 && !standard)
            close(handle);
        return message;
    }
    s->handle = handle;
    s->own = !standard;
    *out = s;
    return NULL;
}

void ag_stream_close(ag_stream *s) {
    if (s == NULL)
        return;
    ZSTD_freeDStream(s->zstandard);
    if (s->own)
        close(s->handle);
    free(s);
}

long long ag_stream_position(const ag_stream *stream) {
    return stream->position;
}

static const char *system_fault(ag_stream *s) {
    snprintf(s->message, sizeof s->message, "it cannot be read: %s", strerror(errno));
    return s->message;
}

/* Further bytes behind those that are held. */
static const char *fill(ag_stream *s) {
    if (s->at > 0) {
        memmove(s->input, s->input + s->at, s->held - s->at);
        s->held -= s->at;
        s->at = 0;
    }
    if (s->ended || s->held == INPUT)
        return NULL;
    ssize_t n;
    do
        n = read(s->handle, s->input + s->held, INPUT - s->held);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return system_fault(s);
    s->ended = n == 0;
    s->held += (size_t)n;
    s->position += n;
    return NULL;
}

static const char *find_packing(ag_stream *s) {
    while (s->held < 4 && !s->ended) {
        const char *fault = fill(s);
        if (fault != NULL)
            return fault;
    }
    s->packing = PLAIN;
    if (s->held >= 2 && s->input[0] == 0x1F && s->input[1] == 0x8B) {
        s->packing = GZIP;
        isal_inflate_init(&s->gzip);
        s->gzip.crc_flag = ISAL_GZIP;
        return NULL;
    }
    if (s->held >= 4 && memcmp(s->input, "\x28\xB5\x2F\xFD", 4) == 0) {
        s->packing = ZSTANDARD;
        s->zstandard = ZSTD_createDStream();
        return s->zstandard != NULL ? NULL : "out of memory";
    }
    if (memchr(s->input, '\0', s->held) != NULL)
        return "it is no text in UTF-8; give NDJSON, plain, gzip or zstd";
    return NULL;
}

static const char *read_plain(ag_stream *s, char *to, size_t room, size_t *got) {
    if (s->at < s->held) {
        *got = s->held - s->at < room ? s->held - s->at : room;
        memcpy(to, s->input + s->at, *got);
        s->at += *got;
        return NULL;
    }
    ssize_t n;
    do
        n = read(s->handle, to, room);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return system_fault(s);
    *got = (size_t)n;
    s->position += n;
    return NULL;
}

static const char *unpack_gzip(ag_stream *s, char *to, size_t room, size_t *got) {
    s->gzip.next_in = s->input + s->at;
    s->gzip.avail_in = (uint32_t)(s->held - s->at);
    s->gzip.next_out = (unsigned char *)to;
    s->gzip.avail_out = (uint32_t)room;
    int result = isal_inflate(&s->gzip);
    s->at = s->held - s->gzip.avail_in;
    *got = room - s->gzip.avail_out;
    s->inside = s->gzip.block_state != ISAL_BLOCK_FINISH;
    if (!s->inside)
        isal_inflate_reset(&s->gzip);
    return result == ISAL_DECOMP_OK || result == ISAL_END_INPUT ? NULL
                                                                : "it is a damaged gzip file";
}

static const char *unpack_zstandard(ag_stream *s, char *to, size_t room, size_t *got) {
    ZSTD_inBuffer in = {s->input, s->held, s->at};
    ZSTD_outBuffer out = {to, room, 0};
    size_t result = ZSTD_decompressStream(s->zstandard, &out, &in);
    s->at = in.pos;
    *got = out.pos;
    s->inside = result != 0;
    return ZSTD_isError(result) ? "it is a damaged zstd file" : NULL;
}

static const char *read_packed(ag_stream *s, char *to, size_t room, size_t *got) {
    while (*got == 0) {
        if (s->at == s->held && !s->ended) {
            const char *fault = fill(s);
            if (fault != NULL)
                return fault;
        }
        if (s->at == s->held && s->ended && !s->inside)
            return NULL;
        size_t before = s->at;
        const char *fault =
            s->packing == GZIP ? unpack_gzip(s, to, room, got) : unpack_zstandard(s, to, room, got);
        if (fault != NULL)
            return fault;
        if (*got == 0 && s->at == before && s->ended)
            return "it is a packed file that ends too soon";
    }
    return NULL;
}

static size_t skip_blanks(const char *text, size_t at, size_t length) {
    while (at < length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r'))
        at++;
    return at;
}

bool ag_stream_spans_lines(const char *start, size_t length) {
    size_t mark = length >= 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    size_t open = skip_blanks(start, mark, length);
    size_t feed = skip_blanks(start, open + 1, length);
    if (feed >= length || start[feed] != '\n')
        return false;
    size_t next = skip_blanks(start, feed + 1, length);
    return next < length && ((start[open] == '{' && start[next] == '"') ||
                             (start[open] == '[' && start[next] == '{'));
}

/* A text ends at a quotation mark that is not escaped. */
static void go_on_in_text(ag_stream *s, char c) {
    s->in_text = s->escaped || c != '"';
    s->escaped = !s->escaped && c == '\\';
}

/* Ends of lines between the parts of a value become blanks; those between values stay. */
static void join_lines(ag_stream *s, char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (s->in_text)
            go_on_in_text(s, c);
        else if (c == '"')
            s->in_text = true;
        else if (c == '{' || c == '[')
            s->depth++;
        else if (c == '}' || c == ']')
            s->depth -= s->depth > 0;
        if (c == '\n' && (s->depth > 0 || s->in_text))
            text[i] = ' ';
    }
}

const char *ag_stream_read(ag_stream *s, char *to, size_t room, size_t *got) {
    *got = 0;
    const char *fault = s->packing == UNKNOWN ? find_packing(s) : NULL;
    if (fault == NULL)
        fault = s->packing == PLAIN ? read_plain(s, to, room, got) : read_packed(s, to, room, got);
    if (!s->begun && *got > 0) {
        s->begun = true;
        s->spans = ag_stream_spans_lines(to, *got);
    }
    if (s->spans)
        join_lines(s, to, *got);
    return fault;
}
