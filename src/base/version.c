#include "antegrade/antegrade.h"

const char *ag_version(void) {
    return AG_VERSION;
}
