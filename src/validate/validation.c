/*
 * The order of a validation, and knowledge without the studies of one publication: while a case or
 * a count is predicted, every record of the same study is left out of the numbers that are pooled
 * from counts, and each number that a person read from it ("because") gives way to what numbers of
 * its kind say (leave_out.h).
 */
#include "validation.h"

#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "leave_out.h"
#include "stress.h"

ag_validate_options ag_validate_options_defaults(void) {
    return (ag_validate_options){.size = sizeof(ag_validate_options)};
}

const char *ag_mechanism_id(const ag_knowledge *knowledge, int mechanism) {
    return knowledge->variables[knowledge->mechanisms[mechanism].variable].id;
}

const char *ag_mechanism_name(const ag_knowledge *knowledge, int mechanism) {
    return knowledge->variables[knowledge->mechanisms[mechanism].variable].names.en.items[0];
}

const char *ag_mechanism_names(const ag_knowledge *knowledge, ag_indices list, ag_arena *arena) {
    ag_buffer text = ag_buffer_start(arena);
    for (int i = 0; i < list.count; i++)
        ag_buffer_format(&text, "%s%s", i > 0 ? " or " : "",
                         ag_mechanism_name(knowledge, list.items[i]));
    return ag_buffer_text(&text);
}

/* ---- without a study ---- */

static ag_evidence record_of(const ag_publication *source) {
    return (ag_evidence){.id = "",
                         .first_author = source->first_author,
                         .title = source->title,
                         .journal = source->journal,
                         .year = source->year != NULL ? atoi(source->year) : 0,
                         .pmid = source->pmid,
                         .doi = source->doi};
}

static ag_status add_ids(ag_validating *v, const ag_texts *ids, const char **items, int *count) {
    const ag_knowledge *k = v->result->knowledge;
    for (int i = 0; i < ids->count; i++) {
        if (ag_knowledge_evidence(k, ids->items[i]) < 0)
            return ag_fail(
                v->error, AG_ERROR_NAME,
                "leave_out names \"%.80s\", which is no evidence record; antegrade cards "
                "evidence lists them",
                ids->items[i]);
        items[(*count)++] = ids->items[i];
    }
    return AG_OK;
}

static bool is_among(const char *const *items, int count, const char *id) {
    for (int i = 0; i < count; i++)
        if (strcmp(items[i], id) == 0)
            return true;
    return false;
}

/* The other records of the study of record `id`, which may be told by other marks than the source
 * has. The new count. */
static int add_study_of(const ag_knowledge *k, const char *id, const char **items, int count) {
    const ag_evidence *record = &k->evidence[ag_knowledge_evidence(k, id)];
    for (int e = 0; e < k->evidence_count; e++)
        if (ag_evidence_same_study(record, &k->evidence[e]) &&
            !is_among(items, count, k->evidence[e].id))
            items[count++] = k->evidence[e].id;
    return count;
}

static ag_status left_out(ag_validating *v, const ag_publication *source, const ag_texts *ids,
                          ag_texts *out) {
    const ag_knowledge *k = v->result->knowledge;
    ag_evidence own = record_of(source);
    const char **items =
        ag_arena_array(v->arena, (size_t)k->evidence_count + (size_t)ids->count + 1, sizeof *items);
    if (items == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    int count = 0;
    for (int e = 0; e < k->evidence_count; e++)
        if (ag_evidence_same_study(&own, &k->evidence[e]))
            items[count++] = k->evidence[e].id;
    ag_status status = add_ids(v, ids, items, &count);
    for (int i = 0; i < count && status == AG_OK; i++) /* it grows */
        count = add_study_of(k, items[i], items, count);
    *out = (ag_texts){items, count};
    return status;
}

static const char *key_of(ag_validating *v, const ag_texts *ids) {
    ag_buffer key = ag_buffer_start(v->arena);
    for (int i = 0; i < ids->count; i++)
        ag_buffer_format(&key, "%s ", ids->items[i]);
    return ag_buffer_text(&key);
}

static ag_status make_without(ag_validating *v, const ag_texts *ids, const char *key,
                              ag_without **out) {
    ag_without *w = ag_arena_alloc(v->arena, sizeof *w);
    if (w == NULL || key == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    w->key = key;
    w->ids = *ids;
    w->next = v->pool;
    v->pool = *out = w;
    const ag_knowledge *knowledge = v->result->knowledge;
    if (ids->count > 0 && v->result->cards != NULL) {
        ag_status status = ag_knowledge_load_without(&w->knowledge, v->result->cards, ids->items,
                                                     ids->count, v->error);
        if (status != AG_OK)
            return status;
        knowledge = w->knowledge;
    }
    if (!ag_number_list_make(&w->numbers, knowledge, (ag_card){AG_CARD_KINDS, 0}, v->arena))
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    return ag_believer_open(&w->believer, knowledge, v->error);
}

ag_status ag_validating_without(ag_validating *v, const ag_publication *source, const ag_texts *ids,
                                ag_without **out) {
    ag_texts all;
    ag_status status = left_out(v, source, ids, &all);
    if (status != AG_OK)
        return status;
    const char *key = key_of(v, &all);
    for (ag_without *w = v->pool; w != NULL && key != NULL; w = w->next)
        if (strcmp(w->key, key) == 0) {
            *out = w;
            return AG_OK;
        }
    return make_without(v, &all, key, out);
}

void ag_validating_close(ag_validating *v) {
    for (ag_without *w = v->pool; w != NULL; w = w->next) {
        ag_believer_close(&w->believer);
        ag_knowledge_free(w->knowledge);
    }
}

static bool names_left_out(const ag_without *without, const ag_parameter *p) {
    const ag_knowledge *k = without->believer.knowledge;
    for (int e = 0; e < p->evidence.count; e++)
        for (int i = 0; i < without->ids.count; i++)
            if (strcmp(k->evidence[p->evidence.items[e]].id, without->ids.items[i]) == 0)
                return true;
    return false;
}

ag_status ag_without_forget(ag_without *without, ag_error *error) {
    if (without->ids.count == 0) /* nothing is left out: nothing to count */
        return AG_OK;
    ag_parameter_cache_free(without->believer.cache);
    without->believer.cache = ag_parameter_cache_new();
    return without->believer.cache != NULL ? AG_OK
                                           : ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

void ag_without_used(const ag_without *without, int *stood_in, int *shaped) {
    *stood_in = *shaped = 0;
    for (int i = 0; i < without->numbers.count; i++) {
        const ag_parameter *p = without->numbers.items[i].parameter;
        bool kept = without->knowledge == NULL || p->reason != NULL;
        if (!kept || !ag_parameter_cache_has(without->believer.cache, p) ||
            !names_left_out(without, p))
            continue;
        *(p->reason == ag_stand_in_reason ? stood_in : shaped) += 1;
    }
}

/* ---- all ---- */

static ag_status read_chart(ag_validating *v) {
    const char *path = ag_arena_format(v->arena, "%s/flow-chart.yaml", v->result->folder);
    if (path == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    v->result->has_chart = ag_is_file(path);
    return v->result->has_chart ? ag_flow_chart_read(&v->result->chart, v->arena,
                                                     v->result->knowledge, path, v->error)
                                : AG_OK;
}

static ag_status case_paths(ag_validating *v, ag_texts *out) {
    const char *inner = ag_arena_format(v->arena, "%s/cases", v->result->folder);
    if (inner == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    if (ag_is_folder(inner))
        return ag_files_in(v->arena, inner, ".yaml", out, v->error);
    return v->result->has_chart ? AG_OK
                                : ag_files_in(v->arena, v->result->folder, ".yaml", out, v->error);
}

static ag_status stress(ag_validating *v, const char *folder) {
    ag_texts paths = {NULL, 0};
    ag_resolved_list cases;
    ag_status status = ag_files_in(v->arena, folder, ".yaml", &paths, v->error);
    if (status == AG_OK && paths.count == 0) {
        status = ag_fail(v->error, AG_ERROR_IO, "no case (*.yaml) is here");
        ag_fault_where(v->error, folder);
    }
    if (status == AG_OK)
        status = ag_resolved_read_all(&cases, v->arena, v->result->knowledge, &paths, v->error);
    return status == AG_OK
               ? ag_stress_of(&v->result->stress, v->arena, v->result->knowledge, &cases, v->error)
               : status;
}

static ag_status run(ag_validating *v, const ag_validate_options *options) {
    ag_resolved_list cases;
    ag_cohort_list cohorts;
    ag_texts paths = {NULL, 0}, tables = {NULL, 0};
    ag_status status = read_chart(v);
    if (status == AG_OK)
        status = case_paths(v, &paths);
    if (status == AG_OK)
        status = ag_files_in(v->arena, v->result->folder, ".csv", &tables, v->error);
    if (status == AG_OK && paths.count + tables.count == 0) {
        status = ag_fail(v->error, AG_ERROR_IO,
                         "nothing to score is here: no case (*.yaml) and no table (*.csv)");
        ag_fault_where(v->error, v->result->folder);
    }
    if (status == AG_OK)
        status = ag_resolved_read_all(&cases, v->arena, v->result->knowledge, &paths, v->error);
    if (status == AG_OK)
        status = ag_cohorts_read(&cohorts, v->arena, v->result->knowledge, &tables, v->error);
    if (status == AG_OK)
        status = ag_validate_cases(v, &cases);
    if (status == AG_OK)
        status = ag_validate_cohorts(v, &cohorts);
    if (status == AG_OK)
        status = ag_validate_summary(v);
    return status == AG_OK && options->stress != NULL ? stress(v, options->stress) : status;
}

ag_status ag_validate(ag_validation **out, const ag_knowledge *knowledge, const char *folder,
                      const ag_validate_options *options, ag_error *error) {
    ag_validate_options chosen = options != NULL ? *options : ag_validate_options_defaults();
    ag_validation *result = calloc(1, sizeof *result);
    *out = NULL;
    if (result == NULL || (result->arena = ag_arena_new()) == NULL) {
        ag_validation_free(result);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    if (knowledge == NULL || knowledge->mechanism_count >= AG_EVENTS) {
        ag_validation_free(result);
        return ag_fail(error, AG_ERROR_ARGUMENT, "no knowledge, or one of too many mechanisms");
    }
    result->knowledge = knowledge;
    result->folder = ag_arena_copy(result->arena, folder);
    result->cards = chosen.cards != NULL ? ag_arena_copy(result->arena, chosen.cards) : NULL;
    ag_validating v = {.result = result, .arena = result->arena, .error = error};
    ag_status status = run(&v, &chosen);
    ag_validating_close(&v);
    if (status == AG_OK)
        *out = result;
    else
        ag_validation_free(result);
    return status;
}

void ag_validation_free(ag_validation *validation) {
    if (validation == NULL)
        return;
    ag_arena_free(validation->arena);
    free(validation);
}

ag_status ag_validation_show(const ag_validation *validation, ag_sheet_format format, int width,
                             char **out, ag_error *error) {
    *out = NULL;
    if (format == AG_SHEET_JSON)
        return ag_validation_json(validation, out, error);
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_status status;
    if (format == AG_SHEET_SVG) {
        ag_buffer text = ag_buffer_start(arena);
        const char *svg = ag_reliability_svg(validation, arena);
        ag_buffer_add(&text, svg != NULL ? svg : "");
        text.failed = text.failed || svg == NULL;
        status = ag_text_out(&text, out, error);
    } else {
        ag_sheet sheet;
        ag_sheet_start(&sheet, arena, "Validation");
        ag_validation_sheet(&sheet, validation);
        status = ag_sheet_write(&sheet, format, width, out, error);
    }
    ag_arena_free(arena);
    return status;
}
