/* When to see whom, how soon: what the record speaks of, then what every man is told. */
#include <stdlib.h>
#include <string.h>

#include "plan_work.h"
#include "urgent_flags.h"

static int by_urgency(const void *x, const void *y) {
    const ag_plan_flag *a = x, *b = y;
    if (a->present != b->present)
        return a->present ? -1 : 1;
    if (a->urgency != b->urgency)
        return (a->urgency > b->urgency) - (a->urgency < b->urgency);
    return strcmp(a->id, b->id);
}

ag_status ag_plan_make_flags(ag_planning *p) {
    ag_plan *plan = p->plan;
    plan->flags =
        ag_arena_array(p->arena, (size_t)p->knowledge->red_flag_count + 1, sizeof *plan->flags);
    if (plan->flags == NULL)
        return ag_plan_no_memory(p);
    for (int i = 0; i < p->knowledge->red_flag_count; i++) {
        const ag_red_flag *card = &p->knowledge->red_flags[i];
        const char *because = NULL;
        bool present = ag_plan_any(p, card->when, card->when_count, &because) &&
                       !ag_plan_any(p, card->unless, card->unless_count, NULL);
        if (!present && !card->general)
            continue;
        ag_plan_flag *flag = &plan->flags[plan->flag_count++];
        *flag = (ag_plan_flag){.id = card->id,
                               .name = ag_plan_names(&card->names),
                               .urgency = (ag_plan_urgency)card->urgency,
                               .see = ag_plan_localized(card->see),
                               .text = ag_plan_localized(card->text),
                               .present = present,
                               .because = present ? because : NULL};
        flag->sources = ag_plan_sources(p, card->evidence, &flag->source_count);
        if (flag->sources == NULL)
            return ag_plan_no_memory(p);
    }
    qsort(plan->flags, (size_t)plan->flag_count, sizeof *plan->flags, by_urgency);
    return AG_OK;
}

bool ag_plan_asks_for(const ag_session *session, const ag_patient *patient,
                      const ag_assessment *assessment, const ag_red_flag *card) {
    ag_planning p = {.knowledge = session->engine->knowledge,
                     .patient = patient,
                     .assessment = assessment,
                     .focus = -1};
    return card->general ||
           (card->asked_count > 0 && ag_plan_any(&p, card->asked, card->asked_count, NULL));
}

ag_status ag_plan_urgent_flags(const ag_session *session, const ag_patient *patient,
                               const ag_assessment *assessment, ag_arena *arena,
                               const ag_plan_flag **out, int *count, ag_error *error) {
    ag_plan plan = {.arena = arena};
    ag_planning p = {.knowledge = session->engine->knowledge,
                     .patient = patient,
                     .assessment = assessment,
                     .plan = &plan,
                     .arena = arena,
                     .focus = -1,
                     .error = error};
    ag_status status = ag_plan_make_flags(&p);
    *out = plan.flags;
    *count = 0;
    while (status == AG_OK && *count < plan.flag_count && plan.flags[*count].present &&
           plan.flags[*count].urgency <= AG_PLAN_URGENT)
        ++*count;
    return status;
}
