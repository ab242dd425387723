/* The files of the page. */
#include <string.h>

#include "assets.h"
#include "routes.h"

/* The page is made of its own files, and speaks with its own server only. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "                  \
    "form-action 'none'; frame-ancestors 'none'"

static const char *type_of(const char *path) {
    static const ag_pair types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".json", AG_TYPE_JSON},
        {".webmanifest", "application/manifest+json"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const char *end = strrchr(path, '.');
    for (size_t i = 0; end != NULL && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, end) == 0)
            return types[i].value;
    return "application/octet-stream";
}

void ag_route_asset(ag_answer *answer, const ag_request *request, ag_site *site,
                    ag_session *session) {
    (void)site;
    (void)session;
    const char *path = strcmp(request->path, "/") == 0 ? "/index.html" : request->path;
    const ag_asset *asset = ag_assets;
    while (asset->path != NULL && strcmp(asset->path, path) != 0)
        asset++;
    if (asset->path == NULL) {
        ag_answer_error(answer, 404, "address", "there is nothing at this address");
        return;
    }
    ag_answer_body(answer, 200, type_of(path), asset->bytes, asset->length, NULL);
    /* What Vite builds has a name that changes with its content. */
    bool lasts = strncmp(path, "/assets/", 8) == 0;
    ag_answer_header(answer, "Content-Security-Policy", POLICY);
    ag_answer_header(answer, "Cache-Control",
                     lasts ? "public, max-age=31536000, immutable" : "no-cache");
}
