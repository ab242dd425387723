/**
 * @file flow_chart.h
 * A published flow chart as plain rules (flow-chart.yaml): the first step whose conditions all hold
 * of the record gives the answer. It is the baseline that the model is compared with.
 */
#ifndef AG_FLOW_CHART_H
#define AG_FLOW_CHART_H

#include "antegrade/patient.h"
#include "resolved.h"

enum { AG_CHART_CONDITIONS = 8 };

/** A finding is recorded in one of these states, or as a value in [low, high); or it is not
 * recorded at all; or a cause of one of these groups is recorded. */
typedef struct ag_chart_condition {
    int finding;     /**< index into the knowledge's findings; -1: the groups are meant */
    uint32_t states; /**< a bit per state */
    double low, high;
    bool unknown;
    ag_texts groups;
} ag_chart_condition;

typedef struct ag_chart_step {
    const char *name;
    ag_chart_condition conditions[AG_CHART_CONDITIONS];
    int condition_count;
    ag_indices then; /**< mechanisms, the most likely first; none: the chart has no answer */
} ag_chart_step;

typedef struct ag_flow_chart {
    ag_publication source;
    const ag_chart_step *steps;
    int step_count;
} ag_flow_chart;

/** Read a chart; everything is in `arena`. Messages carry file, line and column. */
ag_status ag_flow_chart_read(ag_flow_chart *out, ag_arena *arena, const ag_knowledge *knowledge,
                             const char *path, ag_error *error);

/** The step that answers for this man, or NULL. */
const ag_chart_step *ag_flow_chart_answer(const ag_flow_chart *chart, const ag_patient *patient);

#endif
