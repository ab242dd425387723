#define _POSIX_C_SOURCE 200809L
#include "access.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "refusal.h"

enum { TOKENS = 64, TOKEN_LEAST = 32, TOKEN_MOST = 256, NAME_MOST = 64 };

typedef struct token {
    char who[NAME_MOST + 1];
    char secret[TOKEN_MOST + 1];
} token;

struct ag_access {
    token tokens[TOKENS];
    int token_count;
    char host[128];      /* that it listens on */
    const char *hosts;   /* further ones, separated by spaces */
    const char *origins; /* the same */
    bool is_open;
};

/* ---- tokens ---- */

static ag_status add_token(ag_access *access, char *line, const char *path, ag_error *error) {
    line[strcspn(line, "\r\n")] = '\0';
    char *colon = strstr(line, ": ");
    const char *secret = colon == NULL ? line : colon + 2;
    size_t length = strlen(secret), name = colon == NULL ? 0 : (size_t)(colon - line);
    if (*line == '\0')
        return AG_OK;
    if (name > NAME_MOST)
        return ag_refuse(error, AG_ERROR_VALUE, "%.200s: a name has at most %d bytes", path,
                         NAME_MOST);
    if (length < TOKEN_LEAST || length > TOKEN_MOST)
        return ag_refuse(error, AG_ERROR_VALUE,
                         "%.200s: a token must have %d to %d characters; `openssl rand -hex 32` "
                         "makes one",
                         path, TOKEN_LEAST, TOKEN_MOST);
    if (access->token_count == TOKENS)
        return ag_refuse(error, AG_ERROR_VALUE, "%.200s: more than %d tokens", path, TOKENS);
    token *added = &access->tokens[access->token_count++];
    memcpy(added->who, line, name);
    memcpy(added->secret, secret, length + 1);
    return AG_OK;
}

static ag_status read_tokens(ag_access *access, const char *path, ag_error *error) {
    struct stat about;
    char line[NAME_MOST + TOKEN_MOST + 64];
    FILE *file = fopen(path, "r");
    if (file == NULL || fstat(fileno(file), &about) != 0) {
        int reason = errno;
        if (file != NULL)
            fclose(file);
        return ag_refuse(error, AG_ERROR_IO, "cannot read %.200s: %s", path, strerror(reason));
    }
    ag_status status = AG_OK;
    if ((about.st_mode & 07) != 0)
        status = ag_refuse(error, AG_ERROR_VALUE,
                           "%.200s can be read by everybody on this machine; chmod 600 it", path);
    while (status == AG_OK && fgets(line, sizeof line, file) != NULL)
        status = add_token(access, line, path, error);
    fclose(file);
    if (status == AG_OK && access->token_count == 0)
        status = ag_refuse(error, AG_ERROR_VALUE, "%.200s holds no token", path);
    return status;
}

ag_status ag_access_new(ag_access **out, const ag_settings *settings, const char *host,
                        bool is_open, ag_error *error) {
    ag_access *access = *out = calloc(1, sizeof *access);
    if (access == NULL)
        return ag_refuse(error, AG_ERROR_MEMORY, "out of memory");
    access->is_open = is_open;
    access->hosts = settings->hosts;
    access->origins = settings->origins;
    snprintf(access->host, sizeof access->host, "%s", host);
    ag_status status = AG_OK;
    if (settings->token_file != NULL)
        status = read_tokens(access, settings->token_file, error);
    else if (is_open)
        status = ag_refuse(error, AG_ERROR_VALUE,
                           "%.100s can be reached from other machines: give --token-file, or "
                           "listen on 127.0.0.1",
                           settings->listen);
    if (status == AG_OK)
        return AG_OK;
    ag_access_free(access);
    *out = NULL;
    return status;
}

void ag_access_free(ag_access *access) {
    free(access);
}

/* Looks at every byte whatever the first ones are, so that the time says nothing of them. */
static bool same_secret(const char *a, const char *b) {
    size_t length = strlen(a);
    if (strlen(b) != length)
        return false;
    volatile unsigned char difference = 0;
    for (size_t i = 0; i < length; i++)
        difference |= (unsigned char)(a[i] ^ b[i]);
    return difference == 0;
}

const char *ag_access_who(const ag_access *access, const char *text) {
    const char *who = access->token_count == 0 ? "" : NULL;
    for (int i = 0; text != NULL && i < access->token_count; i++)
        if (same_secret(text, access->tokens[i].secret))
            who = access->tokens[i].who;
    return who;
}

/* ---- names and origins ---- */

static bool among(const char *words, const char *word, size_t length) {
    for (; words != NULL && *words != '\0'; words += strspn(words, " ")) {
        size_t here = strcspn(words, " ");
        if (here == length && strncasecmp(words, word, length) == 0)
            return true;
        words += here;
    }
    return false;
}

/* The name in "name:port" or "[address]:port". */
static const char *name_of(const char *host, size_t *length) {
    if (*host == '[') {
        *length = strcspn(host + 1, "]");
        return host + 1;
    }
    *length = strcspn(host, ":");
    return host;
}

static bool is_known_host(const ag_access *access, const char *host) {
    size_t length;
    const char *name = name_of(host, &length);
    if (access->is_open && access->hosts == NULL)
        return true; /* a token is asked for, and nobody said what the names are */
    return among("localhost 127.0.0.1 ::1", name, length) || among(access->host, name, length) ||
           among(access->hosts, name, length);
}

static bool is_own_origin(const char *origin, const char *host) {
    const char *at = strstr(origin, "://");
    return at != NULL && strcasecmp(at + 3, host) == 0;
}

const char *ag_access_origin(const ag_access *access, const ag_request *request) {
    const char *origin = ag_request_header(request, "Origin");
    return origin != NULL && among(access->origins, origin, strlen(origin)) ? origin : NULL;
}

static bool changes_something(const char *method) {
    return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
           strcmp(method, "OPTIONS") != 0;
}

bool ag_access_check(const ag_access *access, ag_answer *answer, const ag_request *request) {
    const char *host = ag_request_header(request, "Host");
    const char *origin = ag_request_header(request, "Origin");
    if (ag_request_header_count(request, "Host") > 1 || (host != NULL && *host == '\0')) {
        ag_answer_error(answer, 400, "Host", "name the host once");
        return false;
    }
    if (host != NULL && !is_known_host(access, host)) {
        ag_answer_error(answer, 421, "Host",
                        "this server is not known by that name; the setting hosts adds names");
        return false;
    }
    if (origin != NULL && changes_something(request->method) &&
        !is_own_origin(origin, host == NULL ? "" : host) &&
        ag_access_origin(access, request) == NULL) {
        ag_answer_error(answer, 403, "Origin",
                        "pages of that origin may not ask here; the setting origins adds some");
        return false;
    }
    return true;
}
