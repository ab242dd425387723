/* antegrade leaflet: a short explanation in plain words, or the list of them. */
#include <stdio.h>
#include <string.h>

#include "antegrade/report.h"
#include "commands.h"
#include "options.h"
#include "terminal.h"

static void list(const char *language) {
    for (int i = 0; i < ag_leaflet_count(); i++) {
        char *name = ag_leaflet_name(i, language);
        printf("%-22s %s\n", ag_leaflet_id(i), name != NULL ? name : "");
        ag_report_free(name);
    }
}

static ag_exit write_leaflet(const char *topic, const char *format,
                             const ag_report_options *report) {
    const ag_knowledge *knowledge = ag_knowledge_builtin();
    int leaflet = ag_leaflet_find(knowledge, topic);
    if (leaflet < 0) {
        fprintf(stderr,
                "antegrade leaflet: there is none on \"%s\". `antegrade leaflet` lists them\n",
                topic);
        return AG_EXIT_INPUT;
    }
    bool html = strcmp(format, "html") == 0;
    char *text =
        ag_leaflet_write(leaflet, knowledge, html ? AG_LEAFLET_HTML : AG_LEAFLET_TEXT, report);
    if (text == NULL) {
        fprintf(stderr, "antegrade leaflet: out of memory\n");
        return AG_EXIT_INPUT;
    }
    fputs(text, stdout);
    ag_report_free(text);
    return AG_EXIT_DONE;
}

int ag_command_leaflet(int argc, char **argv) {
    ag_report_options report = ag_report_options_defaults();
    const char *format = "text", *color = NULL;
    ag_options options;
    ag_options_start(&options, "leaflet", argc, argv);
    while (ag_options_next(&options)) {
        if (ag_option_is(&options, "format"))
            format = options.value;
        else if (ag_option_is(&options, "lang"))
            report.language = options.value;
        else if (ag_option_is(&options, "color"))
            color = options.value;
    }
    if (options.over)
        return options.status;
    if (options.count > 1)
        return ag_usage_error(ag_command_find("leaflet"),
                              "one TOPIC at a time; put a name of several words in quotes");
    report.width = ag_terminal_width(stdout);
    report.color = ag_terminal_color(stdout, color);
    if (options.count == 1)
        return write_leaflet(options.operands[0], format, &report);
    list(report.language);
    return AG_EXIT_DONE;
}
