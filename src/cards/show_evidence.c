/* What rests on what: records of evidence, and the numbers that are set by them. */
#include <stdlib.h>
#include <string.h>

#include "number_list.h"
#include "show.h"

enum { COLUMNS = 100 };

static bool rests_on(const ag_parameter *parameter, int record) {
    for (int i = 0; i < parameter->evidence.count; i++)
        if (parameter->evidence.items[i] == record)
            return true;
    return false;
}

static const char *value_text(ag_arena *arena, const ag_parameter *p) {
    return p->low != p->high
               ? ag_arena_format(arena, "%.3g [%.3g, %.3g]", p->value, p->low, p->high)
               : ag_arena_format(arena, "%.3g", p->value);
}

ag_node *ag_show_numbers_on(ag_show *show, int record) {
    const ag_knowledge *k = show->knowledge;
    ag_number_list list;
    ag_node *out = ag_show_make(show, AG_NODE_LIST);
    if (!ag_number_list_make(&list, k, (ag_card){AG_CARD_KINDS, 0}, show->arena))
        return NULL;
    for (int i = 0; i < list.count; i++) {
        const ag_number *number = &list.items[i];
        if (!rests_on(number->parameter, record))
            continue;
        const char *value = value_text(show->arena, number->parameter);
        ag_show_hang(out, NULL,
                     ag_show_text(show, ag_arena_format(show->arena, "%s %s = %s",
                                                        ag_card_id(k, number->card), number->place,
                                                        value != NULL ? value : "")));
    }
    return out;
}

/* ---- the numbers of a card ---- */

static int by_weakness(const void *a, const void *b) {
    const ag_number *x = a, *y = b;
    double wider = ag_number_width(y->parameter) - ag_number_width(x->parameter);
    int order = (int)x->support - (int)y->support;
    if (order == 0)
        order = (wider > 0) - (wider < 0);
    return order != 0 ? order : strcmp(x->place, y->place);
}

static ag_node *number_map(ag_show *show, const ag_number *number) {
    const ag_parameter *p = number->parameter;
    ag_node *map = ag_show_make(show, AG_NODE_MAP), *records = ag_show_make(show, AG_NODE_LIST);
    ag_show_hang(map, "number", ag_show_text(show, number->place));
    if (show->for_people) {
        ag_show_hang(map, "value", ag_show_text(show, value_text(show->arena, p)));
    } else {
        ag_show_hang(map, "value", ag_show_number(show, p->value));
        ag_show_hang(map, "interval", ag_show_pair(show, p->low, p->high));
    }
    ag_show_hang(map, "rests_on", ag_show_text(show, ag_support_name(number->support)));
    for (int i = 0; i < p->evidence.count; i++) {
        const ag_evidence *record = &show->knowledge->evidence[p->evidence.items[i]];
        const char *text = show->for_people ? ag_arena_format(show->arena, "%s (%s)", record->id,
                                                              ag_audit_name(record->audit))
                                            : record->id;
        ag_show_hang(records, NULL, ag_show_text(show, text));
    }
    if (p->evidence.count > 0)
        ag_show_hang(map, "evidence", records);
    ag_show_hang(map, p->assumption ? "assumption" : "because", ag_show_text(show, p->reason));
    return map;
}

static ag_node *card_numbers(ag_show *show, ag_card card) {
    ag_number_list list;
    ag_node *out = ag_show_make(show, AG_NODE_LIST);
    if (!ag_number_list_make(&list, show->knowledge, card, show->arena))
        return NULL;
    if (list.count > 0)
        qsort(list.items, (size_t)list.count, sizeof *list.items, by_weakness);
    for (int i = 0; i < list.count; i++)
        ag_show_hang(out, NULL, number_map(show, &list.items[i]));
    return out;
}

static void write_card(ag_buffer *out, ag_show *show, ag_card card) {
    ag_node *numbers = card_numbers(show, card);
    if (numbers == NULL) {
        show->failed = true;
    } else if (show->for_people) {
        ag_buffer_format(out, "%s: %s%d number%s%s\n", ag_card_id(show->knowledge, card),
                         numbers->count == 0 ? "rests on " : "", numbers->count,
                         numbers->count == 1 ? "" : "s",
                         numbers->count > 1 ? ", the weakest first" : "");
        for (const ag_node *n = numbers->first; n != NULL; n = n->next) {
            ag_buffer_add_char(out, '\n');
            ag_show_outline(out, n, COLUMNS);
        }
    } else {
        ag_json json = ag_json_start(out, 2);
        ag_show_json(&json, numbers);
        ag_buffer_add_char(out, '\n');
    }
}

/* ---- all records ---- */

static int users_of(const ag_number_list *list, int record) {
    int count = 0;
    for (int i = 0; i < list->count; i++)
        count += rests_on(list->items[i].parameter, record);
    return count;
}

static void write_summary(ag_buffer *out, const ag_number_list *list) {
    int counts[AG_SUPPORT_FOUND + 1] = {0};
    for (int i = 0; i < list->count; i++)
        counts[list->items[i].support]++;
    ag_buffer_format(out, "\n%d numbers:", list->count);
    for (int s = AG_SUPPORT_FOUND; s >= 0; s--)
        ag_buffer_format(out, "%s %d %s", s == AG_SUPPORT_FOUND ? "" : ",", counts[s],
                         ag_support_name((ag_support)s));
    ag_buffer_add_char(out, '\n');
}

static void write_all(ag_buffer *out, ag_show *show) {
    const ag_knowledge *k = show->knowledge;
    ag_number_list list;
    ag_json json = ag_json_start(out, 2);
    show->failed = !ag_number_list_make(&list, k, (ag_card){AG_CARD_KINDS, 0}, show->arena);
    if (show->for_people)
        ag_buffer_format(out, "evidence (%d): state, numbers that rest on it, record\n",
                         k->evidence_count);
    else
        ag_json_array(&json, NULL);
    for (int i = 0; i < k->evidence_count && !show->failed; i++) {
        const ag_evidence *record = &k->evidence[i];
        int count = users_of(&list, i);
        if (show->for_people) {
            ag_buffer_format(out, "  %-15s %3d  %s\n", ag_audit_name(record->audit), count,
                             record->id);
            continue;
        }
        ag_json_object(&json, NULL);
        ag_json_text(&json, "card", ag_card_kind_name(AG_CARD_EVIDENCE));
        ag_json_text(&json, "id", record->id);
        ag_json_text(&json, "state", ag_audit_name(record->audit));
        ag_json_integer(&json, "numbers", count);
        ag_json_end(&json);
    }
    if (show->for_people) {
        write_summary(out, &list);
    } else {
        ag_json_end(&json);
        ag_buffer_add_char(out, '\n');
    }
}

ag_status ag_evidence_show(const ag_knowledge *knowledge, const ag_card *card,
                           ag_card_format format, char **out, ag_error *error) {
    *out = NULL;
    if (card != NULL && card->kind == AG_CARD_EVIDENCE)
        return ag_card_show(knowledge, *card, format, out, error);
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer buffer = ag_buffer_start(arena);
    ag_show show = {.arena = arena, .knowledge = knowledge, .for_people = format == AG_CARD_TEXT};
    if (card != NULL)
        write_card(&buffer, &show, *card);
    else
        write_all(&buffer, &show);
    return ag_show_hand_over(show.failed ? NULL : &buffer, arena, out, error);
}
