/*
 * Plain files are read by pread() in pieces of one size, in any order: a piece has the lines that
 * begin in it, to their ends. Compressed files and pipes are read through: by one thread each while
 * there are files for all, and then by those that are free, in turns, so that one unpacks while the
 * others read what was unpacked.
 */
#include "source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan_kernels.h"
#include "stream.h"

/* What is read through is taken in larger pieces: while one thread unpacks, the others wait, and to
 * wake them takes as long as to read a small piece. */
enum { THROUGH_PIECES = 4 };

enum { FOLDERS_DEEP = 16, LOOK = 4096, MORE = 1 << 16 };

/* A longer line is no resource; it is told of, and what follows is read on. */
static const size_t LONGEST_LINE = (size_t)1 << 30;

/* A file that is read through. */
typedef struct through {
    pthread_mutex_t lock;
    ag_stream *stream; /* NULL before its beginning and after its end */
    bool ended;
    long long chunk, done;
    char *carried; /* what was read behind the last whole line */
    size_t carried_length, carried_room;
    const char *fault; /* to be told when all before it was given */
} through;

typedef struct file {
    char *path;
    long long size; /* -1: a pipe */
    long long changed;
    dev_t device; /* with the inode: which file it is, whatever its name */
    ino_t inode;
    bool plain;
    through *through;
    long long chunks;      /* of a plain file */
    long long *lines;      /* of each chunk */
    long long line_chunks; /* there is room for */
} file;

struct ag_source {
    file *files;
    int count, room;
    size_t piece;
    int left_out;
    long long total;
    atomic_llong done;
    pthread_mutex_t lock;
    int next_file; /* what is to be read next */
    long long next_chunk;
    ag_source_mark from, to; /* the window */
};

struct ag_source_reader {
    ag_source *source;
    char *text;
    size_t room;
    int through; /* the file that it reads through, or -1 */
    int handle;  /* of the plain file that it reads pieces of, or -1 */
    int open;    /* which one that is */
    char message[256];
};

/* ---- which files ---- */

static ag_status no_memory(ag_error *error) {
    return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

static ag_status add_file(ag_source *s, const char *path, const struct stat *about,
                          ag_error *error) {
    if (s->count == s->room) {
        int room = s->room == 0 ? 64 : 2 * s->room;
        file *files = realloc(s->files, (size_t)room * sizeof *files);
        if (files == NULL)
            return no_memory(error);
        s->files = files;
        s->room = room;
    }
    bool known = about != NULL && S_ISREG(about->st_mode);
    file *f = &s->files[s->count];
    *f = (file){.path = strdup(path),
                .size = known ? about->st_size : -1,
                .changed = known ? (long long)about->st_mtime : -1,
                .device = known ? about->st_dev : 0,
                .inode = known ? about->st_ino : 0};
    if (f->path == NULL)
        return no_memory(error);
    s->count++;
    return AG_OK;
}

static bool ends_in(const char *name, size_t length, const char *end) {
    size_t n = strlen(end);
    return length > n && strncasecmp(name + length - n, end, n) == 0;
}

static bool named_as_data(const char *name) {
    size_t length = strlen(name);
    if (ends_in(name, length, ".gz"))
        length -= 3;
    else if (ends_in(name, length, ".zst"))
        length -= 4;
    return ends_in(name, length, ".ndjson") || ends_in(name, length, ".jsonl") ||
           ends_in(name, length, ".json");
}

/* A folder that is being read, and those around it. */
typedef struct around {
    const char *path;
    struct stat about;
    const struct around *outer; /* NULL: named by the user */
    int depth;
} around;

static ag_status add_folder(ag_source *s, const around *folder, ag_error *error);

static ag_status no_access(const char *path, ag_error *error) {
    return ag_fail(error, AG_ERROR_IO, "%s cannot be opened: %s", path, strerror(errno));
}

/* A link to a folder around itself leads in a circle. */
static bool is_around(const around *folder, const struct stat *about) {
    for (; folder != NULL; folder = folder->outer)
        if (folder->about.st_dev == about->st_dev && folder->about.st_ino == about->st_ino)
            return true;
    return false;
}

/* What cannot be opened is added, to be told of when its turn comes. */
static ag_status add_inside(ag_source *s, const around *folder, const char *name, ag_error *error) {
    char path[4096];
    size_t length = strlen(folder->path);
    around inner = {.path = path, .outer = folder, .depth = folder->depth + 1};
    snprintf(path, sizeof path, "%s%s%s", folder->path,
             length > 0 && folder->path[length - 1] == '/' ? "" : "/", name);
    bool there = stat(path, &inner.about) == 0;
    if (there && S_ISDIR(inner.about.st_mode)) {
        if (is_around(folder, &inner.about))
            return AG_OK;
        return inner.depth <= FOLDERS_DEEP
                   ? add_folder(s, &inner, error)
                   : ag_fail(error, AG_ERROR_IO, "%s: folders are too deep", path);
    }
    if (named_as_data(name) && (!there || S_ISREG(inner.about.st_mode)))
        return add_file(s, path, there ? &inner.about : NULL, error);
    s->left_out++;
    return AG_OK;
}

static ag_status add_folder(ag_source *s, const around *folder, ag_error *error) {
    DIR *list = opendir(folder->path);
    if (list == NULL)
        return folder->outer != NULL ? add_file(s, folder->path, NULL, error)
                                     : no_access(folder->path, error);
    ag_status status = AG_OK;
    for (const struct dirent *entry; status == AG_OK && (entry = readdir(list)) != NULL;)
        if (entry->d_name[0] != '.')
            status = add_inside(s, folder, entry->d_name, error);
    closedir(list);
    return status;
}

static ag_status add_path(ag_source *s, const char *path, ag_error *error) {
    around named = {.path = path};
    if (strcmp(path, "-") == 0)
        return add_file(s, path, NULL, error);
    if (stat(path, &named.about) != 0)
        return no_access(path, error);
    return S_ISDIR(named.about.st_mode) ? add_folder(s, &named, error)
                                        : add_file(s, path, &named.about, error);
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const file *)a)->path, ((const file *)b)->path);
}

static int by_inode(const void *left, const void *right) {
    const file *a = left, *b = right;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    if (a->inode != b->inode)
        return a->inode < b->inode ? -1 : 1;
    return by_path(a, b);
}

static bool is_same(const file *a, const file *b) {
    bool known = a->size >= 0 && b->size >= 0;
    return strcmp(a->path, b->path) == 0 ||
           (known && a->device == b->device && a->inode == b->inode);
}

/* Of one file under several names the first counts. */
static void drop_doubles(ag_source *s) {
    int kept = 0;
    qsort(s->files, (size_t)s->count, sizeof *s->files, by_inode);
    for (int i = 0; i < s->count; i++)
        if (kept > 0 && is_same(&s->files[i], &s->files[kept - 1]))
            free(s->files[i].path);
        else
            s->files[kept++] = s->files[i];
    s->count = kept;
    qsort(s->files, (size_t)s->count, sizeof *s->files, by_path);
}

static bool compressed(const unsigned char *start, ssize_t length) {
    return (length >= 2 && start[0] == 0x1F && start[1] == 0x8B) ||
           (length >= 4 && memcmp(start, "\x28\xB5\x2F\xFD", 4) == 0);
}

/* A file that cannot be opened stays a stream, whose opening fails with a message. */
static ag_status look_at_file(ag_source *s, file *f, ag_error *error) {
    unsigned char start[LOOK];
    f->through = calloc(1, sizeof *f->through);
    if (f->through == NULL)
        return no_memory(error);
    pthread_mutex_init(&f->through->lock, NULL);
    if (f->size < 0)
        return AG_OK;
    s->total += f->size;
    int handle = open(f->path, O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        return AG_OK;
    ssize_t length = pread(handle, start, sizeof start, 0);
    f->plain = length >= 0 && !compressed(start, length) &&
               memchr(start, '\0', (size_t)length) == NULL &&
               !ag_stream_spans_lines((const char *)start, (size_t)length);
    close(handle);
    f->chunks = f->plain ? (f->size + (long long)s->piece - 1) / (long long)s->piece : 0;
    f->line_chunks = f->chunks + 1;
    f->lines = calloc((size_t)f->line_chunks, sizeof *f->lines);
    return f->lines != NULL ? AG_OK : no_memory(error);
}

ag_status ag_source_open(ag_source **out, const char *const *paths, int count, size_t piece,
                         ag_error *error) {
    *out = NULL;
    ag_source *s = calloc(1, sizeof *s);
    if (s == NULL)
        return no_memory(error);
    pthread_mutex_init(&s->lock, NULL);
    s->piece = piece > 0 ? piece : AG_SOURCE_PIECE;
    ag_status status = AG_OK;
    for (int i = 0; i < count && status == AG_OK; i++)
        status = add_path(s, paths[i], error);
    if (status == AG_OK && s->count == 0 && count > 0)
        status = ag_fail(error, AG_ERROR_IO,
                         "%s holds no file named *.ndjson, *.jsonl or *.json (or these with .gz or "
                         ".zst)",
                         paths[0]);
    if (status == AG_OK && s->count > 1)
        drop_doubles(s);
    for (int i = 0; i < s->count && status == AG_OK; i++)
        status = look_at_file(s, &s->files[i], error);
    if (status != AG_OK) {
        ag_source_close(s);
        return status;
    }
    s->to.file = s->count;
    *out = s;
    return AG_OK;
}

static void free_through(through *t) {
    if (t == NULL)
        return;
    ag_stream_close(t->stream);
    pthread_mutex_destroy(&t->lock);
    free(t->carried);
    free(t);
}

void ag_source_close(ag_source *source) {
    if (source == NULL)
        return;
    for (int i = 0; i < source->count; i++) {
        file *f = &source->files[i];
        free_through(f->through);
        free(f->path);
        free(f->lines);
    }
    free(source->files);
    pthread_mutex_destroy(&source->lock);
    free(source);
}

int ag_source_file_count(const ag_source *source) {
    return source->count;
}

const char *ag_source_file(const ag_source *source, int f) {
    return source->files[f].path;
}

long long ag_source_size(const ag_source *source, int f) {
    return source->files[f].size;
}

long long ag_source_time(const ag_source *source, int f) {
    return source->files[f].changed;
}

bool ag_source_is_stream(const ag_source *source, int f) {
    struct stat about;
    const char *path = source->files[f].path;
    return strcmp(path, "-") == 0 ||
           (stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode));
}

int ag_source_left_out(const ag_source *source) {
    return source->left_out;
}

long long ag_source_total(const ag_source *source) {
    return source->total;
}

long long ag_source_done(const ag_source *source) {
    return atomic_load(&((ag_source *)source)->done);
}

long long ag_source_line(const ag_source *source, int f, long long chunk, long long line) {
    for (long long c = 0; c < chunk && c < source->files[f].line_chunks; c++)
        line += source->files[f].lines[c];
    return line;
}

/* ---- windows ---- */

ag_source_mark ag_source_after(const ag_source *s, ag_source_mark from, long long bytes) {
    ag_source_mark at = from;
    while (at.file < s->count && bytes > 0) {
        const file *f = &s->files[at.file];
        long long left = f->chunks - at.chunk, need = bytes / (long long)s->piece + 1;
        if (f->plain && need < left) {
            at.chunk += need;
            return at;
        }
        bytes -= f->plain ? left * (long long)s->piece : f->size < 0 ? bytes : f->size;
        at = (ag_source_mark){at.file + 1, 0};
    }
    return at;
}

void ag_source_window(ag_source *s, ag_source_mark from, ag_source_mark to) {
    s->from = from;
    s->to = to;
    s->next_file = from.file;
    s->next_chunk = from.chunk;
}

int ag_source_begun(const ag_source *s) {
    int first = s->from.file + (s->from.chunk > 0), end = s->to.file + (s->to.chunk > 0);
    return end > first ? end - first : 0;
}

bool ag_source_begins(const ag_source *s) {
    return s->from.file == 0 && s->from.chunk == 0;
}

long long ag_source_last_lines(const ag_source *s) {
    long long lines = 0;
    if (s->to.file == s->count || s->to.chunk == 0)
        return 0;
    long long first = s->to.file == s->from.file ? s->from.chunk : 0;
    for (long long c = first; c < s->to.chunk; c++)
        lines += s->files[s->to.file].lines[c];
    return lines;
}

void ag_source_pass(ag_source *s, ag_source_mark from, ag_source_mark to, long long last_lines) {
    if (to.file < s->count && to.chunk > 0)
        s->files[to.file].lines[to.chunk - 1] = last_lines;
    for (int f = from.file; f <= to.file && f < s->count; f++) {
        const file *passed = &s->files[f];
        long long first = f == from.file ? from.chunk * (long long)s->piece : 0;
        long long end = f == to.file ? to.chunk * (long long)s->piece : passed->size;
        if (passed->size > 0 && end > first)
            atomic_fetch_add(&s->done, end - first);
    }
}

/* ---- one thread ---- */

ag_source_reader *ag_source_reader_new(ag_source *source) {
    ag_source_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->source = source;
    r->through = r->handle = -1;
    r->room = source->piece + MORE;
    r->text = malloc(r->room + AG_SCAN_PADDING);
    if (r->text == NULL) {
        free(r);
        return NULL;
    }
    return r;
}

void ag_source_reader_free(ag_source_reader *reader) {
    if (reader == NULL)
        return;
    if (reader->handle >= 0)
        close(reader->handle);
    free(reader->text);
    free(reader);
}

static bool grow(ag_source_reader *r, size_t need) {
    size_t room = r->room;
    while (room < need)
        room *= 2;
    if (room == r->room)
        return true;
    char *text = realloc(r->text, room + AG_SCAN_PADDING);
    if (text == NULL)
        return false;
    r->text = text;
    r->room = room;
    return true;
}

static bool give_fault(ag_source_reader *r, int f, long long chunk, const char *fault,
                       ag_piece *out) {
    if (fault != r->message)
        snprintf(r->message, sizeof r->message, "%s", fault);
    *out = (ag_piece){.file = f, .chunk = chunk, .fault = r->message};
    return true;
}

/* ---- pieces of plain files ---- */

/* Bytes from `offset` on: fewer than `length` only at the end of the file; negative: a failure. */
static ssize_t read_at(int handle, char *to, size_t length, long long offset) {
    size_t got = 0;
    while (got < length) {
        ssize_t n = pread(handle, to + got, length - got, offset + (long long)got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

/* Read on until the last line ends. */
static bool finish_line(ag_source_reader *r, int handle, long long offset, size_t *length,
                        const char **fault) {
    size_t step = MORE;
    while (r->text[*length - 1] != '\n') {
        if (*length > LONGEST_LINE) {
            *fault = "a line is longer than 1 GiB; it is not read";
            return false;
        }
        if (!grow(r, *length + step)) {
            *fault = "a line does not fit into memory; it is not read";
            return false;
        }
        ssize_t got = read_at(handle, r->text + *length, step, offset + (long long)*length);
        if (got < 0) {
            *fault = strerror(errno);
            return false;
        }
        char *feed = memchr(r->text + *length, '\n', (size_t)got);
        *length = feed != NULL ? (size_t)(feed - r->text) + 1 : *length + (size_t)got;
        if (got == 0)
            return true;
        step *= 2;
    }
    return true;
}

/* Only the file that is being read is open: there may be more than a process may hold. */
static bool open_plain(ag_source_reader *r, int index) {
    if (r->handle >= 0 && r->open == index)
        return true;
    if (r->handle >= 0)
        close(r->handle);
    r->handle = open(r->source->files[index].path, O_RDONLY | O_CLOEXEC);
    r->open = index;
    return r->handle >= 0;
}

static bool has_changed(const ag_source_reader *r, const file *f) {
    struct stat now;
    return fstat(r->handle, &now) != 0 || now.st_size != f->size ||
           (long long)now.st_mtime != f->changed;
}

static bool read_chunk(ag_source_reader *r, int index, long long chunk, ag_piece *out) {
    const file *f = &r->source->files[index];
    size_t before = chunk > 0, skipped = 0;
    long long offset = chunk * (long long)r->source->piece - (long long)before;
    const char *fault = NULL;
    ssize_t got =
        open_plain(r, index) ? read_at(r->handle, r->text, r->source->piece + before, offset) : -1;
    if (got < 0) {
        snprintf(r->message, sizeof r->message, "it cannot be %s: %s",
                 r->handle < 0 ? "opened" : "read", strerror(errno));
        return give_fault(r, index, chunk, r->message, out);
    }
    if (chunk == f->chunks - 1 && has_changed(r, f))
        fault = "it was changed while it was read; screen it again when it is whole";
    atomic_fetch_add(&r->source->done, got - (got > 0 ? (long long)before : 0));
    size_t length = (size_t)got;
    *out = (ag_piece){.text = r->text, .file = index, .chunk = chunk, .fault = fault};
    if (before) { /* lines that began earlier are not ours */
        const char *feed = memchr(r->text, '\n', length);
        skipped = feed != NULL ? (size_t)(feed - r->text) + 1 : length;
    }
    if (skipped >= length)
        return true;
    bool whole = finish_line(r, r->handle, offset, &length, &fault);
    if (!whole) { /* what stands before the bad line is read */
        size_t end = length;
        while (end > skipped && r->text[end - 1] != '\n')
            end--;
        length = end;
    }
    out->text = r->text + skipped;
    out->length = length - skipped;
    out->cut = whole && length > 0 && r->text[length - 1] != '\n';
    if (fault != NULL) {
        snprintf(r->message, sizeof r->message, "%s", fault);
        out->fault = r->message;
    }
    return true;
}

/* ---- files that are read through ---- */

static bool end_through(through *t) {
    ag_stream_close(t->stream);
    t->stream = NULL;
    t->ended = true;
    return true;
}

static bool end_with_fault(ag_source_reader *r, int index, const char *fault, ag_piece *out) {
    through *t = r->source->files[index].through;
    give_fault(r, index, t->chunk, fault, out);
    return end_through(t);
}

/* Keep what stands behind the last whole line for the next piece. */
static bool carry(through *t, const char *text, size_t length) {
    if (t->carried_room < length) {
        free(t->carried);
        t->carried = malloc(length);
        t->carried_room = t->carried != NULL ? length : 0;
    }
    if (t->carried_room < length)
        return false;
    if (length > 0)
        memcpy(t->carried, text, length);
    t->carried_length = length;
    return true;
}

/* What was carried, and more until there is a whole line: `end` of them; 0 where there are no more
 * bytes. False where it does not fit. */
static bool fill_piece(ag_source_reader *r, through *t, size_t *length, size_t *end) {
    size_t step = THROUGH_PIECES * r->source->piece;
    bool more = true;
    *length = *end = 0;
    if (!grow(r, t->carried_length))
        return false;
    if (t->carried_length > 0)
        memcpy(r->text, t->carried, t->carried_length);
    *length = t->carried_length;
    while (*end == 0 && more) {
        if (*length > LONGEST_LINE || !grow(r, *length + step))
            return false;
        size_t got;
        t->fault = ag_stream_read(t->stream, r->text + *length, step, &got);
        more = got > 0 && t->fault == NULL;
        size_t at = *length + got;
        while (at > *length && r->text[at - 1] != '\n')
            at--;
        *end = at > *length ? at : 0;
        *length += got;
    }
    long long done = ag_stream_position(t->stream);
    atomic_fetch_add(&r->source->done, done - t->done);
    t->done = done;
    return true;
}

/* The next piece, under the lock; false at the end. */
static bool read_piece(ag_source_reader *r, int index, ag_piece *out) {
    const file *f = &r->source->files[index];
    through *t = f->through;
    size_t length, end;
    if (t->ended)
        return false;
    const char *fault = t->stream == NULL
                            ? ag_stream_open(&t->stream, f->path, r->message, sizeof r->message)
                            : t->fault;
    if (fault != NULL)
        return end_with_fault(r, index, fault, out);
    if (!fill_piece(r, t, &length, &end))
        return end_with_fault(r, index, "a line is longer than 1 GiB; the file is read up to it",
                              out);
    *out = (ag_piece){.text = r->text, .length = end, .file = index, .chunk = t->chunk++};
    if (end > 0 || t->fault != NULL)
        return carry(t, r->text + end, length - end) ||
               end_with_fault(r, index, "a line does not fit into memory", out);
    out->length = length;
    out->cut = length > 0 && r->text[length - 1] != '\n';
    end_through(t);
    return length > 0;
}

static bool read_through(ag_source_reader *r, int index, ag_piece *out) {
    pthread_mutex_t *lock = &r->source->files[index].through->lock;
    pthread_mutex_lock(lock);
    bool given = read_piece(r, index, out);
    pthread_mutex_unlock(lock);
    r->through = given ? index : -1;
    return given;
}

/* A piece of a file that another thread has begun to read through. */
static bool help(ag_source_reader *r, ag_piece *out) {
    const ag_source *s = r->source;
    for (int i = s->from.file; i < s->to.file; i++)
        if (!s->files[i].plain && read_through(r, i, out))
            return true;
    return false;
}

/* ---- what next ---- */

/* Take a chunk of a plain file, or a whole other file (chunk -1); false: there is nothing left. */
static bool claim(ag_source *s, int *index, long long *chunk) {
    pthread_mutex_lock(&s->lock);
    while (s->next_file < s->count && s->files[s->next_file].plain &&
           s->next_chunk >= s->files[s->next_file].chunks) {
        s->next_file++;
        s->next_chunk = 0;
    }
    bool found =
        s->next_file < s->to.file || (s->next_file == s->to.file && s->next_chunk < s->to.chunk);
    *index = s->next_file;
    *chunk = -1;
    if (found && !s->files[*index].plain) {
        s->next_file++;
        s->next_chunk = 0;
    } else if (found) {
        *chunk = s->next_chunk++;
    }
    pthread_mutex_unlock(&s->lock);
    return found;
}

bool ag_source_next(ag_source_reader *r, ag_piece *out) {
    int index;
    long long chunk;
    if (r->through >= 0 && read_through(r, r->through, out))
        return true;
    while (claim(r->source, &index, &chunk)) {
        if (chunk >= 0)
            return read_chunk(r, index, chunk, out);
        if (read_through(r, index, out))
            return true;
    }
    if (help(r, out))
        return true;
    *out = (ag_piece){.text = NULL};
    return false;
}

static bool room_for_lines(file *f, long long chunk) {
    if (chunk < f->line_chunks)
        return true;
    long long room = 2 * chunk + 64;
    long long *lines = realloc(f->lines, (size_t)room * sizeof *lines);
    if (lines == NULL)
        return false;
    memset(lines + f->line_chunks, 0, (size_t)(room - f->line_chunks) * sizeof *lines);
    f->lines = lines;
    f->line_chunks = room;
    return true;
}

bool ag_source_count_lines(ag_source_reader *r, const ag_piece *piece, long long lines) {
    file *f = &r->source->files[piece->file];
    pthread_mutex_lock(&f->through->lock);
    bool ok = room_for_lines(f, piece->chunk);
    if (ok)
        f->lines[piece->chunk] = lines;
    pthread_mutex_unlock(&f->through->lock);
    return ok;
}
