#include "localized.h"

const char *ag_localized_text(ag_localized text, ag_language language) {
    return language == AG_SPANISH && text.es != NULL ? text.es : text.en;
}

const ag_texts *ag_localized_texts(const ag_texts *en, const ag_texts *es, ag_language language) {
    return language == AG_SPANISH && es->count > 0 ? es : en;
}

const char *ag_first_name(const ag_names *names, ag_language language) {
    return ag_localized_texts(&names->en, &names->es, language)->items[0];
}
