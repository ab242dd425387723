#define _POSIX_C_SOURCE 200809L
#include "listening.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "refusal.h"

static bool is_loopback(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
        return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

/* The host and the port of "HOST:PORT"; the port within `text`. */
static const char *split(char *host, size_t size, const char *text) {
    const char *colon = strrchr(text, ':');
    size_t length = colon == NULL ? 0 : (size_t)(colon - text);
    bool has_brackets = length > 2 && text[0] == '[' && text[length - 1] == ']';
    if (has_brackets) {
        text++;
        length -= 2;
    }
    if (length == 0 || length >= size || (!has_brackets && memchr(text, ':', length) != NULL))
        return NULL;
    char *end;
    long port = strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end != '\0' || port < 0 || port > 65535)
        return NULL;
    memcpy(host, text, length);
    host[length] = '\0';
    return colon + 1;
}

static int open_socket(const struct addrinfo *at) {
    int on = 1;
    int fd = socket(at->ai_family, SOCK_STREAM, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    errno = reason;
    return -1;
}

static unsigned port_of(int fd) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at = {.any = {0}};
    socklen_t size = sizeof at;
    if (getsockname(fd, &at.any, &size) != 0)
        return 0;
    return ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
}

ag_status ag_listen(ag_listening *out, const char *address, ag_error *error) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *at = NULL;
    const char *port = split(out->host, sizeof out->host, address);
    if (port == NULL)
        return ag_refuse(error, AG_ERROR_VALUE,
                         "listen is \"%.100s\"; it must be ADDRESS:PORT, such as 127.0.0.1:8765 or "
                         "[::1]:8765",
                         address);
    int code = getaddrinfo(out->host, port, &hints, &at);
    if (code != 0)
        return ag_refuse(error, AG_ERROR_VALUE, "listen is \"%.100s\": %s", address,
                         gai_strerror(code));
    out->is_open = !is_loopback(at->ai_addr);
    out->socket = open_socket(at);
    int reason = errno;
    freeaddrinfo(at);
    if (out->socket < 0)
        return ag_refuse(error, AG_ERROR_IO, "cannot listen on %.100s: %s", address,
                         strerror(reason));
    out->port = port_of(out->socket);
    return AG_OK;
}
