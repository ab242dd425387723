/* Cards as CDS Hooks 2.0 wants them. */
#include <stdio.h>
#include <string.h>

#include "hook_call.h"
#include "report_parts.h"

static const char REASON_SYSTEM[] = "urn:antegrade:override-reason";
static const char TOPIC_SYSTEM[] = "urn:antegrade:topic";
static const char RXNORM[] = "http://www.nlm.nih.gov/research/umls/rxnorm";

/* ---- texts ---- */

const char *ag_markdown(ag_arena *arena, const char *text) {
    ag_buffer out = ag_buffer_start(arena);
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ') {
            ag_buffer_add_char(&out, ' ');
            continue;
        }
        if (strchr("\\`*_[]<>#|~&", *text) != NULL)
            ag_buffer_add_char(&out, '\\');
        ag_buffer_add_char(&out, *text);
    }
    const char *made = ag_buffer_text(&out);
    return made != NULL ? made : "";
}

const char *ag_study_address(ag_arena *arena, const ag_evidence *evidence) {
    if (evidence->pmid != NULL && evidence->pmid[0] != '\0')
        return ag_arena_format(arena, "https://pubmed.ncbi.nlm.nih.gov/%s/", evidence->pmid);
    if (evidence->doi != NULL && evidence->doi[0] != '\0')
        return ag_arena_format(arena, "https://doi.org/%s", evidence->doi);
    return NULL;
}

const char *ag_study_label(ag_arena *arena, const ag_evidence *evidence) {
    ag_buffer out = ag_buffer_start(arena);
    ag_buffer_add(&out, evidence->first_author != NULL ? evidence->first_author
                        : evidence->title != NULL      ? evidence->title
                                                       : evidence->id);
    if (evidence->journal != NULL)
        ag_buffer_format(&out, ", %s", evidence->journal);
    if (evidence->year > 0)
        ag_buffer_format(&out, " %d", evidence->year);
    return ag_buffer_text(&out);
}

const char *ag_hook_percent(const ag_call *call, ag_estimate p) {
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT];
    ag_report_percent(call->language, p.value, percent);
    ag_report_interval(p, range);
    const char *text = ag_arena_format(call->arena, "%s %s", percent, range);
    return text != NULL ? text : "";
}

/* At most AG_SUMMARY_MOST characters; what is longer ends in an ellipsis, at a space. */
static const char *shortened(ag_arena *arena, const char *text) {
    size_t bytes = 0, space = 0, size, length = strlen(text);
    for (int count = 0; bytes < length; bytes += size, count++) {
        uint32_t c = ag_utf8_next(text + bytes, length - bytes, &size);
        if (c == ' ' && count < AG_SUMMARY_MOST)
            space = bytes;
        if (count == AG_SUMMARY_MOST)
            return ag_arena_format(arena, "%.*s…", (int)space, text);
    }
    return text;
}

/* ---- parts of a card ---- */

static void write_uuid(ag_json *json) {
    char uuid[AG_UUID_TEXT];
    ag_uuid_new(uuid);
    ag_json_text(json, "uuid", uuid);
}

static void write_coding(ag_json *json, const ag_call *call, const char *key, const char *system,
                         const ag_own_code *code) {
    ag_json_object(json, key);
    ag_json_text(json, "system", system);
    ag_json_text(json, "code", code->code);
    ag_json_text(json, "display", ag_call_say(call, code->display));
    ag_json_end(json);
}

static void write_source(ag_json *json, const ag_call *call, const ag_hook_card *card) {
    ag_json_object(json, "source");
    ag_json_text(json, "label", card->source_label);
    ag_json_text(json, "url",
                 card->source_url != NULL ? card->source_url : call->hooks->options.base_url);
    write_coding(json, call, "topic", TOPIC_SYSTEM, &card->topic);
    ag_json_end(json);
}

static void write_links(ag_json *json, const ag_call *call, const ag_hook_card *card) {
    const ag_hooks_options *options = &call->hooks->options;
    bool smart = card->launch && options->launcher_count > 0;
    if (card->page == NULL && !smart)
        return;
    ag_json_array(json, "links");
    if (card->page != NULL) {
        ag_json_object(json, NULL);
        ag_json_text(json, "label", ag_call_say(call, "The whole assessment"));
        ag_json_text(json, "url", card->page);
        ag_json_text(json, "type", "absolute");
        ag_json_end(json);
    }
    if (smart) {
        ag_json_object(json, NULL);
        ag_json_text(json, "label", ag_call_say(call, "Open Antegrade with this record"));
        ag_json_text(json, "url", ag_arena_format(call->arena, "%s/launch", options->base_url));
        ag_json_text(json, "type", "smart");
        ag_json_end(json);
    }
    ag_json_end(json);
}

static void write_medicine(ag_json *json, const ag_order_suggestion *suggestion) {
    ag_json_object(json, "medicationCodeableConcept");
    if (suggestion->rxnorm != NULL) {
        ag_json_array(json, "coding");
        ag_json_object(json, NULL);
        ag_json_text(json, "system", RXNORM);
        ag_json_text(json, "code", suggestion->rxnorm);
        ag_json_text(json, "display", suggestion->display);
        ag_json_end(json);
        ag_json_end(json);
    }
    ag_json_text(json, "text", suggestion->display);
    ag_json_end(json);
}

/* A draft and a proposal: whoever takes it still has to order it. */
static void write_order(ag_json *json, const ag_hook *hook, const ag_order_suggestion *suggestion) {
    ag_json_object(json, "resource");
    ag_json_text(json, "resourceType", "MedicationRequest");
    ag_json_text(json, "status", "draft");
    ag_json_text(json, "intent", "proposal");
    write_medicine(json, suggestion);
    ag_json_object(json, "subject");
    ag_json_text(json, "reference",
                 ag_arena_format(hook->call->arena, "Patient/%s", hook->patient_id));
    ag_json_end(json);
    if (suggestion->dose != NULL) {
        ag_json_array(json, "dosageInstruction");
        ag_json_object(json, NULL);
        ag_json_text(json, "text", suggestion->dose);
        ag_json_end(json);
        ag_json_end(json);
    }
    ag_json_end(json);
}

/* Deletions before creations, as a transaction of FHIR is processed. */
static void write_suggestion(ag_json *json, const ag_hook *hook,
                             const ag_order_suggestion *suggestion) {
    const ag_call *call = hook->call;
    ag_json_object(json, NULL);
    ag_json_text(json, "label", suggestion->label);
    write_uuid(json);
    ag_json_array(json, "actions");
    ag_json_object(json, NULL);
    ag_json_text(json, "type", "delete");
    ag_json_text(json, "description", ag_call_say(call, "Remove the drafted order"));
    ag_json_text(json, "resourceId", suggestion->replaces);
    ag_json_end(json);
    ag_json_object(json, NULL);
    ag_json_text(json, "type", "create");
    ag_json_text(json, "description",
                 ag_arena_format(call->arena, ag_call_say(call, "Draft an order of %s"),
                                 suggestion->display));
    write_order(json, hook, suggestion);
    ag_json_end(json);
    ag_json_end(json);
    ag_json_end(json);
}

static void write_suggestions(ag_json *json, const ag_hook *hook, const ag_hook_card *card) {
    if (card->suggestion_count == 0)
        return;
    ag_json_array(json, "suggestions");
    for (int i = 0; i < card->suggestion_count; i++)
        write_suggestion(json, hook, &card->suggestions[i]);
    ag_json_end(json);
    ag_json_text(json, "selectionBehavior", "at-most-one");
}

static void write_card(ag_json *json, const ag_hook *hook, const ag_hook_card *card) {
    const ag_call *call = hook->call;
    ag_json_object(json, NULL);
    write_uuid(json);
    ag_json_text(json, "summary", shortened(call->arena, card->summary));
    ag_json_text(json, "indicator", card->indicator);
    ag_json_text(json, "detail", card->detail);
    write_source(json, call, card);
    write_suggestions(json, hook, card);
    ag_json_array(json, "overrideReasons");
    for (const ag_own_code *reason = card->reasons; reason->code != NULL; reason++)
        write_coding(json, call, NULL, REASON_SYSTEM, reason);
    ag_json_end(json);
    write_links(json, call, card);
    ag_json_end(json);
}

void ag_hook_answer(ag_hook *hook, const ag_hook_card *cards, int count) {
    ag_buffer buffer = ag_buffer_start(hook->call->arena);
    ag_json json = ag_json_start(&buffer, 0);
    ag_json_object(&json, NULL);
    ag_json_array(&json, "cards");
    for (int i = 0; i < count; i++)
        write_card(&json, hook, &cards[i]);
    ag_json_end(&json);
    ag_json_end(&json);
    ag_call_json(hook->call, 200, &buffer);
}
