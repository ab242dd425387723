/* The laboratory's report: the man in a line, whether urine is worth preparing, and the protocol.
 */
#include <string.h>

#include "leaflets.h"
#include "readers.h"

static const char *say(const ag_view *view, const char *english) AG_FORMAT_ARGUMENT(2);

static const char *say(const ag_view *view, const char *english) {
    return ag_view_say(view, english);
}

static double probability_of(const ag_view *view, const char *mechanism) {
    for (int i = 0; i < ag_assessment_mechanism_count(view->assessment); i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(view->assessment, i);
        if (strcmp(m->id, mechanism) == 0)
            return m->probability.value;
    }
    return 0;
}

/* The mechanisms under which no sperm reach the bladder, whatever is done to the urine. */
static const char *const without_sperm[] = {"emission-failure", "glands-removed", "absent-vas",
                                            "duct-obstruction-complete", "anorgasmia"};

static const char *reason_against(const ag_view *view) {
    for (size_t i = 0; i < sizeof without_sperm / sizeof without_sperm[0]; i++)
        if (probability_of(view, without_sperm[i]) >= 0.5)
            return without_sperm[i];
    return NULL;
}

static void who(ag_document *d, const ag_view *view) {
    ag_document_add(d, AG_BLOCK_TITLE, say(view, "Sperm from urine: for the laboratory"));
    if (view->patient->label[0] != '\0')
        ag_document_format(d, AG_BLOCK_STRONG, "%s · %s", view->patient->label,
                           ag_view_headline(view));
    else
        ag_document_add(d, AG_BLOCK_STRONG, ag_view_headline(view));
    ag_document_add(d, AG_BLOCK_FAINT, say(view, AG_REPORT_NOTICE));
}

static void likelihood(ag_document *d, const ag_view *view, const char *mechanism) {
    if (ag_knowledge_variable(view->knowledge, mechanism) < 0)
        return;
    char percent[AG_PERCENT_TEXT];
    ag_report_percent(view->language, probability_of(view, mechanism), percent);
    ag_document_format(d, AG_BLOCK_ITEM, "%s: %s",
                       ag_view_capital(view, ag_view_name(view, mechanism)), percent);
}

void ag_laboratory_document(ag_document *d, const ag_view *view) {
    who(d, view);
    ag_document_add(d, AG_BLOCK_HEADING, say(view, "Is it worth trying?"));
    const char *against = reason_against(view);
    const char *const shown[] = {"retrograde-complete", "retrograde-partial", "emission-failure"};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        likelihood(d, view, shown[i]);
    if (against != NULL) {
        ag_document_format(d, AG_BLOCK_ALERT,
                           say(view, "Retrieval from urine is not offered: most likely %s, so "
                                     "that no sperm reach the bladder."),
                           ag_view_name(view, against));
        if (ag_assessment_unresolved_count(view->assessment) > 0)
            ag_document_add(d, AG_BLOCK_TEXT,
                            say(view, "It is not certain. Examine the urine after orgasm once "
                                      "without preparation; sperm in it would change this."));
    } else {
        ag_leaflet_add(d, ag_leaflet_named("laboratory")->text[view->language],
                       AG_LEAFLET_SECTIONS);
    }
    ag_document_end(d);
}

void ag_reader_document(ag_document *document, const ag_view *view, ag_reader reader) {
    if (reader == AG_FOR_LABORATORY)
        ag_laboratory_document(document, view);
    else
        ag_patient_document(document, view);
}
