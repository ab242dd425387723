/**
 * @file antegrade.h
 * The whole of Antegrade's C interface, and its version.
 *
 * Antegrade works out why a man has little or no semen at orgasm. Objects are opaque and there is
 * no global state: what is loaded once (the knowledge) is only read afterwards and may be shared by
 * threads. All text is UTF-8.
 */
#ifndef ANTEGRADE_ANTEGRADE_H
#define ANTEGRADE_ANTEGRADE_H

#include "antegrade/assess.h"
#include "antegrade/error.h"
#include "antegrade/hooks.h"
#include "antegrade/interview.h"
#include "antegrade/knowledge.h"
#include "antegrade/network.h"
#include "antegrade/patient.h"
#include "antegrade/report.h"
#include "antegrade/scenario.h"
#include "antegrade/screen.h"
#include "antegrade/tract.h"

/** The version of these headers. The library follows semantic versioning. */
#define AG_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/** The version of the library that is running, such as "0.1.0"; borrowed for ever. */
const char *ag_version(void);

#ifdef __cplusplus
}
#endif
#endif
