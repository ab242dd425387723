/** @file assets.h The files of the page, compiled in (page/dist; see embed_assets.cmake). */
#ifndef AG_ASSETS_H
#define AG_ASSETS_H

#include <stddef.h>

typedef struct ag_asset {
    const char *path; /**< from the root: "/index.html" */
    const char *bytes;
    size_t length;
} ag_asset;

/** All files; the last has the path NULL. */
extern const ag_asset ag_assets[];

#endif
