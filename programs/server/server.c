#define _POSIX_C_SOURCE 200809L
#include "server.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "exchange.h"
#include "listening.h"
#include "outgoing.h"
#include "record_systems.h"
#include "refusal.h"
#include "server_log.h"

/* Memory of a connection for its headers, and requests that may wait for each working thread. */
enum { HEADER_MEMORY = 32 << 10, WAITING_PER_THREAD = 32 };

struct ag_server {
    ag_site site;
    ag_listening listening;
    struct MHD_Daemon *daemon;
    char *certificate, *key; /* PEM */
    char address[192];
};

/* ---- TLS ---- */

static ag_status read_pem(char **out, const char *path, bool is_secret, ag_error *error) {
    enum { MOST = 1 << 20 };
    struct stat about;
    FILE *file = fopen(path, "r");
    if (file == NULL || fstat(fileno(file), &about) != 0 || about.st_size > MOST) {
        int reason = errno;
        if (file != NULL)
            fclose(file);
        return ag_refuse(error, AG_ERROR_IO, "cannot read %.200s: %s", path, strerror(reason));
    }
    char *text = *out = calloc(1, (size_t)about.st_size + 1);
    size_t length = text == NULL ? 0 : fread(text, 1, (size_t)about.st_size, file);
    fclose(file);
    if (is_secret && (about.st_mode & 07) != 0)
        return ag_refuse(error, AG_ERROR_VALUE,
                         "%.200s can be read by everybody on this machine; chmod 600 it", path);
    if (length == 0 || strstr(text, "-----BEGIN") == NULL)
        return ag_refuse(error, AG_ERROR_VALUE, "%.200s is no PEM file", path);
    return AG_OK;
}

static ag_status read_tls(ag_server *server, const ag_settings *settings, ag_error *error) {
    if (settings->tls_certificate == NULL && settings->tls_key == NULL)
        return AG_OK;
    if (settings->tls_certificate == NULL || settings->tls_key == NULL)
        return ag_refuse(error, AG_ERROR_VALUE, "tls-certificate and tls-key go together");
    ag_status status = read_pem(&server->certificate, settings->tls_certificate, false, error);
    return status == AG_OK ? read_pem(&server->key, settings->tls_key, true, error) : status;
}

/* ---- starting ---- */

/* The library's own messages are about connections and hold no content, but may quote headers: only
 * the event is told. */
static void library_log(void *closure, const char *format, va_list arguments) {
    (void)closure;
    (void)arguments;
    ag_log_event("http", format);
}

static void allow_sockets(int connections) {
    struct rlimit limit;
    rlim_t needed = (rlim_t)connections + 64;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return;
    limit.rlim_cur = needed < limit.rlim_max ? needed : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static ag_status start_daemon(ag_server *server, const ag_settings *s, ag_error *error) {
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ERROR_LOG;
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem no_tls[] = {{MHD_OPTION_END, 0, NULL}};
    allow_sockets(s->connections);
    server->daemon = MHD_start_daemon(
        server->key == NULL ? flags : flags | MHD_USE_TLS, 0, NULL, NULL, ag_exchange_handle,
        &server->site, MHD_OPTION_EXTERNAL_LOGGER, library_log, NULL, MHD_OPTION_LISTEN_SOCKET,
        server->listening.socket, MHD_OPTION_URI_LOG_CALLBACK, ag_exchange_begin, &server->site,
        MHD_OPTION_NOTIFY_COMPLETED, ag_exchange_end, &server->site, MHD_OPTION_NOTIFY_CONNECTION,
        ag_exchange_connection, &server->site, MHD_OPTION_UNESCAPE_CALLBACK, ag_exchange_leave,
        NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)s->client_connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)s->timeout_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HEADER_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY,
        server->key == NULL ? no_tls : tls, MHD_OPTION_END);
    if (server->daemon != NULL)
        return AG_OK;
    close(server->listening.socket);
    return ag_refuse(error, AG_ERROR_VALUE, "%s",
                     server->key == NULL
                         ? "the HTTP library does not start"
                         : "tls-certificate and tls-key do not fit together, or are no PEM");
}

static ag_status open_to_all(ag_server *server, const ag_settings *settings, ag_error *error) {
    ag_site *site = &server->site;
    ag_listening *at = &server->listening;
    ag_status status = ag_listen(at, settings->listen, error);
    if (status != AG_OK)
        return status;
    status = ag_access_new(&site->access, settings, at->host, at->is_open, error);
    if (status != AG_OK) {
        close(at->socket);
        return status;
    }
    bool is_ip6 = strchr(at->host, ':') != NULL;
    snprintf(server->address, sizeof server->address, "http%s://%s%s%s:%u/",
             server->key == NULL ? "" : "s", is_ip6 ? "[" : "", at->host, is_ip6 ? "]" : "",
             at->port);
    if (at->is_open && server->key == NULL)
        ag_log_event("warning", "without TLS the token can be read on the way: give "
                                "tls-certificate, or put a proxy in front");
    status = ag_record_systems_open(site, server->address, error);
    if (status != AG_OK) {
        close(at->socket);
        return status;
    }
    return start_daemon(server, settings, error);
}

ag_status ag_server_start(ag_server **out, const ag_settings *settings, ag_error *error) {
    ag_server *server = *out = calloc(1, sizeof *server);
    if (server == NULL)
        return ag_refuse(error, AG_ERROR_MEMORY, "out of memory");
    ag_site *site = &server->site;
    ag_status status = read_tls(server, settings, error);
    if (status == AG_OK)
        status = ag_outgoing_open(error);
    if (status == AG_OK)
        status = ag_site_open(site, settings, error);
    if (status == AG_OK)
        status = ag_connections_new(&site->connections, error);
    if (status == AG_OK)
        status = ag_workers_new(&site->workers, site->model.engine, settings->threads,
                                WAITING_PER_THREAD * settings->threads, ag_exchange_work, error);
    if (status == AG_OK)
        status = open_to_all(server, settings, error);
    if (status == AG_OK)
        return AG_OK;
    ag_server_stop(server);
    *out = NULL;
    return status;
}

const char *ag_server_address(const ag_server *server) {
    return server->address;
}

/* ---- stopping ---- */

/* Wait until no request is being answered, or so many seconds have passed. */
static void wait_for_answers(ag_server *server, int seconds) {
    const struct timespec moment = {0, 20000000};
    for (int i = 0; i < 50 * seconds && atomic_load(&server->site.metrics.in_flight) > 0; i++)
        nanosleep(&moment, NULL);
}

static void close_connections(ag_server *server) {
    ag_site *site = &server->site;
    atomic_store(&site->is_closing, true);
    int fd = MHD_quiesce_daemon(server->daemon);
    if (fd >= 0)
        close(fd);
    wait_for_answers(server, site->settings->timeout_s);
    atomic_store(&site->gives_up, true);
    ag_workers_free(site->workers); /* what waits still is refused */
    site->workers = NULL;
    wait_for_answers(server, 1);
    MHD_stop_daemon(server->daemon);
}

void ag_server_stop(ag_server *server) {
    if (server == NULL)
        return;
    if (server->daemon != NULL)
        close_connections(server);
    ag_workers_free(server->site.workers);
    ag_connections_free(server->site.connections);
    ag_access_free(server->site.access);
    ag_site_close(&server->site);
    ag_outgoing_close();
    free(server->certificate);
    if (server->key != NULL)
        memset(server->key, 0, strlen(server->key));
    free(server->key);
    free(server);
}
