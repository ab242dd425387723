/*
 * Entries: lists of lines and maps. What an entry is, a cause or a finding, is told by its name;
 * the list in which it stands only says which is looked for first.
 */
#include <stdio.h>
#include <string.h>

#include "case_reader.h"
#include "text.h"

enum { ENTRIES = 2000 };

static bool findings_first(ag_case_section section) {
    return section == AG_SECTION_SYMPTOMS || section == AG_SECTION_EXAM ||
           section == AG_SECTION_TESTS || section == AG_SECTION_ABSENT;
}

/* A diagnosis is what the assessment is to find; a known name may stand among words that change
 * its meaning; anything else is not known. */
static ag_status not_understood(ag_case *c, const ag_node *node, const char *text) {
    ag_term term;
    ag_phrase phrase;
    char why[400];
    ag_unused_reason reason = AG_UNUSED_UNKNOWN;
    c->all_known = false;
    if (ag_vocabulary_find(c->vocabulary, AG_TERM_MECHANISM, text, &term))
        return ag_case_unused(c, node, AG_UNUSED_DIAGNOSIS, text,
                              "it is a diagnosis, which the assessment judges anew from the "
                              "findings",
                              0);
    snprintf(why, sizeof why, "%s", ag_say(c->patient->language, "it is not known"));
    if (ag_phrase_read(c->vocabulary, text, &phrase) && phrase.rest[0] != '\0') {
        reason = AG_UNUSED_WORDS;
        snprintf(why, sizeof why,
                 ag_say(c->patient->language,
                        "the words \"%.255s\" may change its meaning; write the name alone"),
                 phrase.rest);
    }
    return ag_case_unused(c, node, reason, text, why, AG_TERM_CAUSE | AG_TERM_FINDING);
}

/* "Diabetes?" */
static bool in_question(const char *text) {
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    return text[strspn(text, " ")] == '?' || (length > 0 && text[length - 1] == '?');
}

static ag_status read_line(ag_case *c, const ag_node *node, const char *text,
                           ag_case_section section, ag_case_sample *sample) {
    bool understood = false, absent = section == AG_SECTION_ABSENT;
    if (in_question(text)) {
        c->all_known = false;
        return ag_case_unused(c, node, AG_UNUSED_UNKNOWN, text,
                              "it is in question; write it once it is known", 0);
    }
    ag_status status = ag_case_days_exist(c, node, text);
    for (int turn = 0; turn < 2 && !understood && status == AG_OK; turn++) {
        if (findings_first(section) == (turn == 0))
            status = ag_case_finding_line(c, node, text, absent, sample, &understood);
        else
            status = ag_case_cause_line(c, node, text, absent, &understood);
    }
    return status == AG_OK && !understood ? not_understood(c, node, text) : status;
}

static const ag_node *name_of(const ag_node *map) {
    for (const ag_node *field = map->first; field != NULL; field = field->next)
        if (ag_case_key_in(field->key, "|name|nombre|test|finding|"))
            return field;
    return NULL;
}

static ag_status read_pair(ag_case *c, const ag_node *node, ag_case_section section,
                           ag_case_sample *sample) {
    bool understood = false;
    const char *value;
    if (node->kind != AG_NODE_TEXT)
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "write \"- name: %.60s\" and its fields below it", node->key);
    if (ag_case_is_unknown(node)) {
        c->all_known = false;
        return AG_OK;
    }
    ag_status status = ag_case_text(c, node, &value);
    if (status == AG_OK)
        status = ag_case_finding_pair(c, node, node->key, value, sample, &understood);
    if (status != AG_OK || understood)
        return status;
    char line[512];
    int yes = ag_yes_or_no(value);
    snprintf(line, sizeof line, "%s%.200s%s%.200s", yes < 0 ? "no " : "", node->key,
             yes != 0 ? "" : " ", yes != 0 ? "" : value);
    return read_line(c, node, line, section, sample);
}

/* How the entry is called in a list of what is not used. */
static const char *title_of(const ag_case *c, const ag_node *node) {
    const ag_node *name = node->kind == AG_NODE_MAP ? name_of(node) : NULL;
    const ag_node *shown = name == NULL && node->first != NULL ? node->first : node;
    if (name != NULL && name->kind == AG_NODE_TEXT)
        return name->text;
    if (shown->kind != AG_NODE_TEXT)
        return shown->key != NULL ? shown->key : "…";
    return shown->key == NULL ? shown->text
                              : ag_arena_format(c->arena, "%s: %s", shown->key, shown->text);
}

ag_status ag_case_entry(ag_case *c, const ag_node *node, ag_case_section section,
                        ag_case_sample *sample, ag_case_read_entry *read) {
    ag_error own = {.code = AG_OK}, *outer = c->error;
    if (!c->lenient)
        return read(c, node, section, sample);
    c->error = &own;
    ag_status status = read(c, node, section, sample);
    c->error = outer;
    if (status == AG_ERROR_VALUE || status == AG_ERROR_NAME) {
        c->all_known = false;
        return ag_case_unused(c, node, AG_UNUSED_VALUE, title_of(c, node), own.message, 0);
    }
    if (status != AG_OK && outer != NULL)
        *outer = own;
    return status;
}

static ag_status read_named_map(ag_case *c, const ag_node *map, const ag_node *name,
                                ag_case_section section, ag_case_sample *sample) {
    const char *text;
    bool understood = false, absent = section == AG_SECTION_ABSENT;
    ag_status status = ag_case_text(c, name, &text);
    for (int turn = 0; turn < 2 && !understood && status == AG_OK; turn++) {
        if (findings_first(section) == (turn == 0))
            status = ag_case_finding_map(c, map, text, absent, sample, &understood);
        else
            status = ag_case_cause_map(c, map, text, absent, &understood);
    }
    return status == AG_OK && !understood ? not_understood(c, name, text) : status;
}

static ag_status read_entry(ag_case *c, const ag_node *node, ag_case_section section,
                            ag_case_sample *sample) {
    if (node->kind == AG_NODE_TEXT && ag_case_is_unknown(node)) {
        c->all_known = false;
        return AG_OK;
    }
    if (node->kind == AG_NODE_TEXT)
        return read_line(c, node, node->text, section, sample);
    if (node->kind == AG_NODE_LIST)
        return ag_case_fail(c, node, AG_ERROR_VALUE,
                            "a list within a list; write each entry apart");
    const ag_node *name = name_of(node);
    if (name != NULL)
        return read_named_map(c, node, name, section, sample);
    if (node->count == 1)
        return read_pair(c, node->first, section, sample);
    return ag_case_fail(c, node, AG_ERROR_VALUE, "this entry has no name. Add \"name: ...\"");
}

ag_status ag_case_entries(ag_case *c, const ag_node *node, ag_case_section section,
                          ag_case_sample *sample) {
    if (node->count > ENTRIES)
        return ag_case_fail(c, node, AG_ERROR_TOO_LARGE, "more than %d entries", ENTRIES);
    ag_status status = AG_OK;
    c->all_known = true;
    if (node->kind == AG_NODE_TEXT && ag_case_key_in(node->text, "|none|no|ninguno|ninguna|nada|"))
        return AG_OK;
    if (node->kind == AG_NODE_LIST) {
        for (const ag_node *item = node->first; item != NULL && status == AG_OK; item = item->next)
            status = ag_case_entry(c, item, section, sample, read_entry);
        return status;
    }
    if (node->kind == AG_NODE_TEXT || name_of(node) != NULL)
        return ag_case_entry(c, node, section, sample, read_entry);
    for (const ag_node *pair = node->first; pair != NULL && status == AG_OK; pair = pair->next)
        status = ag_case_entry(c, pair, section, sample, read_pair);
    return status;
}
