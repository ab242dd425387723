#define _POSIX_C_SOURCE 200809L
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange.h"
#include "site.h"
#include "workers.h"

struct ag_server {
    ag_settings settings;
    ag_site site;
    ag_workers *workers;
    ag_exchanges exchanges;
    struct MHD_Daemon *daemon;
    char host[128];
    char address[192];
};

ag_settings ag_settings_defaults(void) {
    return (ag_settings){.listen = "127.0.0.1:8765", .threads = 2};
}

static ag_status refuse(ag_error *error, ag_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static ag_status refuse(ag_error *error, ag_status code, const char *format, ...) {
    va_list arguments;
    *error = (ag_error){.code = code};
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return code;
}

/* "127.0.0.1:8765", "[::1]:8765", "localhost:8765" as a socket address. Caller frees with
 * freeaddrinfo. */
static ag_status read_address(struct addrinfo **out, ag_server *server, ag_error *error) {
    const char *text = server->settings.listen;
    const char *colon = strrchr(text, ':');
    size_t length = colon == NULL ? 0 : (size_t)(colon - text);
    if (length == 0 || length >= sizeof server->host)
        return refuse(error, AG_ERROR_VALUE,
                      "--listen is \"%.100s\"; it must be ADDRESS:PORT, such as 127.0.0.1:8765",
                      text);
    memcpy(server->host, text, length);
    server->host[length] = '\0';
    char *host = server->host;
    if (host[0] == '[' && host[length - 1] == ']') {
        memmove(host, host + 1, length - 2);
        host[length - 2] = '\0';
    }
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    int code = getaddrinfo(host, colon + 1, &hints, out);
    if (code != 0)
        return refuse(error, AG_ERROR_VALUE, "--listen %.100s: %s", text, gai_strerror(code));
    return AG_OK;
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

static ag_status start_daemon(ag_server *server, int fd, ag_error *error) {
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        ag_exchange_handle, &server->exchanges, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_URI_LOG_CALLBACK, ag_exchange_begin, &server->exchanges,
        MHD_OPTION_NOTIFY_COMPLETED, ag_exchange_end, &server->exchanges, MHD_OPTION_END);
    if (server->daemon != NULL)
        return AG_OK;
    close(fd);
    return refuse(error, AG_ERROR_IO, "the HTTP library does not start");
}

static ag_status listen_on(ag_server *server, ag_error *error) {
    struct addrinfo *at = NULL;
    ag_status status = read_address(&at, server, error);
    if (status != AG_OK)
        return status;
    int fd = open_socket(at);
    freeaddrinfo(at);
    if (fd < 0)
        return refuse(error, AG_ERROR_IO, "cannot listen on %.100s: %s", server->settings.listen,
                      strerror(errno));
    status = start_daemon(server, fd, error);
    if (status != AG_OK)
        return status;
    const union MHD_DaemonInfo *port =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    bool is_ip6 = strchr(server->host, ':') != NULL;
    snprintf(server->address, sizeof server->address, "http://%s%s%s:%u/", is_ip6 ? "[" : "",
             server->host, is_ip6 ? "]" : "", (unsigned)port->port);
    return AG_OK;
}

ag_status ag_server_start(ag_server **out, const ag_settings *settings, ag_error *error) {
    ag_server *server = *out = calloc(1, sizeof *server);
    if (server == NULL)
        return refuse(error, AG_ERROR_MEMORY, "out of memory");
    server->settings = *settings;
    ag_status status = ag_site_open(&server->site, settings->knowledge, error);
    if (status == AG_OK)
        status = ag_workers_new(&server->workers, server->site.model.engine, settings->threads,
                                64 * settings->threads, ag_exchange_work, error);
    server->exchanges = (ag_exchanges){.site = &server->site, .workers = server->workers};
    if (status == AG_OK)
        status = listen_on(server, error);
    if (status == AG_OK)
        return AG_OK;
    ag_server_stop(server);
    *out = NULL;
    return status;
}

const char *ag_server_address(const ag_server *server) {
    return server->address;
}

void ag_server_stop(ag_server *server) {
    if (server == NULL)
        return;
    if (server->daemon != NULL) {
        int fd = MHD_quiesce_daemon(server->daemon);
        if (fd >= 0)
            close(fd);
    }
    ag_workers_free(server->workers); /* what waits is answered first */
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    ag_site_close(&server->site);
    free(server);
}
