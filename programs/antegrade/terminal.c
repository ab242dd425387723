#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 40, USUAL = 80, WIDEST = 1000, BAR = 24 };

static int clamp(long width) {
    return width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : (int)width;
}

int ag_terminal_width(FILE *stream) {
    const char *columns = getenv("COLUMNS");
    if (columns != NULL) {
        char *end;
        long width = strtol(columns, &end, 10);
        if (end != columns && *end == '\0' && width > 0)
            return clamp(width);
    }
    struct winsize size;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return clamp(size.ws_col);
    return USUAL;
}

bool ag_terminal_color(FILE *stream, const char *when) {
    if (when != NULL && strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return (no_color == NULL || *no_color == '\0') && (term == NULL || strcmp(term, "dumb") != 0) &&
           isatty(fileno(stream)) == 1;
}

/* Columns of the first `length` bytes of UTF-8: bytes that do not go on with a character. */
static int columns(const char *text, int length) {
    int count = 0;
    for (int i = 0; i < length; i++)
        count += (text[i] & 0xC0) != 0x80;
    return count;
}

void ag_terminal_words(const char *text, int indent, int width) {
    int column = indent;
    while (*text != '\0') {
        int length = (int)strcspn(text, " "), wide = columns(text, length);
        if (column > indent && column + 1 + wide > width) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        printf("%s%.*s", column > indent ? " " : "", length, text);
        column += (column > indent) + wide;
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
}

void ag_progress_start(ag_progress *progress, const char *what, size_t total, bool quiet) {
    *progress = (ag_progress){.what = what, .total = total, .shown = -1};
    progress->quiet = quiet || isatty(STDERR_FILENO) != 1;
}

void ag_progress_at(ag_progress *progress, size_t done) {
    int permille = (int)(1000.0 * (double)done / (double)progress->total);
    if (progress->quiet || permille == progress->shown)
        return;
    progress->shown = permille;
    char bar[BAR + 1] = {0};
    for (int i = 0; i < BAR; i++)
        bar[i] = i * 1000 < permille * BAR ? '#' : '.';
    fprintf(stderr, "\r%s %s %zu of %zu", progress->what, bar, done, progress->total);
    fflush(stderr);
}

void ag_progress_end(ag_progress *progress) {
    if (progress->shown >= 0)
        fputs("\r\033[K", stderr);
    progress->shown = -1;
}
