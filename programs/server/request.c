#include "request.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static ag_status refuse(ag_error *error, ag_status code, const char *message) {
    *error = (ag_error){.code = code};
    snprintf(error->message, sizeof error->message, "%s", message);
    snprintf(error->where, sizeof error->where, "address");
    return code;
}

/* Bytes of the UTF-8 sequence that `byte` begins, 0 for none; RFC 3629. */
static size_t sequence(unsigned char byte) {
    return byte < 0x80   ? 1
           : byte < 0xc2 ? 0
           : byte < 0xe0 ? 2
           : byte < 0xf0 ? 3
           : byte < 0xf5 ? 4
                         : 0;
}

/* Whether the second byte may follow the first: no overlong forms, surrogates or beyond U+10FFFF.
 */
static bool may_follow(unsigned char first, unsigned char second) {
    return first == 0xe0   ? second >= 0xa0
           : first == 0xed ? second < 0xa0
           : first == 0xf0 ? second >= 0x90
           : first == 0xf4 ? second < 0x90
                           : true;
}

/* Whether eight bytes are all between 0x01 and 0x7f: the usual case, eight times as fast. */
static bool is_ascii(const unsigned char *bytes) {
    const uint64_t high = UINT64_C(0x8080808080808080), low = UINT64_C(0x0101010101010101);
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    return ((eight | (eight - low)) & high) == 0;
}

bool ag_utf8_plain(const char *text, size_t length, size_t *at) {
    const unsigned char *bytes = (const unsigned char *)text;
    for (*at = 0; *at < length;) {
        if (length - *at >= 8 && is_ascii(bytes + *at)) {
            *at += 8;
            continue;
        }
        size_t size = sequence(bytes[*at]);
        bool good = size > 0 && size <= length - *at && bytes[*at] != 0;
        for (size_t i = 1; good && i < size; i++)
            good = (bytes[*at + i] & 0xc0) == 0x80;
        if (!good || (size > 1 && !may_follow(bytes[*at], bytes[*at + 1])))
            return false;
        *at += size;
    }
    return true;
}

static int digit(char c) {
    static const char digits[] = "0123456789abcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);
    return found == NULL ? -1 : (int)(found - digits);
}

/* Decode escapes in place, and "+" as a space in a query. False where one is none, or stands for a
 * control character or a byte that is not UTF-8. */
static bool decode(char *text, bool query) {
    char *out = text;
    for (const char *c = text; *c != '\0'; c++) {
        int byte = (unsigned char)*c;
        if (*c == '%') {
            int high = digit(c[1]), low = high < 0 ? -1 : digit(c[2]);
            if (low < 0)
                return false;
            byte = 16 * high + low;
            c += 2;
            if (!query && (byte == '/' || byte == '\\'))
                return false;
        } else if (*c == '+' && query) {
            byte = ' ';
        }
        if (byte < ' ' || byte == 0x7f)
            return false;
        *out++ = (char)byte;
    }
    *out = '\0';
    size_t at;
    return ag_utf8_plain(text, strlen(text), &at);
}

/* Each part between slashes has a name; the last may be empty ("/"). */
static bool is_plain(const char *path) {
    if (*path != '/' || strchr(path, '\\') != NULL)
        return false;
    for (const char *part = path; part != NULL; part = strchr(part, '/')) {
        part++;
        size_t length = strcspn(part, "/");
        if ((length == 0 && (part[0] == '/' || part != path + 1)) ||
            (length == 1 && part[0] == '.') || (length == 2 && strncmp(part, "..", 2) == 0))
            return false;
    }
    return true;
}

static ag_status add_query(ag_request *request, char *pair, ag_error *error) {
    if (*pair == '\0')
        return AG_OK;
    if (request->query_count == AG_REQUEST_QUERY)
        return refuse(error, AG_ERROR_TOO_LARGE, "the address has too many parameters");
    char *value = strchr(pair, '=');
    if (value != NULL)
        *value++ = '\0';
    else
        value = pair + strlen(pair);
    if (!decode(pair, true) || !decode(value, true))
        return refuse(error, AG_ERROR_SYNTAX,
                      "a parameter of the address is not percent-encoded UTF-8");
    request->query[request->query_count++] = (ag_pair){pair, value};
    return AG_OK;
}

ag_status ag_request_target(ag_request *request, char *target, ag_error *error) {
    char *query = strchr(target, '?');
    if (query != NULL)
        *query++ = '\0';
    request->path = target;
    request->query_count = 0;
    if (!decode(target, false) || !is_plain(target))
        return refuse(error, AG_ERROR_SYNTAX, "the path of the address is not a plain one");
    while (query != NULL) {
        char *next = strchr(query, '&');
        if (next != NULL)
            *next++ = '\0';
        ag_status status = add_query(request, query, error);
        if (status != AG_OK)
            return status;
        query = next;
    }
    return AG_OK;
}

const char *ag_request_query(const ag_request *request, const char *name) {
    for (int i = 0; i < request->query_count; i++)
        if (strcmp(request->query[i].name, name) == 0)
            return request->query[i].value;
    return NULL;
}

const char *ag_request_header(const ag_request *request, const char *name) {
    for (int i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}

int ag_request_header_count(const ag_request *request, const char *name) {
    int count = 0;
    for (int i = 0; i < request->header_count; i++)
        count += strcasecmp(request->headers[i].name, name) == 0;
    return count;
}

bool ag_request_is_type(const ag_request *request, const char *types) {
    const char *type = ag_request_header(request, "Content-Type");
    if (type == NULL)
        return false;
    size_t length = strcspn(type, "; \t");
    for (; *types != '\0'; types += strspn(types, " ")) {
        size_t word = strcspn(types, " ");
        if (word == length && strncasecmp(types, type, length) == 0)
            return true;
        types += word;
    }
    return false;
}
