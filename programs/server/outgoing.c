#include "outgoing.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refusal.h"

ag_status ag_outgoing_open(ag_error *error) {
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
               ? AG_OK
               : ag_refuse(error, AG_ERROR_IO, "libcurl does not start");
}

void ag_outgoing_close(void) {
    curl_global_cleanup();
}

/* ---- where to ---- */

/* Whether the address is of this machine itself, where nobody listens on the way. */
static bool is_loopback(const char *url) {
    CURLU *parts = curl_url();
    char *host = NULL;
    bool is_here = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                   curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                   (strcmp(host, "127.0.0.1") == 0 || strcmp(host, "localhost") == 0 ||
                    strcmp(host, "[::1]") == 0);
    curl_free(host);
    curl_url_cleanup(parts);
    return is_here;
}

/* ---- what comes back ---- */

typedef struct collecting {
    ag_fetch_answer *answer;
    size_t room, most;
    bool is_too_much;
} collecting;

static size_t collect(char *data, size_t size, size_t count, void *closure) {
    collecting *c = closure;
    size_t more = size * count, length = c->answer->length;
    if (more > c->most - length) {
        c->is_too_much = true;
        return 0;
    }
    if (length + more + 1 > c->room) {
        size_t room = 2 * (length + more) + 1024;
        char *body = realloc(c->answer->body, room);
        if (body == NULL)
            return 0;
        c->answer->body = body;
        c->room = room;
    }
    memcpy(c->answer->body + length, data, more);
    c->answer->length = length + more;
    c->answer->body[length + more] = '\0';
    return more;
}

/* ---- asking ---- */

static void forget(char *secret) {
    if (secret != NULL)
        memset(secret, 0, strlen(secret));
}

static struct curl_slist *make_headers(const ag_fetch_request *request) {
    char accept[256];
    snprintf(accept, sizeof accept, "Accept: %s", request->accept);
    struct curl_slist *headers = curl_slist_append(NULL, accept);
    return request->form == NULL
               ? headers
               : curl_slist_append(headers, "Content-Type: application/x-www-form-urlencoded");
}

static void set_who(CURL *curl, const ag_fetch_request *request) {
    if (request->bearer != NULL) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, request->bearer);
    } else if (request->basic != NULL) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(curl, CURLOPT_USERPWD, request->basic);
    }
    if (request->form != NULL)
        curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request->form);
}

static void set_limits(CURL *curl, const ag_fetch_request *request, collecting *into) {
    bool is_here = is_loopback(request->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, is_here ? "http,https" : "https");
    if (is_here)
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->most);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, into);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "antegrade");
}

/* Messages of libcurl speak of addresses and hosts, never of headers. */
static ag_status perform(CURL *curl, collecting *into, ag_error *error) {
    long status = 0;
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    into->answer->status = (int)status;
    return code == CURLE_OK    ? AG_OK
           : into->is_too_much ? ag_refuse(error, AG_ERROR_TOO_LARGE, "the answer is too long")
                               : ag_refuse(error, AG_ERROR_IO, "%s", curl_easy_strerror(code));
}

ag_status ag_outgoing_fetch(void *data, const ag_fetch_request *request, ag_fetch_answer *answer,
                            ag_error *error) {
    (void)data;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = make_headers(request);
    collecting into = {.answer = answer, .most = request->most};
    *answer = (ag_fetch_answer){.status = 0};
    if (curl == NULL || headers == NULL) {
        curl_slist_free_all(headers);
        curl_easy_cleanup(curl);
        return ag_refuse(error, AG_ERROR_MEMORY, "out of memory");
    }
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    set_who(curl, request);
    set_limits(curl, request, &into);
    ag_status status = perform(curl, &into, error);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (status != AG_OK) {
        forget(answer->body);
        free(answer->body);
        *answer = (ag_fetch_answer){.status = 0};
    }
    return status;
}
