/** @file outgoing.h What the server asks of other servers, by libcurl. */
#ifndef AG_OUTGOING_H
#define AG_OUTGOING_H

#include "antegrade/hooks.h"

/** To be called once, before there are threads. */
ag_status ag_outgoing_open(ag_error *error);
void ag_outgoing_close(void);

/** An ag_fetch: one request over https, or to this machine; no redirects, no cookies, no more than
 * the bytes and the time given. `data` is not used. */
ag_status ag_outgoing_fetch(void *data, const ag_fetch_request *request, ag_fetch_answer *answer,
                            ag_error *error);

#endif
