/* Cards whose newest evidence is older than so many years. */
#include <stdlib.h>
#include <string.h>

#include "number_list.h"
#include "sheet.h"

typedef struct card_age {
    ag_card card;
    int newest;  /* year of the newest record that sets one of its numbers */
    int records; /* of known year, each number's own */
} card_age;

static int oldest_first(const void *x, const void *y) {
    const card_age *a = x, *b = y;
    if (a->newest != b->newest)
        return (a->newest > b->newest) - (a->newest < b->newest);
    return a->card.kind != b->card.kind ? (a->card.kind > b->card.kind) * 2 - 1
                                        : a->card.index - b->card.index;
}

static void add_number(const ag_knowledge *k, const ag_number *number, card_age *age) {
    for (int e = 0; e < number->parameter->evidence.count; e++) {
        int year = k->evidence[number->parameter->evidence.items[e]].year;
        age->newest = year > age->newest ? year : age->newest;
        age->records += year > 0;
    }
}

/* One entry for each card that evidence of known year sets a number of. */
static int ages_of(const ag_knowledge *k, const ag_number_list *numbers, card_age *out) {
    int count = 0;
    for (int i = 0; i < numbers->count; i++) {
        const ag_number *n = &numbers->items[i];
        bool same = count > 0 && out[count - 1].card.kind == n->card.kind &&
                    out[count - 1].card.index == n->card.index;
        if (!same)
            out[count++] = (card_age){.card = n->card};
        add_number(k, n, &out[count - 1]);
    }
    return count;
}

static void write_ages(ag_sheet *sheet, const ag_knowledge *k, const card_age *ages, int count,
                       int years) {
    int limit = atoi(k->date) - years, old = 0, with = 0;
    for (int i = 0; i < count; i++) {
        with += ages[i].records > 0;
        old += ages[i].records > 0 && ages[i].newest < limit;
    }
    ag_sheet_text(sheet,
                  "Of %d cards with numbers from dated evidence, the newest record of %d is from "
                  "before %d, that is more than %d years older than the knowledge (%s).",
                  with, old, limit, years, k->date);
    if (old == 0)
        return;
    ag_sheet_table(sheet, 3);
    ag_sheet_cell(sheet, "newest");
    ag_sheet_cell(sheet, "uses of records");
    ag_sheet_cell(sheet, "card");
    for (int i = 0; i < count; i++)
        if (ages[i].records > 0 && ages[i].newest < limit) {
            ag_sheet_cell(sheet, "%d", ages[i].newest);
            ag_sheet_cell(sheet, "%d", ages[i].records);
            ag_sheet_cell(sheet, "%s", ag_card_id(k, ages[i].card));
        }
}

ag_status ag_cards_old_show(const ag_knowledge *knowledge, int years, ag_sheet_format format,
                            int width, char **out, ag_error *error) {
    ag_arena *arena = ag_arena_new();
    ag_number_list numbers;
    *out = NULL;
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    bool good = ag_number_list_make(&numbers, knowledge, (ag_card){AG_CARD_KINDS, 0}, arena);
    card_age *ages = good ? ag_arena_array(arena, (size_t)numbers.count + 1, sizeof *ages) : NULL;
    ag_status status = AG_ERROR_MEMORY;
    if (ages != NULL) {
        ag_sheet sheet;
        int count = ages_of(knowledge, &numbers, ages);
        if (count > 0)
            qsort(ages, (size_t)count, sizeof *ages, oldest_first);
        ag_sheet_start(&sheet, arena, "Cards whose evidence is old");
        write_ages(&sheet, knowledge, ages, count, years);
        status = ag_sheet_write(&sheet, format, width, out, error);
    } else {
        ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    ag_arena_free(arena);
    return status;
}
