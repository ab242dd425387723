/* A few causes, findings and a mechanism as constant tables, for tests of the readers. */
#ifndef SMALL_KNOWLEDGE_H
#define SMALL_KNOWLEDGE_H

#include "knowledge.h"

#define TEXTS(...)                                                                                 \
    {                                                                                              \
        (const char *const[]){__VA_ARGS__},                                                        \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)                            \
    }
#define CODES(...)                                                                                 \
    { (const ag_code[]){__VA_ARGS__}, sizeof((const ag_code[]){__VA_ARGS__}) / sizeof(ag_code) }
#define INDICES(...)                                                                               \
    { (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int) }

enum {
    TAMSULOSIN,
    DUTASTERIDE,
    DIABETES_1,
    DIABETES_2,
    TURP,
    VASECTOMY,
    CORD_INJURY,
    RPLND,
    PENECTOMY,
    SMALL_CAUSES
};
enum {
    DRY_ORGASM,
    LOW_VOLUME,
    BLOOD,
    URINE_SPERM,
    SEMEN_VOLUME,
    SEMEN_PH,
    TOTAL_SPERM,
    SETTING,
    VAS_PALPABLE,
    TESTOSTERONE,
    HYPOSPERMIA,
    SMALL_FINDINGS
};

static const ag_attribute DOSE[] = {{"dose_mg", "mg/day", {0}}};
static const ag_attribute CORD[] = {{"level", NULL, TEXTS("t4", "t10", "above-t10", "lumbar")},
                                    {"completeness", NULL, TEXTS("complete", "incomplete")}};
static const ag_attribute NODES[] = {{"template", NULL, TEXTS("unilateral", "bilateral")}};
static const ag_requirement BOTH_SIDES[] = {{"template", false, 0, 0, TEXTS("bilateral")}};
static const ag_action ACTION[] = {{.function = 0}};
static const ag_variant PRESENT[] = {
    {.id = "present", .share = 1, .actions = ACTION, .action_count = 1}};
static const ag_variant NODE_VARIANTS[] = {
    {.id = "rplnd-both",
     .names = {TEXTS("full template"), TEXTS("plantilla completa")},
     .share = 1,
     .when = BOTH_SIDES,
     .when_count = 1}};

static const ag_cause CAUSES[SMALL_CAUSES] = {
    [TAMSULOSIN] = {.id = "tamsulosin",
                    .names = {TEXTS("tamsulosin", "Flomax", "Omnic"), TEXTS("tamsulosina")},
                    .codes = CODES({AG_CODE_RXNORM, "863669"}, {AG_CODE_ATC, "G04CA02"}),
                    .kind = AG_CAUSE_MEDICINE,
                    .attributes = DOSE,
                    .attribute_count = 1,
                    .variants = PRESENT,
                    .variant_count = 1},
    [DUTASTERIDE] = {.id = "dutasteride",
                     .names = {TEXTS("dutasteride", "Avodart"), TEXTS("dutasterida")},
                     .codes = CODES({AG_CODE_RXNORM, "351172"}),
                     .kind = AG_CAUSE_MEDICINE,
                     .attributes = DOSE,
                     .attribute_count = 1,
                     .variants = PRESENT,
                     .variant_count = 1},
    [DIABETES_1] = {.id = "diabetes-type-1",
                    .names = {TEXTS("type 1 diabetes", "diabetes mellitus type 1"),
                              TEXTS("diabetes tipo 1")},
                    .codes = CODES({AG_CODE_ICD10CM, "E10*"}, {AG_CODE_SNOMED, "46635009"}),
                    .kind = AG_CAUSE_DISEASE,
                    .variants = PRESENT,
                    .variant_count = 1,
                    .excludes = INDICES(DIABETES_2)},
    [DIABETES_2] = {.id = "diabetes-type-2",
                    .names = {TEXTS("type 2 diabetes", "diabetes", "diabetes mellitus type 2"),
                              TEXTS("diabetes tipo 2")},
                    .codes = CODES({AG_CODE_ICD10CM, "E11*"}, {AG_CODE_SNOMED, "44054006"}),
                    .kind = AG_CAUSE_DISEASE,
                    .variants = PRESENT,
                    .variant_count = 1},
    [TURP] = {.id = "turp",
              .names = {TEXTS("TURP", "transurethral resection of the prostate"),
                        TEXTS("RTU de próstata", "RTUP")},
              .codes = CODES({AG_CODE_SNOMED, "90199006"}),
              .kind = AG_CAUSE_OPERATION,
              .variants = PRESENT,
              .variant_count = 1},
    [VASECTOMY] = {.id = "vasectomy",
                   .names = {TEXTS("vasectomy"), TEXTS("vasectomía")},
                   .codes = CODES({AG_CODE_SNOMED, "22523008"}),
                   .kind = AG_CAUSE_OPERATION,
                   .variants = PRESENT,
                   .variant_count = 1},
    [CORD_INJURY] = {.id = "spinal-cord-injury",
                     .names = {TEXTS("spinal cord injury", "SCI"), TEXTS("lesión medular")},
                     .kind = AG_CAUSE_INJURY,
                     .attributes = CORD,
                     .attribute_count = 2,
                     .variants = PRESENT,
                     .variant_count = 1},
    [RPLND] = {.id = "rplnd",
               .names = {TEXTS("RPLND", "retroperitoneal lymph node dissection"),
                         TEXTS("linfadenectomía retroperitoneal")},
               .kind = AG_CAUSE_OPERATION,
               .attributes = NODES,
               .attribute_count = 1,
               .variants = NODE_VARIANTS,
               .variant_count = 1},
    [PENECTOMY] = {.id = "genital-removal",
                   .names = {TEXTS("penectomy", "vaginoplasty"), TEXTS("penectomía")},
                   .kind = AG_CAUSE_OPERATION,
                   .safety = true,
                   .outside = true,
                   .variants = PRESENT,
                   .variant_count = 1}};

#define YES_NO .states = TEXTS("no", "yes"), .kind = AG_FINDING
static const ag_variable VARIABLES[SMALL_FINDINGS + 1] = {
    [DRY_ORGASM] = {.id = "dry-orgasm",
                    .names = {TEXTS("dry orgasm", "orgasm without semen"), TEXTS("orgasmo seco")},
                    .codes = CODES({AG_CODE_ICD10CM, "N53.13"}),
                    YES_NO},
    [LOW_VOLUME] = {.id = "low-volume",
                    .names = {TEXTS("low volume", "little semen"), TEXTS("poco semen")},
                    YES_NO},
    [BLOOD] = {.id = "blood-in-semen",
               .names = {TEXTS("blood in semen"), TEXTS("sangre en el semen")},
               YES_NO},
    [URINE_SPERM] = {.id = "urine-sperm",
                     .names = {TEXTS("sperm in urine after orgasm", "urine sperm"),
                               TEXTS("espermatozoides en la orina")},
                     .states = TEXTS("none", "few", "many"),
                     .state_names_es = TEXTS("ninguno", "pocos", "muchos"),
                     .kind = AG_FINDING},
    [SEMEN_VOLUME] = {.id = "semen-volume",
                      .names = {TEXTS("semen volume", "volume"), TEXTS("volumen de semen")},
                      .codes = CODES({AG_CODE_LOINC, "3160-9"}),
                      .kind = AG_FINDING},
    [SEMEN_PH] = {.id = "semen-ph", .names = {TEXTS("semen pH", "pH"), {0}}, .kind = AG_FINDING},
    [TOTAL_SPERM] = {.id = "total-sperm",
                     .names = {TEXTS("total sperm count"), {0}},
                     .kind = AG_FINDING},
    [SETTING] = {.id = "setting",
                 .names = {TEXTS("setting"), {0}},
                 .states = TEXTS("population", "complaint", "fertility-clinic"),
                 .kind = AG_FINDING},
    [VAS_PALPABLE] = {.id = "vas-palpable",
                      .names = {TEXTS("vas palpable", "palpable vas", "vas deferens"), {0}},
                      .states = TEXTS("both", "one", "none"),
                      .kind = AG_FINDING},
    [TESTOSTERONE] = {.id = "testosterone",
                      .names = {TEXTS("testosterone"), {0}},
                      .kind = AG_FINDING},
    [HYPOSPERMIA] = {.id = "hypospermia", .names = {TEXTS("hypospermia"), {0}}, YES_NO},
    [SMALL_FINDINGS] = {.id = "retrograde-complete",
                        .names = {TEXTS("retrograde ejaculation"), TEXTS("eyaculación retrógrada")},
                        .codes = CODES({AG_CODE_ICD10CM, "N53.14"}),
                        .kind = AG_MECHANISM,
                        .states = TEXTS("no", "yes")}};

static const ag_unit ML[] = {{"mL", 1}, {"ml", 1}, {"\xC2\xB5L", 0.001}};
static const ag_unit PLAIN[] = {{"[pH]", 1}, {"1", 1}};
static const ag_unit MILLION[] = {{"10*6", 1}, {"million", 1}, {"1", 1e-6}};
static const ag_unit NMOL[] = {{"nmol/L", 1}, {"ng/dL", 0.0347}};
static const ag_word VOLUME_WORDS[] = {{"absent", 0, 0}, {"low", 0, 1.4}, {"normal", 1.4, 7.6}};
static const ag_word SPERM_WORDS[] = {{"absent", 0, 0}, {"some", 1, 1}, {"numerous", 2, 2}};
static const ag_word VAS_WORDS[] = {{"not palpable", 2, 2}, {"no", 2, 2}, {"yes", 0, 0}};

static const ag_finding FINDINGS[SMALL_FINDINGS] = {
    [DRY_ORGASM] = {.variable = DRY_ORGASM,
                    .kind = AG_FINDING_SYMPTOM,
                    .coarser = INDICES(LOW_VOLUME)},
    [LOW_VOLUME] = {.variable = LOW_VOLUME, .kind = AG_FINDING_SYMPTOM},
    [BLOOD] = {.variable = BLOOD,
               .kind = AG_FINDING_SYMPTOM,
               .absent_names = {TEXTS("semen of usual colour", "semen colour usual"),
                                TEXTS("semen de color normal")}},
    [URINE_SPERM] = {.variable = URINE_SPERM,
                     .kind = AG_FINDING_URINE,
                     .value = AG_VALUE_STATES,
                     .sample = AG_SAMPLE_URINE,
                     .words = SPERM_WORDS,
                     .word_count = 3},
    [SEMEN_VOLUME] = {.variable = SEMEN_VOLUME,
                      .kind = AG_FINDING_SEMEN,
                      .value = AG_VALUE_QUANTITY,
                      .sample = AG_SAMPLE_SEMEN,
                      .unit = "mL",
                      .units = ML,
                      .unit_count = 3,
                      .range_high = 30,
                      .words = VOLUME_WORDS,
                      .word_count = 3,
                      .coarser = INDICES(HYPOSPERMIA)},
    [SEMEN_PH] = {.variable = SEMEN_PH,
                  .kind = AG_FINDING_SEMEN,
                  .value = AG_VALUE_QUANTITY,
                  .sample = AG_SAMPLE_SEMEN,
                  .unit = "[pH]",
                  .units = PLAIN,
                  .unit_count = 2,
                  .range_low = 4,
                  .range_high = 10},
    [TOTAL_SPERM] = {.variable = TOTAL_SPERM,
                     .kind = AG_FINDING_SEMEN,
                     .value = AG_VALUE_QUANTITY,
                     .sample = AG_SAMPLE_SEMEN,
                     .unit = "10*6",
                     .units = MILLION,
                     .unit_count = 3,
                     .range_high = 5000},
    [SETTING] = {.variable = SETTING, .kind = AG_FINDING_SETTING, .value = AG_VALUE_STATES},
    [VAS_PALPABLE] = {.variable = VAS_PALPABLE,
                      .kind = AG_FINDING_EXAMINATION,
                      .value = AG_VALUE_STATES,
                      .words = VAS_WORDS,
                      .word_count = 3},
    [TESTOSTERONE] = {.variable = TESTOSTERONE,
                      .kind = AG_FINDING_HORMONE,
                      .value = AG_VALUE_QUANTITY,
                      .unit = "nmol/L",
                      .units = NMOL,
                      .unit_count = 2,
                      .range_high = 200},
    [HYPOSPERMIA] = {.variable = HYPOSPERMIA, .kind = AG_FINDING_SEMEN, .sample = AG_SAMPLE_SEMEN}};

static const ag_mechanism MECHANISMS[] = {{.variable = SMALL_FINDINGS}};

static const ag_knowledge SMALL = {.version = "small",
                                   .date = "2026-01-01",
                                   .variables = VARIABLES,
                                   .variable_count = SMALL_FINDINGS + 1,
                                   .mechanisms = MECHANISMS,
                                   .mechanism_count = 1,
                                   .findings = FINDINGS,
                                   .finding_count = SMALL_FINDINGS,
                                   .causes = CAUSES,
                                   .cause_count = SMALL_CAUSES};

#endif
