/* Types by name, and what only other versions of FHIR have. */
#include "fhir_type.h"

#include <string.h>

static const struct {
    const char *name;
    size_t length;
    ag_fhir_type type;
} TYPES[] = {
#define AG_FHIR_NAMED_TYPE(name, type) {name, sizeof name - 1, type},
    AG_FHIR_TYPE_LIST(AG_FHIR_NAMED_TYPE)
#undef AG_FHIR_NAMED_TYPE
};

ag_fhir_type ag_fhir_type_named(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (TYPES[i].length == length && memcmp(TYPES[i].name, name, length) == 0)
            return TYPES[i].type;
    return AG_FHIR_OTHER_TYPE;
}

ag_fhir_type ag_fhir_type_of(const ag_json_value *resource) {
    const ag_json_value *name = ag_json_get(resource, "resourceType");
    return ag_json_string(name) != NULL ? ag_fhir_type_named(name->text, name->text_length)
                                        : AG_FHIR_NO_TYPE;
}

/* ---- other versions of FHIR ---- */

static const char OLDER[] = "STU3 or older", NEWER[] = "R5";

/* A member, or one within it, that R4 has not, or not so written. */
typedef struct tell {
    unsigned types; /* in which it tells */
    const char *key;
    size_t length;     /* of the key */
    const char *inner; /* the member within; or NULL */
    unsigned written;  /* as which types of JSON it tells */
    const char *version;
} tell;

enum {
    TEXT = 1 << AG_JSON_STRING,
    LIST = 1 << AG_JSON_ARRAY,
    OBJECT = 1 << AG_JSON_OBJECT,
    ANYHOW = ~0
};

#define IN(type) (1u << AG_FHIR_##type)
#define KEY(key) key, sizeof key - 1
static const tell TELLS[] = {
    {IN(CONDITION) | IN(ALLERGY), KEY("clinicalStatus"), NULL, TEXT, OLDER},
    {IN(CONDITION) | IN(ALLERGY), KEY("verificationStatus"), NULL, TEXT, OLDER},
    {IN(CONDITION) | IN(ALLERGY) | IN(PROCEDURE) | IN(OBSERVATION) | IN(MEDICATION_REQUEST),
     KEY("context"), NULL, OBJECT, OLDER},
    {IN(PROCEDURE), KEY("notDone"), NULL, ANYHOW, OLDER},
    {IN(PROCEDURE), KEY("notPerformed"), NULL, ANYHOW, OLDER},
    {IN(PROCEDURE), KEY("occurrenceDateTime"), NULL, TEXT, NEWER},
    {IN(PROCEDURE), KEY("occurrencePeriod"), NULL, OBJECT, NEWER},
    {IN(MEDICATION_REQUEST), KEY("requester"), "agent", OBJECT, OLDER},
    {IN(MEDICATION_REQUEST) | IN(MEDICATION_DISPENSE), KEY("dosageInstruction"), "doseQuantity",
     ANYHOW, OLDER},
    {IN(MEDICATION_STATEMENT), KEY("wasNotTaken"), NULL, ANYHOW, OLDER},
    {IN(MEDICATION_STATEMENT), KEY("taken"), NULL, ANYHOW, OLDER},
    {IN(MEDICATION_REQUEST) | IN(MEDICATION_STATEMENT) | IN(MEDICATION_DISPENSE) |
         IN(MEDICATION_ADMINISTRATION),
     KEY("medication"), NULL, OBJECT, NEWER},
    {IN(SERVICE_REQUEST), KEY("code"), "concept", OBJECT, NEWER},
    {IN(ENCOUNTER), KEY("class"), NULL, TEXT, OLDER},
    {IN(ENCOUNTER), KEY("class"), NULL, LIST, NEWER},
};

static bool tells(const tell *t, const ag_json_value *resource) {
    const ag_json_value *member = ag_json_member(resource, t->key, t->length);
    if (member != NULL && t->inner != NULL)
        member = ag_json_get(ag_json_items(member), t->inner);
    return member != NULL && (t->written >> member->type & 1) != 0;
}

const char *ag_fhir_other_version(const ag_json_value *resource, ag_fhir_type type) {
    if (type == AG_FHIR_OLDER_TYPE || type == AG_FHIR_NEWER_TYPE)
        return type == AG_FHIR_OLDER_TYPE ? OLDER : NEWER;
    for (size_t i = 0; i < sizeof TELLS / sizeof TELLS[0]; i++)
        if ((TELLS[i].types >> type & 1) != 0 && tells(&TELLS[i], resource))
            return TELLS[i].version;
    return NULL;
}
