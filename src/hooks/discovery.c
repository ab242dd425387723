/* The services, and how clients find them. */
#include "hook_call.h"

#define BIT(part) (1u << (part))
#define HISTORY                                                                                    \
    (BIT(AG_PART_PATIENT) | BIT(AG_PART_CONDITIONS) | BIT(AG_PART_MEDICINES) |                     \
     BIT(AG_PART_PROCEDURES))

static const char ORDERS[] =
    "When a medicine is ordered that often leaves a man with little or no semen, and that matters "
    "to him: how often, and what does it less.";
static const char R4_ONLY[] = "The content must be FHIR R4.";

/* Each hook has an id of its own: there are clients that keep services by their address. */
const ag_service ag_services[] = {
    {"antegrade-patient-view", "patient-view", "Little or no semen: likely cause and next step",
     "For a man who is being worked up for little or no semen, or whose record makes it likely: "
     "the "
     "probable mechanism and cause with intervals, and what to do next.",
     R4_ONLY, HISTORY | BIT(AG_PART_RESULTS), ag_serve_patient_view, false},
    {"antegrade-order-select", "order-select", "Medicines that take a man's semen away", ORDERS,
     R4_ONLY, HISTORY, ag_serve_orders, false},
    {"antegrade-order-sign", "order-sign", "Medicines that take a man's semen away", ORDERS,
     R4_ONLY, HISTORY, ag_serve_orders, false},
    {"antegrade-medication-prescribe", "medication-prescribe",
     "Medicines that take a man's semen away", ORDERS,
     "For clients without order-select. The content must be FHIR R4; to any other there are no "
     "cards.",
     HISTORY, ag_serve_orders, true},
    {.id = NULL},
};

static const struct {
    const char *key, *template;
} parts[] = {
#define ROW(constant, key, template, words) {key, template},
    AG_PART_LIST(ROW)
#undef ROW
};

const char *ag_part_key(ag_part part) {
    return parts[part].key;
}

const char *ag_part_template(const ag_call *call, ag_part part) {
    return part == AG_PART_RESULTS ? ag_arena_format(call->arena, "%s%s", parts[part].template,
                                                     call->hooks->observations)
                                   : parts[part].template;
}

static void write_service(ag_json *json, const ag_call *call, const ag_service *service) {
    ag_json_object(json, NULL);
    ag_json_text(json, "hook", service->hook);
    ag_json_text(json, "title", service->title);
    ag_json_text(json, "description", service->description);
    ag_json_text(json, "id", service->id);
    ag_json_object(json, "prefetch");
    for (int part = 0; part < AG_PARTS; part++)
        if ((service->parts & BIT(part)) != 0)
            ag_json_text(json, parts[part].key, ag_part_template(call, (ag_part)part));
    ag_json_end(json);
    if (service->usage != NULL)
        ag_json_text(json, "usageRequirements", service->usage);
    ag_json_end(json);
}

void ag_serve_discovery(ag_call *call) {
    ag_buffer buffer = ag_buffer_start(call->arena);
    ag_json json = ag_json_start(&buffer, 0);
    ag_json_object(&json, NULL);
    ag_json_array(&json, "services");
    for (const ag_service *service = ag_services; service->id != NULL; service++)
        write_service(&json, call, service);
    ag_json_end(&json);
    ag_json_end(&json);
    ag_call_json(call, 200, &buffer);
}
